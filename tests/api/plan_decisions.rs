//! From a draft to boundaries in force: who submits, who approves, what is refused, and from when it counts.

use chrono::Days;
use serde_json::{Value, json};

use crate::support::plan::{Plan, bulge_west};
use crate::support::{Answer, Client, TestApp};

async fn act(plan: &Plan, client: &Client, action: &str) -> Answer {
    plan.send(client, "actions", &json!({"action": action})).await
}

async fn done(plan: &mut Plan, client: &Client, action: &str) {
    let answer = act(plan, client, action).await;
    assert_eq!(answer.status, 200, "{action}: {}", answer.body);
    plan.take(answer);
}

async fn change(plan: &mut Plan, client: &Client, change: &Value) {
    let answer = client.patch(&plan.path, Some(&plan.version), change).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    plan.take(answer);
}

/// A plan by which the household at 116.305, 35.075 comes to the eastern grid.
async fn moved_west(app: &TestApp, client: &Client, days: u64, name: &str) -> Plan {
    let mut plan = Plan::begin(client).await;
    plan.edit(client, bulge_west()).await;
    let from = app.ground.clock.today() + Days::new(days);
    let about =
        json!({"name": name, "effective_from": from, "handover": "follow", "notice": "自下月起调整网格"});
    change(&mut plan, client, &about).await;
    plan
}

async fn grid_of_report(app: &TestApp, days: u64) -> String {
    let happened_at = app.ground.clock.now() - Days::new(days);
    let report = json!({
        "id": uuid::Uuid::now_v7(), "kind": "request", "severity": 1, "words": "路灯不亮",
        "place": {"x": 116.305, "y": 35.075, "crs": "wgs84"}, "happened_at": happened_at,
    });
    let answer = app.sign_in("chief").post("/api/v1/reports", &report).await;
    answer.body["grid"]["code"].as_str().unwrap_or_default().chars().skip(12).collect()
}

#[tokio::test]
async fn a_plan_is_drawn_approved_by_another_and_counts_from_its_date() {
    let app = TestApp::start().await;
    let (planner, chief) = (app.sign_in("planner"), app.sign_in("chief"));
    let mut plan = moved_west(&app, &planner, 1, "均衡负担").await;
    // Not before somebody has approved it, and not by who drew it.
    assert_eq!(act(&plan, &planner, "publish").await.status, 409);
    assert_eq!(act(&plan, &chief, "approve").await.status, 409);
    done(&mut plan, &planner, "submit").await;
    assert_eq!(plan.body["status"], "submitted");
    assert_eq!(act(&plan, &planner, "approve").await.status, 403);
    let edit = json!({"id": uuid::Uuid::now_v7(), "operations": [{"op": "renumber"}]});
    assert_eq!(plan.send(&planner, "edits", &edit).await.status, 409, "not while it is being decided on");
    let bare = act(&plan, &chief, "return").await;
    assert_eq!((bare.status, bare.faults()), (422, vec!["note"]));
    let back = plan.send(&chief, "actions", &json!({"action": "return", "note": "请再均衡一些"})).await;
    assert_eq!(back.status, 200, "{}", back.body);
    plan.take(back);
    assert_eq!(
        (&plan.body["status"], &plan.body["decision_note"]),
        (&json!("draft"), &json!("请再均衡一些"))
    );
    done(&mut plan, &planner, "submit").await;
    done(&mut plan, &chief, "approve").await;
    assert_eq!(plan.body["decided_by"]["display_name"], "网格长");
    assert_eq!(act(&plan, &chief, "publish").await.status, 403);
    done(&mut plan, &planner, "publish").await;
    assert_eq!(plan.body["status"], "published");

    // Today as it was; tomorrow as planned, in the past and the future alike.
    assert_eq!(grid_of_report(&app, 0).await, "001");
    let tomorrow = app.ground.clock.today() + Days::new(1);
    let east = planner.get(&format!("/api/v1/grids/370828003218002?on={tomorrow}")).await.body;
    assert_eq!((&east["valid_from"], &east["valid_to"]), (&json!(tomorrow), &Value::Null));
    app.ground.clock.set_shift(chrono::TimeDelta::days(1));
    assert_eq!(grid_of_report(&app, 0).await, "002");
    assert_eq!(grid_of_report(&app, 1).await, "001", "what happened yesterday stays where it was");
    // A published plan is not edited, withdrawn or given up.
    for action in ["submit", "withdraw", "discard", "publish"] {
        assert_eq!(act(&plan, &planner, action).await.status, 409, "{action}");
    }
}

