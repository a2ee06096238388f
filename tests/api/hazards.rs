//! Hazards: who sees them, how they are recorded once, changed and cleared.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const IN_GRID_1: &str = "/api/v1/hazards/40000000-0000-7000-8000-000000000001";
const IN_OTHER_VILLAGE: &str = "/api/v1/hazards/40000000-0000-7000-8000-000000000003";

fn new_hazard() -> Value {
    json!({
        "id": "01900000-0000-7000-8000-00000000a001",
        "kind": "electrical",
        "severity": 2,
        "description": "电线裸露",
        "found_on": "2022-09-01",
        "place": {"x": 116.3049, "y": 35.0749, "crs": "wgs84"},
    })
}

#[tokio::test]
async fn everybody_sees_the_hazards_of_their_scope_and_a_mediator_none() {
    let app = TestApp::start().await;
    let all_four = ["370828003218-Y0001", "370828003218-Y0002", "370828003222-Y0003", "370828003222-Y0004"];
    for (login, expected) in [
        ("member1", &all_four[..1]),
        ("chief", &all_four[..2]),
        ("planner", &all_four[..2]),
        ("police", &all_four[..2]),
        ("command", &all_four[..]),
        ("mediator", &[]),
    ] {
        assert_eq!(app.sign_in(login).get("/api/v1/hazards").await.codes(), expected, "{login}");
    }
    assert_eq!(app.sign_in("member1").get(IN_OTHER_VILLAGE).await.status, 404);
    assert_eq!(app.stranger().get("/api/v1/hazards").await.status, 401);
}

