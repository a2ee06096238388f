//! Roads against brute force: random networks on a lattice, every duration by Floyd and Warshall (1962) and by
//! Dijkstra (1959).

use proptest::prelude::*;
use std::sync::Arc;

use super::*;
use crate::kernel::plane::PlanePoint;

const SIDE: i32 = 5;
const POINTS: usize = (SIDE * SIDE) as usize;
const SPACING_M: f64 = 100.0;

/// A straight road between two lattice points.
#[derive(Debug, Clone, Copy)]
struct Road {
    from: (i32, i32),
    to: (i32, i32),
    class: RoadClass,
    one_way: bool,
}

fn roads() -> impl Strategy<Value = Vec<Road>> {
    let point = || (0..SIDE, 0..SIDE);
    let class = prop::sample::select(vec![RoadClass::Main, RoadClass::Lane, RoadClass::Footway]);
    let road = (point(), point(), class, any::<bool>())
        .prop_filter("a road has a length", |(from, to, ..)| from != to)
        .prop_map(|(from, to, class, one_way)| Road { from, to, class, one_way });
    prop::collection::vec(road, 1..14)
}

fn place((column, row): (i32, i32)) -> PlanePoint {
    PlanePoint::new(f64::from(column) * SPACING_M, f64::from(row) * SPACING_M)
}

fn index((column, row): (i32, i32)) -> usize {
    (row * SIDE + column) as usize
}

/// The places along `road` that are the end of some road, in order: exact, in whole numbers.
fn stops(road: &Road, roads: &[Road]) -> Vec<(i32, i32)> {
    let (dx, dy) = (road.to.0 - road.from.0, road.to.1 - road.from.1);
    let progress = |p: (i32, i32)| (p.0 - road.from.0) * dx + (p.1 - road.from.1) * dy;
    let mut found: Vec<(i32, i32)> = roads
        .iter()
        .flat_map(|other| [other.from, other.to])
        .filter(|p| (p.0 - road.from.0) * dy == (p.1 - road.from.1) * dx)
        .filter(|&p| (0..=progress(road.to)).contains(&progress(p)))
        .collect();
    found.sort_by_key(|&p| progress(p));
    found.dedup();
    found
}

/// Seconds between any two lattice points for `profile`, and the length of the longest strongly connected part.
fn brute_force(roads: &[Road], profile: Profile) -> (Vec<Vec<f64>>, f64) {
    let mut seconds = vec![vec![f64::INFINITY; POINTS]; POINTS];
    for (point, row) in seconds.iter_mut().enumerate() {
        row[point] = 0.0;
    }
    let mut pieces = Vec::new();
    for road in roads {
        let Some(speed) = profile.speed_m_per_s(road.class, None, None) else { continue };
        for pair in stops(road, roads).windows(2) {
            let (a, b) = (index(pair[0]), index(pair[1]));
            let length_m = place(pair[0]).distance_m(place(pair[1]));
            pieces.push((a, b, length_m));
            seconds[a][b] = seconds[a][b].min(length_m / speed);
            if !(road.one_way && profile != Profile::Foot) {
                seconds[b][a] = seconds[b][a].min(length_m / speed);
            }
        }
    }
    for via in 0..POINTS {
        for from in 0..POINTS {
            for to in 0..POINTS {
                let through = seconds[from][via] + seconds[via][to];
                if through < seconds[from][to] {
                    seconds[from][to] = through;
                }
            }
        }
    }
    let mutual = |a: usize, b: usize| seconds[a][b].is_finite() && seconds[b][a].is_finite();
    let longest = (0..POINTS)
        .map(|root| {
            pieces.iter().filter(|&&(a, b, _)| mutual(root, a) && mutual(root, b)).map(|p| p.2).sum::<f64>()
        })
        .fold(0.0, f64::max);
    (seconds, longest)
}

