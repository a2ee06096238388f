//! All SQL that searches.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::model::{Found, FoundKind};
use crate::platform::http::Sought;

/// The best of what contains the letters that are `sought`.
pub(super) async fn search(
    connection: &mut PgConnection,
    sought: &Sought,
    today: NaiveDate,
) -> Result<Vec<Found>, sqlx::Error> {
    let rows = sqlx::query_file!(
        "src/domain/search/search.sql",
        sought.containing(),
        sought.text(),
        sought.starting(),
        today
    )
    .fetch_all(connection)
    .await?;
    let found = rows.into_iter().map(|row| Found {
        kind: row.kind,
        id: row.id,
        code: row.code,
        label: row.label,
        sublabel: row.sublabel,
        at: [row.lon, row.lat],
        bbox: row.bbox.and_then(|bbox| bbox.try_into().ok()),
    });
    Ok(found.collect())
}
