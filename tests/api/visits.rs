//! Visits: who may record which, that once is once, and what they settle.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::support::{TestApp, TestDatabase};

const HOUSEHOLD: &str = "20000000-0000-7000-8000-000000000001";
const ENTERPRISE: &str = "30000000-0000-7000-8000-000000000001";
const HAZARD: &str = "40000000-0000-7000-8000-000000000001";

fn visit(kind: &str, target: &str) -> Value {
    json!({
        "id": Uuid::now_v7(),
        "target_kind": kind,
        "target_id": target,
        "purpose": "例行走访",
        "result": "done",
        "visited_at": "2022-09-01T09:30:00+08:00",
    })
}

/// What `select` finds, past row-level security.
#[expect(clippy::unwrap_used, reason = "a query that fails should stop its test")]
async fn stored<T>(database: &TestDatabase, select: &'static str) -> T
where
    T: for<'a> sqlx::Decode<'a, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    sqlx::query(select).fetch_one(&mut database.owner().await).await.unwrap().get(0)
}

async fn care_in_grid_1(app: &TestApp) -> String {
    let id: Uuid =
        stored(&app.database, "SELECT id FROM special_care WHERE place_code = '370828003218001'").await;
    id.to_string()
}

#[tokio::test]
async fn a_call_at_a_door_counts_for_everybody_behind_it() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let at: DateTime<Utc> = "2022-09-01T01:30:00Z".parse().unwrap();
    let care = "SELECT last_visited_at FROM special_care WHERE place_code = '370828003218001'";
    let household = "SELECT last_visited_at FROM households WHERE place_code = '370828003218001'";

    let answer = member.post("/api/v1/visits", &visit("special_care", &care_in_grid_1(&app).await)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["place_code"], "370828003218001");
    assert_eq!(stored::<Option<DateTime<Utc>>>(&app.database, care).await, Some(at));
    assert_eq!(stored::<Option<DateTime<Utc>>>(&app.database, household).await, Some(at));

    // And is found with the household.
    let at_the_door =
        member.get(&format!("/api/v1/visits?target_kind=household&target_id={HOUSEHOLD}")).await;
    assert_eq!(at_the_door.body["items"][0]["target_kind"], "special_care");
    let elsewhere = "/api/v1/visits?target_kind=household&target_id=20000000-0000-7000-8000-000000000002";
    assert_eq!(app.sign_in("chief").get(elsewhere).await.body["items"], json!([]));

    let mut later = visit("household", HOUSEHOLD);
    later["visited_at"] = json!("2022-09-08T09:30:00+08:00");
    later["result"] = json!("hazard_found");
    assert_eq!(member.post("/api/v1/visits", &later).await.status, 201);
    let week_later = at + TimeDelta::days(7);
    assert_eq!(stored::<Option<DateTime<Utc>>>(&app.database, care).await, Some(week_later));
    assert_eq!(stored::<Option<DateTime<Utc>>>(&app.database, household).await, Some(week_later));
    let version = "SELECT version FROM households WHERE place_code = '370828003218001'";
    assert_eq!(stored::<i32>(&app.database, version).await, 3);

    // The neighbours were not called at.
    let others = "SELECT count(*) FROM households WHERE last_visited_at IS NOT NULL";
    assert_eq!(stored::<i64>(&app.database, others).await, 1);
}

#[tokio::test]
async fn a_closed_door_settles_nothing_and_an_old_visit_turns_nothing_back() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let inspected = "SELECT last_inspected_at FROM enterprises WHERE place_code = '370828003218001'";
    for result in ["nobody_home", "refused"] {
        let mut closed = visit("enterprise", ENTERPRISE);
        closed["result"] = json!(result);
        assert_eq!(member.post("/api/v1/visits", &closed).await.status, 201);
        assert_eq!(stored::<Option<DateTime<Utc>>>(&app.database, inspected).await, None);
    }
    assert_eq!(member.post("/api/v1/visits", &visit("enterprise", ENTERPRISE)).await.status, 201);
    let mut older = visit("enterprise", ENTERPRISE);
    older["visited_at"] = json!("2022-08-01T09:30:00+08:00");
    assert_eq!(member.post("/api/v1/visits", &older).await.status, 201);
    let at: DateTime<Utc> = "2022-09-01T01:30:00Z".parse().unwrap();
    assert_eq!(stored::<Option<DateTime<Utc>>>(&app.database, inspected).await, Some(at));
}

