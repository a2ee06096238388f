//! A surface known at the nodes of a lattice and interpolated between them, where events are many. Never here: tiles.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::kernel::Kernel;
use super::nodes::{AFTER, BEFORE, Nodes, Places, Window, floor};
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

/// Nodes along the side of a block.
const BLOCK: i64 = 128;
const STORED: usize = (BEFORE + BLOCK + AFTER) as usize;

/// More events than this in a square of one bandwidth are a crowd.
const fn crowd(kernel: Kernel) -> usize {
    match kernel {
        // Each position sees the events of 169 such squares,
        Kernel::Gaussian => 4,
        // or of 9.
        Kernel::Quartic | Kernel::Triweight => 24,
        // The same, and its nodes cost more.
        Kernel::Epanechnikov => 96,
    }
}

impl Lattice {
    /// The lattice over a surface. Takes O(c log c) for the c cells that hold events, and makes no block yet.
    #[must_use]
    pub fn new(density: Density) -> Self {
        let nodes = Nodes::new(density.kernel(), density.bandwidth_m());
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
        let [density] = self.along(at, at);
        density
    }

    /// The densities at `N` positions from `start` to `end`, each in the middle of its part of the way, in events per
    /// square kilometre: the same as one by one, and for the pixels of a row three times as fast.
    pub fn along<const N: usize>(&mut self, start: PlanePoint, end: PlanePoint) -> [f32; N] {
        let per_step = 1.0 / self.lattice.nodes.spacing_m;
        let at = |part: usize| start.towards(end, (part as f64 + 0.5) / N as f64);
        let place = |part: usize| {
            let at = at(part);
            let block = |metres: f64| floor(metres * per_step).div_euclid(BLOCK);
            (block(at.north_m), block(at.east_m))
        };
        let last = place(N - 1);
        let mut densities = [0.0; N];
        let mut part = 0;
        while part < N {
            let here = place(part);
            // The way is straight: what begins and ends in one block is in it everywhere.
            let until =
                if here == last { N } else { (part..N).find(|&next| place(next) != here).unwrap_or(N) };
            let found = self.in_block(here, part..until, at);
            if until - part == N {
                return found;
            }
            densities[part..until].copy_from_slice(&found[part..until]);
            part = until;
        }
        densities
    }

    /// The densities at some of `N` positions, all of them in one block.
    #[inline]
    fn in_block<const N: usize>(
        &mut self,
        place: (i64, i64),
        parts: Range<usize>,
        at: impl Fn(usize) -> PlanePoint,
    ) -> [f32; N] {
        let lattice = self.lattice;
        if place != self.place {
            self.place = place;
            self.nodes = lattice.places.binary_search(&place).ok().map(|block| lattice.block(block));
        }
        let Some(nodes) = self.nodes else {
            let mut densities = [0.0; N];
            for part in parts {
                densities[part] = lattice.density.per_km2(at(part)) as f32;
            }
            return densities;
        };
        let per_step = 1.0 / lattice.nodes.spacing_m;
        let (south, west) = ((place.0 * BLOCK) as f64, (place.1 * BLOCK) as f64);
        let places = Places::<N>::new(|part| {
            let at = at(part);
            (at.east_m * per_step - west, at.north_m * per_step - south)
        });
        places.interpolated(nodes, STORED)
    }
}

#[cfg(test)]
mod tests;
