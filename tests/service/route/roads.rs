//! Problems on a network: places on roads, off them, and in places that one does not get out of; files that are none.

use std::fs;

use serde_json::{Value, json};

use super::Desk;

/// A road of OpenStreetMap.
fn road(tags: &Value, line: &Value) -> Value {
    json!({"type": "Feature", "properties": {"tags": tags}, "geometry": {"type": "LineString", "coordinates": line}})
}

fn network(roads: &[Value]) -> Value {
    json!({"type": "FeatureCollection", "features": roads})
}

fn reasons(plan: &Value) -> Vec<(&str, &str)> {
    let left_out = plan["left_out"].as_array().unwrap().iter();
    left_out.map(|stop| (stop["id"].as_str().unwrap(), stop["reason"].as_str().unwrap())).collect()
}

#[test]
fn on_a_network_places_are_longitude_and_latitude_and_routes_have_lines() {
    let desk = Desk::new();
    // A street to the east, about 91 m to each hundredth of a degree at this latitude, and one far off by itself.
    let street = [[116.300, 35.07], [116.301, 35.07], [116.302, 35.07], [116.303, 35.07]];
    let alone = [[116.500, 35.07], [116.501, 35.07]];
    let line = |line: &Value| json!({"type": "Feature", "properties": null, "geometry": {"type": "LineString", "coordinates": line}});
    desk.put(
        "roads.geojson",
        &json!({"type": "FeatureCollection", "features": [line(&json!(street)), line(&json!(alone))]}),
    );
    let problem = json!({
        "profile": "foot",
        "stops": [
            {"id": "east", "at": [116.303, 35.0701], "service": 60, "prize": 1},
            {"id": "middle", "at": [116.301, 35.07], "service": 60, "prize": 1},
            {"id": "across the river", "at": [116.501, 35.07], "service": 60, "prize": 1},
        ],
        "workers": [
            {"id": "zhang", "start": [116.300, 35.07], "end": null, "shift": [28_800, 36_000]},
            {"id": "li", "start": [116.303, 35.07], "end": null, "shift": [28_800, 28_900], "profile": "car"},
        ],
    });
    let network = ["--network", "roads.geojson"];
    let (plan, _) = desk.plan_on(&problem, &network);
    assert_eq!((&plan["prize"], &plan["left_out"][0]["reason"]), (&json!(2), &json!("unreachable")));
    let geometry = &plan["routes"][0]["geometry"];
    assert_eq!((&geometry["type"], &geometry["coordinates"][0]), (&json!("LineString"), &json!(street[0])));

    let refused = desk.route(&["--out", "PLAN.json"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("neither a matrix nor --network"));
}

#[test]
fn what_is_off_the_roads_is_walked_to_or_left_out_and_the_rest_is_planned() {
    let desk = Desk::new();
    let street = json!([[116.300, 35.07], [116.301, 35.07], [116.302, 35.07], [116.303, 35.07]]);
    // A yard that one drives into and not out of; and a street on the other side of the river.
    let yard = json!([[116.302, 35.07], [116.302, 35.072]]);
    let across = json!([[116.300, 35.08], [116.303, 35.08]]);
    let lane = json!({"highway": "residential"});
    let roads = [
        road(&lane, &street),
        road(&json!({"highway": "residential", "oneway": "yes"}), &yard),
        road(&lane, &across),
    ];
    desk.put("roads.geojson", &network(&roads));
    let stop = |id: &str, at: [f64; 2]| json!({"id": id, "at": at, "service": 60, "prize": 1});
    let mut problem = json!({
        "profile": "car",
        "stops": [
            stop("in the yard", [116.302, 35.0719]),
            stop("across the river", [116.301, 35.08]),
            stop("in the fields", [116.301, 35.10]),
        ],
        "workers": [{"id": "zhang", "start": [116.302, 35.07], "end": [116.302, 35.07], "shift": [0, 7200]}],
    });
    let roads = ["--network", "roads.geojson"];
    let (plan, _) = desk.plan_on(&problem, &roads);
    // No way out for the car: it stays on the street, and two hundred metres are walked, there and back.
    let route = &plan["routes"][0];
    assert_eq!(route["stops"][0]["id"], "in the yard");
    assert!((300..500).contains(&plan["travel"].as_i64().unwrap()), "{}", plan["travel"]);
    assert_eq!(reasons(&plan), [("across the river", "unreachable"), ("in the fields", "unreachable")]);

    // Who cannot even get from the start to the end is told, and nothing else is lost.
    problem["workers"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "li", "start": [116.302, 35.08], "end": [116.302, 35.07], "shift": [0, 60]}));
    let (plan, said) = desk.plan_on(&problem, &roads);
    assert_eq!((plan["routes"].as_array().unwrap().len(), &plan["prize"]), (1, &json!(1)));
    assert!(said.contains("WARNING: worker \"li\" cannot get from the start to the end"), "{said}");
}

