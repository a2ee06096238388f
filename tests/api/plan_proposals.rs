//! Proposals for a plan: what is found, that it can be taken over and taken back, what locks do, and how a search ends.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something should be has failed")]

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::plan_seams::seamless;
use crate::support::plan::{EAST, Plan, VILLAGE, WEST, bulge_west};
use crate::support::{Client, TestApp};

/// Eighty houses in rows of sixteen, those in the east with three times as many people.
async fn built_up() -> TestApp {
    let app = TestApp::start().await;
    let sql = "
        WITH house AS (
            SELECT i * 5 + j AS n, ST_SetSRID(ST_MakePoint(116.3012 + i * 0.0011, 35.0712 + j * 0.0018), 4326) AS at,
                   CASE WHEN i < 8 THEN '370828003218001' ELSE '370828003218002' END AS grid,
                   CASE WHEN i < 8 THEN 2 ELSE 6 END AS people
              FROM generate_series(0, 15) i, generate_series(0, 4) j),
        built AS (
            INSERT INTO buildings (id, code, place_code, kind, geom)
            SELECT gen_random_uuid(), '370828003218-P' || n, grid, 'house', ST_Multi(ST_Expand(at, 0.00008)) FROM house)
        INSERT INTO households (id, code, place_code, address, resident_count, geom)
        SELECT gen_random_uuid(), '370828003218-P' || n, grid, '建议路' || n || '号', people, at FROM house";
    sqlx::raw_sql(sql).execute(&mut app.database.owner().await).await.unwrap();
    app
}

