//! The committed fixtures are what the generator writes, carry the real totals, and are topologically sound: no
//! gap, no overlap, one road network, every door in its building and on a road.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

#[path = "../examples/make_fixtures/cuikou/mod.rs"]
mod cuikou;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

const CUIKOU: &str = "370828003218";
/// Degrees are compared as whole numbers of 10⁻⁷.
type Vertex = (i64, i64);

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cuikou").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn features(layer: &str) -> Vec<Value> {
    let collection: Value = serde_json::from_str(&read(&format!("{layer}.geojson"))).unwrap();
    assert_eq!(collection["synthetic"], true, "{layer} says that it is synthetic");
    collection["features"].as_array().unwrap().clone()
}

fn code(feature: &Value) -> &str {
    feature["properties"]["code"].as_str().unwrap()
}

fn vertex(position: &Value) -> Vertex {
    let e7 = |n: usize| (position[n].as_f64().unwrap() * 1e7).round() as i64;
    (e7(0), e7(1))
}

/// The outer ring of a polygon, the points of a line, or the one point.
fn vertices(feature: &Value) -> Vec<Vertex> {
    let coordinates = &feature["geometry"]["coordinates"];
    match feature["geometry"]["type"].as_str().unwrap() {
        "Point" => vec![vertex(coordinates)],
        "LineString" => coordinates.as_array().unwrap().iter().map(vertex).collect(),
        "Polygon" => coordinates[0].as_array().unwrap().iter().map(vertex).collect(),
        other => panic!("unexpected geometry {other}"),
    }
}

/// Metres between two vertices, near enough at 35° N.
fn metres(a: Vertex, b: Vertex) -> f64 {
    let (dx, dy) = ((a.0 - b.0) as f64 * 0.009_122_3, (a.1 - b.1) as f64 * 0.011_094_2);
    dx.hypot(dy)
}

fn contains(ring: &[Vertex], p: Vertex) -> bool {
    ring.windows(2).fold(false, |inside, edge| {
        let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
        let crosses = (ay > p.1) != (by > p.1)
            && ((p.0 - ax) as f64) < (bx - ax) as f64 * (p.1 - ay) as f64 / (by - ay) as f64;
        inside ^ crosses
    })
}

/// Anticlockwise rings added up edge by edge: what one ring walks forth and another back cancels. What remains is
/// the outline of the union, and an edge walked twice in one direction is an overlap.
fn outline_of_union<'a>(rings: impl Iterator<Item = &'a [Vertex]>) -> BTreeSet<(Vertex, Vertex)> {
    let mut edges = BTreeSet::new();
    for pair in rings.flat_map(|ring| ring.windows(2)) {
        assert!(!edges.contains(&(pair[0], pair[1])), "two areas lie on the same side of an edge");
        if !edges.remove(&(pair[1], pair[0])) {
            edges.insert((pair[0], pair[1]));
        }
    }
    edges
}

