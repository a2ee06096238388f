//! API tokens.

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_token_is_shown_once_works_as_bearer_and_basic_and_ends_when_revoked() {
    let app = TestApp::start().await;
    app.set_password("fire", "correct horse battery").await;
    let browser = app.browser();
    let credentials = json!({"login": "fire", "password": "correct horse battery"});
    assert_eq!(browser.post("/api/v1/session", &credentials).await.status, 200);
    let made = browser.post("/api/v1/tokens", &json!({"name": "QGIS"})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let (secret, id) = (made.body["secret"].as_str().unwrap(), made.body["id"].as_str().unwrap());
    assert!(secret.starts_with("gk_"));

    let stranger = app.stranger();
    let bearer = || stranger.request(Method::GET, "/api/v1/session").bearer_auth(secret);
    let basic = || stranger.request(Method::GET, "/api/v1/session").basic_auth("anything", Some(secret));
    for request in [bearer(), basic()] {
        let answer = stranger.send(request).await;
        assert_eq!((answer.status, &answer.body["account"]["login"]), (200, &json!("fire")));
    }
    let list = browser.get("/api/v1/tokens").await.body;
    assert_eq!(list["items"][0]["name"], "QGIS");
    assert!(list["items"][0]["last_used_at"].is_string());
    assert!(!list.to_string().contains(secret));

    let path = format!("/api/v1/tokens/{id}");
    assert_eq!(app.sign_in("member1").delete(&path).await.status, 404, "not somebody else's");
    assert_eq!(browser.delete(&path).await.status, 204);
    for request in [bearer(), basic()] {
        assert_eq!(stranger.send(request).await.status, 401);
    }
    assert_eq!(browser.delete(&path).await.status, 404);
}

#[tokio::test]
async fn a_token_cannot_make_tokens_nor_change_the_password() {
    let app = TestApp::start().await;
    let program = app.sign_in("member1");
    assert_eq!(program.post("/api/v1/tokens", &json!({"name": "another"})).await.status, 403);
    let body = json!({"current_password": "whatever it is", "new_password": "something else entirely"});
    let request = program.request(Method::PUT, "/api/v1/session/password").json(&body);
    assert_eq!(program.send(request).await.status, 403);
}

#[tokio::test]
async fn an_unreadable_authorization_does_not_fall_back_on_the_cookie() {
    let app = TestApp::start().await;
    app.set_password("fire", "correct horse battery").await;
    let browser = app.browser();
    let credentials = json!({"login": "fire", "password": "correct horse battery"});
    assert_eq!(browser.post("/api/v1/session", &credentials).await.status, 200);
    for header in ["Bearer", "Bearer nonsense", "Basic !!!", "Digest x", "Basic bm9jb2xvbg=="] {
        let request = browser.request(Method::GET, "/api/v1/session").header("Authorization", header);
        assert_eq!(browser.send(request).await.status, 401, "{header}");
    }
}
