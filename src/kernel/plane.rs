//! A point of a local map projection, in metres: what roads, routes and densities are computed on.
//!
//! Never here: longitudes and latitudes, or which projection it is. All the points of one computation share a
//! projection; whoever projected them keeps it (a village's own is CGCS2000 3-degree Gauss-Krüger, whose
//! scale is within 5 parts in 10 000 of the ground, so plane distances serve as ground distances).

use super::geometry::{GaussKruger, Projected, ProjectionError};

/// A place in a local projection, in metres: east, then north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanePoint {
    /// Metres east of the projection's origin.
    pub east_m: f64,
    /// Metres north of the projection's origin.
    pub north_m: f64,
}

impl PlanePoint {
    /// The point `east_m`, `north_m` metres from the projection's origin.
    #[must_use]
    pub const fn new(east_m: f64, north_m: f64) -> Self {
        Self { east_m, north_m }
    }

    /// The straight distance to `other` in metres.
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        (self.east_m - other.east_m).hypot(self.north_m - other.north_m)
    }

    /// The point a share of `t` of the way from here to `other`: here at 0, there at 1.
    #[must_use]
    pub fn towards(self, other: Self, t: f64) -> Self {
        Self {
            east_m: self.east_m + (other.east_m - self.east_m) * t,
            north_m: self.north_m + (other.north_m - self.north_m) * t,
        }
    }

    /// Whether both coordinates are numbers a computation can use.
    #[must_use]
    pub fn is_finite(self) -> bool {
        self.east_m.is_finite() && self.north_m.is_finite()
    }

    /// The same place with its projection, which the caller has kept.
    ///
    /// # Errors
    /// When the coordinates are not on the projected Earth.
    pub fn in_projection(self, projection: GaussKruger) -> Result<Projected, ProjectionError> {
        Projected::new(self.east_m, self.north_m, projection)
    }

    /// East and north as an array, the form r-trees take.
    #[must_use]
    pub const fn to_array(self) -> [f64; 2] {
        [self.east_m, self.north_m]
    }
}

impl From<Projected> for PlanePoint {
    fn from(place: Projected) -> Self {
        Self::new(place.east_m(), place.north_m())
    }
}
