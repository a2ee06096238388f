//! What to do along a path: where to turn and onto which road. Never here: the words, which belong to a language.

use super::graph::RoadGraph;
use super::network::EdgeId;
use super::path::{Path, Stretch};
use super::snap::Snap;
use crate::kernel::plane::PlanePoint;

/// A thing to do, and the stretch of way that follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What to do.
    pub maneuver: Maneuver,
    /// An edge of the road one then is on; none across a yard and at the end. Its name is
    /// [`RoadNetwork::name`](super::RoadNetwork::name).
    pub onto: Option<EdgeId>,
    /// How far it is until the next step, in metres.
    pub length_m: f64,
    /// Where.
    pub at: PlanePoint,
    /// The vertex of the path that lies there.
    pub vertex: usize,
}

/// What to do at one place of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Maneuver {
    /// Set out in this direction: degrees clockwise from the projection's north, 0 to 360.
    Depart {
        /// The direction.
        bearing_deg: f64,
    },
    /// Turn, or go straight on where the road's name changes.
    Turn(Turn),
    /// One is there.
    Arrive(Side),
}

/// How sharply a way bends at a junction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turn {
    /// Less than 20° to either side.
    Straight,
    /// 20° to 60° to the left.
    SlightLeft,
    /// 60° to 120° to the left.
    Left,
    /// 120° to 165° to the left.
    SharpLeft,
    /// 20° to 60° to the right.
    SlightRight,
    /// 60° to 120° to the right.
    Right,
    /// 120° to 165° to the right.
    SharpRight,
    /// Back.
    UTurn,
}

/// Where one's goal lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// On the road itself, or straight ahead.
    Here,
    /// To the left of it.
    Left,
    /// To the right of it.
    Right,
}

/// A direction is taken over so many metres, because the first one of a mapped road may point anywhere.
const DIRECTION_OVER_M: f64 = 8.0;
/// A goal nearer to the road than this is on it.
const BESIDE_M: f64 = 3.0;

impl Turn {
    /// The turn of so many degrees, to the right if positive.
    fn of(degrees: f64) -> Self {
        match (degrees.abs(), degrees > 0.0) {
            (..20.0, _) => Self::Straight,
            (..60.0, false) => Self::SlightLeft,
            (..60.0, true) => Self::SlightRight,
            (..120.0, false) => Self::Left,
            (..120.0, true) => Self::Right,
            (..165.0, false) => Self::SharpLeft,
            (..165.0, true) => Self::SharpRight,
            _ => Self::UTurn,
        }
    }

    /// Whether nobody would call it keeping on.
    fn is_sharp(self) -> bool {
        !matches!(self, Self::Straight | Self::SlightLeft | Self::SlightRight)
    }
}

impl RoadGraph {
    /// The steps of a path of this graph that ends at `to`, the first to set out and the last to arrive.
    ///
    /// A bend of the only road there is goes unmentioned; so does a junction where one keeps on along the same
    /// road.
    #[must_use]
    pub fn steps(&self, path: &Path, to: &Snap) -> Vec<Step> {
        let vertices = &path.vertices;
        let first_edge = path.stretches.first().map(|stretch| stretch.edge);
        let bearing_deg = bearing_deg(vertices, 0, vertices.len() - 1).unwrap_or(0.0);
        let mut steps = vec![Step {
            maneuver: Maneuver::Depart { bearing_deg },
            onto: first_edge,
            length_m: 0.0,
            at: vertices[0],
            vertex: 0,
        }];
        for pair in path.stretches.windows(2) {
            let vertex = pair[1].first_vertex;
            let degrees = bend_deg(vertices, vertex);
            if self.is_worth_saying(pair, Turn::of(degrees)) {
                steps.push(Step {
                    maneuver: Maneuver::Turn(Turn::of(degrees)),
                    onto: Some(pair[1].edge),
                    length_m: 0.0,
                    at: vertices[vertex],
                    vertex,
                });
            }
        }
        let last = vertices.len() - 1;
        let ends: Vec<usize> = steps.iter().skip(1).map(|step| step.vertex).chain([last]).collect();
        for (step, end) in steps.iter_mut().zip(ends) {
            step.length_m =
                vertices[step.vertex..=end].windows(2).map(|pair| pair[0].distance_m(pair[1])).sum();
        }
        steps.push(Step {
            maneuver: Maneuver::Arrive(side(vertices, to)),
            onto: None,
            length_m: 0.0,
            at: vertices[last],
            vertex: last,
        });
        steps
    }