fn edges(ring: &[Vertex]) -> BTreeSet<(Vertex, Vertex)> {
    ring.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

#[test]
fn committed_files_are_what_the_generator_writes() {
    for (name, content) in cuikou::files() {
        assert!(
            read(name).as_bytes() == content,
            "{name} differs from what the generator writes: cargo run --example make_fixtures"
        );
    }
}

#[test]
fn totals_are_the_real_ones() {
    let residents: Vec<Value> = features("households")
        .iter()
        .flat_map(|household| household["properties"]["residents"].as_array().unwrap().clone())
        .collect();
    let care = |kind: &str| residents.iter().filter(|resident| resident["care"]["kind"] == kind).count();
    assert_eq!(residents.len(), 1360);
    assert_eq!(residents.iter().filter(|resident| resident["party_member"] == true).count(), 28);
    assert_eq!((care("empty_nest_elder"), care("severe_disability")), (3, 2));
    assert_eq!(features("enterprises").len(), 118);
    assert_eq!(features("grids").iter().filter(|grid| code(grid).starts_with(CUIKOU)).count(), 3);
    assert_eq!(features("hazards").iter().filter(|hazard| code(hazard).starts_with(CUIKOU)).count(), 97);
    let accounts: Value = serde_json::from_str(&read("accounts.json")).unwrap();
    let accounts = accounts["accounts"].as_array().unwrap();
    let in_role = |role: &str| accounts.iter().filter(|account| account["role"] == role).count();
    assert_eq!((in_role("mediator"), in_role("police"), in_role("grid_member")), (5, 1, 105));
}

#[test]
fn cuikou_found_97_hazards_and_resolved_53_on_the_spot() {
    let rings: Vec<Vec<Vertex>> =
        features("grids").iter().filter(|grid| code(grid).starts_with(CUIKOU)).map(vertices).collect();
    let mut reader =
        csv::Reader::from_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cuikou/reports.csv"))
            .unwrap();
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let e7 = |text: &str| (text.parse::<f64>().unwrap() * 1e7).round() as i64;
    let hazards: Vec<_> = rows
        .iter()
        .filter(|row| row["kind"] == "hazard")
        .filter(|row| rings.iter().any(|ring| contains(ring, (e7(&row["lon"]), e7(&row["lat"])))))
        .collect();
    assert_eq!(hazards.len(), 97);
    assert_eq!(hazards.iter().filter(|row| row["resolved_on_spot"] == "true").count(), 53);
    assert!(hazards.iter().all(|row| row["reported_by"].starts_with("member")));
    assert!(rows.iter().all(|row| row["happened_at"] <= row["received_at"]));
    assert!(rows.iter().all(|row| row["closed_at"].is_empty() || row["received_at"] <= row["closed_at"]));
    assert!(rows.iter().all(|row| row["happened_at"].as_str() > "2021-07-01"));
    assert!(rows.iter().all(|row| row["closed_at"].as_str() < "2022-09-27"));
    assert_eq!(hazards.iter().map(|row| &row["happened_at"][..10]).max(), Some("2022-09-26"));
    assert_eq!(rows.iter().map(|row| &row["id"]).collect::<BTreeSet<_>>().len(), rows.len());
}

#[test]
fn units_are_those_of_the_national_list() {
    let listed = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reference/codes/yushan_370828003.csv"),
    )
    .unwrap();
    let listed: BTreeSet<(String, String)> = listed
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',').map(str::to_owned);
            (cells.next().unwrap(), cells.next().unwrap().replace("居民委员会", "").replace("民委员会", ""))
        })
        .collect();
    let units: BTreeSet<(String, String)> = features("areas")
        .iter()
        .filter(|area| code(area).len() == 12)
        .map(|area| (code(area).to_owned(), area["properties"]["name"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(units.len(), 35);
    assert_eq!(units, listed);
}

#[test]
fn grids_tile_their_units_and_units_the_street() {
    let grids: Vec<(String, Vec<Vertex>)> =
        features("grids").iter().map(|grid| (code(grid).to_owned(), vertices(grid))).collect();
    assert_eq!(grids.len(), 105);
    let areas: BTreeMap<String, Vec<Vertex>> = features("areas")
        .iter()
        .filter(|area| !area["geometry"].is_null())
        .map(|area| (code(area).to_owned(), vertices(area)))
        .collect();
    let units: Vec<&String> = areas.keys().filter(|code| code.len() == 12).collect();
    for unit in &units {
        let own = grids.iter().filter(|(grid, _)| grid.starts_with(unit.as_str()));
        assert_eq!(outline_of_union(own.map(|(_, ring)| ring.as_slice())), edges(&areas[*unit]), "{unit}");
    }
    let all = units.iter().map(|unit| areas[*unit].as_slice());
    assert_eq!(outline_of_union(all), edges(&areas["370828003"]));
}

#[test]
fn every_door_is_in_its_building_in_one_grid_and_near_a_road() {
    let buildings: BTreeMap<String, Vec<Vertex>> = features("buildings")
        .iter()
        .filter(|building| code(building).starts_with(CUIKOU))
        .map(|building| (code(building).to_owned(), vertices(building)))
        .collect();
    let grids: Vec<Vec<Vertex>> = features("grids").iter().map(vertices).collect();
    let roads: Vec<Vec<Vertex>> = features("roads").iter().map(vertices).collect();
    for feature in features("households").iter().chain(&features("enterprises")) {
        let door = vertices(feature)[0];
        let building = feature["properties"]["building_code"].as_str().unwrap();
        assert!(contains(&buildings[building], door), "{} is outside {building}", code(feature));
        assert_eq!(grids.iter().filter(|grid| contains(grid, door)).count(), 1, "{}", code(feature));
        let nearest = roads
            .iter()
            .flat_map(|road| road.windows(2))
            .map(|segment| distance_to_segment(door, segment[0], segment[1]))
            .fold(f64::INFINITY, f64::min);
        assert!(nearest < 13.0, "{} is {nearest:.1} m from the nearest road", code(feature));
    }
}

#[test]
fn no_grid_boundary_cuts_a_building() {
    let grids: Vec<(String, Vec<Vertex>)> =
        features("grids").iter().map(|grid| (code(grid).to_owned(), vertices(grid))).collect();
    for building in features("buildings") {
        let corners = vertices(&building);
        let village = &code(&building)[..12];
        let holding = |corner: &Vertex| {
            grids
                .iter()
                .filter(|(grid, _)| grid.starts_with(village))
                .position(|(_, ring)| contains(ring, *corner))
        };
        let grid = holding(&corners[0]);
        assert!(grid.is_some(), "{} is outside its village", code(&building));
        assert!(corners.iter().all(|corner| holding(corner) == grid), "{} is cut", code(&building));
    }
}

fn distance_to_segment(p: Vertex, a: Vertex, b: Vertex) -> f64 {
    let (dx, dy) = ((b.0 - a.0) as f64, (b.1 - a.1) as f64);
    let along = ((p.0 - a.0) as f64 * dx + (p.1 - a.1) as f64 * dy) / (dx * dx + dy * dy);
    let along = along.clamp(0.0, 1.0);
    metres(p, (a.0 + (dx * along).round() as i64, a.1 + (dy * along).round() as i64))
}

#[test]
fn roads_are_one_network_joined_at_shared_vertices() {
    let mut next: BTreeMap<Vertex, BTreeSet<Vertex>> = BTreeMap::new();
    for road in features("roads") {
        for pair in vertices(&road).windows(2) {
            assert!(pair[0] != pair[1], "{} stands still", code(&road));
            next.entry(pair[0]).or_default().insert(pair[1]);
            next.entry(pair[1]).or_default().insert(pair[0]);
        }
    }
    let start = *next.keys().next().unwrap();
    let mut reached = BTreeSet::from([start]);
    let mut queue = vec![start];
    while let Some(at) = queue.pop() {
        for &to in &next[&at] {
            if reached.insert(to) {
                queue.push(to);
            }
        }
    }
    assert_eq!(reached.len(), next.len());
}

#[test]
fn identity_numbers_and_social_credit_codes_check() {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut seen = BTreeSet::new();
    for household in features("households") {
        for resident in household["properties"]["residents"].as_array().unwrap() {
            let number = resident["id_number"].as_str().unwrap();
            // ISO 7064 MOD 11-2: the sum over all 18 characters, weighted by powers of 2, is 1 modulo 11.
            let sum = number.chars().fold(0, |sum, c| (sum * 2 + c.to_digit(10).unwrap_or(10)) % 11);
            assert_eq!(sum, 1, "{number}");
            assert_eq!(&number[6..10], resident["birth_year"].to_string());
            assert!(seen.insert(number.to_owned()), "{number} twice");
        }
    }
    for enterprise in features("enterprises") {
        let code = code(&enterprise);
        let mut weight = 1;
        let mut sum = 0;
        for c in code.chars().take(17) {
            sum += ALPHABET.find(c).unwrap() * weight;
            weight = weight * 3 % 31;
        }
        assert_eq!((31 - sum % 31) % 31, ALPHABET.find(code.chars().last().unwrap()).unwrap(), "{code}");
        assert!(seen.insert(code.to_owned()), "{code} twice");
    }
}
