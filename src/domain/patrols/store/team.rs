//! All SQL about who can be sent.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::patrols::team::{Busy, Candidate};
use crate::platform::accounts::{Department, Role};
use crate::platform::code::PlaceCode;

/// Everybody who walks, as far as the caller knows them; without their shifts.
pub(in crate::domain::patrols) async fn walkers(
    connection: &mut PgConnection,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, display_name, role AS "role: Role", scope_code AS "scope_code: PlaceCode",
                  department AS "department: Department"
             FROM accounts
            WHERE disabled_at IS NULL AND role IN ('grid_member', 'grid_chief', 'inspector')
            ORDER BY scope_code, display_name, id"#
    )
    .fetch_all(connection)
    .await?;
    let candidates = rows.into_iter().map(|row| Candidate {
        id: row.id,
        display_name: row.display_name,
        role: row.role,
        place_code: row.scope_code,
        department: row.department,
        busy: Vec::new(),
    });
    Ok(candidates.collect())
}

/// The shifts of a day, of those whose shifts are the caller's business.
pub(in crate::domain::patrols) async fn shifts(
    connection: &mut PgConnection,
    date: NaiveDate,
) -> Result<Vec<(Uuid, Busy)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT worker_id AS "worker_id!", shift_from AS "from!", shift_to AS "to!"
             FROM shifts_of_walkers($1) ORDER BY shift_from, shift_to"#,
        date
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.worker_id, Busy { from: row.from, to: row.to })).collect())
}
