//! Drawing plans: what an edit does to both sides of a border, what is refused and why, and who may.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::plan::{EAST, Plan, VILLAGE, WEST, bulge_west};

#[tokio::test]
async fn both_sides_of_a_border_move_and_their_figures_with_them() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    assert_eq!((plan.body["status"].as_str(), plan.codes()), (Some("draft"), vec![WEST, EAST]));
    let whole = plan.figure(WEST, "area_m2") + plan.figure(EAST, "area_m2");
    assert_eq!(plan.count(WEST, "households"), 1);

    // The household of the western grid, at 116.305, comes to lie in the eastern one; its enterprise stays east of it.
    plan.edit(&planner, bulge_west()).await;
    assert_eq!(plan.count(WEST, "households"), 0);
    assert_eq!((plan.count(EAST, "households"), plan.count(EAST, "people")), (2, 4));
    assert_eq!(plan.count(EAST, "special_care"), 2);
    let after = plan.figure(WEST, "area_m2") + plan.figure(EAST, "area_m2");
    assert!((after - whole).abs() < 1e-3, "{after} {whole}");
    assert!(plan.figure(EAST, "walking_hours") > plan.figure(WEST, "walking_hours"));
    assert_eq!((plan.findings("gap").len(), plan.findings("overlap").len()), (0, 0));
    // Too few households for a grid in the country, and the sheet says where to look.
    assert_eq!(plan.findings("too_small").len(), 2);
    assert!(plan.findings("too_small")[0]["bbox"].is_array());

    plan.walk(&planner, "undo").await;
    assert_eq!((plan.count(WEST, "households"), plan.body["position"].as_i64()), (1, Some(0)));
    assert_eq!(plan.send(&planner, "undo", &json!({})).await.status, 409);
    plan.again(&planner).await;
    plan.walk(&planner, "redo").await;
    assert_eq!((plan.count(EAST, "households"), plan.body["steps"].as_i64()), (2, Some(1)));
    assert_eq!(plan.send(&planner, "redo", &json!({})).await.status, 409);
    // Nobody's grid has changed.
    let grid = planner.get(&format!("/api/v1/grids/{WEST}")).await.body;
    assert_eq!(grid["valid_from"], "2020-01-01");
    assert_eq!(app.audited("create", "boundary_plan").await, 1);
}

#[tokio::test]
async fn what_would_break_the_plan_is_refused_with_the_reason_and_the_place() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    for (operations, reason, place) in [
        (json!([{"op": "move_vertex", "at": [116.31, 35.08], "to": [116.31, 35.09]}]), "村界不能改动", true),
        (json!([{"op": "move_vertex", "at": [116.3, 35.075], "to": [116.31, 35.09]}]), "此处没有顶点", true),
        (json!([{"op": "insert_vertex", "at": [116.305, 35.075]}]), "此处没有边界", true),
        (json!([{"op": "remove_vertex", "at": [116.31, 35.08]}]), "多条边界在此交汇，不能删除", true),
        (
            json!([{"op": "split", "grid": WEST, "line": [[116.302, 35.072], [116.304, 35.072]]}]),
            "所画的线没有穿过第 1 网格，或没有把它分成两块",
            false,
        ),
        (
            json!([{"op": "merge", "keep": WEST, "absorb": "370828003222001"}]),
            "两个网格不属于同一个村，不能合并",
            false,
        ),
        (
            json!([{"op": "merge", "keep": WEST, "absorb": "370828003218009"}]),
            "本方案没有网格 370828003218009",
            false,
        ),
        (
            json!([{"op": "move_arc", "at": [116.31, 35.075], "by": [0.02, 0.0]}]),
            "第 2 网格：环自相交",
            false,
        ),
    ] {
        let answer = plan.try_edit(&planner, operations.clone()).await;
        let (kind, detail) = (answer.body["type"].as_str(), answer.body["detail"].as_str());
        assert_eq!(
            (answer.status, kind, detail),
            (422, Some("/problems/edit-refused"), Some(reason)),
            "{operations}"
        );
        assert_eq!(answer.body["at"].is_array(), place, "{}", answer.body);
        assert_eq!(answer.faults(), ["operations[0]"]);
    }
    // All of a step or nothing: the second operation is refused, and the first has not happened.
    let half = json!([{"op": "insert_vertex", "at": [116.31, 35.075]}, {"op": "remove_vertex", "at": [116.3, 35.0]}]);
    assert_eq!(plan.try_edit(&planner, half).await.faults(), ["operations[1]"]);
    plan.again(&planner).await;
    assert_eq!(plan.body["position"], 0);
    assert_eq!(
        plan.body["sheet"]["arcs"].as_array().unwrap().iter().map(|arc| arc.as_array().unwrap().len()).max(),
        Some(4)
    );
}

