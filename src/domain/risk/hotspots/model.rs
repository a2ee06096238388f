//! What is asked about hotspots, and how they are told.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::message;
use crate::platform::http::Fields;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;
use crate::terms;

terms! {
    /// What is tested.
    UnitKind {
        /// Hexagons of the H3 grid.
        Hexagon = "hexagon", "六边形";
        /// Hexagons as wide as one likes, in metres.
        MetricHexagon = "metric_hexagon", "米制六边形";
        /// The grids of grid members.
        Grid = "grid", "网格";
        /// Enterprises, each with those nearby.
        Enterprise = "enterprise", "企业";
    }
}

terms! {
    /// How a hotspot changed from the first half of the period to the second.
    Trend {
        /// Hot in the second half only.
        New = "new", "新出现";
        /// Hot in both halves.
        Persistent = "persistent", "持续";
        /// Hot in the first half only.
        Fading = "fading", "消退";
        /// Hot over the whole period, but in neither half by itself.
        Diffuse = "diffuse", "零散";
    }
}

/// Sizes of hexagons: 8 is 0.7 km² each, 9 a seventh of that, and so on.
const RESOLUTIONS: std::ops::RangeInclusive<u8> = 6..=11;
const DEFAULT_RESOLUTION: u8 = 9;
const DEFAULT_RATE: f64 = 0.05;
/// Widths of metric hexagons from side to side, in metres.
const WIDTHS_M: std::ops::RangeInclusive<u32> = 50..=5_000;
const DEFAULT_WIDTH_M: u32 = 300;
/// How many enterprises may be neighbours of one.
const NEAREST: std::ops::RangeInclusive<u32> = 1..=50;
const DEFAULT_NEAREST: u32 = 8;
/// How far away neighbours may be, in metres.
const WITHIN_M: std::ops::RangeInclusive<u32> = 10..=5_000;

/// The query of hotspots, beside which reports they are made of.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::domain::risk) struct HotspotQuery {
    /// What is tested: `hexagon`, `metric_hexagon`, `grid` or `enterprise`; hexagons unless given.
    #[param(example = "hexagon")]
    unit: Option<String>,
    /// The H3 resolution of hexagons, 6 to 11; 9 unless given, which is a tenth of a square kilometre each.
    #[param(minimum = 6, maximum = 11)]
    resolution: Option<u8>,
    /// The width of metric hexagons from side to side in metres, 50 to 5000; 300 unless given.
    #[param(minimum = 50, maximum = 5000)]
    width_m: Option<u32>,
    /// How many of the nearest enterprises are neighbours of each, 1 to 50; 8 unless given.
    #[param(minimum = 1, maximum = 50)]
    nearest: Option<u32>,
    /// Enterprises within so many metres are neighbours instead, however many: 10 to 5000.
    #[param(minimum = 10, maximum = 5000)]
    within_m: Option<u32>,
    /// The false discovery rate that a hotspot may have, above 0 and up to 1; 0.05 unless given.
    #[param(minimum = 0.0001, maximum = 1.0)]
    rate: Option<f64>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) unit: UnitKind,
    pub(super) resolution: u8,
    pub(super) width_m: u32,
    pub(super) nearby: Nearby,
    pub(super) rate: f64,
}

/// Which enterprises are neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nearby {
    /// So many of the nearest.
    Nearest(u32),
    /// Those within so many metres.
    Within(u32),
}

