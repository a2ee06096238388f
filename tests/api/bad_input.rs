//! What no caller should send and some will: each answered by a problem that names the field, in the caller's
//! language, and never by a fault of ours.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Client, TestApp};

fn report() -> Value {
    json!({
        "id": Uuid::now_v7(), "kind": "hazard", "hazard_kind": "fire", "severity": 3, "words": "消防通道堵塞",
        "place": {"x": 116.305, "y": 35.075, "crs": "wgs84"}, "happened_at": "2022-09-26T09:00:00+08:00",
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut report = report();
    if let Some(slot) = report.pointer_mut(path) {
        *slot = value;
    } else {
        report[path.trim_start_matches('/')] = value;
    }
    report
}

async fn raw(client: &Client, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = client.request(Method::POST, "/api/v1/reports").header("Content-Type", kind).body(body);
    client.send(request).await
}

#[tokio::test]
async fn a_report_that_cannot_be_is_refused_by_the_field_at_fault() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    for (body, field) in [
        (with("/place", json!({"x": 35.075, "y": 116.305, "crs": "wgs84"})), "place"),
        (with("/place", json!({"x": 181, "y": 0, "crs": "wgs84"})), "place"),
        (with("/place", json!({"x": 1e300, "y": 1e300, "crs": "wgs84"})), "place"),
        (with("/place", json!({"x": 2.35, "y": 48.85, "crs": "wgs84"})), "place"),
        (with("/place", json!({"x": "NaN", "y": 35.0, "crs": "wgs84"})), "place.x"),
        (with("/place/crs", json!("mars2000")), "place.crs"),
        (with("/place", json!(null)), "place"),
        (with("/happened_at", json!("2999-01-01T00:00:00Z")), "happened_at"),
        (with("/happened_at", json!("yesterday")), "happened_at"),
        (with("/severity", json!(5)), "severity"),
        (with("/severity", json!(99_999_999_999_i64)), "severity"),
        (with("/kind", json!("gossip")), "kind"),
        (with("/words", json!("")), "words"),
        (with("/words", json!("字".repeat(10_000))), "words"),
        (with("/words", json!("a\u{0}b")), "words"),
        (with("/id", json!("not-a-uuid")), "id"),
        (with("/mood", json!("good")), "mood"),
    ] {
        let answer = client.post("/api/v1/reports", &body).await;
        assert_eq!(answer.status, 422, "{field}: {}", answer.body);
        let named = answer.body["errors"][0]["field"].as_str().unwrap_or_default();
        assert!(named == field || named.starts_with(&format!("{field}.")), "{named} for {field}");
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let message = answer.body["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(chinese(message), "{field}: {message}");

        let request =
            client.request(Method::POST, "/api/v1/reports").header("Accept-Language", "en").json(&body);
        let english = client.send(request).await;
        let message = english.body["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty() && !chinese(message), "{field}: {message}");
    }
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM reports WHERE words <> '测试上报'")
        .fetch_one(&mut app.database.owner().await)
        .await
        .expect("counts");
    assert_eq!(stored, 0);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_where_it_breaks() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let deep = "[".repeat(100_000);
    let json_kind = "application/json";
    for (kind, body, status, slug) in [
        (json_kind, Vec::new(), 400, "malformed-request"),
        (json_kind, b"{\"id\": NaN}".to_vec(), 400, "malformed-request"),
        (json_kind, b"{\"id\":".to_vec(), 400, "malformed-request"),
        (json_kind, b"\xff\xfe".to_vec(), 400, "malformed-request"),
        (json_kind, deep.into_bytes(), 422, "invalid-fields"),
        (json_kind, b"[]".to_vec(), 422, "invalid-fields"),
        (json_kind, b"null".to_vec(), 422, "invalid-fields"),
        ("text/plain", report().to_string().into_bytes(), 415, "unsupported-media-type"),
        ("application/x-www-form-urlencoded", b"kind=hazard".to_vec(), 415, "unsupported-media-type"),
    ] {
        let shown = String::from_utf8_lossy(&body).chars().take(40).collect::<String>();
        let answer = raw(&client, kind, body).await;
        let told = answer.body["type"].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            (answer.status, told),
            (status, format!("/problems/{slug}")),
            "{kind} {shown}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn the_same_id_with_other_content_is_a_conflict() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let first = report();
    assert_eq!(client.post("/api/v1/reports", &first).await.status, 201);
    assert!(matches!(client.post("/api/v1/reports", &first).await.status, 200 | 201));
    let mut other = first;
    other["severity"] = json!(1);
    let answer = client.post("/api/v1/reports", &other).await;
    assert_eq!((answer.status, &answer.body["type"]), (409, &json!("/problems/conflict")));
}

#[tokio::test]
async fn odd_addresses_and_queries_are_refused_by_name() {
    let app = TestApp::start().await;
    let client = app.sign_in("command");
    for (path, status, field) in [
        ("/api/v1/reports?bbox=1,2,3", 422, "bbox"),
        ("/api/v1/reports?bbox=NaN,35,117,36", 422, "bbox"),
        ("/api/v1/reports?bbox=117,36,116,35", 422, "bbox"),
        ("/api/v1/reports?bbox=35,116,36,117", 422, "bbox"),
        ("/api/v1/reports?limit=0", 422, "limit"),
        ("/api/v1/reports?limit=many", 422, "limit"),
        ("/api/v1/reports?cursor=zzz", 422, "cursor"),
        ("/api/v1/reports?from=yesterday", 422, "from"),
        ("/api/v1/reports?kind=gossip", 422, "kind"),
        ("/api/v1/households?grid=37082800321800x", 422, "grid"),
        ("/api/v1/hazards?severity=high", 422, "severity"),
        ("/api/v1/accounts?within=1", 403, ""),
        ("/api/v1/areas?within=1", 422, "within"),
        ("/api/v1/reports/not-a-uuid", 404, ""),
        ("/api/v1/areas/%00", 404, ""),
        ("/api/v1/areas/%ff%fe", 404, ""),
        ("/api/v1/areas/3708280032181234567", 404, ""),
        ("/api/v1/households/00000000-0000-0000-0000-000000000000", 404, ""),
    ] {
        let answer = client.get(path).await;
        let named = answer.body["errors"][0]["field"].as_str().unwrap_or_default();
        assert_eq!((answer.status, named), (status, field), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn text_that_looks_like_a_statement_is_only_text() {
    let app = TestApp::start().await;
    let client = app.sign_in("chief");
    for text in ["'; DROP TABLE reports; --", "%25' OR '1'='1", "\\", "_%25_", "{}"] {
        for list in ["reports", "households", "enterprises", "hazards"] {
            let answer = client.get(&format!("/api/v1/{list}?q={text}")).await;
            assert_eq!(
                (answer.status, answer.body["items"].as_array().map(Vec::len)),
                (200, Some(0)),
                "{list} {text}"
            );
        }
    }
}
