//! How fast points are assigned to faces, against what people use otherwise, in the same run.
//!
//! `cargo bench --bench geometry`, or with `-- village street province` the coverages wanted. With `-- postgis` there is
//! PostGIS beside it, in the private cluster of a service that is started for it; with `-- leave=FOLDER` faces and points
//! are left for the peers of `geometry_peers.sh`. One thread but for building and opening the index. Rates are the median
//! of rounds, in processor time; the machine's other work does not count, but what it does to the caches.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark reports to the terminal, or stops"
)]

mod leave;
mod peers;
mod postgis;
mod province;
#[path = "../random/mod.rs"]
mod random;

use std::hint::black_box;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use geo::{Coord, LineString, MultiPolygon, Polygon};
use gridkeeper::kernel::geometry::coverage::overlaps;
use gridkeeper::kernel::geometry::{FaceId, GridIndex, Wgs84};
use gridkeeper::platform::mapped_file;
use nix::time::{ClockId, clock_gettime};
use rayon::prelude::*;

use leave::leave;
use peers::{Envelopes, Indexed, by_contains, exactly};
use postgis::PostGis;
use random::Random;

type Faces = Vec<(FaceId, MultiPolygon<f64>)>;

/// Points for the index, of which the slower ways get a share.
const POINTS: usize = 4_000_000;
const SHARE: usize = 20;
/// Points held against exact predicates.
const CHECKED: usize = 10_000_000;
const ROUNDS: usize = 7;
/// Points for PostGIS.
const FEW: usize = 100_000;

/// Who else is measured.
struct Others {
    postgis: Option<PostGis>,
    /// Where to leave faces and points for other programs.
    leave: Option<PathBuf>,
}

fn fixture(gzipped: &[u8]) -> Faces {
    let mut text = String::new();
    flate2::read::GzDecoder::new(gzipped).read_to_string(&mut text).expect("a gzipped fixture");
    let json: serde_json::Value = serde_json::from_str(&text).expect("a GeoJSON fixture");
    let ring = |ring: &serde_json::Value| -> LineString<f64> {
        let number = |v: &serde_json::Value| v.as_f64().expect("a coordinate");
        let points = ring.as_array().expect("a ring");
        points.iter().map(|p| Coord { x: number(&p[0]), y: number(&p[1]) }).collect()
    };
    let features = json["features"].as_array().expect("features");
    let face = |feature: &serde_json::Value| {
        Polygon::new(ring(&feature["geometry"]["coordinates"][0]), vec![]).into()
    };
    (0..).map(FaceId).zip(features.iter().map(face)).collect()
}

/// Points anywhere in a box, in random order.
fn scattered(seed: u64, count: usize, (low, high): (Coord<f64>, Coord<f64>)) -> Vec<Wgs84> {
    let mut random = Random(seed);
    let mut place = || {
        let (x, y) = (random.unit(), random.unit());
        Wgs84::new(low.x + x * (high.x - low.x), low.y + y * (high.y - low.y)).expect("a coordinate")
    };
    (0..count).map(|_| place()).collect()
}

/// Seconds of processor time, of this thread or of the whole process.
fn cpu_s(clock: ClockId) -> f64 {
    let time = clock_gettime(clock).expect("a clock");
    time.tv_sec() as f64 + time.tv_nsec() as f64 / 1e9
}

/// Million points in a second of this thread's processor time: the median of the rounds.
fn rate(points: usize, mut round: impl FnMut()) -> f64 {
    let mut taken: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = cpu_s(ClockId::CLOCK_THREAD_CPUTIME_ID);
            round();
            cpu_s(ClockId::CLOCK_THREAD_CPUTIME_ID) - start
        })
        .collect();
    taken.sort_unstable_by(f64::total_cmp);
    points as f64 / taken[ROUNDS / 2] / 1e6
}

fn measure(name: &str, faces: &Faces, others: &mut Others) {
    let positions: usize = faces.iter().map(|(_, face)| face.0[0].exterior().0.len()).sum();
    let (input, start, cpu) = (faces.clone(), Instant::now(), cpu_s(ClockId::CLOCK_PROCESS_CPUTIME_ID));
    let index = GridIndex::build(input).expect("sound faces");
    let (built_s, built_cpu_s) =
        (start.elapsed().as_secs_f64(), cpu_s(ClockId::CLOCK_PROCESS_CPUTIME_ID) - cpu);
    let size = index.save(b"").len();
    println!(
        "{name}: {} faces, {positions} positions; {} overlaps; built in {built_s:.2} s ({built_cpu_s:.2} s of \
         processors); {:.1} MB, {:.2} of the coordinates'",
        faces.len(),
        overlaps(faces).len(),
        size as f64 / 1e6,
        size as f64 / (positions * 16) as f64,
    );
    reopen(&index);
    let all = faces.iter().flat_map(|(_, face)| face.0[0].exterior().0.iter());
    let (mut low, mut high) = (faces[0].1.0[0].exterior().0[0], faces[0].1.0[0].exterior().0[0]);
    for c in all {
        low = Coord { x: low.x.min(c.x), y: low.y.min(c.y) };
        high = Coord { x: high.x.max(c.x), y: high.y.max(c.y) };
    }
    let places = scattered(7, POINTS, (low, high));
    rates(&index, faces, &places);
    if let Some(postgis) = &mut others.postgis {
        let few = &places[..if faces.len() < 10 { FEW / 5 } else { FEW }];
        let owned = index.locate_all(few).iter().flatten().count();
        let (rate, found) = postgis.rate(faces, few);
        println!(
            "  PostGIS {rate:.4} million points per CPU-second ({found} of {} in a face; {owned} here)",
            few.len()
        );
    }
    if let Some(folder) = &others.leave {
        leave(folder, name, faces, &places[..places.len() / SHARE]);
    }
    latencies(&index, &places[..POINTS / 8]);
    check(&index, faces, (low, high));
}

