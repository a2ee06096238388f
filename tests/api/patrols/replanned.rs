//! Patrols planned anew on the way: what is promised is kept, as far as it is worth.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PLAN, SAFETY, at, change, check_in, started, stop, time, with_safety_inspector};
use crate::support::TestApp;

#[tokio::test]
async fn the_rest_is_planned_anew_from_here_and_now() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let patrol = started(&member).await;
    let hazard = stop(&patrol, "hazard");
    let skip = json!({"id": Uuid::now_v7(), "stop_id": hazard["id"], "reason": "明天再来", "at": Utc::now()});
    member.post(&at(&patrol, "skip"), &skip).await;
    member.post(&at(&patrol, "check-in"), &check_in(&stop(&patrol, "special_care"), 0.0)).await;
    // Half-way through the shift, whatever time it is.
    change(
        &app,
        "UPDATE patrols SET shift_from = now() - interval '2 hours', shift_to = now() + interval '3 hours'",
    )
    .await;
    let here = json!({"place": {"x": 116.3055, "y": 35.0755, "crs": "wgs84"}});
    let answer = member.post(&at(&patrol, "replan"), &here).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let states: Vec<_> = answer.body["stops"].as_array().unwrap().iter().map(|stop| &stop["state"]).collect();
    assert_eq!(states, ["skipped", "checked_in", "planned"]);
    assert_eq!(answer.body["course"]["stops"].as_array().unwrap().len(), 1);
    assert_eq!(answer.body["course"]["line"]["coordinates"][0], json!([116.3055, 35.0755]));
}

const REPLAN: &str = "/api/v1/patrols/replan";

fn hazard(n: usize) -> String {
    format!("40000000-0000-7000-8000-00000000000{n}")
}

fn place(x: f64, y: f64) -> Value {
    json!({"x": x, "y": y, "crs": "wgs84"})
}

/// Puts the hazards 1 to 4 on the roads, which cross at 116.31, 35.07.
async fn hazards_at(app: &TestApp, places: [(f64, f64); 4]) {
    for (n, (x, y)) in (1..).zip(places) {
        let id = hazard(n);
        let sql =
            format!("UPDATE hazards SET geom = ST_SetSRID(ST_MakePoint({x}, {y}), 4326) WHERE id = '{id}'");
        change(app, &sql).await;
    }
}

/// Tomorrow's round over hazards, so that there is all of the shift whatever time it is now.
fn round(app: &TestApp, targets: &[usize], workers: &Value, orders: &[&[usize]]) -> Value {
    let ids = |numbers: &[usize]| numbers.iter().map(|&n| hazard(n)).collect::<Vec<_>>();
    let orders: Vec<_> = orders.iter().map(|order| ids(order)).collect();
    json!({
        "place": "370828003", "date": app.ground.clock.today() + TimeDelta::days(1), "workers": workers,
        "only": {"target_kinds": ["hazard"], "targets": ids(targets)}, "orders": orders,
    })
}

fn targets(patrol: &Value) -> Vec<usize> {
    let stops = patrol["stops"].as_array().unwrap();
    stops.iter().map(|stop| (1..=4).find(|&n| stop["target_id"] == hazard(n)).unwrap()).collect()
}

fn ids(patrol: &Value) -> Vec<&Value> {
    patrol["stops"].as_array().unwrap().iter().map(|stop| &stop["id"]).collect()
}