#[tokio::test]
async fn a_mistaken_plan_is_superseded_by_another_before_it_begins() {
    let app = TestApp::start().await;
    let (planner, command) = (app.sign_in("planner"), app.sign_in("command"));
    let mut mistaken = moved_west(&app, &planner, 7, "画错了").await;
    let mut right = Plan::begin(&planner).await;
    done(&mut mistaken, &planner, "submit").await;
    done(&mut mistaken, &command, "approve").await;
    done(&mut mistaken, &planner, "publish").await;
    // Begun before the other was published: it says so, and is not submitted as it is.
    let from = app.ground.clock.today() + Days::new(7);
    change(&mut right, &planner, &json!({"effective_from": from, "handover": "stay"})).await;
    assert_eq!(right.body["base_superseded"], true);
    assert_eq!(act(&right, &planner, "submit").await.status, 409);

    let mut right = Plan::begin(&planner).await;
    let about = json!({"name": "改正", "effective_from": from, "handover": "stay"});
    change(&mut right, &planner, &about).await;
    done(&mut right, &planner, "submit").await;
    done(&mut right, &command, "approve").await;
    done(&mut right, &planner, "publish").await;
    let plans = planner.get("/api/v1/plans?village=370828003218").await.body;
    let status = |name: &str| {
        let of = plans["items"].as_array().unwrap().iter().find(|plan| plan["name"] == name);
        of.unwrap()["status"].as_str().unwrap().to_owned()
    };
    assert_eq!((status("画错了"), status("改正")), ("superseded".to_owned(), "published".to_owned()));
    let east = planner.get(&format!("/api/v1/grids/370828003218002?on={from}")).await.body;
    assert_eq!(east["valid_from"], json!(from));
}

#[tokio::test]
async fn a_plan_without_a_date_or_with_one_in_the_past_is_not_submitted() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    let refused = act(&plan, &planner, "submit").await;
    assert_eq!((refused.status, refused.faults()), (422, vec!["effective_from"]));
    let today = app.ground.clock.today();
    let late = json!({"effective_from": today - Days::new(1)});
    let refused = planner.patch(&plan.path, Some(&plan.version), &late).await;
    assert_eq!((refused.status, refused.faults()), (422, vec!["effective_from"]));
    change(&mut plan, &planner, &json!({"effective_from": today})).await;
    let refused = act(&plan, &planner, "submit").await;
    assert_eq!((refused.status, refused.faults()), (422, vec!["handover"]));
    change(&mut plan, &planner, &json!({"handover": "stay"})).await;
    // The date passes while it waits.
    done(&mut plan, &planner, "submit").await;
    done(&mut plan, &app.sign_in("chief"), "approve").await;
    app.ground.clock.set_shift(chrono::TimeDelta::days(2));
    let refused = act(&plan, &planner, "publish").await;
    assert_eq!((refused.status, refused.faults()), (422, vec!["effective_from"]));
    done(&mut plan, &planner, "discard").await;
    assert_eq!(planner.get(&plan.path).await.status, 404);
}

#[tokio::test]
async fn approval_cannot_be_written_by_who_draws_whatever_the_service_does() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let mut plan = moved_west(&app, &planner, 1, "均衡负担").await;
    done(&mut plan, &planner, "submit").await;
    let scope = |role, code: &str| {
        gridkeeper::platform::database::Scope::of(uuid::Uuid::nil(), role, &code.parse().unwrap())
    };
    let mut transaction = app.ground.database.begin(&scope("planner", "370828003218")).await.expect("begins");
    let refused =
        sqlx::raw_sql("UPDATE boundary_plans SET status = 'approved'").execute(&mut *transaction).await;
    assert!(refused.is_err());
    let mut transaction =
        app.ground.database.begin(&scope("grid_chief", "370828003222")).await.expect("begins");
    let none =
        sqlx::raw_sql("UPDATE boundary_plans SET status = 'approved'").execute(&mut *transaction).await;
    assert_eq!(none.unwrap().rows_affected(), 0, "another village's chief");
    // Nor can a file be published under the plan's id.
    let id = plan.body["id"].clone();
    done(&mut plan, &app.sign_in("chief"), "approve").await;
    let grids = planner.get(&format!("{}/grids", plan.path)).await.body;
    let sent =
        json!({"id": id, "village_code": "370828003218", "name": "绕过", "from": "grids", "grids": grids});
    assert_eq!(planner.post("/api/v1/plans", &sent).await.status, 409);
    // And nothing but an approved plan comes into force over HTTP.
    assert_eq!(planner.post("/api/v1/boundary-plans", &sent).await.status, 404);
}