#[test]
fn a_stop_where_somebody_sets_out_is_as_far_off_the_roads_as_any_beside_it() {
    let desk = Desk::new();
    let street = json!([[116.300, 35.07], [116.303, 35.07]]);
    desk.put("roads.geojson", &network(&[road(&json!({"highway": "residential"}), &street)]));
    let stop = |id: &str, at: [f64; 2]| json!({"id": id, "at": at, "service": 60, "prize": 1});
    // Three kilometres into the fields: who lives there walks to the road, but nobody is sent there.
    let home = [116.301, 35.10];
    let problem = json!({
        "profile": "foot",
        "stops": [stop("at home", home), stop("beside it", [116.301, 35.10001]), stop("in the street", [116.302, 35.07])],
        "workers": [{"id": "zhang", "start": home, "end": home, "shift": [0, 36_000]}],
    });
    let (plan, _) = desk.plan_on(&problem, &["--network", "roads.geojson"]);
    assert_eq!(reasons(&plan), [("at home", "unreachable"), ("beside it", "unreachable")], "{plan}");
    assert_eq!(plan["routes"][0]["stops"][0]["id"], "in the street");
}

#[test]
fn a_file_that_is_no_network_is_refused_with_the_reason_and_no_plan_is_written() {
    let desk = Desk::new();
    let monaco = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/osm/monaco.osm.pbf")).unwrap();
    let points = json!({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [116.3, 35.07]}}]});
    let beyond =
        network(&[road(&json!({"highway": "residential"}), &json!([[116.3, 35.07], [516.3, 35.07]]))]);
    let files: [(&str, Vec<u8>, &str); 6] = [
        ("noise.osm.pbf", b"\x00\x00\x00\x0dnot a pbf at all".to_vec(), "noise.osm.pbf cannot be used"),
        ("cut.osm.pbf", monaco[..monaco.len() / 2].to_vec(), "cut.osm.pbf cannot be used"),
        ("empty.osm.pbf", Vec::new(), "empty.osm.pbf cannot be used"),
        (
            "photo.jpg",
            vec![0xFF, 0xD8, 0xFF, 0xE0],
            "neither a GeoJSON FeatureCollection of lines nor an .osm.pbf file",
        ),
        ("points.geojson", points.to_string().into_bytes(), "there are no roads in the file"),
        ("beyond.geojson", beyond.to_string().into_bytes(), "feature 1"),
    ];
    let problem = json!({
        "stops": [{"id": "a", "at": [116.3, 35.07], "prize": 1}],
        "workers": [{"id": "zhang", "start": [116.3, 35.07], "shift": [0, 3600]}],
    });
    desk.put("P.json", &problem);
    for (name, content, says) in files {
        fs::write(desk.path(name), content).unwrap();
        let out = desk.route(&["--network", name, "--out", "PLAN.json"]);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains(says) && !said.contains("panicked"), "{name}: {said}");
        assert!(!desk.path("PLAN.json").exists(), "{name}");
    }
    let out = desk.route(&["--network", "nowhere.osm.pbf"]);
    assert!(String::from_utf8_lossy(&out.stderr).contains("cannot read nowhere.osm.pbf"));
}

#[test]
fn a_thousand_stops_are_planned_in_the_time_there_is() {
    let desk = Desk::new();
    // Ten streets of three kilometres, joined at one end.
    let street = |n: u32| {
        let lat = 35.07 + f64::from(n) * 0.001;
        let line: Vec<[f64; 2]> = (0..=300).map(|x| [116.30 + f64::from(x) * 0.0001, lat]).collect();
        road(&json!({"highway": "residential"}), &json!(line))
    };
    let joint = json!((0..10).map(|n| [116.30, 35.07 + f64::from(n) * 0.001]).collect::<Vec<_>>());
    let mut roads: Vec<Value> = (0..10).map(street).collect();
    roads.push(road(&json!({"highway": "residential"}), &joint));
    desk.put("roads.geojson", &network(&roads));
    let stop = |n: u32| {
        let at = [116.30 + f64::from(n % 100) * 0.0003, 35.07 + f64::from(n / 100) * 0.001];
        json!({"id": n.to_string(), "at": at, "service": 120, "prize": n % 17 + 1})
    };
    let problem = json!({
        "stops": (0..1000).map(stop).collect::<Vec<_>>(),
        "workers": [{"id": "zhang", "start": [116.30, 35.07], "end": [116.30, 35.07], "shift": [0, 28_800]}],
    });
    desk.put("P.json", &problem);
    let roads = ["--network", "roads.geojson"];
    let out = desk.route(&[&roads[..], &["--out", "PLAN.json", "--time-limit", "1s"]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let plan: Value = serde_json::from_slice(&fs::read(desk.path("PLAN.json")).unwrap()).unwrap();
    let visited = plan["routes"][0]["stops"].as_array().unwrap().len();
    assert!(visited > 50, "{visited} of them");
    assert_eq!(
        visited + plan["left_out"].as_array().unwrap().len(),
        1000,
        "each is planned or has its reason"
    );
    let check = desk.route(&[&roads[..], &["--check", "PLAN.json"]].concat());
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
}
