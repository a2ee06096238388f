//! Rounds of inspectors: several at once, tried before they are kept.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{FIRE, GRID, PLAN, SAFETY, TRY, change, count, time, with_safety_inspector};
use crate::support::TestApp;

fn targets(walk: &Value) -> Vec<String> {
    let stops = walk["course"]["stops"].as_array().expect("stops");
    stops.iter().map(|stop| stop["target_id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn several_inspectors_share_the_riskiest_places() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    change(&app, "UPDATE enterprises SET last_inspected_at = now() - interval '1 day' WHERE place_code = '370828003218002'").await;
    let inspector = app.sign_in("fire");
    let request = json!({
        "place": "370828003", "workers": [{}, {"account": SAFETY}],
        "mode": "e_bike", "hours": 2, "only": {"target_kinds": ["enterprise"], "hazard_classes": ["ammonia_refrigeration"]},
    });
    let answer = inspector.post(PLAN, &request).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let stops = |index: usize| answer.body["patrols"][index]["stops"].as_array().unwrap().clone();
    assert!(stops(0).iter().chain(&stops(1)).all(|stop| stop["target_kind"] == "enterprise"));
    let mut targets: Vec<String> =
        stops(0).iter().chain(&stops(1)).map(|stop| stop["target_id"].to_string()).collect();
    let planned = targets.len();
    targets.sort();
    targets.dedup();
    assert_eq!((targets.len(), planned), (3, 3), "each once, and the one inspected yesterday not at all");

    let mut early = request.clone();
    early["only"]["not_yet_due"] = json!(true);
    early["hours"] = json!(8);
    let answer = inspector.post(PLAN, &early).await;
    assert_eq!(answer.body["patrols"][0]["stops"].as_array().unwrap().len(), 4, "{}", answer.body);
    assert_eq!(
        app.sign_in("command").get("/api/v1/patrols").await.body["items"].as_array().unwrap().len(),
        4
    );
    assert_eq!(app.sign_in("chief").get("/api/v1/patrols").await.body["items"], json!([]));
}

#[tokio::test]
async fn inspectors_start_where_and_when_each_of_them_does() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    let inspector = app.sign_in("fire");
    let request = json!({
        "place": "370828003", "only": {"target_kinds": ["enterprise"]}, "mode": "e_bike",
        "workers": [
            {"start": {"x": 116.301, "y": 35.07, "crs": "wgs84"}, "starts_at": "09:00", "hours": 3},
            {"account": SAFETY, "start": {"x": 116.319, "y": 35.07, "crs": "wgs84"}, "starts_at": "14:00", "hours": 2, "mode": "foot"},
        ],
    });
    let tried = inspector.post(TRY, &json!({"round": request})).await;
    assert_eq!(tried.status, 200, "{}", tried.body);
    assert_eq!((&tried.body["feasible"], &tried.body["change"]), (&json!(true), &Value::Null));
    let walks = tried.body["walks"].as_array().unwrap();
    let shifts: Vec<_> =
        walks.iter().map(|walk| (&walk["starts_at"], &walk["shift_min"], &walk["mode"])).collect();
    assert_eq!(
        shifts,
        [(&json!("09:00"), &json!(180), &json!("e_bike")), (&json!("14:00"), &json!(120), &json!("foot")),]
    );
    assert_eq!(count(&app, "SELECT count(*) FROM patrols").await, 0, "trying keeps nothing");

    let planned = inspector.post(PLAN, &request).await;
    assert_eq!(planned.status, 201, "{}", planned.body);
    for (index, patrol) in planned.body["patrols"].as_array().unwrap().iter().enumerate() {
        let course = &patrol["course"];
        assert_eq!(course["stops"], walks[index]["course"]["stops"], "what was tried is what is kept");
        let start = [116.301, 116.319][index];
        assert_eq!(course["line"]["coordinates"][0], json!([start, 35.07]));
        let hours = (time(&patrol["shift_to"]) - time(&patrol["shift_from"])).num_hours();
        let mode = ["e_bike", "foot"][index];
        assert_eq!((hours, &patrol["mode"]), ([3, 2][index], &json!(mode)));
        for stop in course["stops"].as_array().unwrap() {
            let vertex = stop["vertex"].as_u64().unwrap() as usize;
            assert!(course["line"]["coordinates"][vertex].is_array());
            assert!(stop["directions"][0]["at"].is_array(), "{stop}");
        }
    }
}

#[tokio::test]
async fn dragging_a_stop_shows_its_times_its_cost_and_what_is_in_the_way() {
    let app = TestApp::start().await;
    let inspector = app.sign_in("fire");
    let mut round = json!({"place": "370828003", "hours": 8, "only": {"target_kinds": ["enterprise"]}});
    let best = inspector.post(TRY, &json!({"round": round})).await.body;
    let order = targets(&best["walks"][0]);
    assert_eq!((order.len(), &best["left_out"]), (4, &json!([])));

    // The same order is the same walk, and costs nothing.
    round["orders"] = json!([order]);
    let same = inspector.post(TRY, &json!({"round": round, "before": [order]})).await.body;
    assert_eq!(same["walks"][0]["course"], best["walks"][0]["course"]);
    assert_eq!(same["change"], json!({"prize": 0, "walk_m": 0.0, "walk_s": 0.0, "later_min": [0]}));

    // To and fro is longer.
    let crossed = [&order[0], &order[2], &order[1], &order[3]];
    round["orders"] = json!([crossed]);
    let dragged = inspector.post(TRY, &json!({"round": round, "before": [order]})).await.body;
    assert_eq!(targets(&dragged["walks"][0]), crossed.map(String::clone));
    let longer_m = dragged["change"]["walk_m"].as_f64().unwrap();
    let difference = dragged["walk_m"].as_f64().unwrap() - best["walk_m"].as_f64().unwrap();
    assert!(longer_m > 0.0 && (longer_m - difference).abs() < 1.5, "{}", dragged["change"]);
    assert!(dragged["change"]["later_min"][0].as_i64().unwrap() > 0);
    assert_eq!((&dragged["feasible"], &dragged["change"]["prize"]), (&json!(true), &json!(0)));

    // A stop taken off is left out, and the answer says that it would fit.
    round["orders"] = json!([order[1..]]);
    let fewer = inspector.post(TRY, &json!({"round": round, "before": [order]})).await.body;
    assert!(fewer["change"]["prize"].as_i64().unwrap() < 0);
    assert_eq!(fewer["left_out"][0]["target_id"], json!(order[0]));
    assert!(
        fewer["left_out"][0]["reason"]["en"].as_str().unwrap().starts_with("would fit"),
        "{}",
        fewer["left_out"]
    );

    // An hour is too short, and one of them closes early: said, not hidden; and not kept.
    change(
        &app,
        &format!("UPDATE enterprises SET opens = '06:00', closes = '09:15' WHERE id = '{}'", order[3]),
    )
    .await;
    (round["orders"], round["hours"]) = (json!([order]), json!(1));
    let late = inspector.post(TRY, &json!({"round": round})).await.body;
    assert_eq!(late["feasible"], false);
    let faults = late["walks"][0]["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!(faults[0]["target_id"], json!(order[3]));
    assert!(faults[1]["words"]["zh"].as_str().unwrap().starts_with("超出本班"));
    let refused = inspector.post(PLAN, &round).await;
    assert_eq!((refused.status, refused.faults()), (422, vec!["orders"]));

    (round["orders"], round["hours"]) = (json!([crossed]), json!(8));
    change(&app, "UPDATE enterprises SET opens = NULL, closes = NULL").await;
    let kept = inspector.post(PLAN, &round).await;
    assert_eq!(kept.status, 201, "{}", kept.body);
    assert_eq!(kept.body["patrols"][0]["stops"][1]["target_id"], json!(order[2]));
}

#[tokio::test]
async fn targets_that_are_named_are_on_the_round_due_or_not() {
    let app = TestApp::start().await;
    change(&app, "UPDATE enterprises SET last_inspected_at = now() - interval '1 day'").await;
    let inspector = app.sign_in("fire");
    let store = "30000000-0000-7000-8000-000000000002";
    let mut round = json!({"place": "370828003", "only": {"target_kinds": ["hazard"], "min_severity": 4, "must": [store]}});
    let tried = inspector.post(TRY, &json!({"round": round})).await.body;
    assert_eq!(targets(&tried["walks"][0]), [store], "{tried}");

    // What cannot be met is said loudly.
    change(&app, "UPDATE enterprises SET opens = '18:00', closes = '22:00'").await;
    let tried = inspector.post(TRY, &json!({"round": round})).await.body;
    assert_eq!(
        (&tried["left_out"][0]["required"], &tried["left_out"][0]["target_id"]),
        (&json!(true), &json!(store))
    );

    round["only"]["must"] = json!([Uuid::now_v7()]);
    assert_eq!(inspector.post(TRY, &json!({"round": round})).await.faults(), ["only.must"]);
    round["only"]["must"] = json!([]);
    round["orders"] = json!([[store]]);
    assert_eq!(inspector.post(TRY, &json!({"round": round})).await.faults(), ["orders"]);
    round["orders"] = json!([[], []]);
    assert_eq!(inspector.post(TRY, &json!({"round": round})).await.faults(), ["orders"]);
    let household =
        json!({"round": {"place": GRID, "only": {"must": ["20000000-0000-7000-8000-000000000001"]}}});
    assert_eq!(inspector.post(TRY, &household).await.faults(), ["only.must"], "no call for inspectors");
    for login in ["planner", "police", "admin"] {
        assert_eq!(app.sign_in(login).post(TRY, &household).await.status, 403, "{login}");
    }
}

#[tokio::test]
async fn the_command_centre_sends_others_and_never_itself() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    let command = app.sign_in("command");
    let nobody = json!({"place": "370828003", "only": {"target_kinds": ["hazard"]}});
    for path in [PLAN, TRY] {
        let body = if path == TRY { json!({"round": nobody}) } else { nobody.clone() };
        assert_eq!(command.post(path, &body).await.faults(), ["workers"], "{path}");
    }
    let mut two = nobody.clone();
    two["workers"] =
        json!([{"account": FIRE, "starts_at": "09:00", "hours": 2}, {"account": SAFETY, "mode": "car"}]);
    let planned = command.post(PLAN, &two).await;
    assert_eq!(planned.status, 201, "{}", planned.body);
    let names: Vec<_> =
        planned.body["patrols"].as_array().unwrap().iter().map(|it| &it["worker"]["display_name"]).collect();
    assert_eq!(names, ["消防检查员", "安全检查员"]);
    // Each finds the own one, and not the other's.
    assert_eq!(app.sign_in("safety").get("/api/v1/patrols").await.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_thousand_targets_are_planned_and_each_has_its_reason() {
    let app = TestApp::start().await;
    change(
        &app,
        "INSERT INTO hazards (id, code, place_code, kind, severity, description, found_on, geom)
         SELECT gen_random_uuid(), '370828003218-Z' || n, '370828003218001', 'fire', 1 + n % 4, '隐患' || n, '2022-01-01',
                ST_SetSRID(ST_MakePoint(116.3001 + n * 0.0000095, 35.0701), 4326)
           FROM generate_series(1, 1000) AS n",
    )
    .await;
    // A short shift, so that a program built for debugging has done in time.
    let round = json!({"place": "370828003", "hours": 1, "only": {"target_kinds": ["hazard"]}});
    let answer = app.sign_in("fire").post(PLAN, &round).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let stops = answer.body["patrols"][0]["stops"].as_array().unwrap().len();
    let left_out = answer.body["left_out"].as_array().unwrap();
    assert!(stops > 2, "{stops}");
    assert_eq!(stops + left_out.len(), 1004);
    assert!(left_out.iter().all(|call| !call["reason"]["zh"].as_str().unwrap().is_empty()));
}
