//! Vector tiles (Mapbox Vector Tile 2.1) of what the caller may see, with TileJSON 3.0.0 to find them.
//!
//! Every tile is cut inside a transaction of the caller's scope: a layer has no rules of its own about who sees what.
//! Never here: a property that row-level security would not give the caller.

mod api;
mod cache;
mod catalogue;
mod layer;
mod store;

pub use api::router;
pub use layer::Layer;
