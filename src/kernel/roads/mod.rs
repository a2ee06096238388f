//! Roads as a graph: joining lines, snapping, durations between many places, quickest ways, what to do on them.
//!
//! [`RoadNetwork`] joins road lines into nodes and edges; [`RoadGraph`] is that network as one [`Profile`]
//! may use it, reduced to the largest part in which every place can be reached from every other, with a
//! contraction hierarchy over it; a [`Snap`] puts a point on the nearest edge of it; [`Durations`] holds the
//! durations of the quickest trips between many snaps; a [`Path`] is the line of one, and its [`Step`]s what to do
//! along it. [`Conditions`] close roads or make them slow without building anything anew.
//!
//! Never here: where roads come from, longitudes and latitudes, words, or who walks. Coordinates are metres of one
//! local projection ([`PlanePoint`](super::plane::PlanePoint)).
//!
//! # Example
//!
//! ```
//! use std::sync::Arc;
//! use gridkeeper::kernel::plane::PlanePoint;
//! use gridkeeper::kernel::roads::{Conditions, Profile, RoadClass, RoadGraph, RoadLine, RoadNetwork};
//!
//! let at = |east_m, north_m| PlanePoint::new(east_m, north_m);
//! let block = [
//!     RoadLine::new(vec![at(0.0, 0.0), at(100.0, 0.0)], RoadClass::Lane),
//!     RoadLine::new(vec![at(100.0, 0.0), at(100.0, 50.0), at(0.0, 50.0), at(0.0, 0.0)], RoadClass::Lane),
//! ];
//! let graph = RoadGraph::new(Arc::new(RoadNetwork::build(&block)?), Profile::Foot);
//! let doors = [at(20.0, 5.0), at(80.0, 5.0)];
//! let snaps: Vec<_> = doors.iter().filter_map(|&door| graph.snap(door, 1_000.0)).collect();
//!
//! // 5 m to the road, 60 m along it and 5 m to the other door, at 1.25 m/s.
//! assert_eq!(graph.durations(&snaps, &snaps).ms(0, 1), Some(56_000));
//! assert_eq!(graph.path(&snaps[0], &snaps[1]).map(|path| path.length_m), Some(70.0));
//!
//! let mut works = Conditions::default();
//! works.close(snaps[0].edge);
//! let detour = graph.under(&works);
//! let doors: Vec<_> = doors.iter().filter_map(|&door| detour.snap(door, 1_000.0)).collect();
//! assert!(detour.durations(&doors, &doors).ms(0, 1) > Some(56_000));
//! # Ok::<(), gridkeeper::kernel::roads::BuildError>(())
//! ```

mod access;
mod components;
mod frame;
mod graph;
mod matrix;
mod network;
#[cfg(test)]
mod oracle;
mod path;
mod profile;
mod search;
mod snap;
mod steps;
#[cfg(test)]
mod street;
mod trip;
mod weights;

pub use access::{Access, Directions, Stopped};
pub use graph::{Fragment, RoadGraph};
pub use matrix::Durations;
pub use network::{BuildError, Edge, EdgeId, NodeId, RoadLine, RoadNetwork};
pub use path::{Path, Stretch};
pub use profile::{Profile, RoadClass};
pub use snap::Snap;
pub use steps::{Maneuver, Side, Step, Turn};
pub use weights::Conditions;
