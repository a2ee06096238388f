//! Who can be sent, and when they are out already.

use serde_json::{Value, json};

use super::{PLAN, SAFETY, at, with_safety_inspector};
use crate::support::{Answer, TestApp};

const TEAM: &str = "/api/v1/patrols/team";

fn names(team: &Answer) -> Vec<&str> {
    let items = team.body["items"].as_array().unwrap().iter();
    items.map(|item| item["display_name"].as_str().unwrap()).collect()
}

fn busy<'a>(team: &'a Answer, name: &str) -> &'a Vec<Value> {
    let items = team.body["items"].as_array().unwrap();
    items.iter().find(|item| item["display_name"] == name).unwrap()["busy"].as_array().unwrap()
}

#[tokio::test]
async fn each_sees_whom_they_may_send() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    for (login, expected) in [
        ("member1", vec!["网格员甲"]),
        ("chief", vec!["网格长", "网格员甲", "网格员乙"]),
        ("fire", vec!["安全检查员", "消防检查员"]),
        ("command", vec!["安全检查员", "消防检查员"]),
        ("stranger", vec!["外街道网格员"]),
    ] {
        let team = app.sign_in(login).get(TEAM).await;
        let mut names = names(&team);
        names.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(names, expected, "{login}");
    }
    for login in ["planner", "mediator", "police", "admin"] {
        assert_eq!(app.sign_in(login).get(TEAM).await.status, 403, "{login}");
    }
    assert_eq!(app.stranger().get(TEAM).await.status, 401);
    let team = app.sign_in("command").get(TEAM).await;
    let safety = team.body["items"].as_array().unwrap().iter().find(|item| item["id"] == SAFETY).unwrap();
    assert_eq!(
        (&safety["role"], &safety["department"], &safety["place_code"]),
        (&json!("inspector"), &json!("safety"), &json!("370828003"))
    );
    assert_eq!(app.sign_in("fire").get(&format!("{TEAM}?date=tomorrow")).await.status, 422);
}

#[tokio::test]
async fn who_is_out_already_is_told_and_not_where() {
    let app = TestApp::start().await;
    with_safety_inspector(&app).await;
    let fire = app.sign_in("fire");
    let round =
        json!({"place": "370828003", "starts_at": "09:00", "hours": 3, "only": {"target_kinds": ["hazard"]}});
    let patrol = fire.post(PLAN, &round).await.body["patrols"][0].clone();
    assert_eq!(busy(&fire.get(TEAM).await, "消防检查员").len(), 0, "a draft is no promise");
    fire.post(&at(&patrol, "publish"), &json!({})).await;

    // A colleague knows when, though not the patrol itself.
    let colleague = app.sign_in("safety");
    let team = colleague.get(TEAM).await;
    assert_eq!(
        busy(&team, "消防检查员"),
        &vec![json!({"from": patrol["shift_from"], "to": patrol["shift_to"]})]
    );
    assert_eq!(busy(&team, "安全检查员").len(), 0);
    assert_eq!(colleague.get("/api/v1/patrols").await.body["items"], json!([]));
    let tomorrow = app.ground.clock.today() + chrono::TimeDelta::days(1);
    let team = colleague.get(&format!("{TEAM}?date={tomorrow}")).await;
    assert_eq!(busy(&team, "消防检查员").len(), 0);

    // A member's shift is known to the chief of the village.
    let member = app.sign_in("member1");
    let walk = member.post(PLAN, &json!({})).await.body["patrols"][0].clone();
    member.post(&at(&walk, "publish"), &json!({})).await;
    assert_eq!(busy(&app.sign_in("chief").get(TEAM).await, "网格员甲").len(), 1);
    assert_eq!(busy(&member.get(TEAM).await, "网格员甲").len(), 1);
}
