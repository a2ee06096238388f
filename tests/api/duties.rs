//! Duties: what is due by which rules, how the calendar moves it, how a visit settles it, and what share was met.

#![expect(clippy::expect_used, reason = "a test that cannot set itself up should say so and stop")]

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor};
use uuid::Uuid;

use crate::support::{Answer, Client, TestApp};

const DUTIES: &str = "/api/v1/duties";
const RULES: &str = "/api/v1/duties/rules/370828003218";
const ENTERPRISE: &str = "30000000-0000-7000-8000-000000000001";

async fn change(app: &TestApp, sql: &str) {
    app.database.owner().await.execute(AssertSqlSafe(sql.to_owned())).await.expect("runs");
}

async fn put(client: &Client, path: &str, version: Option<&str>, body: &Value) -> Answer {
    let mut request = client.request(Method::PUT, path).json(body);
    if let Some(version) = version {
        request = request.header("If-Match", version);
    }
    client.send(request).await
}

fn of_kind<'a>(answer: &'a Answer, kind: &str) -> Option<&'a Value> {
    answer.body["items"].as_array().expect("a list").iter().find(|call| call["target_kind"] == kind)
}

#[tokio::test]
async fn what_is_due_is_listed_with_since_when_and_how_late() {
    let app = TestApp::start().await;
    change(&app, "UPDATE enterprises SET last_inspected_at = '2022-09-01T10:00:00+08'; UPDATE hazards SET severity = 2").await;
    let member = app.sign_in("member1");
    // Every 15 days for ammonia.
    let on = |day: &str| format!("{DUTIES}?on={day}");
    assert!(of_kind(&member.get(&on("2022-09-15")).await, "enterprise").is_none());
    let answer = member.get(&on("2022-09-20")).await;
    let call = of_kind(&answer, "enterprise").unwrap();
    assert_eq!((&call["due_since"], &call["overdue_days"]), (&json!("2022-09-16"), &json!(4)));
    assert_eq!(call["place_code"], "370828003218001");
    assert!(call["weight"].as_u64().unwrap() > 120);
    assert_eq!(app.audited("read", "duties").await, 2);
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let app = TestApp::start().await;
    let chief = app.sign_in("chief");
    let all = chief.get(DUTIES).await;
    let ids = |answer: &Answer| -> Vec<String> {
        answer.body["items"].as_array().unwrap().iter().map(|call| call["target_id"].to_string()).collect()
    };
    let mut read = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = chief.get(&format!("{DUTIES}?limit=2{cursor}")).await;
        read.extend(ids(&page));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!((read.len(), &read), (6, &ids(&all)));
}

