//! Reports as incidents of one plane, and circles of that plane on the map.

use std::f64::consts::TAU;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::json;

use crate::domain::risk::hotspots::Occurrence;
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::kernel::spacetime::Incident;
use crate::platform::clock::china_date;

/// Corners of a circle on the map: within 0.2 % of its radius.
const CORNERS: u32 = 48;

/// The day in China as a number.
pub(super) fn day_number(day: NaiveDate) -> i32 {
    day.num_days_from_ce()
}

/// The day in China on which it happened, as a number.
fn day_of(happened_at: DateTime<Utc>) -> i32 {
    day_number(china_date(happened_at))
}

/// The reports in the plane of the zone of the first of them; `None` without any. Those whose position is none on
/// Earth are left out, which the database's constraints rule out.
pub(super) fn incidents(occurrences: &mut Vec<Occurrence>) -> Option<(GaussKruger, Vec<Incident>)> {
    occurrences.retain(|one| Wgs84::new(one.lon, one.lat).is_ok());
    let place = |one: &Occurrence| Wgs84::new(one.lon, one.lat).ok();
    let zone = GaussKruger::for_place(place(occurrences.first()?)?);
    let incident = |one: &Occurrence| {
        Some(Incident { at: zone.project(place(one)?).into(), day: day_of(one.happened_at) })
    };
    Some((zone, occurrences.iter().filter_map(incident).collect()))
}

/// Longitude and latitude of a position, to a centimetre.
pub(super) fn lon_lat(zone: GaussKruger, at: PlanePoint) -> Option<[f64; 2]> {
    let place = at.in_projection(zone).ok()?.to_wgs84();
    let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
    Some([rounded(place.lon()), rounded(place.lat())])
}

/// The circle as a GeoJSON polygon, counter-clockwise (RFC 7946, section 3.1.6).
pub(super) fn circle(zone: GaussKruger, centre: PlanePoint, radius_m: f64) -> serde_json::Value {
    let corner = |number: u32| {
        let angle = f64::from(number % CORNERS) / f64::from(CORNERS) * TAU;
        let at =
            PlanePoint::new(centre.east_m + radius_m * angle.cos(), centre.north_m + radius_m * angle.sin());
        lon_lat(zone, at)
    };
    let ring: Vec<[f64; 2]> = (0..=CORNERS).filter_map(corner).collect();
    json!({"type": "Polygon", "coordinates": [ring]})
}
