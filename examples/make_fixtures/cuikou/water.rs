//! Ponds at the edges of settlements, ditches between fields, and one canal across the street.

use super::lattice::{Lattice, Node};
use super::plane::{Pt, ground};
use super::rng::Rng;
use super::roads::{Roads, canal_row, in_street, inside};
use super::street::Street;
use super::village::{Kind, Settlement};

pub(crate) struct Water {
    pub(crate) kind: &'static str,
    pub(crate) name: Option<&'static str>,
    /// A closed ring for a pond, a line for the rest.
    pub(crate) points: Vec<Pt>,
}

/// cos and sin of 0°, 22.5°, … 337.5°, written out so that no machine has to compute them.
const DIRECTIONS: [(f64, f64); 16] = {
    const A: f64 = 0.923_879_532_511_286_7;
    const B: f64 = 0.382_683_432_365_089_8;
    const C: f64 = std::f64::consts::FRAC_1_SQRT_2;
    [
        (1.0, 0.0),
        (A, B),
        (C, C),
        (B, A),
        (0.0, 1.0),
        (-B, A),
        (-C, C),
        (-A, B),
        (-1.0, 0.0),
        (-A, -B),
        (-C, -C),
        (-B, -A),
        (0.0, -1.0),
        (B, -A),
        (C, -C),
        (A, -B),
    ]
};

/// Name, middle and half axes on the plan.
type NamedPond = (&'static str, (f64, f64), (f64, f64));

pub(crate) const CUIKOU_PONDS: [NamedPond; 2] =
    [("东坑塘", (154.5, -143.5), (31.0, 13.5)), ("西坑塘", (-240.0, -118.0), (15.0, 38.0))];

pub(crate) fn water(
    lattice: &Lattice,
    street: &Street,
    settlements: &[Settlement],
    roads: &Roads,
) -> Vec<Water> {
    let mut rng = Rng::named("water");
    let mut water = Vec::new();
    let row = canal_row(lattice);
    let canal: Vec<Node> =
        (0..lattice.xs.len()).map(|i| (i, row)).filter(|&node| in_street(street, node)).collect();
    water.push(Water { kind: "canal", name: Some("鱼山干渠"), points: lattice.path(&canal) });
    for (name, middle, axes) in CUIKOU_PONDS {
        water.push(Water { kind: "pond", name: Some(name), points: pond(middle, axes, &mut rng) });
    }
    for settlement in settlements.iter().filter(|settlement| settlement.kind == Kind::Village) {
        let west = rng.chance(0.5);
        let offset =
            if west { settlement.streets[0] - 34.0 } else { settlement.streets[settlement.blocks()] + 34.0 };
        let side = if rng.chance(0.5) { 1.0 } else { -1.0 };
        let middle = (settlement.x + offset, settlement.y + side * rng.range(50.0, 95.0));
        let axes = (rng.range(13.0, 19.0), rng.range(18.0, 34.0));
        water.push(Water { kind: "pond", name: None, points: pond(middle, axes, &mut rng) });
    }
    for settlement in settlements {
        for row in ditch_rows(lattice, settlement, &mut rng) {
            if row != canal_row(lattice) {
                water.extend(ditch(lattice, street, settlement.unit, row, roads));
            }
        }
    }
    water
}

fn pond(middle: (f64, f64), axes: (f64, f64), rng: &mut Rng) -> Vec<Pt> {
    let mut ring: Vec<Pt> = DIRECTIONS
        .iter()
        .map(|&(cos, sin)| {
            // Between an ellipse and its box: ponds here were dug, then worn.
            let square = 1.0 / cos.abs().max(sin.abs());
            let reach = f64::midpoint(1.0, square.min(1.3)) * rng.range(0.86, 1.0);
            ground(middle.0 + axes.0 * cos * reach, middle.1 + axes.1 * sin * reach)
        })
        .collect();
    ring.push(ring[0]);
    ring
}

fn ditch_rows(lattice: &Lattice, settlement: &Settlement, rng: &mut Rng) -> Vec<usize> {
    if settlement.kind == Kind::Cuikou {
        return [320.0, 540.0, -400.0, -610.0].iter().map(|&y| lattice.node_near(0.0, y).1).collect();
    }
    (0..lattice.ys.len())
        .filter(|&row| {
            let away = (lattice.ys[row] - settlement.y).abs();
            (240.0..800.0).contains(&away) && rng.chance(0.4)
        })
        .collect()
}

/// A field line across the unit, less the stretches where a road runs on it.
fn ditch(lattice: &Lattice, street: &Street, unit: usize, row: usize, roads: &Roads) -> Vec<Water> {
    let start = (street.units[unit].centre.0, row);
    let mut nodes = inside(street, unit, start, (-1, 0));
    nodes.reverse();
    nodes.extend(inside(street, unit, start, (1, 0)).into_iter().skip(1));
    let points = lattice.path(&nodes);
    let mut runs: Vec<Vec<Pt>> = vec![Vec::new()];
    for pair in points.windows(2) {
        let last = runs.len() - 1;
        if roads.joins(pair[0], pair[1]) {
            runs.push(Vec::new());
        } else if runs[last].is_empty() {
            runs[last].extend(pair);
        } else {
            runs[last].push(pair[1]);
        }
    }
    runs.into_iter()
        .filter(|run| run.len() >= 4)
        .map(|points| Water { kind: "ditch", name: None, points })
        .collect()
}