#[tokio::test]
async fn everybody_sees_the_calls_that_are_theirs() {
    let app = TestApp::start().await;
    let kinds = |answer: &Answer| -> Vec<String> {
        let items = answer.body["items"].as_array().unwrap();
        let mut kinds: Vec<String> =
            items.iter().map(|call| call["target_kind"].as_str().unwrap().into()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    };
    assert_eq!(kinds(&app.sign_in("member1").get(DUTIES).await), ["enterprise", "hazard", "special_care"]);
    assert_eq!(kinds(&app.sign_in("fire").get(DUTIES).await), ["enterprise", "hazard"]);
    for login in ["planner", "mediator", "police", "admin"] {
        assert_eq!(app.sign_in(login).get(DUTIES).await.status, 403, "{login}");
    }
    assert_eq!(app.sign_in("member1").get(&format!("{DUTIES}?grid=370828003218002")).await.status, 403);
}

#[tokio::test]
async fn a_village_has_rules_of_its_own() {
    let app = TestApp::start().await;
    change(&app, "UPDATE enterprises SET last_inspected_at = now() - interval '10 days'; UPDATE hazards SET severity = 1").await;
    let (member, chief) = (app.sign_in("member1"), app.sign_in("chief"));
    assert!(of_kind(&member.get(DUTIES).await, "enterprise").is_none());
    let own = member.get(RULES).await;
    assert_eq!(own.headers["etag"], "\"0\"");

    let mut rules = own.body.clone();
    let ammonia = rules["rules"].as_array_mut().unwrap();
    let ammonia = ammonia.iter_mut().find(|rule| rule["of"] == "ammonia_refrigeration").unwrap();
    (ammonia["every_days"], ammonia["roles"]) = (json!(5), json!(["inspector"]));
    rules["rest_weekdays"] = json!([]);
    assert_eq!(put(&member, RULES, Some("\"0\""), &rules).await.status, 403);
    assert_eq!(put(&chief, RULES, None, &rules).await.status, 428);
    let written = put(&chief, RULES, Some("\"0\""), &rules).await;
    assert_eq!((written.status, &written.headers["etag"]), (200, &"\"1\"".parse().unwrap()));
    assert_eq!(put(&chief, RULES, Some("\"0\""), &rules).await.status, 412);
    assert_eq!(app.audited("change", "duty_rules").await, 1);

    // Now due, but the inspector's to make.
    assert!(of_kind(&member.get(DUTIES).await, "enterprise").is_none());
    let inspector = app.sign_in("fire").get(&format!("{DUTIES}?grid=370828003218001")).await;
    assert!(of_kind(&inspector, "enterprise").unwrap()["overdue_days"].as_i64().unwrap() >= 4);
    let elsewhere = put(&chief, "/api/v1/duties/rules/370828003222", Some("\"0\""), &rules).await;
    assert_eq!(elsewhere.status, 403);

    rules["rules"][0]["every_days"] = json!(0);
    assert_eq!(put(&chief, RULES, Some("\"1\""), &rules).await.faults(), ["rules.every_days"]);
}

#[tokio::test]
async fn what_falls_on_a_rest_day_is_due_on_the_next_working_day() {
    let app = TestApp::start().await;
    // Fifteen days after 2026-09-16 is the first of the national holiday of 2026, 1 to 7 October.
    change(&app, "UPDATE enterprises SET last_inspected_at = '2026-09-16T10:00:00+08'; UPDATE hazards SET severity = 1").await;
    let member = app.sign_in("member1");
    let on = |day: &str| format!("{DUTIES}?on={day}&target_kind=enterprise");
    assert_eq!(member.get(&on("2026-10-07")).await.body["items"], json!([]));
    let after = member.get(&on("2026-10-08")).await;
    assert_eq!(of_kind(&after, "enterprise").unwrap()["due_since"], "2026-10-08");

    let year = "/api/v1/duties/holidays/2026";
    let known = member.get(year).await;
    assert_eq!(known.body["source"], "国办发明电〔2025〕7号");
    let mut days = known.body.clone();
    days["days"].as_array_mut().unwrap().retain(|day| day["name"] != "国庆节");
    assert_eq!(put(&member, year, Some("\"1\""), &days).await.status, 403);
    assert_eq!(put(&app.sign_in("admin"), year, Some("\"1\""), &days).await.status, 200);
    let now = member.get(&on("2026-10-01")).await;
    assert_eq!(of_kind(&now, "enterprise").unwrap()["due_since"], "2026-10-01");
    assert_eq!(member.get("/api/v1/duties/holidays/1999").await.status, 404);
}

#[tokio::test]
async fn the_shipped_calendar_has_the_days_of_each_notice() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    // Days off and weekend days worked in return, by year, as the notices have them.
    for (year, off, work) in
        [(2021, 31, 7), (2022, 32, 7), (2023, 26, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)]
    {
        let answer = member.get(&format!("/api/v1/duties/holidays/{year}")).await;
        let count = |kind: &str| {
            answer.body["days"].as_array().unwrap().iter().filter(|day| day["kind"] == kind).count()
        };
        assert_eq!((count("off"), count("work")), (off, work), "{year}");
    }
}

#[tokio::test]
async fn a_visit_settles_a_duty_and_two_on_one_day_are_one() {
    let app = TestApp::start().await;
    change(&app, "UPDATE hazards SET status = 'cleared', cleared_on = found_on").await;
    let member = app.sign_in("member1");
    let visit = |hour: u32| {
        json!({"id": Uuid::now_v7(), "target_kind": "enterprise", "target_id": ENTERPRISE, "purpose": "检查",
               "result": "done", "visited_at": format!("2022-09-05T{hour:02}:30:00+08:00")})
    };
    let due = "/api/v1/duties?on=2022-09-06&target_kind=enterprise";
    assert!(of_kind(&member.get(due).await, "enterprise").is_some());
    for hour in [9, 15] {
        assert_eq!(member.post("/api/v1/visits", &visit(hour)).await.status, 201);
    }
    assert!(of_kind(&member.get(due).await, "enterprise").is_none());

    let coverage = member.get("/api/v1/duties/coverage?month=2022-09-01").await;
    let rows = coverage.body["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["target_kind"] == "enterprise").unwrap();
    // Due on the first and met on the fifth, once; due again on the twentieth, and missed.
    assert_eq!((&row["duties"], &row["met"]), (&json!(2), &json!(1)), "{row}");
    assert_eq!(coverage.body["to"], "2022-09-30");
    let care = rows.iter().find(|row| row["target_kind"] == "special_care").unwrap();
    assert_eq!(care["met"], 0);
    assert_eq!(app.sign_in("chief").get("/api/v1/duties/coverage").await.status, 200);
    assert_eq!(app.sign_in("planner").get("/api/v1/duties/coverage").await.status, 403);
}