    fn is_worth_saying(&self, pair: &[Stretch], turn: Turn) -> bool {
        let network = self.network();
        let (before, after) = (network.name(pair[0].edge), network.name(pair[1].edge));
        let line = |stretch: &Stretch| network.edges()[stretch.edge as usize].line;
        if turn == Turn::UTurn {
            return true;
        }
        let [first, last] = self.frame.ends[pair[1].edge as usize];
        let node = if pair[1].forward { first } else { last };
        if self.frame.degree[node as usize] < 3 {
            return before != after && after.is_some();
        }
        let same_road = match (before, after) {
            (Some(before), Some(after)) => before == after,
            (None, None) => line(&pair[0]) == line(&pair[1]),
            _ => false,
        };
        turn.is_sharp() || (!same_road && (after.is_some() || turn != Turn::Straight))
    }
}

/// The direction from the vertex `from` of a line towards `to`, degrees clockwise from north.
fn bearing_deg(vertices: &[PlanePoint], from: usize, to: usize) -> Option<f64> {
    let start = vertices[from];
    let mut walked_m = 0.0;
    let mut at = from;
    let mut towards = None;
    while at != to && walked_m < DIRECTION_OVER_M {
        let next = if to > at { at + 1 } else { at - 1 };
        let step_m = vertices[at].distance_m(vertices[next]);
        let share = ((DIRECTION_OVER_M - walked_m) / step_m).min(1.0);
        towards = Some(vertices[at].towards(vertices[next], share));
        walked_m += step_m;
        at = next;
    }
    let towards = towards.filter(|towards| *towards != start)?;
    let degrees = (towards.east_m - start.east_m).atan2(towards.north_m - start.north_m).to_degrees();
    Some(degrees.rem_euclid(360.0))
}

/// By how many degrees a line bends at a vertex, to the right if positive: -180 to 180.
fn bend_deg(vertices: &[PlanePoint], vertex: usize) -> f64 {
    let back = bearing_deg(vertices, vertex, 0);
    let ahead = bearing_deg(vertices, vertex, vertices.len() - 1);
    match (back, ahead) {
        // Where one comes from lies behind.
        (Some(back), Some(ahead)) => (ahead - back).rem_euclid(360.0) - 180.0,
        _ => 0.0,
    }
}

