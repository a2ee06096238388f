//! Reports per period and per area, emerging clusters and near repeats: what is counted, and for whom.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use serde_json::{Value, json};
use sqlx::Executor;

use crate::support::TestApp;

/// Ten more reports of severity 4 in grid 370828003218001: one in each of the months before August.
const MONTHLY: &str = "
    INSERT INTO reports (id, content_hash, place_code, kind, hazard_kind, severity, words, happened_at, given_x, given_y,
                         geom)
    SELECT gen_random_uuid(), '\\x00', '370828003218001', 'hazard', 'fire', 4, '逐月', ('2022-0' || month || '-15 09:00+08')::timestamptz,
           116.305, 35.075, ST_SetSRID(ST_MakePoint(116.305, 35.075), 4326)
      FROM generate_series(1, 7) month";

/// Background over the year and all of the two grids, and two dozen in the last week within 70 m of each other.
const EMERGING: &str = "
    INSERT INTO reports (id, content_hash, place_code, kind, hazard_kind, severity, words, happened_at, given_x, given_y,
                         geom)
    SELECT gen_random_uuid(), '\\x00', CASE WHEN x < 116.31 THEN '370828003218001' ELSE '370828003218002' END,
           'hazard', 'fire', 2, '聚集', at, x, y, ST_SetSRID(ST_MakePoint(x, y), 4326)
      FROM (SELECT 116.3005 + ((n * 7919) % 190) * 0.0001 AS x, 35.0705 + ((n * 104729) % 90) * 0.0001 AS y,
                   '2022-01-01 09:00+08'::timestamptz + make_interval(days => (n * 6151) % 365) AS at
              FROM generate_series(1, 400) n
             UNION ALL
            SELECT 116.3040 + (n % 4) * 0.0001, 35.0740 + (n / 4) * 0.0001,
                   '2022-12-26 09:00+08'::timestamptz + make_interval(days => n % 6)
              FROM generate_series(0, 23) n) s";

fn counts(items: &Value) -> Vec<i64> {
    items.as_array().unwrap().iter().map(|item| item["count"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn periods_are_counted_with_those_that_are_empty() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(MONTHLY).await.unwrap();
    let chief = app.sign_in("chief");
    let year = "from=2022-01-01&to=2022-12-31";
    let months = chief.get(&format!("/api/v1/risk/periods?{year}&half_life_days=36500")).await;
    assert_eq!((months.status, &months.body["by"]), (200, &json!("month")));
    // Ten of the seed happened on the first of June.
    assert_eq!(counts(&months.body["items"]), [1, 1, 1, 1, 1, 11, 1, 0, 0, 0, 0, 0]);
    assert_eq!((&months.body["count"], &months.body["items"][1]["to"]), (&json!(17), &json!("2022-02-28")));
    let june = months.body["items"][5]["weight"].as_f64().unwrap();
    assert!((june - 24.0).abs() < 0.2, "ten of severity 2 and one of 4, hardly faded: {june}");

    let weeks = chief.get("/api/v1/risk/periods?by=week&kind=fire").await;
    assert_eq!(weeks.body["items"][0]["from"], "2022-01-10");
    assert_eq!(counts(&weeks.body["items"]).len(), 27);
    let one_grid = chief.get(&format!("/api/v1/risk/periods?{year}&within=370828003218002")).await;
    assert_eq!(one_grid.body["count"], 5);
    let fire = app.sign_in("fire").get(&format!("/api/v1/risk/periods?{year}&severity=4")).await;
    assert_eq!(fire.body["count"], 7);
    assert_eq!(app.sign_in("mediator").get(&format!("/api/v1/risk/periods?{year}")).await.body["count"], 2);
    assert_eq!(app.sign_in("chief").get("/api/v1/risk/periods?kind=gas").await.body["items"], json!([]));

    for (query, field) in
        [("by=day&from=2000-01-01&to=2022-01-01", "by"), ("within=37082", "within"), ("kind=aliens", "kind")]
    {
        let answer = chief.get(&format!("/api/v1/risk/periods?{query}")).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!(field)), "{query}");
    }
    assert_eq!(app.stranger().get("/api/v1/risk/periods").await.status, 401);
}

