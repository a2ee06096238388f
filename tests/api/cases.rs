//! What becomes of a report: who may do what, and what is written down.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something should be has failed")]

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, TestApp};

/// Files a report of `kind` in grid 370828003218001 as `login` and gives its id.
async fn file(app: &TestApp, login: &str, kind: &str) -> String {
    let report = json!({
        "id": Uuid::now_v7(), "kind": kind, "severity": 3, "words": "测试事件",
        "place": {"x": 116.305, "y": 35.075, "crs": "wgs84"}, "happened_at": "2022-09-26T09:00:00+08:00",
    });
    let answer = app.sign_in(login).post("/api/v1/reports", &report).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["report"]["id"].as_str().unwrap().to_owned()
}

async fn act(app: &TestApp, login: &str, report: &str, action: Value) -> Answer {
    let mut action = action;
    if action["id"].is_null() {
        action["id"] = json!(Uuid::now_v7());
    }
    app.sign_in(login).post(&format!("/api/v1/reports/{report}/actions"), &action).await
}

/// Does it and gives the status after, or the problem's slug.
async fn outcome(app: &TestApp, login: &str, report: &str, action: Value) -> String {
    let answer = act(app, login, report, action).await;
    let told = if answer.status == 200 { &answer.body["status"] } else { &answer.body["type"] };
    told.as_str().unwrap().trim_start_matches("/problems/").to_owned()
}

#[tokio::test]
async fn a_case_climbs_the_three_tiers_and_is_verified() {
    let app = TestApp::start().await;
    let id = file(&app, "member1", "hazard").await;
    for (login, action, expected) in [
        ("member1", json!({"action": "coordinate"}), "coordinating"),
        ("chief", json!({"action": "escalate", "note": "村里无法处理"}), "escalated"),
        ("command", json!({"action": "dispatch", "department": "fire"}), "dispatched"),
        ("fire", json!({"action": "resolve", "note": "已清理"}), "resolved"),
        ("command", json!({"action": "rework", "note": "仍有杂物"}), "dispatched"),
        ("fire", json!({"action": "resolve"}), "resolved"),
        ("command", json!({"action": "close"}), "closed"),
    ] {
        assert_eq!(outcome(&app, login, &id, action).await, expected, "{login}");
    }
    let case = app.sign_in("chief").get(&format!("/api/v1/reports/{id}")).await;
    assert_eq!(case.headers["etag"], "\"8\"");
    assert!(case.body["closed_at"].is_string());
    let events: Vec<_> = case.body["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            let account = event["account"]["display_name"].as_str().unwrap();
            (event["action"].as_str().unwrap(), event["to_status"].as_str().unwrap(), account)
        })
        .collect();
    assert_eq!(
        events,
        [
            ("filed", "open", "网格员甲"),
            ("coordinate", "coordinating", "网格员甲"),
            ("escalate", "escalated", "网格长"),
            ("dispatch", "dispatched", "指挥中心"),
            ("resolve", "resolved", "消防检查员"),
            ("rework", "dispatched", "指挥中心"),
            ("resolve", "resolved", "消防检查员"),
            ("close", "closed", "指挥中心"),
        ]
    );
    assert_eq!(case.body["events"][3]["department"], "fire");
    let audited: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit_log WHERE subject = 'report' AND subject_id = $1")
            .bind(&id)
            .fetch_one(&mut app.database.owner().await)
            .await
            .unwrap();
    assert_eq!(audited, 8);
}

