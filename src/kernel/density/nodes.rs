//! Densities at the nodes of a lattice, and between them. Never here: which nodes are wanted.

use rayon::prelude::*;

use super::kernel::Kernel;
use super::stencil::Stencil;
use crate::kernel::plane::PlanePoint;

/// How densities at nodes come about.
#[derive(Debug, Clone)]
pub(super) struct Nodes {
    pub(super) spacing_m: f64,
    stencil: Stencil,
    /// From shares of the peak to events per square kilometre.
    scale: f32,
}

/// Nodes that are stored before the first and after the last that is asked for.
pub(super) const BEFORE: i64 = 1;
pub(super) const AFTER: i64 = 2;

/// Steps of the lattice to a bandwidth: what a hundredth of the peak needs. Epanechnikov's has an edge, which is
/// blurred by about a step at any spacing.
pub(super) const fn steps(kernel: Kernel) -> f64 {
    match kernel {
        Kernel::Gaussian => 4.0,
        Kernel::Epanechnikov => 44.0,
        Kernel::Quartic => 9.0,
        Kernel::Triweight => 11.0,
    }
}

/// A rectangle of nodes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) column: i64,
    pub(super) row: i64,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Nodes {
    pub(super) fn new(kernel: Kernel, bandwidth_m: f64) -> Self {
        let steps = steps(kernel);
        let scale = (kernel.peak() * 1e6 / (bandwidth_m * bandwidth_m)) as f32;
        Self { spacing_m: bandwidth_m / steps, stencil: Stencil::new(kernel, steps), scale }
    }

    /// The corners of what can be felt at the nodes of a window.
    pub(super) fn extent_that_reaches(&self, window: Window) -> (PlanePoint, PlanePoint) {
        let margin = self.stencil.radius().cast_signed() as i64 + 1;
        let corner = |column: i64, row: i64| {
            PlanePoint::new(column as f64 * self.spacing_m, row as f64 * self.spacing_m)
        };
        (
            corner(window.column - margin, window.row - margin),
            corner(
                window.column + window.columns.cast_signed() as i64 + margin,
                window.row + window.rows.cast_signed() as i64 + margin,
            ),
        )
    }

    /// The densities at the nodes of a window, row by row from the south, over events given by metres east and north
    /// and their weight.
    pub(super) fn densities(
        &self,
        window: Window,
        events: impl Iterator<Item = (f64, f64, f64)>,
    ) -> Vec<f32> {
        let Binned { west, south, across, along } = self.binned(window);
        let mut fours = vec![[0.0_f32; 4]; across * along];
        let per_step = 1.0 / self.spacing_m;
        let (west, south) = (west as f64, south as f64);
        let (width, height) = (across as f64, along as f64);
        for (east_m, north_m, weight) in events {
            let (x, y) = (east_m * per_step - west, north_m * per_step - south);
            if x >= 0.0 && x < width && y >= 0.0 && y < height {
                let (column, row) = (x as u32, y as u32);
                let (right, up) = ((x - f64::from(column)) as f32, (y - f64::from(row)) as f32);
                add(&mut fours[row as usize * across + column as usize], share(weight as f32, right, up));
            }
        }
        self.spread(&[fours], across)
    }

    /// As [`Nodes::densities`], over columns of events in 32 bits: metres east and north of `origin`, and weights. The
    /// columns must be equally long, and the window of less than 2²³ nodes. Works on all processors.
    pub(super) fn densities_of(&self, window: Window, origin: PlanePoint, columns: [&[f32]; 3]) -> Vec<f32> {
        let Binned { west, south, across, along } = self.binned(window);
        let strip = Strip {
            per_step: (1.0 / self.spacing_m) as f32,
            west: (west as f64 - origin.east_m / self.spacing_m) as f32,
            south: (south as f64 - origin.north_m / self.spacing_m) as f32,
            across: across as f32,
            along: along as f32,
        };
        // As many parts for as many events, however many processors there are: the sums are the same to the last bit.
        let events = columns[0].len();
        let part = events.div_ceil(if events < WORTH_SHARING { 1 } else { 2 }).max(1);
        let [east, north, weight] = columns.map(|column| column.par_chunks(part));
        let parts: Vec<Vec<[f32; 4]>> = east
            .zip(north)
            .zip(weight)
            .map(|((east, north), weight)| {
                let mut fours = vec![[0.0; 4]; across * along];
                strip.bin_all([east, north, weight], &mut fours);
                fours
            })
            .collect();
        self.spread(&parts, across)
    }

    /// Where weights are binned that can be felt at the nodes of a window.
    fn binned(&self, window: Window) -> Binned {
        let radius = self.stencil.radius();
        let first = |node: i64| node - radius.cast_signed() as i64 - 1;
        // One more than there are nodes: an event may lie before the first and still give to it.
        Binned {
            west: first(window.column),
            south: first(window.row),
            across: window.columns + 2 * radius + 1,
            along: window.rows + 2 * radius + 1,
        }
    }

    /// Spreads weights that have been shared among the four nodes around each (linear binning), in parts that count
    /// together.
    fn spread(&self, parts: &[Vec<[f32; 4]>], across: usize) -> Vec<f32> {
        self.stencil.spread(&joined(parts, across), across - 1, self.scale)
    }
}

