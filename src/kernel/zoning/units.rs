//! What is to be divided: units with a place and a load.
//!
//! Never here: what a load is made of, or what a zone is called.

use geo::{Coord, CoordsIter, MultiPolygon};

/// Where a unit is, in degrees.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A place without extent.
    Point(Coord<f64>),
    /// A building or a parcel; its rings are taken even-odd.
    Polygons(MultiPolygon<f64>),
}

impl Shape {
    pub(super) fn polygons(&self) -> Option<&MultiPolygon<f64>> {
        match self {
            Self::Point(_) => None,
            Self::Polygons(polygons) => Some(polygons),
        }
    }

    /// All its vertices.
    pub(super) fn places(&self) -> Box<dyn Iterator<Item = Coord<f64>> + '_> {
        match self {
            Self::Point(c) => Box::new(std::iter::once(*c)),
            Self::Polygons(polygons) => Box::new(polygons.coords_iter()),
        }
    }
}

/// The number of a zone of the plan in force, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneId(pub u32);

/// What one unit brings to its zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burden {
    /// How much work it is: finite and not negative.
    pub load: f64,
    /// How many people would change hands with it: finite and not negative.
    pub people: f64,
    /// Its zone today.
    pub current: Option<ZoneId>,
    /// Whether it must stay in its zone of today.
    pub locked: bool,
}
