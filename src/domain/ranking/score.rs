//! From an expected number of finds to a score from 0 to 100 and the points of each reason. Never here: learning.

use super::feature::{FEATURES, Feature};
use super::forecast::{Forecast, Prediction};
use crate::kernel::scoring::shares;

/// The quantile of the normal distribution that leaves a twentieth above: intervals hold nine in ten.
const NINE_IN_TEN: f64 = 1.645;
/// An interval wider than this, in points, leaves nothing to be said by a single number.
const TOO_WIDE: f64 = 60.0;

/// What is said of one enterprise, in tenths of a point, so that base and points add up to the score exactly.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scored {
    pub(super) score: i32,
    /// Nine times in ten the true chance lies within.
    pub(super) interval: (i32, i32),
    /// What an average enterprise would have.
    pub(super) base: i32,
    /// By [`Feature::ALL`].
    pub(super) points: [i32; FEATURES],
}

impl Scored {
    /// The score is the chance in a hundred of at least one find within the horizon: 100·(1 − e^(−rate)). The points are
    /// each reason's Shapley share of what parts it from the score of an average enterprise.
    pub(super) fn of(forecast: &Forecast, prediction: &Prediction) -> Self {
        let log_rate = forecast.model.log_rate(&prediction.features);
        let with = |reasons: u32| {
            let mut features = prediction.features.clone();
            for i in (0..FEATURES).filter(|i| reasons >> i & 1 == 0) {
                features[i + 1] = 0.0;
            }
            chance(forecast.model.log_rate(&features))
        };
        let base = tenths(with(0));
        let score = tenths(chance(log_rate));
        let points = add_up(&shares(FEATURES, with), score - base);
        let reach = NINE_IN_TEN * prediction.sd;
        let interval = (tenths(chance(log_rate - reach)), tenths(chance(log_rate + reach)));
        Self { score, interval, base, points }
    }

    /// Whether a single number would pretend to more than is known.
    pub(super) fn is_thin(&self) -> bool {
        f64::from(self.interval.1 - self.interval.0) > TOO_WIDE * 10.0
    }

    /// The reasons that raise it, the strongest first.
    pub(super) fn raised_by(&self) -> Vec<Feature> {
        let mut raised: Vec<(i32, Feature)> = self
            .points
            .iter()
            .zip(Feature::ALL)
            .filter(|(points, _)| **points > 0)
            .map(|(&points, &feature)| (points, feature))
            .collect();
        raised.sort_by_key(|&(points, feature)| (-points, feature));
        raised.into_iter().map(|(_, feature)| feature).collect()
    }
}

fn chance(log_rate: f64) -> f64 {
    -100.0 * (-log_rate.exp()).exp_m1()
}

fn tenths(points: f64) -> i32 {
    (points * 10.0).round() as i32
}

/// `parts` in tenths, rounded so that they add up to `whole`: those cut off most are rounded up first.
fn add_up(parts: &[f64], whole: i32) -> [i32; FEATURES] {
    let exact: Vec<f64> = parts.iter().map(|part| part * 10.0).collect();
    let mut rounded: [i32; FEATURES] = std::array::from_fn(|i| exact[i].floor() as i32);
    let missing = whole - rounded.iter().sum::<i32>();
    let mut by_loss: Vec<usize> = (0..FEATURES).collect();
    by_loss.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())));
    for &i in by_loss.iter().cycle().take(missing.unsigned_abs() as usize) {
        rounded[i] += missing.signum();
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_parts_still_add_up() {
        let rounded = add_up(&[0.04, 0.04, 0.04, -1.26, 2.0, 0.0, 0.0], 9);
        assert_eq!(rounded.iter().sum::<i32>(), 9);
        for (part, exact) in rounded.iter().zip([0.4, 0.4, 0.4, -12.6, 20.0, 0.0, 0.0]) {
            assert!((f64::from(*part) - exact).abs() <= 1.0, "{part} for {exact}");
        }
    }

    #[test]
    fn a_rate_becomes_a_chance() {
        assert!((chance(0.0) - 63.212_055_882_855_77).abs() < 1e-9, "one find expected: 1 − 1/e");
        assert!(chance(-30.0) < 1e-9 && (chance(5.0) - 100.0).abs() < 1e-9);
    }
}
