//! How long durations between many places take, against Dijkstra's algorithm in the same run, and how long it takes
//! to close a road.
//!
//! `cargo bench --bench roads`. One thread; figures are the median of nine rounds, in processor time. The town is a
//! bent lattice with a tenth of its streets missing, which a hierarchy finds harder than streets that grew; Monaco
//! is real.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark reports to the terminal, or stops"
)]

mod random;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use gridkeeper::interop::network;
use gridkeeper::kernel::geometry::GaussKruger;
use gridkeeper::kernel::plane::PlanePoint;
use gridkeeper::kernel::roads::{Conditions, Profile, RoadClass, RoadGraph, RoadLine, RoadNetwork, Snap};

use random::Random;

const PLACES: usize = 200;
const ROUNDS: usize = 9;

/// Milliseconds that this thread has had a processor (Linux; see `proc_pid_schedstat`).
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let ns: u64 = stat.split_whitespace().next().and_then(|ns| ns.parse().ok()).expect("nanoseconds");
    ns as f64 / 1e6
}

/// The median time of a few rounds, and what the last gave.
fn timed<T>(rounds: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut last = None;
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = cpu_ms();
            last = Some(black_box(work()));
            cpu_ms() - start
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[rounds / 2], last.expect("a round"))
}

/// A town of about `side` × `side` crossings, 80 m apart and none quite where it should be.
fn town(side: u32, random: &mut Random) -> Vec<RoadLine> {
    let crossings: Vec<PlanePoint> = (0..side * side)
        .map(|crossing| {
            let mut off = || (random.unit() - 0.5) * 50.0;
            PlanePoint::new(
                f64::from(crossing % side) * 80.0 + off(),
                f64::from(crossing / side) * 80.0 + off(),
            )
        })
        .collect();
    let mut streets = Vec::new();
    for crossing in 0..side * side {
        let east = (crossing % side + 1 < side).then_some(crossing + 1);
        let north = (crossing / side + 1 < side).then_some(crossing + side);
        for next in [east, north].into_iter().flatten() {
            if random.unit() < 0.9 {
                let ends = vec![crossings[crossing as usize], crossings[next as usize]];
                streets.push(RoadLine::new(ends, RoadClass::Lane));
            }
        }
    }
    streets
}

fn monaco() -> Vec<RoadLine> {
    let roads = network::read("monaco.osm.pbf", include_bytes!("../fixtures/osm/monaco.osm.pbf"))
        .expect("an extract");
    let projection = GaussKruger::for_place(roads[0].line[0]);
    roads.iter().map(|road| road.project(projection)).collect()
}

fn measure(name: &str, lines: &[RoadLine], random: &mut Random) {
    let network = Arc::new(RoadNetwork::build(lines).expect("finite coordinates"));
    let (wall, start) = (Instant::now(), cpu_ms());
    let graph = RoadGraph::new(Arc::clone(&network), Profile::Foot);
    let (built_ms, built_wall) = (cpu_ms() - start, wall.elapsed());

    let nodes = network.nodes();
    let mut snaps: Vec<Snap> = Vec::new();
    while snaps.len() < PLACES {
        let near = nodes[(random.unit() * nodes.len() as f64) as usize];
        let mut off = || (random.unit() - 0.5) * 60.0;
        snaps.extend(graph.snap(PlanePoint::new(near.east_m + off(), near.north_m + off()), 500.0));
    }
    let (matrix_ms, durations) = timed(ROUNDS, || graph.durations(&snaps, &snaps));
    let (dijkstra_ms, rows) =
        timed(1, || snaps.iter().map(|from| graph.dijkstra(from, &snaps)).collect::<Vec<_>>());
    let differ = rows
        .iter()
        .enumerate()
        .flat_map(|(from, row)| row.iter().enumerate().map(move |(to, &ms)| (from, to, ms)))
        .filter(|&(from, to, ms)| durations.ms(from, to) != ms)
        .count();
    let mut closed = Conditions::default();
    closed.close(snaps[0].edge);
    let (closing_ms, _) = timed(ROUNDS, || graph.under(&closed));
    let (path_ms, _) =
        timed(ROUNDS, || snaps.windows(2).filter_map(|pair| graph.path(&pair[0], &pair[1])).count());
    println!(
        "{name:<8} {:>7} arcs | built in {built_ms:.0} ms ({:.0} ms by the clock) | matrix {PLACES} x {PLACES} \
         {matrix_ms:.2} ms | Dijkstra {dijkstra_ms:.0} ms, {:.0} times as long, {differ} of {} differ | \
         closing a road {closing_ms:.1} ms | {} ways with their lines {path_ms:.0} ms",
        graph.arcs(),
        built_wall.as_secs_f64() * 1e3,
        dijkstra_ms / matrix_ms,
        PLACES * PLACES,
        PLACES - 1,
    );
}

fn main() {
    let mut random = Random(23);
    measure("town", &town(230, &mut random), &mut random);
    measure("monaco", &monaco(), &mut random);
}
