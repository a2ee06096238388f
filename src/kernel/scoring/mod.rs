//! Scores that can be argued with: how often something is expected, why, how sure that is, and whether it came
//! true.
//!
//! [`Model::fit`] learns rates of events from counts (Poisson regression with normal priors); [`shares`] divides
//! what it says of one thing among its reasons so that they add up; [`evaluation`] holds a ranking against what
//! happened.
//!
//! Never here: what is scored, or what a feature means.

pub mod evaluation;
mod poisson;
mod shapley;
mod symmetric;

pub use poisson::{FitError, Model, Observation, Prior};
pub use shapley::{MOST_PLAYERS, shares};
