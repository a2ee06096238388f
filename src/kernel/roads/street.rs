//! Roads as large as a street: the synthetic one of `fixtures/cuikou`.

use std::sync::Arc;

use serde_json::Value;

use super::*;
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;

const ROADS: &str = include_str!("../../../fixtures/cuikou/roads.geojson");
const HOUSEHOLDS: &str = include_str!("../../../fixtures/cuikou/households.geojson");

fn features(geojson: &str) -> Vec<Value> {
    let mut collection: Value = serde_json::from_str(geojson).unwrap();
    serde_json::from_value(collection["features"].take()).unwrap()
}

fn place(position: &Value) -> PlanePoint {
    let at = Wgs84::new(position[0].as_f64().unwrap(), position[1].as_f64().unwrap()).unwrap();
    GaussKruger::from_epsg(4548).unwrap().project(at).into()
}

fn graph() -> RoadGraph {
    let lines: Vec<RoadLine> = features(ROADS)
        .iter()
        .map(|road| {
            let vertices = road["geometry"]["coordinates"].as_array().unwrap().iter().map(place).collect();
            RoadLine::new(vertices, RoadClass::Lane)
        })
        .collect();
    RoadGraph::new(Arc::new(RoadNetwork::build(&lines).unwrap()), Profile::Foot)
}

#[test]
fn every_gate_is_near_a_road_of_the_one_network() {
    let graph = graph();
    assert!(graph.fragments().is_empty(), "{:?}", graph.fragments());
    let gates: Vec<PlanePoint> =
        features(HOUSEHOLDS).iter().map(|household| place(&household["geometry"]["coordinates"])).collect();
    let snaps: Vec<Snap> = gates.iter().filter_map(|&gate| graph.snap(gate, 30.0)).collect();
    assert_eq!(snaps.len(), gates.len());

    // A walk is never shorter than the straight line; through streets at right angles it is seldom half as long
    // again.
    let mut detours: Vec<f64> = Vec::new();
    for (target, gate) in gates.iter().enumerate() {
        let (straight_m, walk_m) =
            (gates[0].distance_m(*gate), graph.path(&snaps[0], &snaps[target]).unwrap().length_m);
        assert!(walk_m >= straight_m - 1e-6);
        if straight_m > 100.0 {
            detours.push(walk_m / straight_m);
        }
    }
    detours.sort_by(f64::total_cmp);
    assert!(detours[detours.len() / 2] < 1.5 && detours[detours.len() - 1] < 2.5, "{detours:?}");
}
