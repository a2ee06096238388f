//! All SQL about risk.

use chrono::{DateTime, NaiveDate, Utc};
use geo::MultiPolygon;
use sqlx::PgConnection;
use uuid::Uuid;

use super::manner::RelativeTo;
use super::question::Question;
use super::surface::Ingredients;
use crate::domain::hazards::HazardKind;
use crate::domain::reports::{ReportKind, Status};
use crate::kernel::geometry::Wgs84;
use crate::platform::accounts::Session;
use crate::platform::database::geometry::multi_polygon;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// What a density needs to know of a report.
#[derive(Debug, Clone, Copy)]
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

/// What the surface that answers `question` for `session` is made from.
pub(super) async fn ingredients(
    ground: &Ground,
    session: &Session,
    question: &Question,
) -> Result<Ingredients, Problem> {
    let manner = question.manner;
    let today = ground.clock.today();
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let mut ingredients =
        Ingredients { happenings: happenings(&mut transaction, question).await?, ..Ingredients::default() };
    if let Some(period) = manner.against {
        ingredients.before = happenings(&mut transaction, &question.during(period)).await?;
    }
    if let Some(relative) = manner.relative {
        ingredients.base = base(&mut transaction, relative).await?;
    }
    if manner.has_edge {
        ingredients.land = land(&mut transaction, today).await?;
    }
    transaction.commit().await?;
    Ok(ingredients)
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

/// Where the enterprises at work or the households are that the caller may read.
async fn base(connection: &mut PgConnection, relative: RelativeTo) -> Result<Vec<Wgs84>, Problem> {
    struct Place {
        lon: f64,
        lat: f64,
    }
    let places = match relative {
        RelativeTo::Enterprises => {
            sqlx::query_as!(
                Place,
                r#"SELECT ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!" FROM enterprises
                    WHERE in_scope(place_code) AND status <> 'closed' ORDER BY id"#
            )
            .fetch_all(connection)
            .await?
        }
        RelativeTo::Households => {
            sqlx::query_as!(
                Place,
                r#"SELECT ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!" FROM households
                    WHERE in_scope(place_code) ORDER BY id"#
            )
            .fetch_all(connection)
            .await?
        }
    };
    let place = |Place { lon, lat }| Wgs84::new(lon, lat).map_err(|error| Problem::internal(&error));
    places.into_iter().map(place).collect()
}

/// The land of the caller's grids on a date; none without any.
async fn land(connection: &mut PgConnection, on: NaiveDate) -> Result<Option<MultiPolygon<f64>>, Problem> {
    let bytes = sqlx::query_scalar!(
        "SELECT ST_AsBinary(ST_Multi(ST_UnaryUnion(ST_Collect(geom)))) FROM grid_boundaries
          WHERE in_scope(grid_code) AND valid @> $1::date",
        on
    )
    .fetch_one(connection)
    .await?;
    bytes.map(|bytes| multi_polygon(&bytes)).transpose().map_err(|error| Problem::internal(&error))
}
