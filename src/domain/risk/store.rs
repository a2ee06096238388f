//! All SQL about risk.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::question::Question;
use crate::domain::hazards::HazardKind;
use crate::domain::reports::{ReportKind, Status};
use crate::platform::problem::Problem;

/// What a density needs to know of a report.
pub(super) struct Happening {
    pub(super) lon: f64,
    pub(super) lat: f64,
    pub(super) severity: i16,
    pub(super) status: Status,
    pub(super) happened_at: DateTime<Utc>,
}

/// A report near a place.
pub(super) struct Nearby {
    pub(super) id: Uuid,
    pub(super) kind: ReportKind,
    pub(super) hazard_kind: Option<HazardKind>,
    pub(super) happening: Happening,
}

/// The reports a question is about, within the transaction's scope, in the order of their ids.
///
/// Reports that the caller filed outside their scope, which they may otherwise follow, are left out: what is
/// remembered of the answer is shared by everybody of the same role and scope.
pub(super) async fn happenings(
    connection: &mut PgConnection,
    question: &Question,
) -> Result<Vec<Happening>, Problem> {
    let happenings = sqlx::query_file_as!(
        Happening,
        "src/domain/risk/store/happenings.sql",
        &question.subject_keys(),
        question.from,
        question.to,
        question.severities.as_deref(),
        question.statuses.as_deref()
    )
    .fetch_all(connection)
    .await?;
    Ok(happenings)
}

/// Those of them that lie within so many metres of a place.
pub(super) async fn nearby(
    connection: &mut PgConnection,
    question: &Question,
    (lon, lat): (f64, f64),
    radius_m: f64,
) -> Result<Vec<Nearby>, Problem> {
    let rows = sqlx::query_file!(
        "src/domain/risk/store/nearby.sql",
        &question.subject_keys(),
        question.from,
        question.to,
        question.severities.as_deref(),
        question.statuses.as_deref(),
        lon,
        lat,
        radius_m
    )
    .fetch_all(connection)
    .await?;
    let nearby = rows.into_iter().map(|row| Nearby {
        id: row.id,
        kind: row.kind,
        hazard_kind: row.hazard_kind,
        happening: Happening {
            lon: row.lon,
            lat: row.lat,
            severity: row.severity,
            status: row.status,
            happened_at: row.happened_at,
        },
    });
    Ok(nearby.collect())
}
