//! Road networks in files of their own, for routes without a database: GeoJSON lines, or an OpenStreetMap extract.
//!
//! Lines may have the columns of the roads layer, or OpenStreetMap's tags, or nothing, which makes them lanes open
//! to everybody. Never here: what is done with the roads.

use geojson::{Feature, FeatureCollection, GeoJson, GeometryValue};
use serde::Deserialize;
use serde_json::Value;

use super::osm;
use crate::domain::exchange::{Layer, osm::translate};
use crate::domain::roads::{Road, RoadFacts};
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::locale::Message;

/// Why a file gives no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NetworkError(pub Message);

/// The roads of the file called `name`: an extract if that ends in `.pbf`, else GeoJSON. Features that are no
/// lines, and lines whose tags say that they are no roads, are left out.
///
/// # Errors
/// When the file cannot be read as what it is called, a road's properties or coordinates make no sense, or no
/// roads are in it.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Road>, NetworkError> {
    let features = if osm::is_pbf(name) {
        osm::roads(bytes).map_err(|osm::OsmError(why)| NetworkError(why))?
    } else {
        geojson(bytes)?
    };
    let mut roads = Vec::new();
    for (index, feature) in features.into_iter().enumerate() {
        road(feature, &mut roads).map_err(|why| {
            let (number, zh, en) = (index + 1, why.zh, why.en);
            NetworkError(message!("第 {number} 个要素：{zh}", "feature {number}: {en}"))
        })?;
    }
    if roads.is_empty() {
        return Err(NetworkError(message!("文件中没有道路", "there are no roads in the file")));
    }
    Ok(roads)
}

fn geojson(bytes: &[u8]) -> Result<Vec<Feature>, NetworkError> {
    let refuse = || {
        NetworkError(message!(
            "不是由线组成的 GeoJSON FeatureCollection，也不是 .osm.pbf 文件",
            "neither a GeoJSON FeatureCollection of lines nor an .osm.pbf file"
        ))
    };
    let json = serde_json::from_slice::<GeoJson>(bytes).map_err(|_| refuse())?;
    FeatureCollection::try_from(json).map(|collection| collection.features).map_err(|_| refuse())
}

