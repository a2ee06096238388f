//! Walking between places: over the roads on record, or straight where there are none.
//!
//! The roads of a street are made into a graph once and remembered until they change.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use super::store;
use crate::kernel::geometry::{GaussKruger, Projected, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::kernel::roads::{Profile, RoadClass, RoadGraph, RoadLine, RoadNetwork, Snap};
use crate::kernel::routing::TravelTimes;
use crate::platform::accounts::Session;
use crate::platform::events::Change;
use crate::platform::generation::Generation;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// A door further than this from every road, in metres, is not walked to: it is on another map, or misplaced.
const FURTHEST_OFF_ROAD_M: f64 = 1000.0;

/// A road as it is stored.
#[derive(Debug)]
pub(super) struct Road {
    pub(super) line: Vec<Wgs84>,
    pub(super) class: RoadClass,
    pub(super) one_way: bool,
    pub(super) width_m: Option<f64>,
}

/// The ways of a street, on foot.
#[derive(Debug)]
pub(super) struct Ways {
    projection: GaussKruger,
    /// None where no roads are on record.
    graph: Option<RoadGraph>,
}

/// Places to walk between, found on the roads.
#[derive(Debug)]
pub(super) struct Places<'a> {
    ways: &'a Ways,
    points: Vec<PlanePoint>,
    /// None for what no road leads to.
    snaps: Vec<Option<Snap>>,
}

/// The way from one place to the next.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) length_m: f64,
    pub(super) line: Vec<Wgs84>,
}

impl Ways {
    /// The ways over `roads`; straight ones in the zone of `centre` where there are none.
    pub(super) fn new(roads: &[Road], centre: Wgs84) -> Result<Self, Problem> {
        let anywhere = roads.iter().find_map(|road| road.line.first().copied()).unwrap_or(centre);
        let projection = GaussKruger::for_place(anywhere);
        let lines: Vec<RoadLine> = roads
            .iter()
            .map(|road| RoadLine {
                vertices: road.line.iter().map(|&at| projection.project(at).into()).collect(),
                class: road.class,
                one_way: road.one_way,
                width_m: road.width_m,
            })
            .collect();
        let network = RoadNetwork::build(&lines).map_err(|error| Problem::internal(&error))?;
        let graph = RoadGraph::new(Arc::new(network), Profile::Foot);
        for fragment in graph.fragments() {
            tracing::debug!(length_m = fragment.length_m, "roads that no other road leads to are not walked");
        }
        Ok(Self { projection, graph: (graph.length_m() > 0.0).then_some(graph) })
    }

    /// Whether ways follow roads.
    pub(super) fn on_roads(&self) -> bool {
        self.graph.is_some()
    }

    /// Puts places on the roads. The first is where the walk begins, however far from a road.
    pub(super) fn find(&self, places: &[Wgs84]) -> Places<'_> {
        let points: Vec<PlanePoint> = places.iter().map(|&at| self.projection.project(at).into()).collect();
        let snaps = points
            .iter()
            .enumerate()
            .map(|(index, &at)| {
                let within_m = if index == 0 { f64::INFINITY } else { FURTHEST_OFF_ROAD_M };
                self.graph.as_ref().and_then(|graph| graph.snap(at, within_m))
            })
            .collect();
        Places { ways: self, points, snaps }
    }
}

impl Places<'_> {
    /// Walking times between all places.
    pub(super) fn times(&self) -> Result<TravelTimes, Problem> {
        let count = self.points.len();
        let mut seconds = vec![f64::INFINITY; count * count];
        if let Some(graph) = &self.ways.graph {
            let (indices, snaps): (Vec<usize>, Vec<Snap>) =
                self.snaps.iter().enumerate().filter_map(|(index, snap)| Some((index, (*snap)?))).unzip();
            for (&from, &snap) in indices.iter().zip(&snaps) {
                let reach = graph.reach(snap, &snaps);
                for (target, &to) in indices.iter().enumerate() {
                    seconds[from * count + to] = reach.trip(target).duration_s;
                }
            }
        } else {
            for (from, &a) in self.points.iter().enumerate() {
                for (to, &b) in self.points.iter().enumerate() {
                    seconds[from * count + to] = a.distance_m(b) / Profile::FOOT_M_PER_S;
                }
            }
        }
        TravelTimes::new(count, seconds).map_err(|error| Problem::internal(&error))
    }

    /// The way from one place to another, straight where no road leads.
    pub(super) fn leg(&self, from: usize, to: usize) -> Result<Leg, Problem> {
        let (length_m, vertices) = match (&self.ways.graph, self.snaps[from], self.snaps[to]) {
            (Some(graph), Some(start), Some(end)) if from != to => {
                let path = graph.reach(start, &[end]).path(0);
                (path.trip.length_m, path.vertices)
            }
            _ => {
                let (a, b) = (self.points[from], self.points[to]);
                (a.distance_m(b), vec![a, b])
            }
        };
        let line = vertices
            .into_iter()
            .map(|at| at.in_projection(self.ways.projection).map(Projected::to_wgs84))
            .collect::<Result<_, _>>()
            .map_err(|error| Problem::internal(&error))?;
        Ok(Leg { length_m, line })
    }
}

/// The ways of the streets asked for lately. One per service.
#[derive(Debug)]
pub(super) struct Maps {
    generation: Generation,
    ways: Cache<(u64, String), Arc<Ways>>,
}

/// Streets remembered at once; a service seldom has more than a dozen.
const MOST_STREETS: u64 = 64;
const IDLE: Duration = Duration::from_secs(3600);

impl Default for Maps {
    fn default() -> Self {
        let ways = Cache::builder().max_capacity(MOST_STREETS).time_to_idle(IDLE).build();
        Self { generation: Generation::default(), ways }
    }
}

impl Maps {
    /// The ways of the street around the session's place. Everybody in a street may read its roads, so what was
    /// read for one serves all.
    pub(super) async fn ways(
        &self,
        ground: &Ground,
        session: &Session,
        centre: Wgs84,
    ) -> Result<Arc<Ways>, Problem> {
        let concerns = |change: &Change| matches!(change, Change::Layer { layer } if layer == "roads");
        let generation = self.generation.current(&ground.events, concerns);
        let street = session.place.street().to_string();
        let build = async {
            let mut transaction = ground.database.begin(&session.scope()).await?;
            let roads = store::roads(&mut transaction, &street).await?;
            transaction.commit().await?;
            let ways = tokio::task::spawn_blocking(move || Ways::new(&roads, centre))
                .await
                .map_err(|error| Problem::internal(&error))??;
            Ok(Arc::new(ways))
        };
        let key = (generation, street.clone());
        self.ways.try_get_with(key, build).await.map_err(|problem: Arc<Problem>| (*problem).clone())
    }
}
