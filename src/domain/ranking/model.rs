//! What a ranking is asked, and what it answers.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::feature::{FEATURES, Feature};
use super::forecast::Forecast;
use super::record::{Known, Record};
use super::sample::Sample;
use super::score::Scored;
use crate::domain::enterprises::{Category, HazardClass};
use crate::kernel::geometry::{Wgs84, measure};
use crate::message;
use crate::platform::clock::Clock;
use crate::platform::http::Fields;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;
use crate::terms;

terms! {
    /// Which finds are asked about.
    RiskKind {
        /// 消防：火灾、用电、燃气隐患.
        Fire = "fire", "消防";
        /// 安全：氨、化学品、结构及其他隐患.
        Safety = "safety", "安全";
        /// 全部隐患.
        All = "all", "全部";
    }
}

/// Days ahead.
const HORIZONS_DAYS: RangeInclusive<u32> = 7..=365;
/// A quarter: what a chief looks back on.
pub(super) const DEFAULT_HORIZON_DAYS: u32 = 91;
const LIMITS: RangeInclusive<u32> = 1..=500;
const DEFAULT_LIMIT: u32 = 100;
/// How far around a place, in metres.
const RADII_M: RangeInclusive<f64> = 50.0..=50_000.0;
const DEFAULT_RADIUS_M: f64 = 2_000.0;
/// Events for each coefficient from which a fit stands on the record rather than on what was believed before
/// (P. Peduzzi et al., "A simulation study of the number of events per variable in logistic regression analysis",
/// 1996).
const EVENTS_PER_COEFFICIENT: u32 = 10;

/// The query of a ranking.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RankingQuery {
    /// Which finds: `fire` (fire, electrical, gas), `safety` (ammonia, chemical, structure, other) or `all`; all unless
    /// given.
    pub(super) kind: Option<RiskKind>,
    /// The last day that is known of; today unless given.
    #[param(example = "2022-09-26")]
    pub(super) on: Option<NaiveDate>,
    /// How many days ahead, 7 to 365; 91 unless given.
    #[param(minimum = 7, maximum = 365)]
    pub(super) horizon_days: Option<u32>,
    /// Only enterprises around this place: longitude,latitude, WGS84.
    #[param(example = "116.2965,35.0605")]
    pub(super) near: Option<String>,
    /// How far around it, in metres, 50 to 50000; 2000 unless given.
    #[param(minimum = 50, maximum = 50000)]
    pub(super) radius_m: Option<f64>,
    /// How many of the first, 1 to 500; 100 unless given, and in a spreadsheet all.
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<u32>,
}

/// The query, ready to be answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) kind: RiskKind,
    pub(super) on: NaiveDate,
    pub(super) horizon_days: u32,
    /// A place, and how many metres around it.
    pub(super) near: Option<(Wgs84, f64)>,
    pub(super) limit: usize,
}

impl RankingQuery {
    /// Reads the query.
    ///
    /// # Errors
    /// 422 naming every parameter at fault.
    pub(super) fn parse(&self, clock: &Clock) -> Result<Asked, Problem> {
        let mut fields = Fields::default();
        let today = clock.today();
        let on = self.on.unwrap_or(today);
        if on > today {
            fields.refuse("on", message!("不能晚于今天", "not after today"));
        }
        let horizon_days = self.horizon_days.unwrap_or(DEFAULT_HORIZON_DAYS);
        fields.within("horizon_days", horizon_days, &HORIZONS_DAYS);
        let radius_m = self.radius_m.unwrap_or(DEFAULT_RADIUS_M);
        fields.within("radius_m", radius_m, &RADII_M);
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        fields.within("limit", limit, &LIMITS);
        let near = fields.take_option("near", self.near.as_deref().map(place));
        fields.finish()?;
        Ok(Asked {
            kind: self.kind.unwrap_or(RiskKind::All),
            on,
            horizon_days,
            near: near.map(|at| (at, radius_m)),
            limit: limit as usize,
        })
    }
}

fn place(text: &str) -> Result<Wgs84, Message> {
    let numbers = text
        .split_once(',')
        .and_then(|(lon, lat)| lon.trim().parse::<f64>().ok().zip(lat.trim().parse::<f64>().ok()));
    let (lon, lat) =
        numbers.ok_or_else(|| message!("应为“经度,纬度”", "longitude and latitude: 116.2965,35.0605"))?;
    Wgs84::new(lon, lat).map_err(|error| Message::new(error.to_chinese(), error.to_string()))
}

