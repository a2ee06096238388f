//! The OpenAPI document: reviewed, complete, and shown by us alone.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use reqwest::Method;
use serde_json::Value;

use crate::support::TestApp;

/// The reviewed document, from which the web map's types are made.
const REVIEWED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");

fn document() -> Value {
    serde_json::to_value(gridkeeper::app::openapi()).unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        let methods = ["get", "put", "post", "patch", "delete"];
        methods.into_iter().filter_map(move |method| Some((format!("{method} {path}"), item.get(method)?)))
    })
}

#[test]
fn the_reviewed_document_is_the_one_served() {
    let text = format!("{:#}\n", document());
    if std::env::var_os("GRIDKEEPER_REVIEW").is_some() {
        std::fs::write(REVIEWED, &text).unwrap();
    }
    let reviewed = std::fs::read_to_string(REVIEWED).unwrap_or_default();
    assert!(
        reviewed == text,
        "docs/openapi.json is not what the service describes: run GRIDKEEPER_REVIEW=1 cargo test --test api \
         openapi, look at what changed, and commit it"
    );
}

#[test]
fn enumerations_list_the_words_that_are_sent() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let words = |name: &str| serde_json::from_value::<Vec<String>>(schemas[name]["enum"].clone()).unwrap();
    assert_eq!(words("ReportKind"), ["hazard", "dispute", "request", "opinion", "help"]);
    assert_eq!(words("VisitResult"), ["done", "nobody_home", "refused", "hazard_found"]);
    assert_eq!(schemas["ReportKind"]["description"], "What a report is about.");
}

#[test]
fn every_operation_is_described() {
    let document = document();
    for (name, operation) in operations(&document) {
        assert!(operation["summary"].is_string(), "{name} has no summary");
        assert!(operation["operationId"].is_string(), "{name} has no id");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name} has no tag");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        for (status, response) in responses {
            if status.starts_with('4') || status.starts_with('5') {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{name} {status}");
            }
        }
        if name.starts_with("patch ") {
            let has = |header: &str| {
                operation["parameters"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|parameter| parameter["name"] == header)
            };
            assert!(has("If-Match"), "{name} changes without If-Match");
        }
    }
}

#[test]
fn operations_have_different_ids_and_all_references_lead_somewhere() {
    let document = document();
    let mut ids: Vec<_> =
        operations(&document).map(|(_, operation)| operation["operationId"].to_string()).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
}

#[tokio::test]
async fn only_what_must_be_open_is_open() {
    let document = document();
    let open: Vec<String> = operations(&document)
        .filter(|(_, operation)| operation["security"] == serde_json::json!([{}]))
        .map(|(name, _)| name)
        .collect();
    insta::assert_debug_snapshot!(open);
    let app = TestApp::start().await;
    let stranger = app.stranger();
    for (name, _) in operations(&document).filter(|(name, _)| !open.contains(name)) {
        let (method, path) = name.split_once(' ').unwrap();
        let method: Method = method.to_uppercase().parse().unwrap();
        let path = path.replace("{id}", "10000000-0000-7000-8000-000000000001");
        let path = path
            .replace("{code}", "370828003218")
            .replace("{z}", "1")
            .replace("{x}", "1")
            .replace("{y}", "1");
        let signing_out = name == "delete /api/v1/session";
        let answer = stranger.send(stranger.request(method, &path)).await;
        assert_eq!(answer.status, if signing_out { 204 } else { 401 }, "{name} {}", answer.body);
    }
}

#[tokio::test]
async fn the_document_and_its_page_come_from_here() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    assert_eq!(stranger.get("/api/openapi.json").await.body, document());
    let text = |path: &'static str| {
        let request = stranger.request(Method::GET, path);
        async move { request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap() }
    };
    let page = text("/api/docs/").await;
    for script in page.split("<script").skip(1) {
        assert!(script.contains("src=\"./"), "the content security policy forbids inline scripts: {script}");
    }
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    let start = text("/api/docs/swagger-initializer.js").await;
    assert!(start.contains("/api/openapi.json") && start.contains("\"validatorUrl\": \"none\""), "{start}");
}
