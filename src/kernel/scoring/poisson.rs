//! Poisson regression with normal priors: log rate = Σ coefficient × feature, counts ~ Poisson(exposure × rate).
//!
//! The coefficients are where the posterior is highest; their covariance is the inverse of its curvature there
//! (Laplace's approximation; Gelman et al., "Bayesian Data Analysis", 3rd ed., sections 4.1 and 16.2). With no
//! observation the model is its priors, and with many the priors hardly count: where data are thin it says so by
//! its covariance instead of by a wild coefficient.
//!
//! Never here: choosing features or priors.

use thiserror::Error;

use super::symmetric::{Symmetric, dot};

/// What is believed of a coefficient before any observation: normal, with this mean and standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation; above 0.
    pub sd: f64,
}

/// How many events were counted where the features were these.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// One value per coefficient. An intercept is a feature that is always 1.
    pub features: Vec<f64>,
    /// How many events.
    pub count: f64,
    /// How much chance there was to see one: time, or visits. Above 0; the rate is per unit of it.
    pub exposure: f64,
}

/// Coefficients with their uncertainty.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    coefficients: Vec<f64>,
    covariance: Symmetric,
}

/// Why a model cannot be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FitError {
    /// An observation has more or fewer features than there are priors.
    #[error("observation {0} has another number of features than there are coefficients")]
    Shape(usize),
    /// An observation holds what is no number, a negative count, or no exposure.
    #[error("observation {0} is not a count of events")]
    NotACount(usize),
    /// A prior has a standard deviation that is not above 0, or no mean.
    #[error("prior {0} is not a distribution")]
    NotAPrior(usize),
    /// The posterior could not be climbed: the features are beyond what floating point can hold.
    #[error("the features are too large to fit")]
    TooLarge,
}

/// Newton's method doubles the digits at each step: this is far more than any fit needs.
const MOST_STEPS: usize = 100;
/// A step this short in every coefficient has arrived.
const ARRIVED: f64 = 1e-10;
/// A linear predictor beyond this is no rate of anything that can be counted: e³⁰ is ten million million.
const STEEPEST: f64 = 30.0;

impl Model {
    /// The model that `observations` make of `priors`. O(n·k² + k³) a step for n observations of k features.
    ///
    /// The posterior is strictly concave, so there is one answer, and the order of observations changes it by
    /// rounding only.
    ///
    /// # Errors
    /// [`FitError`] if something is not a number or has another shape.
    pub fn fit(priors: &[Prior], observations: &[Observation]) -> Result<Self, FitError> {
        check(priors, observations)?;
        let precision: Vec<f64> = priors.iter().map(|prior| prior.sd.powi(-2)).collect();
        let mut coefficients: Vec<f64> = priors.iter().map(|prior| prior.mean).collect();
        let mut height = log_posterior(priors, observations, &coefficients);
        for _ in 0..MOST_STEPS {
            let (gradient, curvature) = slope(priors, &precision, observations, &coefficients);
            let step = curvature.factor().ok_or(FitError::TooLarge)?.solve(&gradient);
            // Far from the top a whole step may overshoot; half of it, or half of that, goes up.
            let mut length = 1.0;
            let (next, next_height) = loop {
                let next: Vec<f64> = coefficients.iter().zip(&step).map(|(c, s)| c + length * s).collect();
                let next_height = log_posterior(priors, observations, &next);
                if next_height >= height || length < 1e-9 {
                    break (next, next_height);
                }
                length /= 2.0;
            };
            if next_height >= height {
                coefficients = next;
                height = next_height;
            }
            if step.iter().all(|s| (s * length).abs() < ARRIVED) {
                break;
            }
        }
        let (_, curvature) = slope(priors, &precision, observations, &coefficients);
        let covariance = curvature.factor().ok_or(FitError::TooLarge)?.inverse();
        Ok(Self { coefficients, covariance })
    }

    /// The coefficients, in the order of the priors.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The standard deviation of a coefficient.
    ///
    /// # Panics
    /// When there is no such coefficient.
    #[must_use]
    pub fn sd(&self, coefficient: usize) -> f64 {
        self.covariance.at_diagonal(coefficient).sqrt()
    }

    /// The log of the rate where the features are these.
    #[must_use]
    pub fn log_rate(&self, features: &[f64]) -> f64 {
        dot(&self.coefficients, features)
    }

    /// The standard deviation of [`Model::log_rate`], when each feature is known up to a variance of its own
    /// (0 for one that is known). To first order the two kinds of ignorance add.
    #[must_use]
    pub fn log_rate_sd(&self, features: &[f64], variances: &[f64]) -> f64 {
        let of_features: f64 = self.coefficients.iter().zip(variances).map(|(c, v)| c * c * v).sum();
        (self.covariance.quadratic(features) + of_features).max(0.0).sqrt()
    }
}

fn check(priors: &[Prior], observations: &[Observation]) -> Result<(), FitError> {
    let is_prior = |prior: &Prior| prior.mean.is_finite() && prior.sd.is_finite() && prior.sd > 0.0;
    if let Some(i) = priors.iter().position(|prior| !is_prior(prior)) {
        return Err(FitError::NotAPrior(i));
    }
    for (i, one) in observations.iter().enumerate() {
        if one.features.len() != priors.len() {
            return Err(FitError::Shape(i));
        }
        let is_count = one.count.is_finite() && one.count >= 0.0;
        let is_exposed = one.exposure.is_finite() && one.exposure > 0.0;
        if !is_count || !is_exposed || one.features.iter().any(|feature| !feature.is_finite()) {
            return Err(FitError::NotACount(i));
        }
    }
    Ok(())
}

