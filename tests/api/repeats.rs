//! An `Idempotency-Key` on everything that makes something: sent again, the first answer; with other content, 409.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

const HOUSEHOLD: &str = "20000000-0000-7000-8000-000000000001";

async fn send(client: &Client, path: &str, body: &Value) -> Answer {
    client.send(client.request(Method::POST, path).header("Idempotency-Key", "phone-1-7").json(body)).await
}

fn grid(code: &str, west: f64, east: f64) -> Value {
    let ring = json!([[west, 35.07], [east, 35.07], [east, 35.08], [west, 35.08], [west, 35.07]]);
    json!({
        "type": "Feature", "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    })
}

fn plan() -> Value {
    let features = [grid("370828003218001", 116.30, 116.305), grid("370828003218002", 116.305, 116.32)];
    json!({
        "name": "新划分", "village_code": "370828003218", "from": "grids",
        "grids": {"type": "FeatureCollection", "features": features},
    })
}

#[tokio::test]
async fn whatever_is_made_under_a_key_is_made_once() {
    let app = TestApp::start().await;
    let place = json!({"x": 116.3049, "y": 35.0749, "crs": "wgs84"});
    let residents = format!("/api/v1/households/{HOUSEHOLD}/residents");
    let made = [
        (
            "member1",
            "/api/v1/households",
            "household",
            "address",
            json!({
                "address": "测试路6号", "resident_count": 3, "place": place,
            }),
        ),
        (
            "member1",
            &residents,
            "resident",
            "name",
            json!({
                "name": "测试老人", "sex": "female", "relation": "parent", "phone": "19900000077",
            }),
        ),
        (
            "member1",
            "/api/v1/enterprises",
            "enterprise",
            "name",
            json!({
                "code": "91370828MA3TET600K", "name": "测试蒜业", "category": "garlic_processor", "hazard_class": "dust",
                "place": place,
            }),
        ),
        (
            "member1",
            "/api/v1/hazards",
            "hazard",
            "description",
            json!({
                "kind": "electrical", "severity": 2, "description": "电线裸露", "found_on": "2022-09-01", "place": place,
            }),
        ),
        (
            "member1",
            "/api/v1/visits",
            "visit",
            "purpose",
            json!({
                "target_kind": "household", "target_id": HOUSEHOLD, "purpose": "例行走访", "result": "done",
                "visited_at": "2022-09-01T09:30:00+08:00",
            }),
        ),
        (
            "member1",
            "/api/v1/reports",
            "report",
            "words",
            json!({
                "kind": "request", "severity": 1, "words": "路灯不亮", "place": place,
                "happened_at": "2022-09-26T09:00:00+08:00",
            }),
        ),
        ("planner", "/api/v1/plans", "boundary_plan", "name", plan()),
        (
            "admin",
            "/api/v1/accounts",
            "account",
            "display_name",
            json!({
                "login": "member9", "display_name": "新网格员", "role": "grid_member", "scope_code": "370828003218001",
                "password": "correct horse battery",
            }),
        ),
    ];
    for (login, path, subject, field, body) in made {
        let client = app.sign_in(login);
        let first = send(&client, path, &body).await;
        assert_eq!(first.status, 201, "{path}: {}", first.body);
        let again = send(&client, path, &body).await;
        // An answer that is kept is given as it was; a row that is found again was not made just now.
        assert!([200, 201].contains(&again.status), "{path}: {}", again.body);
        assert_eq!(again.body, first.body, "{path}");
        let mut other = body.clone();
        other[field] = json!("别的内容");
        let refused = send(&client, path, &other).await;
        assert_eq!((refused.status, &refused.body["type"]), (409, &json!("/problems/conflict")), "{path}");
        assert_eq!(app.audited("create", subject).await, 1, "{path}");
    }
}

#[tokio::test]
async fn a_token_is_not_made_twice_and_its_secret_not_shown_twice() {
    let app = TestApp::start().await;
    app.set_password("fire", "correct horse battery").await;
    let browser = app.browser();
    let credentials = json!({"login": "fire", "password": "correct horse battery"});
    assert_eq!(browser.post("/api/v1/session", &credentials).await.status, 200);
    let first = send(&browser, "/api/v1/tokens", &json!({"name": "QGIS"})).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again = send(&browser, "/api/v1/tokens", &json!({"name": "QGIS"})).await;
    assert_eq!((again.status, &again.body["type"]), (409, &json!("/problems/conflict")));
    assert!(!again.body.to_string().contains(first.body["secret"].as_str().unwrap()));
    let kept = browser.get("/api/v1/tokens").await.body;
    let made = kept["items"].as_array().unwrap().iter().filter(|token| token["name"] == "QGIS").count();
    assert_eq!(made, 1);
}
