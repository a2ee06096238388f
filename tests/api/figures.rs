//! Figures per grid: counts without cases, within the scope.

use serde_json::{Value, json};
use sqlx::Executor;

use crate::support::TestApp;

const VILLAGE: &str = "/api/v1/areas/370828003218/figures";

fn counts(figures: &Value) -> Value {
    let names = ["households", "people", "special_care", "enterprises", "open_hazards", "open_reports"];
    names
        .iter()
        .map(|&name| (name.to_owned(), figures[name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test]
async fn a_planner_sees_what_is_in_each_grid_and_the_sum() {
    let app = TestApp::start().await;
    let answer = app.sign_in("planner").get(VILLAGE).await;
    assert_eq!(answer.status, 200);
    let items = answer.body["items"].as_array().unwrap();
    let codes: Vec<&str> = items.iter().map(|item| item["grid_code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["370828003218001", "370828003218002"]);
    let one = json!({"households": 1, "people": 2, "special_care": 1, "enterprises": 1, "open_hazards": 1, "open_reports": 5});
    assert_eq!(counts(&items[0]), one);
    let two = json!({"households": 2, "people": 4, "special_care": 2, "enterprises": 2, "open_hazards": 2, "open_reports": 10});
    assert_eq!(counts(&answer.body["total"]), two);

    // A square of 0.01 degrees at 35 degrees north: 911.6 m by 1,109.5 m.
    let close = |value: &Value, expected: f64| (value.as_f64().unwrap() / expected - 1.0).abs() < 0.002;
    assert!(close(&items[0]["area_m2"], 911.6 * 1109.5), "{}", items[0]["area_m2"]);
    assert!(close(&items[0]["perimeter_m"], 2.0 * (911.6 + 1109.5)), "{}", items[0]["perimeter_m"]);
    assert!(close(&items[0]["compactness"], 0.778), "{}", items[0]["compactness"]);
    assert!(close(&answer.body["total"]["area_m2"], 2.0 * 911.6 * 1109.5));
}

#[tokio::test]
async fn what_is_settled_or_closed_is_not_counted() {
    let app = TestApp::start().await;
    let mut owner = app.database.owner().await;
    owner.execute("UPDATE hazards SET status = 'cleared', cleared_on = '2022-02-01'").await.unwrap();
    owner.execute("UPDATE enterprises SET status = 'closed'").await.unwrap();
    owner.execute("UPDATE special_care SET until = '2022-02-01'").await.unwrap();
    owner.execute("UPDATE reports SET status = 'closed' WHERE kind <> 'help'").await.unwrap();
    let answer = app.sign_in("planner").get("/api/v1/grids/370828003218001/figures").await;
    let expected = json!({"households": 1, "people": 2, "special_care": 0, "enterprises": 0, "open_hazards": 0, "open_reports": 1});
    assert_eq!((answer.status, counts(&answer.body)), (200, expected));
}

#[tokio::test]
async fn only_grids_within_the_scope_are_counted() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1").get(VILLAGE).await;
    assert_eq!(member.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(member.body["total"]["households"], 1);
    let neighbour = app.sign_in("planner").get("/api/v1/areas/370828003222/figures").await;
    assert_eq!((neighbour.status, neighbour.body["items"].as_array().unwrap().len()), (200, 0));
    assert_eq!(app.sign_in("member1").get("/api/v1/grids/370828003218002/figures").await.status, 404);
    let street = app.sign_in("command").get("/api/v1/areas/370828003/figures").await;
    assert_eq!(street.body["items"].as_array().unwrap().len(), 4);
    assert_eq!(app.sign_in("planner").get("/api/v1/areas/370828004/figures").await.status, 404);
}

#[tokio::test]
async fn mediators_and_strangers_are_refused() {
    let app = TestApp::start().await;
    assert_eq!(app.sign_in("mediator").get(VILLAGE).await.status, 403);
    assert_eq!(app.stranger().get(VILLAGE).await.status, 401);
    assert_eq!(app.sign_in("planner").get("/api/v1/grids/370828003218/figures").await.status, 404);
}

#[tokio::test]
async fn a_grid_without_a_boundary_has_counts_and_no_measures() {
    let app = TestApp::start().await;
    app.database.owner().await.execute("DELETE FROM grid_boundaries").await.unwrap();
    let answer = app.sign_in("planner").get("/api/v1/grids/370828003218001/figures").await;
    assert_eq!((answer.body["households"].as_i64(), &answer.body["area_m2"]), (Some(1), &Value::Null));
}