fn expected(one: &Observation, coefficients: &[f64]) -> f64 {
    one.exposure * dot(coefficients, &one.features).min(STEEPEST).exp()
}

/// Up to a constant.
fn log_posterior(priors: &[Prior], observations: &[Observation], coefficients: &[f64]) -> f64 {
    let of_priors: f64 =
        priors.iter().zip(coefficients).map(|(p, c)| -0.5 * ((c - p.mean) / p.sd).powi(2)).sum();
    let of_counts: f64 = observations
        .iter()
        .map(|one| one.count * dot(coefficients, &one.features) - expected(one, coefficients))
        .sum();
    of_priors + of_counts
}

/// The gradient of the log posterior, and its negative Hessian.
fn slope(
    priors: &[Prior],
    precision: &[f64],
    observations: &[Observation],
    coefficients: &[f64],
) -> (Vec<f64>, Symmetric) {
    let mut gradient: Vec<f64> =
        priors.iter().zip(precision).zip(coefficients).map(|((p, w), c)| (p.mean - c) * w).collect();
    let mut curvature = Symmetric::diagonal(precision);
    for one in observations {
        let mean = expected(one, coefficients);
        for (slope, feature) in gradient.iter_mut().zip(&one.features) {
            *slope += (one.count - mean) * feature;
        }
        curvature.add_outer(&one.features, mean);
    }
    (gradient, curvature)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Prior = Prior { mean: 0.0, sd: 1e3 };

    fn observation(features: &[f64], count: f64, exposure: f64) -> Observation {
        Observation { features: features.to_vec(), count, exposure }
    }

    #[test]
    fn without_observations_the_model_is_its_priors() {
        let model = Model::fit(&[Prior { mean: -2.0, sd: 0.5 }, Prior { mean: 1.0, sd: 0.25 }], &[]).unwrap();
        assert_eq!(model.coefficients(), [-2.0, 1.0]);
        assert!((model.sd(0) - 0.5).abs() < 1e-12 && (model.sd(1) - 0.25).abs() < 1e-12);
    }

    /// One group has 30 events in 10 units, the other 5 in 20: the rates are known in closed form.
    #[test]
    fn two_groups_get_their_own_rates() {
        let seen = [observation(&[1.0, 0.0], 30.0, 10.0), observation(&[1.0, 1.0], 5.0, 20.0)];
        let model = Model::fit(&[FLAT, FLAT], &seen).unwrap();
        let [base, difference] = model.coefficients() else { panic!() };
        assert!((base - 3.0_f64.ln()).abs() < 1e-6, "{base}");
        assert!((base + difference - 0.25_f64.ln()).abs() < 1e-5, "{difference}");
        // The variance of a log rate is one over its count.
        assert!((model.sd(0) - (1.0 / 30.0_f64).sqrt()).abs() < 1e-6);
        assert!((model.log_rate_sd(&[1.0, 1.0], &[0.0, 0.0]) - (1.0 / 5.0_f64).sqrt()).abs() < 1e-5);
    }

    /// The normal equations of a generalised linear model (P. `McCullagh` and J. A. Nelder 1989, section 2.5).
    #[test]
    fn at_the_top_residuals_are_orthogonal_to_features() {
        let counts = [2.0, 3.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 15.0];
        let seen: Vec<_> =
            counts.iter().enumerate().map(|(x, &y)| observation(&[1.0, x as f64], y, 1.0)).collect();
        let model = Model::fit(&[FLAT, FLAT], &seen).unwrap();
        for feature in 0..2 {
            let residual: f64 = seen
                .iter()
                .map(|one| one.features[feature] * (one.count - model.log_rate(&one.features).exp()))
                .sum();
            assert!(residual.abs() < 1e-4, "{residual}");
        }
    }

    #[test]
    fn a_thin_record_moves_little_and_says_so() {
        let prior = [Prior { mean: -2.0, sd: 0.5 }];
        let thin = Model::fit(&prior, &[observation(&[1.0], 1.0, 1.0)]).unwrap();
        let thick = Model::fit(&prior, &[observation(&[1.0], 1000.0, 1000.0)]).unwrap();
        assert!(thin.coefficients()[0] < -1.5 && thin.sd(0) > 0.4);
        assert!(thick.coefficients()[0].abs() < 0.1 && thick.sd(0) < 0.05);
    }

    #[test]
    fn what_is_not_known_of_a_feature_widens_and_does_not_move() {
        let model = Model::fit(&[Prior { mean: 0.3, sd: 0.1 }], &[]).unwrap();
        assert!((model.log_rate_sd(&[2.0], &[0.0]) - 0.2).abs() < 1e-12);
        assert!((model.log_rate_sd(&[2.0], &[1.0]) - (0.04_f64 + 0.09).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let prior = [Prior { mean: 0.0, sd: 1.0 }];
        assert_eq!(Model::fit(&[Prior { mean: 0.0, sd: 0.0 }], &[]), Err(FitError::NotAPrior(0)));
        let fit = |features: &[f64], count, exposure| {
            Model::fit(&prior, &[observation(features, count, exposure)]).unwrap_err()
        };
        assert_eq!(fit(&[1.0, 2.0], 1.0, 1.0), FitError::Shape(0));
        assert_eq!(fit(&[f64::NAN], 1.0, 1.0), FitError::NotACount(0));
        assert_eq!(fit(&[1.0], -1.0, 1.0), FitError::NotACount(0));
        assert_eq!(fit(&[1.0], 1.0, 0.0), FitError::NotACount(0));
    }
}
