//! Households: who may know what about whom, how people are registered, moved and cared for.

use serde_json::{Value, json};

use crate::support::TestApp;

const IN_GRID_1: &str = "/api/v1/households/20000000-0000-7000-8000-000000000001";
const RESIDENT_1: &str = "/api/v1/residents/21000000-0000-7000-8000-000000000001";
/// The example of GB 11643-1999: nobody's number.
const ID_NUMBER: &str = "11010519491231002X";

fn new_household() -> Value {
    json!({
        "id": "01900000-0000-7000-8000-00000000c001",
        "address": "测试路6号",
        "resident_count": 3,
        "place": {"x": 116.3049, "y": 35.0749, "crs": "wgs84"},
    })
}

fn new_resident() -> Value {
    json!({
        "id": "01900000-0000-7000-8000-00000000d001",
        "name": "测试老人",
        "sex": "female",
        "relation": "parent",
        "phone": "19900000077",
        "id_number": ID_NUMBER,
        "care": {"kind": "empty_nest_elder", "details": "听力不好，敲门要重", "since": "2022-01-01"},
    })
}

#[tokio::test]
async fn what_a_role_may_know_of_a_household() {
    let app = TestApp::start().await;
    for (login, identities, care) in [
        ("member1", true, true),
        ("chief", true, true),
        ("police", true, false),
        ("command", false, false),
        ("admin", false, false),
    ] {
        let before = app.audited("read", "household").await;
        let answer = app.sign_in(login).get(IN_GRID_1).await;
        assert_eq!(answer.status, 200, "{login}");
        let resident = &answer.body["residents"][0];
        assert_eq!(answer.body["identities"], if identities { "full" } else { "masked" }, "{login}");
        assert_eq!(resident.get("phone").is_some(), identities, "{login}");
        assert_eq!(resident.get("id_number").is_some(), identities, "{login}");
        assert_eq!(resident["phone_masked"], "199****0001", "{login}");
        assert_eq!(resident["id_number_masked"], "370828**********2X", "{login}");
        assert_eq!(resident["care"].is_object(), care, "{login}");
        assert_eq!(answer.body["special_care"], if care { json!(true) } else { Value::Null }, "{login}");
        assert_eq!(app.audited("read", "household").await - before, i64::from(identities), "{login}");
    }
    for login in ["planner", "mediator", "fire", "member2", "stranger"] {
        assert_eq!(app.sign_in(login).get(IN_GRID_1).await.status, 404, "{login}");
        assert_eq!(app.sign_in(login).get("/api/v1/households?grid=370828003218001").await.codes().len(), 0);
    }
}

#[tokio::test]
async fn lists_show_no_person_and_find_by_name_only_for_those_who_may() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    for (query, expected) in [
        ("", 2),
        ("special_care=true", 2),
        ("special_care=false", 0),
        ("floating=true", 0),
        ("grid=370828003218002", 1),
        ("bbox=116.30,35.07,116.31,35.08", 1),
        ("q=%E6%B5%8B%E8%AF%95%E8%B7%AF2", 1),
        ("q=%E6%B5%8B%E8%AF%95%E4%BA%BA1", 1),
    ] {
        let answer = chief.get(&format!("/api/v1/households?{query}")).await;
        assert_eq!(answer.codes().len(), expected, "{query}");
    }
    let list = chief.get("/api/v1/households").await;
    assert_eq!(list.body["items"][0].get("residents"), None);
    assert_eq!(list.body["items"][0]["special_care"], true);
    // Who needs care cannot be found out by filtering either.
    let police = app.sign_in("police");
    for query in ["special_care=true", "special_care=false"] {
        assert_eq!(police.get(&format!("/api/v1/households?{query}")).await.codes().len(), 0, "{query}");
    }
    assert_eq!(police.get("/api/v1/households").await.body["items"][0]["special_care"], Value::Null);
}

#[tokio::test]
async fn a_household_is_recorded_once_and_its_people_one_by_one() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let made = member.post("/api/v1/households", &new_household()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["code"], "370828003218-H0003");
    assert_eq!(
        (&made.body["grid_code"], &made.body["special_care"]),
        (&json!("370828003218001"), &json!(false))
    );
    assert_eq!(member.post("/api/v1/households", &new_household()).await.status, 200);

    let residents = "/api/v1/households/01900000-0000-7000-8000-00000000c001/residents";
    let first = member.post(residents, &new_resident()).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["code"], "370828003218-H0003-1");
    assert_eq!(first.body["birth_year"], 1949);
    assert_eq!(
        (&first.body["phone"], &first.body["phone_masked"]),
        (&json!("19900000077"), &json!("199****0077"))
    );
    assert_eq!(first.body["care"]["code"], "370828003218-H0003-1-C1");
    let again = member.post(residents, &new_resident()).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    let mut other = new_resident();
    other["name"] = json!("另一人");
    assert_eq!(member.post(residents, &other).await.status, 409);
    // The same person sent to another household is another write.
    assert_eq!(member.post(&format!("{IN_GRID_1}/residents"), &new_resident()).await.status, 409);

    other["id"] = Value::Null;
    assert_eq!(member.post(residents, &other).await.body["code"], "370828003218-H0003-2");
    let household = member.get("/api/v1/households/01900000-0000-7000-8000-00000000c001").await;
    assert_eq!(household.headers["etag"], "\"3\"");
    assert_eq!(household.body["resident_count"], 3);
    assert_eq!(household.body["residents"].as_array().map(Vec::len), Some(2));
    assert_eq!(household.body["special_care"], true);
    assert_eq!(app.audited("create", "resident").await, 2);
}

