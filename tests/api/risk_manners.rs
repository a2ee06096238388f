//! Densities in other manners: bandwidths from the reports, confined to the land, compared with what stands there or
//! with another period, and along roads.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Executor;

use crate::support::{Client, TestApp};

/// All reports of the seed happened on this day: counted from here, none has faded.
const AS_OF: &str = "to=2022-06-01";
/// Where five reports of the first grid, its enterprise and its household are.
const PLACE: &str = "at=116.305,35.075";

/// Forty more around two places of the first grid, one of them at its western edge.
const MORE: &str = "
    INSERT INTO reports (id, content_hash, place_code, kind, hazard_kind, severity, words, happened_at, given_x, given_y,
                         geom)
    SELECT gen_random_uuid(), '\\x00', '370828003218001', 'hazard', 'fire', 1, '散布', '2022-05-20 09:00+08', x, y,
           ST_SetSRID(ST_MakePoint(x, y), 4326)
      FROM (SELECT 116.3001 + (n % 2) * 0.006 + (n % 7) * 0.0002 AS x, 35.0720 + (n % 5) * 0.0003 AS y
              FROM generate_series(0, 39) n) s";

async fn value(client: &Client, query: &str) -> Value {
    let answer = client.get(&format!("/api/v1/density/value?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

/// The colours of the pixels of the tile around the first grid's reports, row by row.
async fn tile(client: &Client, query: &str) -> Vec<u8> {
    tile_at(client, "15/26970/12970", query).await
}

/// As [`tile`], of another one.
async fn tile_at(client: &Client, place: &str, query: &str) -> Vec<u8> {
    let path = format!("/tiles/density/{place}?{query}");
    let response = client.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(response.status(), 200, "{query}");
    let bytes = response.bytes().await.unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut packed = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut packed).unwrap();
    packed.iter().flat_map(|pair| [pair >> 4, pair & 15]).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[tokio::test]
async fn a_bandwidth_is_chosen_from_the_reports_and_the_legend_says_which() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let bandwidth = async |query: &str| {
        let legend = chief.get(&format!("/api/v1/density/legend?{AS_OF}&{query}")).await;
        legend.body["bandwidth_m"].as_u64().unwrap()
    };
    // Two places 913 m apart, five reports in each: the variance along the axes is half of 456 m squared.
    let scott = 456.4 / 2.0_f64.sqrt() * 10.0_f64.powf(-1.0 / 6.0);
    assert!((bandwidth("auto=scott&kernel=gaussian").await as f64 - scott).abs() < 2.0);
    assert!((bandwidth("auto=scott&kernel=quartic").await as f64 - 2.779 * scott).abs() < 5.0);
    app.database.owner().await.execute(MORE).await.unwrap();
    app.ground.events.publish(gridkeeper::platform::events::Change::Missed);
    let likely = bandwidth("auto=cv&kernel=gaussian").await;
    assert!((10..400).contains(&likely), "{likely}");
    assert_eq!(bandwidth("auto=cv&kind=gas").await, 150, "without reports it is what it always is");
    assert_eq!(bandwidth("auto=scott&severity=4").await, 150);
}

#[tokio::test]
async fn adaptive_values_are_the_sum_of_their_reports() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(MORE).await.unwrap();
    let chief = app.sign_in("chief");
    for kernel in ["quartic", "gaussian"] {
        for edge in ["", "&edge=true"] {
            let query = format!("{AS_OF}&adaptive=true&kernel={kernel}&bandwidth_m=100{edge}");
            let found = value(&chief, &format!("{query}&{PLACE}")).await;
            let shares = found["reports"].as_array().unwrap();
            let sum: f64 = shares.iter().map(|share| number(&share["per_km2"])).sum();
            assert!(number(&found["value"]) > 1.0 && (number(&found["value"]) - sum).abs() < 1e-9, "{found}");
            let exported = format!(
                "/api/v1/density/export?{query}&format=tif&bbox=116.304999,35.074999,116.305001,35.075001&columns=1&rows=1"
            );
            let response = chief.request(Method::GET, &exported).send().await.unwrap();
            assert_eq!(response.status(), 200);
            assert!(tile(&chief, &query).await.iter().any(|&class| class > 0));
        }
    }
    let fixed = value(&chief, &format!("{AS_OF}&bandwidth_m=100&{PLACE}")).await;
    let adaptive = value(&chief, &format!("{AS_OF}&adaptive=true&bandwidth_m=100&{PLACE}")).await;
    assert!(number(&adaptive["value"]) > number(&fixed["value"]), "where reports are many it is sharper");
}

#[tokio::test]
async fn confined_to_the_land_nothing_is_lost_beyond_it() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(MORE).await.unwrap();
    let chief = app.sign_in("chief");
    let query = format!("{AS_OF}&bandwidth_m=200");
    let at_the_edge = "at=116.30015,35.0726";
    let plain = number(&value(&chief, &format!("{query}&{at_the_edge}")).await["value"]);
    let confined = number(&value(&chief, &format!("{query}&edge=true&{at_the_edge}")).await["value"]);
    assert!(confined > 1.25 * plain && confined < 2.0 * plain, "{confined} for {plain}: a part lay outside");
    let outside = value(&chief, &format!("{query}&edge=true&at=116.2995,35.0726")).await;
    assert_eq!((&outside["value"], &outside["class"]), (&Value::Null, &Value::Null));
    assert!(number(&value(&chief, &format!("{query}&at=116.2995,35.0726")).await["value"]) > 1.0);
    // Far inside nothing changes.
    let inside = number(&value(&chief, &format!("{query}&edge=true&{PLACE}")).await["value"]);
    assert!((inside / number(&value(&chief, &format!("{query}&{PLACE}")).await["value"]) - 1.0).abs() < 1e-9);
    let legend = chief.get(&format!("/api/v1/density/legend?{query}&edge=true")).await;
    assert_eq!(legend.body["edge"], true);
    let beside = "15/26969/12971";
    let plain = tile_at(&chief, beside, &query).await;
    let confined = tile_at(&chief, beside, &format!("{query}&edge=true")).await;
    // 116.30, where the land begins, lies within the tile beside.
    let drawn = |pixels: &[u8], columns: std::ops::Range<usize>| {
        (0..256).any(|row| pixels[row * 256..][columns.clone()].iter().any(|&class| class > 0))
    };
    let land = ((116.30 + 180.0) / 360.0 * 32_768.0 - 26_969.0) * 256.0;
    let land = land as usize;
    assert!(drawn(&plain, 0..land) && !drawn(&confined, 0..land), "nothing west of pixel {land}");
    assert!(drawn(&confined, land + 1..256));
}