/// Fours of weights, row by row: one for each event's nodes to the south-west, south-east, north-west and north-east.
///
/// A weight is added to all four at once, as four numbers beside each other, and these are put together afterwards: a
/// quarter of the memory traffic.
struct Binned {
    /// The node to the south-west of the first four.
    west: i64,
    south: i64,
    /// Fours in a row, and rows.
    across: usize,
    along: usize,
}

/// From so many events on two processors bin them.
const WORTH_SHARING: usize = 65_536;

/// Events binned together.
const LANES: usize = 32;

/// A weight's shares for the nodes around it, which lie `right` and `up` of the way between them.
fn share(weight: f32, right: f32, up: f32) -> [f32; 4] {
    let above = weight * up;
    let below = weight - above;
    let (below_right, above_right) = (below * right, above * right);
    [below - below_right, below_right, above - above_right, above_right]
}

fn add(four: &mut [f32; 4], shares: [f32; 4]) {
    for (sum, share) in four.iter_mut().zip(shares) {
        *sum += share;
    }
}

/// Where events in 32 bits fall.
struct Strip {
    per_step: f32,
    west: f32,
    south: f32,
    across: f32,
    along: f32,
}

impl Strip {
    /// Bins events given by columns.
    fn bin_all(&self, columns: [&[f32]; 3], fours: &mut [[f32; 4]]) {
        let [(east, east_rest), (north, north_rest), (weight, weight_rest)] =
            columns.map(<[f32]>::as_chunks::<LANES>);
        for ((east, north), weight) in east.iter().zip(north).zip(weight) {
            self.bin(east, north, weight, fours);
        }
        // The last few, with nothing beside them.
        let padded = |rest: &[f32]| {
            let mut chunk = [0.0; LANES];
            chunk[..rest.len()].copy_from_slice(rest);
            chunk
        };
        self.bin(&padded(east_rest), &padded(north_rest), &padded(weight_rest), fours);
    }

    /// Bins some events. What lies outside is moved to the edge and loses its weight, so that the processor can work
    /// on several at once without asking.
    #[expect(clippy::float_cmp, reason = "a number that was not moved is the very same")]
    fn bin(&self, east: &[f32; LANES], north: &[f32; LANES], weight: &[f32; LANES], fours: &mut [[f32; 4]]) {
        /// Added to a number from 0 up to itself, its last bits are the nearest whole number.
        const WHOLE: f32 = 8_388_608.0;
        let inside = |number: f32, last: f32| {
            let number = if number > 0.0 { number } else { 0.0 };
            if number < last { number } else { last }
        };
        let (mut index, mut shares) = ([0_u32; LANES], [[0.0_f32; LANES]; 4]);
        for lane in 0..LANES {
            let (x, y) = (east[lane] * self.per_step - self.west, north[lane] * self.per_step - self.south);
            let (x_inside, y_inside) = (inside(x, self.across - 1.0), inside(y, self.along - 1.0));
            let weight = if x_inside == x { weight[lane] } else { 0.0 };
            let weight = if y_inside == y { weight } else { 0.0 };
            let (column, row) = (x_inside - 0.5 + WHOLE - WHOLE, y_inside - 0.5 + WHOLE - WHOLE);
            index[lane] = (row * self.across + column + WHOLE).to_bits().wrapping_sub(WHOLE.to_bits());
            let shared = share(weight, x_inside - column, y_inside - row);
            for (shares, share) in shares.iter_mut().zip(shared) {
                shares[lane] = share;
            }
        }
        for (lane, &index) in index.iter().enumerate() {
            if let Some(four) = fours.get_mut(index as usize) {
                add(four, [shares[0][lane], shares[1][lane], shares[2][lane], shares[3][lane]]);
            }
        }
    }
}

