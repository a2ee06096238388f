//! Patrols: what they are planned of, who is sent, what a phone with a wrong clock or no signal may do on the way.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that finds nothing where something should be has failed"
)]

mod cut_off;
mod given_up;
mod inspectors;
mod replanned;
mod team;
mod today;
mod tried;
mod walked;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor, Row};
use uuid::Uuid;

use crate::support::{Client, TestApp};

pub(super) const PLAN: &str = "/api/v1/patrols/plan";
pub(super) const GRID: &str = "370828003218001";
pub(super) const MEMBER_1: &str = "10000000-0000-7000-8000-000000000001";
pub(super) const FIRE: &str = "10000000-0000-7000-8000-000000000007";

pub(super) async fn change(app: &TestApp, sql: &str) {
    app.database.owner().await.execute(AssertSqlSafe(sql.to_owned())).await.expect("runs");
}

pub(super) async fn count(app: &TestApp, sql: &str) -> i64 {
    let row = app.database.owner().await.fetch_one(AssertSqlSafe(sql.to_owned())).await.expect("runs");
    row.get(0)
}

/// Plans a patrol for the caller; gives it.
pub(super) async fn planned(client: &Client) -> Value {
    let answer = client.post(PLAN, &json!({"workers": [{"id": Uuid::now_v7()}]})).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["patrols"][0].clone()
}

pub(super) fn at(patrol: &Value, deed: &str) -> String {
    format!("/api/v1/patrols/{}/{deed}", patrol["id"].as_str().expect("an id"))
}

pub(super) async fn started(client: &Client) -> Value {
    let patrol = planned(client).await;
    let answer = client.post(&at(&patrol, "start"), &json!({"at": Utc::now(), "sent_at": Utc::now()})).await;
    assert_eq!((answer.status, &answer.body["status"]), (200, &json!("under_way")));
    answer.body
}

pub(super) fn stop(patrol: &Value, kind: &str) -> Value {
    let stops = patrol["stops"].as_array().expect("stops");
    stops.iter().find(|stop| stop["target_kind"] == kind).expect("a stop of the kind").clone()
}

/// A check-in at a stop's door, moved north by so many degrees.
pub(super) fn check_in(stop: &Value, north: f64) -> Value {
    let (lon, lat) = (stop["plan"]["at"][0].as_f64().unwrap(), stop["plan"]["at"][1].as_f64().unwrap());
    json!({
        "id": Uuid::now_v7(), "stop_id": stop["id"], "at": Utc::now(), "sent_at": Utc::now(),
        "place": {"x": lon, "y": lat + north, "crs": "wgs84"}, "accuracy_m": 10,
    })
}

pub(super) fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a time").parse().expect("a time")
}

pub(super) const SAFETY: &str = "10000000-0000-7000-8000-0000000000ff";
pub(super) const TRY: &str = "/api/v1/patrols/evaluate";

/// A second inspector, who signs in as `safety`.
pub(super) async fn with_safety_inspector(app: &TestApp) {
    let sql = format!(
        "INSERT INTO accounts (id, login, display_name, role, scope_code, department)
         VALUES ('{SAFETY}', 'safety', '安全检查员', 'inspector', '370828003', 'safety');
         INSERT INTO api_tokens (id, account_id, name, token_hash)
         VALUES (gen_random_uuid(), '{SAFETY}', 'test', sha256(convert_to('token-of-safety', 'UTF8')))"
    );
    change(app, &sql).await;
}
