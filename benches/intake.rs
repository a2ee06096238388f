//! Intake: eight people filing reports without pause, against `pgbench` inserting the same rows into the same
//! cluster, one transaction each. What the service adds (HTTP, the grid, row-level security, likely duplicates,
//! the answer) is the distance between the two.
//!
//! `cargo bench --bench intake`. Rounds alternate, because a machine's speed drifts; a ratio holds within a run.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints, and stops at what is amiss"
)]

mod service;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use self::service::{Connection, Service};

const CLIENTS: usize = 8;
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(10);

/// Who file: accounts of the seed, each with grids of its own to see.
const FILERS: [&str; 4] = ["member1", "member2", "chief", "command"];

/// What [`report`] files, as the service stores it (the report, its first event, its line in the audit log), without
/// the service: no row-level security, no indices spared. `pgbench` numbers its variables from the ranges in the
/// first lines.
const PGBENCH: &str = r"
\set x random(0, 1999999)
\set y random(0, 1999999)
\set ago random(0, 31535999)
WITH filed AS (
    INSERT INTO reports (id, content_hash, place_code, boundary_plan_id, kind, severity, words, status,
            resolved_on_spot, happened_at, received_at, reported_by, accuracy_m, boundary_m, near_boundary,
            given_crs, given_x, given_y, geom)
    SELECT gen_random_uuid(), sha256(convert_to(:x::text, 'UTF8')), '370828003218001',
           '00000000-0000-7000-8000-000000000018', 'request', 2,
           '路灯不亮，请派人查看，编号 ' || :x, 'open', false, now() - make_interval(secs => :ago), now(),
           '10000000-0000-7000-8000-000000000001', 8, 120, false, 'wgs84', 116.30 + :x / 1e8, 35.06 + :y / 1e8,
           ST_SetSRID(ST_MakePoint(116.30 + :x / 1e8, 35.06 + :y / 1e8), 4326)
    RETURNING id, place_code, received_at, reported_by
), audited AS (
    INSERT INTO audit_log (id, account_id, role, action, subject, subject_id, place_code, request_id)
    SELECT gen_random_uuid(), reported_by, 'grid_member', 'create', 'report', id::text, place_code,
           gen_random_uuid()::text
      FROM filed
)
INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, to_status)
SELECT gen_random_uuid(), id, place_code, 'request', received_at, reported_by, 'filed', 'open' FROM filed;
";

/// Takes back what a round has filed.
const EMPTY: &str = "TRUNCATE reports, audit_log CASCADE;";

fn main() {
    let root = service::folder();
    let service = Service::seeded(root.path(), "");

    println!("{CLIENTS} clients, {ROUNDS} rounds of {} s each, alternating", ROUND.as_secs());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // Both sides fill the same tables from the same start.
        service.psql(EMPTY);
        ours.push(show("service", file_reports(&service)));
        service.psql(EMPTY);
        theirs.push(show("pgbench", pgbench(root.path(), &service)));
    }
    let mean = |rates: &[f64]| rates.iter().sum::<f64>() / rates.len() as f64;
    println!("ratio {:.2}", mean(&ours) / mean(&theirs));
    service.stop();
}

/// Prints one round, and gives its rate per second.
fn show(what: &str, mut latencies_us: Vec<u64>) -> f64 {
    latencies_us.sort_unstable();
    let percentile = |p: usize| latencies_us[(latencies_us.len() - 1) * p / 100] as f64 / 1e3;
    let rate = latencies_us.len() as f64 / ROUND.as_secs_f64();
    let (p50, p99) = (percentile(50), percentile(99));
    println!("{what}: {rate:8.1} reports/s   p50 {p50:7.2} ms   p99 {p99:7.2} ms");
    rate
}

/// One round of filing; each request's microseconds.
fn file_reports(service: &Service) -> Vec<u64> {
    let until = Instant::now() + ROUND;
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                scope.spawn(move || {
                    let mut connection = Connection::open(service);
                    let mut latencies = Vec::new();
                    while Instant::now() < until {
                        let body = report().to_string();
                        let started = Instant::now();
                        let filer = FILERS[number % FILERS.len()];
                        assert_eq!(connection.ask("POST", "/api/v1/reports", filer, &body).0, 201);
                        latencies.push(u64::try_from(started.elapsed().as_micros()).unwrap());
                    }
                    latencies
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}

/// A request somewhere in the four grids of the seed, some time in the past year.
fn report() -> Value {
    let [x, y, ago]: [u32; 3] = rand::random();
    json!({
        "id": Uuid::now_v7(), "kind": "request", "severity": 2, "words": format!("路灯不亮，请派人查看，编号 {}", x % 2_000_000),
        "place": {
            "x": 116.30 + f64::from(x % 2_000_000) / 1e8, "y": 35.06 + f64::from(y % 2_000_000) / 1e8,
            "crs": "wgs84", "accuracy_m": 8,
        },
        "happened_at": Utc::now() - TimeDelta::seconds(i64::from(ago % 31_536_000)),
    })
}

/// One round of `pgbench`; each transaction's microseconds.
fn pgbench(root: &Path, service: &Service) -> Vec<u64> {
    let script = root.join("file.sql");
    fs::write(&script, PGBENCH).unwrap();
    let clients = CLIENTS.to_string();
    let seconds = ROUND.as_secs().to_string();
    let status = service
        .client("pgbench")
        .args([
            "-n",
            "-M",
            "prepared",
            "-c",
            &clients,
            "-j",
            "2",
            "-T",
            &seconds,
            "-l",
            "--log-prefix=latencies",
        ])
        .arg("-f")
        .arg(&script)
        .current_dir(root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let logs: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("latencies"))
        .collect();
    let mut latencies = Vec::new();
    for log in logs {
        // client, transaction, microseconds, script, time, microseconds of the time
        let content = fs::read_to_string(&log).unwrap();
        latencies.extend(content.lines().map(|line| line.split(' ').nth(2).unwrap().parse::<u64>().unwrap()));
        fs::remove_file(log).unwrap();
    }
    latencies
}
