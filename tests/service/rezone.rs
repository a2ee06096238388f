//! `gridkeeper rezone` as a planner at a desk runs it: files in, files out, no database.

#![expect(clippy::expect_used, reason = "a test that cannot read what it asked for should say so and stop")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use geojson::{FeatureCollection, GeoJson};
use serde_json::{Value, json};
use tempfile::TempDir;

const BUILDINGS: &str = include_str!("../../fixtures/kathmandu/buildings.geojson");

/// A directory for one test's files.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).expect("is written");
    }

    /// `gridkeeper rezone ARGUMENTS --out zones.geojson --report report.json` in this directory, in English.
    fn rezone(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gridkeeper"))
            .current_dir(self.0.path())
            .env_remove("DATABASE_URL")
            .args(["--lang", "en", "rezone", "--out", "zones.geojson", "--report", "report.json"])
            .args(arguments.split(' ').filter(|a| !a.is_empty()))
            .output()
            .expect("runs")
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(name)).expect("is there")).expect("is JSON")
    }
}

/// The buildings of Kathmandu, each with a load, people and a zone of today by its longitude.
fn units() -> Value {
    let mut units: Value = serde_json::from_str(BUILDINGS).expect("is JSON");
    let features = units["features"].as_array_mut().expect("features");
    features.retain(|f| f["geometry"]["type"] == "Polygon");
    for (i, feature) in features.iter_mut().enumerate() {
        let west = feature["geometry"]["coordinates"][0][0][0].as_f64().expect("a longitude");
        let id = format!("B{i:03}");
        feature["properties"] = json!({"id": id, "homes": 1 + i % 5, "shops": i % 3, "people": 2 + i % 7, "grid": if west < 85.3023 { 1 } else { 2 }});
    }
    units
}