#[tokio::test]
async fn the_police_register_people_but_neither_households_nor_care() {
    let app = TestApp::start().await;
    let police = app.sign_in("police");
    assert_eq!(police.post("/api/v1/households", &new_household()).await.status, 403);
    assert_eq!(police.patch(IN_GRID_1, Some("\"1\""), &json!({"floating": true})).await.status, 403);
    let mut resident = new_resident();
    let residents = format!("{IN_GRID_1}/residents");
    assert_eq!(police.post(&residents, &resident).await.status, 403);
    resident["care"] = Value::Null;
    resident["floating"] = json!(true);
    let made = police.post(&residents, &resident).await;
    assert_eq!((made.status, &made.body["id_number"]), (201, &json!(ID_NUMBER)), "{}", made.body);
    let household = police.get(IN_GRID_1).await;
    assert_eq!((&household.body["version"], &household.body["resident_count"]), (&json!(2), &json!(2)));
    assert_eq!(police.patch(RESIDENT_1, Some("\"1\""), &json!({"care": null})).await.status, 403);
    for login in ["command", "admin", "planner", "mediator", "fire"] {
        assert_eq!(app.sign_in(login).post(&residents, &resident).await.status, 403, "{login}");
        assert_eq!(
            app.sign_in(login).patch(RESIDENT_1, Some("\"1\""), &json!({})).await.status,
            403,
            "{login}"
        );
    }
}

#[tokio::test]
async fn a_resident_is_changed_and_care_ends() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let change = json!({
        "phone": null, "id_number": ID_NUMBER, "party_member": true, "birth_year": null,
        "care": {"kind": "severe_disability", "since": "2022-03-01"},
    });
    assert_eq!(member.patch(RESIDENT_1, None, &change).await.status, 428);
    let answer = member.patch(RESIDENT_1, Some("\"1\""), &change).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers["etag"], "\"2\"");
    assert_eq!((answer.body.get("phone"), &answer.body["phone_masked"]), (None, &Value::Null));
    assert_eq!(answer.body["id_number_masked"], "110105**********2X");
    assert_eq!((&answer.body["party_member"], &answer.body["birth_year"]), (&json!(true), &Value::Null));
    assert_eq!(answer.body["care"]["kind"], "severe_disability");
    assert_eq!(member.patch(RESIDENT_1, Some("\"1\""), &change).await.status, 412);

    let ended = member.patch(RESIDENT_1, Some("\"2\""), &json!({"care": null})).await;
    assert_eq!(ended.body["care"], Value::Null);
    let household = member.get(IN_GRID_1).await;
    assert_eq!((&household.body["special_care"], &household.body["version"]), (&json!(false), &json!(3)));
    assert_eq!(app.sign_in("member2").patch(RESIDENT_1, Some("\"3\""), &change).await.status, 404);
}

#[tokio::test]
async fn everybody_moves_with_their_household() {
    let app = TestApp::start().await;
    let away = json!({"place": {"x": 116.3149, "y": 35.0749, "crs": "wgs84"}, "building_code": "370828003218-B0002"});
    assert_eq!(app.sign_in("member1").patch(IN_GRID_1, Some("\"1\""), &away).await.status, 403);
    let moved = app.sign_in("chief").patch(IN_GRID_1, Some("\"1\""), &away).await;
    assert_eq!((moved.status, &moved.body["grid_code"]), (200, &json!("370828003218002")), "{}", moved.body);
    let resident = &app.sign_in("member2").get(IN_GRID_1).await.body["residents"][0];
    assert_eq!((&resident["phone"], resident["care"].is_object()), (&json!("19900000001"), true));
    assert_eq!(app.sign_in("member1").get(IN_GRID_1).await.status, 404);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_never_repeated() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let mut household = new_household();
    household["address"] = json!("   ");
    household["resident_count"] = json!(201);
    household["last_visited_at"] = json!("2999-01-01T00:00:00Z");
    let answer = member.post("/api/v1/households", &household).await;
    assert_eq!((answer.status, answer.faults()), (422, vec!["address", "resident_count", "last_visited_at"]));

    let mut resident = new_resident();
    for (field, value) in [
        ("name", json!("")),
        ("phone", json!("not-a-phone-7")),
        ("id_number", json!("110105194912310021")),
        ("birth_year", json!(1850)),
        ("care", json!({"kind": "empty_nest_elder", "since": "2999-01-01"})),
    ] {
        resident[field] = value;
    }
    let answer = member.post(&format!("{IN_GRID_1}/residents"), &resident).await;
    assert_eq!(answer.faults(), ["name", "phone", "id_number", "birth_year", "care.since"]);
    let text = answer.body.to_string();
    assert!(!text.contains("110105194912310021") && !text.contains("not-a-phone-7"), "{text}");
}
