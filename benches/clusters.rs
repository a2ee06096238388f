//! Clusters and near repeats over a whole street, for the figures in `docs/BENCHMARKS.md`; `benches/clusters.sh` runs it
//! beside its peer on the same incidents.
//!
//! `cargo bench --bench clusters`. By the clock and in processor time, one run each with 999 permutations. With a
//! folder as its argument it leaves the incidents there for the peer: `incidents.f64`, east, north and day in turn.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints, and stops at what is amiss"
)]

mod random;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use gridkeeper::kernel::plane::PlanePoint;
use gridkeeper::kernel::spacetime::{Bands, Incident, KnoxError, ScanPlan, knox, scan};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};

use random::Random;

const INCIDENTS: usize = 20_000;
const VILLAGES: usize = 35;
const BUILDINGS: usize = 400;
/// Three years.
const DAYS: f64 = 1_095.0;
const PERMUTATIONS: usize = 999;
const SEED: u64 = 2022;

fn main() {
    let incidents = street();
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    if let Some(folder) = folder {
        let numbers = incidents.iter().flat_map(|one| [one.at.east_m, one.at.north_m, f64::from(one.day)]);
        let bytes: Vec<u8> = numbers.flat_map(f64::to_le_bytes).collect();
        fs::write(folder.join("incidents.f64"), bytes).unwrap();
    }
    let processors = std::thread::available_parallelism().unwrap();
    println!("{INCIDENTS} incidents over {DAYS} days in {VILLAGES} villages, {processors} processors");
    for (radius_m, days) in [(500, 28), (500, 180), (5_000, 28), (5_000, 180)] {
        emerging(&incidents, radius_m, days);
    }
    for distance_m in [25, 50, 100, 300, 1_000] {
        near_repeats(&incidents, distance_m);
    }
}

/// Reports over the 14,000 buildings of a street, busy villages having four times as many as quiet ones; a third of them
/// exactly at the building, the others where a telephone thought that it was. Synthetic.
fn street() -> Vec<Incident> {
    let mut random = Random(7);
    let mut buildings = Vec::with_capacity(VILLAGES * BUILDINGS);
    for village in 0..VILLAGES {
        let (column, row) = ((village % 7) as f64, (village / 7) as f64);
        for _ in 0..BUILDINGS {
            // Denser in the middle: the sum of two uniform numbers.
            let mut offset = || (random.unit() + random.unit() - 1.0) * 350.0;
            buildings.push((column * 1_300.0 + offset(), row * 1_600.0 + offset()));
        }
    }
    (0..INCIDENTS)
        .map(|_| {
            let share = random.unit().powf(1.25);
            let (east_m, north_m) = buildings[(share * buildings.len() as f64) as usize];
            let off = if random.unit() < 1.0 / 3.0 { 0.0 } else { 30.0 };
            let at =
                PlanePoint::new(east_m + (random.unit() - 0.5) * off, north_m + (random.unit() - 0.5) * off);
            Incident { at, day: (random.unit() * DAYS) as i32 }
        })
        .collect()
}

fn emerging(incidents: &[Incident], radius_m: u32, days: u32) {
    let step_days = days.div_ceil(30);
    let plan = ScanPlan {
        last_day: DAYS as i32 - 1,
        step_days,
        most_steps: (days / step_days) as usize,
        most_radius_m: f64::from(radius_m),
        permutations: PERMUTATIONS,
        seed: SEED,
    };
    let (found, time) = timed(|| scan(incidents, &plan, &|| true).unwrap());
    println!("clusters within {radius_m} m and {days} days: {time}, {} candidates", found.len());
}

fn near_repeats(incidents: &[Incident], distance_m: u32) {
    let ends_m = std::iter::once(1.0).chain((1..=4).map(|band| f64::from(band * distance_m))).collect();
    let bands = Bands::new(ends_m, vec![7, 14, 21, 28]).unwrap();
    let (found, time) = timed(|| knox(incidents, &bands, PERMUTATIONS, SEED, &|| true));
    let what = match found {
        Ok(table) => {
            let soon: u32 = table.cells.iter().flatten().map(|cell| cell.observed).sum();
            format!("{} pairs, {soon} of them within 28 days", table.pairs)
        }
        Err(KnoxError::TooManyPairs { most }) => format!("refused, more than {most} pairs"),
        Err(error) => error.to_string(),
    };
    println!("near repeats in 4 bands of {distance_m} m and 4 weeks: {time}, {what}");
}

/// What comes out, and how long it took by the clock and of all processors together.
fn timed<Answer>(work: impl FnOnce() -> Answer) -> (Answer, String) {
    let used_ms = || clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).unwrap().num_milliseconds();
    let (started, before_ms) = (Instant::now(), used_ms());
    let answer = work();
    let seconds = started.elapsed().as_secs_f64();
    (answer, format!("{seconds:.2} s, {:.2} s of processors", (used_ms() - before_ms) as f64 / 1e3))
}
