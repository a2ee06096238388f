//! Grids from GeoJSON (RFC 7946): a `FeatureCollection`, or features one after another, with line breaks or record
//! separators between them (RFC 8142).
//!
//! The text is first cut into features, looking at braces and quotes alone; the features are then read in parallel.
//! Coordinates are read straight into lists of positions: a general tree of JSON values would take ten times the
//! memory.

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::geojson_cut::cut;
use super::grid_file::{Feature, IdKeys, text_of};
use super::positions::Nest;
use super::refusal::Fault;
use crate::message;
use crate::platform::locale::Message;

/// Reads every feature, or what is wrong with those that cannot be read.
pub(super) fn read(text: &[u8], keys: &IdKeys) -> Result<Vec<Feature>, Vec<Fault>> {
    let texts = cut(text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)).map_err(|fault| vec![fault])?;
    let read: Vec<_> = texts.into_par_iter().map(|text| feature(text, keys)).collect();
    let mut faults = Vec::new();
    let mut features = Vec::with_capacity(read.len());
    for (index, read) in read.into_iter().enumerate() {
        match read {
            Ok(feature) => features.push(feature),
            Err(reason) => faults.push(Fault::feature(index, reason)),
        }
    }
    if faults.is_empty() { Ok(features) } else { Err(faults) }
}

#[derive(Deserialize)]
struct FeatureText {
    r#type: String,
    #[serde(default)]
    id: Value,
    properties: Option<Map<String, Value>>,
    geometry: Option<GeometryText>,
}

#[derive(Deserialize)]
struct GeometryText {
    r#type: String,
    coordinates: Option<Nest>,
}

fn feature(text: &[u8], keys: &IdKeys) -> Result<Feature, Message> {
    let read: FeatureText = serde_json::from_slice(text)
        .map_err(|error| message!("不是有效的 GeoJSON：{error}", "not valid GeoJSON: {error}"))?;
    if read.r#type != "Feature" {
        let found = read.r#type;
        return Err(message!("应为 Feature，现为 {found}", "a Feature is expected, not a {found}"));
    }
    let geometry = read.geometry.ok_or_else(|| message!("没有图形", "it has no geometry"))?;
    let found = geometry.r#type;
    let polygons = match (found.as_str(), geometry.coordinates) {
        ("Polygon", Some(nest)) => nest.into_rings().map(|rings| vec![rings]),
        ("MultiPolygon", Some(nest)) => nest.into_polygons(),
        ("Polygon" | "MultiPolygon", None) => None,
        _ => {
            return Err(message!(
                "图形应为面（Polygon 或 MultiPolygon），现为 {found}",
                "a Polygon or MultiPolygon is expected, not a {found}"
            ));
        }
    };
    let polygons = polygons.ok_or_else(|| {
        message!("坐标的层次与 {found} 不符", "the coordinates are not nested as in a {found}")
    })?;
    let properties = read.properties.unwrap_or_default();
    let ids = keys.pick(|key| properties.get(key).and_then(text_of), || text_of(&read.id));
    Ok(Feature { ids, polygons })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"{"type":"Feature","id":7,"properties":{"code":"a}\"]","n":{"x":[1]}},"geometry":{"coordinates":[[[0,0],[1,0,5],[1,1],[0,0]]],"type":"Polygon"}}"#;

    fn read_all(text: &str) -> Result<Vec<Feature>, Vec<Fault>> {
        read(text.as_bytes(), &IdKeys::usual())
    }

    #[test]
    fn every_arrangement_gives_the_same_features() {
        let texts = [
            format!(
                r#"{{"type":"FeatureCollection","crs":{{"a":["]"]}},"features":[{SQUARE} , {SQUARE}],"x":1}}"#
            ),
            format!("{SQUARE}\n{SQUARE}\n"),
            format!("\u{1e}{SQUARE}\n\u{1e}{SQUARE}"),
            format!("\u{feff}{SQUARE}\r\n\r\n{SQUARE}"),
        ];
        for text in texts {
            let features = read_all(&text).unwrap();
            assert_eq!(features.len(), 2, "{text}");
            assert_eq!(features[1].ids[0].as_deref(), Some("a}\"]"));
            assert_eq!(features[1].polygons[0][0].len(), 4);
        }
    }

    #[test]
    fn what_is_cut_short_is_said_to_be() {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{SQUARE},{SQUARE}]}}"#);
        for end in 1..text.len() {
            let Err(faults) = read_all(&text[..end]) else { panic!("accepted {}", &text[..end]) };
            assert!(faults[0].reason.en.contains("cut short"), "{end}: {}", faults[0].reason.en);
        }
    }

    #[test]
    fn what_is_not_geojson_is_refused() {
        for text in
            ["", "  ", "[]", "{}", "x", "{\"features\":[1]}", "{\"features\":[{}]}", "{\"a\":}", "{\"a\":1}}"]
        {
            assert!(read_all(text).is_err(), "accepted {text:?}");
        }
        for (geometry, reason) in [
            ("null", "it has no geometry"),
            (r#"{"type":"Point","coordinates":[1,2]}"#, "a Polygon or MultiPolygon is expected, not a Point"),
            (r#"{"type":"Polygon","coordinates":[[1,2]]}"#, "the coordinates are not nested as in a Polygon"),
        ] {
            let text = format!(r#"{{"type":"Feature","properties":{{}},"geometry":{geometry}}}"#);
            assert_eq!(read_all(&text).unwrap_err()[0].reason.en, reason);
        }
    }

    #[test]
    fn coordinates_come_as_the_doubles_they_were() {
        let (x, y) = ("113.999999999999986", "28.000022592641834");
        let features = read_all(&SQUARE.replace("[1,1]", &format!("[{x},{y}]"))).unwrap();
        let place = features[0].polygons[0][0][2];
        assert_eq!((place.x, place.y), (x.parse().unwrap(), y.parse().unwrap()));
    }
}
