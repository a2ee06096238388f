//! Server-sent events: each listener hears what they may read, and no longer than they may.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something should be has failed")]

use std::collections::BTreeSet;
use std::time::Duration;

use futures::StreamExt;
use gridkeeper::platform::events::Change;
use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::support::{Client, TestApp};

/// A stream of events, read line by line.
struct Listener {
    response: reqwest::Response,
    read: String,
}

impl Listener {
    async fn open(client: &Client) -> Self {
        let request = client.request(reqwest::Method::GET, "/api/v1/events");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, read: String::new() }
    }

    /// The next event, or nothing when the stream has ended.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(end) = self.read.find("\n\n") {
                let block: String = self.read.drain(..end + 2).collect();
                let field =
                    |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                if let Some((name, data)) = field("event:").zip(field("data:")) {
                    return Some((name.to_owned(), serde_json::from_str(data).unwrap()));
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await;
            let chunk = chunk.unwrap().unwrap()?;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn filing_and_working_are_heard_as_they_happen() {
    let app = TestApp::start().await;
    let mut chief = Listener::open(&app.sign_in("chief")).await;
    let id = Uuid::now_v7();
    let report = json!({
        "id": id, "kind": "hazard", "severity": 3, "words": "测试事件",
        "place": {"x": 116.305, "y": 35.075, "crs": "wgs84"}, "happened_at": "2022-09-26T09:00:00+08:00",
    });
    app.sign_in("member1").post("/api/v1/reports", &report).await;
    let told = |status: &str, change: &str| json!({"id": id, "kind": "hazard", "severity": 3, "status": status, "place_code": "370828003218001", "change": change});
    assert_eq!(chief.next().await, Some(("report".into(), told("open", "created"))));
    let action = json!({"id": Uuid::now_v7(), "action": "coordinate"});
    app.sign_in("member1").post(&format!("/api/v1/reports/{id}/actions"), &action).await;
    assert_eq!(chief.next().await, Some(("report".into(), told("coordinating", "changed"))));
}

#[tokio::test]
async fn listeners_hear_of_exactly_the_reports_they_may_read() {
    let app = TestApp::start().await;
    let stored = sqlx::query("SELECT id, kind, severity, status, place_code, reported_by FROM reports")
        .fetch_all(&mut app.database.owner().await)
        .await
        .unwrap();
    // One of them filed by somebody who otherwise could not see it.
    let own: Uuid = "51000000-0000-7000-8000-000000000005".parse().unwrap();
    let planner: Uuid = "10000000-0000-7000-8000-000000000004".parse().unwrap();
    sqlx::query("UPDATE reports SET reported_by = $2 WHERE id = $1")
        .bind(own)
        .bind(planner)
        .execute(&mut app.database.owner().await)
        .await
        .unwrap();
    let logins =
        ["member1", "chief", "planner", "mediator", "police", "fire", "command", "admin", "stranger"];
    let mut heard_at_all = 0;
    for login in logins {
        let client = app.sign_in(login);
        let mut listener = Listener::open(&client).await;
        for row in &stored {
            let id = row.get("id");
            let reported_by = if id == own { Some(planner) } else { row.get("reported_by") };
            app.ground.events.publish(Change::Report {
                id,
                kind: row.get("kind"),
                severity: row.get("severity"),
                status: row.get("status"),
                place_code: row.get("place_code"),
                reported_by,
                created: true,
            });
        }
        app.ground.events.publish(Change::Layer { layer: "areas".into() });
        let mut heard = BTreeSet::new();
        while let Some((name, data)) = listener.next().await {
            if name == "layer" {
                assert_eq!(data, json!({"layer": "areas"}));
                break;
            }
            heard.insert(data["id"].as_str().unwrap().to_owned());
        }
        let list = client.get("/api/v1/reports?limit=500").await.body;
        let readable: BTreeSet<String> =
            list["items"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(heard, readable, "{login}");
        heard_at_all += heard.len();
    }
    assert!(heard_at_all > 50);
}

#[tokio::test]
async fn the_stream_ends_when_the_account_does() {
    let app = TestApp::start().await;
    let mut listener = Listener::open(&app.sign_in("member1")).await;
    sqlx::query("UPDATE accounts SET disabled_at = now() WHERE login = 'member1'")
        .execute(&mut app.database.owner().await)
        .await
        .unwrap();
    let started = tokio::time::Instant::now();
    assert_eq!(listener.next().await, None);
    assert!(started.elapsed() < Duration::from_secs(15));
    let again = app.sign_in("member1").get("/api/v1/events").await;
    assert_eq!(again.status, 401);
}

#[tokio::test]
async fn listeners_per_account_are_bounded_and_their_places_are_given_back() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let open = futures::stream::iter(0..32).then(|_| Listener::open(&client)).collect::<Vec<_>>().await;
    let refused = client.get("/api/v1/events").await;
    assert_eq!((refused.status, refused.headers.contains_key("retry-after")), (429, true));
    let mut other = Listener::open(&app.sign_in("member2")).await;
    drop(open);
    // The server notices that a listener has gone when it next has something to say.
    let reopened = async {
        loop {
            app.ground.events.publish(Change::Layer { layer: "areas".into() });
            let request = client.request(reqwest::Method::GET, "/api/v1/events");
            if request.send().await.unwrap().status() == 200 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reopened).await.expect("a place is free again");
    assert_eq!(other.next().await.unwrap().0, "layer");
}
