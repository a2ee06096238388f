//! Would it have been worth believing? The forecast as it would have been made on past days, held against what was
//! then found, beside two simpler ways to choose: counting finds in the cell, and plain density.
//!
//! Nothing found after a day is used to forecast from that day. Never here: HTTP, or the command line.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use utoipa::ToSchema;

use super::forecast::{Forecast, finds};
use super::model::RiskKind;
use super::record::{Finding, Record};
use super::sample::samples;
use crate::kernel::scoring::FitError;
use crate::kernel::scoring::evaluation::{Catch, Outcome, auc, calibration};
use crate::platform::locale::Message;
use crate::terms;

/// The side of a cell of the counting baseline, in metres.
const CELL_M: f64 = 250.0;
/// How far a find reaches in the density baseline, in metres.
const BANDWIDTH_M: f64 = 250.0;
/// Parts that expected and observed finds are compared in.
const PARTS: usize = 5;

terms! {
    /// A way to choose whom to visit.
    Method {
        /// 风险模型.
        Model = "model", "风险模型";
        /// 单元格计数.
        CellCount = "cell_count", "网格单元计数";
        /// 核密度.
        Density = "density", "核密度";
    }
}

/// What to try.
#[derive(Debug, Clone, Copy)]
pub struct BacktestPlan {
    /// Which finds.
    pub kind: RiskKind,
    /// The last day of the last trial.
    pub until: NaiveDate,
    /// How many days each trial looks ahead.
    pub horizon_days: u32,
    /// How many trials, one horizon apart.
    pub trials: u32,
    /// The share of enterprises that can be visited in one, above 0 and up to 1.
    pub share: f64,
}

/// How it would have gone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Backtest {
    /// Which finds.
    pub kind: RiskKind,
    /// How many days each trial looked ahead.
    pub horizon_days: u32,
    /// The share of enterprises visited in each.
    pub share: f64,
    /// The trials, the earliest first.
    pub trials: Vec<Trial>,
    /// Each way to choose, over all trials.
    pub methods: Vec<Verdict>,
    /// What the model expected and what was found, from the least to the most risky fifth.
    pub calibration: Vec<CalibrationPart>,
    /// Whether that is enough to tell, in words.
    pub words: Message,
}

/// One trial.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Trial {
    /// The last day that was known of.
    pub known_until: NaiveDate,
    /// The last day looked ahead to.
    pub until: NaiveDate,
    /// Finds learnt from.
    pub learnt_from: u32,
    /// Finds afterwards.
    pub finds: u32,
}

/// How a way to choose did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Verdict {
    /// Which.
    pub method: Method,
    /// The share of finds at those visited.
    pub hit_rate: Option<f64>,
    /// Predictive accuracy index: hit rate over the share visited; 1 is chance.
    pub pai: Option<f64>,
    /// PEI*: finds at those visited over the most that as many visits could have met; 1 is perfect.
    pub pei_star: Option<f64>,
    /// How often an enterprise with finds was ranked above one without; 0.5 is chance. The mean over trials.
    pub auc: Option<f64>,
}

/// A fifth of the enterprises of all trials.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalibrationPart {
    /// Enterprises times trials.
    pub listed: usize,
    /// Finds expected.
    pub expected: f64,
    /// Finds.
    pub observed: f64,
}

