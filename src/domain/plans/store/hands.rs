//! What changes hands: the village's households, enterprises and open reports as the caller may read them, and who is
//! responsible for which grid.

use sqlx::PgConnection;

use crate::domain::plans::compare::{GridMembers, Placed};
use crate::platform::code::VillageCode;
use crate::platform::problem::Problem;

macro_rules! read_placed {
    ($query:literal, $connection:expr, $village:expr) => {{
        let rows = sqlx::query!($query, $village.as_str()).fetch_all($connection).await?;
        rows.into_iter().map(|row| Placed { id: row.id, label: row.label, at: [row.lon, row.lat] }).collect()
    }};
}

/// The village's households.
pub(in crate::domain::plans) async fn households(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Vec<Placed>, Problem> {
    Ok(read_placed!(
        r#"SELECT id, address AS label, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!" FROM households
            WHERE starts_with(place_code, $1) ORDER BY code"#,
        connection,
        village
    ))
}

/// The village's enterprises that have not closed.
pub(in crate::domain::plans) async fn enterprises(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Vec<Placed>, Problem> {
    Ok(read_placed!(
        r#"SELECT id, name AS label, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!" FROM enterprises
            WHERE starts_with(place_code, $1) AND status <> 'closed' ORDER BY code"#,
        connection,
        village
    ))
}

/// The village's reports that are neither resolved nor closed.
pub(in crate::domain::plans) async fn open_cases(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Vec<Placed>, Problem> {
    Ok(read_placed!(
        r#"SELECT id, left(words, 60) AS "label!", ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!" FROM reports
            WHERE starts_with(place_code, $1) AND status NOT IN ('resolved', 'closed')
            ORDER BY happened_at DESC, id"#,
        connection,
        village
    ))
}

/// The grid members of the village.
pub(in crate::domain::plans) async fn members(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Vec<GridMembers>, Problem> {
    sqlx::query!(
        r#"SELECT scope_code, array_agg(display_name ORDER BY display_name) AS "names!" FROM accounts
            WHERE role = 'grid_member' AND disabled_at IS NULL AND starts_with(scope_code, $1)
            GROUP BY scope_code ORDER BY scope_code"#,
        village.as_str()
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        let code = row.scope_code.parse().map_err(|error| Problem::internal(&error))?;
        Ok(GridMembers { code, names: row.names })
    })
    .collect()
}
