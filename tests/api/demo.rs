//! The demonstration's open doors, and that they are nowhere else.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta, Utc};
use gridkeeper::platform::clock::china_date;
use gridkeeper::platform::config::Config;
use gridkeeper::platform::database::{Database, slate};
use serde_json::json;

use crate::support::{TestApp, TestDatabase};

#[tokio::test]
async fn a_visitor_of_the_demonstration_enters_with_one_click() {
    let app = TestApp::start_with(Config { demo: true, ..Config::default() }).await;
    let browser = app.browser();
    assert_eq!(browser.get("/api/v1/config").await.body["synthetic_map"], true);

    let roles = browser.get("/api/v1/demo/roles").await;
    assert_eq!(roles.status, 200, "{}", roles.body);
    let first = &roles.body["items"][0];
    assert_eq!(
        (&first["login"], &first["label"]),
        (&json!("member1"), &json!({"zh": "第1网格 网格员", "en": "Grid member, grid 1"}))
    );

    let signed = browser.post("/api/v1/demo/session", &json!({"login": "member1"})).await;
    assert_eq!((signed.status, &signed.body["demo"]), (200, &json!(true)), "{}", signed.body);
    let session = browser.get("/api/v1/session").await;
    assert_eq!((session.status, &session.body["account"]["login"]), (200, &json!("member1")));

    let unknown = browser.post("/api/v1/demo/session", &json!({"login": "nobody"})).await;
    assert_eq!((unknown.status, unknown.faults()), (422, vec!["login"]));
}

#[tokio::test]
async fn a_disabled_account_is_not_a_way_in() {
    let app = TestApp::start_with(Config { demo: true, ..Config::default() }).await;
    sqlx::query("UPDATE accounts SET disabled_at = now() WHERE login = 'chief'")
        .execute(&mut app.database.owner().await)
        .await
        .unwrap();
    let browser = app.browser();
    let roles = browser.get("/api/v1/demo/roles").await.body;
    let logins: Vec<_> = roles["items"].as_array().unwrap().iter().map(|item| &item["login"]).collect();
    assert!(!logins.contains(&&json!("chief")), "{logins:?}");
    assert_eq!(browser.post("/api/v1/demo/session", &json!({"login": "chief"})).await.status, 422);
}

#[tokio::test]
async fn elsewhere_there_is_no_such_door() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert_eq!(browser.get("/api/v1/config").await.body["synthetic_map"], false);
    assert_eq!(browser.get("/api/v1/demo/roles").await.status, 404);
    assert_eq!(browser.post("/api/v1/demo/session", &json!({"login": "member1"})).await.status, 404);
}

#[tokio::test]
async fn the_story_ended_yesterday_and_its_totals_are_the_real_ones() {
    // As under the command: wiped and loaded before anything serves it.
    let database = Arc::new(TestDatabase::create().await);
    let mut owner = database.owner().await;
    slate::note(&mut owner, "a test's").await.unwrap();
    slate::wipe(&mut owner).await.unwrap();
    let years = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM holiday_years");
    assert!(years.fetch_one(&mut owner).await.unwrap() > 0, "the holidays are no demonstration's");
    let now = Utc::now();
    let pool = Database::connect(database.app_options(), 2).await.unwrap();
    gridkeeper::cli::demo::load(&pool, now).await.unwrap();

    let cuikou = "370828003218%";
    for (expected, question) in [
        (1360, "SELECT count(*) FROM residents WHERE place_code LIKE $1"),
        (1360, "SELECT sum(resident_count) FROM households WHERE grid_code LIKE $1"),
        (28, "SELECT count(*) FROM residents WHERE party_member AND place_code LIKE $1"),
        (3, "SELECT count(*) FROM special_care WHERE kind = 'empty_nest_elder' AND place_code LIKE $1"),
        (2, "SELECT count(*) FROM special_care WHERE kind = 'severe_disability' AND place_code LIKE $1"),
        (118, "SELECT count(*) FROM enterprises WHERE grid_code LIKE $1"),
        (3, "SELECT count(*) FROM grids WHERE code LIKE $1"),
        (5, "SELECT count(*) FROM accounts WHERE role = 'mediator' AND scope_code LIKE $1"),
        (97, "SELECT count(*) FROM reports WHERE kind = 'hazard' AND grid_code LIKE $1"),
        (53, "SELECT count(*) FROM reports WHERE kind = 'hazard' AND resolved_on_spot AND grid_code LIKE $1"),
        (97, "SELECT count(*) FROM hazards WHERE grid_code LIKE $1"),
        (35, "SELECT count(*) FROM areas WHERE length(code) = 12 AND code LIKE left($1, 9) || '%'"),
        (0, "SELECT count(*) FROM reports WHERE grid_code IS NULL AND place_code LIKE left($1, 9) || '%'"),
        (1, "SELECT count(*) FROM buildings WHERE name = '崔口警务室' AND place_code LIKE $1"),
    ] {
        let found: i64 = sqlx::query_scalar(question).bind(cuikou).fetch_one(&mut owner).await.unwrap();
        assert_eq!(found, expected, "{question}");
    }
    let last: NaiveDate =
        sqlx::query_scalar("SELECT max(happened_at AT TIME ZONE 'Asia/Shanghai')::date FROM reports")
            .fetch_one(&mut owner)
            .await
            .unwrap();
    assert_eq!(last, china_date(now) - TimeDelta::days(1));

    let app = TestApp::on(database, Config { demo: true, ..Config::default() }).await;
    let browser = app.browser();
    assert_eq!(browser.post("/api/v1/demo/session", &json!({"login": "member1"})).await.status, 200);
    let patrol = browser.get("/api/v1/patrols/today").await;
    assert_eq!(patrol.status, 200, "{}", patrol.body);
    let stops = patrol.body["stops"].as_array().expect("stops");
    assert!((8..=40).contains(&stops.len()), "a day's walk, not {} stops", stops.len());
    assert_eq!(patrol.body["start"]["label"], "崔口村党群服务中心");
}
