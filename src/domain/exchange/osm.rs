//! OpenStreetMap extracts as GeoJSON: features with an `osm_id` and `tags` instead of our own columns.
//!
//! Keys and values: the OpenStreetMap wiki, "Map features".

use serde_json::{Map, Value};

use super::layer::Layer;

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
        Layer::Roads => tag("highway").map(|highway| ("class", road_class(highway))),
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
            give("one_way", tag("oneway").map(|value| Value::from(matches!(value, "yes" | "1" | "true"))));
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

fn road_class(highway: &str) -> &'static str {
    match highway {
        "motorway" | "trunk" | "motorway_link" | "trunk_link" => "highway",
        "primary" | "secondary" | "primary_link" | "secondary_link" => "main",
        "tertiary" | "unclassified" | "residential" | "tertiary_link" | "living_street" => "street",
        "service" | "alley" => "lane",
        "footway" | "pedestrian" | "steps" | "corridor" => "footway",
        _ => "path",
    }
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
        let mut way = json!({"osm_id": 5, "version": 2, "tags": {"highway": "residential", "oneway": "yes", "name": "X"}});
        let properties = way.as_object_mut().unwrap();
        translate(Layer::Roads, properties);
        assert_eq!(way, json!({"code": "osm-5", "class": "street", "one_way": true, "name": "X"}));
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
