//! Accounts kept by administrators within their own scope.

use gridkeeper::platform::housekeeping;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

fn new(login: &str, role: &str, scope: &str) -> Value {
    json!({"login": login, "display_name": "新人", "role": role, "scope_code": scope})
}

#[tokio::test]
async fn an_administrator_makes_accounts_within_their_scope() {
    let app = TestApp::start().await;
    let admin = app.sign_in("admin");
    let mut body = new("member9", "grid_member", "370828003218001");
    body["password"] = json!("long enough to use");
    let made = admin.post("/api/v1/accounts", &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let path = made.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(admin.get(&path).await.body, made.body);
    assert!(!made.body.to_string().contains("password"));
    let browser = app.browser();
    let signed =
        browser.post("/api/v1/session", &json!({"login": "member9", "password": "long enough to use"})).await;
    assert_eq!((signed.status, &signed.body["scope_name"]), (200, &json!("崔口村第1网格")));
    let audited: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_log WHERE action = 'create' AND subject = 'account' AND subject_id = $1",
    )
    .bind(made.body["id"].as_str())
    .fetch_one(&mut app.database.owner().await)
    .await
    .unwrap();
    assert_eq!(audited, 1);
}

#[tokio::test]
async fn neither_outside_their_scope_nor_above_it() {
    let app = TestApp::start().await;
    let admin = app.sign_in("admin");
    for scope in ["370828004201", "370828", "37"] {
        let refused = admin.post("/api/v1/accounts", &new("intruder", "administrator", scope)).await;
        assert_eq!(
            (refused.status, &refused.body["errors"][0]["field"]),
            (403, &json!("scope_code")),
            "{scope}"
        );
    }
    let outsider = "/api/v1/accounts/10000000-0000-7000-8000-00000000000a";
    assert_eq!(admin.get(outsider).await.status, 404);
    assert_eq!(admin.patch(outsider, Some("\"1\""), &json!({"disabled": true})).await.status, 404);
    let member = "/api/v1/accounts/10000000-0000-7000-8000-000000000001";
    let moved = admin.patch(member, Some("\"1\""), &json!({"scope_code": "370828004201001"})).await;
    assert_eq!(moved.status, 403);
    let all = admin.get("/api/v1/accounts").await.body;
    assert_eq!(all["items"].as_array().unwrap().len(), 10);
    assert_eq!(admin.get("/api/v1/accounts?within=370828004").await.body["items"], json!([]));
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let app = TestApp::start().await;
    let admin = app.sign_in("admin");
    let mut short = new("member9", "grid_member", "370828003218001");
    short["password"] = json!("short");
    let mut nameless = new("member9", "grid_chief", "370828003218");
    nameless["display_name"] = json!("  ");
    for (body, status, field) in [
        (new("Member 9", "grid_member", "370828003218001"), 422, "login"),
        (new("member9", "grid_member", "370828003218"), 422, "scope_code"),
        (new("member9", "grid_member", "370828003218777"), 422, "scope_code"),
        (new("member9", "grid_member", "37082800321800"), 422, "scope_code"),
        (new("member9", "emperor", "370828003218"), 422, "role"),
        (new("member1", "grid_member", "370828003218001"), 409, "login"),
        (short, 422, "password"),
        (nameless, 422, "display_name"),
    ] {
        let refused = admin.post("/api/v1/accounts", &body).await;
        assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (status, &json!(field)), "{body}");
    }
}

#[tokio::test]
async fn disabling_an_account_shuts_it_out_at_once_on_every_instance() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    assert_eq!(member.get("/api/v1/session").await.status, 200);
    let admin = app.sign_in("admin");
    let path = "/api/v1/accounts/10000000-0000-7000-8000-000000000001";
    assert_eq!(admin.patch(path, None, &json!({"disabled": true})).await.status, 428);
    let done = admin.patch(path, Some("\"1\""), &json!({"disabled": true})).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(done.body["disabled_at"].is_string());
    assert_eq!(member.get("/api/v1/session").await.status, 401);
    assert_eq!(admin.patch(path, Some("\"1\""), &json!({"disabled": false})).await.status, 412);
    assert_eq!(admin.patch(path, Some("\"2\""), &json!({"disabled": false})).await.status, 200);
    assert_eq!(member.get("/api/v1/session").await.status, 200);
}

