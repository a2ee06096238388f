//! Points in, grids out: in either format, on any date, of any length, and only what the caller may see.

#![expect(clippy::expect_used, reason = "a test that cannot set itself up should say so and stop")]

use std::fmt::Write;
use std::time::Duration;

use axum::body::Bytes;
use futures::StreamExt;
use gridkeeper::platform::config::Config;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::support::{Client, TestApp};

/// Sends a body and reads the answer as text.
async fn assign(client: &Client, query: &str, kind: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
    let request = client.request(Method::POST, &format!("/api/v1/assign{query}"));
    let response = request.header("content-type", kind).body(body).send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, response.text().await.expect("a text"))
}

const POINTS: &str = "name,lon,lat\n甲,116.305,35.075\n乙,116.4,35.2\n";
const INSIDE: &str = "116.305,35.075\n";
const GRID: &str = "370828003218001";

fn point(name: &str, lon: f64, lat: f64) -> serde_json::Value {
    json!({"type": "Feature", "id": 7, "properties": {"name": name},
        "geometry": {"type": "Point", "coordinates": [lon, lat]}})
}

#[tokio::test]
async fn every_format_is_answered_in_order() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let named = format!("name,grid\n甲,{GRID}\n乙,\n");
    assert_eq!(assign(&planner, "?id=name", "text/csv; charset=utf-8", POINTS).await, (200, named.clone()));
    let numbered = format!("row,grid\n1,{GRID}\n2,\n");
    assert_eq!(assign(&planner, "", "text/csv", POINTS).await, (200, numbered.clone()));
    let (one, two) = (point("甲", 116.305, 35.075), point("乙", 116.4, 35.2));
    let collection = json!({"type": "FeatureCollection", "features": [one, two]}).to_string();
    let lines = format!("{one}\n{two}\n");
    for (kind, body) in [
        ("application/geo+json", &collection),
        ("application/json", &collection),
        ("application/geo+json-seq", &lines),
    ] {
        assert_eq!(assign(&planner, "?id=name", kind, body.clone()).await, (200, named.clone()));
        assert_eq!(assign(&planner, "", kind, body.clone()).await, (200, numbered.clone()));
    }
    let by_own_id = assign(&planner, "?id=id", "application/geo+json", collection).await;
    assert_eq!(by_own_id.1, format!("id,grid\n7,{GRID}\n7,\n"));
    assert_eq!(assign(&planner, "", "text/csv", "lon,lat\n").await, (200, "row,grid\n".into()));
    // Half a kilometre from where it would be if taken for WGS84.
    let shifted = assign(&planner, "?crs=gcj02&lon=e&lat=n", "text/csv", "n,e\n35.0749,116.3113\n").await;
    assert_eq!(shifted.1, format!("row,grid\n1,{GRID}\n"));
}