#[tokio::test]
async fn grids_are_divided_joined_handed_over_named_and_numbered() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    plan.edit(&planner, json!([{"op": "split", "grid": EAST, "line": [[116.31, 35.074], [116.32, 35.074]]}]))
        .await;
    assert_eq!(plan.codes(), [WEST, EAST, "370828003218003"]);
    let before = plan.figure(WEST, "area_m2");
    let block = json!([[116.3095, 35.0745], [116.312, 35.0745], [116.312, 35.076], [116.3095, 35.076]]);
    plan.edit(&planner, json!([{"op": "hand_over", "from": EAST, "to": WEST, "block": block}])).await;
    assert!(plan.figure(WEST, "area_m2") > before + 20_000.0);
    // By the rule the new grid, in the south-east, is the third; the eastern one keeps its code.
    plan.edit(&planner, json!([{"op": "renumber"}])).await;
    assert_eq!(plan.codes(), [WEST, EAST, "370828003218003"]);
    plan.edit(
        &planner,
        json!([{"op": "describe", "grid": "370828003218003", "name": "  冷库片区 ", "kind": "exclusive"}]),
    )
    .await;
    let third = &plan.body["sheet"]["grids"][2];
    assert_eq!((third["name"].as_str(), third["kind"].as_str()), (Some("冷库片区"), Some("exclusive")));
    plan.edit(&planner, json!([{"op": "merge", "keep": EAST, "absorb": "370828003218003"}])).await;
    assert_eq!(plan.codes(), [WEST, EAST]);
    // A number that a grid of this draft had is not given to another.
    plan.edit(&planner, json!([{"op": "split", "grid": WEST, "line": [[116.30, 35.072], [116.31, 35.072]]}]))
        .await;
    assert_eq!(plan.codes(), [WEST, EAST, "370828003218004"]);
    let steps = planner.get(&format!("{}/edits?after=4", plan.path)).await.body;
    let operations: Vec<&str> = steps["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["operations"][0]["op"].as_str().unwrap())
        .collect();
    assert_eq!(operations, ["merge", "split"]);
    assert_eq!(steps["items"][0]["by"]["display_name"], "规划员");
    for _ in 0..6 {
        plan.walk(&planner, "undo").await;
    }
    assert_eq!((plan.codes(), plan.figure(WEST, "area_m2")), (vec![WEST, EAST], before));
}

#[tokio::test]
async fn what_is_locked_stays() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    plan.edit(&planner, bulge_west()).await;
    plan.edit(&planner, json!([{"op": "lock_arc", "at": [116.304, 35.075], "locked": true}])).await;
    assert_eq!(plan.body["sheet"]["locked_arcs"].as_array().map(Vec::len), Some(1));
    let moved = json!([{"op": "move_vertex", "at": [116.304, 35.073], "to": [116.303, 35.073]}]);
    let answer = plan.try_edit(&planner, moved.clone()).await;
    assert_eq!((answer.status, answer.body["detail"].as_str()), (422, Some("这段边界已锁定")));
    // A grid may be divided up to a locked border: that adds a vertex on it and moves nothing.
    let divided = json!([{"op": "split", "grid": WEST, "line": [[116.30, 35.075], [116.304, 35.075]]}]);
    plan.edit(&planner, divided).await;
    plan.walk(&planner, "undo").await;
    plan.edit(&planner, json!([{"op": "lock_arc", "at": [116.304, 35.075], "locked": false}])).await;
    plan.edit(&planner, json!([{"op": "lock_grid", "grid": EAST, "locked": true}])).await;
    let answer = plan.try_edit(&planner, moved.clone()).await;
    assert_eq!((answer.status, answer.body["detail"].as_str()), (422, Some("第2网格已锁定，其边界不能改动")));
    let merged = plan.try_edit(&planner, json!([{"op": "merge", "keep": WEST, "absorb": EAST}])).await;
    assert_eq!(merged.status, 422);
    plan.edit(&planner, json!([{"op": "lock_grid", "grid": EAST, "locked": false}])).await;
    plan.edit(&planner, moved).await;
}

