//! Emerging clusters: circles in which more has been reported lately than before.

use std::ops::RangeInclusive;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::plane::{circle, day_number, incidents, lon_lat};
use crate::domain::risk::hotspots::Occurrence;
use crate::kernel::spacetime::{Cluster, ScanPlan, Stopped, scan};
use crate::message;
use crate::platform::computing::Wanted as Waiting;
use crate::platform::http::Fields;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

/// How often chance is tried.
const PERMUTATIONS: usize = 999;
/// The same question has the same answer.
const SEED: u64 = 2022;
const RADII_M: RangeInclusive<u32> = 50..=5_000;
const DEFAULT_RADIUS_M: u32 = 500;
const DAYS: RangeInclusive<u32> = 1..=180;
const DEFAULT_DAYS: u32 = 28;
const DEFAULT_LEVEL: f64 = 0.05;
/// Windows of time tried at most.
const MOST_STEPS: u32 = 30;
/// The least circle that can be seen on a map, around a single place.
const LEAST_DRAWN_M: f64 = 15.0;
/// Reports of a cluster that are named at most.
const MOST_NAMED: usize = 100;

/// The query of clusters, beside which reports they are made of.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ClustersQuery {
    /// The radius of the largest circle in metres, 50 to 5000; 500 unless given.
    #[param(minimum = 50, maximum = 5000)]
    radius_m: Option<u32>,
    /// How many days back "lately" may begin, 1 to 180; 28 unless given.
    #[param(minimum = 1, maximum = 180)]
    days: Option<u32>,
    /// How often chance may make as strong a cluster, above 0 and up to 1; 0.05 unless given.
    #[param(minimum = 0.001, maximum = 1.0)]
    level: Option<f64>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    radius_m: u32,
    days: u32,
    level: f64,
}

impl ClustersQuery {
    /// Parses the query.
    ///
    /// # Errors
    /// 422 naming the parameters at fault.
    pub(super) fn parse(&self) -> Result<Wanted, Problem> {
        let mut fields = Fields::default();
        let radius_m = self.radius_m.unwrap_or(DEFAULT_RADIUS_M);
        fields.within("radius_m", radius_m, &RADII_M);
        let days = self.days.unwrap_or(DEFAULT_DAYS);
        fields.within("days", days, &DAYS);
        let level = self.level.unwrap_or(DEFAULT_LEVEL);
        if !(level > 0.0 && level <= 1.0) {
            fields.refuse("level", message!("应大于 0，不超过 1", "above 0, and 1 at most"));
        }
        fields.finish()?;
        Ok(Wanted { radius_m, days, level })
    }
}

/// The clusters, as GeoJSON.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RiskClusters)]
pub(super) struct Clusters {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The clusters, the strongest first; none shares a place with a stronger one.
    features: Vec<ClusterFeature>,
    /// How many reports were looked at.
    reports: usize,
    /// How often chance was tried.
    permutations: usize,
    /// The last day of every cluster.
    as_of: NaiveDate,
    /// All of it in a sentence.
    summary: Message,
}

/// One cluster, a GeoJSON feature.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RiskClusterFeature)]
struct ClusterFeature {
    /// `Feature`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The circle as a polygon.
    #[schema(value_type = Object)]
    geometry: serde_json::Value,
    /// What is known of it.
    properties: ClusterFacts,
}

/// Why it is a cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RiskCluster)]
struct ClusterFacts {
    /// Longitude and latitude of the middle.
    center: Option<[f64; 2]>,
    /// The radius in metres.
    radius_m: f64,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// Reports in the circle on these days.
    count: usize,
    /// Reports to expect there and then, from how many there are in the circle at any time and on these days anywhere.
    expected: f64,
    /// How many times that there are.
    ratio: f64,
    /// How often chance makes a cluster as strong anywhere.
    p: f64,
    /// The reports, 100 at most.
    reports: Vec<Uuid>,
    /// All of it in a sentence.
    sentence: Message,
}

/// The clusters alive on `as_of` among the reports up to then.
///
/// # Errors
/// When nobody waits for them any longer.
pub(super) fn clusters(
    mut occurrences: Vec<Occurrence>,
    wanted: Wanted,
    as_of: NaiveDate,
    waiting: &Waiting,
) -> Result<Clusters, Stopped> {
    let step_days = wanted.days.div_ceil(MOST_STEPS);
    let plan = ScanPlan {
        last_day: day_number(as_of),
        step_days,
        most_steps: (wanted.days / step_days) as usize,
        most_radius_m: f64::from(wanted.radius_m),
        permutations: PERMUTATIONS,
        seed: SEED,
    };
    let Some((zone, incidents)) = incidents(&mut occurrences) else {
        return Ok(Clusters::new(Vec::new(), 0, as_of, wanted));
    };
    let feature = |cluster: Cluster| ClusterFeature {
        kind: "Feature",
        geometry: circle(zone, cluster.centre, cluster.radius_m.max(LEAST_DRAWN_M)),
        properties: ClusterFacts {
            center: lon_lat(zone, cluster.centre),
            radius_m: cluster.radius_m,
            from: as_of - Days::new(u64::from(cluster.days.saturating_sub(1))),
            to: as_of,
            count: cluster.incidents.len(),
            expected: cluster.expected,
            ratio: cluster.incidents.len() as f64 / cluster.expected,
            p: cluster.p,
            sentence: sentence(&cluster),
            reports: cluster
                .incidents
                .iter()
                .take(MOST_NAMED)
                .map(|&number| occurrences[number as usize].id)
                .collect(),
        },
    };
    let found =
        scan(&incidents, &plan, &|| waiting.still())?.into_iter().filter(|cluster| cluster.p <= wanted.level);
    let looked_at = incidents.iter().filter(|incident| incident.day <= plan.last_day).count();
    Ok(Clusters::new(found.map(feature).collect(), looked_at, as_of, wanted))
}

impl Clusters {
    fn new(features: Vec<ClusterFeature>, reports: usize, as_of: NaiveDate, wanted: Wanted) -> Self {
        let (found, days) = (features.len(), wanted.days);
        let summary = if reports == 0 {
            message!("没有可供分析的事件", "there are no reports to look at")
        } else if found == 0 {
            message!(
                "{reports} 件事件中，截至 {as_of} 的 {days} 天内未发现新出现的聚集",
                "no cluster has emerged among {reports} reports within the {days} days up to {as_of}"
            )
        } else {
            message!(
                "{reports} 件事件中，截至 {as_of} 的 {days} 天内新出现 {found} 处聚集",
                "{found} clusters have emerged among {reports} reports within the {days} days up to {as_of}"
            )
        };
        Self { kind: "FeatureCollection", features, reports, permutations: PERMUTATIONS, as_of, summary }
    }
}

fn sentence(cluster: &Cluster) -> Message {
    let Cluster { days, expected, p, radius_m, incidents, .. } = cluster;
    let (count, ratio) = (incidents.len(), incidents.len() as f64 / expected);
    message!(
        "最近 {days} 天内，半径 {radius_m:.0} 米的范围内有 {count} 件，按往常约 {expected:.1} 件，为其 {ratio:.1} 倍；偶然出现的可能为 {p:.3}",
        "{count} reports within {radius_m:.0} m in the last {days} days, {ratio:.1} times the {expected:.1} that are usual; \
         chance does as much with p = {p:.3}"
    )
}
