//! All SQL about risk.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::Question;
use crate::platform::problem::Problem;

/// What a density needs to know of a report.
pub(super) struct Happening {
    pub(super) lon: f64,
    pub(super) lat: f64,
    pub(super) severity: i16,
    pub(super) happened_at: DateTime<Utc>,
}

/// The reports a question is about, within the transaction's scope, in the order of their ids.
///
/// Reports that the caller filed outside their scope, which they may otherwise follow, are left out: what is
/// remembered of the answer is shared by everybody of the same role and scope.
pub(super) async fn happenings(
    connection: &mut PgConnection,
    question: &Question,
) -> Result<Vec<Happening>, Problem> {
    let subjects: Vec<String> = question.subjects.iter().map(|subject| subject.key().to_owned()).collect();
    let happenings = sqlx::query_as!(
        Happening,
        r#"SELECT ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", severity, happened_at
             FROM reports
            WHERE in_scope(place_code) AND reads_reports_of(kind)
              AND (cardinality($1::text[]) = 0 OR kind = ANY ($1) OR hazard_kind = ANY ($1))
              AND ($2::timestamptz IS NULL OR happened_at >= $2)
              AND ($3::timestamptz IS NULL OR happened_at < $3)
            ORDER BY id"#,
        &subjects,
        question.from,
        question.to
    )
    .fetch_all(connection)
    .await?;
    Ok(happenings)
}
