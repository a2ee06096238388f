//! The density map: what it is made of, who sees what, and the pixels themselves.

#![expect(clippy::unwrap_used, reason = "a tile that cannot be read should stop its test")]

use std::f64::consts::PI;

use gridkeeper::kernel::density::ramp;
use gridkeeper::kernel::geometry::Wgs84;
use gridkeeper::kernel::geometry::measure::distance_m;
use gridkeeper::platform::events::Change;
use reqwest::Method;
use sqlx::Executor;
use uuid::Uuid;

use crate::support::{Client, TestApp};

/// All reports of the seed happened on this day: counted from here, none has faded.
const AS_OF: &str = "to=2022-06-01";
const SIDE: usize = 256;

struct Tile {
    status: u16,
    etag: String,
    /// The class of each pixel, row by row; 0 where nothing is drawn.
    classes: Vec<u8>,
}

async fn tile(client: &Client, path: &str) -> Tile {
    let response = client.request(Method::GET, path).send().await.unwrap();
    let status = response.status().as_u16();
    let etag = response.headers().get("etag").map_or(String::new(), |tag| tag.to_str().unwrap().to_owned());
    let bytes = response.bytes().await.unwrap();
    let mut classes = Vec::new();
    if status == 200 {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut packed = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut packed).unwrap();
        assert_eq!((info.width, info.height, info.bit_depth), (256, 256, png::BitDepth::Four));
        classes = packed.iter().flat_map(|pair| [pair >> 4, pair & 15]).collect();
    }
    Tile { status, etag, classes }
}

/// Where the centre of a pixel lies.
fn centre(z: u32, x: usize, y: usize, pixel: usize) -> Wgs84 {
    let world = (SIDE << z) as f64;
    let across = ((x * SIDE + pixel % SIDE) as f64 + 0.5) / world;
    let down = ((y * SIDE + pixel / SIDE) as f64 + 0.5) / world;
    Wgs84::new(across * 360.0 - 180.0, (PI * (1.0 - 2.0 * down)).sinh().atan().to_degrees()).unwrap()
}

#[tokio::test]
async fn pixels_have_the_class_of_the_density_at_their_centre() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    // Five reports of severity 2 in one place of each of the two grids.
    let places = [(116.305, 35.075), (116.315, 35.075)].map(|(lon, lat)| Wgs84::new(lon, lat).unwrap());
    let bandwidth_m = 300.0;
    let mut coloured = 0;
    // The first place lies just above the edge between the first two tiles.
    for (x, y) in [(53_940, 25_941), (53_940, 25_942), (53_941, 25_941), (53_942, 25_942)] {
        let tile = tile(&chief, &format!("/tiles/density/16/{x}/{y}?{AS_OF}&bandwidth_m=300")).await;
        assert_eq!(tile.status, 200);
        for (pixel, &class) in tile.classes.iter().enumerate() {
            let at = centre(16, x, y, pixel);
            let density: f64 = places
                .iter()
                .map(|&place| distance_m(at, place) / bandwidth_m)
                .filter(|&u| u < 1.0)
                .map(|u| 10.0 * 3.0 / PI * (1.0 - u * u).powi(2) / 0.09)
                .sum();
            let on_a_break = ramp::BREAKS_PER_KM2.iter().any(|bound| (density / bound - 1.0).abs() < 0.002);
            let expected = ramp::class(density).map_or(0, |class| class as u8 + 1);
            assert!(class == expected || on_a_break, "{density} is drawn as {class}, not {expected}");
            coloured += u32::from(class > 0);
        }
    }
    assert!(coloured > 10_000, "only {coloured} pixels have a colour");
}

#[tokio::test]
async fn each_role_sees_the_reports_it_may_read() {
    let app = TestApp::start().await;
    let roles = [
        ("member1", 5),
        ("chief", 10),
        ("planner", 0),
        ("mediator", 2),
        ("police", 8),
        ("fire", 4),
        ("command", 20),
        ("admin", 0),
        ("stranger", 5),
    ];
    for (login, events) in roles {
        let client = app.sign_in(login);
        let legend = client.get(&format!("/api/v1/density/legend?{AS_OF}")).await;
        assert_eq!((legend.status, legend.body["events"].as_i64()), (200, Some(events)), "{login}");
        // The tile around the first grid's reports, which the account of another street may not read.
        let tile = tile(&client, &format!("/tiles/density/15/26970/12970?{AS_OF}")).await;
        let drawn = tile.classes.iter().any(|&class| class > 0);
        assert_eq!(drawn, events > 0 && login != "stranger", "{login}");
    }
    assert_eq!(app.stranger().get("/api/v1/density/legend").await.status, 401);
    assert_eq!(app.stranger().get("/tiles/density/0/0/0").await.status, 401);
}

