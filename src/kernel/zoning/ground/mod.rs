//! The land: every unit's share of it, who borders on whom, and where the borders run.
//!
//! Units that tile the land wall to wall keep exactly their land; holes between them go to their neighbours. Any
//! others (detached buildings, points) get the land that is nearer to them than to others, up to the roads and barriers,
//! within a convex rim around all.
//!
//! - [`sketch`](self): vertices and lines; [`mesh`](self): their triangulation; [`owners`](self): whose each corner is;
//!   [`seams`](self): the borders.
//!
//! Never here: loads or zones.

mod mesh;
mod owners;
mod seams;
mod sketch;

use geo::{Coord, LineString, MultiPolygon};
use thiserror::Error;

pub(super) use mesh::NONE;
pub(super) use seams::Seam;

use super::graph::Graph;
use super::units::Shape;
use mesh::Mesh;
use owners::Owners;
use seams::{Along, Seams};
use sketch::{Plane, Sketch};

/// The land of all units, laid out once; see the [module](self).
#[derive(Debug)]
pub struct Ground {
    pub(super) plane: Plane,
    /// The vertices of seams, in metres.
    pub(super) places: Vec<Coord<f64>>,
    /// The degrees of the first of them, as they were given.
    pub(super) given: Vec<Coord<f64>>,
    pub(super) seams: Vec<Seam>,
    /// The vertices that are corners of units, point units, or vertices of what stays as it is drawn.
    pub(super) corners: Vec<u32>,
    /// The sites with land beside borders that are kept.
    beside_kept: Vec<u32>,
    /// The site of each unit: units at one place are one site and stay together.
    pub(super) site: Vec<u32>,
    pub(super) graph: Graph,
    pub(super) tiled: bool,
    pub(super) spacing_m: f64,
}

/// What the units stand in, in degrees.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting<'a> {
    /// Along which borders like to run.
    pub roads: &'a [LineString<f64>],
    /// Which a zone cannot cross.
    pub barriers: &'a [LineString<f64>],
    /// What the zones fill together, its vertices among theirs; units are expected within. Without one it is the units'
    /// union where they tile the land, else a convex rim half a unit's width around them.
    pub outline: Option<&'a MultiPolygon<f64>>,
    /// Borders that stay where they are as long as the units beside them do; see [`Ground::beside_kept`].
    pub kept: &'a [LineString<f64>],
}

/// Why land cannot be laid out.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum GroundError {
    /// There are no units.
    #[error("there are no units")]
    Empty,
    /// A unit's outline has no vertex or one that is no place.
    #[error("unit {0} has no usable place")]
    Unusable(usize),
    /// The triangulation refused.
    #[error("the units' outlines cannot be triangulated: {0}")]
    Triangulation(String),
}

impl Ground {
    /// Lays out the land of units in a setting. O(n log n).
    ///
    /// # Errors
    /// [`GroundError`] if there is nothing to lay out.
    pub fn lay(shapes: &[Shape], setting: &Setting<'_>) -> Result<Self, GroundError> {
        if shapes.is_empty() {
            return Err(GroundError::Empty);
        }
        let usable = |shape: &Shape| {
            shape.places().next().is_some() && shape.places().all(|c| c.x.is_finite() && c.y.is_finite())
        };
        if let Some(unit) = shapes.iter().position(|shape| !usable(shape)) {
            return Err(GroundError::Unusable(unit));
        }
        let sketch = Sketch::draw(shapes, setting);
        let mesh = Mesh::of(&sketch).map_err(|error| GroundError::Triangulation(error.to_string()))?;
        let metres = |lines: &[LineString<f64>]| -> Vec<LineString<f64>> {
            lines.iter().map(|l| LineString(l.0.iter().map(|&c| sketch.plane.metres(c)).collect())).collect()
        };
        // Lines drawn in the sketch are on seams to the last bits; those beside parcels run in the verge.
        let within_m = |verge_m| if sketch.tiled { verge_m } else { 0.01 };
        let roads = Along::new(&metres(setting.roads), within_m(6.0));
        let barriers = Along::new(&metres(setting.barriers), within_m(2.0));
        let kept = Along::new(&metres(setting.kept), within_m(2.0));
        let owners = Owners::find(&sketch, &mesh, shapes.len(), &kept);
        let Seams { places, seams } = Seams::trace(&mesh, &owners, &roads, &barriers);
        let runs_kept = |s: &Seam| kept.runs(places[s.from as usize], places[s.to as usize]);
        let beside = seams.iter().filter(|s| s.right != NONE && runs_kept(s));
        let mut beside_kept: Vec<u32> = beside.flat_map(|s| [s.left, s.right]).collect();
        beside_kept.sort_unstable();
        beside_kept.dedup();
        let graph = Graph::of(owners.sites, &places, &seams, sketch.spacing_m);
        Ok(Self {
            plane: sketch.plane,
            places,
            given: sketch.given,
            seams,
            corners: owners.corners.into_iter().chain(sketch.staying.iter().map(|&v| v as u32)).collect(),
            beside_kept,
            site: owners.site,
            graph,
            tiled: sketch.tiled,
            spacing_m: sketch.spacing_m,
        })
    }

    /// How many sites there are: units at the same place count once.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.graph.len()
    }

    /// Whether the units tile the land and keep exactly the land they have.
    #[must_use]
    pub fn is_tiled(&self) -> bool {
        self.tiled
    }

    /// The units with land beside a border that is to be kept, ascending: it is kept if all of these stay in their zones.
    #[must_use]
    pub fn beside_kept(&self) -> Vec<usize> {
        let beside = |site: &u32| self.beside_kept.binary_search(site).is_ok();
        self.site.iter().enumerate().filter(|(_, site)| beside(site)).map(|(unit, _)| unit).collect()
    }

    /// How many pairs of sites border on each other.
    #[must_use]
    pub fn borders(&self) -> usize {
        self.graph.edges.len()
    }

    /// The pairs of units whose land meets so that one can walk across: every zone hangs together over these. Of units at
    /// one place the first has the borders, and each other is paired with it.
    #[must_use]
    pub fn neighbours(&self) -> Vec<[usize; 2]> {
        let mut first = vec![usize::MAX; self.sites()];
        let mut pairs = Vec::new();
        for (unit, &site) in self.site.iter().enumerate() {
            match &mut first[site as usize] {
                none @ &mut usize::MAX => *none = unit,
                other => pairs.push([*other, unit]),
            }
        }
        let open = self.graph.edges.iter().filter(|border| border.open);
        pairs.extend(open.map(|border| border.sites.map(|site| first[site as usize])));
        pairs
    }

    /// Where a vertex of a seam is, in degrees: exactly as given, if it was.
    pub(super) fn degrees(&self, vertex: u32) -> Coord<f64> {
        let vertex = vertex as usize;
        self.given.get(vertex).copied().unwrap_or_else(|| self.plane.degrees(self.places[vertex]))
    }
}
