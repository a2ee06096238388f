//! Plans that nobody waits for any more, and questions that are too large.

use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PLAN, change, count};
use crate::support::TestApp;

/// A village with so many open hazards.
async fn with_hazards(app: &TestApp, count: usize) {
    let sql = format!(
        "INSERT INTO hazards (id, code, place_code, kind, severity, description, found_on, geom)
         SELECT gen_random_uuid(), '370828003218-Z' || n, '370828003218001', 'fire', 1 + n % 4, '杂物', '2022-01-01',
                ST_SetSRID(ST_MakePoint(116.3005 + 0.0004 * (n % 40), 35.0605 + 0.0001 * (n / 40)), 4326)
           FROM generate_series(1, {count}) n"
    );
    change(app, &sql).await;
}

fn round() -> Value {
    json!({"place": "370828003", "hours": 8, "only": {"target_kinds": ["hazard"]}})
}

#[tokio::test]
async fn a_plan_ends_when_its_client_goes_away() {
    let app = TestApp::start().await;
    with_hazards(&app, 500).await;
    let inspector = app.sign_in("fire");
    // As many as there are turns, so that nobody else has one until these have ended: left to themselves they search for
    // twenty seconds.
    let turns = available_parallelism().map_or(1, |processors| processors.get() - 1).max(1);
    let begun = Instant::now();
    let given_up = (0..turns).map(|_| {
        let request = inspector.request(Method::POST, PLAN).json(&round());
        request.timeout(Duration::from_secs(2)).send()
    });
    for answer in futures::future::join_all(given_up).await {
        assert!(answer.expect_err("it takes longer").is_timeout());
    }
    let small = json!({"place": "370828003", "only": {"target_kinds": ["hazard"], "targets": ["40000000-0000-7000-8000-000000000001"]}});
    let answer = inspector.post(PLAN, &small).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert_eq!(count(&app, "SELECT count(*) FROM patrols").await, 1, "of what was given up nothing is kept");
}

#[tokio::test]
async fn of_five_thousand_calls_the_most_pressing_are_weighed_and_all_are_told_of() {
    let app = TestApp::start().await;
    with_hazards(&app, 5_000).await;
    let inspector = app.sign_in("fire");
    let mut named = round();
    named["only"]["targets"] = (0..5_000).map(|_| json!(Uuid::now_v7())).collect();
    let answer = inspector.post(PLAN, &named).await;
    assert_eq!((answer.status, answer.faults()), (422, vec!["only"]), "{}", answer.body);

    // An order of none, which is assessed and not searched for.
    let mut none = round();
    none["orders"] = json!([[]]);
    let answer = inspector.post("/api/v1/patrols/evaluate", &json!({"round": none})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let left_out = answer.body["left_out"].as_array().unwrap();
    let (beyond, weighed): (Vec<&Value>, Vec<&Value>) =
        left_out.iter().partition(|it| it["reason"]["en"].as_str().unwrap().contains("too many"));
    assert!((5_000..5_010).contains(&left_out.len()), "{}", left_out.len());
    assert_eq!(weighed.len(), 2_000);
    let least = weighed.iter().filter_map(|it| it["priority"].as_u64()).min();
    assert!(beyond.iter().all(|it| it["priority"].as_u64() <= least), "the grave ones are weighed");
}
