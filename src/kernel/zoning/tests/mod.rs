//! The whole of zoning on small made-up villages, against what is true by definition and against exhaustive search.

mod land;
mod oracle;
mod plans;
mod refusals;

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::propose::{Effort, Proposals};
use super::{Budget, Burden, Ground, Setting, Shape, Wanted, ZoneId, propose};
use crate::kernel::random::Random;

/// Degrees per metre, nearly, around the village.
const M: f64 = 1e-5;

fn at(x_m: f64, y_m: f64) -> Coord<f64> {
    Coord { x: 116.3 + x_m * M, y: 35.06 + y_m * M }
}

fn rectangle(x_m: f64, y_m: f64, width_m: f64, height_m: f64) -> Shape {
    let ring = vec![
        at(x_m, y_m),
        at(x_m + width_m, y_m),
        at(x_m + width_m, y_m + height_m),
        at(x_m, y_m + height_m),
        at(x_m, y_m),
    ];
    Shape::Polygons(MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())]))
}

/// Parcels of 20 m, wall to wall, row by row from the south-west.
fn parcels(columns: usize, rows: usize) -> Vec<Shape> {
    let parcel = |i: usize| rectangle((i % columns) as f64 * 20.0, (i / columns) as f64 * 20.0, 20.0, 20.0);
    (0..columns * rows).map(parcel).collect()
}

/// Houses and points scattered over 300 m, houses apart from each other.
fn scattered(count: usize, seed: u64) -> Vec<Shape> {
    let mut random = Random::new(seed);
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut shapes = Vec::new();
    while shapes.len() < count {
        let (x, y) = (random.unit() * 300.0, random.unit() * 300.0);
        if taken.iter().any(|(u, v)| (x - u).abs() < 13.0 && (y - v).abs() < 13.0) {
            continue;
        }
        taken.push((x, y));
        let size = || 6.0;
        let house = rectangle(x, y, size() + random.unit() * 6.0, size() + random.unit() * 6.0);
        shapes.push(if random.below(4) == 0 { Shape::Point(at(x, y)) } else { house });
    }
    shapes
}

fn burdens(count: usize, seed: u64) -> Vec<Burden> {
    let mut random = Random::new(seed ^ 0xB0DE);
    let burden = |_| Burden {
        load: 1.0 + random.below(9) as f64,
        people: random.below(6) as f64,
        current: None,
        locked: false,
    };
    (0..count).map(burden).collect()
}

/// The same with today's zones by where the units are: `columns` bands from west to east.
fn in_bands(shapes: &[Shape], mut burdens: Vec<Burden>, bands: u32, width_m: f64) -> Vec<Burden> {
    for (shape, burden) in shapes.iter().zip(&mut burdens) {
        let west = shape.places().map(|c| c.x).fold(f64::MAX, f64::min);
        // A metre to the east, so that rounding does not decide.
        let band = (((west - 116.3) / M + 1.0) / width_m * f64::from(bands))
            .floor()
            .clamp(0.0, f64::from(bands - 1));
        burden.current = Some(ZoneId(band as u32));
    }
    burdens
}

fn wanted(burdens: &[Burden], zones: usize, tolerance: f64) -> Wanted<'_> {
    Wanted { burdens, zones, tolerance, locked_zones: &[] }
}

fn search(ground: &Ground, wanted: &Wanted<'_>, seed: u64, moves: u64) -> Proposals {
    let effort = Effort { seed, budget: Budget::Moves(moves), progress: &|_| true };
    propose(ground, wanted, &effort).unwrap()
}

/// Whether the units of each zone hang together, walked anew over the borders between them.
fn hangs_together(ground: &Ground, zone: &[u32], zones: usize) -> bool {
    let site_zone = |site: u32| {
        let unit = ground.site.iter().position(|s| *s == site).unwrap();
        zone[unit]
    };
    (0..zones as u32).all(|z| {
        let members: Vec<u32> = (0..ground.sites() as u32).filter(|&s| site_zone(s) == z).collect();
        let Some(&first) = members.first() else { return false };
        let mut reached = vec![first];
        let mut next = 0;
        while next < reached.len() {
            let from = reached[next];
            for border in ground.graph.edges.iter().filter(|e| e.open && e.sites.contains(&from)) {
                for site in border.sites {
                    if site_zone(site) == z && !reached.contains(&site) {
                        reached.push(site);
                    }
                }
            }
            next += 1;
        }
        reached.len() == members.len()
    })
}
