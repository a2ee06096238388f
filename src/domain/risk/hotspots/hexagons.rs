//! Hexagons of any width in a local projection, in metres.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::store::Occurrence;
use super::units::{Place, Units, count};
use crate::kernel::geometry::{GaussKruger, Projected, Wgs84};
use crate::kernel::plane::PlanePoint;

/// A hexagon by its two axes: `q` to the east, `r` to the north-east (axial coordinates, pointy top).
type Axial = (i64, i64);

/// The six around a hexagon.
const AROUND: [Axial; 6] = [(1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1)];

/// The area of a hexagon so many metres wide from side to side, in square kilometres.
pub(super) fn area_km2(width_m: f64) -> f64 {
    3.0_f64.sqrt() / 2.0 * width_m * width_m / 1e6
}

/// The hexagons of a box whose middle `is_covered`, and those in which something happened.
///
/// They are counted from the projection's origin, so that the same place lies in the same hexagon whoever asks.
pub(super) fn metric(
    width_m: f64,
    [west, south, east, north]: [f64; 4],
    is_covered: impl Fn(Wgs84) -> bool,
    occurrences: &[Occurrence],
    middle: DateTime<Utc>,
) -> Units {
    let nothing = Units { places: Vec::new(), neighbours: Vec::new(), halves: Vec::new() };
    let centre = Wgs84::new(f64::midpoint(west, east), f64::midpoint(south, north));
    let Ok(zone) = centre.map(GaussKruger::for_place) else { return nothing };
    let project =
        |lon: f64, lat: f64| Wgs84::new(lon, lat).ok().map(|place| PlanePoint::from(zone.project(place)));
    let cell_of = |one: &Occurrence| project(one.lon, one.lat).map(|at| hexagon_at(at, width_m));

    let mut numbers: BTreeMap<Axial, usize> = BTreeMap::new();
    let corners = [(west, south), (east, south), (west, north), (east, north)];
    let corners: Vec<PlanePoint> = corners.iter().filter_map(|&(lon, lat)| project(lon, lat)).collect();
    let rows = corners.iter().map(|at| hexagon_at(*at, width_m).1);
    if let (Some(first), Some(last)) = (rows.clone().min(), rows.max()) {
        // A projected box bends a little: one more on each side.
        for r in first - 1..=last + 1 {
            let columns = corners.iter().map(|at| at.east_m / width_m - r as f64 / 2.0);
            let (from, to) =
                columns.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), q| (a.min(q), b.max(q)));
            for q in from.floor() as i64 - 1..=to.ceil() as i64 + 1 {
                if place_of(centre_of((q, r), width_m), zone).is_some_and(&is_covered) {
                    numbers.insert((q, r), 0);
                }
            }
        }
    }
    numbers.extend(occurrences.iter().filter_map(cell_of).map(|cell| (cell, 0)));
    for (number, place) in numbers.values_mut().enumerate() {
        *place = number;
    }
    let neighbours = |&(q, r): &Axial| {
        let around = AROUND.iter().filter_map(|(dq, dr)| numbers.get(&(q + dq, r + dr)));
        around.map(|&unit| unit as u32).collect()
    };
    Units {
        places: numbers.keys().map(|&cell| place(cell, width_m, zone)).collect(),
        neighbours: numbers.keys().map(neighbours).collect(),
        halves: count(numbers.len(), occurrences, middle, |one| numbers.get(&cell_of(one)?).copied()),
    }
}

/// The middle of a hexagon.
fn centre_of((q, r): Axial, width_m: f64) -> PlanePoint {
    let (q, r) = (q as f64, r as f64);
    PlanePoint::new(width_m * (q + r / 2.0), width_m * 3.0_f64.sqrt() / 2.0 * r)
}

/// The hexagon around a position: that whose middle is nearest, found by rounding in three axes that sum to 0.
fn hexagon_at(at: PlanePoint, width_m: f64) -> Axial {
    let r = at.north_m / (width_m * 3.0_f64.sqrt() / 2.0);
    let q = at.east_m / width_m - r / 2.0;
    let s = -q - r;
    let (mut whole_q, mut whole_r, whole_s) = (q.round(), r.round(), s.round());
    let (off_q, off_r, off_s) = ((whole_q - q).abs(), (whole_r - r).abs(), (whole_s - s).abs());
    if off_q > off_r && off_q > off_s {
        whole_q = -whole_r - whole_s;
    } else if off_r > off_s {
        whole_r = -whole_q - whole_s;
    }
    (whole_q as i64, whole_r as i64)
}

fn place_of(at: PlanePoint, zone: GaussKruger) -> Option<Wgs84> {
    at.in_projection(zone).ok().map(Projected::to_wgs84)
}

fn place(cell: Axial, width_m: f64, zone: GaussKruger) -> Place {
    let (centre, radius_m) = (centre_of(cell, width_m), width_m / 3.0_f64.sqrt());
    let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
    let corner = |number: u32| {
        let angle = (f64::from(number % 6) * 60.0 - 30.0).to_radians();
        let at =
            PlanePoint::new(centre.east_m + radius_m * angle.cos(), centre.north_m + radius_m * angle.sin());
        place_of(at, zone).map(|place| [rounded(place.lon()), rounded(place.lat())])
    };
    let ring: Vec<[f64; 2]> = (0..=6).filter_map(corner).collect();
    Place {
        id: format!("{}:{}:{}", width_m, cell.0, cell.1),
        name: None,
        geometry: json!({"type": "Polygon", "coordinates": [ring]}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_lies_in_the_hexagon_whose_middle_is_nearest() {
        for step in 0..2_000_u32 {
            let at = PlanePoint::new(
                437_000.0 + f64::from(step * 7 % 911),
                3_882_000.0 + f64::from(step * 13 % 877),
            );
            let (q, r) = hexagon_at(at, 100.0);
            let away = centre_of((q, r), 100.0).distance_m(at);
            for (dq, dr) in AROUND {
                assert!(away <= centre_of((q + dq, r + dr), 100.0).distance_m(at) + 1e-9);
            }
            assert!(away <= 100.0 / 3.0_f64.sqrt() + 1e-9);
        }
    }

    #[test]
    fn a_box_is_filled_and_each_has_its_six_around() {
        let (lons, lats) = (116.30..116.32, 35.06..35.08);
        let inside = |place: Wgs84| lons.contains(&place.lon()) && lats.contains(&place.lat());
        let units = metric(200.0, [116.30, 35.06, 116.32, 35.08], inside, &[], DateTime::UNIX_EPOCH);
        // 1.82 by 2.22 km of 0.0346 km² each.
        assert!((110..125).contains(&units.places.len()), "{}", units.places.len());
        let full = units.neighbours.iter().filter(|around| around.len() == 6).count();
        assert!(full * 10 > units.places.len() * 6, "{full} of {}", units.places.len());
        for (unit, around) in units.neighbours.iter().enumerate() {
            assert!(around.iter().all(|&other| units.neighbours[other as usize].contains(&(unit as u32))));
        }
        assert!((area_km2(200.0) - 0.034_641).abs() < 1e-6);
    }
}
