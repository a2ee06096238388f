//! Epanechnikov's surface at the cells of a picture, by sums over whole rows of its disc. Never here: other kernels.

use rayon::prelude::*;

use super::kernel::Kernel;
use super::nodes::{Binned, Nodes, Window, floor, number, steps, whole};
use super::patch::Columns;
use crate::kernel::plane::PlanePoint;

/// Events binned to a fine lattice, to be summed over discs.
///
/// Within its disc Epanechnikov's kernel, 1 − u², is a polynomial of the second degree: what a row of nodes gives to a
/// position follows from the sums of w, w·x, w·y and w·(x² + y²) over the chord that the disc cuts out of the row, and these
/// from two differences of running sums. A cell thus costs a chord for each row of the disc, not a term for each node.
#[derive(Debug)]
pub struct Chords {
    spacing_m: f64,
    /// From sums of w·(r² − d²), in steps, to events per square kilometre.
    scale: f64,
    binned: Binned,
    weights: Vec<f32>,
}

/// Steps to the bandwidth, which is the disc's radius.
const RADIUS: f64 = steps(Kernel::Epanechnikov);

/// Rows of a picture that are summed together.
const BAND: usize = 64;

/// Cells of a row whose chords are found together.
const LANES: usize = 16;

/// The sums of w, w·x, w·y and w·(x² + y²) over the nodes of a row before one of them.
type Moments = [f64; 4];

/// A cell of a picture, in steps from the first node.
#[derive(Clone, Copy)]
struct Cell {
    x: f64,
    y: f64,
    sums: Moments,
}

impl Chords {
    /// How many chords make a cell.
    pub const OF_A_CELL: f64 = 2.0 * RADIUS;

    /// The surface between two corners over `events`, given from `origin` on.
    ///
    /// # Panics
    /// As [`Patch::new`](super::Patch::new).
    #[must_use]
    pub fn new(
        bandwidth_m: f64,
        (south_west, north_east): (PlanePoint, PlanePoint),
        origin: PlanePoint,
        events: Columns<'_>,
    ) -> Self {
        let nodes = Nodes::new(Kernel::Epanechnikov, bandwidth_m);
        let window = Window::between(&nodes, south_west, north_east);
        let (binned, weights) = nodes.binned_of(window, origin, events);
        let scale = Kernel::Epanechnikov.peak() * 1e6 / (bandwidth_m * bandwidth_m * RADIUS * RADIUS);
        Self { spacing_m: nodes.spacing_m, scale, binned, weights }
    }

    /// The densities at the cells of a picture between the corners, in rows of `columns`, in events per square kilometre.
    /// Works on all processors, and gives the same on any number of them. O(nodes + cells · steps).
    #[must_use]
    pub fn per_km2(&self, cells: &[PlanePoint], columns: usize) -> Vec<f32> {
        let columns = columns.max(1);
        let bands = cells.par_chunks(columns * BAND);
        bands.flat_map_iter(|cells| self.band(cells, columns)).collect()
    }

    /// The densities at the cells of some rows.
    fn band(&self, cells: &[PlanePoint], columns: usize) -> Vec<f32> {
        let per_step = 1.0 / self.spacing_m;
        let (west, south) = (self.binned.west as f64, self.binned.south as f64);
        let mut cells: Vec<Cell> = cells
            .iter()
            .map(|at| Cell {
                x: at.east_m * per_step - west,
                y: at.north_m * per_step - south,
                sums: [0.0; 4],
            })
            .collect();
        // How far south and north each row of cells reaches, which need not be straight.
        let reached: Vec<(f64, f64)> = cells
            .chunks(columns)
            .map(|row| span(row.iter().map(|cell| cell.y)))
            .map(|(south, north)| (south - RADIUS, north + RADIUS))
            .collect();
        let (south_most, north_most) = span(reached.iter().flat_map(|&(south, north)| [south, north]));
        // The outermost rows and columns are never within a disc.
        let rows =
            floor(south_most).max(1)..(floor(north_most) + 1).min(self.binned.rows.cast_signed() as i64 - 1);
        let mut moments = vec![[0.0; 4]; self.binned.columns];
        for row in rows {
            self.run(row as usize, &mut moments);
            for (cells, &(south, north)) in cells.chunks_mut(columns).zip(&reached) {
                if south <= row as f64 && row as f64 <= north {
                    add_chords(row as f32, &moments, cells);
                }
            }
        }
        cells.iter().map(|cell| (cell.sum() * self.scale) as f32).collect()
    }

