//! The density at one place, and the reports that make it up.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::question::Question;
use super::store::{self, Nearby};
use super::surface::Surface;
use crate::domain::hazards::HazardKind;
use crate::domain::reports::{ReportKind, Status};
use crate::kernel::density::ramp;
use crate::kernel::geometry::Wgs84;
use crate::kernel::plane::PlanePoint;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// Reports listed at most; the value and the count are of all.
const MOST_LISTED: usize = 100;

/// Where the density is asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PlaceQuery {
    /// Longitude and latitude, WGS84, separated by a comma.
    #[param(example = "116.305,35.075")]
    at: String,
}

impl PlaceQuery {
    /// Parses the place.
    ///
    /// # Errors
    /// 422 naming `at`.
    pub(super) fn parse(&self) -> Result<Wgs84, Problem> {
        let numbers = self
            .at
            .split_once(',')
            .and_then(|(lon, lat)| Some((lon.trim().parse::<f64>().ok()?, lat.trim().parse::<f64>().ok()?)));
        let place = numbers.and_then(|(lon, lat)| Wgs84::new(lon, lat).ok());
        place.ok_or_else(|| {
            Problem::invalid(
                "at",
                message!("应为“经度,纬度”", "longitude and latitude in degrees, separated by a comma"),
            )
        })
    }
}

/// The density at a place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct DensityValue {
    /// Events per square kilometre, weighted: the exact sum.
    pub value: f64,
    /// The unit of the value.
    #[schema(example = "events/km²")]
    pub unit: &'static str,
    /// The number of its class in the legend, from 0; null where nothing is coloured.
    pub class: Option<usize>,
    /// How many reports make it up.
    pub count: usize,
    /// The reports that make it up, those that give most first; 100 at most.
    pub reports: Vec<Share>,
}

/// What one report gives to the density at a place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Share {
    /// The report.
    pub id: Uuid,
    /// What it is about.
    pub kind: ReportKind,
    /// Which hazard, if it is about one.
    pub hazard_kind: Option<HazardKind>,
    /// 1 (低) to 4 (重大).
    pub severity: i16,
    /// How far it has come.
    pub status: Status,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// How far away, in metres.
    pub distance_m: f64,
    /// How many plain events it counts as.
    pub weight: f64,
    /// What it gives: these add up to the value.
    pub per_km2: f64,
}

/// The density at `place` as `session` sees it.
pub(super) async fn value(
    ground: &Ground,
    session: &Session,
    question: &Question,
    surface: &Surface,
    place: Wgs84,
) -> Result<DensityValue, Problem> {
    let Some(extent) = surface.extent else { return Ok(DensityValue::of(0.0, Vec::new())) };
    let at = PlanePoint::from(extent.projection.project(place));
    let exact = surface.density.exact();
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let nearby =
        store::nearby(&mut transaction, question, (place.lon(), place.lat()), exact.reach_m()).await?;
    transaction.commit().await?;

    let share = |nearby: Nearby| {
        let Nearby { id, kind, hazard_kind, happening } = nearby;
        let (there, weight) = happening.weighted(question)?;
        let distance_m = at.distance_m(extent.projection.project(there).into());
        let per_km2 = weight * exact.per_km2_of_one(distance_m);
        let (severity, status, happened_at) = (happening.severity, happening.status, happening.happened_at);
        Ok(Share { id, kind, hazard_kind, severity, status, happened_at, distance_m, weight, per_km2 })
    };
    let mut shares = nearby.into_iter().map(share).collect::<Result<Vec<_>, Problem>>()?;
    shares.retain(|share| share.per_km2 > 0.0);
    shares.sort_by(|a, b| b.per_km2.total_cmp(&a.per_km2).then(a.id.cmp(&b.id)));
    // Summed from what was read now, so that the shares add up even while reports come in.
    Ok(DensityValue::of(shares.iter().map(|share| share.per_km2).sum(), shares))
}

impl DensityValue {
    fn of(value: f64, mut reports: Vec<Share>) -> Self {
        let count = reports.len();
        reports.truncate(MOST_LISTED);
        Self { value, unit: "events/km²", class: ramp::class(value), count, reports }
    }
}
