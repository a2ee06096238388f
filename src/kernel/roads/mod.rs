//! Roads as a graph: joining lines, snapping, shortest paths, walking distances.
//!
//! [`RoadNetwork`] joins road lines into nodes and edges; [`RoadGraph`] is that network as one [`Profile`]
//! may use it, reduced to the largest part in which every place can be reached from every other; a [`Snap`]
//! puts a point on the nearest edge of it; [`Reach`] holds the quickest trips from one snap to many.
//!
//! Never here: where roads come from, longitudes and latitudes, or who walks. Coordinates are metres of one
//! local projection ([`PlanePoint`](super::plane::PlanePoint)).

mod components;
mod graph;
mod network;
#[cfg(test)]
mod oracle;
mod profile;
mod search;
mod snap;
#[cfg(test)]
mod street;

pub use graph::{Fragment, RoadGraph};
pub use network::{BuildError, Edge, EdgeId, NodeId, RoadLine, RoadNetwork};
pub use profile::{Profile, RoadClass};
pub use search::{Path, Reach, Trip};
pub use snap::Snap;
