//! How long each edge takes, as things are today. Never here: which way to go.

use cch::{INF_WEIGHT, Metric};

use super::frame::Frame;
use super::network::EdgeId;

/// What is not as usual: roads that are closed, roads that are slow.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conditions {
    closed: Vec<EdgeId>,
    slowed: Vec<(EdgeId, f64)>,
}

/// Milliseconds along edges and shortcuts. Whole numbers, so that any two ways of adding them up agree.
#[derive(Debug)]
pub(super) struct Weights {
    /// For each edge; [`CLOSED`] where one cannot go.
    pub(super) edge_ms: Vec<u32>,
    pub(super) metric: Metric,
}

/// The weight of an edge that cannot be travelled, and of a trip that cannot be made.
pub(super) const CLOSED: u32 = INF_WEIGHT;

impl Conditions {
    /// Nobody gets along `edge`, in either direction.
    pub fn close(&mut self, edge: EdgeId) {
        self.closed.push(edge);
    }

    /// Going along `edge` takes `factor` times as long as usual. Of several factors the last counts; one that is
    /// not a positive number is none.
    pub fn slow(&mut self, edge: EdgeId, factor: f64) {
        self.slowed.push((edge, factor));
    }

    /// Whether everything is as usual.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.closed.is_empty() && self.slowed.is_empty()
    }
}

impl Weights {
    pub(super) fn new(frame: &Frame, conditions: &Conditions) -> Self {
        let mut edge_ms: Vec<u32> = frame
            .network
            .edges()
            .iter()
            .zip(&frame.s_per_m)
            .map(|(edge, s_per_m)| milliseconds(edge.length_m() * s_per_m))
            .collect();
        let usual_ms = edge_ms.clone();
        let of_graph = |edge: EdgeId| usual_ms.get(edge as usize).is_some_and(|&ms| ms != CLOSED);
        for &(edge, factor) in conditions.slowed.iter().filter(|&&(edge, _)| of_graph(edge)) {
            if factor.is_finite() && factor > 0.0 {
                edge_ms[edge as usize] = milliseconds(f64::from(usual_ms[edge as usize]) / 1000.0 * factor);
            }
        }
        for &edge in conditions.closed.iter().filter(|&&edge| of_graph(edge)) {
            edge_ms[edge as usize] = CLOSED;
        }
        let arc_ms: Vec<u32> = frame.arcs.iter().map(|arc| edge_ms[arc.edge as usize]).collect();
        let metric = frame.hierarchy.customize(&arc_ms);
        Self { edge_ms, metric }
    }
}

/// Seconds as whole milliseconds; [`CLOSED`] for what takes for ever, or 25 days.
pub(super) fn milliseconds(seconds: f64) -> u32 {
    let ms = (seconds * 1000.0).round();
    if ms < f64::from(CLOSED) { ms as u32 } else { CLOSED }
}