/// Enterprises in the order in which they deserve a visit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Ranking {
    /// Which finds.
    pub(super) kind: RiskKind,
    /// The last day that was known of.
    pub(super) on: NaiveDate,
    /// How many days ahead.
    pub(super) horizon_days: u32,
    /// What the scores come from.
    pub(super) model: ModelCard,
    /// How many enterprises were ranked.
    pub(super) total: usize,
    /// The first of them.
    pub(super) items: Vec<Ranked>,
}

/// What the scores come from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ModelCard {
    /// Whether the record carries the coefficients or what was believed beforehand does.
    pub(super) basis: Basis,
    /// What that means, in words.
    pub(super) words: Message,
    /// Finds learnt from.
    pub(super) events: u32,
    /// Enterprises times periods learnt from.
    pub(super) observations: usize,
    /// Periods learnt from.
    pub(super) windows: usize,
    /// The score of an average enterprise.
    pub(super) base: f64,
    /// By what each reason multiplies, as logarithms.
    pub(super) coefficients: Vec<Coefficient>,
}

/// What coefficients rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Basis {
    /// On what was believed beforehand: there is no record to learn from.
    Prior,
    /// On both.
    Blended,
    /// On the record.
    Fitted,
}

/// One coefficient.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Coefficient {
    /// Whose.
    pub(super) feature: Feature,
    /// Its name.
    pub(super) label: Message,
    /// The change of the log rate per unit of the reason's term.
    pub(super) mean: f64,
    /// Its standard deviation.
    pub(super) sd: f64,
    /// What was believed beforehand.
    pub(super) prior_mean: f64,
    /// How firmly: the standard deviation.
    pub(super) prior_sd: f64,
}

/// An enterprise with its score.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Ranked {
    /// 1 for the first.
    pub(super) rank: usize,
    /// Which.
    pub(super) enterprise_id: Uuid,
    /// Its unified social credit code.
    pub(super) code: String,
    /// Its name.
    pub(super) name: String,
    /// What it does.
    pub(super) category: Category,
    /// What is dangerous about it.
    pub(super) hazard_class: HazardClass,
    /// The narrowest place it lies in.
    pub(super) place_code: String,
    /// Where: a GeoJSON point, WGS84 longitude and latitude.
    #[schema(value_type = Object)]
    pub(super) geometry: serde_json::Value,
    #[serde(skip)]
    pub(super) at: Wgs84,
    /// Metres from `near`.
    pub(super) distance_m: Option<f64>,
    /// The chance in a hundred that something is found within the horizon; none where too little is known for one
    /// number.
    pub(super) score: Option<f64>,
    /// Nine times in ten the true chance lies between.
    pub(super) interval: [f64; 2],
    /// Why, the heaviest reason first: the points and the model's `base` add up to the score.
    pub(super) reasons: Vec<Reason>,
    /// The same in words.
    pub(super) words: Message,
}

/// A reason for a score.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Reason {
    /// Which.
    pub(super) feature: Feature,
    /// Its name.
    pub(super) label: Message,
    /// What is the case; none where it is not known.
    pub(super) value: Option<f64>,
    /// The unit of the value.
    pub(super) unit: &'static str,
    /// What it adds to the score, or takes from it; none where there is no score.
    pub(super) points: Option<f64>,
}

impl Ranking {
    /// The answer to `asked`: `scored` is one score per enterprise of the record.
    pub(super) fn new(
        asked: &Asked,
        record: &Record,
        forecast: &Forecast,
        samples: &[Sample],
        scores: &[Scored],
    ) -> Self {
        let distance_m = |one: &Known| asked.near.map(|(at, _)| measure::distance_m(at, one.at));
        let is_near = |one: &Known| match (asked.near, distance_m(one)) {
            (Some((_, radius_m)), Some(distance_m)) => distance_m <= radius_m,
            _ => true,
        };
        let mut order: Vec<usize> = (0..scores.len()).filter(|&i| is_near(&record.enterprises[i])).collect();
        // Equal chances: the one of which less is known first.
        order.sort_by_key(|&i| (-scores[i].score, -scores[i].interval.1, &record.enterprises[i].code));
        let items = order.iter().take(asked.limit).enumerate().map(|(place, &i)| {
            let one = &record.enterprises[i];
            Ranked::new(place + 1, one, distance_m(one), &samples[i], &scores[i])
        });
        Self {
            kind: asked.kind,
            on: asked.on,
            horizon_days: asked.horizon_days,
            model: ModelCard::new(forecast, scores),
            total: order.len(),
            items: items.collect(),
        }
    }
}

