//! The demonstration's open doors, and that they are nowhere else.

use gridkeeper::platform::config::Config;
use serde_json::json;

use crate::support::TestApp;

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