fn road(feature: Feature, roads: &mut Vec<Road>) -> Result<(), Message> {
    let lines = match feature.geometry.map(|geometry| geometry.value) {
        Some(GeometryValue::LineString { coordinates }) => vec![coordinates],
        Some(GeometryValue::MultiLineString { coordinates }) => coordinates,
        _ => return Ok(()),
    };
    let mut properties = feature.properties.unwrap_or_default();
    let tagged = properties.contains_key("tags");
    translate(Layer::Roads, &mut properties);
    if !properties.contains_key("class") {
        if tagged {
            return Ok(());
        }
        properties.insert("class".into(), "lane".into());
    }
    properties.retain(|_, value| !value.is_null());
    let facts = RoadFacts::deserialize(Value::Object(properties)).map_err(|error| {
        let why = error.to_string();
        message!("属性无效（{why}）", "its properties make no sense ({why})")
    })?;
    for line in lines {
        let line =
            line.iter()
                .map(|position| match *position.as_slice() {
                    [lon, lat, ..] => Wgs84::new(lon, lat)
                        .map_err(|error| Message::new(error.to_chinese(), error.to_string())),
                    _ => Err(message!("坐标不完整", "a position is incomplete")),
                })
                .collect::<Result<_, _>>()?;
        roads.push(Road { line, facts: facts.clone() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::roads::Mode;
    use crate::kernel::geometry::GaussKruger;
    use crate::kernel::roads::{Conditions, RoadGraph, RoadNetwork, Snap};

    const MONACO: &[u8] = include_bytes!("../../fixtures/osm/monaco.osm.pbf");

    fn refused(name: &str, bytes: &[u8]) -> String {
        read(name, bytes).unwrap_err().0.en.into_owned()
    }

    #[test]
    fn on_real_streets_the_hierarchy_answers_what_dijkstra_does() {
        let roads = read("monaco.osm.pbf", MONACO).unwrap();
        let projection = GaussKruger::for_place(roads[0].line[0]);
        let lines: Vec<_> = roads.iter().map(|road| road.project(projection)).collect();
        let network = Arc::new(RoadNetwork::build(&lines).unwrap());
        // A prime: every call goes on to other nodes, all over the network.
        let mut node = 0;
        for mode in Mode::ALL {
            let usual = RoadGraph::new(Arc::clone(&network), mode.profile());
            assert!(usual.length_m() > 30_000.0, "{mode}: {} m", usual.length_m());
            let mut some = |graph: &RoadGraph| -> Vec<Snap> {
                let nodes = network.nodes();
                let place = || {
                    node = (node + 7919) % nodes.len();
                    nodes[node]
                };
                std::iter::repeat_with(place).filter_map(|at| graph.snap(at, 300.0)).take(40).collect()
            };
            let mut works = Conditions::default();
            for snap in some(&usual).iter().step_by(4) {
                works.close(snap.edge);
            }
            for graph in [&usual, &usual.under(&works)] {
                let snaps = some(graph);
                let durations = graph.durations(&snaps, &snaps);
                for (source, from) in snaps.iter().enumerate() {
                    for (target, expected) in graph.dijkstra(from, &snaps).into_iter().enumerate() {
                        assert_eq!(durations.ms(source, target), expected, "{mode}: {source} to {target}");
                    }
                    let path = graph.path(from, &snaps[0]);
                    assert_eq!(path.map(|path| path.duration_ms), durations.ms(source, 0));
                }
            }
        }
    }

    #[test]
    fn real_streets_have_names_one_way_signs_and_bollards() {
        let roads = read("monaco.osm.pbf", MONACO).unwrap();
        assert!(roads.iter().any(|road| road.facts.name.as_deref() == Some("Avenue d'Ostende")));
        assert!(roads.iter().filter(|road| road.facts.one_way == Some(true)).count() > 100);
        let stops_cars = |road: &&Road| road.facts.barriers.iter().any(|b| b.stops == [Mode::Car]);
        let bollards = roads.iter().filter(stops_cars).count();
        assert!(bollards > 0, "{bollards}");
    }

    #[test]
    fn lines_without_properties_are_lanes_and_buildings_are_no_roads() {
        let file = br#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": null,
             "geometry": {"type": "LineString", "coordinates": [[116.3, 35.07], [116.31, 35.07]]}},
            {"type": "Feature", "properties": {"tags": {"building": "yes"}},
             "geometry": {"type": "LineString", "coordinates": [[116.3, 35.07], [116.31, 35.07]]}},
            {"type": "Feature", "properties": {"tags": {"highway": "footway"}},
             "geometry": {"type": "LineString", "coordinates": [[116.31, 35.07], [116.31, 35.08]]}}]}"#;
        let classes: Vec<_> =
            read("n.geojson", file).unwrap().iter().map(|road| road.facts.class.key()).collect();
        assert_eq!(classes, ["lane", "footway"]);
    }

    #[test]
    fn what_is_no_network_is_refused_with_a_reason() {
        assert!(refused("x.osm.pbf", b"not an extract at all").starts_with("not an OpenStreetMap PBF file"));
        assert!(refused("x.osm.pbf", &MONACO[..200_000]).starts_with("not an OpenStreetMap PBF file"));
        let mut damaged = MONACO.to_vec();
        damaged[100_000..100_400].fill(0);
        assert!(refused("x.osm.pbf", &damaged).starts_with("not an OpenStreetMap PBF file"));
        assert!(refused("x.geojson", MONACO).starts_with("neither a GeoJSON"));
        assert_eq!(
            refused("x.geojson", br#"{"type": "FeatureCollection", "features": []}"#),
            "there are no roads in the file"
        );
        let nonsense = br#"{"type": "FeatureCollection", "features": [{"type": "Feature",
            "properties": {"class": "runway"},
            "geometry": {"type": "LineString", "coordinates": [[116.3, 35.07], [116.31, 35.07]]}}]}"#;
        assert!(refused("x.geojson", nonsense).starts_with("feature 1:"));
    }
}
