//! Density tiles and hotspots, for the figures in `docs/BENCHMARKS.md`; `benches/density.sh` runs it beside its peers on
//! the same points.
//!
//! `cargo bench --bench density`. In processor time, the median of nine rounds; a picture from raw points also by the
//! clock on all processors.
//! With a folder as its argument it leaves the points there for the peers: `points.f64`, x and y in turn.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark reports to the terminal, or stops"
)]

mod random;

use std::f64::consts::PI;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use gridkeeper::domain::risk::{Painter, Surface};
use gridkeeper::kernel::density::{Adaptive, Density, Event, Kernel, Positions, raster};
use gridkeeper::kernel::geometry::{GaussKruger, Projected, Wgs84};
use gridkeeper::kernel::hotspots::{Neighbours, Shuffles, Weights, local_g};
use gridkeeper::kernel::plane::PlanePoint;
use gridkeeper::platform::http::TileId;
use gridkeeper::platform::raster::{Frame, Palette, System, picture};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};

use random::Random;

/// The tile that the points fill: 4 km wide at zoom 13, around Cuikou's street.
const TILE: (u8, u32, u32) = (13, 6_742, 3_243);
const ROUNDS: usize = 9;
/// So little that a million of them make a picture of all classes, and not of the highest alone.
const WEIGHT: f64 = 0.004;

/// Near 0, by the sum of three uniform numbers.
fn near(random: &mut Random) -> f64 {
    random.unit() + random.unit() + random.unit() - 1.5
}

/// Half of the points around sixty centres, half anywhere, as shares of the tile's sides. Synthetic.
fn shares(count: usize) -> Vec<(f64, f64)> {
    let mut random = Random(2022);
    let centres: Vec<(f64, f64)> = (0..60).map(|_| (random.unit(), random.unit())).collect();
    (0..count)
        .map(|point| {
            if point % 2 == 0 {
                return (random.unit(), random.unit());
            }
            let (x, y) = centres[(random.unit() * 60.0) as usize];
            let inside = |share: f64| share.clamp(0.0, 1.0 - 1e-9);
            (inside(x + 0.05 * near(&mut random)), inside(y + 0.05 * near(&mut random)))
        })
        .collect()
}

/// Where a share of the tile's sides lies.
fn place((across, down): (f64, f64)) -> Wgs84 {
    let (z, x, y) = TILE;
    let side = f64::from(1_u32 << z);
    let lon = (f64::from(x) + across) / side * 360.0 - 180.0;
    let lat = (PI * (1.0 - 2.0 * (f64::from(y) + down) / side)).sinh().atan().to_degrees();
    Wgs84::new(lon, lat).expect("a place")
}

/// Processor time of all threads so far, in milliseconds.
fn processor_ms() -> f64 {
    let time = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("the clock of this process");
    time.num_microseconds() as f64 / 1000.0
}

/// The median processor time of a call, in milliseconds, over rounds of `calls` each.
fn milliseconds(calls: u32, work: impl FnMut()) -> f64 {
    median(calls, processor_ms, work)
}

/// The median of what a clock says of a call, over rounds of `calls` each.
fn median(calls: u32, clock: impl Fn() -> f64, mut work: impl FnMut()) -> f64 {
    work();
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let before = clock();
            (0..calls).for_each(|_| work());
            (clock() - before) / f64::from(calls)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let points = shares(1_000_000);
    if let Some(folder) = folder {
        // North up, as a canvas has it.
        let bytes: Vec<u8> =
            points.iter().flat_map(|(x, y)| [x.to_le_bytes(), (1.0 - y).to_le_bytes()].concat()).collect();
        fs::write(folder.join("points.f64"), bytes).expect("a folder to write to");
    }
    let (z, x, y) = TILE;
    let id = TileId::new(z, x, y).expect("a tile");
    for count in [100_000, 1_000_000] {
        let places: Vec<Wgs84> = points[..count].iter().map(|&share| place(share)).collect();
        for (kernel, bandwidth_m) in
            [(Kernel::Gaussian, 40.0), (Kernel::Quartic, 100.0), (Kernel::Epanechnikov, 100.0)]
        {
            tile(kernel, bandwidth_m, &places, id);
        }
        adaptive(Kernel::Gaussian, 40.0, &places, id);
        adaptive(Kernel::Quartic, 100.0, &places, id);
    }
    for kernel in Kernel::ALL {
        exact(kernel, 100_000);
    }
    permutations();
}

/// A tile from what was prepared, and a picture of the same size straight from the points.
fn tile(kernel: Kernel, bandwidth_m: f64, places: &[Wgs84], id: TileId) {
    let weighted = || places.iter().map(|&place| (place, WEIGHT));
    let mut surface = None;
    let made = milliseconds(1, || surface = Surface::new(kernel, bandwidth_m, weighted()).ok());
    let surface = surface.expect("a surface");
    let before = processor_ms();
    surface.prepare();
    let prepared = processor_ms() - before;
    let png = surface.draw(id).expect("a tile").len();
    let warm = milliseconds(20, || {
        black_box(surface.draw(id).expect("a tile"));
    });

    let (north_west, south_east) = (place((0.0, 0.0)), place((1.0, 1.0)));
    let frame = Frame {
        west: north_west.lon(),
        north: north_west.lat(),
        east: south_east.lon(),
        south: south_east.lat(),
        columns: 256,
        rows: 256,
        system: System::LonLat,
    };
    let zone = GaussKruger::for_place(places[0]);
    let painter = Painter::new(&frame, zone);
    let projected: Vec<Projected> = places.iter().map(|&place| zone.project(place)).collect();
    let origin = painter.origin();
    let east_m: Vec<f32> = projected.iter().map(|at| (at.east_m() - origin.east_m) as f32).collect();
    let north_m: Vec<f32> = projected.iter().map(|at| (at.north_m() - origin.north_m) as f32).collect();
    let weight = vec![WEIGHT as f32; places.len()];
    let palette = Palette::new(&[[0; 3]; 8], 255);
    let draw = || {
        let pixels = painter.paint(kernel, bandwidth_m, [&east_m, &north_m, &weight]);
        black_box(picture(&pixels, 256, &palette).expect("a picture"));
    };
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let raw = one.install(|| milliseconds(5, draw));
    let begun = Instant::now();
    let raw_together = median(5, || begun.elapsed().as_secs_f64() * 1000.0, draw);
    let off = worst(&surface, &projected);
    println!(
        "{:12} {:>9} points, {bandwidth_m:>3} m: tile {warm:.3} ms ({png} bytes), from raw points {raw:.2} ms on one \
         processor and {raw_together:.2} ms by the clock on {}, surface made {made:.0} ms and prepared {prepared:.0} ms, off by {:.3} % of the peak",
        kernel.key(),
        places.len(),
        rayon::current_num_threads(),
        off * 100.0,
    );
}

