//! Enterprises: who sees them and whom to call, how they are recorded once and changed.

use serde_json::{Value, json};

use crate::support::TestApp;

const IN_GRID_1: &str = "/api/v1/enterprises/30000000-0000-7000-8000-000000000001";

/// A code that no enterprise of the seed has, with a check character that fits (GB 32100-2015).
const FREE_CODE: &str = "91370828MA3TET600K";

fn new_enterprise() -> Value {
    json!({
        "id": "01900000-0000-7000-8000-00000000e001",
        "code": FREE_CODE,
        "name": "测试蒜业",
        "category": "garlic_processor",
        "hazard_class": "dust",
        "floor_area_m2": 820.5,
        "staff": 14,
        "opens": "07:30",
        "closes": "18:00",
        "contact_name": "测试联系人",
        "phone": "199 0000 0008",
        "place": {"x": 116.3049, "y": 35.0749, "crs": "wgs84"},
    })
}

fn with_code(code: &str) -> Value {
    let mut enterprise = new_enterprise();
    enterprise["code"] = json!(code);
    enterprise
}

#[tokio::test]
async fn whom_to_call_is_for_those_who_call_and_reading_it_is_written_down() {
    let app = TestApp::start().await;
    for (login, visible) in [
        ("member1", true),
        ("chief", true),
        ("police", true),
        ("fire", true),
        ("planner", false),
        ("command", false),
        ("admin", false),
    ] {
        let before = app.audited("read", "enterprise_contact").await;
        let answer = app.sign_in(login).get(IN_GRID_1).await;
        let expected = if visible { ("full", json!("19900000009"), 1) } else { ("masked", Value::Null, 0) };
        let after = app.audited("read", "enterprise_contact").await;
        assert_eq!(
            (answer.body["contact"].as_str(), &answer.body["phone"], after - before),
            (Some(expected.0), &expected.1, expected.2),
            "{login}"
        );
    }
    for login in ["mediator", "member2", "stranger"] {
        assert_eq!(app.sign_in(login).get(IN_GRID_1).await.status, 404, "{login}");
    }
    let list = app.sign_in("member1").get("/api/v1/enterprises").await;
    assert_eq!(list.codes(), ["91370828MA3TET1007"]);
    assert_eq!(list.body["items"][0].get("phone"), None);
}

#[tokio::test]
async fn lists_are_narrowed() {
    let app = TestApp::start().await;
    let fire = app.sign_in("fire");
    for (query, expected) in [
        ("", 4),
        ("category=cold_store&hazard_class=ammonia_refrigeration&status=active", 4),
        ("category=shop", 0),
        ("hazard_class=dust", 0),
        ("status=closed", 0),
        ("grid=370828003218", 2),
        ("bbox=116.30,35.06,116.31,35.07", 1),
        ("q=ma3tet3", 1),
        ("q=%E6%B5%8B%E8%AF%95%E5%86%B7%E5%BA%932", 1),
    ] {
        assert_eq!(
            fire.get(&format!("/api/v1/enterprises?{query}")).await.codes().len(),
            expected,
            "{query}"
        );
    }
}

#[tokio::test]
async fn an_enterprise_is_recorded_once_with_its_contact() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let first = member.post("/api/v1/enterprises", &new_enterprise()).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["grid_code"], "370828003218001");
    assert_eq!(first.body["opens"], "07:30");
    assert_eq!(first.body["floor_area_m2"], 820.5);
    assert_eq!(first.body["status"], "active");
    assert_eq!(first.body["phone"], "199 0000 0008");
    let again = member.post("/api/v1/enterprises", &new_enterprise()).await;
    assert_eq!((again.status, &again.body), (200, &first.body));

    let mut other = new_enterprise();
    other["staff"] = json!(15);
    assert_eq!(member.post("/api/v1/enterprises", &other).await.status, 409);
    // The same enterprise under another id.
    other["id"] = json!("01900000-0000-7000-8000-00000000e002");
    assert_eq!(member.post("/api/v1/enterprises", &other).await.status, 409);
    assert_eq!(app.audited("create", "enterprise").await, 1);
}

#[tokio::test]
async fn who_may_record_what() {
    let app = TestApp::start().await;
    let mut without_contact = new_enterprise();
    without_contact["contact_name"] = Value::Null;
    without_contact["phone"] = Value::Null;
    for login in ["planner", "mediator", "police", "command", "member2"] {
        assert_eq!(
            app.sign_in(login).post("/api/v1/enterprises", &without_contact).await.status,
            403,
            "{login}"
        );
    }
    let admin = app.sign_in("admin");
    assert_eq!(admin.post("/api/v1/enterprises", &new_enterprise()).await.status, 403);
    let made = admin.post("/api/v1/enterprises", &without_contact).await;
    assert_eq!((made.status, &made.body["contact"]), (201, &json!("masked")), "{}", made.body);
}

#[tokio::test]
async fn every_wrong_field_is_named_in_the_callers_language() {
    let app = TestApp::start().await;
    let mut wrong = with_code("91370828MA3TET6007");
    for (field, value) in [
        ("name", json!("")),
        ("floor_area_m2", json!(-1)),
        ("staff", json!(-1)),
        ("opens", json!("25:00")),
        ("last_inspected_at", json!("2999-01-01T00:00:00+08:00")),
        ("phone", json!("电话")),
    ] {
        wrong[field] = value;
    }
    let member = app.sign_in("member1");
    let answer = member.post("/api/v1/enterprises", &wrong).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.faults(),
        ["code", "name", "floor_area_m2", "staff", "opens", "last_inspected_at", "phone"]
    );
    assert_eq!(answer.body["errors"][0]["message"], "统一社会信用代码的校验位不符，请核对");
    let english = member
        .request(reqwest::Method::POST, "/api/v1/enterprises")
        .header("Accept-Language", "en")
        .json(&with_code("91370828MA3TET600"));
    let answer = member.send(english).await;
    assert_eq!(answer.faults(), ["code"]);
    assert!(
        answer.body["errors"][0]["message"].as_str().unwrap().starts_with("a unified social credit code")
    );
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let change = json!({"staff": null, "opens": "06:00", "phone": "0537-8721234", "status": "seasonal"});
    assert_eq!(chief.patch(IN_GRID_1, None, &change).await.status, 428);
    let answer = chief.patch(IN_GRID_1, Some("\"1\""), &change).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["staff"], Value::Null);
    assert_eq!(answer.body["floor_area_m2"], 1500.0);
    assert_eq!(
        (&answer.body["contact_name"], &answer.body["phone"]),
        (&json!("联系人"), &json!("0537-8721234"))
    );
    assert_eq!(chief.patch(IN_GRID_1, Some("\"1\""), &change).await.status, 412);

    let moved = json!({"place": {"x": 116.3149, "y": 35.0749, "crs": "wgs84"}});
    let answer = chief.patch(IN_GRID_1, Some("\"2\""), &moved).await;
    assert_eq!(answer.body["grid_code"], "370828003218002");
    // The contact moved along: the neighbour may call, the former grid member may not.
    assert_eq!(app.sign_in("member2").get(IN_GRID_1).await.body["phone"], "0537-8721234");
    assert_eq!(app.sign_in("member1").get(IN_GRID_1).await.status, 404);

    assert_eq!(app.sign_in("police").patch(IN_GRID_1, Some("\"3\""), &change).await.status, 403);
    let admin = app.sign_in("admin");
    assert_eq!(admin.patch(IN_GRID_1, Some("\"3\""), &change).await.status, 403);
    assert_eq!(admin.patch(IN_GRID_1, Some("\"3\""), &json!({"staff": 3})).await.status, 200);
}