#[tokio::test]
async fn a_place_is_counted_by_its_parts() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(MONTHLY).await.unwrap();
    let query = "from=2022-01-01&to=2022-12-31&kind=hazard&half_life_days=36500";
    let street = app.sign_in("command").get(&format!("/api/v1/risk/areas?{query}")).await;
    assert_eq!((street.status, &street.body["unit"]), (200, &json!("village")));
    let [first, second] = street.body["items"].as_array().unwrap().as_slice() else { panic!("two villages") };
    assert_eq!((&first["code"], &first["name"]), (&json!("370828003218"), &json!("崔口村")));
    assert_eq!(
        (&first["count"], &second["count"], &street.body["elsewhere"]),
        (&json!(9), &json!(2), &json!(0))
    );
    assert_eq!(first["series"], json!([1, 1, 1, 1, 1, 3, 1, 0, 0, 0, 0, 0]));
    assert_eq!((&first["enterprises"], &first["geometry"]["type"]), (&json!(2), &json!("MultiPolygon")));
    let number = |field: &str| first[field].as_f64().unwrap();
    // A village of 0.02 by 0.01 degrees.
    assert!((number("area_km2") - 2.02).abs() < 0.01, "{}", number("area_km2"));
    assert!((number("per_km2") * number("area_km2") - number("weight")).abs() < 1e-9);
    assert!((number("per_enterprise") * 2.0 - number("weight")).abs() < 1e-9);

    let grids = app.sign_in("chief").get(&format!("/api/v1/risk/areas?{query}&geometry=false")).await;
    assert_eq!(grids.body["unit"], "grid");
    assert_eq!(counts(&grids.body["items"]), [8, 1]);
    assert_eq!(grids.body["items"][0]["geometry"], Value::Null);
    let within = app.sign_in("command").get(&format!("/api/v1/risk/areas?{query}&within=370828003222")).await;
    assert_eq!(counts(&within.body["items"]), [1, 1]);
    let own = app.sign_in("member1").get(&format!("/api/v1/risk/areas?{query}")).await;
    assert_eq!(counts(&own.body["items"]), [8]);
    // Beyond the caller's scope there is nothing to see.
    let beyond = app.sign_in("chief").get(&format!("/api/v1/risk/areas?{query}&within=370828004")).await;
    assert_eq!((beyond.status, &beyond.body["items"]), (200, &json!([])));
    let mediator = app.sign_in("mediator").get("/api/v1/risk/areas?from=2022-01-01&to=2022-12-31").await;
    assert_eq!(counts(&mediator.body["items"]), [1, 1]);
    assert_eq!(mediator.body["items"][0]["per_enterprise"], Value::Null, "mediators read no enterprises");
    assert_eq!(app.stranger().get("/api/v1/risk/areas").await.status, 401);
}