#[tokio::test]
async fn a_planned_call_gives_way_only_where_that_gains_more_than_the_penalty() {
    let app = TestApp::start().await;
    hazards_at(&app, [(116.31, 35.07); 4]).await;
    change(&app, &format!("UPDATE hazards SET severity = CASE id WHEN '{}' THEN 1 ELSE 4 END", hazard(1)))
        .await;
    let inspector = app.sign_in("fire");
    let start = place(116.31, 35.07);
    let mut wanted = round(&app, &[1, 2], &json!([{"start": start}]), &[&[1]]);
    wanted["hours"] = json!(1);
    let planned = inspector.post(PLAN, &wanted).await;
    assert_eq!(planned.status, 201, "{}", planned.body);
    let patrol = &planned.body["patrols"][0];
    assert_eq!(targets(patrol), [1]);
    // Of a grave hazard's quarter of an hour and a slight one's ten minutes there is time for one.
    change(&app, "UPDATE patrols SET shift_to = shift_from + interval '15 minutes'").await;

    let kept = inspector.post(&at(patrol, "replan"), &json!({"place": start})).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    assert_eq!((targets(&kept.body), ids(&kept.body)), (vec![1], ids(patrol)));
    let free = inspector.post(&at(patrol, "replan"), &json!({"place": start, "change_penalty": 0})).await;
    assert_eq!(targets(&free.body), [2], "{}", free.body);
}

#[tokio::test]
async fn planned_times_are_held_where_they_still_can_be() {
    let app = TestApp::start().await;
    // Two on the western arm, one on the northern.
    hazards_at(&app, [(116.306, 35.07), (116.31, 35.075), (116.304, 35.07), (116.319, 35.07)]).await;
    let inspector = app.sign_in("fire");
    let start = place(116.31, 35.07);
    let wanted = round(&app, &[1, 2, 3], &json!([{"start": start}]), &[&[1, 2, 3]]);
    let patrol = inspector.post(PLAN, &wanted).await.body["patrols"][0].clone();
    let arrivals = |patrol: &Value| -> Vec<_> {
        (1..=3)
            .map(|n| {
                let stops = patrol["stops"].as_array().unwrap();
                time(&stops.iter().find(|stop| stop["target_id"] == hazard(n)).unwrap()["arrive"])
            })
            .collect()
    };
    let held = json!({"place": start, "hold_min": 5});
    let answer = inspector.post(&at(&patrol, "replan"), &held).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for (planned, now) in arrivals(&patrol).into_iter().zip(arrivals(&answer.body)) {
        assert!((planned - now).abs() <= TimeDelta::minutes(5), "{planned} {now}");
    }
    // Half a day late no time can be held, and no call is lost for it.
    change(&app, "UPDATE patrols SET shift_from = shift_from + interval '6 hours', shift_to = shift_to + interval '6 hours'").await;
    let late = inspector.post(&at(&patrol, "replan"), &held).await;
    assert_eq!(late.body["stops"].as_array().unwrap().len(), 3, "{}", late.body);
    // Free of their times the two in the west are one way.
    let order = targets(&late.body);
    assert!(order[1] != 2, "{order:?}");
}

#[tokio::test]
async fn the_stops_that_come_next_stay_the_next() {
    let app = TestApp::start().await;
    hazards_at(&app, [(116.306, 35.07), (116.31, 35.075), (116.304, 35.07), (116.319, 35.07)]).await;
    let inspector = app.sign_in("fire");
    let start = place(116.31, 35.07);
    let wanted = round(&app, &[1, 2, 3], &json!([{"start": start}]), &[&[1, 3, 2]]);
    let patrol = inspector.post(PLAN, &wanted).await.body["patrols"][0].clone();
    let stop_id = |n: usize| {
        let stops = patrol["stops"].as_array().unwrap();
        stops.iter().find(|stop| stop["target_id"] == hazard(n)).unwrap()["id"].clone()
    };
    let answer = inspector
        .post(&at(&patrol, "replan"), &json!({"place": start, "next": [stop_id(3), stop_id(2)]}))
        .await;
    assert_eq!(targets(&answer.body), [3, 2, 1], "{}", answer.body);
    let twice = json!({"place": start, "next": [stop_id(3), stop_id(3)]});
    assert_eq!(inspector.post(&at(&patrol, "replan"), &twice).await.faults(), ["next"]);
    let beyond = json!({"place": start, "hold_min": 721, "change_penalty": 1_000_001});
    assert_eq!(
        inspector.post(&at(&patrol, "replan"), &beyond).await.faults(),
        ["change_penalty", "hold_min"]
    );
}

