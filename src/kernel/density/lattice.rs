//! A surface known at the nodes of a lattice and interpolated between them, where events are many. Never here: tiles.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::kernel::Kernel;
use super::stencil::Stencil;
use super::surface::Density;
use crate::kernel::plane::PlanePoint;

/// A [`Density`] that answers as fast where events are many as where they are few.
///
/// The plane is cut into blocks. Where a block holds or meets a crowd of events it is binned to the nodes of a lattice
/// that is fine against the bandwidth, spread once by the kernel, and interpolated bicubically (Catmull-Rom) from
/// then on; elsewhere the sum is exact. Which of the two a position gets depends on the position alone, as the value
/// does, so tiles of any size and zoom agree to the last bit. Blocks are made when first asked for.
///
/// Against the exact sum it is off by less than a hundredth of the peak of the events that it bins, and by less the
/// more they are spread out.
#[derive(Debug)]
pub struct Lattice {
    density: Density,
    nodes: Nodes,
    /// The row and column of each block of nodes, sorted.
    places: Vec<(i64, i64)>,
    /// The densities at the nodes of each block, with a margin for interpolation.
    blocks: Vec<OnceLock<Box<[f32]>>>,
}

/// How densities at nodes come about.
#[derive(Debug, Clone)]
struct Nodes {
    spacing_m: f64,
    stencil: Stencil,
    /// From shares of the peak to events per square kilometre.
    scale: f32,
}

/// Nodes along the side of a block.
const BLOCK: i64 = 128;
/// Nodes that a block has before its first and after its last.
const BEFORE: i64 = 1;
const AFTER: i64 = 2;
const STORED: usize = (BEFORE + BLOCK + AFTER) as usize;

/// Steps of the lattice to a bandwidth: what a hundredth of the peak needs. Epanechnikov's has an edge, which is
/// blurred by a step at any spacing.
const fn steps(kernel: Kernel) -> f64 {
    match kernel {
        Kernel::Gaussian => 5.0,
        Kernel::Epanechnikov => 16.0,
        Kernel::Quartic => 10.0,
        Kernel::Triweight => 12.0,
    }
}

/// More events than this in a square of one bandwidth are a crowd.
const fn crowd(kernel: Kernel) -> usize {
    match kernel {
        // Each position sees the events of 169 such squares,
        Kernel::Gaussian => 4,
        // or of 9.
        Kernel::Epanechnikov | Kernel::Quartic | Kernel::Triweight => 24,
    }
}

impl Lattice {
    /// The lattice over a surface. Takes O(c log c) for the c cells that hold events, and makes no block yet.
    #[must_use]
    pub fn new(density: Density) -> Self {
        let nodes = Nodes::new(&density);
        let side_m = BLOCK as f64 * nodes.spacing_m;
        let (width_m, reach_m) = (density.bandwidth_m(), density.reach_m());
        let mut places = Vec::new();
        for (index, cell) in density.cells.iter().enumerate() {
            if density.events_of(index).len() <= crowd(density.kernel()) {
                continue;
            }
            let blocks = |cell: i64| {
                let block = |edge: f64| (edge / side_m).floor() as i64;
                block(cell as f64 * width_m - reach_m)..=block((cell + 1) as f64 * width_m + reach_m)
            };
            places.extend(
                blocks(cell.row).flat_map(|row| blocks(cell.column).map(move |column| (row, column))),
            );
        }
        places.sort_unstable();
        places.dedup();
        let blocks = places.iter().map(|_| OnceLock::new()).collect();
        Self { density, nodes, places, blocks }
    }

    /// The exact surface.
    #[must_use]
    pub fn exact(&self) -> &Density {
        &self.density
    }

    /// Makes every block now, on all processors.
    pub fn prepare(&self) {
        (0..self.blocks.len()).into_par_iter().for_each(|block| {
            self.block(block);
        });
    }

    /// Somebody who asks for one position after another, near each other.
    #[must_use]
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor { lattice: self, place: (i64::MIN, i64::MIN), nodes: None }
    }

    fn block(&self, index: usize) -> &[f32] {
        self.blocks[index].get_or_init(|| {
            let (row, column) = self.places[index];
            let window = Window {
                column: column * BLOCK - BEFORE,
                row: row * BLOCK - BEFORE,
                columns: STORED,
                rows: STORED,
            };
            let (south_west, north_east) = self.nodes.extent_that_reaches(window);
            let ranges = self.density.events_near(south_west, north_east);
            let [east_m, north_m, weight] =
                [&self.density.east_m, &self.density.north_m, &self.density.weight];
            let events = ranges.into_iter().flat_map(|range: Range<usize>| {
                range.map(|event| (east_m[event], north_m[event], weight[event]))
            });
            self.nodes.densities(window, events).into_boxed_slice()
        })
    }
}

