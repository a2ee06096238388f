//! From one state of a plan to the next.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::plans::model::PlanStatus;
use crate::platform::problem::Problem;

/// What somebody decided about a plan.
pub(in crate::domain::plans) struct Decision {
    pub(in crate::domain::plans) id: Uuid,
    pub(in crate::domain::plans) version: i32,
    pub(in crate::domain::plans) status: PlanStatus,
    pub(in crate::domain::plans) account: Uuid,
    pub(in crate::domain::plans) note: Option<String>,
    pub(in crate::domain::plans) now: DateTime<Utc>,
}

/// Brings a plan to a state if it still has its version; false when it has not.
pub(in crate::domain::plans) async fn decide(
    connection: &mut PgConnection,
    decision: &Decision,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "UPDATE boundary_plans
            SET status = $3, version = version + 1, updated_at = $5,
                submitted_by = CASE WHEN $3 = 'submitted' THEN $4 ELSE submitted_by END,
                submitted_at = CASE WHEN $3 = 'submitted' THEN $5 ELSE submitted_at END,
                decided_by = CASE WHEN $3 = 'submitted' THEN NULL ELSE $4 END,
                decided_at = CASE WHEN $3 = 'submitted' THEN NULL ELSE $5 END,
                decision_note = CASE WHEN $3 = 'submitted' THEN NULL ELSE $6 END
          WHERE id = $1 AND version = $2",
        decision.id,
        decision.version,
        decision.status.key(),
        decision.account,
        decision.now,
        decision.note
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
