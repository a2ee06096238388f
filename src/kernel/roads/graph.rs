//! A road network as one profile may use it. Never here: how trips over it are found.

use std::sync::Arc;

use super::frame::Frame;
use super::network::{EdgeId, RoadNetwork};
use super::profile::Profile;
use super::weights::{Conditions, Weights};
use crate::kernel::plane::PlanePoint;

/// The part of a [`RoadNetwork`] that a [`Profile`] can use and that holds together: while no road is closed, from
/// every place in it every other can be reached, and back.
///
/// A graph is its frame, which is costly to build and shared, and its weights, which are not: see
/// [`under`](Self::under).
#[derive(Debug, Clone)]
pub struct RoadGraph {
    pub(super) frame: Arc<Frame>,
    pub(super) weights: Arc<Weights>,
}

/// Roads that the profile may use but that do not belong to the graph, because one cannot get there and back.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragment {
    /// The edges of the fragment in rising order.
    pub edges: Vec<EdgeId>,
    /// Their length in metres.
    pub length_m: f64,
    /// A place on it to look at.
    pub at: PlanePoint,
}

impl RoadGraph {
    /// The graph of `network` for `profile`: the largest strongly connected part by length; what is left over
    /// is reported by [`fragments`](Self::fragments).
    ///
    /// Takes about O(n log n) for n vertices: the contraction order by inertial flow (Schild and Sommer 2015) is
    /// most of it.
    #[must_use]
    pub fn new(network: Arc<RoadNetwork>, profile: Profile) -> Self {
        let frame = Frame::new(network, profile);
        let weights = Weights::new(&frame, &Conditions::default());
        Self { frame: Arc::new(frame), weights: Arc::new(weights) }
    }

    /// The same graph under other conditions: roads closed, roads slower than usual. Nothing is rebuilt; only the
    /// shortcuts are weighed again, in milliseconds for a county.
    ///
    /// Closed roads may cut the graph in two: trips from one part to the other then have no duration.
    #[must_use]
    pub fn under(&self, conditions: &Conditions) -> Self {
        let weights = Weights::new(&self.frame, conditions);
        Self { frame: Arc::clone(&self.frame), weights: Arc::new(weights) }
    }

    /// The network this graph was made of.
    #[must_use]
    pub fn network(&self) -> &RoadNetwork {
        &self.frame.network
    }

    /// Who goes along it.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.frame.profile
    }

    /// The length of its roads in metres.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.frame.length_m
    }

    /// How many edges it has, counting one that may be travelled both ways twice.
    #[must_use]
    pub fn arcs(&self) -> usize {
        self.frame.arcs.len()
    }

    /// Usable roads that are not part of the graph, the longest first.
    #[must_use]
    pub fn fragments(&self) -> &[Fragment] {
        &self.frame.fragments
    }
}