#[tokio::test]
async fn each_role_does_its_own_part_only() {
    let app = TestApp::start().await;
    let open = file(&app, "member1", "hazard").await;
    for (login, action, expected) in [
        ("member1", json!({"action": "escalate"}), "not-permitted"),
        ("member1", json!({"action": "close"}), "not-permitted"),
        ("chief", json!({"action": "resolve_on_spot"}), "not-permitted"),
        ("chief", json!({"action": "dispatch", "department": "fire"}), "not-permitted"),
        ("command", json!({"action": "close"}), "wrong-status"),
        ("fire", json!({"action": "resolve"}), "wrong-status"),
        ("planner", json!({"action": "note", "note": "?"}), "not-found"),
        ("mediator", json!({"action": "resolve"}), "not-found"),
        ("member2", json!({"action": "coordinate"}), "not-found"),
        ("stranger", json!({"action": "note", "note": "?"}), "not-found"),
    ] {
        assert_eq!(outcome(&app, login, &open, action.clone()).await, expected, "{login} {action}");
    }
    // Dispatched to the police: not the fire inspector's to resolve.
    let dispatch = json!({"action": "dispatch", "department": "police"});
    assert_eq!(outcome(&app, "command", &open, dispatch).await, "dispatched");
    assert_eq!(outcome(&app, "fire", &open, json!({"action": "resolve"})).await, "not-permitted");
    assert_eq!(outcome(&app, "police", &open, json!({"action": "resolve"})).await, "resolved");
    let dispute = file(&app, "member1", "dispute").await;
    assert_eq!(outcome(&app, "mediator", &dispute, json!({"action": "resolve"})).await, "resolved");
    let spot = file(&app, "member1", "hazard").await;
    assert_eq!(outcome(&app, "member1", &spot, json!({"action": "resolve_on_spot"})).await, "resolved");
    assert_eq!(
        outcome(&app, "command", &spot, json!({"action": "rework", "note": "没有处理好"})).await,
        "coordinating"
    );
    let stored = app.sign_in("chief").get(&format!("/api/v1/reports/{spot}")).await;
    assert_eq!(stored.body["resolved_on_spot"], false);
}

#[tokio::test]
async fn what_may_be_done_is_what_is_offered() {
    let app = TestApp::start().await;
    let id = file(&app, "member1", "hazard").await;
    let offered = async |login: &str| {
        app.sign_in(login).get(&format!("/api/v1/reports/{id}")).await.body["actions"].clone()
    };
    assert_eq!(offered("member1").await, json!(["resolve_on_spot", "coordinate", "note"]));
    assert_eq!(offered("chief").await, json!(["coordinate", "escalate", "resolve", "note"]));
    assert_eq!(offered("command").await, json!(["dispatch", "note"]));
    assert_eq!(offered("fire").await, json!(["note"]));
    act(&app, "command", &id, json!({"action": "dispatch", "department": "fire"})).await;
    assert_eq!(offered("fire").await, json!(["resolve", "note"]));
    assert_eq!(offered("police").await, json!(["note"]));
}

#[tokio::test]
async fn doing_it_again_has_no_second_effect() {
    let app = TestApp::start().await;
    let id = file(&app, "member1", "request").await;
    let note = json!({"id": Uuid::now_v7(), "action": "note", "note": "已联系"});
    let coordinate = json!({"id": Uuid::now_v7(), "action": "coordinate"});
    for action in [&note, &coordinate] {
        assert_eq!(act(&app, "member1", &id, action.clone()).await.status, 200);
        assert_eq!(act(&app, "member1", &id, action.clone()).await.status, 200);
        // The same id for something else, or from somebody else.
        let mut other = action.clone();
        other["note"] = json!("别的");
        assert_eq!(act(&app, "member1", &id, other).await.status, 409);
        assert_eq!(act(&app, "chief", &id, action.clone()).await.status, 409);
    }
    let case = app.sign_in("member1").get(&format!("/api/v1/reports/{id}")).await;
    assert_eq!(case.body["events"].as_array().unwrap().len(), 3);
    assert_eq!(case.body["version"], 3);
}

