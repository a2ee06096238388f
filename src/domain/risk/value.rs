//! The density at one place, and the reports that make it up.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::field::Field;
use super::manner::RelativeTo;
use super::question::Question;
use super::store::{self, Nearby};
use super::surface::Surface;
use crate::domain::hazards::HazardKind;
use crate::domain::reports::{ReportKind, Status};
use crate::kernel::density::ramp::Scale;
use crate::kernel::density::{Kernel, least_base};
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
    /// The number that the map shows here: events per square kilometre, weighted, by the exact sum; or what the query
    /// makes of them. Null outside the land that the map is confined to, and where nothing stands that reports could be
    /// compared with.
    pub value: Option<f64>,
    /// The unit of the value.
    #[schema(example = "events/km²")]
    pub unit: &'static str,
    /// The number of its class in the legend, from 0; null where nothing is coloured.
    pub class: Option<usize>,
    /// The density of the reports themselves, in events per square kilometre.
    pub per_km2: f64,
    /// That of the enterprises, the households or the reports of another period that they are compared with.
    pub compared_per_km2: Option<f64>,
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
    let unit = unit(surface, question);
    let Some(extent) = surface.extent else {
        return Ok(DensityValue { unit, ..DensityValue::nothing() });
    };
    let at = PlanePoint::from(extent.projection.project(place));
    if surface.window.as_ref().is_some_and(|window| !window.covers(at)) {
        return Ok(DensityValue { unit, value: None, ..DensityValue::nothing() });
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let nearby =
        store::nearby(&mut transaction, question, (place.lon(), place.lat()), surface.field.reach_m())
            .await?;
    transaction.commit().await?;

    let share = |nearby: Nearby| {
        let Nearby { id, kind, hazard_kind, happening } = nearby;
        let (there, weight) = happening.weighted(question)?;
        let there = PlanePoint::from(extent.projection.project(there));
        let distance_m = at.distance_m(there);
        let per_km2 = weight * surface.per_km2_of_one(question.kernel, there, distance_m);
        let (severity, status, happened_at) = (happening.severity, happening.status, happening.happened_at);
        Ok(Share { id, kind, hazard_kind, severity, status, happened_at, distance_m, weight, per_km2 })
    };
    let mut shares = nearby.into_iter().map(share).collect::<Result<Vec<_>, Problem>>()?;
    shares.retain(|share| share.per_km2 > 0.0);
    shares.sort_by(|a, b| b.per_km2.total_cmp(&a.per_km2).then(a.id.cmp(&b.id)));
    // Summed from what was read now, so that the shares add up even while reports come in.
    let per_km2 = shares.iter().map(|share| share.per_km2).sum::<f64>();
    let (value, compared) = match &surface.field {
        Field::Fixed(_) | Field::Adaptive(_) => (Some(per_km2), None),
        Field::Relative { base, .. } => {
            let stands = base.exact().per_km2(at);
            ((stands >= least_base(base.exact())).then(|| per_km2 / stands), Some(stands))
        }
        Field::Change { before, .. } => {
            let before = before.exact().per_km2(at);
            (Some(per_km2 - before), Some(before))
        }
    };
    let class = value.and_then(|value| surface.field.scale().class(value));
    let count = shares.len();
    shares.truncate(MOST_LISTED);
    Ok(DensityValue { value, unit, class, per_km2, compared_per_km2: compared, count, reports: shares })
}

fn unit(surface: &Surface, question: &Question) -> &'static str {
    match (surface.field.scale(), question.manner.relative) {
        (Scale::Relative, Some(RelativeTo::Households)) => "events/household",
        (Scale::Relative, _) => "events/enterprise",
        (Scale::Density | Scale::Change, _) => "events/km²",
    }
}

impl Surface {
    /// What an event of weight 1 at `there` gives so many metres away.
    fn per_km2_of_one(&self, kernel: Kernel, there: PlanePoint, distance_m: f64) -> f64 {
        let bandwidth_m = match &self.field {
            Field::Adaptive(adaptive) => adaptive.bandwidth_m(there),
            Field::Fixed(_) | Field::Relative { .. } | Field::Change { .. } => self.bandwidth_m,
        };
        let share = self.window.as_ref().map_or(Some(1.0), |window| window.share(kernel, bandwidth_m, there));
        let reach_m = f64::from(kernel.reach()) * bandwidth_m;
        match share {
            Some(share) if distance_m < reach_m => {
                let u = distance_m / bandwidth_m;
                kernel.peak() * kernel.share(u * u) / (bandwidth_m * bandwidth_m) * 1e6 / share
            }
            _ => 0.0,
        }
    }
}

impl DensityValue {
    fn nothing() -> Self {
        Self {
            value: Some(0.0),
            unit: "",
            class: None,
            per_km2: 0.0,
            compared_per_km2: None,
            count: 0,
            reports: Vec::new(),
        }
    }
}
