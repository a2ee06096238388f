//! Exact sums at all the cells of a raster at once, on all processors. Never here: files.

use rayon::prelude::*;

use super::kernel::Kernel;
use super::surface::Density;
use crate::kernel::plane::PlanePoint;

/// Where the cells of a raster are, by their centres, row by row.
#[derive(Debug, Clone)]
pub enum Positions {
    /// In straight rows and columns: one coordinate for each column, one for each row.
    Straight {
        /// The column's coordinate, from left to right.
        east: Vec<f64>,
        /// The row's coordinate, from the first row to the last.
        north: Vec<f64>,
    },
    /// Anywhere, such as a raster of longitudes and latitudes after projection.
    Bent {
        /// How many of them make a row.
        columns: usize,
        /// The positions, row by row.
        at: Vec<PlanePoint>,
    },
}

impl Positions {
    /// How many cells a row has.
    #[must_use]
    pub fn columns(&self) -> usize {
        match self {
            Self::Straight { east, .. } => east.len(),
            Self::Bent { columns, .. } => *columns,
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Self::Straight { north, .. } => north.len(),
            Self::Bent { columns, at } => at.len() / columns.max(&1),
        }
    }

    /// The position of a cell.
    ///
    /// # Panics
    /// When there is no such column or row.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> PlanePoint {
        match self {
            Self::Straight { east, north } => PlanePoint::new(east[column], north[row]),
            Self::Bent { columns, at } => at[row * columns + column],
        }
    }
}

/// The density at each of `positions`, row by row, in events per square unit of the coordinates.
///
/// The sums are exact: the Gaussian is not cut as it is on a map, and what is left out of a sum is less than
/// 10⁻¹² of it. The result does not depend on the number of threads.
#[must_use]
pub fn raster(density: &Density, positions: &Positions) -> Vec<f64> {
    let (columns, rows) = (positions.columns(), positions.rows());
    let mut values = vec![0.0; columns * rows];
    if values.is_empty() {
        return values;
    }
    let gaussian = (density.kernel() == Kernel::Gaussian).then(|| Gaussian::new(density));
    values.par_chunks_mut(columns * SIDE).enumerate().for_each(|(band, values)| {
        let top = band * SIDE;
        if let Some(gaussian) = &gaussian {
            gaussian.fill_band(positions, top, values);
        } else {
            for (cell, value) in values.iter_mut().enumerate() {
                *value = density.per_square_unit(positions.at(cell % columns, top + cell / columns));
            }
        }
    });
    values
}

/// Cells along the side of a block that is summed as one.
const SIDE: usize = 16;

/// What may be left out of a sum, as a share of it: its natural logarithm is −28.
const LEFT_OUT: f64 = 28.0;

/// A Gaussian surface, to be summed block by block: far groups of events that cannot matter anywhere in a block are
/// left out of it, and in a straight raster e^(−(x² + y²)/2) is the product of e^(−x²/2) for the column and e^(−y²/2)
/// for the row.
struct Gaussian<'a> {
    density: &'a Density,
    groups: Vec<Group>,
}

/// Events that lie near each other.
struct Group {
    extent: Extent,
    /// The natural logarithm of the sum of their weights.
    log_weight: f64,
    cell: usize,
}

/// A rectangle.
#[derive(Clone, Copy)]
struct Extent {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl<'a> Gaussian<'a> {
    fn new(density: &'a Density) -> Self {
        let group = |cell: usize| {
            let events = density.events_of(cell);
            let places = events.clone().map(|event| (density.east_m[event], density.north_m[event]));
            let log_weight = density.weight[events].iter().sum::<f64>().ln();
            Group { extent: Extent::around(places), log_weight, cell }
        };
        let groups = (0..density.cells.len()).map(group).filter(|group| group.log_weight > f64::NEG_INFINITY);
        Self { density, groups: groups.collect() }
    }

    /// Fills a band of rows from `top` on, at most [`SIDE`] high.
    fn fill_band(&self, positions: &Positions, top: usize, values: &mut [f64]) {
        let columns = positions.columns();
        let height = values.len() / columns;
        for left in (0..columns).step_by(SIDE) {
            let width = SIDE.min(columns - left);
            let block = Block { left, top, width, height };
            let sums = self.block(positions, block);
            for (row, sums) in sums.iter().enumerate().take(height) {
                values[row * columns + left..][..width].copy_from_slice(&sums[..width]);
            }
        }
    }

    fn block(&self, positions: &Positions, block: Block) -> [[f64; SIDE]; SIDE] {
        let places = block.cells().map(|(column, row)| positions.at(column, row));
        let extent = Extent::around(places.map(|at| (at.east_m, at.north_m)));
        let h = self.density.bandwidth_m();
        let log_of = |group: &Group, distance: f64| group.log_weight - 0.5 * (distance / h).powi(2);

        // Everywhere in the block the sum is at least what one group gives from furthest away.
        let surely = self.groups.iter().map(|group| log_of(group, extent.furthest(&group.extent)));
        let least = surely.fold(f64::NEG_INFINITY, f64::max) - LEFT_OUT - (self.groups.len() as f64).ln();
        let matters = |group: &&Group| log_of(group, extent.nearest(&group.extent)) >= least;

        let mut sums = [[0.0; SIDE]; SIDE];
        for group in self.groups.iter().filter(matters) {
            for event in self.density.events_of(group.cell) {
                self.add(event, positions, block, &mut sums);
            }
        }
        let scale = self.density.scale();
        sums.map(|row| row.map(|sum| sum * scale))
    }

