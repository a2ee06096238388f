//! Ways between places: over roads, or straight where none are on record.

use std::sync::Arc;

use super::model::{Mode, Road};
use super::words;
use crate::kernel::geometry::{GaussKruger, Projected, ProjectionError, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::kernel::roads::{
    BuildError, Conditions, Durations, Fragment, Profile, RoadGraph, RoadLine, RoadNetwork, Snap,
};
use crate::kernel::routing::{InvalidTravel, TravelTimes};
use crate::platform::locale::Message;

/// A place further than this from every road, in metres, is not gone to: it is on another map, or misplaced.
const FURTHEST_OFF_ROAD_M: f64 = 1000.0;

/// Roads made into a graph for one way of moving.
#[derive(Debug, Clone)]
pub struct Ways {
    projection: GaussKruger,
    /// None where no roads are on record.
    graph: Option<RoadGraph>,
}

/// Places found on the roads.
#[derive(Debug)]
pub struct Places<'a> {
    ways: &'a Ways,
    points: Vec<PlanePoint>,
    /// None for what no road leads to.
    snaps: Vec<Option<Snap>>,
}

/// The way from one place to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// How long it takes, in seconds.
    pub duration_s: f64,
    /// How long it is, in metres.
    pub length_m: f64,
    /// Its vertices.
    pub line: Vec<Wgs84>,
    /// What to do along it.
    pub steps: Vec<LegStep>,
}

/// One thing to do along a way.
#[derive(Debug, Clone, PartialEq)]
pub struct LegStep {
    /// In words.
    pub words: Message,
    /// How far it is to the next, in metres.
    pub length_m: f64,
    /// The vertex of the line it is done at.
    pub vertex: usize,
}

/// Milliseconds between places.
#[derive(Debug)]
pub struct Matrix {
    count: usize,
    ms: Vec<Option<u32>>,
}

impl Matrix {
    /// Milliseconds from one place to another; none where there is no way.
    #[must_use]
    pub fn ms(&self, from: usize, to: usize) -> Option<u32> {
        self.ms[from * self.count + to]
    }

    /// Whole seconds between all places, rounded up: a plan that keeps to them can be walked.
    ///
    /// # Errors
    /// Never, as far as these are a square of times.
    pub fn times(&self) -> Result<TravelTimes, InvalidTravel> {
        let seconds = |ms: &Option<u32>| ms.map_or(TravelTimes::NO_WAY, |ms| i64::from(ms.div_ceil(1000)));
        TravelTimes::new(self.count, self.ms.iter().map(seconds).collect())
    }
}

impl Ways {
    /// The ways over `roads` for somebody who moves by `mode`; straight ones around `centre` where there are none.
    ///
    /// # Errors
    /// When a road cannot be part of a network.
    pub fn new(roads: &[Road], mode: Mode, centre: Wgs84) -> Result<Self, BuildError> {
        let anywhere = roads.iter().find_map(|road| road.line.first().copied()).unwrap_or(centre);
        let projection = GaussKruger::for_place(anywhere);
        let lines: Vec<RoadLine> = roads.iter().map(|road| road.project(projection)).collect();
        let graph = RoadGraph::new(Arc::new(RoadNetwork::build(&lines)?), mode.profile());
        Ok(Self { projection, graph: (graph.length_m() > 0.0).then_some(graph) })
    }

    /// Whether ways follow roads.
    #[must_use]
    pub fn on_roads(&self) -> bool {
        self.graph.is_some()
    }

    /// The roads as a graph, with the projection of its plane; none where ways are straight.
    #[must_use]
    pub fn graph(&self) -> Option<(&RoadGraph, GaussKruger)> {
        self.graph.as_ref().map(|graph| (graph, self.projection))
    }

    /// Roads that no other road leads to, the longest first: nobody is sent along them.
    #[must_use]
    pub fn fragments(&self) -> &[Fragment] {
        self.graph.as_ref().map_or(&[], RoadGraph::fragments)
    }