#[tokio::test]
async fn a_comparison_says_what_changes_hands_to_those_who_may_know() {
    let app = TestApp::start().await;
    let (planner, chief) = (app.sign_in("planner"), app.sign_in("chief"));
    let plan = moved_west(&app, &planner, 1, "均衡负担").await;
    let path = format!("{}/comparison", plan.path);
    let seen = planner.get(&path).await.body;
    let land = &seen["moved"][0];
    assert_eq!(
        (&land["from"], &land["to"]),
        (&json!("370828003218001"), &json!("370828003218002")),
        "{seen}"
    );
    assert_eq!(
        (&land["households"], &land["people"], &land["open_cases"]),
        (&json!(1), &json!(2), &json!(5))
    );
    assert!(land["area_m2"].as_f64().is_some_and(|area| area > 100_000.0));
    // Counts for the planner, doors and cases for the chief.
    assert_eq!((&seen["households"], &seen["open_cases"]), (&json!([]), &json!([])));
    let names = json!([{"code": "370828003218001", "names": ["网格员甲"]}, {"code": "370828003218002", "names": ["网格员乙"]}]);
    assert_eq!(seen["members"], names);
    let seen = chief.get(&path).await.body;
    assert_eq!(seen["households"][0]["label"], "测试路1号");
    assert_eq!(seen["open_cases"].as_array().map(Vec::len), Some(5));
    assert_eq!(app.sign_in("member1").get(&path).await.status, 403);
    let same = format!("{path}?with={}", plan.body["id"].as_str().unwrap_or_default());
    assert_eq!(planner.get(&same).await.body["moved"], json!([]));
    // Boundaries that came from a file are looked at and compared with like any other.
    let first = planner.get("/api/v1/plans/00000000-0000-7000-8000-000000000018").await.body;
    assert_eq!(first["sheet"]["grids"].as_array().map(Vec::len), Some(2), "{first}");
    let with_first = format!("{path}?with=00000000-0000-7000-8000-000000000018");
    assert_eq!(planner.get(&with_first).await.body["moved"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn open_cases_go_with_the_place_or_stay_as_the_plan_says() {
    let app = TestApp::start().await;
    let (planner, chief) = (app.sign_in("planner"), app.sign_in("chief"));
    let case = "/api/v1/reports/50000000-0000-7000-8000-000000000001";
    assert_eq!(app.sign_in("member2").get(case).await.status, 404);
    let mut plan = moved_west(&app, &planner, 0, "随地点移交").await;
    for (client, action) in [(&planner, "submit"), (&chief, "approve"), (&planner, "publish")] {
        done(&mut plan, client, action).await;
    }
    // The report happened in grid 1 and stays there; grid 2 works on it from now on, and both may follow it.
    let seen = app.sign_in("member2").get(case).await.body;
    assert_eq!(
        (&seen["grid_code"], &seen["handler_code"]),
        (&json!("370828003218001"), &json!("370828003218002"))
    );
    let taken = json!({"id": uuid::Uuid::now_v7(), "action": "resolve_on_spot", "note": "已清理"});
    let answer = app.sign_in("member2").post(&format!("{case}/actions"), &taken).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let listed = app.sign_in("member2").get("/api/v1/reports?grid=370828003218002").await.body;
    assert!(
        listed["items"]
            .as_array()
            .is_some_and(|items| items.iter().any(|r| r["grid_code"] == "370828003218001"))
    );
    assert_eq!(app.sign_in("member1").get(case).await.status, 200);
    assert_eq!(app.sign_in("member3").get(case).await.status, 404);

    let app = TestApp::start().await;
    let (planner, chief) = (app.sign_in("planner"), app.sign_in("chief"));
    let mut plan = moved_west(&app, &planner, 0, "原网格办理").await;
    change(&mut plan, &planner, &json!({"handover": "stay"})).await;
    for (client, action) in [(&planner, "submit"), (&chief, "approve"), (&planner, "publish")] {
        done(&mut plan, client, action).await;
    }
    assert_eq!(app.sign_in("member2").get(case).await.status, 404);
    assert_eq!(app.sign_in("member1").get(case).await.body["handler_code"], Value::Null);
}

#[tokio::test]
async fn a_draft_is_set_on_what_was_published_meanwhile_and_says_what_no_longer_fits() {
    let app = TestApp::start().await;
    let (planner, chief) = (app.sign_in("planner"), app.sign_in("chief"));
    let mut draft = Plan::begin(&planner).await;
    draft
        .edit(
            &planner,
            json!([{"op": "split", "grid": "370828003218002", "line": [[116.315, 35.07], [116.315, 35.08]]}]),
        )
        .await;
    draft.edit(&planner, json!([{"op": "insert_vertex", "at": [116.31, 35.075]}])).await;
    let none = draft.send(&planner, "rebase", &json!({})).await;
    assert_eq!(none.status, 409);
    let mut other = moved_west(&app, &planner, 1, "先行发布").await;
    for (client, action) in [(&planner, "submit"), (&chief, "approve"), (&planner, "publish")] {
        done(&mut other, client, action).await;
    }
    let answer = draft.send(&planner, "rebase", &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // The border that the second step took hold of lies elsewhere now.
    let refused = &answer.body["refused"];
    assert_eq!((refused.as_array().map(Vec::len), &refused[0]["why"]), (Some(1), &json!("此处没有边界")));
    let plan = &answer.body["plan"];
    assert_eq!(
        (&plan["base_superseded"], &plan["position"], &plan["steps"]),
        (&json!(false), &json!(1), &json!(1))
    );
    assert_eq!(plan["sheet"]["grids"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn the_next_call_stays_with_whoever_has_it_where_the_plan_says_so() {
    for stays in [true, false] {
        let app = TestApp::start().await;
        let (planner, chief) = (app.sign_in("planner"), app.sign_in("chief"));
        let (old, new) = (app.sign_in("member1"), app.sign_in("member2"));
        let mut plan = moved_west(&app, &planner, 0, "走访").await;
        assert_eq!(plan.body["duty_handover"], "follow", "unless somebody says otherwise");
        if stays {
            change(&mut plan, &planner, &json!({"duty_handover": "stay"})).await;
        }
        for (client, action) in [(&planner, "submit"), (&chief, "approve"), (&planner, "publish")] {
            done(&mut plan, client, action).await;
        }
        // The household at 116.305 and its elder came to the eastern grid.
        let household = "20000000-0000-7000-8000-000000000001";
        let elders = async |client: &Client| {
            let due = client.get("/api/v1/duties?limit=500").await;
            assert_eq!(due.status, 200, "{}", due.body);
            let items = due.body["items"].as_array().unwrap().clone();
            items.iter().filter(|call| call["target_kind"] == "special_care").count()
        };
        let home = format!("/api/v1/households/{household}");
        let seen = (old.get(&home).await.status, new.get(&home).await.status);
        assert_eq!((elders(&old).await, elders(&new).await), if stays { (1, 1) } else { (0, 2) });
        assert_eq!(seen, if stays { (200, 200) } else { (404, 200) });
        assert_eq!(app.sign_in("member3").get(&home).await.status, 404);
        if !stays {
            continue;
        }
        let call = json!({"id": uuid::Uuid::now_v7(), "target_kind": "household", "target_id": household,
                          "purpose": "例行走访", "result": "done", "visited_at": app.ground.clock.now()});
        let made = old.post("/api/v1/visits", &call).await;
        assert_eq!(made.status, 201, "{}", made.body);
        // Made: the door is the new grid's from now on, and nothing is due there today.
        assert_eq!(old.get(&home).await.status, 404);
        assert_eq!((elders(&old).await, elders(&new).await), (0, 1));
        let again = json!({"id": uuid::Uuid::now_v7(), "target_kind": "household", "target_id": household,
                           "purpose": "例行走访", "result": "done", "visited_at": app.ground.clock.now()});
        assert_ne!(old.post("/api/v1/visits", &again).await.status, 201);
        let last = new.get(&home).await.body["last_visited_at"].clone();
        assert!(last.is_string(), "{last}");
    }
}
