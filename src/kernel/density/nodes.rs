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

impl Window {
    /// The nodes that positions between two corners are interpolated from.
    pub(super) fn between(nodes: &Nodes, south_west: PlanePoint, north_east: PlanePoint) -> Self {
        // As positions are found among the nodes, so that none is a rounding away from the first or the last.
        let per_step = 1.0 / nodes.spacing_m;
        let node = |metres: f64| floor(metres * per_step);
        let (column, row) = (node(south_west.east_m) - BEFORE, node(south_west.north_m) - BEFORE);
        let side = |last: f64, first: i64| (node(last) + AFTER + 1 - first).max(1) as usize;
        Self { column, row, columns: side(north_east.east_m, column), rows: side(north_east.north_m, row) }
    }
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
        let Binned { west, south, columns, rows } = self.binned(window);
        let mut nodes = vec![0.0; columns * rows];
        let per_step = 1.0 / self.spacing_m;
        let (west, south) = (west as f64, south as f64);
        let (width, height) = ((columns - 1) as f64, (rows - 1) as f64);
        for (east_m, north_m, weight) in events {
            let (x, y) = (east_m * per_step - west, north_m * per_step - south);
            if x >= 0.0 && x < width && y >= 0.0 && y < height {
                let (column, row) = (x as u32, y as u32);
                let (right, up) = ((x - f64::from(column)) as f32, (y - f64::from(row)) as f32);
                let shares = share(weight as f32, right, up);
                add(&mut nodes, columns as u32, row * columns as u32 + column, shares);
            }
        }
        self.spread(&nodes, columns)
    }

    /// As [`Nodes::densities`], over columns of events in 32 bits: metres east and north of `origin`, and weights. The
    /// columns must be equally long, and the window of less than 2²³ nodes. Works on all processors.
    pub(super) fn densities_of(&self, window: Window, origin: PlanePoint, columns: [&[f32]; 3]) -> Vec<f32> {
        let (binned, nodes) = self.binned_of(window, origin, columns);
        self.spread(&nodes, binned.columns)
    }

    /// Weights shared out to the nodes around each event, before they are spread.
    pub(super) fn binned_of(
        &self,
        window: Window,
        origin: PlanePoint,
        columns: [&[f32]; 3],
    ) -> (Binned, Vec<f32>) {
        let binned = self.binned(window);
        let Binned { west, south, columns: across, rows } = binned;
        let strip = Strip {
            per_step: (1.0 / self.spacing_m) as f32,
            west: (west as f64 - origin.east_m / self.spacing_m) as f32,
            south: (south as f64 - origin.north_m / self.spacing_m) as f32,
            columns: across as u32,
            last_column: (across - 1) as f32,
            last_row: (rows - 1) as f32,
        };
        // As many parts for as many events, however many processors there are: the sums are the same to the last bit.
        // Each but the first costs another visit to all nodes.
        let events = columns[0].len();
        let is_shared = events >= WORTH_SHARING && events > across * rows;
        let part = events.div_ceil(if is_shared { 2 } else { 1 }).max(1);
        let [east, north, weight] = columns.map(|column| column.par_chunks(part));
        let parts: Vec<Vec<f32>> = east
            .zip(north)
            .zip(weight)
            .map(|((east, north), weight)| {
                let mut nodes = vec![0.0; across * rows];
                strip.bin_all([east, north, weight], &mut nodes);
                nodes
            })
            .collect();
        let mut parts = parts.into_iter();
        let mut nodes = parts.next().unwrap_or_else(|| vec![0.0; across * rows]);
        for part in parts {
            nodes.par_chunks_mut(PART).zip(part.par_chunks(PART)).for_each(|(nodes, part)| {
                nodes.iter_mut().zip(part).for_each(|(node, part)| *node += part);
            });
        }
        (binned, nodes)
    }

    /// Where weights are binned that can be felt at the nodes of a window.
    fn binned(&self, window: Window) -> Binned {
        let margin = self.margin();
        let first = |node: i64| node - margin.cast_signed() as i64;
        Binned {
            west: first(window.column),
            south: first(window.row),
            columns: window.columns + 2 * margin,
            rows: window.rows + 2 * margin,
        }
    }

    /// Nodes around a window that weights are shared out to: those that are felt in it, and one more on each side, as an
    /// event may lie beyond the last and still give to it. The outermost are never felt.
    fn margin(&self) -> usize {
        self.stencil.radius() + 1
    }

    /// Spreads weights that have been shared among the four nodes around each (linear binning).
    fn spread(&self, nodes: &[f32], columns: usize) -> Vec<f32> {
        self.stencil.spread(nodes, columns, self.margin(), self.scale)
    }
}

