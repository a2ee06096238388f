//! Nothing, one report, everything at one point, and questions at the ends of what can be asked: a correct answer or a
//! clear problem from every part of the risk view.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Executor;

use crate::support::{Client, TestApp};

/// Where all of them are, and the day they happened on.
const LON: f64 = 116.305;
const LAT: f64 = 35.075;
const PERIOD: &str = "from=2022-03-01&to=2022-06-01";
const BOX: &str = "bbox=116.300,35.070,116.310,35.080&columns=40&rows=40";

/// The reports are so many of one point, and no others.
async fn only(app: &TestApp, count: u32) {
    let sql = format!(
        "TRUNCATE reports CASCADE;
         INSERT INTO reports (id, content_hash, place_code, kind, hazard_kind, severity, words, happened_at, given_x,
                              given_y, geom, enterprise_id)
         SELECT gen_random_uuid(), '\\x00', '370828003218001', 'hazard', 'fire', 2, '一处', '2022-06-01 09:00+08',
                {LON}, {LAT}, ST_SetSRID(ST_MakePoint({LON}, {LAT}), 4326),
                (SELECT id FROM enterprises WHERE place_code = '370828003218001' LIMIT 1)
           FROM generate_series(1, {count})"
    );
    app.database.owner().await.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.unwrap();
    app.ground.events.publish(gridkeeper::platform::events::Change::Missed);
}

/// A file, whose beginning says what it is.
async fn file(client: &Client, path: &str) -> Vec<u8> {
    let response = client.request(Method::GET, path).send().await.unwrap();
    let status = response.status();
    let bytes = response.bytes().await.unwrap().to_vec();
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
    bytes
}

/// The numbers of the pixels of an indexed PNG, two in each byte.
fn pixels(png: Vec<u8>) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut packed = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut packed).unwrap();
    packed
}

/// No number in an answer that JSON could not hold has become a null, but where nothing can be said.
async fn answer(client: &Client, path: &str) -> Value {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

#[tokio::test]
async fn none_one_and_thirty_at_one_point_are_answered_everywhere() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    for count in [0, 1, 30] {
        only(&app, count).await;
        let expected = f64::from(count) * 2.0 * 3.0 / std::f64::consts::PI / 0.15 / 0.15;
        for manner in
            ["", "&auto=cv", "&auto=scott", "&adaptive=true", "&edge=true", "&adaptive=true&edge=true"]
        {
            let value =
                answer(&chief, &format!("/api/v1/density/value?{PERIOD}{manner}&at={LON},{LAT}")).await;
            let found = value["value"].as_f64().unwrap();
            assert!(
                (found - expected).abs() < 1e-6 * (1.0 + expected),
                "{count}{manner}: {found} for {expected}"
            );
            assert_eq!(value["count"], count, "{manner}");
            let legend = answer(&chief, &format!("/api/v1/density/legend?{PERIOD}{manner}")).await;
            assert_eq!((&legend["events"], &legend["bandwidth_m"]), (&json!(count), &json!(150)), "{manner}");
        }
        for manner in [
            "",
            "&adaptive=true",
            "&edge=true",
            "&relative=enterprises&bandwidth_m=400",
            "&relative=households",
            "&against=2021-01-01,2021-12-31",
        ] {
            // The point itself at zoom 22, the village, and the other side of the Earth.
            for (place, is_here) in
                [("22/3452203/1660287", true), ("15/26970/12970", true), ("22/0/0", false)]
            {
                let png = file(&chief, &format!("/tiles/density/{place}?{PERIOD}{manner}")).await;
                let drawn = pixels(png).iter().any(|&pair| pair != 0);
                assert_eq!(drawn, is_here && count > 0, "{count}{manner} at {place}");
            }
            for (format, magic) in
                [("tif", &b"II"[..]), ("png", b"\x89PNG"), ("pgw", b"0.0"), ("geojson", b"{")]
            {
                let query = format!("{PERIOD}{manner}&{BOX}&format={format}");
                let bytes = file(&chief, &format!("/api/v1/density/export?{query}")).await;
                assert!(bytes.starts_with(magic), "{count}{manner} as {format}");
            }
            if !manner.contains("against") {
                let query = format!("{PERIOD}{manner}&{BOX}&format=apng&frames=3");
                let bytes = file(&chief, &format!("/api/v1/density/export?{query}")).await;
                assert!(bytes.starts_with(b"\x89PNG"), "{count}{manner}");
            }
        }
        file(&chief, &format!("/api/v1/density/export?{PERIOD}&{BOX}&format=geojson&network=true")).await;

        for unit in ["hexagon", "metric_hexagon", "grid", "enterprise"] {
            let found = answer(&chief, &format!("/api/v1/hotspots?{PERIOD}&unit={unit}")).await;
            assert_eq!(found["reports"], count, "{unit}");
            assert!(found["summary"]["zh"].is_string());
        }
        let clusters = answer(&chief, &format!("/api/v1/hotspots/clusters?{PERIOD}")).await;
        assert_eq!((&clusters["reports"], &clusters["features"]), (&json!(count), &json!([])));
        let repeats = answer(&chief, &format!("/api/v1/hotspots/near-repeats?{PERIOD}")).await;
        assert_eq!((&repeats["reports"], &repeats["windows"]), (&json!(count), &json!([])));
        let months = answer(&chief, &format!("/api/v1/risk/periods?{PERIOD}&by=month")).await;
        let all: i64 =
            months["items"].as_array().unwrap().iter().map(|month| month["count"].as_i64().unwrap()).sum();
        assert_eq!(all, i64::from(count));
        assert_eq!(answer(&chief, &format!("/api/v1/risk/areas?{PERIOD}")).await["count"], count);
    }
}

