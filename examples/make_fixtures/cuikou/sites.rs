//! Where Cuikou's businesses stand: shop fronts along the county road between the houses, and walled lots along
//! the spurs east and west of the settlement.

use super::houses::rectangle;
use super::plane::{Pt, doubled_area, ground};
use super::rng::Rng;
use super::village::{ROW, Settlement};

/// A place for one building with its gate on a road.
pub(crate) struct Site {
    pub(crate) ring: Vec<Pt>,
    /// Just inside the wall that faces the road.
    pub(crate) gate: Pt,
    pub(crate) address: String,
    /// North of the county road; east of the main street.
    pub(crate) north: bool,
    pub(crate) east: bool,
}

impl Site {
    pub(crate) fn area_m2(&self) -> f64 {
        doubled_area(&self.ring) / 2.0
    }
}

/// Shop fronts, alternating north and south of the county road, from the crossing outwards.
pub(crate) fn shop_fronts(settlement: &Settlement) -> Vec<Site> {
    let mut rng = Rng::named("shop fronts");
    let mut places: Vec<(f64, usize)> = Vec::new();
    for block in 0..settlement.blocks() {
        for place in 0..ROW {
            places.push((settlement.place_x(block, place), block * ROW + place));
        }
    }
    places.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    let mut fronts = Vec::new();
    for (x, number) in places {
        for north in [true, false] {
            let side = if north { 1.0 } else { -1.0 };
            let half = rng.range(5.8, 6.6);
            let (front, back) = (8.5 + rng.range(0.0, 0.6), 17.0 + rng.range(0.0, 2.0));
            let house = number * 2 + usize::from(north) + 1;
            fronts.push(Site {
                ring: rectangle((x - half, x + half), (side * front, side * back)),
                gate: ground(x, side * (front + 1.4)),
                address: format!("崔口村金鱼公路{}侧{house}号", if north { "北" } else { "南" }),
                north,
                east: x > 0.0,
            });
        }
    }
    fronts
}

/// Lots along the spurs, those nearest to the county road first.
pub(crate) fn lots() -> Vec<Site> {
    let mut rng = Rng::named("lots");
    let mut lots: Vec<(i64, Site)> = Vec::new();
    for (spur, name) in [(400.0, "一"), (520.0, "二"), (-330.0, "三"), (-450.0, "四")] {
        for (side, north) in [(1.0, true), (-1.0, true), (1.0, false), (-1.0, false)] {
            let end: f64 = if north { 203.0 } else { 283.0 };
            let sign = if north { 1.0 } else { -1.0 };
            let mut from = 15.0 + rng.range(0.0, 4.0);
            let mut number = usize::from(side > 0.0) + if north { 1 } else { 51 };
            while from + 34.0 < end {
                let depth = if rng.chance(0.1) { 122.0 } else { rng.range(36.0, 66.0) }.min(end - from);
                let width = rng.range(40.0, 45.0);
                let x = (spur + side * 9.0, spur + side * (9.0 + width));
                let gate_y = sign * (from + rng.range(0.2, 0.8) * depth);
                let site = Site {
                    ring: rectangle(x, (sign * from, sign * (from + depth))),
                    gate: ground(spur + side * 10.5, gate_y),
                    address: format!("崔口村冷库{name}路{number}号"),
                    north,
                    east: spur > 0.0,
                };
                lots.push((from as i64, site));
                from += depth + rng.range(6.0, 11.0);
                number += 2;
            }
        }
    }
    lots.sort_by_key(|(from, _)| *from);
    lots.into_iter().map(|(_, site)| site).collect()
}
