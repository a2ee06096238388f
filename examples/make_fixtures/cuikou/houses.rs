//! Courtyard houses: the main hall along the north side of the yard, facing south; one or two wings down its
//! sides; the gate at a wing's foot, on the lane. Which of Cuikou's plots carry one.

use super::plane::{Pt, ground};
use super::rng::Rng;
use super::village::{Plot, Settlement};

/// Houses in Cuikou, one for each household.
pub(crate) const HOUSES: usize = 400;

pub(crate) struct House {
    pub(crate) plot: Plot,
    pub(crate) ring: Vec<Pt>,
    /// Just inside the gate, under the roof of the wing; 2 m further in, the room a business is run from.
    pub(crate) gate: Pt,
    pub(crate) back_room: Pt,
    /// In the old quarter, south-west of the crossing.
    pub(crate) old: bool,
    pub(crate) levels: u8,
}

/// The courtyard between the two oldest streets.
pub(crate) fn is_old_quarter(plot: &Plot) -> bool {
    plot.block <= 1 && (-5..=-1).contains(&plot.lane)
}

/// Cuikou's 400 houses from north to south. Empty plots are scattered, more of them towards the edges.
pub(crate) fn cuikou_houses(settlement: &Settlement) -> Vec<House> {
    let mut rng = Rng::named("houses");
    let plots = settlement.plots();
    let mut ranked: Vec<(f64, usize)> = plots
        .iter()
        .enumerate()
        .map(|(n, plot)| {
            let edge =
                u8::from(plot.block == 0 || plot.block == 4) + u8::from(plot.lane >= 5 || plot.lane <= -8);
            (rng.unit() - 0.25 * f64::from(edge), n)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut kept: Vec<usize> = ranked.into_iter().take(HOUSES).map(|(_, n)| n).collect();
    kept.sort_unstable();
    kept.into_iter().map(|n| house(plots[n], &mut rng)).collect()
}

/// A house on a plot. Old houses are narrower and stand less straight.
pub(crate) fn house(plot: Plot, rng: &mut Rng) -> House {
    let old = is_old_quarter(&plot);
    let give = if old { 0.9 } else { 0.3 };
    let half = rng.range(if old { 5.2 } else { 5.9 }, 6.35);
    let middle = plot.x + rng.range(-1.0, 1.0) * (6.55 - half);
    let (west, east) = (middle - half, middle + half);
    let foot = plot.lane_y + 2.6 + rng.range(0.0, give);
    let top = plot.lane_y + 18.2 - rng.range(0.0, give);
    let hall = top - rng.range(5.6, 6.8);
    let wing = rng.range(3.3, 4.2);
    let both = rng.chance(0.3);
    let short = f64::midpoint(hall, foot) - rng.range(0.0, 3.0);
    let east_gate = rng.chance(0.75);
    let corners = match (east_gate, both) {
        (true, false) => {
            vec![
                (west, hall),
                (east - wing, hall),
                (east - wing, foot),
                (east, foot),
                (east, top),
                (west, top),
            ]
        }
        (false, false) => {
            vec![
                (west, foot),
                (west + wing, foot),
                (west + wing, hall),
                (east, hall),
                (east, top),
                (west, top),
            ]
        }
        (true, true) => vec![
            (west, short),
            (west + wing, short),
            (west + wing, hall),
            (east - wing, hall),
            (east - wing, foot),
            (east, foot),
            (east, top),
            (west, top),
        ],
        (false, true) => vec![
            (west, foot),
            (west + wing, foot),
            (west + wing, hall),
            (east - wing, hall),
            (east - wing, short),
            (east, short),
            (east, top),
            (west, top),
        ],
    };
    let gate_x = if east_gate { east - wing / 2.0 } else { west + wing / 2.0 };
    House {
        plot,
        ring: closed(&corners),
        gate: ground(gate_x, foot + 1.2),
        back_room: ground(gate_x, foot + 4.0),
        old,
        levels: if !old && rng.chance(0.35) { 2 } else { 1 },
    }
}

/// A closed ring on the ground from corners on the plan, anticlockwise.
pub(crate) fn closed(corners: &[(f64, f64)]) -> Vec<Pt> {
    corners.iter().chain(corners.first()).map(|&(x, y)| ground(x, y)).collect()
}

/// A closed rectangle on the ground.
pub(crate) fn rectangle(x: (f64, f64), y: (f64, f64)) -> Vec<Pt> {
    let (west, east) = (x.0.min(x.1), x.0.max(x.1));
    let (south, north) = (y.0.min(y.1), y.0.max(y.1));
    closed(&[(west, south), (east, south), (east, north), (west, north)])
}