    /// The running sums of a row of nodes, whose weights are sharpened by a twelfth of their Laplacian, as linear binning
    /// has blurred them by as much.
    fn run(&self, row: usize, moments: &mut [Moments]) {
        let nodes = |row: usize| &self.weights[row * self.binned.columns..][..self.binned.columns];
        let (below, here, above) = (nodes(row - 1), nodes(row), nodes(row + 1));
        let y = row as f64;
        let mut sums = [0.0; 4];
        let beside = here.windows(3).zip(&below[1..]).zip(&above[1..]);
        for ((column, ((here, below), above)), after) in (1_u32..).zip(beside).zip(&mut moments[2..]) {
            let [west, weight, east] = [here[0], here[1], here[2]];
            let sharpened = f64::from(weight - (west + east + below + above - 4.0 * weight) / 12.0);
            let x = f64::from(column);
            for (sum, moment) in sums.iter_mut().zip([1.0, x, y, x * x + y * y]) {
                *sum += sharpened * moment;
            }
            *after = sums;
        }
    }
}

impl Cell {
    /// Σ w·(r² − d²) over the nodes that have been summed up.
    fn sum(&self) -> f64 {
        let [weight, x, y, squares] = self.sums;
        let (own_x, own_y) = (self.x, self.y);
        (RADIUS * RADIUS - own_x * own_x - own_y * own_y) * weight + 2.0 * (own_x * x + own_y * y) - squares
    }
}

/// The least and the most of some numbers.
fn span(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), number| {
        (least.min(number), most.max(number))
    })
}

