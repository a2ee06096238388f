//! Hotspots over HTTP.

use axum::Extension;
use axum::extract::State;
use h3o::Resolution;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::assess::assess;
use super::model::{HotspotQuery, Hotspots, UnitKind, Wanted};
use super::{hexagons, store, units};
use crate::domain::grids::Boundaries;
use crate::domain::risk::question::DensityQuery;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Query};
use crate::platform::problem::{Problem, ProblemBody};

/// Hexagons tested at most.
const MOST_HEXAGONS: f64 = 200_000.0;

/// The routes of hotspots.
pub(in crate::domain::risk) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_hotspots))
}

/// List the hotspots.
///
/// The hexagons, grids or enterprises of the caller's scope that have, with their neighbours, more reports than chance
/// would bring together: Getis-Ord Gi* with conditional permutation, at a bounded false discovery rate. Each with how
/// it changed between the halves of the period, and in a sentence. Kernel, bandwidth and half-life have no part in
/// it: reports are counted.
#[utoipa::path(get, path = "/api/v1/hotspots", tag = "risk", params(DensityQuery, HotspotQuery), responses(
    (status = 200, body = Hotspots),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn list_hotspots(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    session: Session,
    Query(query): Query<DensityQuery>,
    Query(hotspots): Query<HotspotQuery>,
) -> Result<Json<Hotspots>, Problem> {
    let Wanted { unit, resolution, width_m, nearby, rate } = hotspots.parse()?;
    let question = query.parse(&ground.clock)?;
    let today = ground.clock.today();
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let occurrences = store::occurrences(&mut transaction, &question).await?;
    let middle = units::middle(&occurrences, question.from, question.to);
    let found = match unit {
        UnitKind::Grid => {
            let grids = store::grids(&mut transaction, today).await?;
            transaction.commit().await?;
            tokio::task::spawn_blocking(move || assess(units::grids(grids, &occurrences, middle), rate)).await
        }
        UnitKind::Enterprise => {
            let enterprises = store::enterprises(&mut transaction).await?;
            transaction.commit().await?;
            tokio::task::spawn_blocking(move || {
                assess(units::enterprises(enterprises, nearby, &occurrences, middle), rate)
            })
            .await
        }
        UnitKind::Hexagon | UnitKind::MetricHexagon => {
            let extent = store::extent(&mut transaction, today).await?;
            transaction.commit().await?;
            let extent = extent.unwrap_or_default();
            let resolution = Resolution::try_from(resolution).map_err(|error| Problem::internal(&error))?;
            if unit == UnitKind::Hexagon {
                refuse_too_many("resolution", extent, resolution.area_km2())?;
            } else {
                refuse_too_many("width_m", extent, hexagons::area_km2(f64::from(width_m)))?;
            }
            let map = boundaries.current().await?;
            let scope = session.place.clone();
            tokio::task::spawn_blocking(move || {
                let is_covered = |place| {
                    let located = map.locate(place, today).ok().flatten();
                    located.and_then(|located| located.grid).is_some_and(|grid| scope.covers(grid.as_str()))
                };
                let units = if unit == UnitKind::Hexagon {
                    units::hexagons(resolution, extent, is_covered, &occurrences, middle)
                } else {
                    hexagons::metric(f64::from(width_m), extent, is_covered, &occurrences, middle)
                };
                assess(units, rate)
            })
            .await
        }
    };
    found.map(Json).map_err(|error| Problem::internal(&error))
}

/// A county in hexagons of a garden's size is a mistake.
fn refuse_too_many(
    field: &'static str,
    [west, south, east, north]: [f64; 4],
    hexagon_km2: f64,
) -> Result<(), Problem> {
    let area_km2 =
        (east - west) * 111.32 * f64::midpoint(south, north).to_radians().cos() * (north - south) * 111.32;
    if area_km2 / hexagon_km2 <= MOST_HEXAGONS {
        return Ok(());
    }
    Err(Problem::invalid(
        field,
        message!("六边形过多，请用更大的六边形", "too many hexagons: ask for larger ones"),
    ))
}
