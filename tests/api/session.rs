//! Signing in and out, and what keeps guessers and other sites at the door.

use gridkeeper::platform::config::Config;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Row;

use crate::support::{Answer, Client, TestApp};

const PASSWORD: &str = "correct horse battery";

async fn sign_in(client: &Client, login: &str, password: &str) -> Answer {
    client.post("/api/v1/session", &json!({"login": login, "password": password})).await
}

#[tokio::test]
async fn signing_in_opens_a_session_and_signing_out_ends_it() {
    let app = TestApp::start().await;
    app.set_password("member1", PASSWORD).await;
    let browser = app.browser();
    assert_eq!(browser.get("/api/v1/session").await.status, 401);

    let signed = sign_in(&browser, "member1", PASSWORD).await;
    assert_eq!(signed.status, 200, "{}", signed.body);
    let cookies: Vec<&str> =
        signed.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with("gk_session=")).expect("a session cookie");
    assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax") && session.contains("Path=/"));
    assert!(!session.contains("Secure"));

    let again = browser.get("/api/v1/session").await;
    assert_eq!((again.status, &again.body), (200, &signed.body));
    assert_eq!(browser.get("/api/v1/areas").await.status, 200);

    let left = browser.delete("/api/v1/session").await;
    assert_eq!((left.status, left.headers["clear-site-data"].as_bytes()), (204, &b"\"cache\""[..]));
    assert_eq!(browser.get("/api/v1/session").await.status, 401);
    assert_eq!(browser.delete("/api/v1/session").await.status, 204);
}

#[tokio::test]
async fn the_session_says_who_where_and_what_they_may() {
    let app = TestApp::start().await;
    let session = app.sign_in("member1").get("/api/v1/session").await.body;
    insta::assert_json_snapshot!(session, {".account.created_at" => "[time]"});
    // A county has no outline of its own here: the map opens on what lies within.
    let mut owner = app.database.owner().await;
    sqlx::query("UPDATE accounts SET scope_code = '370828' WHERE login = 'admin'")
        .execute(&mut owner)
        .await
        .unwrap();
    let session = app.sign_in("admin").get("/api/v1/session").await.body;
    assert_eq!(
        (&session["scope_name"], &session["map_bbox"]),
        (&json!("金乡县"), &json!([116.30, 35.06, 116.41, 35.08]))
    );
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_this_host() {
    let app = TestApp::start_with(Config { https: true, ..Config::default() }).await;
    app.set_password("member1", PASSWORD).await;
    let signed = sign_in(&app.browser(), "member1", PASSWORD).await;
    let mut cookies = signed.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let session = cookies.find(|cookie| cookie.starts_with("__Host-gk_session=")).expect("the cookie");
    assert!(session.contains("Secure") && !session.contains("Domain"));
}

#[tokio::test]
async fn what_is_kept_of_a_session_opens_nothing() {
    let app = TestApp::start().await;
    app.set_password("member1", PASSWORD).await;
    let signed = sign_in(&app.browser(), "member1", PASSWORD).await;
    let cookies = signed.headers["set-cookie"].to_str().unwrap().to_owned();
    let kept = sqlx::query("SELECT encode(token_hash, 'hex') AS hash FROM sessions")
        .fetch_one(&mut app.database.owner().await)
        .await
        .unwrap();
    let hash: String = kept.get("hash");
    assert!(!cookies.contains(&hash));
    let request =
        app.stranger().request(Method::GET, "/api/v1/session").header("Cookie", format!("gk_session={hash}"));
    assert_eq!(app.stranger().send(request).await.status, 401);
}

#[tokio::test]
async fn an_unknown_login_a_disabled_account_and_a_wrong_password_look_alike() {
    let app = TestApp::start().await;
    for login in ["member1", "member2"] {
        app.set_password(login, PASSWORD).await;
    }
    sqlx::query("UPDATE accounts SET disabled_at = now() WHERE login = 'member2'")
        .execute(&mut app.database.owner().await)
        .await
        .unwrap();
    let browser = app.browser();
    for (login, password) in [
        ("member1", "wrong horse battery"),
        ("member2", PASSWORD),
        ("nobody", PASSWORD),
        ("chief", PASSWORD),
        ("不存在", ""),
    ] {
        let answer = sign_in(&browser, login, password).await;
        let mut body = answer.body;
        body.as_object_mut().unwrap().remove("instance");
        let expected: Value =
            json!({"type": "/problems/wrong-credentials", "title": "登录名或密码不正确", "status": 401});
        assert_eq!((answer.status, body), (401, expected), "{login}");
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_a_known_browser_is_not() {
    let app = TestApp::start().await;
    app.set_password("chief", PASSWORD).await;
    app.set_password("police", PASSWORD).await;
    let known = app.browser();
    assert_eq!(sign_in(&known, "chief", PASSWORD).await.status, 200);

    let guesser = app.browser();
    let mut statuses = Vec::new();
    for guess in 0..7 {
        statuses.push(sign_in(&guesser, "chief", &format!("guess number {guess}")).await.status);
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429]);
    let refused = sign_in(&guesser, "chief", PASSWORD).await;
    assert_eq!(refused.status, 429);
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=3).contains(&wait), "{wait}");

    assert_eq!(sign_in(&guesser, "police", PASSWORD).await.status, 200, "another account is not held up");
    assert_eq!(sign_in(&known, "chief", PASSWORD).await.status, 200, "the known browser is not held up");
}

