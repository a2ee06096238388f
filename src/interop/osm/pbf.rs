//! The roads of an extract: ways with a `highway` tag, with what stands on them.

use std::collections::HashMap;
use std::io::Cursor;

use geojson::{Feature, Geometry, GeometryValue};
use osmpbf::{Element, ElementReader};
use serde_json::{Map, Value, json};

use crate::domain::exchange::osm::road_class;
use crate::domain::exchange::road_use;
use crate::message;
use crate::platform::locale::Message;

/// Why an extract gives no roads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OsmError(pub Message);

/// A way that is a road.
struct Way {
    id: i64,
    nodes: Vec<i64>,
    tags: Map<String, Value>,
}

/// A node of a road: where it is, and whom what stands there stops.
#[derive(Default)]
struct Node {
    at: Option<[f64; 2]>,
    barrier: Map<String, Value>,
}

/// Whether a file's name says that it is an extract.
#[must_use]
pub fn is_pbf(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".pbf")
}

/// The roads of an extract as features with `osm_id`, `tags` and `barriers`. Ways cut off by the extract's border
/// keep the longest run of nodes that are in it.
///
/// # Errors
/// When `bytes` is no extract, is cut short or damaged, or has no roads in it.
pub fn roads(bytes: &[u8]) -> Result<Vec<Feature>, OsmError> {
    let mut ways = Vec::new();
    elements(bytes, |element| {
        if let Element::Way(way) = element {
            let tags = tags(way.tags());
            let is_road = tags.get("highway").and_then(Value::as_str).and_then(road_class).is_some();
            let is_square = tags.get("area").is_some_and(|area| area == "yes");
            if is_road && !is_square {
                ways.push(Way { id: way.id(), nodes: way.refs().collect(), tags });
            }
        }
    })?;
    if ways.is_empty() {
        return Err(OsmError(message!("文件中没有道路", "there are no roads in the file")));
    }
    let mut nodes: HashMap<i64, Node> =
        ways.iter().flat_map(|way| &way.nodes).map(|&id| (id, Node::default())).collect();
    elements(bytes, |element| match element {
        Element::DenseNode(node) => {
            if let Some(known) = nodes.get_mut(&node.id()) {
                *known = Node { at: Some([node.lon(), node.lat()]), barrier: tags(node.tags()) };
            }
        }
        Element::Node(node) => {
            if let Some(known) = nodes.get_mut(&node.id()) {
                *known = Node { at: Some([node.lon(), node.lat()]), barrier: tags(node.tags()) };
            }
        }
        Element::Way(_) | Element::Relation(_) => {}
    })?;
    Ok(ways.into_iter().filter_map(|way| feature(way, &nodes)).collect())
}

fn elements(bytes: &[u8], visit: impl for<'a> FnMut(Element<'a>)) -> Result<(), OsmError> {
    ElementReader::new(Cursor::new(bytes)).for_each(visit).map_err(|error| {
        tracing::debug!(%error, "an extract could not be read");
        OsmError(message!(
            "不是 OpenStreetMap PBF 文件，或文件已损坏、不完整",
            "not an OpenStreetMap PBF file, or it is damaged or cut short"
        ))
    })
}

fn tags<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Map<String, Value> {
    tags.map(|(key, value)| (key.to_owned(), value.into())).collect()
}

fn feature(way: Way, nodes: &HashMap<i64, Node>) -> Option<Feature> {
    let known = |id: &i64| nodes.get(id).is_some_and(|node| node.at.is_some());
    let run = way.nodes.split(|id| !known(id)).max_by_key(|run| run.len()).filter(|run| run.len() > 1)?;
    let mut line: Vec<geojson::Position> = Vec::with_capacity(run.len());
    let mut barriers = Vec::new();
    for node in run.iter().filter_map(|id| nodes.get(id)) {
        let stops = road_use::stopped(&node.barrier);
        if !stops.is_empty() {
            barriers.push(json!({"vertex": line.len(), "stops": stops}));
        }
        line.extend(node.at.map(|at| at.to_vec().into()));
    }
    let mut properties = Map::new();
    properties.insert("osm_id".into(), way.id.into());
    properties.insert("tags".into(), Value::Object(way.tags));
    if !barriers.is_empty() {
        properties.insert("barriers".into(), Value::Array(barriers));
    }
    Some(Feature {
        geometry: Some(Geometry::new(GeometryValue::LineString { coordinates: line })),
        properties: Some(properties),
        ..Feature::default()
    })
}