#[tokio::test]
async fn two_at_once_make_one_step() {
    let app = TestApp::start().await;
    let id = file(&app, "member1", "request").await;
    let (by_member, by_chief) = tokio::join!(
        act(&app, "member1", &id, json!({"action": "coordinate"})),
        act(&app, "chief", &id, json!({"action": "coordinate"}))
    );
    let mut statuses = [by_member.status, by_chief.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let same = json!({"id": Uuid::now_v7(), "action": "escalate"});
    let (one, two) = tokio::join!(act(&app, "chief", &id, same.clone()), act(&app, "chief", &id, same));
    assert_eq!((one.status, two.status), (200, 200));
}

#[tokio::test]
async fn an_action_says_what_it_needs() {
    let app = TestApp::start().await;
    let id = file(&app, "member1", "request").await;
    for (action, field) in [
        (json!({"action": "note"}), "note"),
        (json!({"action": "note", "note": " "}), "note"),
        (json!({"action": "rework"}), "note"),
        (json!({"action": "dispatch"}), "department"),
        (json!({"action": "close", "department": "fire"}), "department"),
        (json!({"action": "applaud"}), "action"),
        (json!({"action": "note", "note": "好", "mood": "glad"}), "mood"),
    ] {
        let answer = act(&app, "command", &id, action.clone()).await;
        let named = answer.body["errors"][0]["field"].as_str().unwrap_or_default();
        assert_eq!((answer.status, named), (422, field), "{action}");
    }
}

#[tokio::test]
async fn whoever_filed_a_report_follows_it_wherever_it_lies() {
    let app = TestApp::start().await;
    // Member 2 sees a fire in the neighbour's grid.
    let id = file(&app, "member2", "hazard").await;
    let path = format!("/api/v1/reports/{id}");
    let case = app.sign_in("member2").get(&path).await;
    assert_eq!((case.status, &case.body["grid_code"]), (200, &json!("370828003218001")));
    assert_eq!(case.body["actions"], json!(["note"]));
    assert_eq!(outcome(&app, "member2", &id, json!({"action": "coordinate"})).await, "not-permitted");
    assert_eq!(outcome(&app, "member2", &id, json!({"action": "note", "note": "还在冒烟"})).await, "open");
    act(&app, "chief", &id, json!({"action": "coordinate"})).await;
    let followed = app.sign_in("member2").get(&path).await.body;
    assert_eq!(followed["status"], "coordinating");
    assert_eq!(followed["events"].as_array().unwrap().len(), 3);
    let mine = app.sign_in("member2").get("/api/v1/reports?mine=true").await.body;
    let ids: Vec<_> =
        mine["items"].as_array().unwrap().iter().map(|report| report["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [id.as_str()]);
    assert_eq!(app.sign_in("member3").get(&path).await.status, 404);
}

#[tokio::test]
async fn lists_hold_what_each_role_works_with() {
    let app = TestApp::start().await;
    let kinds = async |login: &str| {
        let list = app.sign_in(login).get("/api/v1/reports").await.body;
        let mut found: Vec<_> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|report| {
                let place = report["place_code"].as_str().unwrap();
                (place[9..].to_owned(), report["kind"].as_str().unwrap().to_owned())
            })
            .collect();
        found.sort();
        found
    };
    let pairs = |places: &[&str], kinds: &[&str]| {
        let mut all: Vec<_> =
            places.iter().flat_map(|p| kinds.iter().map(|k| ((*p).to_owned(), (*k).to_owned()))).collect();
        all.sort();
        all
    };
    let (one, two) = ("218001", "218002");
    let every = ["hazard", "dispute", "request", "opinion", "help"];
    assert_eq!(kinds("member1").await, pairs(&[one], &every));
    assert_eq!(kinds("chief").await, pairs(&[one, two], &every));
    assert_eq!(kinds("mediator").await, pairs(&[one, two], &["dispute"]));
    assert_eq!(kinds("police").await, pairs(&[one, two], &["hazard", "dispute", "request", "help"]));
    assert_eq!(kinds("fire").await, pairs(&[one, two, "222001", "222002"], &["hazard"]));
    assert_eq!(kinds("command").await, pairs(&[one, two, "222001", "222002"], &every));
    assert_eq!(kinds("planner").await, []);
    assert_eq!(kinds("admin").await, []);
}

#[tokio::test]
async fn filters_and_pages_meet() {
    let app = TestApp::start().await;
    let client = app.sign_in("command");
    let mut ids = Vec::new();
    let mut path = "/api/v1/reports?limit=7".to_owned();
    loop {
        let page = client.get(&path).await.body;
        ids.extend(
            page["items"].as_array().unwrap().iter().map(|report| report["id"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/reports?limit=7&cursor={cursor}");
    }
    let mut sorted = ids.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!((ids.len(), &ids), (20, &sorted), "all at one time, so by id, latest first, none twice");
    let count = async |query: &str| {
        client.get(&format!("/api/v1/reports?{query}")).await.body["items"].as_array().unwrap().len()
    };
    assert_eq!(count("grid=370828003218").await, 10);
    assert_eq!(count("kind=dispute").await, 4);
    assert_eq!(count("hazard_kind=fire&severity=2&status=open").await, 4);
    assert_eq!(count("severity=3").await, 0);
    assert_eq!(count("kind=dispute,hazard").await, 8);
    assert_eq!(count("severity=2,3&status=open,escalated").await, 20);
    assert_eq!(count("from=2022-06-01T08:00:00%2B08:00").await, 20);
    assert_eq!(count("to=2022-06-01T08:00:00%2B08:00").await, 0);
    assert_eq!(count("bbox=116.30,35.07,116.31,35.08").await, 5);
    assert_eq!(count("q=%E4%B8%8A%E6%8A%A5").await, 20);
    assert_eq!(count("q=%25").await, 0);
    assert_eq!(client.get("/api/v1/reports?kind=party").await.status, 422);
}
