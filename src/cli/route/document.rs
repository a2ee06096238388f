//! The files of `gridkeeper route`: the problem and the plan as JSON. Never here: what they mean to the solver.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is to be planned.
#[derive(Debug, Deserialize)]
pub(super) struct ProblemDocument {
    /// Travel times from each place to each; `null` where there is no way.
    /// Without it, places are on a network.
    #[serde(default)]
    pub(super) matrix: Option<Vec<Vec<Option<i64>>>>,
    /// How workers move on a network, unless they say otherwise.
    #[serde(default)]
    pub(super) profile: Option<String>,
    pub(super) stops: Vec<StopDocument>,
    pub(super) workers: Vec<WorkerDocument>,
    #[serde(default)]
    pub(super) pins: Option<Pins>,
}

/// A place: a number in the matrix, or longitude and latitude (WGS84).
#[derive(Debug, Clone, Copy, Deserialize, PartialEq)]
#[serde(untagged)]
pub(super) enum PlaceDocument {
    Index(usize),
    Position([f64; 2]),
}

#[derive(Debug, Deserialize)]
pub(super) struct StopDocument {
    pub(super) id: String,
    pub(super) at: PlaceDocument,
    #[serde(default)]
    pub(super) service: i64,
    #[serde(default)]
    pub(super) prize: f64,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) windows: Option<Vec<[i64; 2]>>,
    #[serde(default)]
    pub(super) skills: Option<Vec<String>>,
    /// Fields that mean nothing here.
    #[serde(flatten)]
    pub(super) unknown: serde_json::Map<String, Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WorkerDocument {
    pub(super) id: String,
    pub(super) start: PlaceDocument,
    #[serde(default)]
    pub(super) end: Option<PlaceDocument>,
    pub(super) shift: [i64; 2],
    #[serde(default, rename = "break")]
    pub(super) rest: Option<BreakDocument>,
    #[serde(default)]
    pub(super) skills: Option<Vec<String>>,
    /// How this worker moves on a network.
    #[serde(default)]
    pub(super) profile: Option<String>,
    /// How many times as fast as the travel times say this worker is.
    #[serde(default)]
    pub(super) speed: Option<f64>,
    /// Fields that mean nothing here.
    #[serde(flatten)]
    pub(super) unknown: serde_json::Map<String, Value>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct BreakDocument {
    /// When it may begin.
    pub(super) window: [i64; 2],
    pub(super) length: i64,
}

/// What has been promised: stops that stay with a worker, beginnings of routes that stay as they are, and a plan
/// that people already know. A bare list is that of the stops.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Pins {
    Stops(Vec<Pin>),
    All(Promises),
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Promises {
    #[serde(default)]
    pub(super) stops: Vec<Pin>,
    /// The stops that a worker's route begins with, in order.
    #[serde(default)]
    pub(super) frozen: Vec<Order>,
    #[serde(default)]
    pub(super) published: Option<Published>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Pin {
    pub(super) stop: String,
    pub(super) worker: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Order {
    pub(super) worker: String,
    pub(super) stops: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Published {
    pub(super) routes: Vec<Order>,
    /// What a stop loses of its prize when another worker makes the call.
    pub(super) penalty: f64,
}

/// A plan. What is not needed to check one may be missing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PlanDocument {
    pub(super) prize: serde_json::Number,
    pub(super) travel: i64,
    pub(super) routes: Vec<RouteDocument>,
    pub(super) left_out: Vec<LeftOutDocument>,
    #[serde(default)]
    pub(super) iterations: u64,
    #[serde(default)]
    pub(super) seed: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RouteDocument {
    pub(super) worker: String,
    pub(super) stops: Vec<VisitDocument>,
    pub(super) start: i64,
    pub(super) end: i64,
    #[serde(default, rename = "break", skip_serializing_if = "Option::is_none")]
    pub(super) rest: Option<RestDocument>,
    #[serde(default)]
    pub(super) geometry: Option<Value>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct VisitDocument {
    pub(super) id: String,
    pub(super) arrive: i64,
    pub(super) start: i64,
    pub(super) leave: i64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RestDocument {
    pub(super) start: i64,
    pub(super) end: i64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LeftOutDocument {
    pub(super) id: String,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) detail: Value,
}