#[tokio::test]
async fn an_empty_period_is_an_empty_answer() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let empty = "from=2019-01-01&to=2019-03-31";
    assert_eq!(answer(&chief, &format!("/api/v1/density/legend?{empty}")).await["events"], 0);
    let value = answer(&chief, &format!("/api/v1/density/value?{empty}&at={LON},{LAT}")).await;
    assert_eq!((&value["value"], &value["reports"]), (&json!(0.0), &json!([])));
    for place in ["22/0/0", "15/26970/12970"] {
        assert!(
            pixels(file(&chief, &format!("/tiles/density/{place}?{empty}")).await)
                .iter()
                .all(|&pair| pair == 0)
        );
    }
    for path in ["hotspots", "hotspots/clusters"] {
        assert_eq!(answer(&chief, &format!("/api/v1/{path}?{empty}")).await["features"], json!([]), "{path}");
    }
    let contours = file(&chief, &format!("/api/v1/density/export?{empty}&{BOX}&format=geojson")).await;
    assert_eq!(serde_json::from_slice::<Value>(&contours).unwrap()["features"], json!([]));
}

#[tokio::test]
async fn lengths_and_weights_that_are_none_are_refused_by_name_everywhere() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let export = format!("/api/v1/density/export?{BOX}&format=tif");
    let place = format!("/api/v1/density/value?at={LON},{LAT}");
    for path in ["/tiles/density/22/0/0?", "/api/v1/density/legend?", &place, &export] {
        for field in ["bandwidth_m", "half_life_days", "done_percent"] {
            for number in ["-1", "NaN", "inf", "1e999", "100000", "1.5", "many"] {
                let refused = chief.get(&format!("{path}&{field}={number}")).await;
                let named = &refused.body["errors"][0]["field"];
                assert_eq!((refused.status, named), (422, &json!(field)), "{path}&{field}={number}");
                let words = refused.body["errors"][0].to_string();
                assert!(!words.contains("invalid digit"), "{words}");
            }
        }
        for number in ["0", "100000"] {
            let refused = chief.get(&format!("{path}&bandwidth_m={number}")).await;
            assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (422, &json!("bandwidth_m")));
        }
    }
}

/// Nobody lives within ten metres of an enterprise: it has no neighbours, cannot be tested, and is no fault.
#[tokio::test]
async fn an_island_without_neighbours_is_answered() {
    let app = TestApp::start().await;
    only(&app, 30).await;
    let fire = app.sign_in("fire");
    let alone = answer(&fire, &format!("/api/v1/hotspots?{PERIOD}&unit=enterprise&within_m=10")).await;
    assert_eq!((&alone["features"], &alone["reports"]), (&json!([]), &json!(30)));
    app.database.owner().await.execute("TRUNCATE enterprises CASCADE").await.unwrap();
    app.ground.events.publish(gridkeeper::platform::events::Change::Missed);
    let none = answer(&fire, &format!("/api/v1/hotspots?{PERIOD}&unit=enterprise")).await;
    assert_eq!(none["features"], json!([]));
    let ranked = answer(&fire, "/api/v1/risk/enterprises?kind=fire").await;
    assert_eq!((&ranked["items"], &ranked["total"]), (&json!([]), &json!(0)));
    assert!(answer(&fire, "/api/v1/risk/backtest?kind=fire").await["methods"].is_array());
}
