//! Areas (行政区划): province to village, with codes, names and outlines.

mod api;
mod model;
mod store;

pub use api::router;
pub use model::{Area, AreaKind};
