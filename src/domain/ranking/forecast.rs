//! Learning from the past how often enterprises like these have finds, and saying it of today.
//!
//! The record is cut into windows of the horizon's length, counted back from the day of the forecast. In each, the
//! features are those of the day before the window and the count is that of the finds within it, per inspection
//! made: where more people look, more is found, and that alone must not raise a score. Never here: scores from 0
//! to 100, or words.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};

use super::feature::{FEATURES, Feature, INTERCEPT};
use super::model::RiskKind;
use super::record::{Finding, Record};
use super::sample::{Sample, samples};
use crate::kernel::scoring::{FitError, Model, Observation, Prior};

/// Windows further back say little about today.
const MOST_WINDOWS: usize = 12;
/// The length of a window that [`INTERCEPT`] is about, in days.
const QUARTER_DAYS: f64 = 91.0;

/// What was learnt.
#[derive(Debug)]
pub(super) struct Forecast {
    pub(super) model: Model,
    /// What was believed before, intercept first.
    pub(super) priors: Vec<Prior>,
    /// The mean of each term: an average enterprise.
    centre: [f64; FEATURES],
    /// The variance of each term: what is not known of an enterprise lies within this.
    variance: [f64; FEATURES],
    /// Finds learnt from.
    pub(super) events: u32,
    /// Enterprises times windows.
    pub(super) observations: usize,
    /// Windows learnt from.
    pub(super) windows: usize,
}

/// What is said of one enterprise.
#[derive(Debug)]
pub(super) struct Prediction {
    /// Intercept first, then the terms less those of an average enterprise; 0 where not known.
    pub(super) features: Vec<f64>,
    /// The standard deviation of the log rate.
    pub(super) sd: f64,
}

impl Forecast {
    /// What `record` up to the end of `on` says of finds in `horizon_days` from there.
    pub(super) fn learn(
        record: &Record,
        kind: RiskKind,
        on: NaiveDate,
        horizon_days: u32,
    ) -> Result<Self, FitError> {
        let windows = windows(record, on, horizon_days);
        let counted: Vec<Counted> =
            windows.iter().map(|&(from, to)| Counted::new(record, kind, from, to)).collect();
        let of_past: Vec<&Sample> = counted.iter().flat_map(|window| &window.samples).collect();
        let (centre, variance) = if of_past.is_empty() {
            moments(&samples(record, kind, on).iter().collect::<Vec<_>>())
        } else {
            moments(&of_past)
        };

        let priors: Vec<Prior> = std::iter::once(Prior {
            mean: INTERCEPT.mean + (f64::from(horizon_days) / QUARTER_DAYS).ln(),
            ..INTERCEPT
        })
        .chain(Feature::ALL.iter().map(|feature| feature.prior()))
        .collect();
        let observations: Vec<Observation> = counted
            .iter()
            .flat_map(|window| window.samples.iter().zip(&window.counts).zip(&window.exposures))
            .map(|((sample, &count), &exposure)| Observation {
                features: features(sample, &centre),
                count: f64::from(count),
                exposure,
            })
            .collect();
        Ok(Self {
            model: Model::fit(&priors, &observations)?,
            priors,
            centre,
            variance,
            events: counted.iter().flat_map(|window| &window.counts).sum(),
            observations: observations.len(),
            windows: windows.len(),
        })
    }

    /// What it says of an enterprise that is as `sample`.
    pub(super) fn predict(&self, sample: &Sample) -> Prediction {
        let features = features(sample, &self.centre);
        let unknown = sample.terms.iter().zip(self.variance);
        let variances: Vec<f64> = std::iter::once(0.0)
            .chain(unknown.map(|(term, variance)| if term.is_some() { 0.0 } else { variance }))
            .collect();
        let sd = self.model.log_rate_sd(&features, &variances);
        Prediction { features, sd }
    }
}

impl Prediction {
    /// Finds expected within the horizon.
    pub(super) fn rate(&self, model: &Model) -> f64 {
        model.log_rate(&self.features).exp()
    }
}

/// Finds of `kind` at each enterprise of the record after `from` and up to `to`, in its order.
pub(super) fn finds(record: &Record, kind: RiskKind, from: NaiveDate, to: NaiveDate) -> Vec<u32> {
    let within = |found: &&Finding| found.found_on > from && found.found_on <= to && kind.holds(found.kind);
    let mut counts = HashMap::new();
    for id in record.hazards.iter().filter(within).filter_map(|found| found.enterprise_id) {
        *counts.entry(id).or_insert(0) += 1;
    }
    record.enterprises.iter().map(|one| counts.get(&one.id).copied().unwrap_or(0)).collect()
}

/// A window with what was known before it and what was found within it, by enterprise.
struct Counted {
    samples: Vec<Sample>,
    counts: Vec<u32>,
    exposures: Vec<f64>,
}

impl Counted {
    fn new(record: &Record, kind: RiskKind, from: NaiveDate, to: NaiveDate) -> Self {
        let visits: Vec<f64> = record
            .enterprises
            .iter()
            .map(|one| record.inspections_between(one.id, from, to) as f64)
            .collect();
        let mean = visits.iter().sum::<f64>() / visits.len().max(1) as f64;
        Self {
            samples: samples(record, kind, from),
            counts: finds(record, kind, from, to),
            // One look more than was written down: finds are reported without an inspection as well.
            exposures: visits.iter().map(|made| (made + 1.0) / (mean + 1.0)).collect(),
        }
    }
}

/// Windows from the latest back, each the day before it and its last day; the record reaches at least as far before
/// the first as it is long, so that there was something to know.
fn windows(record: &Record, on: NaiveDate, horizon_days: u32) -> Vec<(NaiveDate, NaiveDate)> {
    let Some(begins_on) = record.begins_on() else { return Vec::new() };
    let length = TimeDelta::days(i64::from(horizon_days));
    std::iter::successors(Some(on), |to| to.checked_sub_signed(length))
        .take(MOST_WINDOWS + 1)
        .collect::<Vec<_>>()
        .windows(2)
        .map(|pair| (pair[1], pair[0]))
        .take_while(|(from, _)| *from - begins_on >= length)
        .collect()
}

fn features(sample: &Sample, centre: &[f64; FEATURES]) -> Vec<f64> {
    let less_mean = sample.terms.iter().zip(centre).map(|(term, mean)| term.map_or(0.0, |term| term - mean));
    std::iter::once(1.0).chain(less_mean).collect()
}

/// The mean and variance of each term over those for whom it is known.
fn moments(samples: &[&Sample]) -> ([f64; FEATURES], [f64; FEATURES]) {
    let known = |i: usize| samples.iter().filter_map(move |sample| sample.terms[i]);
    let mean = |i: usize| known(i).sum::<f64>() / known(i).count().max(1) as f64;
    let centre: [f64; FEATURES] = std::array::from_fn(mean);
    let variance = std::array::from_fn(|i| match known(i).count() {
        // Of what nobody knows, anything is believed within reason: one unit of the logarithm.
        0 | 1 => 1.0,
        n => known(i).map(|term| (term - centre[i]).powi(2)).sum::<f64>() / (n - 1) as f64,
    });
    (centre, variance)
}
