//! The shell around every handler: headers, limits, compression, health, metrics, problem pages.

use gridkeeper::platform::config::{BaseLayer, Config};
use gridkeeper::platform::problem_types::PROBLEM_TYPES;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn every_response_carries_its_id_and_the_security_headers() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    for path in ["/api/v1/config", "/api/v1/areas", "/nowhere", "/health/live"] {
        let answer = stranger.get(path).await;
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(header("referrer-policy").as_deref(), Some("same-origin"), "{path}");
        assert_eq!(header("strict-transport-security"), None, "{path}");
        assert!(
            header("permissions-policy").unwrap().contains("geolocation=(self), camera=(self)"),
            "{path}"
        );
        let policy = header("content-security-policy").unwrap();
        for directive in
            ["default-src 'self';", "worker-src 'self' blob:;", "frame-ancestors 'none'", "base-uri 'none'"]
        {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
        let id = header("x-request-id").unwrap();
        if answer.status >= 400 {
            assert_eq!(answer.body["instance"], format!("urn:uuid:{id}"), "{path}");
        }
        assert_eq!(
            header("cache-control").is_some(),
            path.starts_with("/api/v1/") || answer.status >= 400,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_base_layer_is_let_in_and_https_is_insisted_on() {
    let base_layer = BaseLayer {
        url: "https://t{s}.tianditu.gov.cn/vec_w/{z}/{x}/{y}".into(),
        crs: "cgcs2000".into(),
        attribution: "天地图".into(),
    };
    let app =
        TestApp::start_with(Config { https: true, base_layer: Some(base_layer), ..Config::default() }).await;
    let answer = app.stranger().get("/api/v1/config").await;
    assert_eq!(answer.body["base_layer"]["crs"], "cgcs2000");
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("img-src 'self' blob: data: https://*.tianditu.gov.cn;"), "{policy}");
    assert!(answer.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn what_nobody_serves_is_a_problem_in_the_callers_language() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let missing = stranger.get("/api/v1/nothing").await;
    assert_eq!((missing.status, &missing.body["title"]), (404, &json!("没有找到")));
    assert_eq!(missing.headers["content-type"], "application/problem+json");
    assert_eq!(missing.headers["content-language"], "zh-CN");
    let request = stranger.request(Method::GET, "/api/v1/nothing").header("Accept-Language", "en-GB");
    assert_eq!(stranger.send(request).await.body["title"], "Not found");
    let wrong = stranger.delete("/api/v1/config").await;
    assert_eq!((wrong.status, &wrong.body["type"]), (405, &json!("/problems/method-not-allowed")));
    assert_eq!(wrong.headers["allow"], "GET,HEAD");
}

#[tokio::test]
async fn every_kind_of_problem_is_explained_at_its_address() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let all = stranger.get("/problems").await.body;
    assert_eq!(all["items"].as_array().unwrap().len(), PROBLEM_TYPES.len());
    for kind in PROBLEM_TYPES {
        let address = format!("/problems/{}", kind.slug);
        let answer = stranger.get(&address).await;
        assert_eq!((answer.status, &answer.body["type"]), (200, &json!(address)));
        let page =
            stranger.request(Method::GET, &address).header("Accept", "text/html").send().await.unwrap();
        assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        let text = page.text().await.unwrap();
        assert!(text.contains(kind.zh) && text.contains(kind.en) && !text.contains("<script"));
    }
    assert_eq!(stranger.get("/problems/no-such-kind").await.status, 404);
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_take_it() {
    let app = TestApp::start().await;
    let client = app.sign_in("command");
    // Brotli, because the client unpacks gzip unasked and hides that it was there.
    let request = client.request(Method::GET, "/api/v1/areas").header("Accept-Encoding", "br");
    assert_eq!(client.send(request).await.headers["content-encoding"], "br");
    // A compressor would hold events back until it has enough of them.
    let stream =
        client.request(Method::GET, "/api/v1/events").header("Accept-Encoding", "br").send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert!(!stream.headers().contains_key("content-encoding"));
    let plain = client.request(Method::GET, "/api/v1/areas").header("Accept-Encoding", "identity");
    assert!(!client.send(plain).await.headers.contains_key("content-encoding"));
    let short = client.request(Method::GET, "/health/live").header("Accept-Encoding", "gzip");
    assert!(!client.send(short).await.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_with_an_answer() {
    let app = TestApp::start().await;
    let client = app.sign_in("admin");
    let request = client
        .request(Method::PATCH, "/api/v1/areas/370828003218")
        .header("If-Match", "\"1\"")
        .header("Content-Type", "application/json")
        .body(vec![b' '; 200 << 20]);
    let answer = client.send(request).await;
    assert_eq!((answer.status, &answer.body["type"]), (413, &json!("/problems/too-large")));
    assert_eq!(answer.body["detail"], "上限为 64 MB");
}

#[tokio::test]
async fn a_body_that_does_not_say_how_large_it_is_meets_the_same_limit() {
    let app = TestApp::start_with(Config { max_body_bytes: 1000, ..Config::default() }).await;
    let client = app.sign_in("admin");
    let chunks = futures::stream::iter((0..2).map(|_| Ok::<_, std::io::Error>(vec![b' '; 600])));
    let request = client
        .request(Method::PATCH, "/api/v1/areas/370828003218")
        .header("If-Match", "\"1\"")
        .header("Content-Type", "application/json")
        .body(reqwest::Body::wrap_stream(chunks));
    let answer = client.send(request).await;
    assert_eq!((answer.status, &answer.body["type"]), (413, &json!("/problems/too-large")));
}

#[tokio::test]
async fn a_stranger_gets_to_send_little() {
    let app = TestApp::start().await;
    let body = json!({"login": "member1", "password": "x".repeat(20_000)});
    let answer = app.stranger().post("/api/v1/session", &body).await;
    assert_eq!((answer.status, &answer.body["type"]), (413, &json!("/problems/too-large")));
}

#[tokio::test]
async fn what_takes_too_long_is_stopped() {
    let app = TestApp::start_with(Config { request_timeout_s: 0, ..Config::default() }).await;
    let answer = app.sign_in("command").get("/api/v1/areas").await;
    assert_eq!((answer.status, &answer.body["type"]), (503, &json!("/problems/timed-out")));
}

#[tokio::test]
async fn it_lives_without_a_database_but_is_not_ready() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    assert_eq!(stranger.get("/health/ready").await.status, 200);
    app.ground.database.pool().close().await;
    assert_eq!(stranger.get("/health/live").await.status, 200);
    let ready = stranger.get("/health/ready").await;
    assert_eq!((ready.status, &ready.body["type"]), (503, &json!("/problems/unavailable")));
    assert_eq!(ready.headers["retry-after"], "1");
    let areas = app.sign_in("command").get("/api/v1/areas").await;
    assert_eq!((areas.status, &areas.body["type"]), (503, &json!("/problems/unavailable")));
}

#[tokio::test]
async fn requests_are_counted_by_route_never_by_what_was_asked() {
    let app = TestApp::start().await;
    let client = app.sign_in("command");
    client.get("/api/v1/areas/370828003218?secret=value").await;
    client.get("/wp-login.php").await;
    let page = client.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let counted =
        "gridkeeper_http_requests_total{method=\"GET\",route=\"/api/v1/areas/{code}\",status=\"200\"}";
    assert!(page.contains(counted), "{page}");
    assert!(page.contains("gridkeeper_http_request_duration_seconds_bucket{"));
    assert!(page.contains("route=\"unmatched\""));
    assert!(page.contains("gridkeeper_database_connections "));
    for word in ["370828003218", "secret", "wp-login"] {
        assert!(!page.contains(word), "{word}");
    }
}
