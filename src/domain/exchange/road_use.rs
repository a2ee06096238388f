//! Who may use a road of OpenStreetMap, and which way: its access tags, one-way tags and barriers in our terms.
//!
//! After the OpenStreetMap wiki, "OSM tags for routing/Access restrictions", "Key:oneway" and "Key:barrier". A
//! road is judged for the three modes by its most particular tag. Never here: how fast.

use serde_json::{Map, Value};

use crate::domain::roads::{Mode, RoadUse};

/// How a road may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// Whether vehicles may go only in the order of the vertices.
    pub one_way: bool,
    /// On foot, where not as usual.
    pub foot: Option<RoadUse>,
    /// On an electric bicycle, where not as usual.
    pub e_bike: Option<RoadUse>,
    /// By car, where not as usual.
    pub car: Option<RoadUse>,
}

/// The tags that speak for each mode, the most particular first.
const FOOT: &[&str] = &["foot", "access"];
const BICYCLE: &[&str] = &["bicycle", "vehicle", "access"];
const CAR: &[&str] = &["motorcar", "motor_vehicle", "vehicle", "access"];

/// How the road with these tags may be used.
#[must_use]
pub fn of(tags: &Map<String, Value>) -> Uses {
    let tag = |key: &str| tags.get(key).and_then(Value::as_str);
    let highway = tag("highway").unwrap_or_default();
    let for_motors_only = matches!(highway, "motorway" | "motorway_link") || tag("motorroad") == Some("yes");
    let round = matches!(tag("junction"), Some("roundabout" | "circular"));
    let direction = match tag("oneway") {
        Some("yes" | "1" | "true") => RoadUse::Forward,
        Some("-1" | "reverse") => RoadUse::Backward,
        None if round || highway == "motorway" => RoadUse::Forward,
        _ => RoadUse::Both,
    };
    let against = tag("oneway:bicycle") == Some("no")
        || ["cycleway", "cycleway:left", "cycleway:right", "cycleway:both"]
            .iter()
            .any(|key| tag(key).is_some_and(|way| way.starts_with("opposite")));

    let one_way = direction == RoadUse::Forward;
    let usual = if one_way { RoadUse::Forward } else { RoadUse::Both };
    let foot_open = allowed(tags, FOOT).unwrap_or(!for_motors_only);
    let bicycle_open = allowed(tags, BICYCLE).unwrap_or(!for_motors_only && highway != "steps");
    let car_open = allowed(tags, CAR).unwrap_or(true);
    let unusual = |open: bool, direction: RoadUse, usual: RoadUse| {
        let road_use = if open { direction } else { RoadUse::No };
        (road_use != usual).then_some(road_use)
    };
    Uses {
        one_way,
        foot: unusual(foot_open, RoadUse::Both, RoadUse::Both),
        e_bike: unusual(bicycle_open, if against { RoadUse::Both } else { direction }, usual),
        car: unusual(car_open, direction, usual),
    }
}

/// Whom a barrier with these tags stops; nobody for what is no barrier.
#[must_use]
pub fn stopped(tags: &Map<String, Value>) -> Vec<Mode> {
    let Some(barrier) = tags.get("barrier").and_then(Value::as_str) else { return Vec::new() };
    let usually_open = |mode: Mode| match barrier {
        "gate" | "lift_gate" | "swing_gate" | "toll_booth" | "cattle_grid" | "border_control"
        | "sally_port" | "entrance" | "kerb" | "height_restrictor" | "sump_buster" | "no" => true,
        "bollard" | "block" | "jersey_barrier" | "cycle_barrier" | "planter" | "log" | "bus_trap" => {
            mode != Mode::Car
        }
        _ => mode == Mode::Foot,
    };
    [(Mode::Foot, FOOT), (Mode::EBike, BICYCLE), (Mode::Car, CAR)]
        .into_iter()
        .filter(|&(mode, keys)| !allowed(tags, keys).unwrap_or_else(|| usually_open(mode)))
        .map(|(mode, _)| mode)
        .collect()
}

/// What the first of `keys` that is there says.
fn allowed(tags: &Map<String, Value>, keys: &[&str]) -> Option<bool> {
    let value = keys.iter().find_map(|key| tags.get(*key).and_then(Value::as_str))?;
    match value {
        "no" | "private" | "use_sidepath" | "agricultural" | "forestry" | "military" => Some(false),
        "unknown" => None,
        _ => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn uses(tags: &Value) -> (bool, Option<RoadUse>, Option<RoadUse>, Option<RoadUse>) {
        let uses = of(tags.as_object().unwrap());
        (uses.one_way, uses.foot, uses.e_bike, uses.car)
    }

    #[test]
    fn an_ordinary_road_says_nothing_unusual() {
        assert_eq!(uses(&json!({"highway": "residential"})), (false, None, None, None));
        assert_eq!(uses(&json!({"highway": "residential", "oneway": "yes"})), (true, None, None, None));
    }

    #[test]
    fn a_bicycle_may_be_let_in_against_the_traffic() {
        let road = json!({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"});
        assert_eq!(uses(&road), (true, None, Some(RoadUse::Both), None));
    }

    #[test]
    fn a_road_drawn_against_its_traffic_goes_backward_for_vehicles() {
        let road = json!({"highway": "tertiary", "oneway": "-1"});
        assert_eq!(uses(&road), (false, None, Some(RoadUse::Backward), Some(RoadUse::Backward)));
    }

    #[test]
    fn motorways_are_one_way_and_for_cars() {
        assert_eq!(uses(&json!({"highway": "motorway"})), (true, Some(RoadUse::No), Some(RoadUse::No), None));
    }

    #[test]
    fn the_most_particular_tag_decides() {
        let road =
            json!({"highway": "service", "access": "private", "foot": "yes", "motor_vehicle": "destination"});
        assert_eq!(uses(&road), (false, None, Some(RoadUse::No), None));
    }

    #[test]
    fn barriers_stop_whom_they_stop_unless_a_tag_lets_them_through() {
        let stops = |tags: &Value| stopped(tags.as_object().unwrap());
        assert_eq!(stops(&json!({"barrier": "bollard"})), [Mode::Car]);
        assert_eq!(stops(&json!({"barrier": "stile"})), [Mode::EBike, Mode::Car]);
        assert_eq!(stops(&json!({"barrier": "gate", "access": "no"})), [Mode::Foot, Mode::EBike, Mode::Car]);
        assert_eq!(stops(&json!({"barrier": "gate"})), []);
        assert_eq!(stops(&json!({"barrier": "block", "motor_vehicle": "yes"})), []);
        assert_eq!(stops(&json!({"highway": "crossing"})), []);
    }
}
