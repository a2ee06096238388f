//! Reports: filing, assignment as of when it happened, who may follow what.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;

/// A hazard in the middle of grid 370828003218001 of `seed.sql`, months after the seeded reports.
fn hazard() -> Value {
    json!({
        "id": Uuid::now_v7(), "kind": "hazard", "hazard_kind": "fire", "severity": 3, "words": "消防通道堵塞",
        "place": {"x": 116.305, "y": 35.075, "crs": "wgs84", "accuracy_m": 8},
        "happened_at": "2022-09-26T09:00:00+08:00",
    })
}

fn with(mut report: Value, field: &str, value: Value) -> Value {
    report[field] = value;
    report
}

fn at(report: Value, x: f64, y: f64) -> Value {
    with(report, "place", json!({"x": x, "y": y, "crs": "wgs84", "accuracy_m": 8}))
}

#[tokio::test]
async fn a_report_goes_to_its_grid_and_names_who_will_come() {
    let app = TestApp::start().await;
    let report = hazard();
    let answer = app.sign_in("member1").post("/api/v1/reports", &report).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    insta::assert_json_snapshot!(answer.body, {
        ".report.id" => "[id]", ".report.received_at" => "[now]",
    });
    let listed = app.sign_in("chief").get("/api/v1/reports?limit=1").await;
    assert_eq!(listed.body["items"][0], answer.body["report"]);
}

#[tokio::test]
async fn filing_again_has_no_second_effect() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let report = at(hazard(), 116.29, 35.075);
    let first = client.post("/api/v1/reports", &report).await;
    let second = client.post("/api/v1/reports", &report).await;
    assert_eq!((first.status, second.status), (201, 200));
    assert!((first.body["nearest_grid"]["distance_m"].as_f64().unwrap() - 912.0).abs() < 1.0);
    let near = |answer: &Value| answer["nearest_grid"]["distance_m"].as_f64().unwrap();
    assert!((near(&first.body) - near(&second.body)).abs() < 0.01);
    let same = |mut body: Value| {
        body["nearest_grid"]["distance_m"].take();
        body
    };
    assert_eq!(same(first.body), same(second.body));

    let other = client.post("/api/v1/reports", &with(report.clone(), "severity", json!(4))).await;
    assert_eq!((other.status, other.body["type"].as_str()), (409, Some("/problems/conflict")));
    let by_other = app.sign_in("member2").post("/api/v1/reports", &report).await;
    assert_eq!(by_other.status, 409);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM reports WHERE words = '消防通道堵塞'")
        .fetch_one(&mut app.database.owner().await)
        .await
        .unwrap();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn a_key_stands_in_for_the_id() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let mut report = hazard();
    report.as_object_mut().unwrap().remove("id");
    let file = || {
        let request = client.request(reqwest::Method::POST, "/api/v1/reports");
        client.send(request.header("Idempotency-Key", "phone-1-7").json(&report))
    };
    let (first, second) = (file().await, file().await);
    assert_eq!((first.status, second.status), (201, 200));
    assert_eq!(first.body["report"]["id"], second.body["report"]["id"]);
    let without = client.post("/api/v1/reports", &report).await;
    assert_eq!((without.status, without.body["errors"][0]["field"].as_str()), (422, Some("id")));
}

#[tokio::test]
async fn resolved_on_the_spot_is_written_down_twice() {
    let app = TestApp::start().await;
    let report = with(hazard(), "resolved_on_spot", json!(true));
    let answer = app.sign_in("member1").post("/api/v1/reports", &report).await;
    assert_eq!(answer.body["report"]["status"], "resolved");
    let deeds: Vec<String> =
        sqlx::query_scalar("SELECT action FROM report_events WHERE report_id = $1 ORDER BY at, id")
            .bind(report["id"].as_str().unwrap().parse::<Uuid>().unwrap())
            .fetch_all(&mut app.database.owner().await)
            .await
            .unwrap();
    assert_eq!(deeds, ["filed", "resolved_on_spot"]);
}

#[tokio::test]
async fn places_in_other_systems_are_converted() {
    let app = TestApp::start().await;
    // 116.305, 35.075 in GCJ-02 lies some 500 m to the south-east.
    let shifted = with(hazard(), "place", json!({"x": 116.310_9, "y": 35.075_1, "crs": "gcj02"}));
    let answer = app.sign_in("member1").post("/api/v1/reports", &shifted).await;
    assert_eq!(answer.body["report"]["grid_code"], "370828003218001", "{}", answer.body);
    let as_wgs84 = with(hazard(), "place", json!({"x": 116.310_9, "y": 35.075_1, "crs": "wgs84"}));
    let answer = app.sign_in("member1").post("/api/v1/reports", &as_wgs84).await;
    assert_eq!(answer.body["report"]["grid_code"], "370828003218002");
}

