//! Boundary plans.

use chrono::NaiveDate;
use geo::MultiPolygon;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::grids::drawing::DrawnGrids;
use crate::domain::grids::model::GridKind;
use crate::domain::grids::publish::Published;
use crate::platform::code::{GridCode, VillageCode};
use crate::platform::database::geometry::{multi_polygon, to_wkb};
use crate::platform::problem::Problem;

/// Neighbours are looked for this far around a village, in degrees: some metres, more than any tolerance.
const MARGIN_DEGREES: f64 = 0.0001;

/// Makes other plans of the village wait until this transaction has ended.
pub(in crate::domain::grids) async fn lock_village(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<(), Problem> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('boundary plan ' || $1, 0))",
        village.as_str()
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// The village's outline, where it is known; nothing when there is no such village.
pub(in crate::domain::grids) async fn village_outline(
    connection: &mut PgConnection,
    village: &VillageCode,
) -> Result<Option<Option<MultiPolygon<f64>>>, Problem> {
    let row =
        sqlx::query!("SELECT ST_AsBinary(geom) AS geometry FROM areas WHERE code = $1", village.as_str())
            .fetch_optional(connection)
            .await?;
    let outline = |bytes: Vec<u8>| multi_polygon(&bytes).map_err(|error| Problem::internal(&error));
    row.map(|row| row.geometry.map(outline).transpose()).transpose()
}

/// The grids of other villages in force on `date` around the village.
pub(in crate::domain::grids) async fn neighbours(
    connection: &mut PgConnection,
    village: &VillageCode,
    date: NaiveDate,
) -> Result<Vec<(GridCode, MultiPolygon<f64>)>, Problem> {
    sqlx::query!(
        r#"SELECT b.grid_code, ST_AsBinary(b.geom) AS "geometry!"
             FROM grid_boundaries b JOIN areas v ON v.code = $1
            WHERE b.valid @> $2::date AND NOT starts_with(b.grid_code, $1)
              AND b.geom && ST_Expand(v.geom, $3)
            ORDER BY b.grid_code"#,
        village.as_str(),
        date,
        MARGIN_DEGREES
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        let code = row.grid_code.parse().map_err(|error| Problem::internal(&error))?;
        Ok((code, multi_polygon(&row.geometry).map_err(|error| Problem::internal(&error))?))
    })
    .collect()
}

/// Whether the village has boundaries of any date, and the date on which the latest that have begun by `today` did.
pub(in crate::domain::grids) async fn latest_begun(
    connection: &mut PgConnection,
    village: &VillageCode,
    today: NaiveDate,
) -> Result<(bool, Option<NaiveDate>), Problem> {
    let row = sqlx::query!(
        r#"SELECT count(*) > 0 AS "any!", max(lower(valid)) FILTER (WHERE lower(valid) <= $2) AS begun
             FROM grid_boundaries WHERE valid IS NOT NULL AND starts_with(grid_code, $1)"#,
        village.as_str(),
        today
    )
    .fetch_one(connection)
    .await?;
    Ok((row.any, row.begun))
}