#[tokio::test]
async fn another_site_cannot_use_the_session() {
    let app = TestApp::start().await;
    app.set_password("admin", PASSWORD).await;
    let browser = app.browser();
    assert_eq!(sign_in(&browser, "admin", PASSWORD).await.status, 200);
    let host = app.url();
    let change = |name: &'static str, value: &str| {
        browser
            .request(Method::PATCH, "/api/v1/areas/370828003218")
            .header("If-Match", "\"1\"")
            .header(name, value)
            .json(&json!({"population": 1}))
    };
    for request in [
        change("Sec-Fetch-Site", "cross-site"),
        change("Sec-Fetch-Site", "same-site"),
        change("Origin", "https://evil.example"),
        change("Origin", "null"),
    ] {
        let answer = browser.send(request).await;
        assert_eq!((answer.status, &answer.body["type"]), (403, &json!("/problems/cross-origin")));
    }
    assert_eq!(browser.get("/api/v1/areas/370828003218").await.body["version"], 1);
    for request in
        [change("Sec-Fetch-Site", "same-origin"), change("Origin", &host).header("If-Match", "\"2\"")]
    {
        let status = browser.send(request).await.status;
        assert!(status == 200 || status == 412, "{status}");
    }
}

#[tokio::test]
async fn a_session_slides_while_it_is_used_and_ends_when_it_is_not() {
    let app = TestApp::start().await;
    app.set_password("member1", PASSWORD).await;
    let browser = app.browser();
    assert_eq!(sign_in(&browser, "member1", PASSWORD).await.status, 200);
    let mut owner = app.database.owner().await;
    sqlx::query("UPDATE sessions SET last_seen_at = now() - interval '1 hour', expires_at = now() + interval '1 minute'")
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(browser.get("/api/v1/session").await.status, 200);
    let hours: f64 =
        sqlx::query_scalar("SELECT (extract(epoch FROM expires_at - now()) / 3600)::float8 FROM sessions")
            .fetch_one(&mut owner)
            .await
            .unwrap();
    assert!(hours > 167.0, "{hours}");

    sqlx::query("UPDATE sessions SET expires_at = now()").execute(&mut owner).await.unwrap();
    app.ground
        .accounts
        .forget(serde_json::from_value(json!("10000000-0000-7000-8000-000000000001")).unwrap());
    assert_eq!(browser.get("/api/v1/session").await.status, 401);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let app = TestApp::start().await;
    app.set_password("member1", PASSWORD).await;
    let (here, there) = (app.browser(), app.browser());
    assert_eq!(sign_in(&here, "member1", PASSWORD).await.status, 200);
    assert_eq!(sign_in(&there, "member1", PASSWORD).await.status, 200);
    let change = |current: &str, new: &str| json!({"current_password": current, "new_password": new});
    let put =
        |client: &Client, body: &Value| client.request(Method::PUT, "/api/v1/session/password").json(body);

    let wrong = here.send(put(&here, &change("not my password", "another long password"))).await;
    assert_eq!((wrong.status, &wrong.body["errors"][0]["field"]), (422, &json!("current_password")));
    let short = here.send(put(&here, &change(PASSWORD, "short"))).await;
    assert_eq!((short.status, &short.body["errors"][0]["field"]), (422, &json!("new_password")));

    let done = here.send(put(&here, &change(PASSWORD, "another long password"))).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(here.get("/api/v1/session").await.status, 200);
    assert_eq!(there.get("/api/v1/session").await.status, 401);
    assert_eq!(sign_in(&there, "member1", PASSWORD).await.status, 401);
    assert_eq!(sign_in(&there, "member1", "another long password").await.status, 200);
}

#[tokio::test]
async fn the_configuration_needs_no_sign_in() {
    let app = TestApp::start().await;
    let config = app.stranger().get("/api/v1/config").await;
    assert_eq!(
        (config.status, config.body),
        (
            200,
            json!({"demo": false, "synthetic_map": false, "version": env!("CARGO_PKG_VERSION"), "base_layer": null,
                   "time_zone": "Asia/Shanghai"})
        )
    );
}
