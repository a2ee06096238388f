//! Roads against brute force: random networks on a lattice, every distance by Floyd and Warshall (1962).

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
        let Some(speed) = profile.speed_m_per_s(road.class, None) else { continue };
        for pair in stops(road, roads).windows(2) {
            let (a, b) = (index(pair[0]), index(pair[1]));
            let length_m = place(pair[0]).distance_m(place(pair[1]));
            pieces.push((a, b, length_m));
            seconds[a][b] = seconds[a][b].min(length_m / speed);
            if !(road.one_way && profile.obeys_one_way()) {
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
            vertices: vec![place(road.from), place(road.to)],
            class: road.class,
            one_way: road.one_way,
            width_m: None,
        })
        .collect();
    RoadGraph::new(Arc::new(RoadNetwork::build(&lines).unwrap()), profile)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

fn length_m(vertices: &[PlanePoint]) -> f64 {
    vertices.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum()
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
        for &(from, snap) in &on_roads {
            let reach = graph.reach(snap, &snaps);
            for (target, &(to, _)) in on_roads.iter().enumerate() {
                let trip = reach.trip(target);
                prop_assert!(close(trip.duration_s, seconds[index(from)][index(to)]));
                let path = reach.path(target);
                prop_assert!(close(length_m(&path.vertices), trip.length_m), "{path:?}");
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
        for &from in &snaps {
            let reach = graph.reach(from, &snaps);
            for (target, to) in snaps.iter().enumerate() {
                // Every way out of one edge, over the lattice, into the other; and along the one edge.
                let ways = |snap: &Snap, leaving: bool| {
                    let edge = &edges[snap.edge as usize];
                    let both = !(edge.one_way && profile.obeys_one_way());
                    let (first, last) = (lattice(edge.vertices[0]), lattice(*edge.vertices.last().unwrap()));
                    let s_per_m = 1.0 / profile.speed_m_per_s(edge.class, None).unwrap();
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

                let path = reach.path(target);
                prop_assert!(close(path.trip.duration_s, expected), "{} {expected}", path.trip.duration_s);
                prop_assert!(close(length_m(&path.vertices), path.trip.length_m));
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
        let to = [graph.snap(PlanePoint::new(50.0, 0.0), 1.0).unwrap()];
        graph.reach(from, &to).trip(0).length_m
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
    let reach = graph.reach(snap(100.0, 50.0), &shed);
    assert!(close(reach.trip(0).length_m, 200_f64.sqrt()));
    assert_eq!(reach.path(0).vertices, [PlanePoint::new(100.0, 50.0), PlanePoint::new(110.0, 60.0)]);
    assert!(close(reach.trip(1).length_m, 50.0 + 10.0 + 20.0));
    assert!(close(reach.trip(2).length_m, 0.0));
}

#[test]
fn an_empty_network_has_nowhere_to_snap_to() {
    assert!(graph(&[], Profile::Foot).snap(PlanePoint::new(0.0, 0.0), f64::INFINITY).is_none());
}
