//! Redrawing zones by GeoJSON files: units, roads and barriers in, zones out.
//!
//! Never here: the search, or words about its result; those are `domain::rezoning`'s.

mod columns;
mod lines;
mod locks;
mod units;
mod zones;

pub use columns::{Columns, LoadColumn};
pub use lines::lines;
pub use units::{UnitsError, units};
pub use zones::write;