#[tokio::test]
async fn kinds_and_periods_choose_the_reports() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    for (query, events) in [
        ("kind=fire", 4),
        ("kind=hazard", 4),
        ("kind=fire,dispute", 8),
        ("kind=gas", 0),
        ("from=2022-06-01", 20),
        ("from=2022-06-02", 0),
        ("to=2022-06-01", 20),
        ("to=2022-05-31", 0),
        ("from=2022-06-01T00:00:00Z&to=2022-06-01T00:00:01Z", 20),
        ("to=2022-06-01T00:00:00Z", 0),
        ("severity=2", 20),
        ("severity=1,3", 0),
        ("status=open", 20),
        ("status=closed,resolved", 0),
    ] {
        let legend = command.get(&format!("/api/v1/density/legend?{query}")).await;
        assert_eq!(legend.body["events"], events, "{query}");
    }
}

#[tokio::test]
async fn the_legend_names_its_classes_in_both_languages() {
    let app = TestApp::start().await;
    let legend = app.sign_in("command").get(&format!("/api/v1/density/legend?{AS_OF}")).await;
    insta::assert_json_snapshot!(legend.body);
}

#[tokio::test]
async fn a_tile_is_sent_again_only_when_reports_have_changed() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let path = format!("/tiles/density/15/26970/12970.png?{AS_OF}");
    let first = tile(&chief, &path).await;
    let again = |etag: String| chief.request(Method::GET, &path).header("If-None-Match", etag).send();
    assert_eq!(again(first.etag.clone()).await.unwrap().status(), 304);
    assert_eq!(again(format!("\"x\", W/{}", first.etag)).await.unwrap().status(), 304);
    assert_eq!(again("\"x\"".into()).await.unwrap().status(), 200);

    app.database.owner().await.execute("UPDATE reports SET severity = 4").await.unwrap();
    app.ground.events.publish(Change::Report {
        id: Uuid::now_v7(),
        kind: "hazard".into(),
        severity: 4,
        status: "open".into(),
        place_code: "370828003218001".into(),
        reported_by: None,
        created: false,
    });
    assert_eq!(again(first.etag.clone()).await.unwrap().status(), 200);
    let second = tile(&chief, &path).await;
    assert_ne!(first.etag, second.etag);
    assert!(first.classes != second.classes);
}

#[tokio::test]
async fn reports_fade_with_age() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let highest = async |query: &str| {
        let tile = tile(&chief, &format!("/tiles/density/15/26970/12970?half_life_days=90&{query}")).await;
        tile.classes.into_iter().max().unwrap()
    };
    // Ten at 42 per km², halved after 90 days and again after 180.
    assert_eq!(highest("to=2022-06-01").await, 5);
    assert_eq!(highest("to=2022-08-30").await, 5);
    assert_eq!(highest("to=2022-11-28").await, 4);
    // Counted from today, years later.
    assert_eq!(highest("from=2022-01-01").await, 0);
}

