//! Roads (道路): the streets' roads as graphs to walk and drive along.
//!
//! A [`Road`] is a road as a file or the database has it; [`Ways`] are roads made into a graph for one [`Mode`], in
//! the projection of their place, with places found on it; [`Maps`] remembers those of the streets asked for
//! lately. The algorithms are `kernel::roads`.
//!
//! Never here: who walks where, or which file format roads come in.
//!
//! # From a network file to a matrix
//!
//! `interop::network::read(name, bytes)` gives the roads of an `.osm.pbf` or GeoJSON file. Then
//! `Ways::new(&roads, Mode::Foot, anywhere)` builds the graph, `ways.find(&places, 0)` snaps places (WGS84) to it,
//! `places.matrix()` is the matrix in milliseconds (none where there is no way; also for a place that is further
//! than a kilometre from every road) and `places.leg(from, to)` one way with its line in WGS84 and its steps.

mod api;
mod closure;
mod maps;
mod model;
mod store;
mod ways;
mod words;

pub use api::router;
pub use closure::Closure;
pub use maps::Maps;
pub use model::{Barrier, Mode, Road, RoadFacts, RoadUse};
pub use ways::{Leg, LegStep, Matrix, Places, Ways};