#[tokio::test]
async fn a_place_in_no_grid_is_kept_under_the_narrowest_area() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let before_any_grid = with(hazard(), "happened_at", json!("2019-12-31T23:59:59+08:00"));
    let answer = client.post("/api/v1/reports", &before_any_grid).await;
    assert_eq!(answer.status, 201);
    assert_eq!(
        (&answer.body["grid"], &answer.body["nearest_grid"], &answer.body["report"]["place_code"]),
        (&Value::Null, &Value::Null, &json!("370828003218"))
    );
    let outside = client.post("/api/v1/reports", &at(hazard(), 116.32005, 35.065)).await;
    assert_eq!(outside.body["report"]["place_code"], "370828003");
    assert_eq!(outside.body["nearest_grid"]["code"], "370828003222002");
    assert_eq!(outside.body["near_boundary"], true);
    let in_another_street = client.post("/api/v1/reports", &at(hazard(), 116.405, 35.065)).await;
    assert_eq!(in_another_street.status, 403);
    assert_eq!(in_another_street.body["errors"][0]["field"], "place");
}

#[tokio::test]
async fn the_boundary_is_said_to_be_near_when_the_phone_cannot_tell() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let near = |accuracy: Value| {
        with(hazard(), "place", json!({"x": 116.309_5, "y": 35.075, "crs": "wgs84", "accuracy_m": accuracy}))
    };
    for (accuracy, expected) in [(json!(8), false), (json!(60), true), (Value::Null, false)] {
        let answer = client.post("/api/v1/reports", &near(accuracy.clone())).await;
        assert_eq!(answer.body["near_boundary"], expected, "{accuracy}: {}", answer.body);
        assert!((answer.body["boundary_m"].as_f64().unwrap() - 45.6).abs() < 0.1);
    }
}

#[tokio::test]
async fn likely_duplicates_are_those_the_caller_may_read() {
    let app = TestApp::start().await;
    let first = hazard();
    app.sign_in("member1").post("/api/v1/reports", &first).await;
    let again = || at(with(hazard(), "happened_at", json!("2022-09-25T09:00:00+08:00")), 116.305_3, 35.075);
    let seen_by = async |login: &str, report: Value| {
        let answer = app.sign_in(login).post("/api/v1/reports", &report).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["duplicates"].as_array().unwrap().clone()
    };
    let duplicates = seen_by("chief", again()).await;
    assert_eq!(duplicates.len(), 1);
    assert_eq!((&duplicates[0]["id"], &duplicates[0]["status"]), (&first["id"], &json!("open")));
    assert!((duplicates[0]["distance_m"].as_f64().unwrap() - 27.36).abs() < 0.1);
    // The neighbour may report a fire across the boundary, but not read what is known there.
    assert_eq!(seen_by("member2", again()).await, [] as [Value; 0]);
    let other_kind = with(with(again(), "kind", json!("help")), "hazard_kind", Value::Null);
    assert_eq!(seen_by("chief", other_kind).await, [] as [Value; 0]);
    let far = at(again(), 116.307_2, 35.075);
    assert_eq!(seen_by("chief", far).await, [] as [Value; 0]);
    let later = with(again(), "happened_at", json!("2022-09-30T09:00:00+08:00"));
    assert_eq!(seen_by("chief", later).await, [] as [Value; 0]);
}

#[tokio::test]
async fn an_enterprise_must_be_known_to_the_caller() {
    let app = TestApp::start().await;
    let about = |enterprise: &str| with(hazard(), "enterprise_id", json!(enterprise));
    let (mine, strange) = ("30000000-0000-7000-8000-000000000001", "30000000-0000-7000-8000-000000000005");
    let client = app.sign_in("member1");
    assert_eq!(client.post("/api/v1/reports", &about(mine)).await.status, 201);
    for enterprise in [strange, "30000000-0000-7000-8000-00000000000a"] {
        let answer = client.post("/api/v1/reports", &about(enterprise)).await;
        assert_eq!((answer.status, answer.body["errors"][0]["field"].as_str()), (422, Some("enterprise_id")));
    }
}

#[tokio::test]
async fn those_who_see_no_case_file_none() {
    let app = TestApp::start().await;
    for login in ["planner", "admin"] {
        assert_eq!(app.sign_in(login).post("/api/v1/reports", &hazard()).await.status, 403, "{login}");
    }
    assert_eq!(app.stranger().post("/api/v1/reports", &hazard()).await.status, 401);
}