fn graph(roads: &[Road], profile: Profile) -> RoadGraph {
    let lines: Vec<RoadLine> = roads
        .iter()
        .map(|road| RoadLine {
            access: if road.one_way { Access::ONE_WAY } else { Access::OPEN },
            ..RoadLine::new(vec![place(road.from), place(road.to)], road.class)
        })
        .collect();
    RoadGraph::new(Arc::new(RoadNetwork::build(&lines).unwrap()), profile)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

/// Durations are whole milliseconds by edge: a few dozen of them may be out by half of one each.
fn soon(ms: u32, seconds: f64) -> bool {
    (f64::from(ms) / 1000.0 - seconds).abs() < 0.05
}

fn profiles() -> impl Strategy<Value = Profile> {
    prop::sample::select(vec![Profile::Foot, Profile::EBike, Profile::Car])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn trips_between_nodes_are_the_shortest(roads in roads(), profile in profiles()) {
        let (seconds, longest_m) = brute_force(&roads, profile);
        let graph = graph(&roads, profile);
        prop_assert!(close(graph.length_m(), longest_m));

        let ends: Vec<(i32, i32)> = roads.iter().flat_map(|road| [road.from, road.to]).collect();
        let on_roads: Vec<((i32, i32), Snap)> =
            ends.iter().filter_map(|&end| Some((end, graph.snap(place(end), 1e-9)?))).collect();
        let snaps: Vec<Snap> = on_roads.iter().map(|&(_, snap)| snap).collect();
        let durations = graph.durations(&snaps, &snaps);
        for (source, &(from, snap)) in on_roads.iter().enumerate() {
            for (target, &(to, goal)) in on_roads.iter().enumerate() {
                let ms = durations.ms(source, target).unwrap();
                prop_assert!(soon(ms, seconds[index(from)][index(to)]));
                let path = graph.path(&snap, &goal).unwrap();
                prop_assert_eq!(path.duration_ms, ms);
                prop_assert_eq!(path.vertices[0], place(from));
                prop_assert_eq!(*path.vertices.last().unwrap(), place(to));
            }
        }
    }

    #[test]
    fn trips_between_any_two_places_go_by_the_ends_of_their_edges(
        roads in roads(),
        profile in profiles(),
        places in prop::collection::vec((0.0..400.0, 0.0..400.0), 2..6),
    ) {
        let graph = graph(&roads, profile);
        let snaps: Vec<Snap> = places
            .iter()
            .filter_map(|&(east, north)| graph.snap(PlanePoint::new(east, north), f64::INFINITY))
            .collect();
        let (seconds, _) = brute_force(&roads, profile);
        let edges = graph.network().edges();
        let lattice = |at: PlanePoint| index(((at.east_m / SPACING_M).round() as i32, (at.north_m / SPACING_M).round() as i32));
        let durations = graph.durations(&snaps, &snaps);
        for (source, &from) in snaps.iter().enumerate() {
            for (target, to) in snaps.iter().enumerate() {
                // Every way out of one edge, over the lattice, into the other; and along the one edge.
                let ways = |snap: &Snap, leaving: bool| {
                    let edge = &edges[snap.edge as usize];
                    let both = edge.access.of(profile) == Directions::Both;
                    let (first, last) = (lattice(edge.vertices[0]), lattice(*edge.vertices.last().unwrap()));
                    let s_per_m = 1.0 / profile.speed_m_per_s(edge.class, None, None).unwrap();
                    let to_first = (first, snap.along_m * s_per_m);
                    let to_last = (last, (edge.length_m() - snap.along_m) * s_per_m);
                    let mut ways = vec![if leaving { to_last } else { to_first }];
                    let other = if leaving { to_first } else { to_last };
                    if both || other.1 == 0.0 {
                        ways.push(other);
                    }
                    (ways, both, s_per_m)
                };
                let ((out, both, s_per_m), (into, ..)) = (ways(&from, true), ways(to, false));
                let mut expected = f64::INFINITY;
                for &(a, first_s) in &out {
                    for &(b, last_s) in &into {
                        expected = expected.min(first_s + seconds[a][b] + last_s);
                    }
                }
                if from.edge == to.edge && (both || to.along_m >= from.along_m) {
                    expected = expected.min((to.along_m - from.along_m).abs() * s_per_m);
                }
                expected += (from.off_road_m + to.off_road_m) / Profile::FOOT_M_PER_S;
                let straight_m = from.at.distance_m(to.at);
                if straight_m <= from.off_road_m.min(to.off_road_m) {
                    expected = expected.min(straight_m / Profile::FOOT_M_PER_S);
                }

                let ms = durations.ms(source, target).unwrap();
                prop_assert!(soon(ms, expected), "{ms} ms, {expected} s");
                let path = graph.path(&from, to).unwrap();
                prop_assert_eq!(path.duration_ms, ms);
                prop_assert_eq!((path.vertices[0], *path.vertices.last().unwrap()), (from.at, to.at));
                let on_roads_m: f64 = path.stretches.iter().map(|stretch| stretch.length_m).sum();
                if !path.stretches.is_empty() {
                    let off_roads_m = from.off_road_m + to.off_road_m;
                    prop_assert!(close(path.length_m, on_roads_m + off_roads_m), "{path:?}");
                }
            }
        }
    }

    #[test]
    fn under_any_conditions_the_hierarchy_answers_what_dijkstra_does(
        roads in roads(),
        profile in profiles(),
        places in prop::collection::vec((0.0..400.0, 0.0..400.0), 2..20),
        closed in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        slowed in prop::collection::vec((any::<prop::sample::Index>(), 0.5..4.0), 0..4),
    ) {
        let usual = graph(&roads, profile);
        let edges = usual.network().edges().len();
        let mut conditions = Conditions::default();
        for edge in &closed {
            conditions.close(edge.index(edges) as EdgeId);
        }
        for (edge, factor) in &slowed {
            conditions.slow(edge.index(edges) as EdgeId, *factor);
        }
        let graph = usual.under(&conditions);
        let snaps: Vec<Snap> = places
            .iter()
            .filter_map(|&(east, north)| graph.snap(PlanePoint::new(east, north), f64::INFINITY))
            .collect();
        let durations = graph.durations(&snaps, &snaps);
        for (source, from) in snaps.iter().enumerate() {
            for (target, expected) in graph.dijkstra(from, &snaps).into_iter().enumerate() {
                prop_assert_eq!(durations.ms(source, target), expected);
                let path = graph.path(from, &snaps[target]);
                prop_assert_eq!(path.map(|path| path.duration_ms), expected);
            }
        }
    }

    #[test]
    fn a_snap_is_the_nearest_place_on_any_road(roads in roads(), east in -50.0..450.0, north in -50.0..450.0) {
        let graph = graph(&roads, Profile::Foot);
        let at = PlanePoint::new(east, north);
        let left_out: Vec<EdgeId> = graph.fragments().iter().flat_map(|f| f.edges.clone()).collect();
        let mut nearest_m = f64::INFINITY;
        for (id, edge) in graph.network().edges().iter().enumerate() {
            if left_out.contains(&(id as EdgeId)) {
                continue;
            }
            for pair in edge.vertices.windows(2) {
                let (dx, dy) = (pair[1].east_m - pair[0].east_m, pair[1].north_m - pair[0].north_m);
                let t = ((east - pair[0].east_m) * dx + (north - pair[0].north_m) * dy) / (dx * dx + dy * dy);
                nearest_m = nearest_m.min(at.distance_m(pair[0].towards(pair[1], t.clamp(0.0, 1.0))));
            }
        }
        let snap = graph.snap(at, f64::INFINITY).unwrap();
        prop_assert!(close(snap.off_road_m, nearest_m));
        prop_assert!(graph.snap(at, nearest_m - 0.001).is_none());
    }
}

#[test]
fn roads_one_cannot_reach_are_reported() {
    let road = |from, to| Road { from, to, class: RoadClass::Lane, one_way: false };
    let graph = graph(&[road((0, 0), (4, 0)), road((0, 2), (2, 2)), road((2, 2), (2, 3))], Profile::Foot);
    assert!(close(graph.length_m(), 400.0));
    let fragments = graph.fragments();
    assert_eq!(fragments.len(), 1);
    assert!(close(fragments[0].length_m, 300.0));
    assert_eq!(fragments[0].edges.len(), 2);
}

#[test]
fn a_one_way_edge_sends_a_car_round_and_a_walker_straight_back() {
    let road = |from, to, one_way| Road { from, to, class: RoadClass::Main, one_way };
    let block = [
        road((0, 0), (2, 0), true),
        road((2, 0), (2, 1), false),
        road((2, 1), (0, 1), false),
        road((0, 1), (0, 0), false),
    ];
    let trip_m = |profile| {
        let graph = graph(&block, profile);
        let from = graph.snap(PlanePoint::new(150.0, 0.0), 1.0).unwrap();
        let to = graph.snap(PlanePoint::new(50.0, 0.0), 1.0).unwrap();
        graph.path(&from, &to).unwrap().length_m
    };
    assert!(close(trip_m(Profile::Foot), 100.0));
    assert!(close(trip_m(Profile::Car), 500.0));
}

#[test]
fn one_goes_straight_within_a_yard_and_by_the_road_between_yards() {
    let road = Road { from: (0, 0), to: (4, 0), class: RoadClass::Lane, one_way: false };
    let graph = graph(&[road], Profile::Foot);
    let snap = |east, north| graph.snap(PlanePoint::new(east, north), 100.0).unwrap();
    let shed = [snap(110.0, 60.0), snap(110.0, 20.0), snap(100.0, 50.0)];
    let path = |to: usize| graph.path(&snap(100.0, 50.0), &shed[to]).unwrap();
    assert!(close(path(0).length_m, 200_f64.sqrt()));
    assert_eq!(path(0).vertices, [PlanePoint::new(100.0, 50.0), PlanePoint::new(110.0, 60.0)]);
    assert!(close(path(1).length_m, 50.0 + 10.0 + 20.0));
    assert!(close(path(2).length_m, 0.0));
}

#[test]
fn a_bollard_stops_a_car_from_both_sides_and_nobody_else() {
    let at = |east_m| PlanePoint::new(east_m, 0.0);
    let mut road = RoadLine::new(vec![at(0.0), at(50.0), at(100.0)], RoadClass::Street);
    road.barriers = vec![(1, Stopped::these(&[Profile::Car]))];
    let round = RoadLine::new(
        vec![at(0.0), PlanePoint::new(0.0, 300.0), PlanePoint::new(100.0, 300.0), at(100.0)],
        RoadClass::Street,
    );
    let network = Arc::new(RoadNetwork::build(&[road, round]).unwrap());
    let length_m = |profile, (from_m, to_m)| {
        let graph = RoadGraph::new(Arc::clone(&network), profile);
        let snap = |east_m| graph.snap(at(east_m), 1.0).unwrap();
        graph.path(&snap(from_m), &snap(to_m)).unwrap().length_m
    };
    for (ends, round_m) in [((40.0, 60.0), 780.0), ((60.0, 40.0), 780.0)] {
        assert!(close(length_m(Profile::Foot, ends), 20.0));
        assert!(close(length_m(Profile::EBike, ends), 20.0));
        assert!(close(length_m(Profile::Car, ends), round_m), "{}", length_m(Profile::Car, ends));
    }
}

#[test]
fn a_closed_road_cuts_the_graph_in_two_and_a_door_on_it_is_reached_from_the_next() {
    let road = |from, to| Road { from, to, class: RoadClass::Lane, one_way: false };
    let usual = graph(&[road((0, 0), (1, 0)), road((1, 0), (2, 0)), road((2, 0), (3, 0))], Profile::Foot);
    let at = |east_m| PlanePoint::new(east_m, 4.0);
    let middle = usual.snap(at(150.0), 100.0).unwrap();
    let mut closed = Conditions::default();
    closed.close(middle.edge);
    let cut = usual.under(&closed);
    let snap = |east_m| cut.snap(at(east_m), 100.0).unwrap();
    let snaps = [snap(50.0), snap(250.0), snap(130.0)];
    let durations = cut.durations(&snaps, &snaps);
    assert_eq!(durations.ms(0, 1), None);
    assert!(durations.seconds(1, 0).is_infinite());
    assert_eq!(cut.path(&snaps[0], &snaps[1]), None);
    // From the end of the open road one walks across to it.
    assert!((durations.seconds(0, 2) - (4.0 + 50.0 + 30_f64.hypot(4.0)) / 1.25).abs() < 0.01);
    // The graph it was made from is as it was.
    assert!(usual.durations(&[usual.snap(at(50.0), 9.0).unwrap()], &[middle]).ms(0, 0).is_some());
}

#[test]
fn an_empty_network_has_nowhere_to_snap_to() {
    assert!(graph(&[], Profile::Foot).snap(PlanePoint::new(0.0, 0.0), f64::INFINITY).is_none());
}
