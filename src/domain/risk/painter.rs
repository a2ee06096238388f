//! Pictures of a box that are drawn once each, straight from events in any order: an animation's.

use crate::kernel::density::{Density, Event, Kernel, Patch, ramp};
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

/// Events as columns: metres east, metres north, weight.
pub type Columns<'a> = [&'a [f64]; 3];

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

    /// The colour of each cell in the ramp's palette.
    #[must_use]
    pub fn paint(&self, kernel: Kernel, bandwidth_m: f64, events: Columns<'_>) -> Vec<u8> {
        let nodes = Patch::nodes(kernel, bandwidth_m, self.south_west, self.north_east);
        if nodes <= MOST_NODES_PER_CELL * self.cells.len() as f64 {
            let patch = Patch::new(kernel, bandwidth_m, self.south_west, self.north_east, events);
            return self.cells.iter().map(|&cell| ramp::colour(f64::from(patch.per_km2(cell)))).collect();
        }
        let [east_m, north_m, weight] = events;
        let event = |event: usize| Event {
            at: PlanePoint::new(east_m[event], north_m[event]),
            weight: weight[event],
        };
        match Density::new(kernel, (0..weight.len()).map(event).collect(), bandwidth_m) {
            Ok(density) => self.cells.iter().map(|&cell| ramp::colour(density.per_km2(cell))).collect(),
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
        let (east_m, north_m): (Vec<f64>, Vec<f64>) =
            painter.cells.iter().step_by(17).map(|cell| (cell.east_m + 3.0, cell.north_m - 5.0)).unzip();
        let weight = vec![0.5; east_m.len()];
        // A lattice for the wide, a sum for each cell for the narrow.
        for bandwidth_m in [400.0, 30.0] {
            let classes = painter.paint(Kernel::Quartic, bandwidth_m, [&east_m, &north_m, &weight]);
            let event = |i: usize| Event { at: PlanePoint::new(east_m[i], north_m[i]), weight: weight[i] };
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
