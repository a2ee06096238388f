//! Pictures of a box that are drawn once each, straight from events in any order: an animation's.

use rayon::prelude::*;

use crate::kernel::density::{Chords, Columns, Kernel, Patch, ramp};
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::platform::raster::Frame;

/// A box whose cells have been found in the plane.
#[derive(Debug)]
pub struct Painter {
    /// The middles of the cells, row by row from the north.
    cells: Vec<PlanePoint>,
    columns: usize,
    south_west: PlanePoint,
    north_east: PlanePoint,
}

/// With more nodes than this to a cell, going from event to event costs less than a lattice.
const MOST_NODES_PER_CELL: f64 = 16.0;
/// So many cells around events cost as much as a node that is spread, or a cell that is interpolated.
const CELLS_FOR_A_NODE: f64 = 8.0;

impl Painter {
    /// The box in a projection.
    #[must_use]
    pub fn new(frame: &Frame, projection: GaussKruger) -> Self {
        let across = frame.across();
        let nowhere = PlanePoint::new(f64::NAN, f64::NAN);
        let place = |lon: f64, lat: f64| {
            // A box on Earth has no cell that is not.
            Wgs84::new(lon, lat).map_or(nowhere, |place| projection.project(place).into())
        };
        let cells: Vec<PlanePoint> =
            frame.down().iter().flat_map(|&lat| across.iter().map(move |&lon| place(lon, lat))).collect();
        let corner = |pick: fn(f64, f64) -> f64, start: f64| {
            cells.iter().fold(PlanePoint::new(start, start), |corner, cell| {
                PlanePoint::new(pick(corner.east_m, cell.east_m), pick(corner.north_m, cell.north_m))
            })
        };
        let (south_west, north_east) = (corner(f64::min, f64::INFINITY), corner(f64::max, f64::NEG_INFINITY));
        Self { cells, columns: frame.columns.max(1), south_west, north_east }
    }

    /// Where the columns of events are counted from: the box's south-western corner.
    #[must_use]
    pub fn origin(&self) -> PlanePoint {
        self.south_west
    }

    /// A density of 0 at each cell, in events per square kilometre, to be [added](Self::add) to.
    #[must_use]
    pub fn blank(&self) -> Vec<f64> {
        vec![0.0; self.cells.len()]
    }

    /// The colour of each cell in the ramp's palette, over events counted from the [`origin`](Self::origin). Works on all
    /// processors, and gives the same on any number of them.
    #[must_use]
    pub fn paint(&self, kernel: Kernel, bandwidth_m: f64, events: Columns<'_>) -> Vec<u8> {
        if let Some(densities) = self.binned(kernel, bandwidth_m, events) {
            let (rows, rest) = densities.as_chunks::<16>();
            let of = |density: &f32| ramp::colour(f64::from(*density));
            let rows = rows.par_iter().with_min_len(256);
            let colours = rows.flat_map_iter(|row| ramp::Scale::Density.colour_each(&row.map(f64::from)));
            return colours.chain(rest.par_iter().map(of)).collect();
        }
        let mut densities = self.blank();
        self.stamp(kernel, bandwidth_m, events, &mut densities);
        densities.into_par_iter().with_min_len(256).map(ramp::colour).collect()
    }

    /// Adds the density of events, counted from the [`origin`](Self::origin), to that of each cell.
    ///
    /// # Panics
    /// If the densities are not one for each cell, the bandwidth is not above 0, or the columns differ in length.
    pub fn add(&self, kernel: Kernel, bandwidth_m: f64, events: Columns<'_>, densities: &mut [f64]) {
        assert_eq!(densities.len(), self.cells.len(), "a density for each cell");
        let Some(binned) = self.binned(kernel, bandwidth_m, events) else {
            self.stamp(kernel, bandwidth_m, events, densities);
            return;
        };
        for (sum, density) in densities.iter_mut().zip(binned) {
            *sum += f64::from(density);
        }
    }

    /// The density at each cell by a lattice, where that costs less than going from event to event.
    fn binned(&self, kernel: Kernel, bandwidth_m: f64, events: Columns<'_>) -> Option<Vec<f32>> {
        let cells = self.cells.len() as f64;
        let nodes = Patch::nodes(kernel, bandwidth_m, self.south_west, self.north_east);
        let around_all = events[0].len() as f64 * self.cells_around_one(kernel, bandwidth_m);
        let (corners, origin) = ((self.south_west, self.north_east), self.origin());
        if kernel == Kernel::Epanechnikov {
            let is_worth = around_all > nodes + cells * Chords::OF_A_CELL && nodes <= Patch::MOST_NODES;
            let chords = is_worth.then(|| Chords::new(bandwidth_m, corners, origin, events))?;
            return Some(chords.per_km2(&self.cells, self.columns));
        }
        let is_fine = nodes > Patch::MOST_NODES.min(MOST_NODES_PER_CELL * cells);
        if is_fine || around_all < CELLS_FOR_A_NODE * (nodes + cells) {
            return None;
        }
        let patch = Patch::new(kernel, bandwidth_m, corners, origin, events);
        let (rows, rest) = self.cells.as_chunks::<16>();
        let rows = rows.par_iter().with_min_len(64).flat_map_iter(|row| patch.per_km2(row));
        Some(rows.chain(rest.par_iter().map(|&cell| patch.per_km2(&[cell])[0])).collect())
    }