/// Nodes that weights are shared out to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Binned {
    /// The first, to the south-west of all others.
    pub(super) west: i64,
    pub(super) south: i64,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

/// Nodes that are added up by one processor at a time.
const PART: usize = 1 << 14;

/// From so many events on two processors bin them.
const WORTH_SHARING: usize = 65_536;

/// Events binned together.
const LANES: usize = 32;

/// A weight's shares for the nodes around it, which lie `right` and `up` of the way between them: for the two below, and
/// the two above.
#[inline]
fn share(weight: f32, right: f32, up: f32) -> [[f32; 2]; 2] {
    let above = weight * up;
    let below = weight - above;
    let (below_right, above_right) = (below * right, above * right);
    [[below - below_right, below_right], [above - above_right, above_right]]
}

/// Gives shares to a node and those to its east, its north and its north-east.
#[inline]
fn add(nodes: &mut [f32], columns: u32, first: u32, shares: [[f32; 2]; 2]) {
    let (first, columns) = (first as usize, columns as usize);
    let Some(nodes) = nodes.get_mut(first..first + columns + 2) else { return };
    let (below, above) = nodes.split_at_mut(columns);
    for (nodes, shares) in [below, above].into_iter().zip(shares) {
        if let Some(nodes) = nodes.first_chunk_mut::<2>() {
            *nodes = [nodes[0] + shares[0], nodes[1] + shares[1]];
        }
    }
}

/// Where events in 32 bits fall.
struct Strip {
    per_step: f32,
    west: f32,
    south: f32,
    /// Nodes in a row.
    columns: u32,
    /// The outermost nodes to the east and to the north.
    last_column: f32,
    last_row: f32,
}

impl Strip {
    /// Bins events given by columns.
    fn bin_all(&self, columns: [&[f32]; 3], nodes: &mut [f32]) {
        let [(east, east_rest), (north, north_rest), (weight, weight_rest)] =
            columns.map(<[f32]>::as_chunks::<LANES>);
        for ((east, north), weight) in east.iter().zip(north).zip(weight) {
            self.bin(east, north, weight, nodes);
        }
        // The last few, with nothing beside them.
        let padded = |rest: &[f32]| {
            let mut chunk = [0.0; LANES];
            chunk[..rest.len()].copy_from_slice(rest);
            chunk
        };
        self.bin(&padded(east_rest), &padded(north_rest), &padded(weight_rest), nodes);
    }

    /// Bins some events, several at once and without asking where they are: what lies outside is moved to the outermost
    /// nodes, which are never felt.
    fn bin(&self, east: &[f32; LANES], north: &[f32; LANES], weight: &[f32; LANES], nodes: &mut [f32]) {
        let inside = |number: f32, last: f32| {
            let number = if number > 0.0 { number } else { 0.0 };
            if number < last { number } else { last }
        };
        let columns = self.columns as f32;
        let mut index = [0_u32; LANES];
        let (mut below, mut above) = ([[0.0_f32; 2]; LANES], [[0.0_f32; 2]; LANES]);
        for lane in 0..LANES {
            let (x, y) = (east[lane] * self.per_step - self.west, north[lane] * self.per_step - self.south);
            let (x, y) = (inside(x, self.last_column), inside(y, self.last_row));
            let (column, row) = (whole(x), whole(y));
            index[lane] = number(row * columns + column);
            [below[lane], above[lane]] = share(weight[lane], x - column, y - row);
        }
        for ((&index, &below), &above) in index.iter().zip(&below).zip(&above) {
            add(nodes, self.columns, index, [below, above]);
        }
    }
}

