//! Areas: reading around the scope, changing within it.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_member_sees_the_street_and_what_is_above_it() {
    let app = TestApp::start().await;
    let answer = app.sign_in("member1").get("/api/v1/areas").await;
    let codes: Vec<&str> =
        answer.body["items"].as_array().unwrap().iter().map(|a| a["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["37", "3708", "370828", "370828003", "370828003218", "370828003222"]);
}

#[tokio::test]
async fn a_stranger_sees_nothing() {
    let app = TestApp::start().await;
    let answer = app.stranger().get("/api/v1/areas").await;
    assert_eq!((answer.status, answer.body["type"].as_str()), (401, Some("/problems/sign-in-needed")));
}

#[tokio::test]
async fn pages_follow_each_other_without_loss() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let mut codes = Vec::new();
    let mut path = "/api/v1/areas?limit=2".to_owned();
    loop {
        let page = client.get(&path).await.body;
        codes
            .extend(page["items"].as_array().unwrap().iter().map(|a| a["code"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/areas?limit=2&cursor={cursor}");
    }
    assert_eq!(codes, ["37", "3708", "370828", "370828003", "370828003218", "370828003222"]);
}

#[tokio::test]
async fn a_change_needs_the_version_it_starts_from() {
    let app = TestApp::start().await;
    let admin = app.sign_in("admin");
    let path = "/api/v1/areas/370828003218";
    let change = json!({"population": 1361});
    assert_eq!(admin.patch(path, None, &change).await.status, 428);
    let answer = admin.patch(path, Some("\"1\""), &change).await;
    assert_eq!(
        (answer.status, answer.body["population"].as_i64(), answer.body["version"].as_i64()),
        (200, Some(1361), Some(2))
    );
    assert_eq!(answer.headers["etag"], "\"2\"");
    assert_eq!(admin.patch(path, Some("\"1\""), &change).await.status, 412);
    assert_eq!(app.sign_in("chief").patch(path, Some("\"2\""), &change).await.status, 403);
    assert_eq!(admin.get("/api/v1/areas/370828003218").await.body["version"], 2);
}

#[tokio::test]
async fn problems_speak_the_callers_language_and_name_the_field() {
    let app = TestApp::start().await;
    let client = app.sign_in("admin");
    let request = client
        .request(reqwest::Method::PATCH, "/api/v1/areas/370828003218")
        .header("If-Match", "\"1\"")
        .header("Accept-Language", "en")
        .json(&json!({"population": "many"}));
    let answer = client.send(request).await;
    assert_eq!(answer.status, 422);
    insta::assert_json_snapshot!(answer.body, {".instance" => "[request id]"});
}

#[tokio::test]
async fn areas_are_neither_made_nor_removed_over_http() {
    let app = TestApp::start().await;
    let admin = app.sign_in("admin");
    let made = admin.post("/api/v1/areas", &json!({})).await;
    assert_eq!((made.status, made.body["type"].as_str()), (405, Some("/problems/method-not-allowed")));
    assert_eq!(admin.delete("/api/v1/areas/370828003218").await.status, 405);
}
