//! Hotspots: what is found, in which units, and by whom.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use serde_json::Value;
use sqlx::Executor;

use crate::support::TestApp;

/// Sixty more fire reports late in the year, strewn over a quarter of grid 370828003218001.
const CLUSTER: &str = "
    INSERT INTO reports (id, content_hash, place_code, kind, hazard_kind, severity, words, happened_at, given_x, given_y,
                         geom, enterprise_id)
    SELECT gen_random_uuid(), '\\x00', '370828003218001', 'hazard', 'fire', 3, '聚集', '2022-11-01 09:00+08',
           x, y, ST_SetSRID(ST_MakePoint(x, y), 4326), '30000000-0000-7000-8000-000000000001'
      FROM (SELECT 116.3015 + (n % 6) * 0.0012 AS x, 35.0735 + (n / 6) * 0.0004 AS y FROM generate_series(0, 59) n) s";
const YEAR: &str = "from=2022-01-01&to=2022-12-31";

fn features(body: &Value) -> &Vec<Value> {
    body["features"].as_array().unwrap()
}

#[tokio::test]
async fn a_cluster_is_a_hotspot_in_hexagons_with_its_trend_and_a_sentence() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(CLUSTER).await.unwrap();
    let chief = app.sign_in("chief");
    let answer = chief.get(&format!("/api/v1/hotspots?{YEAR}&kind=fire&resolution=10")).await;
    assert_eq!(answer.status, 200);
    let body = &answer.body;
    assert_eq!(body["type"], "FeatureCollection");
    assert!(body["units"].as_u64().unwrap() > 30, "{}", body["units"]);
    assert_eq!(body["reports"], 62, "the cluster and one of the seed in each of the village's two grids");
    assert!(body["clustering"]["z"].as_f64().unwrap() > 2.0, "{}", body["clustering"]);

    let hottest = &features(body)[0];
    let ring = hottest["geometry"]["coordinates"][0].as_array().unwrap();
    assert_eq!((&hottest["geometry"]["type"], ring.first()), (&"Polygon".into(), ring.last()));
    let near = |corner: &Value| {
        (corner[0].as_f64().unwrap() - 116.3022).abs() < 0.004
            && (corner[1].as_f64().unwrap() - 35.0772).abs() < 0.004
    };
    assert!(ring.iter().all(near), "{ring:?}");
    let found = &hottest["properties"];
    assert_eq!(found["trend"], "new", "{found}");
    assert!(found["count_around"].as_u64().unwrap() > 15, "{found}");
    assert!(found["z"].as_f64().unwrap() > 2.0 && found["fdr"].as_f64().unwrap() <= 0.05, "{found}");
    assert!(found["expected_around"].as_f64().unwrap() < 10.0);
    for (language, words) in [("zh", "后半期新出现"), ("en", "new in the second half")] {
        assert!(found["sentence"][language].as_str().unwrap().contains(words), "{found}");
    }
    let again = chief.get(&format!("/api/v1/hotspots?{YEAR}&kind=fire&resolution=10")).await;
    assert_eq!(&again.body, body, "the same question has the same answer");
}

#[tokio::test]
async fn grids_and_enterprises_are_units_too() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(CLUSTER).await.unwrap();
    let command = app.sign_in("command");
    for (unit, units) in [("grid", 4), ("enterprise", 4)] {
        let answer = command.get(&format!("/api/v1/hotspots?{YEAR}&unit={unit}")).await;
        assert_eq!(answer.status, 200, "{unit}");
        assert_eq!(answer.body["units"], units, "{unit}");
        // Too few to tell, and it says so.
        assert!(features(&answer.body).is_empty());
        assert!(answer.body["summary"]["zh"].as_str().unwrap().contains("不足以判断"), "{}", answer.body);
    }
}

#[tokio::test]
async fn metric_hexagons_find_it_too_and_enterprises_have_the_neighbours_asked_for() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(CLUSTER).await.unwrap();
    let chief = app.sign_in("chief");
    let answer =
        chief.get(&format!("/api/v1/hotspots?{YEAR}&kind=fire&unit=metric_hexagon&width_m=150")).await;
    assert_eq!((answer.status, &answer.body["reports"]), (200, &62.into()));
    let hottest = &features(&answer.body)[0];
    let ring = hottest["geometry"]["coordinates"][0].as_array().unwrap();
    assert_eq!((ring.len(), ring.first()), (7, ring.last()));
    assert!((ring[0][0].as_f64().unwrap() - 116.3045).abs() < 0.005, "{ring:?}");
    assert!(hottest["id"].as_str().unwrap().starts_with("150:"));

    // Twenty enterprises in a row, 91 m apart; one of them has all the fires, and those around it are hot with it.
    let row = "
        INSERT INTO enterprises (id, code, place_code, name, category, hazard_class, geom)
        SELECT ('31000000-0000-7000-8000-0000000000' || n)::uuid, '91370828MA3TET' || n || 'XX', '370828003218001',
               '一排' || n, 'cold_store', 'general', ST_SetSRID(ST_MakePoint(116.295 + n * 0.001, 35.0745), 4326)
          FROM generate_series(10, 29) n;
        UPDATE reports SET enterprise_id = '31000000-0000-7000-8000-000000000020' WHERE words = '聚集'";
    app.database.owner().await.execute(row).await.unwrap();
    let found = async |query: &str| {
        let answer =
            chief.get(&format!("/api/v1/hotspots?{YEAR}&kind=fire&unit=enterprise&rate=1&{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        features(&answer.body).len()
    };
    // With itself, the two beside it; with 186 m, the four. One of the seed's is 190 m away.
    assert_eq!((found("within_m=100").await, found("within_m=186").await), (3, 5));
    assert!(found("nearest=8").await > 5);
}

#[tokio::test]
async fn each_scope_has_its_own_hotspots() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(CLUSTER).await.unwrap();
    let path = format!("/api/v1/hotspots?{YEAR}&kind=fire&resolution=10");
    for (login, reports) in
        [("chief", 62), ("command", 64), ("fire", 64), ("planner", 0), ("mediator", 0), ("stranger", 1)]
    {
        let answer = app.sign_in(login).get(&path).await;
        assert_eq!((answer.status, answer.body["reports"].as_u64()), (200, Some(reports)), "{login}");
        assert_eq!(features(&answer.body).is_empty(), reports < 2, "{login}");
    }
    assert_eq!(app.stranger().get(&path).await.status, 401);
}

#[tokio::test]
async fn nothing_and_nonsense_are_answered() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    for query in ["from=2030-01-01", "kind=gas", "unit=grid&kind=gas", "unit=enterprise&kind=gas"] {
        let answer = command.get(&format!("/api/v1/hotspots?{query}")).await;
        assert_eq!((answer.status, features(&answer.body).len()), (200, 0), "{query}");
        assert_eq!(answer.body["clustering"], Value::Null);
    }
    for (query, field) in [
        ("unit=street", "unit"),
        ("unit=metric_hexagon&width_m=10", "width_m"),
        ("unit=enterprise&nearest=0", "nearest"),
        ("unit=enterprise&within_m=5", "within_m"),
        ("unit=enterprise&within_m=500&nearest=4", "within_m"),
        ("resolution=5", "resolution"),
        ("resolution=12", "resolution"),
        ("rate=0", "rate"),
        ("rate=NaN", "rate"),
        ("kind=aliens", "kind"),
    ] {
        let answer = command.get(&format!("/api/v1/hotspots?{query}")).await;
        assert_eq!(
            (answer.status, answer.body["errors"][0]["field"].as_str()),
            (422, Some(field)),
            "{query}"
        );
    }
}
