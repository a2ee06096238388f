//! Intake: reports that arrive together are filed together, and none is the worse for its company.

use futures::future::join_all;
use serde_json::{Value, json};
use sqlx::Executor;
use uuid::Uuid;

use crate::support::{Answer, Client, TestApp};

/// What the database is made to refuse.
const REFUSED: &str = "拒收";

fn request(words: &str) -> Value {
    json!({
        "id": Uuid::now_v7(), "kind": "request", "severity": 2, "words": words,
        "place": {"x": 116.305, "y": 35.075, "crs": "wgs84"}, "happened_at": "2022-09-26T09:00:00+08:00",
    })
}

/// Files `reports` at once, the first by the first of `clients` and so on in turn.
async fn file(clients: &[Client], reports: &[Value]) -> Vec<Answer> {
    let clients = clients.iter().cycle();
    join_all(clients.zip(reports).map(|(client, report)| client.post("/api/v1/reports", report))).await
}

#[tokio::test]
async fn those_that_arrive_together_share_transactions_and_keep_their_own_scopes() {
    let app = TestApp::start().await;
    let clients = ["member1", "chief", "command", "member3"].map(|login| app.sign_in(login));
    let reports: Vec<_> = (0..40).map(|n| request(&format!("第{n}件"))).collect();
    for answer in file(&clients, &reports).await {
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(answer.body["grid"]["members"][0]["display_name"], "网格员甲");
    }
    let mut owner = app.database.owner().await;
    let (filed, transactions): (i64, i64) =
        sqlx::query_as("SELECT count(*), count(DISTINCT xmin::text) FROM reports WHERE words LIKE '第%件'")
            .fetch_one(&mut owner)
            .await
            .unwrap();
    assert_eq!(filed, 40);
    assert!(transactions < filed, "{transactions} transactions");
    // Each under the name of whoever sent it, in every table.
    let told: Vec<(String, i64)> = sqlx::query_as(
        "SELECT a.login, count(*)
           FROM reports r
           JOIN report_events e ON e.report_id = r.id AND e.action = 'filed' AND e.account_id = r.reported_by
           JOIN audit_log l ON l.subject = 'report' AND l.subject_id = r.id::text AND l.action = 'create'
                           AND l.account_id = r.reported_by AND l.place_code = r.place_code
           JOIN accounts a ON a.id = r.reported_by AND a.role = l.role
          WHERE l.request_id IS NOT NULL
          GROUP BY 1 ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(told, ["chief", "command", "member1", "member3"].map(|login| (login.to_owned(), 10)));
}

#[tokio::test]
async fn one_that_is_refused_does_not_spoil_the_others() {
    let app = TestApp::start().await;
    let refuse = format!("ALTER TABLE reports ADD CONSTRAINT reports_refused CHECK (words <> '{REFUSED}')");
    app.database.owner().await.execute(sqlx::AssertSqlSafe(refuse)).await.unwrap();
    let clients = [app.sign_in("member1"), app.sign_in("member2")];
    let reports: Vec<_> = (0..30).map(|n| request(if n % 7 == 3 { REFUSED } else { "路灯不亮" })).collect();
    let answers = file(&clients, &reports).await;
    for (report, answer) in reports.iter().zip(&answers) {
        let expected = if report["words"] == REFUSED { 422 } else { 201 };
        assert_eq!(answer.status, expected, "{}", answer.body);
    }
    let refused = reports.iter().filter(|report| report["words"] == REFUSED).count();
    assert_eq!(app.audited("create", "report").await, i64::try_from(reports.len() - refused).unwrap());
    // The desk is none the worse either.
    assert_eq!(clients[0].post("/api/v1/reports", &request("路灯不亮")).await.status, 201);
}

#[tokio::test]
async fn the_same_report_many_times_at_once_is_filed_once() {
    let app = TestApp::start().await;
    let client = [app.sign_in("member1")];
    let same = request("路灯不亮");
    let mut other = same.clone();
    other["severity"] = json!(4);
    let reports: Vec<_> =
        [&same, &same, &same, &other, &same].into_iter().cycle().take(25).cloned().collect();
    let answers = file(&client, &reports).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    // Whichever of the two contents came first has the id.
    let first = if answers.iter().zip(&reports).any(|(answer, sent)| answer.status == 201 && *sent == same) {
        20
    } else {
        5
    };
    assert_eq!((count(201), count(200), count(409)), (1, first - 1, 25 - first));
    let assigned = |answer: &&Answer| answer.status < 300;
    for answer in answers.iter().filter(assigned) {
        assert_eq!(answer.body["report"], answers.iter().find(assigned).unwrap().body["report"]);
    }
    assert_eq!(app.audited("create", "report").await, 1);
}
