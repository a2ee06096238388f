//! Vector tiles: what is in them, for whom, and for how long they are remembered.

use std::io::Read;

use chrono::TimeDelta;
use flate2::read::GzDecoder;
use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, TileLayer};

/// The tile of a place in WGS84 degrees.
fn tile_at(zoom: u8, lon: f64, lat: f64) -> String {
    let side = f64::from(1_u32 << zoom);
    let x = ((lon + 180.0) / 360.0 * side) as u32;
    let y = ((1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side) as u32;
    format!("{zoom}/{x}/{y}")
}

/// Grid 1 of the seed, and its household.
const HOME: (f64, f64) = (116.305, 35.075);

async fn fetch(client: &Client, layer: &str, zoom: u8) -> Vec<TileLayer> {
    client.tile(&format!("/tiles/{layer}/{}", tile_at(zoom, HOME.0, HOME.1))).await
}

/// How many features of a layer of the same name a tile has that shows the whole of the seed's village.
async fn seen(client: &Client, layer: &str) -> usize {
    fetch(client, layer, 14)
        .await
        .iter()
        .filter(|found| found.name == layer)
        .map(|found| found.features.len())
        .sum()
}

#[tokio::test]
async fn each_role_sees_its_part_of_each_layer() {
    let app = TestApp::start().await;
    let layers =
        ["areas", "grids", "buildings", "roads", "water", "households", "enterprises", "hazards", "reports"];
    for (login, expected) in [
        ("member1", [3, 4, 2, 2, 1, 1, 1, 1, 5]),
        ("chief", [3, 4, 2, 2, 1, 2, 2, 2, 10]),
        ("planner", [3, 4, 2, 2, 1, 0, 2, 2, 0]),
        ("mediator", [3, 4, 2, 2, 1, 0, 0, 0, 2]),
        ("police", [3, 4, 2, 2, 1, 2, 2, 2, 8]),
        ("fire", [3, 4, 2, 2, 1, 0, 4, 4, 4]),
        ("command", [3, 4, 2, 2, 1, 4, 4, 4, 20]),
        ("admin", [3, 4, 2, 2, 1, 4, 4, 4, 0]),
        ("stranger", [0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ] {
        let client = app.sign_in(login);
        for (layer, expected) in layers.iter().zip(expected) {
            // Two of the four buildings lie in another tile of zoom 14, the first that shows buildings.
            let zoom = if *layer == "buildings" { 14 } else { 13 };
            let found = fetch(&client, layer, zoom).await;
            let features =
                found.iter().find(|found| found.name == *layer).map_or(0, |found| found.features.len());
            assert_eq!(features, expected, "{login} sees {layer}");
        }
    }
}

#[tokio::test]
async fn who_needs_care_is_drawn_for_carers_only() {
    let app = TestApp::start().await;
    for (login, care) in [("member1", Some(json!(1))), ("police", None), ("command", None), ("admin", None)] {
        let layers = fetch(&app.sign_in(login), "households", 13).await;
        for feature in &layers[0].features {
            assert_eq!(feature.properties.get("special_care"), care.as_ref(), "{login}");
            assert!(
                feature
                    .properties
                    .keys()
                    .all(|key| ["id", "resident_count", "special_care", "overdue"].contains(&key.as_str()))
            );
        }
    }
}

#[tokio::test]
async fn properties_are_those_of_the_tilejson() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let catalogue = member.get("/tiles").await;
    let items = catalogue.body["items"].as_array().expect("layers");
    assert_eq!(items.len(), 9);
    for item in items {
        let url = item["url"].as_str().expect("an address");
        let described = member.get(url.strip_prefix(&app.url()).expect("an address of ours")).await.body;
        assert_eq!(described["tilejson"], "3.0.0");
        let layer = item["layer"].as_str().expect("a name");
        assert_eq!(described["tiles"][0], format!("{}/tiles/{layer}/{{z}}/{{x}}/{{y}}", app.url()));
        let shapes = described["vector_layers"].as_array().expect("layers");
        for found in fetch(&member, layer, 14).await {
            let shape = shapes.iter().find(|shape| shape["id"] == found.name).expect("a layer it tells of");
            for feature in found.features {
                for key in feature.properties.keys() {
                    assert!(shape["fields"].get(key).is_some(), "{layer} has {key}");
                }
            }
        }
        // Above its first zoom there is nothing, at it there is something.
        let first = described["minzoom"].as_u64().expect("a zoom") as u8;
        if first > 0 {
            assert!(
                fetch(&member, layer, first - 1).await.iter().all(|found| found.features.is_empty()),
                "{layer}"
            );
        }
    }
}

#[tokio::test]
async fn places_are_where_they_are() {
    let app = TestApp::start().await;
    let layers = fetch(&app.sign_in("member1"), "grids", 12).await;
    let names: Vec<_> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["grids", "grids_label"]);
    let grid = layers[1].features.iter().find(|grid| grid.properties["code"] == "370828003218001");
    let grid = grid.expect("the grid");
    assert_eq!(grid.properties["no"], 1);
    // The label of a square stands within it: compare with the square's own corners in the tile.
    let side = f64::from(1_u32 << 12);
    let east = ((HOME.0 + 180.0) / 360.0 * side).fract() * 4096.0;
    let south =
        ((1.0 - HOME.1.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side).fract() * 4096.0;
    let half_a_grid = 0.005 / 360.0 * side * 4096.0;
    assert!((grid.start.0 as f64 - east).abs() < half_a_grid, "{:?} {east}", grid.start);
    assert!((grid.start.1 as f64 - south).abs() < half_a_grid * 1.3, "{:?} {south}", grid.start);
}

#[tokio::test]
async fn grids_are_drawn_as_they_are_in_force() {
    let app = TestApp::start().await;
    sqlx::query("UPDATE grid_boundaries SET valid = daterange('2020-01-01', current_date + 30) WHERE grid_code = '370828003218001'")
        .execute(&mut app.database.owner().await)
        .await
        .expect("ends a boundary");
    let member = app.sign_in("member1");
    assert_eq!(seen(&member, "grids").await, 4);
    app.ground.clock.set_shift(TimeDelta::days(60));
    assert_eq!(seen(&member, "grids").await, 3);
}

#[tokio::test]
async fn a_tile_is_sent_once_and_kept_compressed() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let path = format!("/tiles/hazards/{}", tile_at(14, HOME.0, HOME.1));
    let request = member.request(Method::GET, &path).header(ACCEPT_ENCODING, "br;q=1, gzip");
    let compressed = request.send().await.expect("an answer");
    assert_eq!(compressed.headers()["content-type"], "application/vnd.mapbox-vector-tile");
    assert_eq!(compressed.headers()["cache-control"], "private, no-cache");
    let etag = compressed.headers()["etag"].clone();
    let plain =
        member.request(Method::GET, &path).header(ACCEPT_ENCODING, "gzip;q=0").send().await.expect("one");
    assert_eq!((plain.headers().get("content-encoding"), &plain.headers()["etag"]), (None, &etag));
    let mut unpacked = Vec::new();
    let gzip = compressed.bytes().await.expect("a body");
    let unpacked = if gzip.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(&*gzip).read_to_end(&mut unpacked).expect("gzip");
        unpacked
    } else {
        gzip.to_vec()
    };
    assert_eq!(unpacked, plain.bytes().await.expect("a body"));

    let known = member.request(Method::GET, &format!("{path}.pbf")).header(IF_NONE_MATCH, &etag);
    assert_eq!(known.send().await.expect("an answer").status(), 304);
    let other =
        app.sign_in("chief").request(Method::GET, &format!("{path}.mvt")).header(IF_NONE_MATCH, &etag);
    assert_eq!(other.send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_change_is_seen_in_the_next_tile() {
    let app = TestApp::start().await;
    let (member, chief, fire) = (app.sign_in("member1"), app.sign_in("chief"), app.sign_in("fire"));
    assert_eq!((seen(&member, "hazards").await, seen(&fire, "hazards").await), (1, 4));
    let hazard = json!({
        "kind": "gas", "severity": 4, "description": "燃气泄漏",
        "place": {"x": HOME.0, "y": HOME.1, "crs": "wgs84"},
    });
    assert_eq!(chief.post("/api/v1/hazards", &hazard).await.status, 201);
    assert_eq!((seen(&member, "hazards").await, seen(&fire, "hazards").await), (2, 5));

    // A change that did not pass through the service is not seen until somebody tells of it.
    sqlx::query("DELETE FROM hazards WHERE description = '燃气泄漏'")
        .execute(&mut app.database.owner().await)
        .await
        .expect("deletes");
    assert_eq!(seen(&member, "hazards").await, 2);
    app.ground.events.publish(gridkeeper::platform::events::Change::Layer { layer: "hazards".into() });
    assert_eq!(seen(&member, "hazards").await, 1);
}

#[tokio::test]
async fn what_is_due_is_known_by_the_day() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let overdue =
        async || fetch(&member, "households", 14).await[0].features[0].properties["overdue"].clone();
    // Never called on, and in care since 2021.
    assert_eq!(overdue().await, 1);
    sqlx::raw_sql(
        "UPDATE households SET last_visited_at = now(); UPDATE special_care SET last_visited_at = now()",
    )
    .execute(&mut app.database.owner().await)
    .await
    .expect("calls");
    app.ground.events.publish(gridkeeper::platform::events::Change::Layer { layer: "households".into() });
    assert_eq!(overdue().await, 0);
    // Somebody in care is due after a week, and the police are not to see that.
    app.ground.clock.set_shift(TimeDelta::days(8));
    assert_eq!(overdue().await, 1);
    let police = fetch(&app.sign_in("police"), "households", 14).await;
    assert_eq!(police[0].features[0].properties["overdue"], 0);
}

#[tokio::test]
async fn there_is_nothing_outside_the_world_or_where_nothing_is() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    for path in ["23/0/0", "3/8/0", "3/0/8", "-1/0/0", "3/0/0.png", "3/4294967296/0", "x/y/z"] {
        let answer = member.get(&format!("/tiles/areas/{path}")).await;
        assert_eq!((answer.status, &answer.body["type"]), (404, &json!("/problems/not-found")), "{path}");
    }
    assert_eq!(member.get("/tiles/unknown/0/0/0").await.status, 404);
    assert_eq!(member.get("/tiles/unknown").await.status, 404);
    let empty = member.get("/tiles/hazards/14/0/0").await;
    assert_eq!((empty.status, empty.body), (204, Value::Null));
    assert_eq!(app.stranger().get("/tiles/areas/0/0/0").await.status, 401);
}
