//! A boundary plan as a planner holds it: with the version it was read at, which every change has to name.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something should be has failed")]

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Client};

pub(crate) const VILLAGE: &str = "370828003218";
pub(crate) const WEST: &str = "370828003218001";
pub(crate) const EAST: &str = "370828003218002";

/// A plan with the version it was read at.
pub(crate) struct Plan {
    pub(crate) path: String,
    pub(crate) version: String,
    pub(crate) body: Value,
}

impl Plan {
    pub(crate) async fn begin(client: &Client) -> Self {
        Self::begin_with(client, &json!({})).await
    }

    pub(crate) async fn begin_with(client: &Client, more: &Value) -> Self {
        let mut sent = json!({"id": Uuid::now_v7(), "village_code": VILLAGE, "name": "均衡负担"});
        sent.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Self::of(client.post("/api/v1/plans", &sent).await, 201)
    }

    pub(crate) fn of(answer: Answer, status: u16) -> Self {
        assert_eq!(answer.status, status, "{}", answer.body);
        let version = answer.headers["etag"].to_str().unwrap().to_owned();
        let path = format!("/api/v1/plans/{}", answer.body["id"].as_str().unwrap());
        Self { path, version, body: answer.body }
    }

    pub(crate) async fn send(&self, client: &Client, what: &str, body: &Value) -> Answer {
        let request = client.request(reqwest::Method::POST, &format!("{}/{what}", self.path));
        client.send(request.header("If-Match", &self.version).json(body)).await
    }

    pub(crate) async fn try_edit(&self, client: &Client, operations: Value) -> Answer {
        self.send(client, "edits", &json!({"id": Uuid::now_v7(), "operations": operations})).await
    }

    /// Does something that works, and goes on from there.
    pub(crate) async fn edit(&mut self, client: &Client, operations: Value) {
        *self = Self::of(self.try_edit(client, operations).await, 200);
    }

    /// Goes on from an answer to something that worked.
    pub(crate) fn take(&mut self, answer: Answer) {
        *self = Self::of(answer, 200);
    }

    pub(crate) async fn walk(&mut self, client: &Client, what: &str) {
        *self = Self::of(self.send(client, what, &json!({})).await, 200);
    }

    pub(crate) async fn again(&mut self, client: &Client) {
        *self = Self::of(client.get(&self.path).await, 200);
    }

    pub(crate) fn figure(&self, code: &str, name: &str) -> f64 {
        let figures = self.body["figures"].as_array().unwrap();
        let of_grid = figures.iter().find(|figures| figures["code"] == code);
        of_grid.unwrap_or_else(|| panic!("no {code}"))[name].as_f64().unwrap()
    }

    pub(crate) fn count(&self, code: &str, name: &str) -> i64 {
        self.figure(code, name) as i64
    }

    pub(crate) fn findings(&self, kind: &str) -> Vec<&Value> {
        let findings = self.body["findings"].as_array().unwrap();
        findings.iter().filter(|finding| finding["kind"] == kind).collect()
    }

    pub(crate) fn codes(&self) -> Vec<&str> {
        let grids = self.body["sheet"]["grids"].as_array().unwrap();
        grids.iter().map(|grid| grid["code"].as_str().unwrap()).collect()
    }
}

/// Draws the border between the two grids further west in its middle.
pub(crate) fn bulge_west() -> Value {
    json!([
        {"op": "insert_vertex", "at": [116.31, 35.073]},
        {"op": "insert_vertex", "at": [116.31, 35.077]},
        {"op": "move_arc", "at": [116.31, 35.075], "by": [-0.006, 0.0]},
    ])
}
