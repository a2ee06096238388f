//! Acknowledged means durable: whatever is killed while reports come in, every report that was answered is there,
//! once.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "what fails here fails the test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{SubsecRound, Utc};
use nix::sys::signal::{Signal, kill};
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use crate::support::{Place, Service};

/// People filing at once.
const CLIENTS: usize = 8;

/// Reports acknowledged before anything is killed: enough that all clients are in full flow.
const IN_FLOW: usize = 100;

/// What the clients and the one who kills have to tell each other.
#[derive(Default)]
struct Flow {
    acknowledged: AtomicUsize,
    enough: AtomicBool,
}

impl Flow {
    /// Waits until `more` reports have been acknowledged.
    async fn advances_by(&self, more: usize) {
        let goal = self.acknowledged.load(Ordering::Relaxed) + more;
        for _ in 0..6_000 {
            if self.acknowledged.load(Ordering::Relaxed) >= goal {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("no {more} reports came in within a minute");
    }
}

/// A report and what the service answered to it, as far as it did.
struct Filed {
    report: Value,
    answer: Option<Value>,
}

fn report(n: usize) -> Value {
    // Spread over the grid, so that each differs and each lies in 370828003218001.
    let offset = (n % 997) as f64 * 8e-6;
    json!({
        "id": Uuid::now_v7(), "kind": "request", "severity": 1, "words": format!("第{n}件"),
        "place": {"x": 116.301 + offset, "y": 35.071 + offset, "crs": "wgs84"},
        "happened_at": Utc::now().trunc_subsecs(0),
    })
}

/// Files `report`: its answer if it was acknowledged.
async fn file(client: &reqwest::Client, url: &str, report: &Value) -> Option<Value> {
    let request = client.post(format!("{url}/api/v1/reports")).bearer_auth("token-of-member1").json(report);
    let answer = request.send().await.ok()?;
    let status = answer.status();
    let body = answer.json().await.ok()?;
    assert!(!status.is_client_error(), "{status}: {body}");
    status.is_success().then_some(body)
}

/// Files reports from all clients until told to stop; each waits for its answer before the next.
fn intake(service: &Service, flow: &Arc<Flow>) -> Vec<tokio::task::JoinHandle<Vec<Filed>>> {
    let client = |number: usize| {
        let (url, flow) = (service.url().to_owned(), Arc::clone(flow));
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut filed = Vec::new();
            while !flow.enough.load(Ordering::Relaxed) {
                let report = report(number + filed.len() * CLIENTS);
                let answer = file(&client, &url, &report).await;
                if answer.is_some() {
                    flow.acknowledged.fetch_add(1, Ordering::Relaxed);
                } else {
                    sleep(Duration::from_millis(20)).await;
                }
                filed.push(Filed { report, answer });
            }
            filed
        })
    };
    (0..CLIENTS).map(client).collect()
}

async fn gather(clients: Vec<tokio::task::JoinHandle<Vec<Filed>>>) -> Vec<Filed> {
    let mut all = Vec::new();
    for client in clients {
        all.extend(client.await.unwrap());
    }
    all
}

/// Every acknowledged report is there once, and filing it again gives the first answer. One that was never
/// acknowledged is there once after it is filed again.
async fn check(place: &Place, service: &Service, filed: &[Filed]) {
    let mut owner = place.owner().await;
    for one in filed.iter().filter(|one| one.answer.is_some()) {
        let id: Uuid = one.report["id"].as_str().unwrap().parse().unwrap();
        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM reports WHERE id = $1")
            .bind(id)
            .fetch_one(&mut owner)
            .await
            .unwrap();
        assert_eq!(rows, 1, "{id} was acknowledged");
    }
    let client = reqwest::Client::new();
    for one in filed.iter().filter(|one| one.answer.is_none()).chain(filed.iter().rev().take(40)) {
        let again = file(&client, service.url(), &one.report).await.expect("is taken the second time");
        if let Some(first) = &one.answer {
            assert_eq!(again["report"], first["report"], "the first answer again");
        }
    }
    let (rows, ids): (i64, i64) =
        sqlx::query_as("SELECT count(*), count(DISTINCT id) FROM reports WHERE words LIKE '第%件'")
            .fetch_one(&mut owner)
            .await
            .unwrap();
    assert_eq!(rows, ids);
    assert_eq!(usize::try_from(rows).unwrap(), filed.len(), "each filed report is there, and nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_survive_a_killed_service() {
    let place = Place::seeded().await;
    let service = place.serve().await;
    let flow = Arc::new(Flow::default());
    let clients = intake(&service, &flow);
    flow.advances_by(IN_FLOW).await;
    service.kill().await;
    flow.enough.store(true, Ordering::Relaxed);
    let filed = gather(clients).await;

    let service = place.serve().await;
    check(&place, &service, &filed).await;
    assert!(service.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_survive_a_killed_database() {
    let place = Place::seeded().await;
    let service = place.serve().await;
    let flow = Arc::new(Flow::default());
    let clients = intake(&service, &flow);
    for _ in 0..2 {
        flow.advances_by(IN_FLOW).await;
        let killed = place.server();
        kill(killed, Signal::SIGKILL).unwrap();
        assert!(place.replaces_within(killed, Duration::from_secs(60)).await);
        assert!(service.recovers_within(Duration::from_secs(60)).await);
    }
    flow.enough.store(true, Ordering::Relaxed);
    let filed = gather(clients).await;

    check(&place, &service, &filed).await;
    assert!(service.stop().await);
}