    /// Adds what one event gives to each cell of a block.
    fn add(&self, event: usize, positions: &Positions, block: Block, sums: &mut [[f64; SIDE]; SIDE]) {
        let at = PlanePoint::new(self.density.east_m[event], self.density.north_m[event]);
        let (weight, h) = (self.density.weight[event], self.density.bandwidth_m());
        let decay = |distance: f64| (-0.5 * (distance / h).powi(2)).exp();
        if let Positions::Straight { east, north } = positions {
            let mut across = [0.0; SIDE];
            for (across, east) in across.iter_mut().zip(&east[block.left..][..block.width]) {
                *across = decay(east - at.east_m);
            }
            for (row, north) in sums.iter_mut().zip(&north[block.top..][..block.height]) {
                let down = weight * decay(north - at.north_m);
                for (sum, across) in row.iter_mut().zip(across) {
                    *sum += down * across;
                }
            }
        } else {
            for (column, row) in block.cells() {
                let there = positions.at(column, row);
                let (dx, dy) = (there.east_m - at.east_m, there.north_m - at.north_m);
                let share = (-0.5 * (dx * dx + dy * dy) / (h * h)).exp();
                sums[row - block.top][column - block.left] += weight * share;
            }
        }
    }
}

/// Some cells of a raster.
#[derive(Clone, Copy)]
struct Block {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Block {
    /// Columns and rows, row by row.
    fn cells(self) -> impl Iterator<Item = (usize, usize)> {
        let row = move |row| (self.left..self.left + self.width).map(move |column| (column, row));
        (self.top..self.top + self.height).flat_map(row)
    }
}

impl Extent {
    fn around(places: impl Iterator<Item = (f64, f64)>) -> Self {
        let nothing = Self {
            west: f64::INFINITY,
            south: f64::INFINITY,
            east: f64::NEG_INFINITY,
            north: f64::NEG_INFINITY,
        };
        places.fold(nothing, |extent, (east, north)| Self {
            west: extent.west.min(east),
            south: extent.south.min(north),
            east: extent.east.max(east),
            north: extent.north.max(north),
        })
    }

    /// The shortest distance from a place in one to a place in the other.
    fn nearest(&self, other: &Self) -> f64 {
        let across = (other.west - self.east).max(self.west - other.east).max(0.0);
        let along = (other.south - self.north).max(self.south - other.north).max(0.0);
        across.hypot(along)
    }

    /// The longest distance from a place in one to a place in the other.
    fn furthest(&self, other: &Self) -> f64 {
        let across = (other.east - self.west).max(self.east - other.west);
        let along = (other.north - self.south).max(self.north - other.south);
        across.hypot(along)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::density::Event;
    use crate::kernel::random::Random;

    fn events(count: usize) -> Vec<Event> {
        let mut random = Random::new(9);
        let event = |_| {
            let at = PlanePoint::new(random.unit() * 900.0, random.unit() * 900.0);
            Event { at, weight: random.unit() }
        };
        (0..count).map(event).collect()
    }

    fn straight(step: f64, columns: u32, rows: u32) -> Positions {
        let along = |count: u32| (0..count).map(|i| (f64::from(i) + 0.5) * step).collect();
        Positions::Straight { east: along(columns), north: along(rows) }
    }

    fn bent(positions: &Positions) -> Positions {
        let (columns, rows) = (positions.columns(), positions.rows());
        let at = (0..columns * rows).map(|cell| positions.at(cell % columns, cell / columns)).collect();
        Positions::Bent { columns, at }
    }

    #[test]
    fn every_cell_is_what_the_definition_says_to_12_digits() {
        let events = events(300);
        // The raster reaches 40 bandwidths beyond the last event.
        let positions = straight(37.0, 45, 35);
        for kernel in Kernel::ALL {
            for bandwidth in [20.0, 400.0] {
                let density = Density::new(kernel, events.clone(), bandwidth).unwrap();
                for positions in [&positions, &bent(&positions)] {
                    let values = raster(&density, positions);
                    for (cell, &found) in values.iter().enumerate() {
                        let at = positions.at(cell % 45, cell / 45);
                        let term = |event: &Event| {
                            let u = event.at.distance_m(at) / bandwidth;
                            event.weight * kernel.peak() * kernel.share(u * u) / bandwidth.powi(2)
                        };
                        let expected: f64 = events.iter().map(term).sum();
                        assert!(
                            (found - expected).abs() <= 2e-12 * expected + 1e-300,
                            "{kernel:?} {bandwidth}: {found} for {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_number_of_threads_does_not_matter() {
        let positions = straight(10.0, 70, 50);
        for kernel in Kernel::ALL {
            let density = Density::new(kernel, events(200), 60.0).unwrap();
            let with = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| raster(&density, &positions))
            };
            assert_eq!(with(1), with(3));
        }
    }

    #[test]
    fn nothing_in_gives_nothing_out() {
        let none = Density::new(Kernel::Gaussian, Vec::new(), 9.0).unwrap();
        assert_eq!(raster(&none, &straight(1.0, 2, 2)), [0.0; 4]);
        assert!(raster(&none, &straight(1.0, 0, 3)).is_empty());
        let weightless = Event { at: PlanePoint::new(0.0, 0.0), weight: 0.0 };
        let none = Density::new(Kernel::Gaussian, vec![weightless], 9.0).unwrap();
        assert_eq!(raster(&none, &straight(1.0, 2, 2)), [0.0; 4]);
    }
}
