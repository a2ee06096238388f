//! Hotspots (热点): the hexagons, grids or enterprises around which more reports lie than chance would bring together.
//!
//! Never here: the statistics themselves, which are `kernel::hotspots`.

mod api;
mod assess;
mod hexagons;
mod model;
mod store;
mod units;

pub(super) use api::router;
pub use model::{Trend, UnitKind};
pub(super) use store::{Occurrence, occurrences};
