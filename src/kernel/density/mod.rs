//! Risk surfaces: kernel density in events per square kilometre, in metres, independent of zoom and tile.
//!
//! A [`Density`] is made once from weighted [`Event`]s and asked at any position; [`raster`] asks it at the cells of a
//! whole raster, a [`Lattice`] answers for maps even
//! where events are many; [`recency`] fades events with age; [`ramp`] says which densities share a colour.
//!
//! Never here: tiles, pixels, longitudes and latitudes, or what an event was. Coordinates are metres of one
//! local projection ([`PlanePoint`](super::plane::PlanePoint)).

mod adaptive;
mod bandwidth;
mod chords;
mod contour;
mod kernel;
mod lattice;
mod network;
mod nodes;
mod patch;
pub mod ramp;
mod raster;
mod recency;
mod relative;
mod stencil;
mod surface;
mod window;

pub use adaptive::{Adaptive, AdaptiveVisitor};
pub use bandwidth::{likely_bandwidth, scott_bandwidth};
pub use chords::Chords;
pub use contour::{Heights, contour};
pub use kernel::Kernel;
pub use lattice::{Lattice, Visitor};
pub use network::{Lixel, RoadEvent, network_density};
pub use patch::{Columns, Patch};
pub use raster::{Positions, raster};
pub use recency::recency;
pub use relative::{least_base, relative};
pub use surface::{Density, Event, InvalidDensity};
pub use window::Window;