    /// The same with the roads nearest to `places` closed, from junction to junction.
    #[must_use]
    pub fn closed_at(&self, places: &[Wgs84]) -> Self {
        let Some(graph) = &self.graph else { return self.clone() };
        let mut conditions = Conditions::default();
        for &place in places {
            if let Some(snap) = graph.snap(self.projection.project(place).into(), CLOSED_WITHIN_M) {
                conditions.close(snap.edge);
            }
        }
        if conditions.is_usual() {
            return self.clone();
        }
        Self { projection: self.projection, graph: Some(graph.under(&conditions)) }
    }

    /// Puts places on the roads. The first `ends` of them are where somebody sets out or goes back to, however far
    /// from a road.
    #[must_use]
    pub fn find(&self, places: &[Wgs84], ends: usize) -> Places<'_> {
        let points: Vec<PlanePoint> = places.iter().map(|&at| self.projection.project(at).into()).collect();
        let snaps = points
            .iter()
            .enumerate()
            .map(|(index, &at)| {
                let within_m = if index < ends { f64::INFINITY } else { FURTHEST_OFF_ROAD_M };
                self.graph.as_ref().and_then(|graph| graph.snap(at, within_m))
            })
            .collect();
        Places { ways: self, points, snaps }
    }
}

/// A place where a road is said to be closed is at most so far from it, in metres.
const CLOSED_WITHIN_M: f64 = 25.0;

impl Places<'_> {
    /// Milliseconds between all places: straight at walking pace where there are no roads at all.
    #[must_use]
    pub fn matrix(&self) -> Matrix {
        let count = self.points.len();
        let mut ms = vec![None; count * count];
        if let Some(graph) = &self.ways.graph {
            let (indices, snaps): (Vec<usize>, Vec<Snap>) =
                self.snaps.iter().enumerate().filter_map(|(index, snap)| Some((index, (*snap)?))).unzip();
            let durations: Durations = graph.durations(&snaps, &snaps);
            for (row, &from) in indices.iter().enumerate() {
                for (column, &to) in indices.iter().enumerate() {
                    ms[from * count + to] = durations.ms(row, column);
                }
            }
        } else {
            for (from, &a) in self.points.iter().enumerate() {
                for (to, &b) in self.points.iter().enumerate() {
                    ms[from * count + to] = Some((straight_s(a, b) * 1000.0).round() as u32);
                }
            }
        }
        Matrix { count, ms }
    }

    /// Whether a road leads to a place; true for all where there are no roads at all.
    #[must_use]
    pub fn is_found(&self, place: usize) -> bool {
        self.ways.graph.is_none() || self.snaps[place].is_some()
    }

    /// The way from one place to another, straight where no road leads.
    ///
    /// # Errors
    /// When a vertex is not on the projected Earth.
    pub fn leg(&self, from: usize, to: usize) -> Result<Leg, ProjectionError> {
        let by_road = match (&self.ways.graph, self.snaps[from], self.snaps[to]) {
            (Some(graph), Some(start), Some(end)) if from != to => {
                graph.path(&start, &end).map(|path| (graph, path, end))
            }
            _ => None,
        };
        let to_wgs84 = |vertices: &[PlanePoint]| -> Result<Vec<Wgs84>, ProjectionError> {
            vertices
                .iter()
                .map(|at| at.in_projection(self.ways.projection).map(Projected::to_wgs84))
                .collect()
        };
        let Some((graph, path, end)) = by_road else {
            let (a, b) = (self.points[from], self.points[to]);
            return Ok(Leg {
                duration_s: straight_s(a, b),
                length_m: a.distance_m(b),
                line: to_wgs84(&[a, b])?,
                steps: Vec::new(),
            });
        };
        let steps = graph.steps(&path, &end);
        Ok(Leg {
            duration_s: path.duration_s(),
            length_m: path.length_m,
            line: to_wgs84(&path.vertices)?,
            steps: steps
                .iter()
                .map(|step| LegStep {
                    words: words::of(step, step.onto.and_then(|edge| graph.network().name(edge))),
                    length_m: step.length_m,
                    vertex: step.vertex,
                })
                .collect(),
        })
    }
}

fn straight_s(a: PlanePoint, b: PlanePoint) -> f64 {
    a.distance_m(b) / Profile::FOOT_M_PER_S
}