/// What an instance that is searching would have written down.
async fn running_elsewhere(app: &TestApp, plan: &Plan, beat: &str) -> Uuid {
    let id = Uuid::now_v7();
    let asked = json!({"id": id, "grids": 2, "load": {"people": 1.0}, "tolerance": 0.05, "seed": 0});
    let plan = plan.body["id"].as_str().unwrap();
    let sql = format!(
        "INSERT INTO plan_searches (id, plan_id, village_code, plan_version, asked_at, asked, progress, beat_at)
         VALUES ('{id}', '{plan}', '{VILLAGE}', 1, now(), '{asked}', 0.25, {beat})"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut app.database.owner().await).await.unwrap();
    id
}

async fn ask(plan: &Plan, client: &Client, more: &Value) -> Value {
    let mut ask = json!({"id": Uuid::now_v7(), "load": {"people": 1}});
    ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let begun = client.post(&format!("{}/proposals", plan.path), &ask).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    let path = format!("{}/proposals/{}", plan.path, begun.body["id"].as_str().unwrap());
    let ended = async {
        loop {
            let seen = client.get(&path).await;
            assert_eq!(seen.status, 200, "{}", seen.body);
            if seen.body["state"] != "running" {
                return seen.body;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(300), ended).await.unwrap()
}

fn proposals(search: &Value) -> &Vec<Value> {
    search["result"]["proposals"].as_array().unwrap_or_else(|| panic!("{search}"))
}

fn adopt(search: &Value, proposal: &Value) -> Value {
    json!([{"op": "adopt", "search": search["id"], "aim": proposal["aim"]}])
}

#[tokio::test]
async fn proposals_even_out_the_load_and_one_is_taken_over_and_back() {
    let app = built_up().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    let (before, area_m2) = (plan.figure(EAST, "people"), plan.figure(EAST, "area_m2"));
    assert!(before > 2.5 * plan.figure(WEST, "people"));
    let search = ask(&plan, &planner, &json!({"grids": 2})).await;
    assert_eq!((&search["state"], search["progress"].as_f64()), (&json!("done"), Some(1.0)), "{search}");
    assert_eq!(search["by"]["display_name"], "规划员");
    assert!(search["result"]["deviation_now"].as_f64().unwrap() > 0.4);
    let found = proposals(&search);
    assert!(!found.is_empty());
    for proposal in found {
        assert!(proposal["max_deviation"].as_f64().unwrap() <= 0.05 + 1e-9, "{proposal}");
        let codes: Vec<_> = proposal["grids"].as_array().unwrap().iter().map(|g| g["code"].clone()).collect();
        assert_eq!(codes, [json!(WEST), json!(EAST)], "both grids survive");
        for kind in ["gap", "overlap", "outside", "defect", "building_cut", "in_pieces"] {
            assert_eq!(proposal["findings"][kind], Value::Null, "{kind}: {proposal}");
        }
        assert!(proposal["people_moved"].as_i64().unwrap() > 0);
        let summary = &proposal["summary"];
        assert!(summary["zh"].as_str().is_some_and(|words| words.contains("更换网格")), "{summary}");
        assert!(summary["en"].as_str().is_some_and(|words| words.contains("change zone")), "{summary}");

        plan.edit(&planner, adopt(&search, proposal)).await;
        assert_eq!((plan.body["position"].as_i64(), plan.codes()), (Some(1), vec![WEST, EAST]));
        let (west, east) = (plan.figure(WEST, "people"), plan.figure(EAST, "people"));
        assert!((west - east).abs() <= 0.1 * (west + east) / 2.0 + 1e-9, "{west} {east}");
        seamless(&app, &planner, &plan).await;
        assert_eq!(plan.findings("gap").len() + plan.findings("overlap").len(), 0);
        plan.walk(&planner, "undo").await;
        assert!((plan.figure(EAST, "area_m2") - area_m2).abs() < 1e-6);
        assert!((plan.figure(EAST, "people") - before).abs() < 1e-9);
        plan.walk(&planner, "redo").await;
        assert!((plan.figure(WEST, "people") - west).abs() < 1e-9);
        plan.walk(&planner, "undo").await;
    }
    // The same question again finds the same; under another id nothing is there to adopt.
    let again = ask(&plan, &planner, &json!({"grids": 2})).await;
    assert_eq!(proposals(&again), found);
    let unknown = json!([{"op": "adopt", "search": Uuid::now_v7(), "aim": "even"}]);
    assert_eq!(plan.try_edit(&planner, unknown).await.faults(), ["operations[0]"]);
    let listed = planner.get(&format!("{}/proposals", plan.path)).await.body;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["result"]), (&again["id"], &Value::Null));
}

#[tokio::test]
async fn what_is_locked_stays_in_every_proposal() {
    let app = built_up().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    plan.edit(&planner, json!([{"op": "lock_grid", "grid": EAST, "locked": true}])).await;
    let east = |plan: &Plan| plan.figure(EAST, "area_m2");
    let (area_m2, people) = (east(&plan), plan.figure(EAST, "people"));
    let search = ask(&plan, &planner, &json!({"grids": 3, "tolerance": 0.1})).await;
    for proposal in proposals(&search) {
        let grids = proposal["grids"].as_array().unwrap();
        let told: Vec<_> = grids.iter().map(|g| (g["stays"] == true, g["is_new"] == true)).collect();
        assert_eq!(told, [(false, false), (true, false), (false, true)], "{proposal}");
        plan.edit(&planner, adopt(&search, proposal)).await;
        assert_eq!(plan.codes(), [WEST, EAST, "370828003218003"]);
        assert!((east(&plan) - area_m2).abs() < 1e-6 * area_m2);
        assert!((plan.figure(EAST, "people") - people).abs() < 1e-9);
        assert_eq!(plan.body["sheet"]["grids"][1]["locked"], true);
        seamless(&app, &planner, &plan).await;
        plan.walk(&planner, "undo").await;
    }
    // With one grid locked there can be no village of one grid, and none of a thousand.
    let refused = ask(&plan, &planner, &json!({"grids": 1})).await;
    assert_eq!(
        (&refused["state"], &refused["reason"]),
        (&json!("refused"), &json!("要划 1 个网格，但已有 1 个锁定或专属网格：第2网格"))
    );
    let refused = ask(&plan, &planner, &json!({"grids": 999})).await;
    assert!(refused["reason"].as_str().is_some_and(|why| why.contains("单元只在")), "{refused}");
    let nothing = json!({"grids": 3, "load": {"enterprises": 1}});
    sqlx::raw_sql("UPDATE enterprises SET status = 'closed'")
        .execute(&mut app.database.owner().await)
        .await
        .unwrap();
    let refused = ask(&plan, &planner, &nothing).await;
    assert!(refused["reason"].as_str().is_some_and(|why| why.contains("都是零")), "{refused}");
}

#[tokio::test]
async fn a_locked_border_is_in_every_proposal_or_the_reason_is_said() {
    let app = built_up().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    plan.edit(&planner, bulge_west()).await;
    plan.edit(
        &planner,
        json!([{"op": "split", "grid": EAST, "line": [[116.304, 35.0738], [116.32, 35.0738]]}]),
    )
    .await;
    // The vertical stretch between the west and the north-eastern grid.
    plan.edit(&planner, json!([{"op": "lock_arc", "at": [116.304, 35.0765], "locked": true}])).await;
    let locked = plan.body["sheet"]["locked_arcs"].clone();
    assert_eq!(locked.as_array().map(Vec::len), Some(1));
    let search = ask(&plan, &planner, &json!({"grids": 3, "tolerance": 0.3})).await;
    assert_eq!(search["state"], "done", "{search}");
    for proposal in proposals(&search) {
        // Adopting checks every edge of the locked border.
        plan.edit(&planner, adopt(&search, proposal)).await;
        assert_eq!(plan.body["sheet"]["locked_arcs"], locked);
        seamless(&app, &planner, &plan).await;
        plan.walk(&planner, "undo").await;
    }
    // Locked after the search was asked for, and moved by what it found: refused.
    plan.edit(&planner, json!([{"op": "lock_grid", "grid": WEST, "locked": true}])).await;
    let moved = proposals(&search).iter().find(|p| p["people_moved"].as_i64() > Some(0));
    if let Some(proposal) = moved {
        let refused = plan.try_edit(&planner, adopt(&search, proposal)).await;
        assert_eq!((refused.status, refused.body["type"].as_str()), (422, Some("/problems/edit-refused")));
    }
}

#[tokio::test]
async fn the_number_of_grids_follows_the_size_rule_unless_it_is_given() {
    let app = built_up().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    // 82 households and 2 enterprises: of 25 to 30 each, three grids.
    let size = json!({"size": {"least_households": 25, "most_households": 30, "enterprise_weight": 1.0}});
    let changed = planner.patch(&plan.path, Some(&plan.version), &size).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    plan.take(changed);
    let search = ask(&plan, &planner, &json!({"load": {"households": 1}})).await;
    assert_eq!(search["result"]["grids"], 3, "{search}");
    for proposal in proposals(&search) {
        assert_eq!(
            (&proposal["findings"]["too_small"], &proposal["findings"]["too_large"]),
            (&Value::Null, &Value::Null)
        );
    }
}

#[tokio::test]
async fn a_search_is_stopped_told_as_lost_and_begun_once() {
    let app = built_up().await;
    let (planner, chief) = (app.sign_in("planner"), app.sign_in("chief"));
    let plan = Plan::begin(&planner).await;
    let path = format!("{}/proposals", plan.path);
    let lost = running_elsewhere(&app, &plan, "now() - interval '1 hour'").await;
    assert_eq!(planner.get(&format!("{path}/{lost}")).await.body["state"], "lost");
    let running = running_elsewhere(&app, &plan, "now()").await;
    let seen = chief.get(&format!("{path}/{running}")).await.body;
    assert_eq!((&seen["state"], &seen["progress"]), (&json!("running"), &json!(0.25)));
    let another = json!({"id": Uuid::now_v7()});
    assert_eq!(planner.post(&path, &another).await.status, 409, "one at a time");
    // The same request again is the same search; other content under its id is not.
    let same = json!({"id": running, "grids": 2, "load": {"people": 1}});
    assert_eq!(planner.post(&path, &same).await.status, 202);
    assert_eq!(planner.post(&path, &json!({"id": running, "grids": 3})).await.status, 409);
    assert_eq!(chief.delete(&format!("{path}/{running}")).await.status, 403);
    for _ in 0..2 {
        let stopped = planner.delete(&format!("{path}/{running}")).await;
        assert_eq!((stopped.status, &stopped.body["state"]), (200, &json!("cancelled")));
    }
    // One that really runs here: stopped, it stays so.
    let begun = planner.post(&path, &another).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    let mine = format!("{path}/{}", another["id"].as_str().unwrap());
    let stopped = planner.delete(&mine).await.body;
    assert!(["cancelled", "done"].contains(&stopped["state"].as_str().unwrap()), "{stopped}");

    for (login, read, begin) in
        [("admin", 200, 202), ("chief", 200, 403), ("member1", 403, 403), ("stranger", 403, 403)]
    {
        let client = app.sign_in(login);
        assert_eq!(client.get(&path).await.status, read, "{login}");
        assert_eq!(client.post(&path, &json!({"id": Uuid::now_v7()})).await.status, begin, "{login}");
    }
    let wrong = json!({"id": Uuid::now_v7(), "grids": 1000, "tolerance": 2.0, "load": {"people": -1.0}});
    assert_eq!(planner.post(&path, &wrong).await.faults(), ["grids", "tolerance", "load"]);
    assert_eq!(planner.get(&format!("{path}/{}", Uuid::now_v7())).await.status, 404);
}