/// Asks a [`Lattice`] for one position after another.
#[derive(Debug)]
pub struct Visitor<'a> {
    lattice: &'a Lattice,
    /// The block visited last, and its nodes if it has any.
    place: (i64, i64),
    nodes: Option<&'a [f32]>,
}

impl Visitor<'_> {
    /// The density at `at` in events per square kilometre.
    pub fn per_km2(&mut self, at: PlanePoint) -> f32 {
        let lattice = self.lattice;
        let per_step = 1.0 / lattice.nodes.spacing_m;
        let (x, y) = (at.east_m * per_step, at.north_m * per_step);
        let (column, row) = (x.floor(), y.floor());
        let place = ((row as i64).div_euclid(BLOCK), (column as i64).div_euclid(BLOCK));
        if place != self.place {
            self.place = place;
            self.nodes = lattice.places.binary_search(&place).ok().map(|block| lattice.block(block));
        }
        let Some(nodes) = self.nodes else { return lattice.density.per_km2(at) as f32 };
        let inside = |node: f64| (node as i64).rem_euclid(BLOCK) as usize;
        interpolate(nodes, STORED, inside(column), inside(row), (x - column) as f32, (y - row) as f32)
    }
}

/// A surface at the nodes of one rectangle, straight from events in any order: for a picture that is drawn once.
#[derive(Debug)]
pub struct Patch {
    spacing_m: f64,
    window: Window,
    nodes: Vec<f32>,
}

/// A rectangle of nodes.
#[derive(Debug, Clone, Copy)]
struct Window {
    column: i64,
    row: i64,
    columns: usize,
    rows: usize,
}

impl Patch {
    /// About how many nodes lie between two corners: what a patch there costs.
    #[must_use]
    pub fn nodes(kernel: Kernel, bandwidth_m: f64, south_west: PlanePoint, north_east: PlanePoint) -> f64 {
        let spacing_m = bandwidth_m / steps(kernel);
        let side = |from: f64, to: f64| (to - from).max(0.0) / spacing_m + STORED as f64 - BLOCK as f64;
        side(south_west.east_m, north_east.east_m) * side(south_west.north_m, north_east.north_m)
    }

    /// The surface between two corners over events given as columns: metres east, metres north, weight.
    ///
    /// # Panics
    /// If the bandwidth is not above 0, or the columns differ in length.
    #[must_use]
    pub fn new(
        kernel: Kernel,
        bandwidth_m: f64,
        south_west: PlanePoint,
        north_east: PlanePoint,
        [east_m, north_m, weight]: [&[f64]; 3],
    ) -> Self {
        assert!(bandwidth_m > 0.0, "a bandwidth above 0");
        assert!(east_m.len() == north_m.len() && east_m.len() == weight.len(), "equal columns");
        let nodes = Nodes::with(kernel, bandwidth_m);
        let node = |metres: f64| (metres / nodes.spacing_m).floor() as i64;
        let (column, row) = (node(south_west.east_m) - BEFORE, node(south_west.north_m) - BEFORE);
        let side = |last: f64, first: i64| (node(last) + AFTER + 1 - first).max(1) as usize;
        let window = Window {
            column,
            row,
            columns: side(north_east.east_m, column),
            rows: side(north_east.north_m, row),
        };
        let events =
            east_m.iter().zip(north_m).zip(weight).map(|((&east, &north), &weight)| (east, north, weight));
        let densities = nodes.densities(window, events);
        Self { spacing_m: nodes.spacing_m, window, nodes: densities }
    }

    /// The density at a position between the corners, in events per square kilometre.
    #[must_use]
    pub fn per_km2(&self, at: PlanePoint) -> f32 {
        let (x, y) = (at.east_m / self.spacing_m, at.north_m / self.spacing_m);
        let (column, row) = (x.floor(), y.floor());
        let place = |node: f64, first: i64, count: usize| {
            (node as i64 - BEFORE - first).clamp(0, count.saturating_sub(4).cast_signed() as i64) as usize
        };
        let Window { column: first_column, row: first_row, columns, rows } = self.window;
        let (left, bottom) = (place(column, first_column, columns), place(row, first_row, rows));
        interpolate(&self.nodes, columns, left, bottom, (x - column) as f32, (y - row) as f32)
    }
}