/// Adds to cells the chords that their discs cut out of a row of nodes, of which the running sums are given.
fn add_chords(row: f32, moments: &[Moments], cells: &mut [Cell]) {
    for cells in cells.chunks_mut(LANES) {
        let mut ends = [[0_u32; LANES]; 2];
        let mut at = [[0.0_f32; LANES]; 2];
        for (lane, cell) in cells.iter().enumerate() {
            (at[0][lane], at[1][lane]) = (cell.x as f32, cell.y as f32);
        }
        for lane in 0..LANES {
            let (x, down) = (at[0][lane], row - at[1][lane]);
            let squared = (RADIUS * RADIUS) as f32 - down * down;
            // Outside of the disc a chord without nodes.
            let half = if squared > 0.0 { squared } else { 0.0 }.sqrt();
            ends[0][lane] = number(whole(x - half));
            ends[1][lane] = number(whole(x + half));
        }
        for (lane, cell) in cells.iter_mut().enumerate() {
            // The nodes at the very ends count for nothing.
            let (first, last) = (ends[0][lane] as usize + 1, ends[1][lane] as usize + 1);
            let (Some(until), Some(before)) = (moments.get(last), moments.get(first)) else { continue };
            for (sum, (until, before)) in cell.sums.iter_mut().zip(until.iter().zip(before)) {
                *sum += until - before;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::density::{Density, Event};
    use crate::kernel::random::Random;

    const SOUTH_WEST: PlanePoint = PlanePoint::new(437_000.0, 3_882_000.0);
    const NORTH_EAST: PlanePoint = PlanePoint::new(437_600.0, 3_882_500.0);

    /// A picture whose rows rise a little to the east, as rows of equal latitude do.
    fn cells(columns: u32, rows: u32) -> Vec<PlanePoint> {
        let cell = |column: u32, row: u32| {
            let (across, up) =
                (f64::from(column) / f64::from(columns - 1), f64::from(row) / f64::from(rows - 1));
            PlanePoint::new(437_000.0 + 600.0 * across, 3_882_000.0 + 450.0 * up + 50.0 * across)
        };
        (0..rows).rev().flat_map(|row| (0..columns).map(move |column| cell(column, row))).collect()
    }

    fn columns(events: &[Event]) -> [Vec<f32>; 3] {
        let column = |of: &dyn Fn(&Event) -> f64| events.iter().map(|event| of(event) as f32).collect();
        [
            column(&|event| event.at.east_m - SOUTH_WEST.east_m),
            column(&|event| event.at.north_m - SOUTH_WEST.north_m),
            column(&|event| event.weight),
        ]
    }

    /// The greatest difference to the exact sum, as a share of the exact surface's peak.
    fn worst(events: &[Event], bandwidth_m: f64) -> f64 {
        let columns = columns(events);
        let columns = columns.each_ref().map(Vec::as_slice);
        let chords = Chords::new(bandwidth_m, (SOUTH_WEST, NORTH_EAST), SOUTH_WEST, columns);
        let cells = cells(70, 90);
        let found = chords.per_km2(&cells, 70);
        let density = Density::new(Kernel::Epanechnikov, events.to_vec(), bandwidth_m).unwrap();
        let exact = density.sample(&cells);
        let at_events =
            events.iter().step_by(events.len().div_ceil(200)).map(|event| density.per_km2(event.at));
        let peak = at_events.fold(0.0, f64::max);
        found
            .iter()
            .zip(exact)
            .map(|(&found, exact)| (f64::from(found) - exact).abs() / peak)
            .fold(0.0, f64::max)
    }

    #[test]
    fn it_is_within_a_hundredth_of_the_peak() {
        let mut random = Random::new(12);
        for (count, spread_m) in [(8_000, 700.0), (3_000, 90.0), (500, 20.0)] {
            let event = |_| {
                let mut off = || (random.unit() - 0.5) * spread_m;
                let at = PlanePoint::new(437_300.0 + off(), 3_882_250.0 + off());
                Event { at, weight: 0.5 + random.unit() }
            };
            let events: Vec<Event> = (0..count).map(event).collect();
            for bandwidth_m in [40.0, 100.0] {
                let off = worst(&events, bandwidth_m);
                assert!(off < 0.01, "{count} events, {bandwidth_m} m: {off}");
            }
        }
    }

    #[test]
    fn it_is_within_a_hundredth_where_all_stand_on_one_spot() {
        let mut random = Random::new(3);
        for _ in 0..40 {
            let at = PlanePoint::new(437_200.0 + 10.0 * random.unit(), 3_882_300.0 + 10.0 * random.unit());
            let off = worst(&vec![Event { at, weight: 1.0 }; 9], 150.0);
            assert!(off < 0.01, "{off} at {at:?}");
        }
    }

    #[test]
    fn neither_processors_nor_bands_show() {
        let mut random = Random::new(5);
        let mut at =
            || PlanePoint::new(437_100.0 + 400.0 * random.unit(), 3_882_100.0 + 300.0 * random.unit());
        let events: Vec<Event> = (0..4_000).map(|_| Event { at: at(), weight: 1.0 }).collect();
        let columns = columns(&events);
        let columns = columns.each_ref().map(Vec::as_slice);
        let cells = cells(30, 150);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                Chords::new(60.0, (SOUTH_WEST, NORTH_EAST), SOUTH_WEST, columns).per_km2(&cells, 30)
            })
        };
        let whole = with(1);
        assert_eq!(whole, with(3));
        let chords = Chords::new(60.0, (SOUTH_WEST, NORTH_EAST), SOUTH_WEST, columns);
        let in_parts: Vec<f32> = cells.chunks(30).flat_map(|row| chords.per_km2(row, 30)).collect();
        assert_eq!(whole, in_parts);
    }
}