#[tokio::test]
async fn a_change_of_role_takes_effect_on_another_instance() {
    let app = TestApp::start().await;
    let other = app.another_instance().await;
    let there = other.sign_in("chief");
    assert_eq!(there.get("/api/v1/session").await.body["account"]["role"], "grid_chief");
    let path = "/api/v1/accounts/10000000-0000-7000-8000-000000000003";
    let done = app
        .sign_in("admin")
        .patch(path, Some("\"1\""), &json!({"role": "planner", "department": null}))
        .await;
    assert_eq!((done.status, &done.body["role"]), (200, &json!("planner")), "{}", done.body);
    // Well before what is remembered would have ended by itself.
    let mut role = Value::Null;
    for _ in 0..40 {
        role = there.get("/api/v1/session").await.body["account"]["role"].clone();
        if role == "planner" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(role, "planner");
}

#[tokio::test]
async fn nobody_saws_off_the_branch_they_sit_on() {
    let app = TestApp::start().await;
    let admin = app.sign_in("admin");
    let path = "/api/v1/accounts/10000000-0000-7000-8000-000000000009";
    for change in
        [json!({"disabled": true}), json!({"role": "planner"}), json!({"scope_code": "370828003218"})]
    {
        assert_eq!(admin.patch(path, Some("\"1\""), &change).await.status, 422);
    }
    assert_eq!(admin.patch(path, Some("\"1\""), &json!({"display_name": "新名字"})).await.status, 200);
}

#[tokio::test]
async fn accounts_are_for_administrators() {
    let app = TestApp::start().await;
    for login in ["member1", "chief", "planner", "mediator", "police", "fire", "command"] {
        let client = app.sign_in(login);
        assert_eq!(client.get("/api/v1/accounts").await.status, 403, "{login}");
        let body = new("member9", "grid_member", "370828003218001");
        assert_eq!(client.post("/api/v1/accounts", &body).await.status, 403, "{login}");
    }
}

#[tokio::test]
async fn a_key_makes_a_repeated_request_harmless() {
    let app = TestApp::start().await;
    let admin = app.sign_in("admin");
    let send = |key: &'static str, body: Value| {
        admin.send(admin.request(Method::POST, "/api/v1/accounts").header("Idempotency-Key", key).json(&body))
    };
    let body = new("member9", "grid_member", "370828003218001");
    let (first, second) = tokio::join!(send("k1", body.clone()), send("k1", body.clone()));
    assert_eq!((first.status, second.status), (201, 201), "{} {}", first.body, second.body);
    assert_eq!(first.body, second.body);
    let replayed = |answer: &Answer| answer.headers.contains_key("idempotency-replayed");
    assert!(replayed(&first) != replayed(&second));
    let other = send("k1", new("member8", "grid_member", "370828003218001")).await;
    assert_eq!((other.status, &other.body["type"]), (409, &json!("/problems/conflict")));
    assert_eq!(send("k2", body).await.status, 409, "another key is another request, and the login is taken");
    assert_eq!(app.audited("create", "account").await, 1);

    let mut owner = app.database.owner().await;
    sqlx::query("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'")
        .execute(&mut owner)
        .await
        .unwrap();
    housekeeping::clean(&app.ground.database).await.unwrap();
    let kept: i64 =
        sqlx::query_scalar("SELECT count(*) FROM idempotency_keys").fetch_one(&mut owner).await.unwrap();
    assert_eq!(kept, 0);
}
