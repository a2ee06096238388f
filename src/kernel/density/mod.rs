//! Risk surfaces: kernel density in events per square kilometre, in metres, independent of zoom and tile.
//!
//! A [`Density`] is made once from weighted [`Event`]s and asked at any position; [`recency`] fades events with
//! age; [`ramp`] says which densities share a colour.
//!
//! Never here: tiles, pixels, longitudes and latitudes, or what an event was. Coordinates are metres of one
//! local projection ([`PlanePoint`](super::plane::PlanePoint)).

pub mod ramp;
mod recency;
mod surface;

pub use recency::recency;
pub use surface::{Density, Event, InvalidDensity};