#[tokio::test]
async fn relative_to_what_stands_there_it_is_reports_for_each() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let fire = format!("{AS_OF}&kind=fire&bandwidth_m=400");
    for (base, unit) in [("enterprises", "events/enterprise"), ("households", "events/household")] {
        // One household and one fire of severity 2 in one place, and the enterprise as far from here as they are.
        let found = value(&chief, &format!("{fire}&relative={base}&at=116.3055,35.0755")).await;
        assert!((number(&found["value"]) - 2.0).abs() < 0.01, "{found}");
        assert_eq!(found["unit"], unit);
        let nowhere = value(&chief, &format!("{fire}&relative={base}&at=116.3012,35.0712")).await;
        assert_eq!(nowhere["value"], Value::Null, "nothing stands there");
        let legend = chief.get(&format!("/api/v1/density/legend?{fire}&relative={base}")).await;
        assert_eq!((&legend.body["unit"], &legend.body["compared"]), (&json!(unit), &json!(2)));
        assert!(tile(&chief, &format!("{fire}&relative={base}")).await.iter().any(|&class| class > 0));
    }
    let household = value(&chief, &format!("{fire}&relative=households&{PLACE}")).await;
    assert!((number(&household["value"]) - 2.0).abs() < 1e-9, "{household}");
    let drawn = tile(&chief, &format!("{fire}&relative=households")).await;
    assert!(drawn.iter().all(|class| [0, 5, 6].contains(class)), "2 everywhere, or just below by rounding");
    // Who may read no enterprises is shown nothing.
    let mediator = app.sign_in("mediator");
    let found = value(&mediator, &format!("{AS_OF}&relative=enterprises&{PLACE}")).await;
    assert_eq!((&found["value"], number(&found["per_km2"]) > 0.0), (&Value::Null, true));
}