#[tokio::test]
async fn lists_are_narrowed_and_paged() {
    let app = TestApp::start().await;
    let fire = app.sign_in("fire");
    let list = async |query: &str| {
        let answer = fire.get(&format!("/api/v1/hazards?{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        answer.codes().len()
    };
    assert_eq!(list("kind=fire&severity=3&status=open").await, 4);
    assert_eq!(list("kind=gas").await, 0);
    assert_eq!(list("status=cleared").await, 0);
    assert_eq!(list("grid=370828003222").await, 2);
    assert_eq!(list("grid=370828003222001").await, 1);
    assert_eq!(list("bbox=116.30,35.07,116.31,35.08").await, 1);
    assert_eq!(list("q=%E5%A0%B5%E5%A1%9E").await, 4);
    assert_eq!(list("q=%25").await, 0);
    assert_eq!(list("q=y0004").await, 1);
    assert_eq!(list("enterprise_id=30000000-0000-7000-8000-000000000002").await, 1);

    let first = fire.get("/api/v1/hazards?limit=3").await;
    assert_eq!(first.codes().len(), 3);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let rest = fire.get(&format!("/api/v1/hazards?limit=3&cursor={cursor}")).await;
    assert_eq!(rest.codes(), ["370828003222-Y0004"]);
    assert_eq!(rest.body["next_cursor"], Value::Null);

    for bad in [
        "bbox=1,2,3",
        "grid=12345",
        "limit=0",
        "limit=501",
        "cursor=%00",
        "kind=flood",
        "severity=x",
        "q=%00",
    ] {
        assert_eq!(fire.get(&format!("/api/v1/hazards?{bad}")).await.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn a_hazard_is_recorded_once_however_often_it_is_sent() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let first = member.post("/api/v1/hazards", &new_hazard()).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["code"], "370828003218-Y0003");
    assert_eq!(first.body["grid_code"], "370828003218001");
    assert_eq!(first.body["status"], "open");
    assert_eq!(first.body["geometry"], json!({"type": "Point", "coordinates": [116.3049, 35.0749]}));
    assert_eq!(first.headers["etag"], "\"1\"");

    let again = member.post("/api/v1/hazards", &new_hazard()).await;
    assert_eq!((again.status, &again.body), (200, &first.body));

    let mut other = new_hazard();
    other["severity"] = json!(4);
    assert_eq!(member.post("/api/v1/hazards", &other).await.status, 409);
    // Somebody who cannot see the first one learns no more than that the id is taken.
    other["place"]["x"] = json!(116.3149);
    assert_eq!(app.sign_in("member2").post("/api/v1/hazards", &other).await.status, 409);

    assert_eq!(app.audited("create", "hazard").await, 1);
}

#[tokio::test]
async fn a_key_stands_in_for_an_id_and_the_write_is_its_senders() {
    let app = TestApp::start().await;
    let (member, chief) = (app.sign_in("member1"), app.sign_in("chief"));
    let mut hazard = new_hazard();
    hazard["id"] = Value::Null;
    let send = async |client: &Client, key: &str, hazard: &Value| {
        let request = client.request(reqwest::Method::POST, "/api/v1/hazards").header("Idempotency-Key", key);
        client.send(request.json(hazard)).await
    };
    let first = send(&member, "a-key", &hazard).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again = send(&member, "a-key", &hazard).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    // Another account's key is another key; its write under the first one's id is a conflict.
    assert_eq!(send(&chief, "a-key", &hazard).await.status, 201);
    hazard["id"] = first.body["id"].clone();
    assert_eq!(send(&chief, "b-key", &hazard).await.status, 409);
    hazard["severity"] = json!(4);
    assert_eq!(send(&member, "a-key", &hazard).await.status, 409);
    assert_eq!(send(&member, &"k".repeat(256), &hazard).await.faults(), ["Idempotency-Key"]);
}

#[tokio::test]
async fn many_at_once_get_codes_of_their_own() {
    let app = TestApp::start().await;
    let members = [app.sign_in("member1"), app.sign_in("member2")];
    let posts = (0..12).map(|n| {
        let mut hazard = new_hazard();
        hazard["id"] = json!(format!("01900000-0000-7000-8000-00000000b0{n:02}"));
        hazard["place"]["x"] = json!(if n % 2 == 0 { 116.3049 } else { 116.3149 });
        let member = &members[n % 2];
        async move { member.post("/api/v1/hazards", &hazard).await }
    });
    let answers = futures::future::join_all(posts).await;
    let mut codes: Vec<_> = answers.iter().map(|answer| answer.body["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 12);
    assert_eq!((codes[0], codes[11]), ("370828003218-Y0003", "370828003218-Y0014"));
}

#[tokio::test]
async fn who_may_record_and_where() {
    let app = TestApp::start().await;
    let post = async |login: &str, x: f64, y: f64| {
        let mut hazard = new_hazard();
        hazard["id"] = Value::Null;
        hazard["place"] = json!({"x": x, "y": y, "crs": "wgs84"});
        app.sign_in(login).post("/api/v1/hazards", &hazard).await.status
    };
    for login in ["member1", "chief", "fire", "command"] {
        assert_eq!(post(login, 116.3049, 35.0749).await, 201, "{login}");
    }
    for login in ["planner", "mediator", "police", "admin", "member2"] {
        assert_eq!(post(login, 116.3049, 35.0749).await, 403, "{login}");
    }
    assert_eq!(post("chief", 116.3149, 35.0649).await, 403);
    assert_eq!(post("chief", 100.0, 30.0).await, 422);
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let wrong = json!({
        "kind": "electrical", "severity": 5, "description": " ", "found_on": "2999-01-01",
        "place": {"x": 35.0749, "y": 116.3049, "crs": "wgs84"},
    });
    let answer = member.post("/api/v1/hazards", &wrong).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.faults(), ["description", "severity", "found_on", "place"]);
    assert!(answer.body["errors"][3]["message"].as_str().unwrap().contains("写反"));

    for (field, value, named) in [
        ("place", json!({"x": 116.3, "y": 35.07, "crs": "utm50"}), "place.crs"),
        ("place", json!({"x": 437_064.0, "y": 35.07, "crs": "wgs84"}), "place.x"),
        ("kind", json!("flood"), "kind"),
        ("enterprise_id", json!("30000000-0000-7000-8000-000000000003"), "enterprise_id"),
        ("description", json!("a\u{0}b"), "description"),
        ("colour", json!("red"), "colour"),
    ] {
        let mut hazard = new_hazard();
        hazard[field] = value;
        let answer = member.post("/api/v1/hazards", &hazard).await;
        assert_eq!((answer.status, answer.faults()), (422, vec![named]));
    }
}

#[tokio::test]
async fn coordinates_of_chinese_maps_are_converted() {
    let app = TestApp::start().await;
    let mut hazard = new_hazard();
    hazard["place"] = json!({"x": 116.3107, "y": 35.0752, "crs": "gcj02"});
    let answer = app.sign_in("chief").post("/api/v1/hazards", &hazard).await;
    // As given it would lie east of the line at 116.31; the shift of GCJ-02 brings it west of it.
    assert_eq!((answer.status, &answer.body["grid_code"]), (201, &json!("370828003218001")));
}

#[tokio::test]
async fn clearing_takes_the_current_version_and_gives_a_date() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let cleared = json!({"status": "cleared", "cleared_on": "2022-02-01"});
    assert_eq!(member.patch(IN_GRID_1, None, &cleared).await.status, 428);
    let answer = member.patch(IN_GRID_1, Some("\"1\""), &cleared).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["cleared_on"], "2022-02-01");
    assert_eq!(answer.headers["etag"], "\"2\"");
    assert_eq!(member.patch(IN_GRID_1, Some("\"1\""), &cleared).await.status, 412);

    let reopened = member.patch(IN_GRID_1, Some("\"2\""), &json!({"status": "open"})).await;
    assert_eq!(reopened.body["cleared_on"], Value::Null);
    let today =
        member.patch(IN_GRID_1, Some("\"3\""), &json!({"status": "cleared", "enterprise_id": null})).await;
    assert_eq!(today.body["cleared_on"], app.ground.clock.today().to_string());
    assert_eq!(today.body["enterprise_id"], Value::Null);

    for (change, named) in [
        (json!({"cleared_on": "2021-12-31"}), "cleared_on"),
        (json!({"cleared_on": "2999-01-01"}), "cleared_on"),
        (json!({"status": "open", "cleared_on": "2022-02-01"}), "cleared_on"),
        (json!({"severity": 0}), "severity"),
    ] {
        let answer = member.patch(IN_GRID_1, Some("\"4\""), &change).await;
        assert_eq!((answer.status, answer.faults()), (422, vec![named]), "{change}");
    }
    assert_eq!(app.sign_in("police").patch(IN_GRID_1, Some("\"4\""), &cleared).await.status, 403);
    assert_eq!(app.sign_in("member2").patch(IN_GRID_1, Some("\"4\""), &cleared).await.status, 404);
}

#[tokio::test]
async fn a_move_follows_the_grids() {
    let app = TestApp::start().await;
    let to_grid_2 = json!({"place": {"x": 116.3149, "y": 35.0749, "crs": "cgcs2000"}});
    assert_eq!(app.sign_in("member1").patch(IN_GRID_1, Some("\"1\""), &to_grid_2).await.status, 403);
    let moved = app.sign_in("chief").patch(IN_GRID_1, Some("\"1\""), &to_grid_2).await;
    assert_eq!((moved.status, &moved.body["grid_code"]), (200, &json!("370828003218002")));
    assert_eq!(app.sign_in("member2").get(IN_GRID_1).await.status, 200);
}