/// A tile of a surface with a bandwidth for each event, and the greatest difference between it and the definition at some
/// of the events, as a share of the peak among them.
fn adaptive(kernel: Kernel, bandwidth_m: f64, places: &[Wgs84], id: TileId) {
    let before = processor_ms();
    let weighted = places.iter().map(|&place| (place, WEIGHT));
    let surface = Surface::adaptive(kernel, bandwidth_m, weighted).expect("a surface");
    let made = processor_ms();
    surface.prepare();
    let prepared = processor_ms();
    let warm = milliseconds(5, || {
        black_box(surface.draw(id).expect("a tile"));
    });

    let zone = GaussKruger::for_place(places[0]);
    let events: Vec<Event> =
        places.iter().map(|&place| Event { at: zone.project(place).into(), weight: WEIGHT }).collect();
    let bandwidths = Adaptive::new(kernel, events.clone(), bandwidth_m, None).expect("a surface");
    let own_m: Vec<f64> = events.iter().map(|event| bandwidths.bandwidth_m(event.at)).collect();
    let exact = |at: PlanePoint| {
        let term = |(event, own_m): (&Event, &f64)| {
            let u = event.at.distance_m(at) / own_m;
            event.weight * kernel.peak() * kernel.share(u * u) / (own_m * own_m)
        };
        events.iter().zip(&own_m).map(term).sum::<f64>() * 1e6
    };
    let (mut off, mut peak) = (0.0_f64, 0.0_f64);
    let mut shown = surface.reader(false);
    for event in events.iter().step_by(events.len() / 200) {
        let exact = exact(event.at);
        (off, peak) = (off.max((shown.at(event.at) - exact).abs()), peak.max(exact));
    }
    println!(
        "{:12} {:>9} points, {bandwidth_m:>3} m, adaptive: tile {warm:.2} ms, surface made {:.0} ms and prepared {:.0} ms, off by {:.3} % of the peak",
        kernel.key(),
        places.len(),
        made - before,
        prepared - made,
        off / peak * 100.0,
    );
}

/// The greatest difference between the prepared surface and the exact sum at some of the events, as a share of the
/// exact peak among them.
fn worst(surface: &Surface, projected: &[Projected]) -> f64 {
    let (mut off, mut peak) = (0.0_f64, 0.0_f64);
    let (mut shown, mut exact) = (surface.reader(false), surface.reader(true));
    for &at in projected.iter().step_by(projected.len() / 2_000) {
        let (found, exact) = (shown.at(at.into()), exact.at(at.into()));
        (off, peak) = (off.max((found - exact).abs()), peak.max(exact));
    }
    off / peak
}

/// Exact sums at 256 × 256 cells.
fn exact(kernel: Kernel, count: usize) {
    let events: Vec<Event> = shares(count)
        .iter()
        .map(|&(x, y)| Event { at: PlanePoint::new(x * 3_200.0, y * 3_200.0), weight: 1.0 })
        .collect();
    let along: Vec<f64> = (0..256).map(|cell| (f64::from(cell) + 0.5) * 12.5).collect();
    let positions = Positions::Straight { east: along.clone(), north: along };
    let density = Density::new(kernel, events, 100.0).expect("a density");
    let before = processor_ms();
    black_box(raster(&density, &positions));
    let took = (processor_ms() - before) / 1000.0;
    println!(
        "{:12} {count:>9} points, 100 m: 256 × 256 exact sums in {took:.2} s of processor time",
        kernel.key()
    );
}

/// Gi* of a square of units, each with the eight around it.
fn permutations() {
    let side = 316_usize;
    let around = |unit: usize| {
        let near = |centre: usize| centre.saturating_sub(1)..(centre + 2).min(side);
        near(unit / side)
            .flat_map(|row| near(unit % side).map(move |column| (row * side + column) as u32))
            .filter(|&other| other as usize != unit)
            .collect::<Vec<u32>>()
    };
    let neighbours = Neighbours::new(&(0..side * side).map(around).collect::<Vec<_>>()).expect("neighbours");
    let mut random = Random(7);
    let values: Vec<f64> = (0..side * side).map(|_| (random.unit() * 20.0).floor()).collect();
    for permutations in [999, 9_999] {
        let took = milliseconds(1, || {
            black_box(local_g(&values, &neighbours, Weights::Binary, true));
            black_box(Shuffles::new(&neighbours, permutations, 1).ranks(&values, &neighbours));
        });
        println!(
            "Gi* of {} units × {permutations} permutations: {took:.1} ms of processor time",
            side * side
        );
    }
}