#[tokio::test]
async fn calls_change_hands_within_a_team_where_that_is_worth_the_penalty() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    hazards_at(&app, [(116.302, 35.07), (116.318, 35.07), (116.303, 35.07), (116.317, 35.07)]).await;
    let inspector = app.sign_in("fire");
    let (west, east) = (place(116.302, 35.07), place(116.318, 35.07));
    let workers = json!([{"start": west}, {"account": SAFETY, "start": east}]);
    let wanted = round(&app, &[1, 2, 3, 4], &workers, &[&[1, 3], &[2, 4]]);
    let planned = inspector.post(PLAN, &wanted).await;
    assert_eq!(planned.status, 201, "{}", planned.body);
    let [one, other] = [0, 1].map(|index| planned.body["patrols"][index].clone());

    // Each is where the other began: the plan stands, unless it counts for nothing.
    let mut swapped =
        json!({"patrols": [{"id": one["id"], "place": east}, {"id": other["id"], "place": west}]});
    let sorted = |patrol: &Value| {
        let mut targets = targets(patrol);
        targets.sort_unstable();
        targets
    };
    let kept = inspector.post(REPLAN, &swapped).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    assert_eq!(
        [sorted(&kept.body["patrols"][0]), sorted(&kept.body["patrols"][1])],
        [vec![1, 3], vec![2, 4]]
    );
    assert!(ids(&one).iter().all(|id| ids(&kept.body["patrols"][0]).contains(id)), "with their ids");
    swapped["change_penalty"] = json!(0);
    let free = inspector.post(REPLAN, &swapped).await;
    // On the way home from where the other began one passes all four.
    assert_eq!(
        [sorted(&free.body["patrols"][0]), sorted(&free.body["patrols"][1])],
        [vec![1, 2, 3, 4], vec![]]
    );

    // One has to go home: the other makes all the calls. Whoever leads them may say so, and nobody else.
    let ill = json!({"patrols": [{"id": one["id"], "until": one["shift_from"]}, {"id": other["id"]}]});
    for (login, status) in [("safety", 404), ("chief", 404), ("member1", 404), ("planner", 403)] {
        assert_eq!(app.sign_in(login).post(REPLAN, &ill).await.status, status, "{login}");
    }
    let answer = app.sign_in("command").post(REPLAN, &ill).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["patrols"][0]["stops"], json!([]));
    assert_eq!(sorted(&answer.body["patrols"][1]), [1, 2, 3, 4]);
    assert_eq!(answer.body["left_out"], json!([]));
}

#[tokio::test]
async fn only_patrols_of_one_day_and_place_are_planned_together() {
    let app = TestApp::start().await;
    let inspector = app.sign_in("fire");
    let whole = json!({"place": "370828003", "only": {"target_kinds": ["hazard"]}});
    let mut village = whole.clone();
    village["place"] = json!("370828003218");
    let a = inspector.post(PLAN, &whole).await.body["patrols"][0]["id"].clone();
    let b = inspector.post(PLAN, &village).await.body["patrols"][0]["id"].clone();
    for patrols in [json!([{"id": a}, {"id": b}]), json!([{"id": a}, {"id": a}]), json!([])] {
        let answer = inspector.post(REPLAN, &json!({"patrols": patrols})).await;
        assert_eq!((answer.status, answer.faults()), (422, vec!["patrols"]), "{patrols}");
    }
    let nobody = json!({"patrols": [{"id": Uuid::now_v7()}]});
    assert_eq!(inspector.post(REPLAN, &nobody).await.status, 404);
    let nowhere = json!({"patrols": [{"id": a, "place": place(200.0, 35.0)}]});
    assert_eq!(inspector.post(REPLAN, &nowhere).await.faults(), ["patrols.place.x"]);
}
