//! What a planner asks: which units, how many zones, what stays.

use geo::LineString;

use super::name::Name;
use crate::kernel::zoning::{Aim, Burden, Shape, ZoneId};

/// Units with everything that the search and the report need to know of them.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Where each unit is.
    pub shapes: Vec<Shape>,
    /// What each brings along.
    pub burdens: Vec<Burden>,
    /// Where each is in its file or list, from 0.
    pub indexes: Vec<usize>,
    /// What each is called.
    pub units: Vec<Name>,
    /// What the zones of today are called, by their numbers.
    pub today: Vec<Name>,
    /// Along which borders like to run.
    pub roads: Vec<LineString<f64>>,
    /// Which no zone may cross.
    pub barriers: Vec<LineString<f64>>,
    /// How many zones to make.
    pub zones: usize,
    /// How far a load may be from the mean, as a share of it.
    pub tolerance: f64,
    /// Zones of today that stay exactly as they are.
    pub locked_zones: Vec<ZoneId>,
    /// Which proposal to put forward.
    pub prefer: Aims,
}

/// Which proposal is put forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aims {
    /// The one that moves the fewest people, or the most compact one where there are no zones today.
    #[default]
    Usual,
    /// The one with this aim.
    This(Aim),
}
