//! The report on proposals, as it is written.

use serde::Serialize;
use utoipa::ToSchema;

use super::name::Name;
use crate::platform::locale::Message;

/// Everything about a question and its answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Report {
    /// How many zones were asked for.
    pub k: usize,
    /// How far a load may be from the mean, as a share of it.
    pub tolerance: f64,
    /// Where the search's choices start from.
    pub seed: u64,
    /// How many units there are.
    pub unit_count: usize,
    /// How many different places they are at; units at one place stay together.
    pub places: usize,
    /// How many pairs of places border on each other.
    pub borders: usize,
    /// The largest deviation of today's zones, if there are any.
    pub deviation_today: Option<f64>,
    /// The proposal put forward, which the fields below repeat.
    pub chosen: &'static str,
    /// Over all zones.
    pub overall: Overall,
    /// Zone by zone.
    pub zones: Vec<ZoneReport>,
    /// The zone of each unit, in the units' order.
    pub assignment: Vec<Assigned>,
    /// The pairs of units, by their places in `assignment`, over which zones hang together: their land meets, and no
    /// barrier lies between.
    pub neighbours: Vec<[usize; 2]>,
    /// All proposals, the one put forward first.
    pub proposals: Vec<ProposalReport>,
    /// What a reader should know.
    pub notes: Vec<Message>,
}

/// The figures of a whole plan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Overall {
    /// The sum of all loads.
    pub load: f64,
    /// The mean load of a zone.
    pub mean_load: f64,
    /// The largest |load − mean| / mean.
    pub max_deviation: f64,
    /// The mean of |load − mean| / mean.
    pub mean_deviation: f64,
    /// Whether no deviation is beyond the tolerance.
    pub within_tolerance: bool,
    /// Units that change zone.
    pub units_moved: u32,
    /// People who change zone.
    pub people_moved: f64,
    /// The mean over the zones of 4π · area / perimeter².
    pub polsby_popper: f64,
    /// The mean over the zones of area / smallest circle around.
    pub reock: f64,
    /// Pairs of neighbouring places in different zones.
    pub cut_edges: u32,
    /// The border between zones in metres, on the ground before smoothing.
    pub border_m: f64,
    /// The share of that border that runs along roads.
    pub along_roads: f64,
    /// Whether every zone hangs together.
    pub contiguous: bool,
}

/// The figures of one zone.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ZoneReport {
    /// What it is called: as today, if it continues a zone of today.
    pub zone: Name,
    /// Whether it is new.
    pub new: bool,
    /// The sum of its units' loads.
    pub load: f64,
    /// |load − mean| / mean.
    pub deviation: f64,
    /// How many units it has.
    pub units: u32,
    /// How many people.
    pub people: f64,
    /// Units that come to it from another zone.
    pub units_moved: u32,
    /// Their people.
    pub people_moved: f64,
    /// Units that leave it.
    pub units_left: u32,
    /// Their people.
    pub people_left: f64,
    /// 4π · area / perimeter².
    pub polsby_popper: f64,
    /// Area / smallest circle around.
    pub reock: f64,
    /// Pairs of neighbouring places of which one is in it.
    pub cut_edges: u32,
    /// Whether it hangs together.
    pub contiguous: bool,
    /// Square metres.
    pub area_m2: f64,
    /// Metres.
    pub perimeter_m: f64,
}

/// Which zone a unit is in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Assigned {
    /// The unit's place in its file, from 0.
    pub index: usize,
    /// What it is called.
    pub unit: Name,
    /// Its zone in the plan.
    pub zone: Name,
}

/// One proposal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProposalReport {
    /// `few_moved`, `even` or `compact`.
    pub aim: &'static str,
    /// What it does, in a sentence.
    pub summary: Message,
    /// Over all zones.
    pub overall: Overall,
    /// Zone by zone.
    pub zones: Vec<ZoneReport>,
    /// The zone of each unit, in the units' order.
    pub assignment: Vec<Name>,
}
