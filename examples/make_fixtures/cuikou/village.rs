//! The plan of a settlement: its north-south streets, the east-west lanes between rows of courtyards, and the
//! plots along them. Every village here is laid out alike, as villages of the plain are; Cuikou is the largest.

use super::lattice::{Lattice, same};
use super::rng::Rng;
use super::street::{Street, Unit};

/// Width of a plot, and distance from lane to lane, in metres.
pub(crate) const PLOT_M: (f64, f64) = (13.4, 21.0);
/// First lane north and south of the main street: shops stand between.
const FIRST_LANE_M: (f64, f64) = (22.0, 38.5);
/// Plots in a row between two north-south streets.
pub(crate) const ROW: usize = 7;

/// Plan x of the spurs along which Cuikou's cold stores stand.
pub(crate) const SPURS: [f64; 4] = [-450.0, -330.0, 400.0, 520.0];

/// A settlement around the crossing of two streets at (x, y) of the plan.
pub(crate) struct Settlement {
    pub(crate) unit: usize,
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Its north-south streets, as offsets from x; one of them is 0.
    pub(crate) streets: Vec<f64>,
    /// Lanes north and south of the main street.
    pub(crate) lanes: (usize, usize),
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Cuikou,
    Village,
    Community,
}

/// A plot for a courtyard: its lane runs along its south side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plot {
    /// Number of the block from the west, lane (negative: south of the main street), place in the row.
    pub(crate) block: usize,
    pub(crate) lane: i32,
    pub(crate) place: usize,
    /// Middle of the plot and its lane, on the plan.
    pub(crate) x: f64,
    pub(crate) lane_y: f64,
}

impl Settlement {
    /// Plan y of a lane: 1, 2, … going north, −1, −2, … going south, 0 the main street.
    pub(crate) fn lane_y(&self, lane: i32) -> f64 {
        let further = f64::from(lane.abs() - 1) * PLOT_M.1;
        match lane.signum() {
            1 => self.y + FIRST_LANE_M.0 + further,
            -1 => self.y - FIRST_LANE_M.1 - further,
            _ => self.y,
        }
    }

    /// All lanes from south to north, the main street among them.
    pub(crate) fn all_lanes(&self) -> Vec<i32> {
        (-(self.lanes.1 as i32)..=self.lanes.0 as i32).collect()
    }

    pub(crate) fn blocks(&self) -> usize {
        self.streets.len() - 1
    }

    /// Middle of a place in a row, plan x.
    pub(crate) fn place_x(&self, block: usize, place: usize) -> f64 {
        let middle = f64::midpoint(self.streets[block], self.streets[block + 1]);
        self.x + middle + (place as f64 - (ROW - 1) as f64 / 2.0) * PLOT_M.0
    }

    /// Every plot, from north to south and west to east, built on or not.
    pub(crate) fn plots(&self) -> Vec<Plot> {
        let mut plots = Vec::new();
        for lane in self.all_lanes().into_iter().rev().filter(|&lane| lane != 0) {
            for block in (0..self.blocks()).filter(|&block| self.has_lane(block, lane)) {
                for place in 0..ROW {
                    let x = self.place_x(block, place);
                    plots.push(Plot { block, lane, place, x, lane_y: self.lane_y(lane) });
                }
            }
        }
        plots.retain(|plot| self.is_buildable(plot));
        plots
    }

    /// The lane is missing where Cuikou's pond and school lie, and where nobody has built yet.
    pub(crate) fn has_lane(&self, block: usize, lane: i32) -> bool {
        self.kind != Kind::Cuikou || !matches!((block, lane), (3, -6) | (2, 6) | (0, -8) | (4, 5))
    }

    fn is_buildable(&self, plot: &Plot) -> bool {
        if self.kind != Kind::Cuikou {
            return true;
        }
        let pond = plot.block == 3 && plot.lane == -7 && (1..=5).contains(&plot.place);
        let school = plot.block == 2 && plot.lane == 5;
        let square = plot.block == 1 && plot.lane == 1 && plot.place >= 4;
        let north_east = plot.block == 4 && plot.lane >= 4;
        let south_west = plot.block == 0 && plot.lane <= -8;
        !(pond || school || square || north_east || south_west)
    }

    /// Where its businesses keep to, plan x: beyond one end of the main street. Cuikou's are everywhere.
    pub(crate) fn business_end(&self) -> f64 {
        if self.unit.is_multiple_of(2) {
            self.x + self.streets[self.blocks()] + 84.0
        } else {
            self.x + self.streets[0] - 84.0
        }
    }

    /// How far the houses reach from the centre, metres.
    pub(crate) fn reach(&self) -> f64 {
        if self.kind == Kind::Cuikou { 640.0 } else { 300.0 }
    }
}

/// One settlement for each unit, and the lattice told where its lanes meet the field lines.
pub(crate) fn settlements(lattice: &mut Lattice, street: &Street) -> Vec<Settlement> {
    let mut rng = Rng::named("settlements");
    let all: Vec<Settlement> =
        street.units.iter().enumerate().map(|(n, unit)| settlement(lattice, n, unit, &mut rng)).collect();
    for settlement in &all {
        lattice.keep_calm(settlement.x, settlement.y, settlement.reach());
        for &offset in &settlement.streets {
            let x = settlement.x + offset;
            lattice.add_stop(x, settlement.y);
            if lattice.xs.iter().any(|&line| same(line, x)) {
                for lane in settlement.all_lanes().into_iter().filter(|&lane| lane != 0) {
                    lattice.add_stop(x, settlement.lane_y(lane));
                }
            }
        }
    }
    bend_with_the_ground(lattice);
    all
}

/// Cuikou's county road and spurs get a vertex every 50 m, so that they follow the ground as the walls beside
/// them do.
fn bend_with_the_ground(lattice: &mut Lattice) {
    for step in -11..=12 {
        let along = 50.0 * f64::from(step);
        lattice.add_stop(along, 0.0);
        for spur in SPURS {
            if (-290.0..=210.0).contains(&along) {
                lattice.add_stop(spur, along);
            }
        }
    }
}

fn settlement(lattice: &Lattice, number: usize, unit: &Unit, rng: &mut Rng) -> Settlement {
    let (x, y) = (lattice.xs[unit.centre.0], lattice.ys[unit.centre.1]);
    let (kind, streets, lanes) = if unit.is_cuikou() {
        (Kind::Cuikou, vec![-206.0, -103.0, 0.0, 103.0, 206.0, 309.0], (6, 9))
    } else {
        let west = rng.int(1, 2);
        let east = if west == 2 { 1 } else { rng.int(1, 2) };
        let streets = (-west..=east).map(|n| n as f64 * 103.0).collect();
        let kind = if unit.community { Kind::Community } else { Kind::Village };
        (kind, streets, (rng.int(3, 5) as usize, rng.int(3, 6) as usize))
    };
    Settlement { unit: number, x, y, streets, lanes, kind }
}