#[tokio::test]
async fn two_periods_are_compared_as_a_difference() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let day = "from=2022-06-01&to=2022-06-01";
    let density = number(&value(&chief, &format!("{day}&{PLACE}")).await["value"]);
    let more = value(&chief, &format!("{day}&against=2022-05-01,2022-05-31&{PLACE}")).await;
    assert!((number(&more["value"]) - density).abs() < 1e-9, "{more}");
    assert_eq!(more["class"], 8, "{density} more is in the class from 300 on");
    let less =
        value(&chief, &format!("from=2022-05-01&to=2022-05-31&against=2022-06-01,2022-06-01&{PLACE}")).await;
    assert!((number(&less["value"]) + density).abs() < 1e-9, "{less}");
    assert_eq!((&less["class"], &less["count"]), (&json!(1), &json!(0)));
    let same = value(&chief, &format!("{day}&against=2022-06-01,2022-06-01&{PLACE}")).await;
    assert_eq!((number(&same["value"]).abs() < 1e-9, &same["class"]), (true, &Value::Null));
    let legend = chief.get(&format!("/api/v1/density/legend?{day}&against=2022-05-01,2022-05-31")).await;
    assert_eq!(legend.body["compared"], 0);
    let (breaks, colors) =
        (legend.body["breaks"].as_array().unwrap(), legend.body["colors"].as_array().unwrap());
    assert_eq!((breaks.len(), colors.len(), &breaks[0]), (10, 10, &json!(-1000.0)));
    assert_eq!(legend.body["labels"]["en"][0], "≤ −1000 events/km²");
    assert!(tile(&chief, &format!("{day}&against=2022-05-01,2022-05-31")).await.contains(&9));
    let drawn = tile(&chief, "from=2022-05-01&to=2022-05-31&against=2022-06-01,2022-06-01").await;
    assert!(drawn.contains(&2) && drawn.iter().all(|&class| class < 6));
}

#[tokio::test]
async fn along_roads_it_is_lines_with_reports_per_kilometre() {
    let app = TestApp::start().await;
    let near_road = "
        INSERT INTO reports (id, content_hash, place_code, kind, severity, words, happened_at, given_x, given_y, geom)
        SELECT gen_random_uuid(), '\\x00', '370828003218001', 'request', 3, '路边', '2022-06-01 09:00+08', 116.3099, 35.0748,
               ST_SetSRID(ST_MakePoint(116.3099, 35.0748), 4326)";
    app.database.owner().await.execute(near_road).await.unwrap();
    let chief = app.sign_in("chief");
    let export = async |query: &str| {
        let path = format!("/api/v1/density/export?{AS_OF}&bbox=116.29,35.05,116.33,35.09&{query}");
        let response = chief.request(Method::GET, &path).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice::<Value>(&response.bytes().await.unwrap()).unwrap())
    };
    let (status, lines) = export("format=geojson&network=true&bandwidth_m=200").await;
    assert_eq!((status, &lines["unit"], &lines["off_road"]), (200, &json!("events/km"), &json!(10)));
    let features = lines["features"].as_array().unwrap();
    // 200 m to both sides, in pieces of 25 m at most; the other reports are some 450 m away.
    assert!((16..=18).contains(&features.len()), "{}", features.len());
    let peak = features.iter().map(|line| number(&line["properties"]["per_km"])).fold(0.0, f64::max);
    assert!((peak - 3.0 * 15.0 / 16.0 / 0.2).abs() < 0.3, "{peak}");
    for line in features {
        assert_eq!(
            (&line["geometry"]["type"], &line["properties"]["name"]),
            (&json!("LineString"), &Value::Null)
        );
        assert!((number(&line["geometry"]["coordinates"][0][0]) - 116.31).abs() < 1e-6);
    }
    for (query, field) in
        [("format=tif&network=true", "network"), ("format=geojson&network=true&edge=true", "network")]
    {
        let (status, problem) = export(query).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{query}");
    }
}