/// The features of an answer, whatever keeps them apart.
fn features(text: &str) -> Vec<Value> {
    if text.starts_with('\u{1e}') {
        let read = |record| serde_json::from_str(record).expect("a feature");
        return text.split('\u{1e}').skip(1).map(read).collect();
    }
    let collection: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(collection["type"], "FeatureCollection");
    collection["features"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn features_go_back_with_their_grids() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let (mut one, mut two) = (point("甲", 116.305, 35.075), point("乙", 116.4, 35.2));
    one["properties"]["grid"] = json!("an older one");
    one["note"] = json!([1, {"a": null}]);
    let body = json!({"type": "FeatureCollection", "features": [one, two]}).to_string();
    one["properties"]["grid"] = json!(GRID);
    two["properties"]["grid"] = json!(null);
    for (query, accept, kind) in [
        ("", "application/geo+json, */*;q=0.1", "application/geo+json"),
        ("", "application/geo+json-seq", "application/geo+json-seq"),
        ("?format=geojson", "text/csv", "application/geo+json"),
        ("?format=geojsonseq", "*/*", "application/geo+json-seq"),
    ] {
        let request = planner.request(Method::POST, &format!("/api/v1/assign{query}"));
        let request = request.header("content-type", "application/geo+json").header("accept", accept);
        let response = request.body(body.clone()).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], kind);
        assert_eq!(features(&response.text().await.expect("a text")), [one.clone(), two.clone()]);
    }
    let (_, text) = assign(&planner, "?format=geojson&id=name", "text/csv", POINTS).await;
    let at = |x: f64, y: f64| json!({"type": "Point", "coordinates": [x, y]});
    let row =
        |id, at, grid| json!({"type": "Feature", "id": id, "geometry": at, "properties": {"grid": grid}});
    assert_eq!(
        features(&text),
        [row(json!("甲"), at(116.305, 35.075), json!(GRID)), row(json!("乙"), at(116.4, 35.2), json!(null))]
    );
    let (_, text) = assign(&planner, "?format=geojsonseq", "text/csv", POINTS).await;
    assert_eq!(features(&text)[1]["id"], 2);
    let (_, text) = assign(&planner, "?format=geojson", "text/csv", "lon,lat\n").await;
    assert_eq!(features(&text), [] as [Value; 0]);
    // Coordinates of another system come back as WGS84.
    let shifted = point("丙", 116.3113, 35.0749).to_string();
    let (_, text) = assign(&planner, "?format=geojson&crs=gcj02", "application/geo+json", shifted).await;
    let [feature] = &features(&text)[..] else { panic!("one feature") };
    let lon = feature["geometry"]["coordinates"][0].as_f64().expect("a number");
    assert!((lon - 116.3055).abs() < 0.001, "{lon}");
    assert_eq!(feature["properties"], json!({"name": "丙", "grid": GRID}));
    assert_eq!(assign(&planner, "?format=xlsx", "text/csv", POINTS).await.0, 422);
    // Looked at only when it is written.
    let broken = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"note":"\ud800"}"#;
    let broken = format!("{}\n{broken}", point("甲", 116.305, 35.075));
    assert_eq!(assign(&planner, "?format=geojson", "application/geo+json", broken).await.0, 200);
}

/// More than a block: the pieces make one document.
#[tokio::test]
async fn a_long_collection_is_one_document() {
    const COUNT: usize = 20_000;
    let app = TestApp::start().await;
    let line = format!("{}\n", point("甲", 116.305, 35.075));
    let (_, text) =
        assign(&app.sign_in("planner"), "?format=geojson", "application/geo+json-seq", line.repeat(COUNT))
            .await;
    let features = features(&text);
    assert_eq!(features.len(), COUNT);
    assert!(features.iter().all(|feature| feature["properties"]["grid"] == GRID));
}

#[tokio::test]
async fn the_date_decides_and_so_does_the_street() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let body = format!("lon,lat\n{INSIDE}");
    let (_, text) = assign(&member, "?on=1990-01-01", "text/csv", body.clone()).await;
    assert_eq!(text, "row,grid\n1,\n");
    assert_eq!(assign(&member, "", "text/csv", body).await.1, format!("row,grid\n1,{GRID}\n"));
    let (elsewhere, rows) = (app.sign_in("stranger"), "lon,lat\n116.305,35.075\n116.405,35.065\n");
    assert_eq!(assign(&elsewhere, "", "text/csv", rows).await.1, "row,grid\n1,\n2,370828004201001\n");
    assert_eq!(assign(&app.stranger(), "", "text/csv", POINTS).await.0, 401);
}