impl Nodes {
    fn new(density: &Density) -> Self {
        Self::with(density.kernel(), density.bandwidth_m())
    }

    fn with(kernel: Kernel, bandwidth_m: f64) -> Self {
        let steps = steps(kernel);
        let scale = (kernel.peak() * 1e6 / (bandwidth_m * bandwidth_m)) as f32;
        Self { spacing_m: bandwidth_m / steps, stencil: Stencil::new(kernel, steps), scale }
    }

    /// The corners of what can be felt at the nodes of a window.
    fn extent_that_reaches(&self, window: Window) -> (PlanePoint, PlanePoint) {
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

    /// The densities at the nodes of a window, row by row from the south.
    fn densities(&self, window: Window, events: impl Iterator<Item = (f64, f64, f64)>) -> Vec<f32> {
        let radius = self.stencil.radius();
        let columns = window.columns + 2 * radius;
        let rows = window.rows + 2 * radius;
        let origin = (window.column - radius.cast_signed() as i64, window.row - radius.cast_signed() as i64);
        let binned = self.binned(origin, (columns, rows), events);
        self.stencil.spread(&binned, columns, self.scale)
    }

    /// The weights, each shared among the four nodes around it (linear binning).
    ///
    /// A weight is added to all four at once, as four numbers beside each other, and these are put together
    /// afterwards: a quarter of the memory traffic.
    fn binned(
        &self,
        (first_column, first_row): (i64, i64),
        (columns, rows): (usize, usize),
        events: impl Iterator<Item = (f64, f64, f64)>,
    ) -> Vec<f32> {
        let per_step = 1.0 / self.spacing_m;
        // One more than there are nodes: an event may lie before the first and still give to it.
        let (across, along) = (columns + 1, rows + 1);
        let (west, south) = ((first_column - 1) as f64, (first_row - 1) as f64);
        let (width, height) = (across as f64, along as f64);
        let mut fours = vec![[0.0_f32; 4]; across * along];
        for (east_m, north_m, weight) in events {
            let (x, y) = (east_m * per_step - west, north_m * per_step - south);
            if x >= 0.0 && x < width && y >= 0.0 && y < height {
                let (column, row) = (x as u32, y as u32);
                let (right, up) = ((x - f64::from(column)) as f32, (y - f64::from(row)) as f32);
                let (left, down) = (1.0 - right, 1.0 - up);
                let weight = weight as f32;
                let four = &mut fours[row as usize * across + column as usize];
                let shares = [left * down, right * down, left * up, right * up];
                for (sum, share) in four.iter_mut().zip(shares) {
                    *sum += weight * share;
                }
            }
        }
        let mut nodes = Vec::with_capacity(columns * rows);
        for (below, here) in fours.chunks_exact(across).zip(fours.chunks_exact(across).skip(1)) {
            for column in 1..across {
                let ([.., from_south_west], [_, _, from_south, _]) = (below[column - 1], below[column]);
                let ([_, from_west, ..], [own, ..]) = (here[column - 1], here[column]);
                nodes.push(own + from_west + from_south + from_south_west);
            }
        }
        nodes
    }
}

/// The value `right` and `up` of the way from the second to the third of 4 × 4 nodes, of which the first is given by
/// column and row (Catmull and Rom 1974).
fn interpolate(nodes: &[f32], columns: usize, left: usize, bottom: usize, right: f32, up: f32) -> f32 {
    let (across, along) = (catmull_rom(right), catmull_rom(up));
    let mut sums = [0.0_f32; 4];
    for (row, weight) in along.iter().enumerate() {
        let first = (bottom + row) * columns + left;
        for (sum, node) in sums.iter_mut().zip(&nodes[first..first + 4]) {
            *sum += weight * node;
        }
    }
    let [a, b, c, d] = [sums[0] * across[0], sums[1] * across[1], sums[2] * across[2], sums[3] * across[3]];
    (a + b) + (c + d)
}

fn catmull_rom(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3, -0.5 * t2 + 0.5 * t3]
}

#[cfg(test)]
mod tests;
