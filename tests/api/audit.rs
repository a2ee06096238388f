//! The audit log: read by administrators, of their scope, in pages.

use serde_json::json;

use crate::support::TestApp;

const HOUSEHOLD: &str = "/api/v1/households/20000000-0000-7000-8000-000000000001";

#[tokio::test]
async fn administrators_see_who_read_what() {
    let app = TestApp::start().await;
    assert_eq!(app.sign_in("member1").get(HOUSEHOLD).await.status, 200);
    let request = app.sign_in("police").get(HOUSEHOLD).await;
    let admin = app.sign_in("admin");
    let log = admin.get("/api/v1/audit?action=read&subject=household").await;
    let items = log.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!((&items[0]["login"], &items[0]["role"]), (&json!("police"), &json!("police")));
    assert_eq!(items[0]["subject_id"], "370828003218-H0001");
    assert_eq!(items[0]["request_id"].as_str(), request.headers["x-request-id"].to_str().ok());
    assert_eq!(items[1]["login"], "member1");

    for (query, expected) in [
        ("subject_id=370828003218-H0001", 2),
        ("subject_id=370828003218-H0002", 0),
        ("account=10000000-0000-7000-8000-000000000001", 1),
        ("to=2020-01-01T00:00:00Z", 0),
        ("from=2020-01-01T00:00:00Z&subject=household", 2),
    ] {
        let log = admin.get(&format!("/api/v1/audit?{query}")).await;
        assert_eq!(log.body["items"].as_array().map(Vec::len), Some(expected), "{query}");
    }
}

#[tokio::test]
async fn nobody_else_does_and_nobody_beyond_their_scope() {
    let app = TestApp::start().await;
    let elsewhere = "/api/v1/households/20000000-0000-7000-8000-000000000005";
    assert_eq!(app.sign_in("stranger").get(elsewhere).await.status, 200);
    let log = app.sign_in("admin").get("/api/v1/audit").await;
    assert_eq!(log.body["items"], json!([]));
    for login in ["member1", "chief", "planner", "mediator", "police", "fire", "command"] {
        assert_eq!(app.sign_in(login).get("/api/v1/audit").await.status, 403, "{login}");
    }
}

#[tokio::test]
async fn the_newest_comes_first_and_pages_lose_nothing() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    for _ in 0..5 {
        assert_eq!(member.get(HOUSEHOLD).await.status, 200);
    }
    let admin = app.sign_in("admin");
    let (mut times, mut path) = (Vec::new(), "/api/v1/audit?limit=2".to_owned());
    loop {
        let page = admin.get(&path).await.body;
        times.extend(
            page["items"].as_array().unwrap().iter().map(|line| line["at"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/audit?limit=2&cursor={cursor}");
    }
    assert_eq!(times.len(), 5);
    assert!(times.is_sorted_by(|newer, older| newer > older), "{times:?}");
}