/// On which side of the road a path ends.
fn side(vertices: &[PlanePoint], to: &Snap) -> Side {
    let Some(on_road) = vertices.iter().rposition(|&vertex| vertex == to.on_road) else { return Side::Here };
    if to.off_road_m < BESIDE_M || on_road == 0 {
        return Side::Here;
    }
    let (before, road, goal) = (vertices[on_road - 1], to.on_road, to.at);
    let cross = (road.east_m - before.east_m) * (goal.north_m - road.north_m)
        - (road.north_m - before.north_m) * (goal.east_m - road.east_m);
    let dot = (road.east_m - before.east_m) * (goal.east_m - road.east_m)
        + (road.north_m - before.north_m) * (goal.north_m - road.north_m);
    // Within 20° of straight ahead neither side is right: tan 20° = 0.364.
    if dot > 0.0 && cross.abs() < 0.364 * dot {
        Side::Here
    } else if cross > 0.0 {
        Side::Left
    } else {
        Side::Right
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::kernel::roads::{Profile, RoadClass, RoadLine, RoadNetwork};

    const fn at(east_m: f64, north_m: f64) -> PlanePoint {
        PlanePoint::new(east_m, north_m)
    }

    fn road(name: &str, vertices: &[PlanePoint]) -> RoadLine {
        let name = (!name.is_empty()).then(|| name.to_owned());
        RoadLine { name, ..RoadLine::new(vertices.to_vec(), RoadClass::Street) }
    }

    /// The maneuvers from one place to another with the names of the roads they lead onto, and the lengths.
    fn steps(roads: &[RoadLine], from: PlanePoint, to: PlanePoint) -> Vec<(Maneuver, Option<String>, f64)> {
        let graph = RoadGraph::new(Arc::new(RoadNetwork::build(roads).unwrap()), Profile::Foot);
        let (from, to) = (graph.snap(from, 100.0).unwrap(), graph.snap(to, 100.0).unwrap());
        let path = graph.path(&from, &to).unwrap();
        let steps = graph.steps(&path, &to);
        let total_m: f64 = steps.iter().map(|step| step.length_m).sum();
        assert!((total_m - path.length_m).abs() < 1e-6);
        let name = |edge| graph.network().name(edge).map(str::to_owned);
        steps.iter().map(|step| (step.maneuver, step.onto.and_then(name), step.length_m)).collect()
    }

    fn crossing() -> Vec<RoadLine> {
        vec![
            road("东街", &[at(0.0, 0.0), at(100.0, 0.0), at(200.0, 0.0)]),
            road("北巷", &[at(100.0, 0.0), at(100.0, 100.0)]),
            road("南巷", &[at(100.0, 0.0), at(100.0, -100.0)]),
        ]
    }

    #[test]
    fn a_turn_is_named_with_its_side_and_the_road_it_leads_onto() {
        let told = steps(&crossing(), at(20.0, 0.0), at(100.0, 60.0));
        assert_eq!(
            told,
            [
                (Maneuver::Depart { bearing_deg: 90.0 }, Some("东街".into()), 80.0),
                (Maneuver::Turn(Turn::Left), Some("北巷".into()), 60.0),
                (Maneuver::Arrive(Side::Here), None, 0.0),
            ]
        );
        let told = steps(&crossing(), at(20.0, 0.0), at(100.0, -60.0));
        assert_eq!(told[1].0, Maneuver::Turn(Turn::Right));
    }

    #[test]
    fn keeping_on_along_the_same_road_goes_unmentioned() {
        let told = steps(&crossing(), at(20.0, 0.0), at(180.0, 8.0));
        assert_eq!(told.len(), 2);
        assert_eq!(told[1].0, Maneuver::Arrive(Side::Left));
        let told = steps(&crossing(), at(20.0, 0.0), at(180.0, -8.0));
        assert_eq!(told[1].0, Maneuver::Arrive(Side::Right));
    }

    #[test]
    fn a_bend_of_the_only_road_goes_unmentioned_and_a_new_name_does_not() {
        let bend = [
            road("", &[at(0.0, 0.0), at(100.0, 0.0), at(100.0, 100.0)]),
            road("", &[at(100.0, 100.0), at(200.0, 100.0)]),
            road("西路", &[at(200.0, 100.0), at(300.0, 100.0)]),
        ];
        let told = steps(&bend, at(10.0, 0.0), at(290.0, 100.0));
        assert_eq!(told.len(), 3);
        assert_eq!((told[1].0, told[1].1.as_deref()), (Maneuver::Turn(Turn::Straight), Some("西路")));
    }

    #[test]
    fn degrees_become_words_for_them() {
        let turns = [0.0, 30.0, -30.0, 90.0, -90.0, 150.0, -150.0, 179.0].map(Turn::of);
        assert_eq!(
            turns,
            [
                Turn::Straight,
                Turn::SlightRight,
                Turn::SlightLeft,
                Turn::Right,
                Turn::Left,
                Turn::SharpRight,
                Turn::SharpLeft,
                Turn::UTurn,
            ]
        );
    }

    #[test]
    fn across_a_yard_one_sets_out_and_arrives() {
        let told = steps(&crossing(), at(20.0, 40.0), at(25.0, 40.0));
        assert_eq!(told.len(), 2);
        assert_eq!((told[0].1.as_deref(), told[0].2), (None, 5.0));
    }
}