#[tokio::test]
async fn two_planners_do_not_overwrite_each_other() {
    let app = TestApp::start().await;
    let (planner, admin) = (app.sign_in("planner"), app.sign_in("admin"));
    let mut mine = Plan::begin(&planner).await;
    let mut theirs = Plan::of(admin.get(&mine.path).await, 200);
    theirs.edit(&admin, bulge_west()).await;
    let late = mine.try_edit(&planner, json!([{"op": "insert_vertex", "at": [116.31, 35.075]}])).await;
    assert_eq!((late.status, late.body["type"].as_str()), (412, Some("/problems/stale-version")));
    let step = json!({"id": Uuid::now_v7(), "operations": [{"op": "renumber"}]});
    assert_eq!(planner.post(&format!("{}/edits", mine.path), &step).await.status, 428);
    // What the other did can be read, by whom and when; then one goes on from there.
    let steps = planner.get(&format!("{}/edits", mine.path)).await.body;
    assert_eq!(
        (&steps["items"][0]["by"]["display_name"], &steps["items"][0]["position"]),
        (&json!("管理员"), &json!(1))
    );
    mine.again(&planner).await;
    mine.edit(&planner, json!([{"op": "insert_vertex", "at": [116.304, 35.075]}])).await;

    // The same step sent twice, because an answer was lost, is made once.
    let step =
        json!({"id": Uuid::now_v7(), "operations": [{"op": "remove_vertex", "at": [116.304, 35.075]}]});
    let first = mine.send(&planner, "edits", &step).await;
    let second = mine.send(&planner, "edits", &step).await;
    assert_eq!((first.status, second.status), (200, 200), "{}", second.body);
    assert_eq!((&first.body["position"], &second.body["position"]), (&json!(3), &json!(3)));
    let elsewhere = Plan::begin(&planner).await;
    assert_eq!(elsewhere.send(&planner, "edits", &step).await.status, 409);
}

#[tokio::test]
async fn drafts_are_for_those_who_draw_and_decide() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let plan = Plan::begin(&planner).await;
    let units = format!("{}/units", plan.path);
    for (login, read, draw) in [
        ("planner", 200, 200),
        ("admin", 200, 412),
        ("chief", 200, 403),
        ("command", 200, 403),
        ("member1", 403, 403),
        ("police", 403, 403),
        ("fire", 403, 403),
        ("mediator", 403, 403),
        ("stranger", 403, 403),
    ] {
        let client = app.sign_in(login);
        let seen = [
            plan.path.clone(),
            units.clone(),
            format!("{}/edits", plan.path),
            format!("{}/grids", plan.path),
        ];
        for path in &seen {
            assert_eq!(client.get(path).await.status, read, "{login} {path}");
        }
        assert_eq!(plan.try_edit(&client, json!([{"op": "renumber"}])).await.status, draw, "{login}");
    }
    // Numbers and places, and nothing that says who.
    let units = planner.get(&units).await.body;
    let mut names: Vec<&String> =
        units["items"].as_array().unwrap().iter().flat_map(|unit| unit.as_object().unwrap().keys()).collect();
    names.sort_unstable();
    names.dedup();
    let known =
        ["at", "calls", "duty_hours", "enterprises", "households", "open_hazards", "people", "special_care"];
    assert_eq!(names, known);
    assert!(app.audited("read", "planning_units").await >= 1);
    // Another village's plan is not theirs to begin, and what lies outside the scope is not there.
    let other = json!({"id": Uuid::now_v7(), "village_code": "370828003222", "name": "邻村"});
    assert_eq!(planner.post("/api/v1/plans", &other).await.status, 403);
    let begun = app.sign_in("admin").post("/api/v1/plans", &other).await;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let path = format!("/api/v1/plans/{}", other["id"].as_str().unwrap());
    assert_eq!(planner.get(&path).await.status, 404);
    let listed = planner.get("/api/v1/plans?status=draft").await.body;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        app.sign_in("command").get("/api/v1/plans?status=draft").await.body["items"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(app.sign_in("member1").get("/api/v1/plans").await.status, 403);
}

