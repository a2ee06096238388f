//! Tallies: how many reports per week or month, and per village or grid, for histograms and choropleths.
//!
//! Never here: surfaces, or single reports.

mod api;
mod areas;
mod periods;
mod store;

pub(super) use api::router;
pub use periods::Span;