/// A saved index, opened by mapping its file, and by reading it.
fn reopen(index: &GridIndex) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), index.save(b"")).expect("writes");
    let least = |open: &dyn Fn() -> GridIndex| {
        let taken = (0..ROUNDS).map(|_| {
            let (start, cpu) = (Instant::now(), cpu_s(ClockId::CLOCK_PROCESS_CPUTIME_ID));
            black_box(open());
            let cpu = cpu_s(ClockId::CLOCK_PROCESS_CPUTIME_ID) - cpu;
            (start.elapsed().as_secs_f64() * 1e3, cpu * 1e3)
        });
        taken.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
    };
    let mapped = least(&|| GridIndex::open(mapped_file::map(file.path()).expect("maps")).expect("opens"));
    let read = least(&|| GridIndex::open(std::fs::read(file.path()).expect("reads")).expect("opens"));
    println!(
        "  reopened: mapped in {:.1} ms ({:.1} ms of processors), read in {:.1} ms ({:.1} ms)",
        mapped.0, mapped.1, read.0, read.1
    );
}

fn rates(index: &GridIndex, faces: &Faces, places: &[Wgs84]) {
    let mut owners = vec![None; places.len()];
    let batch = rate(places.len(), || {
        index.locate_into(black_box(places), &mut owners);
        black_box(&owners);
    });
    let single = rate(places.len(), || {
        for &place in places {
            black_box(index.locate(place));
        }
    });
    let few = &places[..places.len() / SHARE];
    let envelopes = Envelopes::new(faces);
    let contains = rate(few.len(), || {
        for &place in few {
            black_box(by_contains(&envelopes, faces, place));
        }
    });
    let indexed = Indexed::new(faces);
    let by_indexed = rate(few.len(), || {
        for &place in few {
            black_box(indexed.locate(&envelopes, place));
        }
    });
    println!(
        "  million points per CPU-second: batch {batch:.1}, one by one {single:.1}; rstar + geo contains \
         {contains:.2} (batch is {:.0} times that), rstar + geo IntervalTreeMultiPolygon {by_indexed:.2} ({:.0} times)",
        batch / contains,
        batch / by_indexed
    );
}

/// How long single lookups take, the clock's own time included.
fn latencies(index: &GridIndex, places: &[Wgs84]) {
    let timed = |place: &Wgs84| {
        let start = Instant::now();
        black_box(index.locate(*place));
        start.elapsed().as_nanos()
    };
    let mut taken: Vec<u128> = places.iter().map(timed).collect();
    let mut clock: Vec<u128> = places.iter().map(|_| Instant::now().elapsed().as_nanos()).collect();
    taken.sort_unstable();
    clock.sort_unstable();
    let (n, at) = (taken.len(), |list: &[u128], share: usize| list[list.len() * share / 1000]);
    println!(
        "  one lookup of {n}: p50 {} ns, p99 {} ns, p99.9 {} ns (the clock alone: p50 {} ns)",
        at(&taken, 500),
        at(&taken, 990),
        at(&taken, 999),
        at(&clock, 500)
    );
}

fn check(index: &GridIndex, faces: &Faces, bounds: (Coord<f64>, Coord<f64>)) {
    let envelopes = Envelopes::new(faces);
    let places = scattered(11, CHECKED, bounds);
    let owners = index.locate_all(&places);
    let differ = |(place, owner): (&Wgs84, &Option<FaceId>)| exactly(&envelopes, faces, *place) != *owner;
    let differ = places.par_iter().zip(&owners).filter(|&pair| differ(pair)).count();
    println!("  {differ} of {CHECKED} points differ from exact predicates");
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let leave = arguments.iter().find_map(|argument| argument.strip_prefix("leave=")).map(PathBuf::from);
    let with_postgis = arguments.iter().any(|argument| argument == "postgis");
    let mut others = Others { postgis: with_postgis.then(PostGis::start), leave };
    let names = ["village", "street", "province"];
    let all = !arguments.iter().any(|argument| names.contains(&argument.as_str()));
    let want = |name: &str| all || arguments.iter().any(|argument| argument == name);
    if want("village") {
        let faces = fixture(include_bytes!("../../fixtures/reference/coverage/village3.geojson.gz"));
        measure("village", &faces, &mut others);
    }
    if want("street") {
        let faces = fixture(include_bytes!("../../fixtures/reference/coverage/street105.geojson.gz"));
        measure("street", &faces, &mut others);
    }
    if want("province") {
        measure("province", &province::faces(316).collect(), &mut others);
    }
}