/// What each node gets from the fours around it, in all parts.
fn joined(parts: &[Vec<[f32; 4]>], across: usize) -> Vec<f32> {
    let rows = parts.first().map_or(0, |fours| fours.len() / across);
    let mut nodes = vec![0.0; (across - 1) * rows.saturating_sub(1)];
    nodes.par_chunks_mut(across - 1).with_min_len(ROWS_AT_ONCE).enumerate().for_each(|(row, nodes)| {
        for fours in parts {
            let (below, here) = fours[row * across..][..2 * across].split_at(across);
            let pairs = below.windows(2).zip(here.windows(2));
            for (node, (below, here)) in nodes.iter_mut().zip(pairs) {
                let ([.., from_south_west], [_, _, from_south, _]) = (below[0], below[1]);
                let ([_, from_west, ..], [own, ..]) = (here[0], here[1]);
                *node += own + from_west + from_south + from_south_west;
            }
        }
    });
    nodes
}

/// Rows of nodes that one processor does at a time, so that handing them out costs little.
pub(super) const ROWS_AT_ONCE: usize = 16;

/// Positions among nodes. In columns, so that the processor works several of them out at once.
pub(super) struct Places<const N: usize> {
    /// The first of the 4 × 4 nodes around each.
    first: [u32; N],
    /// How far from the second to the third node each lies, to the right and upwards.
    right: [f32; N],
    up: [f32; N],
}

impl<const N: usize> Default for Places<N> {
    fn default() -> Self {
        Self { first: [0; N], right: [0.0; N], up: [0.0; N] }
    }
}

impl<const N: usize> Places<N> {
    pub(super) fn set(&mut self, place: usize, first: u32, (right, up): (f64, f64)) {
        (self.first[place], self.right[place], self.up[place]) = (first, right as f32, up as f32);
    }

    /// The values there (Catmull and Rom 1974); 0 where the nodes are not all there.
    pub(super) fn interpolated(&self, nodes: &[f32], columns: usize) -> [f32; N] {
        let (across, along) = (catmull_rom(&self.right), catmull_rom(&self.up));
        let mut values = [0.0; N];
        for (place, value) in values.iter_mut().enumerate() {
            let first = self.first[place] as usize;
            let Some(window) = nodes.get(first..first + 3 * columns + 4) else { continue };
            let mut sums = [0.0_f32; 4];
            for (row, weights) in along.iter().enumerate() {
                for (sum, node) in sums.iter_mut().zip(&window[row * columns..][..4]) {
                    *sum += weights[place] * node;
                }
            }
            for (sum, weights) in sums.iter_mut().zip(&across) {
                *sum *= weights[place];
            }
            let [a, b, c, d] = sums;
            *value = (a + b) + (c + d);
        }
        values
    }
}

/// The weights of four nodes for each share of the way from the second to the third.
fn catmull_rom<const N: usize>(shares: &[f32; N]) -> [[f32; N]; 4] {
    let mut weights = [[0.0; N]; 4];
    for (place, t) in shares.iter().enumerate() {
        let (t2, t3) = (t * t, t * t * t);
        weights[0][place] = -0.5 * t + t2 - 0.5 * t3;
        weights[1][place] = 1.0 - 2.5 * t2 + 1.5 * t3;
        weights[2][place] = 0.5 * t + 2.0 * t2 - 1.5 * t3;
        weights[3][place] = -0.5 * t2 + 0.5 * t3;
    }
    weights
}

/// The whole number below. Beside [`f64::floor`] it needs no call where the processor has no instruction for it.
pub(super) fn floor(number: f64) -> i64 {
    let whole = number as i64;
    whole - i64::from(number < whole as f64)
}
