//! A face as a file or a drawing gives it: before anybody has closed its rings or looked at its vertices.
//!
//! Never here: judgement. What is wrong with a face is found in [`super::defect`].

use geo::orient::Direction;
use geo::{Coord, LineString, MultiPolygon, Orient, Polygon};

use crate::kernel::geometry::FaceId;

/// One ring's vertices in degrees, longitude first; closed when the last repeats the first.
pub type RawRing = Vec<Coord<f64>>;

/// A face in the shape of a `GeoJSON` `MultiPolygon`: polygons of rings, the first ring of each its shell.
#[derive(Debug, Clone, PartialEq)]
pub struct RawFace {
    /// The number the caller knows the face by.
    pub id: FaceId,
    /// Polygons of rings.
    pub polygons: Vec<Vec<RawRing>>,
}

impl RawFace {
    /// Takes polygons as they are.
    #[must_use]
    pub fn new(id: FaceId, polygons: Vec<Vec<RawRing>>) -> Self {
        Self { id, polygons }
    }

    /// The face with its rings closed, repeated vertices dropped, shells anticlockwise and holes clockwise.
    ///
    /// Sound only for a face without blocking defects.
    #[must_use]
    pub fn to_multi_polygon(&self) -> MultiPolygon<f64> {
        let polygons = self.polygons.iter().filter_map(|rings| {
            let mut rings = rings.iter().map(|ring| LineString(without_repeats(ring)));
            // `Polygon::new` closes rings.
            Some(Polygon::new(rings.next()?, rings.collect()))
        });
        polygons.collect::<MultiPolygon<f64>>().orient(Direction::Default)
    }
}

impl From<(FaceId, &MultiPolygon<f64>)> for RawFace {
    fn from((id, polygons): (FaceId, &MultiPolygon<f64>)) -> Self {
        let rings = |p: &Polygon<f64>| {
            std::iter::once(p.exterior()).chain(p.interiors()).map(|ring| ring.0.clone()).collect()
        };
        Self { id, polygons: polygons.iter().map(rings).collect() }
    }
}

/// The vertices of a ring without immediate repeats; the closing vertex, if there, stays.
pub(super) fn without_repeats(ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut out = ring.to_vec();
    out.dedup();
    out
}