#[tokio::test]
async fn what_is_no_point_is_named() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let nowhere = r#"{"type":"Feature","geometry":null}"#;
    let at = |numbers: &str| {
        format!(r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":{numbers}}}}}"#)
    };
    let cut = format!(r#"{{"type":"FeatureCollection","features":[{},{{"type":"Fea"#, at("[1,2]"));
    let (nan, half, swapped, second) =
        (at("[NaN,1]"), at("[1]"), at("[35,116]"), format!("{}\n{}", at("[1,2]"), at("[181,2]")));
    let line = r#"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}}"#;
    for (query, kind, body, field, reason) in [
        ("", "text/csv", "lon,lat\n116,35\nx,35\n", "rows[2]", "the longitude \"x\" is not a number"),
        ("", "text/csv", "lon,lat\n116,\n", "rows[1]", "the latitude is empty"),
        ("", "text/csv", "lon,lat\n116,NaN\n", "rows[1]", "not a finite number"),
        ("", "text/csv", "a,b\n1,2\n", "body", "there is none of the columns"),
        ("?id=c", "text/csv", "lon,lat\n1,2\n", "body", "there is no column c"),
        ("", "text/csv", "", "body", "the file is empty"),
        ("", "application/geo+json", "", "body", "the file is empty"),
        ("?lon=a", "text/csv", "lon,lat\n", "lat", "goes with lon"),
        ("?lat=a", "text/csv", "lon,lat\n", "lon", "goes with lat"),
        ("?crs=utm", "text/csv", "lon,lat\n", "crs", "unknown coordinate system"),
        ("", "application/geo+json", "{\"features\":[", "body", "cut short"),
        ("", "text/csv", "lon,lat\n116,35\n116,inf\n", "rows[2]", "not a finite number"),
        ("", "text/csv", "lon,lat\n116,35\n181,35\n", "rows[2]", "longitude 181 is outside"),
        ("", "text/csv", "lon,lat\n35,116\n", "rows[1]", "look swapped"),
        ("", "text/csv", "lon,lat\n116,35\n116", "rows[2]", "1 cells under 2 headings"),
        ("", "text/csv", "lon,lat\n116,\"35\n", "rows[1]", "a quote is never closed"),
        ("", "application/geo+json", &cut, "body", "the file is cut short: it ends after feature 1"),
        ("", "application/geo+json", &nan, "rows[1]", "not valid GeoJSON"),
        ("", "application/geo+json", &half, "rows[1]", "a position has two numbers"),
        ("", "application/geo+json", &swapped, "rows[1]", "look swapped"),
        ("", "application/geo+json", &second, "rows[2]", "longitude 181 is outside"),
        ("", "application/geo+json", nowhere, "rows[1]", "it has no geometry"),
        ("", "application/geo+json", line, "rows[1]", "a Point is expected, not a LineString"),
    ] {
        let path = format!("/api/v1/assign{query}");
        let request = planner.request(Method::POST, &path).header("content-type", kind);
        let answer = planner.send(request.header("accept-language", "en").body(body.to_owned())).await;
        assert_eq!(answer.status, 422, "{body:?}: {}", answer.body);
        let error = &answer.body["errors"][0];
        assert_eq!(error["field"], field, "{error}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(reason)), "{error}");
    }
    for kind in ["application/x-www-form-urlencoded", "application/vnd.apache.parquet"] {
        assert_eq!(assign(&planner, "", kind, POINTS).await.0, 415);
    }
}

/// A body that the test sends piece by piece.
fn pieces() -> (mpsc::Sender<Result<Bytes, std::io::Error>>, reqwest::Body) {
    let (sender, receiver) = mpsc::channel(1);
    (sender, reqwest::Body::wrap_stream(ReceiverStream::new(receiver)))
}

async fn send(sender: &mpsc::Sender<Result<Bytes, std::io::Error>>, text: String) {
    sender.send(Ok(text.into())).await.expect("somebody listens");
}

fn streaming(client: &Client, body: reqwest::Body) -> reqwest::RequestBuilder {
    let request = client.request(Method::POST, "/api/v1/assign").header("content-type", "text/csv");
    request.header("accept-encoding", "identity").header("accept-language", "en").body(body)
}

#[tokio::test]
async fn answers_come_while_points_are_still_sent() {
    let app = TestApp::start().await;
    let (sender, body) = pieces();
    let response = tokio::spawn(streaming(&app.sign_in("planner"), body).send());
    send(&sender, format!("lon,lat\n{}", INSIDE.repeat(200_000))).await;
    // The response has begun, and the body has not ended.
    let mut answers = response.await.expect("no panic").expect("an answer").bytes_stream();
    let mut text = answers.next().await.expect("a piece").expect("whole").to_vec();
    send(&sender, INSIDE.repeat(100_000)).await;
    drop(sender);
    while let Some(piece) = answers.next().await {
        text.extend_from_slice(&piece.expect("whole"));
    }
    let expected = (1..=300_000).fold(String::from("row,grid\n"), |mut all, row| {
        let _ = writeln!(all, "{row},{GRID}");
        all
    });
    assert!(text == expected.as_bytes());
}

#[tokio::test]
async fn a_late_fault_breaks_the_answer_off_and_says_why() {
    let app = TestApp::start().await;
    let (sender, body) = pieces();
    let response = tokio::spawn(streaming(&app.sign_in("planner"), body).send());
    send(&sender, format!("lon,lat\n{}", INSIDE.repeat(200_000))).await;
    let response = response.await.expect("no panic").expect("an answer");
    assert_eq!(response.status(), 200);
    send(&sender, format!("{}oops,1\n", INSIDE.repeat(50_000))).await;
    drop(sender);
    let (mut text, mut whole) = (Vec::new(), true);
    let mut answers = response.bytes_stream();
    while let Some(piece) = answers.next().await {
        match piece {
            Ok(piece) => text.extend_from_slice(&piece),
            Err(_) => whole = false,
        }
    }
    assert!(!whole, "an answer that is not whole must not look like one");
    let text = String::from_utf8(text).expect("text");
    let last = text.lines().last();
    assert_eq!(last, Some("# body: row 250001: the longitude \"oops\" is not a number"));
}

/// The number of rows that make more than a block.
const LONG: usize = 200_000;

/// Long bodies take turns, and no account has more than half of these; short ones need none.
#[tokio::test]
async fn long_bodies_take_turns() {
    let config = Config { assign_at_once: 2, ..Config::default() };
    let app = TestApp::start_with(config).await;
    let (planner, member) = (app.sign_in("planner"), app.sign_in("member1"));
    let text = format!("lon,lat\n{}", INSIDE.repeat(LONG));
    let mut under_way = Vec::new();
    for client in [&planner, &member] {
        let (sender, body) = pieces();
        let response = tokio::spawn(streaming(client, body).send());
        send(&sender, text.clone()).await;
        under_way.push((sender, response.await.expect("no panic").expect("an answer")));
    }
    assert_eq!(assign(&planner, "", "text/csv", POINTS).await.0, 200, "a short one waits for nobody");
    for (client, status, kind) in [(&planner, 429, "too-many-requests"), (&app.sign_in("chief"), 503, "busy")]
    {
        let answer = client.send(streaming(client, text.clone().into())).await;
        assert_eq!((answer.status, &answer.body["type"]), (status, &json!(format!("/problems/{kind}"))));
        assert_eq!(answer.headers["retry-after"], "30");
        let detail = answer.body["detail"].as_str().expect("a detail");
        assert!(detail.contains("long lists of points"), "{detail}");
    }
    for (sender, response) in under_way {
        assert_eq!(response.status(), 200);
        drop(sender);
        let text = response.text().await.expect("whole");
        assert_eq!(text.lines().count(), LONG + 1);
    }
    // The turns are there again as soon as it is known that the answers have arrived.
    let mut status = 429;
    for _ in 0..100 {
        (status, _) = assign(&planner, "", "text/csv", text.clone()).await;
        if status == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(status, 200);
}

/// Most clients read nothing before they have sent everything: more than any buffer between the two holds.
#[tokio::test]
async fn who_sends_everything_first_is_answered_all_the_same() {
    const ROWS: usize = 1_000_000;
    let app = TestApp::start().await;
    let body = format!("lon,lat\n{}", INSIDE.repeat(ROWS));
    let url = app.url();
    let mut line = TcpStream::connect(url.trim_start_matches("http://")).await.expect("connects");
    // Of version 1.0, so that the answer comes as it is and not in chunks.
    let head = format!(
        "POST /api/v1/assign HTTP/1.0\r\nauthorization: Bearer token-of-planner\r\ncontent-type: text/csv\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    line.write_all(head.as_bytes()).await.expect("sends");
    line.write_all(body.as_bytes()).await.expect("sends it all");
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.expect("reads");
    let (head, text) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.0 200 "), "{head}");
    assert_eq!(text.lines().count(), ROWS + 1);
    assert!(text.ends_with(&format!("\n{ROWS},{GRID}\n")), "it is whole");
}
