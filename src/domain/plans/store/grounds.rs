//! What a plan is held against: boundaries in force, buildings, and what stands where.

use std::cmp::Ordering;

use geo::{LineString, MultiPolygon};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::duties;
use crate::domain::enterprises::HazardClass;
use crate::domain::grids::GridKind;
use crate::domain::plans::proposing::land::Surveyed;
use crate::domain::plans::start::Known;
use crate::domain::plans::unit::{Thing, Unit, gather};
use crate::kernel::geometry::Wgs84;
use crate::platform::code::VillageCode;
use crate::platform::database::geometry::{line_string, multi_polygon};
use crate::platform::problem::Problem;

/// How far around a village its roads and waters are of interest, in degrees: about a hundred metres.
const AROUND_DEGREES: f64 = 0.001;

/// The grids of the plan published last, and the plan; the boundaries that are in force until another is published.
pub(in crate::domain::plans) async fn published_grids(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<(Option<Uuid>, Vec<Known>), Problem> {
    let rows = sqlx::query!(
        r#"SELECT b.plan_id, b.grid_code, g.name, g.kind AS "kind: GridKind", ST_AsBinary(b.geom) AS "geometry!"
             FROM grid_boundaries b JOIN grids g ON g.code = b.grid_code
            WHERE b.valid IS NOT NULL AND upper(b.valid) IS NULL AND starts_with(b.grid_code, $1)
            ORDER BY b.grid_code"#,
        village.as_str()
    )
    .fetch_all(connection)
    .await?;
    let plan = rows.first().map(|row| row.plan_id);
    let grids = rows.into_iter().map(|row| known(&row.grid_code, row.name, row.kind, &row.geometry));
    Ok((plan, grids.collect::<Result<_, Problem>>()?))
}

/// The grids of a plan as it was published.
pub(in crate::domain::plans) async fn grids_published_by(
    connection: &mut PgConnection,
    plan: Uuid,
) -> Result<Vec<Known>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT b.grid_code, g.name, g.kind AS "kind: GridKind", ST_AsBinary(b.geom) AS "geometry!"
             FROM grid_boundaries b JOIN grids g ON g.code = b.grid_code
            WHERE b.plan_id = $1 ORDER BY b.grid_code"#,
        plan
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| known(&row.grid_code, row.name, row.kind, &row.geometry)).collect()
}

fn known(code: &str, name: String, kind: GridKind, shape: &[u8]) -> Result<Known, Problem> {
    let code = code.parse().map_err(|error| Problem::internal(&error))?;
    let shape = multi_polygon(shape).map_err(|error| Problem::internal(&error))?;
    Ok((code, Some(name), Some(kind), shape))
}

/// The highest number that a grid of the village has, or had.
pub(in crate::domain::plans) async fn highest_number(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<u16, Problem> {
    let number = sqlx::query_scalar!(
        r#"SELECT coalesce(max(right(code, 3)::int), 0) AS "number!" FROM grids WHERE village_code = $1"#,
        village.as_str()
    )
    .fetch_one(connection)
    .await?;
    Ok(u16::try_from(number).unwrap_or(0))
}

/// What stands where in the village, open cases among it.
pub(in crate::domain::plans) async fn units(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Vec<Unit>, Problem> {
    let rows = sqlx::query!(
        r#"SELECT kind AS "kind!", ST_X(at) AS "lon!", ST_Y(at) AS "lat!", people AS "people!",
                  special_care AS "special_care!", hazard_class AS "hazard_class: HazardClass", severity
             FROM planning_units($1)"#,
        village.as_str()
    )
    .fetch_all(&mut *connection)
    .await?;
    let (book, place) = (duties::book(connection, village.as_str()).await?, village.place());
    let things = rows.into_iter().filter_map(|row| {
        let thing = match (row.kind.as_str(), row.hazard_class, row.severity) {
            ("household", ..) => Thing::Household { people: row.people, special_care: row.special_care },
            ("enterprise", Some(class), _) => Thing::Enterprise(class),
            ("hazard", _, Some(severity)) => Thing::Hazard(severity),
            ("case", ..) => Thing::Case,
            _ => return None,
        };
        Some((Wgs84::new(row.lon, row.lat).ok()?, thing))
    });
    Ok(gather(things, |kind, of| book.monthly(&place, kind, of)))
}

/// Everything that stands and runs in the village.
pub(in crate::domain::plans) async fn survey(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Surveyed, Problem> {
    let mut surveyed = Surveyed {
        units: units(connection, village).await?,
        buildings: buildings(connection, village).await?,
        ..Surveyed::default()
    };
    let rows = sqlx::query!(
        r#"WITH here AS (SELECT ST_Expand(geom, $2) AS geom FROM areas WHERE code = $1)
           SELECT 'road' AS "kind!", ST_AsBinary(r.geom) AS "line!" FROM here, roads r WHERE r.geom && here.geom
           UNION ALL
           SELECT w.kind, ST_AsBinary((ST_Dump(CASE WHEN ST_Dimension(w.geom) = 2 THEN ST_Boundary(w.geom) ELSE w.geom END)).geom)
             FROM here, water w WHERE w.geom && here.geom"#,
        village.as_str(),
        AROUND_DEGREES
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let line = line_string(&row.line).map_err(|error| Problem::internal(&error))?;
        match row.kind.as_str() {
            "road" => surveyed.roads.push(line),
            "ditch" => surveyed.ditches.push(line),
            _ => surveyed.shores.push(line),
        }
    }
    // In an order of their own, so that the same village makes the same question.
    for lines in [&mut surveyed.roads, &mut surveyed.ditches, &mut surveyed.shores] {
        lines.sort_by(|a, b| {
            let key = |line: &LineString<f64>| line.0.iter().map(|c| [c.x, c.y]).collect::<Vec<_>>();
            key(a).partial_cmp(&key(b)).unwrap_or(Ordering::Equal)
        });
    }
    Ok(surveyed)
}

/// The outlines of the village's buildings.
async fn buildings(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Vec<MultiPolygon<f64>>, Problem> {
    sqlx::query_scalar!(
        r#"SELECT ST_AsBinary(b.geom) AS "geometry!" FROM buildings b
            WHERE starts_with(b.place_code, $1) OR b.geom && (SELECT a.geom FROM areas a WHERE a.code = $1)
            ORDER BY b.code"#,
        village.as_str()
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|bytes| multi_polygon(&bytes).map_err(|error| Problem::internal(&error)))
    .collect()
}
