//! OpenStreetMap extracts as GeoJSON: features with an `osm_id` and `tags` instead of our own columns.
//!
//! Keys and values: the OpenStreetMap wiki, "Map features".

use serde_json::{Map, Value};

use super::layer::Layer;
use super::road_use;

/// Gives a feature of OpenStreetMap our own properties, where it lacks them.
pub fn translate(layer: Layer, properties: &mut Map<String, Value>) {
    let tags = match properties.get("tags") {
        Some(Value::Object(tags)) => tags.clone(),
        _ => return,
    };
    let tag = |key: &str| tags.get(key).and_then(Value::as_str);
    let mut give = |key: &str, value: Option<Value>| {
        if let Some(value) = value
            && !properties.contains_key(key)
        {
            properties.insert(key.to_owned(), value);
        }
    };
    let kind = match layer {
        Layer::Roads => tag("highway").and_then(road_class).map(|class| ("class", class)),
        Layer::Buildings => tag("building").map(|building| ("kind", building_kind(building))),
        Layer::Water => {
            tag("water").or(tag("waterway")).or(tag("natural")).map(|water| ("kind", water_kind(water)))
        }
        _ => return,
    };
    if let Some((key, value)) = kind {
        give(key, Some(value.into()));
    }
    give("name", tag("name:zh").or(tag("name")).map(Value::from));
    match layer {
        Layer::Roads => {
            let road_use = road_use::of(&tags);
            for (key, value) in [("foot", road_use.foot), ("e_bike", road_use.e_bike), ("car", road_use.car)]
            {
                give(key, value.map(|value| value.key().into()));
            }
            give("one_way", Some(road_use.one_way.into()));
            give(
                "max_km_per_h",
                tag("maxspeed").and_then(|limit| limit.parse::<f64>().ok()).map(Value::from),
            );
            give(
                "width_m",
                tag("width")
                    .and_then(|width| width.trim_end_matches(" m").parse::<f64>().ok())
                    .map(Value::from),
            );
        }
        Layer::Buildings => {
            give(
                "levels",
                tag("building:levels").and_then(|levels| levels.parse::<u8>().ok()).map(Value::from),
            );
        }
        _ => {}
    }
    let code = properties
        .get("osm_id")
        .map(|id| format!("osm-{}", id.as_str().map_or_else(|| id.to_string(), str::to_owned)));
    if let Some(code) = code
        && !properties.contains_key("code")
    {
        properties.insert("code".into(), code.into());
    }
    for key in ["tags", "osm_id", "version", "changeset", "timestamp"] {
        properties.remove(key);
    }
}

/// What a road of OpenStreetMap carries; `None` for what nobody can go along.
#[must_use]
pub fn road_class(highway: &str) -> Option<&'static str> {
    Some(match highway {
        "motorway" | "trunk" | "motorway_link" | "trunk_link" => "highway",
        "primary" | "secondary" | "primary_link" | "secondary_link" => "main",
        "tertiary" | "unclassified" | "residential" | "tertiary_link" | "living_street" | "road" => "street",
        "service" | "alley" => "lane",
        "footway" | "pedestrian" | "steps" | "corridor" => "footway",
        "path" | "track" | "bridleway" | "cycleway" | "via_ferrata" => "path",
        _ => return None,
    })
}

fn building_kind(building: &str) -> &'static str {
    match building {
        "house" | "residential" | "apartments" | "detached" | "terrace" | "hut" | "farm" => "house",
        "industrial" | "manufacture" | "factory" => "workshop",
        "retail" | "commercial" | "shop" | "supermarket" | "kiosk" => "shop",
        "warehouse" | "storage_tank" => "warehouse",
        "school" | "hospital" | "public" | "government" | "temple" | "university" | "civic" => "public",
        "greenhouse" => "greenhouse",
        _ => "other",
    }
}

fn water_kind(water: &str) -> &'static str {
    match water {
        "river" | "stream" => "river",
        "canal" => "canal",
        "ditch" | "drain" => "ditch",
        "reservoir" => "reservoir",
        _ => "pond",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_way_becomes_a_road_and_a_building_keeps_its_levels() {
        let mut way = json!({"osm_id": 5, "version": 2, "tags": {
            "highway": "residential", "oneway": "yes", "name": "X", "maxspeed": "20"}});
        let properties = way.as_object_mut().unwrap();
        translate(Layer::Roads, properties);
        assert_eq!(
            way,
            json!({"code": "osm-5", "class": "street", "one_way": true, "name": "X", "max_km_per_h": 20.0})
        );
        let mut building = json!({"osm_id": 6, "tags": {"building": "yes", "building:levels": "3"}});
        translate(Layer::Buildings, building.as_object_mut().unwrap());
        assert_eq!(building, json!({"code": "osm-6", "kind": "other", "levels": 3}));
    }

    #[test]
    fn our_own_properties_are_left_alone() {
        let mut ours = json!({"code": "R1", "class": "lane"});
        translate(Layer::Roads, ours.as_object_mut().unwrap());
        assert_eq!(ours, json!({"code": "R1", "class": "lane"}));
    }
}
