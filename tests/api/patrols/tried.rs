//! Planning anew looked at first: what it would change, and that what is kept is what was shown.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PLAN, SAFETY, at, change, check_in, count, started, stop, with_safety_inspector};
use crate::support::{Answer, Client, TestApp};

const TRY: &str = "/api/v1/patrols/replan/evaluate";
const REPLAN: &str = "/api/v1/patrols/replan";
/// In the seed one hazard lies at each enterprise.
const HAZARDS: [&str; 2] = ["40000000-0000-7000-8000-000000000001", "40000000-0000-7000-8000-000000000002"];

/// Tomorrow's rounds of two inspectors, a hazard for each.
async fn two_rounds(app: &TestApp, inspector: &Client) -> [Value; 2] {
    let round = json!({
        "place": "370828003", "date": app.ground.clock.today() + TimeDelta::days(1),
        "workers": [{}, {"account": SAFETY}], "only": {"target_kinds": ["hazard"], "targets": HAZARDS},
        "orders": [[HAZARDS[0]], [HAZARDS[1]]],
    });
    let planned = inspector.post(PLAN, &round).await;
    assert_eq!(planned.status, 201, "{}", planned.body);
    [0, 1].map(|index| planned.body["patrols"][index].clone())
}

/// What was asked with what came of it, to be kept.
fn confirmed(asked: &Value, tried: &Answer) -> Value {
    let mut confirm = asked.clone();
    confirm["as_of"] = tried.body["as_of"].clone();
    for (index, part) in confirm["patrols"].as_array_mut().unwrap().iter_mut().enumerate() {
        let calls = tried.body["patrols"][index]["calls"].as_array().unwrap();
        part["shown"] = calls.iter().map(|call| call["target_id"].clone()).collect();
    }
    confirm
}

#[tokio::test]
async fn who_loses_and_who_gains_a_call_is_shown_and_then_kept() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    let inspector = app.sign_in("fire");
    let [one, other] = two_rounds(&app, &inspector).await;
    let asked = json!({"patrols": [{"id": one["id"], "until": one["shift_from"]}, {"id": other["id"]}]});

    let tried = inspector.post(TRY, &asked).await;
    assert_eq!(tried.status, 200, "{}", tried.body);
    let [ill, helps] = [0, 1].map(|index| &tried.body["patrols"][index]);
    assert_eq!(ill["calls"], json!([]));
    assert_eq!(
        (&ill["lost"][0]["target_id"], &ill["lost"][0]["to"]["display_name"]),
        (&json!(HAZARDS[0]), &json!("安全检查员"))
    );
    assert_eq!(ill["lost"][0]["before"], one["stops"][0]["plan"]["arrive"]);
    let calls = helps["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 2);
    let taken = calls.iter().find(|call| call["target_id"] == HAZARDS[0]).unwrap();
    assert_eq!(taken["from"]["display_name"], "消防检查员");
    let own = calls.iter().find(|call| call["target_id"] == HAZARDS[1]).unwrap();
    assert_eq!((&own["from"], &own["before"]), (&Value::Null, &other["stops"][0]["plan"]["arrive"]));
    assert_eq!(helps["ended_at"], other["course"]["ends_at"]);
    // Nothing of it is kept.
    let path = format!("/api/v1/patrols/{}", one["id"].as_str().unwrap());
    assert_eq!(inspector.get(&path).await.body, one);

    let kept = inspector.post(REPLAN, &confirmed(&asked, &tried)).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    let stops = kept.body["patrols"][1]["stops"].as_array().unwrap();
    let arrivals: Vec<_> = stops.iter().map(|stop| &stop["plan"]["arrive"]).collect();
    assert_eq!(arrivals, calls.iter().map(|call| &call["arrive"]).collect::<Vec<_>>());
    assert_eq!(kept.body["patrols"][0]["stops"], json!([]));
}

#[tokio::test]
async fn a_call_that_nobody_makes_any_more_has_its_reason() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    let inspector = app.sign_in("fire");
    let [one, other] = two_rounds(&app, &inspector).await;
    let over = &one["shift_from"];
    let asked = json!({"patrols": [{"id": one["id"], "until": over}, {"id": other["id"], "until": over}]});
    let tried = inspector.post(TRY, &asked).await;
    for (index, hazard) in HAZARDS.iter().enumerate() {
        let lost = &tried.body["patrols"][index]["lost"][0];
        assert_eq!((&lost["target_id"], &lost["to"]), (&json!(hazard), &Value::Null));
        assert!(lost["reason"]["zh"].as_str().is_some_and(|why| !why.is_empty()), "{lost}");
    }
}

#[tokio::test]
async fn what_was_shown_is_kept_or_nothing_is() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let patrol = started(&member).await;
    let shift =
        "UPDATE patrols SET shift_from = now() - interval '1 hour', shift_to = now() + interval '4 hours'";
    change(&app, shift).await;
    let asked =
        json!({"patrols": [{"id": patrol["id"], "place": {"x": 116.3055, "y": 35.0755, "crs": "wgs84"}}]});
    let tried = member.post(TRY, &asked).await;
    assert_eq!(tried.status, 200, "{}", tried.body);
    let confirm = confirmed(&asked, &tried);

    // Meanwhile the walker was at one of the doors.
    member.post(&at(&patrol, "check-in"), &check_in(&stop(&patrol, "special_care"), 0.0)).await;
    let planned = "SELECT count(*) FROM patrol_stops WHERE state = 'planned'";
    let before = count(&app, planned).await;
    let answer = member.post(REPLAN, &confirm).await;
    assert_eq!(answer.status, 409, "{}", answer.body);
    assert_eq!(count(&app, planned).await, before);

    let again = member.post(TRY, &asked).await;
    let kept = member.post(REPLAN, &confirmed(&asked, &again)).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    assert_eq!(kept.body["patrols"][0]["course"]["line"]["coordinates"][0], json!([116.3055, 35.0755]));
    // A look of long ago, or of a time to come, counts for nothing.
    for minutes in [-16, 1] {
        let mut stale = confirmed(&asked, &again);
        stale["as_of"] = json!(Utc::now() + TimeDelta::minutes(minutes));
        assert_eq!(member.post(REPLAN, &stale).await.status, 409, "{minutes}");
    }
}

#[tokio::test]
async fn only_those_who_may_plan_anew_may_look() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    let [one, _] = two_rounds(&app, &app.sign_in("fire")).await;
    let asked = json!({"patrols": [{"id": one["id"]}]});
    for (login, status) in
        [("command", 200), ("safety", 404), ("chief", 404), ("member1", 404), ("planner", 403)]
    {
        assert_eq!(app.sign_in(login).post(TRY, &asked).await.status, status, "{login}");
    }
    let nobody = json!({"patrols": [{"id": Uuid::now_v7()}]});
    assert_eq!(app.sign_in("fire").post(TRY, &nobody).await.status, 404);
}
