//! Pictures of a box that are drawn once each, straight from events in any order: an animation's.

use rayon::prelude::*;

use crate::kernel::density::{Columns, Density, Event, Kernel, Patch, ramp};
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::platform::raster::Frame;

/// A box whose cells have been found in the plane.
#[derive(Debug)]
pub struct Painter {
    /// The middles of the cells, row by row from the north.
    cells: Vec<PlanePoint>,
    south_west: PlanePoint,
    north_east: PlanePoint,
}

/// With more nodes than this to a cell, a sum for each cell costs less than a lattice.
const MOST_NODES_PER_CELL: f64 = 16.0;

impl Painter {
    /// The box in a projection. Cells of it that are no places on Earth are left out.
    #[must_use]
    pub fn new(frame: &Frame, projection: GaussKruger) -> Self {
        let across = frame.across();
        let place = |lon: f64, lat: f64| Some(projection.project(Wgs84::new(lon, lat).ok()?).into());
        let cells: Vec<PlanePoint> = frame
            .down()
            .iter()
            .flat_map(|&lat| across.iter().filter_map(move |&lon| place(lon, lat)))
            .collect();
        let corner = |pick: fn(f64, f64) -> f64, start: f64| {
            cells.iter().fold(PlanePoint::new(start, start), |corner, cell| {
                PlanePoint::new(pick(corner.east_m, cell.east_m), pick(corner.north_m, cell.north_m))
            })
        };
        let (south_west, north_east) = (corner(f64::min, f64::INFINITY), corner(f64::max, f64::NEG_INFINITY));
        Self { cells, south_west, north_east }
    }

    /// Where the columns of events are counted from: the box's south-western corner.
    #[must_use]
    pub fn origin(&self) -> PlanePoint {
        self.south_west
    }

    /// The colour of each cell in the ramp's palette, over events counted from the [`origin`](Self::origin). Works on all
    /// processors, and gives the same on any number of them.
    #[must_use]
    pub fn paint(&self, kernel: Kernel, bandwidth_m: f64, events: Columns<'_>) -> Vec<u8> {
        let nodes = Patch::nodes(kernel, bandwidth_m, self.south_west, self.north_east);
        if nodes <= Patch::MOST_NODES.min(MOST_NODES_PER_CELL * self.cells.len() as f64) {
            let corners = (self.south_west, self.north_east);
            let patch = Patch::new(kernel, bandwidth_m, corners, self.origin(), events);
            let (rows, rest) = self.cells.as_chunks::<16>();
            let of = |density: f32| ramp::colour(f64::from(density));
            let rows = rows.par_iter().with_min_len(64).flat_map_iter(|row| patch.per_km2(row).map(of));
            let rest = rest.par_iter().map(|&cell| of(patch.per_km2(&[cell])[0]));
            return rows.chain(rest).collect();
        }
        let [east_m, north_m, weight] = events;
        let PlanePoint { east_m: west_m, north_m: south_m } = self.south_west;
        let event = |event: usize| Event {
            at: PlanePoint::new(west_m + f64::from(east_m[event]), south_m + f64::from(north_m[event])),
            weight: f64::from(weight[event]),
        };
        match Density::new(kernel, (0..weight.len()).map(event).collect(), bandwidth_m) {
            Ok(density) => {
                let of = |&cell: &PlanePoint| ramp::colour(density.per_km2(cell));
                self.cells.par_iter().with_min_len(256).map(of).collect()
            }
            Err(_) => vec![0; self.cells.len()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        // A lattice for the wide, a sum for each cell for the narrow.
        for bandwidth_m in [400.0, 30.0] {
            let classes = painter.paint(Kernel::Quartic, bandwidth_m, [&east_m, &north_m, &weight]);
            let event = |i: usize| {
                let (east_m, north_m) = (f64::from(east_m[i]), f64::from(north_m[i]));
                let at = PlanePoint::new(origin.east_m + east_m, origin.north_m + north_m);
                Event { at, weight: f64::from(weight[i]) }
            };
            let events = (0..weight.len()).map(event).collect();
            let density = Density::new(Kernel::Quartic, events, bandwidth_m).unwrap();
            let peak = painter.cells.iter().map(|&cell| density.per_km2(cell)).fold(0.0, f64::max);
            for (&cell, class) in painter.cells.iter().zip(classes) {
                let exact = density.per_km2(cell);
                let possible = [exact - 0.01 * peak, exact, exact + 0.01 * peak].map(ramp::colour);
                assert!(possible.contains(&class), "{exact} of {peak} is drawn as {class}");
            }
        }
    }
}