#[tokio::test]
async fn every_tile_of_the_pyramid_exists_and_no_other() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    let last = (1_u64 << 22) - 1;
    for path in ["0/0/0".to_owned(), "1/1/1".into(), format!("22/{last}/{last}"), "22/0/0.png".into()] {
        assert_eq!(tile(&command, &format!("/tiles/density/{path}")).await.status, 200, "{path}");
    }
    for path in
        ["23/0/0", "0/1/0", "0/0/1", "1/2/0", "-1/0/0", "0/0/0.jpg", "0/0/x", "999/0/0", "3/99999999999/0"]
    {
        let answer = command.get(&format!("/tiles/density/{path}")).await;
        assert_eq!(
            (answer.status, answer.body["type"].as_str()),
            (404, Some("/problems/not-found")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn without_reports_the_map_is_empty_and_valid() {
    let app = TestApp::start().await;
    app.database.owner().await.execute("TRUNCATE reports CASCADE").await.unwrap();
    let command = app.sign_in("command");
    let tile = tile(&command, "/tiles/density/15/26970/12970").await;
    assert!(tile.status == 200 && tile.classes == vec![0; SIDE * SIDE]);
    assert_eq!(command.get("/api/v1/density/legend").await.body["events"], 0);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_name() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    for (query, field) in [
        ("kind=aliens", "kind"),
        ("from=soon", "from"),
        ("from=2022-02-02&to=2022-01-01", "to"),
        ("bandwidth_m=5", "bandwidth_m"),
        ("bandwidth_m=-5", "bandwidth_m"),
        ("half_life_days=99999", "half_life_days"),
        ("bandwidth_m=0", "bandwidth_m"),
        ("bandwidth_m=100000", "bandwidth_m"),
        ("kernel=cosine", "kernel"),
        ("severity=high", "severity"),
        ("status=lost", "status"),
        ("done_percent=101", "done_percent"),
    ] {
        for path in ["/api/v1/density/legend", "/tiles/density/0/0/0"] {
            let answer = command.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, 422, "{query}");
            assert_eq!(answer.body["errors"][0]["field"], field);
        }
    }
}

#[tokio::test]
async fn the_value_at_a_place_is_the_sum_of_its_reports() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    for kernel in ["gaussian", "epanechnikov", "quartic", "triweight"] {
        let path = format!(
            "/api/v1/density/value?{AS_OF}&bandwidth_m=300&kernel={kernel}&done_percent=50&at=116.306,35.075"
        );
        let answer = chief.get(&path).await;
        assert_eq!(answer.status, 200);
        let reports = answer.body["reports"].as_array().unwrap();
        // The other five are 820 m away: within reach of the Gaussian only.
        let count = if kernel == "gaussian" { 10 } else { 5 };
        assert_eq!((reports.len(), answer.body["count"].as_u64()), (count, Some(count as u64)), "{kernel}");
        let value = answer.body["value"].as_f64().unwrap();
        let sum: f64 = reports.iter().map(|report| report["per_km2"].as_f64().unwrap()).sum();
        assert!(value > 10.0 && (value - sum).abs() < 1e-9, "{kernel}: {value} is not {sum}");
        let nearest = &reports[0];
        assert!((nearest["distance_m"].as_f64().unwrap() - 91.2).abs() < 0.5, "{nearest}");
        assert!((nearest["weight"].as_f64().unwrap() - 2.0).abs() < 1e-12, "{nearest}");
    }
    let quartic = format!("/api/v1/density/value?{AS_OF}&bandwidth_m=300&at=116.306,35.075");
    let value = chief.get(&quartic).await.body["value"].as_f64().unwrap();
    let u = distance_m(Wgs84::new(116.305, 35.075).unwrap(), Wgs84::new(116.306, 35.075).unwrap()) / 300.0;
    let expected = 10.0 * 3.0 / PI * (1.0 - u * u).powi(2) / 0.09;
    assert!((value / expected - 1.0).abs() < 0.001, "{value} for {expected}");

    // Who may not read a report learns nothing of it.
    let stranger = app.sign_in("stranger").get(&quartic).await;
    assert_eq!(
        (stranger.status, &stranger.body["value"], &stranger.body["count"]),
        (200, &0.0.into(), &0.into())
    );
    assert_eq!(app.stranger().get(&quartic).await.status, 401);
    for at in ["116.3", "35,116", "a,b", "999,0", "116.3,35.0,1", ""] {
        let answer = chief.get(&format!("/api/v1/density/value?at={at}")).await;
        assert_eq!((answer.status, answer.body["errors"][0]["field"].as_str()), (422, Some("at")), "{at}");
    }
}

#[tokio::test]
async fn the_legend_is_a_picture_too() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    for (query, accept) in [("&format=svg", "*/*"), ("", "image/svg+xml")] {
        let request = command
            .request(Method::GET, &format!("/api/v1/density/legend?{AS_OF}{query}"))
            .header("Accept", accept);
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "image/svg+xml");
        let svg = response.text().await.unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        assert_eq!(svg.matches("<rect").count(), 9, "a background and eight classes");
        assert!(svg.contains("10–20 件/平方公里") && svg.contains("每 180 天减半"), "{svg}");
    }
    assert_eq!(command.get("/api/v1/density/legend?format=pdf").await.status, 422);
    let unfading = command.get("/api/v1/density/legend?half_life_days=36500").await;
    assert_eq!(unfading.body["weighting"]["zh"], "按严重程度（1–4）加权，不随时间减弱");
}

const PLACE: &str = "bbox=116.300,35.070,116.320,35.080&columns=80&rows=40";