#[tokio::test]
async fn a_visit_sent_twice_is_recorded_once() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let mut new = visit("hazard", HAZARD);
    new["note"] = json!("已督促整改");
    new["place"] = json!({"x": 116.306, "y": 35.076, "crs": "wgs84"});
    let first = member.post("/api/v1/visits", &new).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["geometry"], json!({"type": "Point", "coordinates": [116.306, 35.076]}));
    let again = member.post("/api/v1/visits", &new).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    new["note"] = json!("已整改");
    let other = member.post("/api/v1/visits", &new).await;
    assert_eq!((other.status, other.body["type"].as_str()), (409, Some("/problems/conflict")));
    // Somebody who may not see it learns only that the id is taken.
    let mut elsewhere = visit("hazard", "40000000-0000-7000-8000-000000000002");
    elsewhere["id"] = new["id"].clone();
    assert_eq!(app.sign_in("member2").post("/api/v1/visits", &elsewhere).await.status, 409);

    assert_eq!(stored::<i64>(&app.database, "SELECT count(*) FROM visits").await, 1);
    let audited = "SELECT count(*) FROM audit_log WHERE subject = 'visit' AND action = 'create'";
    assert_eq!(stored::<i64>(&app.database, audited).await, 1);
}

#[tokio::test]
async fn each_role_calls_where_it_has_business() {
    let app = TestApp::start().await;
    let care = care_in_grid_1(&app).await;
    let targets = [
        ("household", HOUSEHOLD),
        ("special_care", care.as_str()),
        ("enterprise", ENTERPRISE),
        ("hazard", HAZARD),
    ];
    for (login, expected) in [
        ("member1", [201, 201, 201, 201]),
        ("chief", [201, 201, 201, 201]),
        ("fire", [403, 403, 201, 201]),
        ("police", [403, 403, 201, 201]),
        ("planner", [403, 403, 403, 403]),
        ("mediator", [403, 403, 403, 403]),
        ("command", [403, 403, 403, 403]),
        ("admin", [403, 403, 403, 403]),
        // In another grid: not there.
        ("member2", [422, 422, 422, 422]),
    ] {
        let client = app.sign_in(login);
        for ((kind, target), status) in targets.iter().zip(expected) {
            let answer = client.post("/api/v1/visits", &visit(kind, target)).await;
            assert_eq!(answer.status, status, "{login} {kind}: {}", answer.body);
        }
    }
    let anonymous = app.stranger().post("/api/v1/visits", &visit("hazard", HAZARD)).await;
    assert_eq!(anonymous.status, 401);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_name() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let tomorrow = Utc::now() + TimeDelta::days(1);
    for (field, value, named) in [
        ("visited_at", json!(tomorrow), "visited_at"),
        ("purpose", json!("  "), "purpose"),
        ("note", json!("长".repeat(4001)), "note"),
        ("target_id", json!(Uuid::now_v7()), "target_id"),
        ("target_kind", json!("shop"), "target_kind"),
        ("result", json!("maybe"), "result"),
        ("place", json!({"x": 35.07, "y": 116.3, "crs": "wgs84"}), "place"),
        ("place", json!({"x": 116.3, "y": 35.07, "crs": "mars"}), "place.crs"),
        ("mood", json!("good"), "mood"),
    ] {
        let mut new = visit("hazard", HAZARD);
        new[field] = value;
        let answer = member.post("/api/v1/visits", &new).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.body["errors"][0]["field"], named);
    }
    // The right target under the wrong kind is not there.
    assert_eq!(member.post("/api/v1/visits", &visit("household", HAZARD)).await.status, 422);
}