/// Rows of nodes that one processor does at a time, so that handing them out costs little.
pub(super) const ROWS_AT_ONCE: usize = 16;

/// Positions among stored nodes, with [`BEFORE`] nodes before each and [`AFTER`] after: in columns, so that the processor
/// works several of them out at once.
pub(super) struct Places<const N: usize> {
    right: [u32; N],
    up: [u32; N],
}

/// Parts of a step that positions are told apart by. Half a part, how far off they are at most, makes 0.015 % of the peak
/// where the steepest kernel is steepest.
const PARTS: u32 = 512;

/// The weights of four nodes in the middle of each part of the way from the second to the third (Catmull and Rom 1974).
static WEIGHTS: [[f32; 4]; PARTS as usize] = {
    let mut weights = [[0.0; 4]; PARTS as usize];
    let mut part = 0;
    while part < PARTS as usize {
        let t = (part as f32 + 0.5) / PARTS as f32;
        let (t2, t3) = (t * t, t * t * t);
        weights[part] = [
            -0.5 * t + t2 - 0.5 * t3,
            1.0 - 2.5 * t2 + 1.5 * t3,
            0.5 * t + 2.0 * t2 - 1.5 * t3,
            -0.5 * t2 + 0.5 * t3,
        ];
        part += 1;
    }
    weights
};

impl<const N: usize> Places<N> {
    /// Places given as steps to the right of and upwards from the first node that has others before it.
    #[inline]
    pub(super) fn new(steps: impl Fn(usize) -> (f64, f64)) -> Self {
        /// 1.5 · 2⁵². Added to a number below 2³², its last bits are the nearest whole number, or the nearest even one.
        const WHOLE: f64 = 6_755_399_441_055_744.0;
        let part = |steps: f64| (steps * f64::from(PARTS) - 0.5 + WHOLE).to_bits() as u32;
        let mut places = Self { right: [0; N], up: [0; N] };
        for place in 0..N {
            let (right, up) = steps(place);
            (places.right[place], places.up[place]) = (part(right), part(up));
        }
        places
    }

    /// The values there; 0 where the nodes are not all there.
    #[inline]
    pub(super) fn interpolated(&self, nodes: &[f32], columns: usize) -> [f32; N] {
        let mut sums = [[0.0_f32; 4]; N];
        for (sums, (&right, &up)) in sums.iter_mut().zip(self.right.iter().zip(&self.up)) {
            let first = (up / PARTS) as usize * columns + (right / PARTS) as usize;
            let (across, along) = (&WEIGHTS[(right % PARTS) as usize], &WEIGHTS[(up % PARTS) as usize]);
            let Some(window) = nodes.get(first..first + 3 * columns + 4) else { continue };
            for (row, weight) in along.iter().enumerate() {
                for (sum, node) in sums.iter_mut().zip(&window[row * columns..][..4]) {
                    *sum += weight * node;
                }
            }
            for (sum, weight) in sums.iter_mut().zip(across) {
                *sum *= weight;
            }
        }
        sums.map(|[a, b, c, d]| (a + c) + (b + d))
    }
}

/// Added to a number from 0 up to itself, its last bits are the nearest whole number.
const WHOLE: f32 = 8_388_608.0;

/// The whole number below one that is not negative; for a whole number perhaps the one before it. Without a call or a
/// question, so that the processor can do several at once.
pub(super) fn whole(number: f32) -> f32 {
    number - 0.5 + WHOLE - WHOLE
}

/// A whole number as an integer.
pub(super) fn number(whole: f32) -> u32 {
    (whole + WHOLE).to_bits().wrapping_sub(WHOLE.to_bits())
}

/// The whole number below. Beside [`f64::floor`] it needs no call where the processor has no instruction for it.
pub(super) fn floor(number: f64) -> i64 {
    let whole = number as i64;
    whole - i64::from(number < whole as f64)
}
