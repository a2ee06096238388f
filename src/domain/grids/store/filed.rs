//! What stands in a village, and where it is filed.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::platform::code::VillageCode;
use crate::platform::problem::Problem;

/// Something that stands in a village, and where it is filed.
pub(in crate::domain::grids) struct Filed {
    pub(in crate::domain::grids) id: Uuid,
    pub(in crate::domain::grids) lon: f64,
    pub(in crate::domain::grids) lat: f64,
    pub(in crate::domain::grids) place_code: String,
}

/// The tables whose rows are filed under the grid they stand in.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain::grids) enum Shelf {
    Households,
    Enterprises,
    Hazards,
    Buildings,
}

impl Shelf {
    pub(in crate::domain::grids) const ALL: [Self; 4] =
        [Self::Households, Self::Enterprises, Self::Hazards, Self::Buildings];

    /// What calls at its rows are calls at.
    const fn target(self) -> Option<&'static str> {
        match self {
            Self::Households => Some("household"),
            Self::Enterprises => Some("enterprise"),
            Self::Hazards => Some("hazard"),
            Self::Buildings => None,
        }
    }

    /// The layer drawn from it.
    pub(in crate::domain::grids) const fn layer(self) -> &'static str {
        match self {
            Self::Households => "households",
            Self::Enterprises => "enterprises",
            Self::Hazards => "hazards",
            Self::Buildings => "buildings",
        }
    }
}

/// Everything on a shelf that stands within the village's outline or is filed under it.
pub(in crate::domain::grids) async fn filed(
    connection: &mut PgConnection,
    shelf: Shelf,
    village: &VillageCode,
) -> Result<Vec<Filed>, sqlx::Error> {
    macro_rules! read {
        ($query:literal) => {
            sqlx::query_as!(Filed, $query, village.as_str()).fetch_all(connection).await
        };
    }
    match shelf {
        Shelf::Households => read!(
            r#"SELECT id, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", place_code FROM households
                WHERE starts_with(place_code, $1) OR geom && (SELECT a.geom FROM areas a WHERE a.code = $1)"#
        ),
        Shelf::Enterprises => read!(
            r#"SELECT id, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", place_code FROM enterprises
                WHERE starts_with(place_code, $1) OR geom && (SELECT a.geom FROM areas a WHERE a.code = $1)"#
        ),
        Shelf::Hazards => read!(
            r#"SELECT id, ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", place_code FROM hazards
                WHERE starts_with(place_code, $1) OR geom && (SELECT a.geom FROM areas a WHERE a.code = $1)"#
        ),
        Shelf::Buildings => read!(
            r#"SELECT b.id, ST_X(p.at) AS "lon!", ST_Y(p.at) AS "lat!", b.place_code
                 FROM buildings b, ST_PointOnSurface(b.geom) AS p (at)
                WHERE starts_with(b.place_code, $1) OR b.geom && (SELECT a.geom FROM areas a WHERE a.code = $1)"#
        ),
    }
}

/// Files rows of a shelf under other places.
pub(in crate::domain::grids) async fn file(
    connection: &mut PgConnection,
    shelf: Shelf,
    ids: &[Uuid],
    places: &[String],
) -> Result<(), sqlx::Error> {
    macro_rules! write {
        ($query:literal) => {
            sqlx::query!($query, ids, places).execute(connection).await.map(|_| ())
        };
    }
    match shelf {
        Shelf::Households => write!(
            "UPDATE households t SET place_code = m.place, version = version + 1, updated_at = now()
               FROM unnest($1::uuid[], $2::text[]) AS m (id, place) WHERE t.id = m.id"
        ),
        Shelf::Enterprises => write!(
            "UPDATE enterprises t SET place_code = m.place, version = version + 1, updated_at = now()
               FROM unnest($1::uuid[], $2::text[]) AS m (id, place) WHERE t.id = m.id"
        ),
        Shelf::Hazards => write!(
            "UPDATE hazards t SET place_code = m.place, version = version + 1, updated_at = now()
               FROM unnest($1::uuid[], $2::text[]) AS m (id, place) WHERE t.id = m.id"
        ),
        Shelf::Buildings => write!(
            "UPDATE buildings t SET place_code = m.place, updated_at = now()
               FROM unnest($1::uuid[], $2::text[]) AS m (id, place) WHERE t.id = m.id"
        ),
    }
}

/// Villages of which a boundary begins in the days up to `date`, back to `since`.
pub(in crate::domain::grids) async fn villages_with_new_boundaries(
    connection: &mut PgConnection,
    since: NaiveDate,
    date: NaiveDate,
) -> Result<Vec<VillageCode>, Problem> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT left(grid_code, 12) AS "village!" FROM grid_boundaries
            WHERE lower(valid) BETWEEN $1 AND $2 ORDER BY 1"#,
        since,
        date
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|village| village.parse().map_err(|error| Problem::internal(&error)))
    .collect()
}

/// Whether the plan in force in the village on `date` says that open cases go with the place.
pub(in crate::domain::grids) async fn cases_follow(
    connection: &mut PgConnection,
    village: &VillageCode,
    date: NaiveDate,
) -> Result<bool, Problem> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM boundary_plans p JOIN grid_boundaries b ON b.plan_id = p.id
            WHERE p.village_code = $1 AND p.handover = 'follow' AND b.valid @> $2::date) AS "follow!""#,
        village.as_str(),
        date
    )
    .fetch_one(connection)
    .await?)
}

/// Whether the plan in force in the village on `date` says that the next calls stay with whoever has them.
pub(in crate::domain::grids) async fn calls_stay(
    connection: &mut PgConnection,
    village: &VillageCode,
    date: NaiveDate,
) -> Result<bool, Problem> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM boundary_plans p JOIN grid_boundaries b ON b.plan_id = p.id
            WHERE p.village_code = $1 AND p.duty_handover = 'stay' AND b.valid @> $2::date) AS "stay!""#,
        village.as_str(),
        date
    )
    .fetch_one(connection)
    .await?)
}

/// Writes down who keeps the next calls at places that have just been filed elsewhere, or strikes out who kept them where
/// calls go with the place. Only calls of a grid are kept; whoever kept one already keeps it.
pub(in crate::domain::grids) async fn keep_calls(
    connection: &mut PgConnection,
    shelf: Shelf,
    ids: &[Uuid],
    keepers: &[String],
    places: &[String],
    date: Option<NaiveDate>,
) -> Result<(), Problem> {
    let Some(kind) = shelf.target() else { return Ok(()) };
    let Some(date) = date else {
        sqlx::query!("DELETE FROM kept_calls WHERE target_kind = $1 AND target_id = ANY ($2)", kind, ids)
            .execute(connection)
            .await?;
        return Ok(());
    };
    // What comes back to its keeper is kept from nobody any more.
    sqlx::query!(
        "DELETE FROM kept_calls k USING unnest($2::uuid[], $3::text[]) AS m (id, place)
          WHERE k.target_kind = $1 AND k.target_id = m.id AND k.keeper_code = m.place",
        kind,
        ids,
        places
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO kept_calls AS k (target_kind, target_id, place_code, keeper_code, since)
         SELECT $1, m.id, m.place, m.keeper, $5
           FROM unnest($2::uuid[], $3::text[], $4::text[]) AS m (id, keeper, place)
          WHERE length(m.keeper) = 15 AND m.keeper <> m.place
         ON CONFLICT (target_kind, target_id) DO UPDATE SET place_code = excluded.place_code
          WHERE k.keeper_code <> excluded.place_code",
        kind,
        ids,
        keepers,
        places,
        date
    )
    .execute(connection)
    .await?;
    Ok(())
}