async fn export(client: &Client, query: &str) -> (u16, String, Vec<u8>) {
    let path = format!("/api/v1/density/export?{query}");
    let response = client.request(Method::GET, &path).send().await.unwrap();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    (response.status().as_u16(), media_type, response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn the_surface_is_exported_in_every_format() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let query = format!("{AS_OF}&bandwidth_m=300&{PLACE}");
    let peak = 10.0 * 3.0 / PI / 0.09;

    let (status, media_type, bytes) = export(&chief, &format!("{query}&format=tif")).await;
    assert_eq!((status, media_type.as_str()), (200, "image/tiff; application=geotiff"));
    let mut tiff = tiff::decoder::Decoder::new(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(tiff.dimensions().unwrap(), (80, 40));
    let tiff::decoder::DecodingResult::F64(values) = tiff.read_image().unwrap() else { panic!("not floats") };
    // The reports lie at the corner of the cells around (20, 20).
    assert!((values[20 * 80 + 20] / peak - 1.0).abs() < 0.02, "{} for {peak}", values[20 * 80 + 20]);
    assert!(values[0] == 0.0);

    let (_, media_type, bytes) = export(&chief, &format!("{query}&format=png")).await;
    assert_eq!(media_type, "image/png");
    let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), (80, 40));
    let (_, _, bytes) = export(&chief, &format!("{query}&format=pgw")).await;
    let lines: Vec<f64> =
        String::from_utf8(bytes).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    let expected = [0.000_25, 0.0, 0.0, -0.000_25, 116.300_125, 35.079_875];
    assert!(lines.iter().zip(expected).all(|(line, expected)| (line - expected).abs() < 1e-9), "{lines:?}");

    let (_, media_type, bytes) = export(&chief, &format!("{query}&format=geojson")).await;
    assert_eq!(media_type, "application/geo+json");
    let contours: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let classes = contours["features"].as_array().unwrap();
    assert_eq!(classes.len(), ramp::class(peak * 0.98).unwrap() + 1);
    for (class, feature) in classes.iter().enumerate() {
        assert_eq!(feature["properties"]["from_per_km2"], ramp::BREAKS_PER_KM2[class]);
        // One around each of the two places.
        assert_eq!(feature["geometry"]["coordinates"].as_array().unwrap().len(), 2, "class {class}");
    }

    let (_, media_type, bytes) =
        export(&chief, &format!("from=2022-05-30&to=2022-06-03&frames=5&{PLACE}&format=apng")).await;
    assert_eq!(media_type, "image/apng");
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    assert_eq!(reader.info().animation_control().unwrap().num_frames, 5);
    let mut frame = vec![0; reader.output_buffer_size().unwrap()];
    let drawn: Vec<bool> = (0..5)
        .map(|_| {
            reader.next_frame(&mut frame).unwrap();
            frame.iter().any(|&pair| pair != 0)
        })
        .collect();
    assert_eq!(drawn, [false, false, true, true, true], "the reports are of the third day");
}

#[tokio::test]
async fn an_export_that_cannot_be_meant_is_refused_by_name() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    for (query, field) in [
        ("format=tif&bbox=116.3,35.1", "bbox"),
        ("format=tif&bbox=116.3,35.1,116.3,35.2", "bbox"),
        ("format=tif&bbox=100,20,130,50", "bbox"),
        ("format=doc&bbox=116.3,35.0,116.4,35.1", "query"),
        ("format=tif&bbox=116.3,35.0,116.4,35.1&columns=0", "columns"),
        ("format=png&bbox=116.3,35.0,116.4,35.1&rows=2049", "rows"),
        ("format=apng&bbox=116.3,35.0,116.4,35.1", "from"),
        ("format=apng&bbox=116.3,35.0,116.4,35.1&from=2022-01-01&to=2022-02-01&frames=61", "frames"),
        ("format=apng&bbox=116.3,35.0,116.4,35.1&from=2022-01-01&to=2022-02-01&columns=2000", "columns"),
    ] {
        let answer = command.get(&format!("/api/v1/density/export?{query}")).await;
        assert_eq!(answer.status, 422, "{query}");
        let named = answer.body["errors"][0]["field"].as_str().unwrap();
        assert!(named == field || field == "query", "{query}: {named}");
    }
    assert_eq!(app.stranger().get(&format!("/api/v1/density/export?format=tif&{PLACE}")).await.status, 401);
}