impl ModelCard {
    fn new(forecast: &Forecast, scores: &[Scored]) -> Self {
        let events = forecast.events;
        let needed = EVENTS_PER_COEFFICIENT * forecast.priors.len() as u32;
        let (basis, words) = match events {
            0 => (
                Basis::Prior,
                message!(
                    "没有可供学习的记录，按预设系数估计",
                    "nothing on record to learn from: the coefficients are what was believed beforehand"
                ),
            ),
            _ if events < needed => (
                Basis::Blended,
                message!(
                    "由 {events} 件隐患修正预设系数；达到 {needed} 件后以记录为准",
                    "what was believed beforehand, corrected by {events} finds; from {needed} on the record carries it"
                ),
            ),
            _ => (Basis::Fitted, message!("由 {events} 件隐患拟合", "fitted on {events} finds")),
        };
        let coefficient = |(i, &feature): (usize, &Feature)| Coefficient {
            feature,
            label: label(feature),
            mean: rounded(forecast.model.coefficients()[i + 1]),
            sd: rounded(forecast.model.sd(i + 1)),
            prior_mean: forecast.priors[i + 1].mean,
            prior_sd: forecast.priors[i + 1].sd,
        };
        Self {
            basis,
            words,
            events,
            observations: forecast.observations,
            windows: forecast.windows,
            base: scores.first().map_or(0.0, |score| points(score.base)),
            coefficients: Feature::ALL.iter().enumerate().map(coefficient).collect(),
        }
    }
}

impl Ranked {
    fn new(rank: usize, one: &Known, distance_m: Option<f64>, sample: &Sample, score: &Scored) -> Self {
        let is_thin = score.is_thin();
        let mut heaviest: Vec<usize> = (0..FEATURES).collect();
        heaviest.sort_by_key(|&i| -score.points[i].abs());
        let reason = |i: usize| Reason {
            feature: Feature::ALL[i],
            label: label(Feature::ALL[i]),
            value: sample.values[i].map(rounded),
            unit: Feature::ALL[i].unit(),
            points: (!is_thin).then(|| points(score.points[i])),
        };
        Self {
            rank,
            enterprise_id: one.id,
            code: one.code.clone(),
            name: one.name.clone(),
            category: one.category,
            hazard_class: one.hazard_class,
            place_code: one.place_code.clone(),
            geometry: json!({"type": "Point", "coordinates": [one.at.lon(), one.at.lat()]}),
            at: one.at,
            distance_m: distance_m.map(f64::round),
            score: (!is_thin).then(|| points(score.score)),
            interval: [points(score.interval.0), points(score.interval.1)],
            reasons: heaviest.into_iter().map(reason).collect(),
            words: words(score, is_thin),
        }
    }
}

fn label(feature: Feature) -> Message {
    Message::new(feature.zh(), feature.en())
}

fn points(tenths: i32) -> f64 {
    f64::from(tenths) / 10.0
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn words(score: &Scored, is_thin: bool) -> Message {
    if is_thin {
        let (low, high) = (points(score.interval.0), points(score.interval.1));
        return message!(
            "资料不足以给出分数：可能在 {low} 到 {high} 之间",
            "too little is known for a score: somewhere from {low} to {high}"
        );
    }
    let raised = score.raised_by();
    if raised.is_empty() {
        return message!("各项均不高于平均", "nothing above the average");
    }
    let first: Vec<Feature> = raised.into_iter().take(3).collect();
    let zh = first.iter().map(|feature| feature.zh()).collect::<Vec<_>>().join("、");
    let en = first.iter().map(|feature| feature.en().to_lowercase()).collect::<Vec<_>>().join(", ");
    message!("主要因为：{zh}", "mostly for: {en}")
}