impl HotspotQuery {
    /// Parses the query.
    ///
    /// # Errors
    /// 422 naming the parameter at fault.
    pub(super) fn parse(&self) -> Result<Wanted, Problem> {
        let unit = self.unit.as_deref().map_or(Ok(UnitKind::Hexagon), str::parse).map_err(|_| {
            let why = message!(
                "应为 hexagon、metric_hexagon、grid 或 enterprise",
                "hexagon, metric_hexagon, grid or enterprise"
            );
            Problem::invalid("unit", why)
        })?;
        let resolution = self.resolution.unwrap_or(DEFAULT_RESOLUTION);
        if !RESOLUTIONS.contains(&resolution) {
            return Err(Problem::invalid("resolution", message!("应在 6 到 11 之间", "between 6 and 11")));
        }
        let rate = self.rate.unwrap_or(DEFAULT_RATE);
        if !(rate > 0.0 && rate <= 1.0) {
            return Err(Problem::invalid("rate", message!("应大于 0，不超过 1", "above 0, and 1 at most")));
        }
        let mut fields = Fields::default();
        let width_m = self.width_m.unwrap_or(DEFAULT_WIDTH_M);
        fields.within("width_m", width_m, &WIDTHS_M);
        let nearest = self.nearest.unwrap_or(DEFAULT_NEAREST);
        fields.within("nearest", nearest, &NEAREST);
        if let Some(within_m) = self.within_m {
            fields.within("within_m", within_m, &WITHIN_M);
            if self.nearest.is_some() {
                fields.refuse("within_m", message!("不能与 nearest 同时使用", "not together with nearest"));
            }
        }
        fields.finish()?;
        let nearby = self.within_m.map_or(Nearby::Nearest(nearest), Nearby::Within);
        Ok(Wanted { unit, resolution, width_m, nearby, rate })
    }
}

/// The hotspots, as a GeoJSON feature collection that says how it was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Hotspots {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// The hotspots, the least likely by chance first.
    pub(super) features: Vec<Hotspot>,
    /// How many hexagons, grids or enterprises were tested.
    pub(super) units: usize,
    /// How many reports lie in them.
    pub(super) reports: usize,
    /// Whether there is any clustering at all: global Moran's I. Null when there is too little to tell.
    pub(super) clustering: Option<Clustering>,
    /// All of it in a sentence.
    pub(super) summary: Message,
}

/// Global Moran's I of the counts.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct Clustering {
    /// Above 0 where like is near like.
    pub(super) moran_i: f64,
    /// How many standard deviations that is above what is expected by chance.
    pub(super) z: f64,
    /// How often chance does as well, of 999 times.
    pub(super) p: f64,
}

/// One hotspot, a GeoJSON feature.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Hotspot {
    /// `Feature`.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// The H3 index, the grid's code, or the enterprise's.
    pub(super) id: String,
    /// A polygon, or the point of an enterprise.
    #[schema(value_type = Object)]
    pub(super) geometry: serde_json::Value,
    /// What is known of it.
    pub(super) properties: Scores,
}

/// Why it is a hotspot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Scores {
    /// The name of the grid or the enterprise.
    pub(super) name: Option<String>,
    /// Reports in it.
    pub(super) count: u32,
    /// Reports in it and in its neighbours.
    pub(super) count_around: u32,
    /// Reports to expect in it and its neighbours if they fell anywhere.
    pub(super) expected_around: f64,
    /// Getis-Ord Gi*: how many standard deviations it is above that.
    pub(super) z: f64,
    /// How often chance does as well, by conditional permutation.
    pub(super) p: f64,
    /// The share of false alarms among the units that are at least as hot (Benjamini and Hochberg).
    pub(super) fdr: f64,
    /// From the first half of the period to the second.
    pub(super) trend: Trend,
    /// All of it in a sentence.
    pub(super) sentence: Message,
}

impl Scores {
    /// The sentence that says what the numbers do.
    pub(super) fn told(mut self) -> Self {
        let Self { count, count_around, expected_around, fdr, trend, .. } = &self;
        let percent = fdr * 100.0;
        let change = match trend {
            Trend::New => ("后半期新出现", "new in the second half of the period"),
            Trend::Persistent => ("前后两个半期持续存在", "in both halves of the period"),
            Trend::Fading => ("后半期已消退", "gone in the second half of the period"),
            Trend::Diffuse => ("分散于整个时期", "spread over the whole period"),
        };
        let (zh, en) = change;
        self.sentence = message!(
            "此处 {count} 件，连同周边 {count_around} 件，若随机分布约为 {expected_around:.1} 件；误报率 {percent:.1}%；{zh}",
            "{count} reports here and {count_around} with those around it, where {expected_around:.1} would be chance; \
             a false discovery rate of {percent:.1} %; {en}"
        );
        self
    }
}