/// A row of points with the given properties.
fn row(properties: &[Value]) -> String {
    let feature = |(i, properties): (usize, &Value)| {
        let lon = 116.3 + i as f64 * 0.0002;
        json!({"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lon, 35.06]}})
    };
    json!({"type": "FeatureCollection", "features": properties.iter().enumerate().map(feature).collect::<Vec<_>>()})
        .to_string()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn zones_and_report_agree_with_each_other_and_with_the_units() {
    let desk = Desk::new();
    let units = units();
    desk.put("u.geojson", &units.to_string());
    let output = desk.rezone(
        "--units u.geojson --load homes,shops:3 --current grid --k 4 --tolerance 0.1 --iterations 20000 --seed 5 --stats",
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let stats: Value =
        serde_json::from_str(said(&output).trim()).expect("one line of JSON on standard error");
    let features = units["features"].as_array().expect("features");
    assert_eq!(stats["units"], features.len());

    let report = desk.json("report.json");
    let assignment = report["assignment"].as_array().expect("assignment");
    assert_eq!(assignment.len(), features.len());
    let zones = report["zones"].as_array().expect("zones");
    assert_eq!(zones.iter().map(|z| z["zone"].clone()).collect::<Vec<_>>(), [1, 2, 3, 4].map(Value::from));
    let mean = report["overall"]["mean_load"].as_f64().expect("a mean");
    let mut moved = 0.0;
    for zone in zones {
        let mine = assignment.iter().zip(features).filter(|(a, _)| a["zone"] == zone["zone"]);
        let of = |f: &Value, key: &str| f["properties"][key].as_f64().expect("a number");
        let load: f64 = mine.clone().map(|(_, f)| of(f, "homes") + 3.0 * of(f, "shops")).sum();
        assert!((zone["load"].as_f64().expect("a load") - load).abs() < 1e-6);
        let deviation = zone["deviation"].as_f64().expect("a deviation");
        assert!((deviation - (load - mean).abs() / mean).abs() < 1e-9 && deviation <= 0.1);
        moved += mine
            .filter(|(a, f)| a["zone"] != f["properties"]["grid"])
            .map(|(_, f)| of(f, "people"))
            .sum::<f64>();
        assert_eq!(zone["contiguous"], true);
    }
    assert!((report["overall"]["people_moved"].as_f64().expect("people") - moved).abs() < 1e-6);

    // Each zone is one piece over the neighbours that the report lists.
    let pairs: Vec<[usize; 2]> =
        serde_json::from_value(report["neighbours"].clone()).expect("pairs of neighbours");
    let mut piece: Vec<usize> = (0..assignment.len()).collect();
    for _ in 0..assignment.len() {
        for &[a, b] in pairs.iter().filter(|[a, b]| assignment[*a]["zone"] == assignment[*b]["zone"]) {
            let least = piece[a].min(piece[b]);
            (piece[a], piece[b]) = (least, least);
        }
    }
    assert_eq!(piece.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);

    let collection: GeoJson =
        fs::read_to_string(desk.path("zones.geojson")).expect("is there").parse().expect("is GeoJSON");
    let collection = FeatureCollection::try_from(collection).expect("a collection");
    let mut units_of_zones = 0;
    for feature in collection.features {
        assert_eq!(feature.geometry.as_ref().expect("a shape").value.type_name(), "Polygon");
        for index in feature.property("unit_indexes").and_then(Value::as_array).expect("units") {
            let index = index.as_u64().expect("a number") as usize;
            assert_eq!(&assignment[index]["zone"], feature.property("zone").expect("a zone"));
            units_of_zones += 1;
        }
    }
    assert_eq!(units_of_zones, features.len());
}

#[test]
fn the_same_seed_writes_the_same_bytes_on_any_number_of_threads() {
    let desk = Desk::new();
    desk.put("u.geojson", &units().to_string());
    let run = |threads: u32| {
        let output = desk.rezone(&format!(
            "--units u.geojson --load homes --k 3 --iterations 8000 --seed 9 --threads {threads}"
        ));
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        ["zones.geojson", "report.json"].map(|name| fs::read(desk.path(name)).expect("is there"))
    };
    assert!(run(1) == run(3));
}

#[test]
fn a_time_limit_is_kept() {
    let desk = Desk::new();
    desk.put("u.geojson", &units().to_string());
    let output = desk.rezone("--units u.geojson --load homes --k 3 --time-limit 300ms --stats");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(Path::exists(&desk.path("zones.geojson")));
}

#[test]
fn bad_input_is_refused_with_its_reason_and_leaves_no_file() {
    let good = |n: usize| row(&vec![json!({"id": "A", "load": 1, "grid": "x"}); n]);
    let cases: &[(&str, String, &str, &str)] = &[
        ("a column that is missing", good(3), "--load lode --k 2", "no column \"lode\""),
        ("what columns there are", good(3), "--load lode --k 2", "grid, id, load"),
        ("a zone column that is missing", good(3), "--load load --current zone --k 2", "no column \"zone\""),
        ("too many zones", good(3), "--load load --k 4", "4 zones are wanted"),
        ("no load", row(&vec![json!({"load": 0}); 4]), "--load load --k 2", "load is zero"),
        (
            "a negative load",
            row(&[json!({"load": 1}), json!({"load": -2})]),
            "--load load --k 1",
            "row 2, load: -2 is negative",
        ),
        (
            "a load that is text",
            row(&[json!({"load": 1}), json!({"load": "many"})]),
            "--load load --k 1",
            "row 2, load: \"many\" is not a number",
        ),
        (
            "a load that is missing",
            row(&[json!({"load": 1}), json!({})]),
            "--load load --k 1",
            "row 2, load: the number is missing",
        ),
        ("no features", row(&[]), "--load load --k 1", "no polygons or points"),
        ("a cut file", good(3)[..90].to_owned(), "--load load --k 1", "not valid GeoJSON"),
        ("degrees that are metres", good(2).replace("35.06", "3882576.5"), "--load load --k 1", "latitude"),
        ("a lock of nothing", good(3), "--load load --current grid --k 1 --lock zone:y", "no such zone"),
        ("a lock without zones", good(3), "--load load --k 1 --lock unit:A", "locked but is in no zone"),
        (
            "a lock that makes it impossible",
            row(&[("a", 9), ("a", 1), ("b", 1), ("b", 1)]
                .map(|(grid, load)| json!({"load": load, "grid": grid}))),
            "--load load --current grid --k 2 --lock zone:a",
            "locked zone a has a load of 10.0",
        ),
    ];
    for (what, content, arguments, expected) in cases {
        let desk = Desk::new();
        desk.put("u.geojson", content);
        let output = desk.rezone(&format!("--units u.geojson {arguments}"));
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{what}: {said}");
        assert!(said.contains(expected), "{what}: {said}");
        let left: Vec<_> =
            fs::read_dir(desk.0.path()).expect("is there").flatten().map(|e| e.file_name()).collect();
        assert_eq!(left, ["u.geojson"], "{what}");
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_status_2() {
    let desk = Desk::new();
    for arguments in [
        "--units u.geojson --load load --k 0",
        "--units u.geojson --load load",
        "--units u.geojson --k 3",
        "--units u.geojson --load load --k 2 --tolerance -1",
        "--units u.geojson --load load --k 2 --tolerance NaN",
        "--units u.geojson --load load --k 2 --iterations 5 --time-limit 1s",
        "--units u.geojson --load load --k 2 --time-limit soon",
        "--units u.geojson --load :2 --k 2",
    ] {
        assert_eq!(desk.rezone(arguments).status.code(), Some(2), "{arguments}");
    }
}

#[test]
fn an_output_that_cannot_be_written_leaves_the_other_unwritten() {
    let desk = Desk::new();
    desk.put("u.geojson", &row(&vec![json!({"load": 1}); 4]));
    let output = desk.rezone("--units u.geojson --load load --k 2 --iterations 1000");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    fs::remove_file(desk.path("report.json")).expect("is there");
    fs::remove_file(desk.path("zones.geojson")).expect("is there");
    fs::create_dir(desk.path("zones.geojson")).expect("a directory in the way");
    let output = desk.rezone("--units u.geojson --load load --k 2 --iterations 1000");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("cannot write zones.geojson"), "{}", said(&output));
    assert!(!desk.path("report.json").exists());
}

#[test]
fn a_border_of_today_that_is_locked_stays() {
    let desk = Desk::new();
    let units: Vec<Value> = (0..12)
        .map(|i| json!({"id": i, "work": if i < 6 { 1 } else { 3 }, "grid": if i < 6 { "west" } else { "east" }}))
        .collect();
    desk.put("u.geojson", &row(&units));
    // Between the sixth and the seventh.
    let border = json!({"type": "LineString", "coordinates": [[116.3011, 35.0598], [116.3011, 35.0602]]});
    desk.put("border.geojson", &json!({"type": "Feature", "properties": {}, "geometry": border}).to_string());
    let moved = |arguments: &str| {
        let output = desk.rezone(&format!("--units u.geojson --load work --k 2 {arguments}"));
        assert!(output.status.success(), "{}", said(&output));
        desk.json("report.json")["overall"]["units_moved"].as_u64().expect("a number")
    };
    assert!(moved("--current grid") > 0);
    assert_eq!(moved("--current grid --lock border.geojson"), 0);
    let output = desk.rezone("--units u.geojson --load work --k 2 --lock border.geojson");
    assert!(said(&output).contains("needs --current"), "{}", said(&output));
}

#[test]
fn the_number_of_zones_follows_a_size() {
    let desk = Desk::new();
    let units: Vec<Value> = (0..24).map(|i| json!({"id": i, "work": 10})).collect();
    desk.put("u.geojson", &row(&units));
    // 240 in zones of 50 to 70 are four.
    let output = desk.rezone("--units u.geojson --load work --size 50:70 --iterations 5000");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(desk.json("report.json")["k"], 4);
    for wrong in ["--size 70:50", "--size x", "--size 50:70 --k 3", ""] {
        let output = desk.rezone(&format!("--units u.geojson --load work {wrong}"));
        assert_eq!(output.status.code(), Some(2), "{wrong}");
    }
}
