//! The algorithms the project exists for: plain data in, plain data out, deterministic.
//!
//! Never here: I/O, async, SQL, HTTP, clocks, or randomness that is not passed in. The kernel has no opinions
//! about the village; the rooms translate.

pub mod density;
pub mod geometry;
pub mod hotspots;
pub mod plane;
mod random;
pub mod roads;
pub mod rota;
pub mod routing;
pub mod scoring;
pub mod spacetime;
pub mod zoning;