    /// About how many cells an event reaches.
    fn cells_around_one(&self, kernel: Kernel, bandwidth_m: f64) -> f64 {
        let reach_m = f64::from(kernel.reach()) * bandwidth_m;
        let (low, high) = (self.south_west, self.north_east);
        let box_m2 = (high.east_m - low.east_m) * (high.north_m - low.north_m);
        let cells = self.cells.len() as f64;
        (std::f64::consts::PI * reach_m * reach_m / box_m2 * cells).min(cells)
    }

    /// Adds to each cell what the events within reach of it give, row by row on all processors.
    fn stamp(&self, kernel: Kernel, bandwidth_m: f64, events: Columns<'_>, densities: &mut [f64]) {
        let [east_m, north_m, weight] = events;
        let origin = self.origin();
        let mut events: Vec<(PlanePoint, f64)> = east_m
            .iter()
            .zip(north_m)
            .zip(weight)
            .map(|((&east, &north), &weight)| {
                let at = PlanePoint::new(origin.east_m + f64::from(east), origin.north_m + f64::from(north));
                (at, f64::from(weight))
            })
            .collect();
        // In one order, so that sums do not depend on that in which they came.
        events.sort_by(|(a, one), (b, other)| {
            let order = a.north_m.total_cmp(&b.north_m).then(a.east_m.total_cmp(&b.east_m));
            order.then(one.total_cmp(other))
        });
        let reach_m = f64::from(kernel.reach()) * bandwidth_m;
        let per_m2 = bandwidth_m.powi(-2);
        let scale = kernel.peak() * per_m2 * 1e6;
        let rows = densities.par_chunks_mut(self.columns).zip(self.cells.par_chunks(self.columns));
        rows.for_each(|(sums, cells)| {
            let norths = || cells.iter().map(|cell| cell.north_m);
            let (south_m, north_m) =
                (norths().fold(f64::INFINITY, f64::min), norths().fold(f64::NEG_INFINITY, f64::max));
            let first = events.partition_point(|(at, _)| at.north_m < south_m - reach_m);
            let after = events.partition_point(|(at, _)| at.north_m <= north_m + reach_m);
            for &(at, weight) in events.get(first..after).unwrap_or_default() {
                let west = cells.partition_point(|cell| cell.east_m < at.east_m - reach_m);
                let east = cells.partition_point(|cell| cell.east_m <= at.east_m + reach_m);
                for (sum, cell) in sums[west..east].iter_mut().zip(&cells[west..east]) {
                    let (dx, dy) = (cell.east_m - at.east_m, cell.north_m - at.north_m);
                    let squared = dx * dx + dy * dy;
                    if squared < reach_m * reach_m {
                        *sum += weight * scale * kernel.share(squared * per_m2);
                    }
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::density::{Density, Event};
    use crate::platform::raster::System;

    #[test]
    fn a_picture_shows_the_exact_classes_but_near_their_breaks() {
        let frame = Frame {
            west: 116.29,
            south: 35.06,
            east: 116.32,
            north: 35.09,
            columns: 60,
            rows: 50,
            system: System::LonLat,
        };
        let projection = GaussKruger::from_epsg(4548).unwrap();
        let painter = Painter::new(&frame, projection);
        let origin = painter.origin();
        let place = |cell: &PlanePoint| {
            ((cell.east_m + 3.0 - origin.east_m) as f32, (cell.north_m - 5.0 - origin.north_m) as f32)
        };
        let (east_m, north_m): (Vec<f32>, Vec<f32>) = painter.cells.iter().step_by(17).map(place).unzip();
        let weight = vec![0.5; east_m.len()];
        // From event to event where they are few, a lattice for many of wide reach.
        let manners = [(400.0, 1), (30.0, 1), (400.0, 40)];
        let kernels = [Kernel::Quartic, Kernel::Epanechnikov];
        for (kernel, (bandwidth_m, times)) in
            kernels.into_iter().flat_map(|kernel| manners.map(|it| (kernel, it)))
        {
            let [east_m, north_m, weight] =
                [&east_m, &north_m, &weight].map(|column: &Vec<f32>| column.repeat(times));
            let classes = painter.paint(kernel, bandwidth_m, [&east_m, &north_m, &weight]);
            let event = |i: usize| {
                let (east_m, north_m) = (f64::from(east_m[i]), f64::from(north_m[i]));
                let at = PlanePoint::new(origin.east_m + east_m, origin.north_m + north_m);
                Event { at, weight: f64::from(weight[i]) }
            };
            let events = (0..weight.len()).map(event).collect();
            let density = Density::new(kernel, events, bandwidth_m).unwrap();
            let peak = painter.cells.iter().map(|&cell| density.per_km2(cell)).fold(0.0, f64::max);
            for (&cell, class) in painter.cells.iter().zip(classes) {
                let exact = density.per_km2(cell);
                let possible = [exact - 0.01 * peak, exact, exact + 0.01 * peak].map(ramp::colour);
                assert!(possible.contains(&class), "{exact} of {peak} is drawn as {class}");
            }
        }
    }
}