/// Writes down the plan.
pub(in crate::domain::grids) async fn insert_plan(
    connection: &mut PgConnection,
    plan: &Published,
    account: Option<Uuid>,
) -> Result<(), Problem> {
    sqlx::query!(
        "INSERT INTO boundary_plans (id, village_code, name, status, effective_from, created_by, created_at, published_at)
         VALUES ($1, $2, $3, 'published', $4, $5, $6, $6)",
        plan.id,
        plan.village_code.as_str(),
        plan.name,
        plan.effective_from,
        account,
        plan.published_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Publishes a plan that was drawn and approved; false when it is not approved any more.
pub(in crate::domain::grids) async fn publish_approved(
    connection: &mut PgConnection,
    plan: &Published,
) -> Result<bool, Problem> {
    let done = sqlx::query!(
        "UPDATE boundary_plans
            SET status = 'published', published_at = $3, updated_at = $3, effective_from = $4, version = version + 1
          WHERE id = $1 AND village_code = $2 AND status = 'approved'",
        plan.id,
        plan.village_code.as_str(),
        plan.published_at,
        plan.effective_from
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes boundaries of the village that were to begin on the plan's date or later out of force before they began.
pub(in crate::domain::grids) async fn withdraw_boundaries(
    connection: &mut PgConnection,
    plan: &Published,
) -> Result<(), Problem> {
    sqlx::query!(
        "UPDATE grid_boundaries SET valid = NULL
          WHERE starts_with(grid_code, $1) AND lower(valid) >= $2",
        plan.village_code.as_str(),
        plan.effective_from
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes the grids that are new; renames the others where the drawing has a name.
pub(in crate::domain::grids) async fn upsert_grids(
    connection: &mut PgConnection,
    drawn: &DrawnGrids,
) -> Result<(), Problem> {
    let codes: Vec<_> = drawn.grids.iter().map(|grid| grid.code.to_string()).collect();
    let names: Vec<_> = drawn.grids.iter().map(|grid| grid.name.clone()).collect();
    let kinds: Vec<_> = drawn.grids.iter().map(|grid| grid.kind.map(GridKind::key)).collect();
    sqlx::query!(
        "INSERT INTO grids AS g (code, village_code, name, kind)
         SELECT d.code, left(d.code, 12), coalesce(d.name, e.name, '第' || right(d.code, 3)::int || '网格'),
                coalesce(d.kind, e.kind, 'base')
           FROM unnest($1::text[], $2::text[], $3::text[]) AS d (code, name, kind)
           LEFT JOIN grids e ON e.code = d.code
         ON CONFLICT (code) DO UPDATE
            SET name = excluded.name, kind = excluded.kind, version = g.version + 1, updated_at = now()
          WHERE (g.name, g.kind) IS DISTINCT FROM (excluded.name, excluded.kind)",
        &codes,
        &names as &[Option<String>],
        &kinds as &[Option<&str>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends the boundaries of the village that are still in force on the date the plan begins.
pub(in crate::domain::grids) async fn end_boundaries(
    connection: &mut PgConnection,
    plan: &Published,
) -> Result<(), Problem> {
    sqlx::query!(
        "UPDATE grid_boundaries SET valid = daterange(lower(valid), $2)
          WHERE starts_with(grid_code, $1) AND valid @> $2::date",
        plan.village_code.as_str(),
        plan.effective_from
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down the boundaries, in force from the plan's date on.
pub(in crate::domain::grids) async fn insert_boundaries(
    connection: &mut PgConnection,
    plan: &Published,
    shapes: &[MultiPolygon<f64>],
) -> Result<(), Problem> {
    let ids: Vec<_> = plan.grids.iter().map(|_| Uuid::now_v7()).collect();
    let codes: Vec<_> = plan.grids.iter().map(ToString::to_string).collect();
    let shapes = shapes
        .iter()
        .map(|shape| to_wkb(shape).map_err(|error| Problem::internal(&error)))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query!(
        "INSERT INTO grid_boundaries (id, plan_id, grid_code, valid, geom)
         SELECT d.id, $1, d.code, daterange($2, NULL), ST_Multi(ST_GeomFromWKB(d.shape, 4326))
           FROM unnest($3::uuid[], $4::text[], $5::bytea[]) AS d (id, code, shape)",
        plan.id,
        plan.effective_from,
        &ids,
        &codes,
        &shapes
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks the village's plans of which nothing is or will be in force on `today`.
pub(in crate::domain::grids) async fn supersede_plans(
    connection: &mut PgConnection,
    village: &VillageCode,
    today: NaiveDate,
) -> Result<(), Problem> {
    sqlx::query!(
        "UPDATE boundary_plans p SET status = 'superseded', version = version + 1
          WHERE p.village_code = $1 AND p.status = 'published'
            AND NOT EXISTS (SELECT FROM grid_boundaries b
                             WHERE b.plan_id = p.id AND b.valid IS NOT NULL AND (upper(b.valid) IS NULL OR upper(b.valid) > $2))",
        village.as_str(),
        today
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// One plan, if the caller may see it.
pub(in crate::domain::grids) async fn plan(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Published>, Problem> {
    let row = sqlx::query!(
        r#"SELECT p.village_code, p.name, p.status, p.effective_from AS "effective_from!",
                  p.published_at AS "published_at!",
                  (SELECT array_agg(b.grid_code ORDER BY b.grid_code) FROM grid_boundaries b WHERE b.plan_id = p.id) AS grids
             FROM boundary_plans p WHERE p.id = $1 AND p.status IN ('published', 'superseded')"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let grids = row.grids.unwrap_or_default();
    Ok(Some(Published {
        id,
        village_code: row.village_code.parse().map_err(|error| Problem::internal(&error))?,
        name: row.name,
        status: row.status,
        effective_from: row.effective_from,
        published_at: row.published_at,
        grids: grids
            .iter()
            .map(|code| code.parse().map_err(|error| Problem::internal(&error)))
            .collect::<Result<_, _>>()?,
    }))
}
