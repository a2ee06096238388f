//! Density tiles over HTTP: eight people whose browsers ask for tiles that have been drawn before, as fast as they get
//! them.
//!
//! `cargo bench --bench tiles`. The service and the clients share the machine; the service's own processor time per
//! tile is told beside.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints, and stops at what is amiss"
)]

mod service;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use self::service::{Connection, Service};

const CLIENTS: usize = 8;
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(5);

/// Twenty thousand reports over the four grids of the seed.
const REPORTS: &str = "
INSERT INTO reports (id, content_hash, place_code, kind, hazard_kind, severity, words, happened_at, given_x, given_y, geom)
SELECT gen_random_uuid(), '\\x00', CASE WHEN y < 35.07 THEN '37082800322200' ELSE '37082800321800' END || CASE WHEN x < 116.31 THEN 1 ELSE 2 END,
       'hazard', 'fire', 1 + n % 4, '测量', '2022-06-01 09:00+08', x, y, ST_SetSRID(ST_MakePoint(x, y), 4326)
  FROM (SELECT n, 116.30 + 0.02 * random() AS x, 35.06 + 0.02 * random() AS y FROM generate_series(1, 20000) n) s;
";

fn main() {
    let root = service::folder();
    let service = Service::seeded(root.path(), REPORTS);
    let paths = paths();
    let mut connection = Connection::open(&service);
    for path in &paths {
        let started = Instant::now();
        let bytes = tile(&mut connection, path);
        if path == &paths[0] {
            println!(
                "the first tile, reports read and all: {:.0} ms, {bytes} bytes",
                started.elapsed().as_secs_f64() * 1e3
            );
        }
    }
    for new in
        ["bandwidth_m=151", "kernel=gaussian", "adaptive=true", "edge=true", "auto=cv", "relative=households"]
    {
        let started = Instant::now();
        tile(&mut connection, &format!("{}&{new}", paths[0]));
        println!("cold, new parameters ({new}): {:.0} ms", started.elapsed().as_secs_f64() * 1e3);
    }
    println!("{CLIENTS} clients, {} tiles, {ROUNDS} rounds of {} s", paths.len(), ROUND.as_secs());
    for _ in 0..ROUNDS {
        let before = processor_s(service.process.id());
        let mut latencies_us = round(&service, &paths);
        let per_tile_us = (processor_s(service.process.id()) - before) * 1e6 / latencies_us.len() as f64;
        latencies_us.sort_unstable();
        let percentile = |p: usize| latencies_us[(latencies_us.len() - 1) * p / 100] as f64 / 1e3;
        println!(
            "{:8.0} tiles/s   p50 {:6.2} ms   p99 {:6.2} ms   {per_tile_us:.0} µs of the service's processor time each",
            latencies_us.len() as f64 / ROUND.as_secs_f64(),
            percentile(50),
            percentile(99),
        );
    }
    service.stop();
}

/// The tiles of the seed's street from zoom 14 to 16.
fn paths() -> Vec<String> {
    let tiles = |z: u32, xs: std::ops::Range<u32>, ys: std::ops::Range<u32>| {
        xs.flat_map(move |x| ys.clone().map(move |y| (z, x, y)))
    };
    tiles(14, 13_484..13_487, 6_484..6_487)
        .chain(tiles(15, 26_969..26_973, 12_969..12_973))
        .chain(tiles(16, 53_939..53_944, 25_940..25_945))
        .map(|(z, x, y)| format!("/tiles/density/{z}/{x}/{y}?to=2022-06-01"))
        .collect()
}

/// One round; each request's microseconds.
fn round(service: &Service, paths: &[String]) -> Vec<u64> {
    let until = Instant::now() + ROUND;
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                scope.spawn(move || {
                    let mut connection = Connection::open(service);
                    let mut latencies = Vec::new();
                    while Instant::now() < until {
                        let path = &paths[(number * 7 + latencies.len()) % paths.len()];
                        let started = Instant::now();
                        tile(&mut connection, path);
                        latencies.push(u64::try_from(started.elapsed().as_micros()).unwrap());
                    }
                    latencies
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}

/// Gets a tile and reads it whole; its length.
fn tile(connection: &mut Connection, path: &str) -> usize {
    let (status, length) = connection.ask("GET", path, "command", "");
    assert_eq!(status, 200, "{path}");
    length
}

/// Processor time of a process so far, in seconds (proc(5), fields 14 and 15 of `stat`, in hundredths).
fn processor_s(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks: u32 =
        fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u32>().unwrap()).sum();
    f64::from(ticks) / 100.0
}
