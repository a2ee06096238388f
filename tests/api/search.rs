//! Search: what is found, by whom, and in which order.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

async fn search(client: &Client, q: &str) -> Vec<Value> {
    let escaped: Vec<_> = q.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let answer = client.get(&format!("/api/v1/search?q={}", escaped.concat())).await;
    assert_eq!(answer.status, 200, "{q}: {}", answer.body);
    answer.body["items"].as_array().cloned().unwrap_or_default()
}

/// The kinds of what is found, each once, in order.
async fn kinds(client: &Client, q: &str) -> Vec<String> {
    let mut kinds: Vec<_> = search(client, q).await.iter().map(|item| item["kind"].to_string()).collect();
    kinds.dedup();
    kinds.iter().map(|kind| kind.trim_matches('"').to_owned()).collect()
}

#[tokio::test]
async fn each_role_finds_its_own() {
    let app = TestApp::start().await;
    for (login, expected) in [
        ("member1", vec!["household", "enterprise", "report"]),
        ("planner", vec!["enterprise"]),
        ("mediator", vec!["report"]),
        ("fire", vec!["enterprise", "report"]),
        ("admin", vec!["household", "enterprise"]),
    ] {
        let found: Vec<_> = kinds(&app.sign_in(login), "测试").await;
        let found: Vec<_> = found.into_iter().filter(|kind| kind != "area").collect();
        assert_eq!(found, expected, "{login}");
    }
    assert_eq!(app.stranger().get("/api/v1/search?q=a").await.status, 401);
}

#[tokio::test]
async fn names_of_residents_are_found_by_those_who_may_read_them() {
    let app = TestApp::start().await;
    for (login, found) in
        [("member1", 1), ("police", 1), ("member2", 0), ("planner", 0), ("fire", 0), ("mediator", 0)]
    {
        let items = search(&app.sign_in(login), "测试人1").await;
        assert_eq!(items.len(), found, "{login}");
        if let Some(item) = items.first() {
            assert_eq!((&item["kind"], &item["sublabel"]), (&json!("household"), &json!("测试人1")));
        }
    }
}

#[tokio::test]
async fn places_are_found_by_name_and_by_code() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let first = search(&member, "崔口村第1网格").await.remove(0);
    assert_eq!((&first["kind"], &first["code"]), (&json!("grid"), &json!("370828003218001")));
    assert_eq!(first["sublabel"], "崔口村");
    let (lon, lat) = (first["at"][0].as_f64().unwrap(), first["at"][1].as_f64().unwrap());
    assert!((116.30..116.31).contains(&lon) && (35.07..35.08).contains(&lat));
    assert_eq!(first["bbox"].as_array().map(Vec::len), Some(4));

    // The code itself comes before those that start with it.
    let village = search(&member, "370828003218").await;
    assert_eq!((&village[0]["kind"], &village[0]["label"]), (&json!("area"), &json!("崔口村")));
    assert!(village.iter().any(|item| item["code"] == "370828003218-Y0001"));
    assert_eq!(search(&member, "91370828ma3tet1007").await[0]["kind"], "enterprise");
    assert_eq!(search(&member, "50000000-0000-7000-8000-000000000001").await[0]["kind"], "report");
}

#[tokio::test]
async fn at_most_twenty_and_nothing_for_nothing() {
    let app = TestApp::start().await;
    let command = app.sign_in("command");
    assert_eq!(search(&command, "测试").await.len(), 20);
    assert_eq!(search(&command, "  ").await.len(), 0);
    assert_eq!(search(&command, "%").await.len(), 0);
    assert_eq!(command.get("/api/v1/search").await.status, 422);
    assert_eq!(command.get("/api/v1/search?q=a%00").await.status, 422);
}
