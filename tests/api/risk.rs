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
    ] {
        for path in ["/api/v1/density/legend", "/tiles/density/0/0/0"] {
            let answer = command.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, 422, "{query}");
            assert_eq!(answer.body["errors"][0]["field"], field);
        }
    }
}
