//! Hotspots: where values are high beyond what chance would bring together.
//!
//! Values belong to units (hexagons, grids, enterprises) and [`Neighbours`] say which units are near each other.
//! [`local_g`] (Getis-Ord G and G*) and [`local_moran`] score each unit, [`global_g`] and [`global_moran`] all of
//! them together; [`Shuffles`] tell how often chance does as well, and [`false_discovery_rate`] what is left when so
//! many units are tested at once. Conventions and formulas are those of PySAL's esda, and so are the figures.
//!
//! Never here: what the units are, or where.

mod discovery;
mod getis_ord;
mod global;
mod moran;
mod neighbours;
mod normal;
mod shuffle;

pub use discovery::false_discovery_rate;
pub use getis_ord::{LocalG, local_g};
pub use global::{Global, global_g, global_moran};
pub use moran::{LocalMoran, Quadrant, local_moran};
pub use neighbours::{InvalidNeighbours, Neighbours, Weights};
pub use normal::upper_tail;
pub use shuffle::{Rank, Shuffles};