#[tokio::test]
async fn every_manner_but_a_comparison_has_its_animation() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(MORE).await.unwrap();
    let chief = app.sign_in("chief");
    let period = "from=2022-05-16&to=2022-06-03&frames=3&format=apng&bbox=116.296,35.068,116.320,35.080&columns=60&rows=40";
    let get = async |manner: &str| {
        let path = format!("/api/v1/density/export?{period}&{manner}");
        chief.request(Method::GET, &path).send().await.unwrap()
    };
    let mut last = Vec::new();
    for manner in ["bandwidth_m=150", "auto=cv", "adaptive=true", "edge=true", "relative=enterprises"] {
        let response = get(manner).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"image/apng".parse().unwrap())
        );
        let bytes = response.bytes().await.unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        assert_eq!(reader.info().animation_control().unwrap().num_frames, 3, "{manner}");
        let mut packed = vec![0; reader.output_buffer_size().unwrap()];
        let coloured: Vec<usize> = (0..3)
            .map(|_| {
                reader.next_frame(&mut packed).unwrap();
                packed.iter().filter(|&&pair| pair != 0).count()
            })
            .collect();
        // Forty came on the 20th of May, ten more on the first of June, where the enterprises are.
        let is_from_the_first = !manner.starts_with("relative");
        assert!(coloured[2] > 0 && (coloured[0] > 0) == is_from_the_first, "{manner}: {coloured:?}");
        last.push(packed);
    }
    last.sort();
    last.dedup();
    assert_eq!(last.len(), 5, "each manner has a picture of its own");
    let refused = get("against=2022-01-01,2022-01-31").await;
    assert_eq!(refused.status(), 422);
    let problem: Value = serde_json::from_slice(&refused.bytes().await.unwrap()).unwrap();
    assert_eq!(problem["errors"][0]["field"], "against");
}

#[tokio::test]
async fn what_cannot_be_together_is_refused_by_name() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    for (query, field) in [
        ("relative=enterprises&against=2022-01-01,2022-02-01", "against"),
        ("adaptive=true&relative=households", "adaptive"),
        ("adaptive=true&against=2022-01-01,2022-02-01", "adaptive"),
        ("edge=true&relative=households", "edge"),
        ("against=2022-01-01", "against"),
        ("against=2022-02-01,2022-01-01", "against"),
        ("against=soon,later", "against"),
    ] {
        for path in ["/api/v1/density/legend", "/tiles/density/0/0/0"] {
            let answer = command.get(&format!("{path}?{query}")).await;
            assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!(field)), "{query}");
        }
    }
    for query in ["auto=maybe", "relative=trees", "adaptive=perhaps"] {
        assert_eq!(command.get(&format!("/api/v1/density/legend?{query}")).await.status, 422, "{query}");
    }
}

#[tokio::test]
async fn zero_one_and_all_in_one_place_are_drawn_in_every_manner() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    for reports in ["kind=gas", "kind=fire&severity=2", "kind=dispute", "from=2030-01-01&to=2030-02-01"] {
        for manner in [
            "auto=cv",
            "auto=scott",
            "adaptive=true",
            "edge=true",
            "adaptive=true&edge=true&auto=cv",
            "relative=enterprises",
            "relative=households",
            "against=2021-01-01,2021-12-31",
            "edge=true&against=2021-01-01,2021-12-31",
        ] {
            for path in ["15/26970/12970", "22/3452253/1660271", "3/1/1", "0/0/0"] {
                let path = format!("/tiles/density/{path}?{reports}&{manner}");
                let response = command.request(Method::GET, &path).send().await.unwrap();
                assert_eq!(response.status(), 200, "{path}");
                let bytes = response.bytes().await.unwrap();
                assert!(png::Decoder::new(std::io::Cursor::new(bytes)).read_info().is_ok(), "{path}");
            }
            let found = value(&command, &format!("{reports}&{manner}&{PLACE}")).await;
            assert!(found["value"].is_null() || found["value"].as_f64().unwrap().is_finite(), "{found}");
        }
    }
}