#[tokio::test]
async fn a_village_without_grids_begins_whole_and_a_file_must_fit() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    sqlx::raw_sql("UPDATE grid_boundaries SET valid = daterange(lower(valid), '2021-01-01') WHERE starts_with(grid_code, '370828003218')")
        .execute(&mut app.database.owner().await)
        .await
        .unwrap();
    let begin = |more: Value| {
        let mut sent = json!({"id": Uuid::now_v7(), "village_code": VILLAGE, "name": "首次划分"});
        sent.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        sent
    };
    let refused = planner.post("/api/v1/plans", &begin(json!({}))).await;
    assert_eq!((refused.status, refused.faults()), (422, vec!["from"]), "{}", refused.body);
    let whole = Plan::begin_with(&planner, &json!({"from": "whole"})).await;
    assert_eq!((whole.codes(), whole.count(WEST, "households")), (vec![WEST], 2));

    let rectangle = |west: f64, east: f64| {
        let ring = [[west, 35.07], [east, 35.07], [east, 35.08], [west, 35.08], [west, 35.07]];
        json!({"type": "Polygon", "coordinates": [ring]})
    };
    let file = |seam: f64| {
        json!({"from": "grids", "grids": {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"code": WEST, "name": "西片"}, "geometry": rectangle(116.30, 116.31)},
            {"type": "Feature", "properties": {"code": EAST}, "geometry": rectangle(seam, 116.32)},
        ]}})
    };
    let gap = planner.post("/api/v1/plans", &begin(file(116.311))).await;
    assert_eq!((gap.status, gap.body["type"].as_str()), (422, Some("/problems/boundaries-do-not-fit")));
    let plan = Plan::begin_with(&planner, &file(116.31)).await;
    assert_eq!(plan.body["sheet"]["grids"][0]["name"], "西片");
}

#[tokio::test]
async fn a_building_in_two_grids_and_a_door_on_the_border_are_found() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    assert_eq!(plan.findings("building_cut").len(), 0);
    // Right through the house at 116.305, 35.075, whose door is on the line then.
    plan.edit(&planner, json!([{"op": "split", "grid": WEST, "line": [[116.305, 35.07], [116.305, 35.08]]}]))
        .await;
    let cut = plan.findings("building_cut");
    assert_eq!(cut.len(), 1, "{}", plan.body["findings"]);
    assert_eq!(cut[0]["codes"], json!([WEST, "370828003218003"]));
    assert_eq!(cut[0]["blocks"], false);
    let at = cut[0]["at"].as_array().unwrap();
    assert!((at[0].as_f64().unwrap() - 116.305).abs() < 1e-4);
    assert_eq!(plan.findings("on_border").len(), 1);
    assert_eq!(plan.findings("on_border")[0]["at"], json!([116.305, 35.075]));
}

#[tokio::test]
async fn doors_that_are_reached_only_over_other_grids_roads_are_found() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    // One road out of the western grid into the eastern and back, with two doors on each of its western ends.
    let sql = "
        INSERT INTO roads (id, code, place_code, class, geom)
        SELECT gen_random_uuid(), '370828003-R0100', '370828003', 'lane',
               ST_GeomFromText('LINESTRING(116.304 35.072, 116.314 35.072, 116.314 35.078, 116.304 35.078)', 4326);
        INSERT INTO households (id, code, place_code, address, resident_count, geom)
        SELECT gen_random_uuid(), '370828003218-U' || n, '370828003218001', '环路' || n || '号', 2, ST_SetSRID(ST_MakePoint(x, y), 4326)
          FROM (VALUES (1, 116.3042, 35.0721), (2, 116.3046, 35.0721), (3, 116.3042, 35.0779), (4, 116.3046, 35.0779))
               AS v (n, x, y)";
    sqlx::raw_sql(sql).execute(&mut app.database.owner().await).await.unwrap();
    let mut plan = Plan::begin(&planner).await;
    let found = plan.findings("unreachable");
    assert_eq!(found.len(), 1, "{}", plan.body["findings"]);
    assert_eq!((&found[0]["codes"], &found[0]["blocks"]), (&json!([WEST]), &json!(false)));
    assert_eq!(found[0]["message"], "第1网格有 2 户（家）须经其他网格的道路才能到达");
    assert!(found[0]["at"].is_array());
    plan.edit(&planner, json!([{"op": "merge", "keep": WEST, "absorb": EAST}])).await;
    assert_eq!(plan.findings("unreachable").len(), 0);
}