#[tokio::test]
async fn visits_are_listed_the_latest_first_within_the_scope() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    for (day, (kind, target)) in
        (1..).zip([("household", HOUSEHOLD), ("enterprise", ENTERPRISE), ("hazard", HAZARD)])
    {
        let mut new = visit(kind, target);
        new["visited_at"] = json!(format!("2022-09-0{day}T09:30:00+08:00"));
        assert_eq!(member.post("/api/v1/visits", &new).await.status, 201);
    }
    let kinds = async |login: &str, query: &str| -> Vec<String> {
        let answer = app.sign_in(login).get(&format!("/api/v1/visits?{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        let items = answer.body["items"].as_array().unwrap().iter();
        items.map(|item| item["target_kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds("chief", "").await, ["hazard", "enterprise", "household"]);
    assert_eq!(kinds("fire", "").await, ["hazard", "enterprise"]);
    assert_eq!(kinds("member2", "").await, [""; 0]);
    assert_eq!(kinds("mediator", "").await, [""; 0]);
    assert_eq!(kinds("chief", "target_kind=hazard").await, ["hazard"]);
    assert_eq!(kinds("chief", &format!("target_id={ENTERPRISE}")).await, ["enterprise"]);
    assert_eq!(kinds("chief", "grid=370828003218002").await, [""; 0]);
    let period = "from=2022-09-02T00:00:00%2B08:00&to=2022-09-03T00:00:00%2B08:00";
    assert_eq!(kinds("chief", period).await, ["enterprise"]);

    let first = member.get("/api/v1/visits?limit=2").await;
    let cursor = first.body["next_cursor"].as_str().unwrap();
    assert_eq!(kinds("member1", &format!("limit=2&cursor={cursor}")).await, ["household"]);
    assert_eq!(app.stranger().get("/api/v1/visits").await.status, 401);
}

#[tokio::test]
async fn a_hazard_found_on_a_visit_is_a_report_exactly_once() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let reports = "SELECT count(*) FROM reports WHERE words = '配电箱敞开，线头裸露'";
    let mut found = visit("enterprise", ENTERPRISE);
    found["result"] = json!("hazard_found");
    found["hazard"] = json!({"hazard_kind": "electrical", "severity": 3, "words": "配电箱敞开，线头裸露"});
    let first = member.post("/api/v1/visits", &found).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let report = member.get(&format!("/api/v1/reports/{}", first.body["report_id"].as_str().unwrap())).await;
    assert_eq!((&report.body["kind"], &report.body["severity"]), (&json!("hazard"), &json!(3)));
    assert_eq!(
        (&report.body["hazard_kind"], &report.body["enterprise_id"]),
        (&json!("electrical"), &json!(ENTERPRISE))
    );
    assert_eq!(
        report.body["geometry"]["coordinates"],
        json!([116.306, 35.076]),
        "at the target, not at the phone"
    );
    assert_eq!(
        report.body["happened_at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap(),
        "2022-09-01T01:30:00Z".parse::<DateTime<Utc>>().unwrap()
    );
    let again = member.post("/api/v1/visits", &found).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(stored::<i64>(&app.database, reports).await, 1);

    // Without a word about it, the visit's own note tells.
    let mut plain = visit("household", HOUSEHOLD);
    (plain["result"], plain["note"]) = (json!("hazard_found"), json!("楼道堆放杂物"));
    let answer = member.post("/api/v1/visits", &plain).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let told = "SELECT words || '/' || severity FROM reports ORDER BY received_at DESC LIMIT 1";
    assert_eq!(stored::<String>(&app.database, told).await, "楼道堆放杂物/2");

    // Neither is made without the other: a report's id that is taken by other content undoes the visit.
    let mut taken = visit("enterprise", ENTERPRISE);
    taken["result"] = json!("hazard_found");
    taken["hazard"] = json!({"id": first.body["report_id"], "words": "另一处隐患"});
    assert_eq!(member.post("/api/v1/visits", &taken).await.status, 409);
    assert_eq!(stored::<i64>(&app.database, "SELECT count(*) FROM visits").await, 2);
    let mut no_hazard = visit("enterprise", ENTERPRISE);
    no_hazard["hazard"] = json!({"severity": 4});
    assert_eq!(member.post("/api/v1/visits", &no_hazard).await.faults(), ["hazard"]);
    no_hazard["result"] = json!("hazard_found");
    no_hazard["hazard"] = json!({"severity": 9});
    assert_eq!(member.post("/api/v1/visits", &no_hazard).await.faults(), ["hazard.severity"]);
}

#[tokio::test]
async fn a_visit_whose_time_was_put_right_is_marked() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let mut sent = visit("household", HOUSEHOLD);
    // The phone lived in 1970 until it had a signal again.
    sent["phone_at"] = json!("1970-01-02T03:04:05.123456789Z");
    let answer = member.post("/api/v1/visits", &sent).await;
    assert_eq!((answer.status, &answer.body["visited_at"]), (201, &json!("2022-09-01T01:30:00Z")));
    assert_eq!(answer.body["phone_at"], "1970-01-02T03:04:05.123456Z");
    // Sent again it is the same; with another time of the phone's it is not.
    assert_eq!(member.post("/api/v1/visits", &sent).await.status, 200);
    sent["phone_at"] = json!("1971-01-01T00:00:00Z");
    assert_eq!(member.post("/api/v1/visits", &sent).await.status, 409);
    // No clock says this; the visit is kept all the same.
    let mut beyond = visit("household", HOUSEHOLD);
    beyond["phone_at"] = json!("9999-12-31T23:59:59Z");
    assert_eq!(member.post("/api/v1/visits", &beyond).await.status, 201);
    assert_eq!(
        member.post("/api/v1/visits", &visit("household", HOUSEHOLD)).await.body["phone_at"],
        Value::Null
    );
}
