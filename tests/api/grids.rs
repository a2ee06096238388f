//! Grids: who is responsible for which, and on what date they looked how.

use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn a_grid_names_its_village_its_members_and_its_dates() {
    let app = TestApp::start().await;
    let answer = app.sign_in("member2").get("/api/v1/grids/370828003218001").await;
    assert_eq!((answer.status, &answer.headers["etag"]), (200, &"\"1\"".parse().unwrap()));
    insta::assert_json_snapshot!(answer.body);
}

#[tokio::test]
async fn the_street_is_listed_as_of_a_date() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let codes = async |query: &str| {
        client.get(&format!("/api/v1/grids{query}")).await.codes().join(" ").replace("370828003", "")
    };
    assert_eq!(codes("").await, "218001 218002 222001 222002");
    assert_eq!(codes("?village=370828003222").await, "222001 222002");
    assert_eq!(codes("?bbox=116.311,35.071,116.312,35.072").await, "218002");
    assert_eq!(codes("?on=2019-12-31").await, "");
    assert_eq!(client.get("/api/v1/grids?on=yesterday").await.faults(), ["on"]);
    assert_eq!(client.get("/api/v1/grids/370828004201001").await.status, 404, "another street");
}

#[tokio::test]
async fn names_are_changed_by_planners_from_the_version_they_saw() {
    let app = TestApp::start().await;
    let path = "/api/v1/grids/370828003218001";
    let change = json!({"name": " 村东头 ", "kind": "exclusive"});
    let planner = app.sign_in("planner");
    let answer = planner.patch(path, Some("\"1\""), &change).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!((&answer.body["name"], &answer.body["kind"]), (&json!("村东头"), &json!("exclusive")));
    assert_eq!(planner.patch(path, Some("\"1\""), &change).await.status, 412);
    assert_eq!(planner.patch(path, Some("\"2\""), &json!({"name": " "})).await.faults(), ["name"]);
    assert_eq!(app.sign_in("chief").patch(path, Some("\"2\""), &change).await.status, 403);
    let neighbour = "/api/v1/grids/370828003222001";
    assert_eq!(planner.patch(neighbour, Some("\"1\""), &change).await.status, 403);
    assert_eq!(app.audited("change", "grid").await, 1);
    assert_eq!(planner.get(path).await.body["version"], Value::from(2));
}
