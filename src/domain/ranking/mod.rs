//! Ranking (风险排序): which enterprises most deserve a visit, why, and how sure that is.
//!
//! `record` is what is known; `feature` says what counts and what is believed of it beforehand; `sample` turns the
//! record as it stood on a day into features; `forecast` learns from the past and scores today; `backtest` holds
//! earlier forecasts against what happened; `sheet` writes a ranking as a spreadsheet. Never here: places that are no enterprises, or a score without its
//! reasons.

mod api;
mod backtest;
mod feature;
mod forecast;
mod model;
mod record;
mod sample;
mod score;
mod sheet;
mod store;

pub use api::router;
pub use backtest::{Backtest, BacktestPlan, CalibrationPart, Method, Trial, Verdict, backtest};
pub use feature::Feature;
pub use model::RiskKind;
pub use record::Record;
pub use store::record;

#[cfg(test)]
mod tests;