#[tokio::test]
async fn an_emerging_cluster_is_found_with_its_sentence() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(EMERGING).await.unwrap();
    let chief = app.sign_in("chief");
    let path = "/api/v1/hotspots/clusters?kind=fire&to=2022-12-31&radius_m=300";
    let answer = chief.get(path).await;
    assert_eq!((answer.status, &answer.body["type"]), (200, &json!("FeatureCollection")));
    let strongest = &answer.body["features"][0];
    let facts = &strongest["properties"];
    assert!(facts["p"].as_f64().unwrap() <= 0.01, "{facts}");
    assert!(facts["count"].as_u64().unwrap() >= 24 && facts["ratio"].as_f64().unwrap() > 4.0, "{facts}");
    let center = facts["center"].as_array().unwrap();
    assert!((center[0].as_f64().unwrap() - 116.3042).abs() < 0.002, "{facts}");
    assert!((center[1].as_f64().unwrap() - 35.0741).abs() < 0.002, "{facts}");
    assert_eq!(
        (&facts["to"], facts["reports"].as_array().unwrap().len() as u64),
        (&json!("2022-12-31"), facts["count"].as_u64().unwrap())
    );
    let ring = strongest["geometry"]["coordinates"][0].as_array().unwrap();
    assert_eq!((ring.len(), ring.first()), (49, ring.last()));
    for (language, words) in [("zh", "最近"), ("en", "times the")] {
        assert!(facts["sentence"][language].as_str().unwrap().contains(words), "{facts}");
    }
    assert_eq!(chief.get(path).await.body, answer.body, "the same question has the same answer");
    // Half a year before, nothing had emerged.
    let before = chief.get("/api/v1/hotspots/clusters?kind=fire&to=2022-06-30&radius_m=300").await;
    assert_eq!(before.body["features"], json!([]));
    assert!(before.body["summary"]["zh"].as_str().unwrap().contains("未发现"));
    assert_eq!(app.sign_in("mediator").get(path).await.body["reports"], 0);
}

#[tokio::test]
async fn near_repeats_are_counted_and_open_windows() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(EMERGING).await.unwrap();
    let chief = app.sign_in("chief");
    let answer = chief.get("/api/v1/hotspots/near-repeats?kind=fire&to=2022-12-31").await;
    assert_eq!(answer.status, 200);
    let body = &answer.body;
    assert_eq!(
        (body["distances"].as_array().unwrap().len(), body["times"].as_array().unwrap().len()),
        (5, 4)
    );
    // 276 pairs of the two dozen lie within 100 m and a week of each other.
    let near = &body["table"][1][0];
    assert!(near["observed"].as_u64().unwrap() >= 250, "{near}");
    assert!(near["raised"].as_bool().unwrap() && near["p"].as_f64().unwrap() <= 0.01, "{near}");
    let ratio = near["observed"].as_f64().unwrap() / near["expected"].as_f64().unwrap();
    assert!((near["ratio"].as_f64().unwrap() - ratio).abs() < 1e-12);
    let windows = body["windows"].as_array().unwrap();
    assert!(windows.len() >= 24, "{}", windows.len());
    assert!(windows[0]["until"].as_str().unwrap() > "2022-12-31", "{}", windows[0]);
    assert!(
        body["summary"]["en"].as_str().unwrap().contains("as likely as by chance"),
        "{}",
        body["summary"]
    );

    let quiet = chief.get("/api/v1/hotspots/near-repeats?kind=gas").await;
    assert_eq!((quiet.status, &quiet.body["pairs"], &quiet.body["windows"]), (200, &json!(0), &json!([])));
    assert!(quiet.body["summary"]["zh"].as_str().unwrap().contains("不足两件"));
}

#[tokio::test]
async fn what_does_not_fit_a_scan_is_refused_by_name() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    for (path, field) in [
        ("clusters?radius_m=0", "radius_m"),
        ("clusters?radius_m=100000", "radius_m"),
        ("clusters?days=0", "days"),
        ("clusters?level=0", "level"),
        ("clusters?level=NaN", "level"),
        ("near-repeats?distance_m=9", "distance_m"),
        ("near-repeats?distances=11", "distances"),
        ("near-repeats?days=0", "days"),
        ("near-repeats?times=0", "times"),
    ] {
        let answer = command.get(&format!("/api/v1/hotspots/{path}")).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!(field)), "{path}");
    }
    for path in ["clusters", "near-repeats"] {
        // One report in each place is nothing to go by, and no fault.
        let answer = command.get(&format!("/api/v1/hotspots/{path}?kind=fire&to=2022-06-01")).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(app.stranger().get(&format!("/api/v1/hotspots/{path}")).await.status, 401);
    }
}
