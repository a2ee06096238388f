//! Plans without their drawings.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::plans::model::{Handover, Head, Person, PlanStatus, SizeRule};
use crate::platform::code::VillageCode;
use crate::platform::problem::Problem;

struct Row {
    id: Uuid,
    village_code: String,
    village_name: String,
    name: String,
    status: PlanStatus,
    base_plan_id: Option<Uuid>,
    base_superseded: bool,
    effective_from: Option<NaiveDate>,
    notice: Option<String>,
    handover: Option<Handover>,
    duty_handover: Option<Handover>,
    least_households: Option<i32>,
    most_households: Option<i32>,
    enterprise_weight: Option<f32>,
    village_kind: String,
    created_by: Option<Uuid>,
    created_by_name: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    decided_by: Option<Uuid>,
    decided_by_name: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    decision_note: Option<String>,
    published_at: Option<DateTime<Utc>>,
    version: i32,
}

impl TryFrom<Row> for Head {
    type Error = Problem;

    fn try_from(row: Row) -> Result<Self, Problem> {
        let usual = if row.village_kind == "community" { SizeRule::TOWN } else { SizeRule::COUNTRY };
        let person = |id: Option<Uuid>, name: Option<String>| {
            id.map(|id| Person { id, display_name: name.unwrap_or_default() })
        };
        Ok(Self {
            id: row.id,
            village_code: row.village_code.parse().map_err(|error| Problem::internal(&error))?,
            village_name: row.village_name,
            name: row.name,
            status: row.status,
            base_plan_id: row.base_plan_id,
            base_superseded: row.base_superseded,
            effective_from: row.effective_from,
            notice: row.notice,
            handover: row.handover,
            duty_handover: row.duty_handover.unwrap_or(Handover::Follow),
            size: SizeRule {
                least_households: row.least_households.unwrap_or(usual.least_households),
                most_households: row.most_households.unwrap_or(usual.most_households),
                enterprise_weight: row.enterprise_weight.unwrap_or(usual.enterprise_weight),
            },
            created_by: person(row.created_by, row.created_by_name),
            created_at: row.created_at,
            updated_at: row.updated_at,
            submitted_at: row.submitted_at,
            decided_by: person(row.decided_by, row.decided_by_name),
            decided_at: row.decided_at,
            decision_note: row.decision_note,
            published_at: row.published_at,
            version: row.version,
        })
    }
}

macro_rules! read_heads {
    ($conditions:literal $(, $parameter:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT p.id, p.village_code, v.name AS village_name, p.name, p.status AS "status: PlanStatus",
                      p.base_plan_id, p.effective_from, p.notice, p.handover AS "handover: Handover",
                      p.duty_handover AS "duty_handover: Handover",
                      (p.status IN ('draft', 'submitted', 'approved') AND l.id IS DISTINCT FROM p.base_plan_id)
                          AS "base_superseded!",
                      p.least_households, p.most_households, p.enterprise_weight, v.kind AS village_kind,
                      p.created_by, c.display_name AS "created_by_name?", p.created_at, p.updated_at,
                      p.submitted_at, p.decided_by, d.display_name AS "decided_by_name?", p.decided_at,
                      p.decision_note, p.published_at, p.version
                 FROM boundary_plans p
                 JOIN areas v ON v.code = p.village_code
                 LEFT JOIN accounts c ON c.id = p.created_by
                 LEFT JOIN accounts d ON d.id = p.decided_by
                 LEFT JOIN LATERAL (
                      SELECT b.plan_id AS id FROM grid_boundaries b
                       WHERE b.valid IS NOT NULL AND upper(b.valid) IS NULL AND starts_with(b.grid_code, p.village_code)
                       LIMIT 1) l ON true
                WHERE "# + $conditions
            $(, $parameter)*
        )
    };
}

/// One plan, if the caller may see it.
pub(in crate::domain::plans) async fn head(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Head>, Problem> {
    read_heads!("p.id = $1 AND p.status <> 'discarded'", id)
        .fetch_optional(connection)
        .await?
        .map(Head::try_from)
        .transpose()
}

/// The plans of a village, or of all villages within a place, the newest first.
pub(in crate::domain::plans) async fn heads(
    connection: &mut PgConnection,
    within: &str,
    status: Option<PlanStatus>,
) -> Result<Vec<Head>, Problem> {
    read_heads!(
        "p.village_code >= $1 AND p.village_code < $1 || ':' AND p.status <> 'discarded' \
         AND ($2::text IS NULL OR p.status = $2) ORDER BY p.created_at DESC, p.id DESC LIMIT 500",
        within,
        status.map(PlanStatus::key)
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(Head::try_from)
    .collect()
}

/// A draft to be begun.
pub(in crate::domain::plans) struct NewPlan<'a> {
    pub(in crate::domain::plans) id: Uuid,
    pub(in crate::domain::plans) village: &'a VillageCode,
    pub(in crate::domain::plans) name: &'a str,
    pub(in crate::domain::plans) base: Option<Uuid>,
    pub(in crate::domain::plans) account: Uuid,
    pub(in crate::domain::plans) now: DateTime<Utc>,
}

/// Begins a draft; false when a plan has that id.
pub(in crate::domain::plans) async fn insert(
    connection: &mut PgConnection,
    plan: &NewPlan<'_>,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "INSERT INTO boundary_plans (id, village_code, name, base_plan_id, created_by, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (id) DO NOTHING",
        plan.id,
        plan.village.as_str(),
        plan.name,
        plan.base,
        plan.account,
        plan.now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes hold of a draft that still has `version` and raises it; false when it has not, or is no draft any more.
pub(in crate::domain::plans) async fn touch(
    connection: &mut PgConnection,
    id: Uuid,
    version: i32,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "UPDATE boundary_plans SET version = version + 1, updated_at = $3
          WHERE id = $1 AND version = $2 AND status = 'draft'",
        id,
        version,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what can be said about a draft beside its drawing.
pub(in crate::domain::plans) async fn change(
    connection: &mut PgConnection,
    head: &Head,
) -> Result<(), Problem> {
    sqlx::query!(
        "UPDATE boundary_plans SET name = $2, effective_from = $3, notice = $4, handover = $5, least_households = $6,
                most_households = $7, enterprise_weight = $8, duty_handover = $9
          WHERE id = $1",
        head.id,
        head.name,
        head.effective_from,
        head.notice,
        head.handover.map(Handover::key),
        head.size.least_households,
        head.size.most_households,
        head.size.enterprise_weight,
        head.duty_handover.key()
    )
    .execute(connection)
    .await?;
    Ok(())
}