/// Tries `plan` on `record`. Trials for which nothing was known yet are left out.
///
/// # Errors
/// [`FitError`] when the record holds numbers that no model can be fitted to.
pub fn backtest(record: &Record, plan: &BacktestPlan) -> Result<Backtest, FitError> {
    let length = TimeDelta::days(i64::from(plan.horizon_days));
    let looked_at = ((record.enterprises.len() as f64 * plan.share).round() as usize).max(1);
    let mut trials = Vec::new();
    let mut outcomes: HashMap<Method, Vec<Vec<Outcome>>> = HashMap::new();
    for back in (0..i32::try_from(plan.trials).unwrap_or(i32::MAX)).rev() {
        let until = plan.until - length * back;
        let known_until = until - length;
        if record.begins_on().is_none_or(|begins_on| begins_on > known_until) {
            continue;
        }
        let known = record.as_of(known_until);
        let forecast = Forecast::learn(&known, plan.kind, known_until, plan.horizon_days)?;
        let counts = finds(record, plan.kind, known_until, until);
        let by_model = samples(&known, plan.kind, known_until)
            .iter()
            .map(|sample| forecast.predict(sample).rate(&forecast.model))
            .collect();
        let scores: [(Method, Vec<f64>); 3] = [
            (Method::Model, by_model),
            (Method::CellCount, by_cell_count(&known, plan.kind)),
            (Method::Density, by_density(&known, plan.kind)),
        ];
        for (method, scores) in scores {
            let trial = scores.iter().zip(&counts).map(|(&score, &count)| Outcome { score, count }).collect();
            outcomes.entry(method).or_default().push(trial);
        }
        trials.push(Trial { known_until, until, learnt_from: forecast.events, finds: counts.iter().sum() });
    }
    let of_model: Vec<Outcome> =
        outcomes.get(&Method::Model).into_iter().flatten().flatten().copied().collect();
    let parts = calibration(&of_model, PARTS);
    Ok(Backtest {
        kind: plan.kind,
        horizon_days: plan.horizon_days,
        share: plan.share,
        words: words(&trials),
        methods: Method::ALL
            .iter()
            .filter_map(|method| outcomes.get(method).map(|trials| Verdict::of(*method, trials, looked_at)))
            .collect(),
        calibration: parts
            .iter()
            .map(|part| CalibrationPart {
                listed: part.listed,
                expected: part.expected,
                observed: part.observed,
            })
            .collect(),
        trials,
    })
}

impl Verdict {
    fn of(method: Method, trials: &[Vec<Outcome>], looked_at: usize) -> Self {
        let all = trials
            .iter()
            .map(|trial| Catch::of(trial, looked_at))
            .reduce(Catch::and)
            .unwrap_or_else(|| Catch::of(&[], 0));
        let areas: Vec<f64> = trials.iter().filter_map(|trial| auc(trial)).collect();
        Self {
            method,
            hit_rate: all.hit_rate(),
            pai: all.pai(),
            pei_star: all.pei_star(),
            auc: (!areas.is_empty()).then(|| areas.iter().sum::<f64>() / areas.len() as f64),
        }
    }
}

/// Finds from which shares mean something: with fewer, one find moves a hit rate by more than three points.
const ENOUGH_FINDS: u32 = 30;

fn words(trials: &[Trial]) -> Message {
    let finds: u32 = trials.iter().map(|trial| trial.finds).sum();
    let periods = trials.len();
    if finds < ENOUGH_FINDS {
        return crate::message!(
            "{periods} 期共 {finds} 件，太少，差别可能只是偶然",
            "{finds} finds in {periods} periods: too few, differences may be chance"
        );
    }
    crate::message!("{periods} 期共 {finds} 件", "{finds} finds in {periods} periods")
}

fn by_cell_count(known: &Record, kind: RiskKind) -> Vec<f64> {
    let cell = |at: [f64; 2]| at.map(|metres| (metres / CELL_M).floor() as i64);
    let mut counts: HashMap<[i64; 2], f64> = HashMap::new();
    for found in of_kind(known, kind) {
        *counts.entry(cell(found.on_plane.to_array())).or_default() += 1.0;
    }
    known
        .enterprises
        .iter()
        .map(|one| counts.get(&cell(one.on_plane.to_array())).copied().unwrap_or(0.0))
        .collect()
}

/// The quartic kernel, up to a factor.
fn by_density(known: &Record, kind: RiskKind) -> Vec<f64> {
    let found: Vec<&Finding> = of_kind(known, kind).collect();
    let weight = |metres: f64| (1.0 - (metres / BANDWIDTH_M).powi(2)).max(0.0).powi(2);
    known
        .enterprises
        .iter()
        .map(|one| found.iter().map(|found| weight(one.on_plane.distance_m(found.on_plane))).sum())
        .collect()
}

fn of_kind(known: &Record, kind: RiskKind) -> impl Iterator<Item = &Finding> {
    known.hazards.iter().filter(move |found| kind.holds(found.kind))
}
