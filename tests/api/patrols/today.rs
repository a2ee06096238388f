//! Today's patrol: what is due, who walks, where along, and what is left out.

use gridkeeper::kernel::geometry::Wgs84;
use gridkeeper::kernel::geometry::measure::distance_m;
use gridkeeper::platform::events::Change;
use serde_json::{Value, json};
use uuid::Uuid;

use super::change;
use crate::support::{Answer, TestApp};

const TODAY: &str = "/api/v1/patrols/today";

fn kinds(patrol: &Answer, list: &str) -> Vec<String> {
    let mut kinds: Vec<String> = patrol.body[list]
        .as_array()
        .map(|stops| {
            stops.iter().filter_map(|stop| stop["target_kind"].as_str()).map(str::to_owned).collect()
        })
        .unwrap_or_default();
    kinds.sort();
    kinds
}

fn line(patrol: &Value) -> Vec<Wgs84> {
    let positions = patrol["line"]["coordinates"].as_array().expect("a line");
    let degrees = |value: &Value| value.as_f64().expect("degrees");
    positions.iter().map(|at| Wgs84::new(degrees(&at[0]), degrees(&at[1])).expect("a place")).collect()
}

fn length_m(line: &[Wgs84]) -> f64 {
    line.windows(2).map(|pair| distance_m(pair[0], pair[1])).sum()
}

fn minutes(time: &Value) -> i64 {
    let (hours, minutes) = time.as_str().and_then(|time| time.split_once(':')).expect("HH:MM");
    hours.parse::<i64>().expect("hours") * 60 + minutes.parse::<i64>().expect("minutes")
}

#[tokio::test]
async fn a_walk_takes_in_everything_due_along_the_roads() {
    let app = TestApp::start().await;
    let answer = app.sign_in("member1").get(TODAY).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let patrol = &answer.body;
    assert_eq!(kinds(&answer, "stops"), ["enterprise", "hazard", "special_care"]);
    assert_eq!(patrol["left_out"], json!([]));
    assert_eq!((&patrol["grid_code"], &patrol["on_roads"]), (&json!("370828003218001"), &json!(true)));
    assert_eq!(patrol["worker"]["display_name"], "网格员甲");

    // The household and the person in care are behind one door.
    let stops = patrol["stops"].as_array().unwrap();
    let door = stops.iter().find(|stop| stop["target_kind"] == "special_care").unwrap();
    assert_eq!((&door["label"], &door["sublabel"]), (&json!("测试人1"), &json!("测试路1号")));
    let purposes: Vec<&Value> = door["purposes"].as_array().unwrap().iter().map(|p| &p["zh"]).collect();
    assert_eq!(purposes, ["每周探望空巢老人", "每月走访"]);
    assert_eq!(door["due_since"], "2021-07-08");

    // The line is as long as it says, and begins and ends at the start.
    let (line, walk_m) = (line(patrol), patrol["walk_m"].as_f64().unwrap());
    assert!((length_m(&line) / walk_m - 1.0).abs() < 1e-3, "{} for {walk_m}", length_m(&line));
    assert_eq!(line.first(), line.last());
    assert!((patrol["walk_s"].as_f64().unwrap() - walk_m / 1.25).abs() < 2.0);

    // Times run on: every stop is reached by walking from the one before, and left after the call.
    let mut now = minutes(&patrol["starts_at"]);
    assert_eq!(now, 8 * 60 + 30);
    for (index, stop) in stops.iter().enumerate() {
        assert_eq!(stop["no"], index + 1);
        let walk_min = (stop["walk_m"].as_f64().unwrap() / 1.25 / 60.0).floor() as i64;
        let (arrive, leave) = (minutes(&stop["arrive"]), minutes(&stop["leave"]));
        assert!((now + walk_min..=now + walk_min + 1).contains(&arrive), "{stop}");
        assert!(arrive + 10 <= leave);
        now = leave;
    }
    assert!(minutes(&patrol["ends_at"]) >= now);
    assert_eq!(patrol, &app.sign_in("member1").get(TODAY).await.body, "the same duties give the same walk");
}

#[tokio::test]
async fn walks_follow_the_roads_that_are_there_and_go_straight_where_there_are_none() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    // From the crossing: along the lane, which is nearest to everything in the grid.
    let path = format!("{TODAY}?from=116.31,35.07");
    let patrol = member.get(&path).await.body;
    assert_eq!(patrol["start"]["at"], json!([116.31, 35.07]));
    // North along the lane and in to the door; straight to the cold store in the same yard, where the hazard
    // is; out to the lane and back.
    let place = |lon, lat| Wgs84::new(lon, lat).unwrap();
    let (crossing, house, store) = (place(116.31, 35.07), place(116.305, 35.075), place(116.306, 35.076));
    let lane = |lat| place(116.31, lat);
    let by_road = length_m(&[crossing, lane(35.075), house, store, lane(35.076), crossing]);
    let walk_m = patrol["walk_m"].as_f64().unwrap();
    assert!((walk_m / by_road - 1.0).abs() < 1e-3, "{walk_m} for {by_road}");

    // Remembered until the roads change.
    change(&app, "DELETE FROM roads").await;
    assert_eq!(member.get(&path).await.body["on_roads"], true);
    app.ground.events.publish(Change::Layer { layer: "roads".into() });
    let patrol = member.get(&path).await.body;
    let straight = length_m(&[crossing, house, store, crossing]);
    assert_eq!(patrol["on_roads"], false);
    assert!((patrol["walk_m"].as_f64().unwrap() / straight - 1.0).abs() < 1e-3);
    assert!((length_m(&line(&patrol)) / straight - 1.0).abs() < 1e-3);
}

#[tokio::test]
async fn a_call_that_was_made_is_not_due_again() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let mut left = 3;
    while left > 0 {
        let patrol = member.get(TODAY).await;
        let stops = patrol.body["stops"].as_array().unwrap();
        assert_eq!(stops.len(), left);
        let call = json!({
            "id": Uuid::now_v7(),
            "target_kind": stops[0]["target_kind"],
            "target_id": stops[0]["target_id"],
            "purpose": stops[0]["purposes"][0]["zh"],
            "result": "done",
            "visited_at": app.ground.clock.now(),
        });
        assert_eq!(member.post("/api/v1/visits", &call).await.status, 201);
        left -= 1;
    }
    let patrol = member.get(TODAY).await.body;
    assert_eq!((&patrol["stops"], &patrol["left_out"]), (&json!([]), &json!([])));
    assert_eq!((&patrol["walk_m"], &patrol["ends_at"]), (&json!(0.0), &patrol["starts_at"]));
    assert_eq!(line(&patrol).len(), 2);
}

#[tokio::test]
async fn the_days_that_count_are_those_in_china() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    // The care is due a week after the last call; the others were seen to just now.
    change(
        &app,
        "UPDATE households SET last_visited_at = now(); UPDATE enterprises SET last_inspected_at = now()",
    )
    .await;
    change(&app, "UPDATE hazards SET status = 'cleared', cleared_on = current_date").await;
    let today = app.ground.clock.today();
    for (days, due) in [(6, 0), (7, 1)] {
        change(
            &app,
            &format!("UPDATE special_care SET last_visited_at = '{today}T00:10:00+08'::timestamptz - interval '{days} days'"),
        )
        .await;
        assert_eq!(member.get(TODAY).await.body["stops"].as_array().unwrap().len(), due, "{days} days");
    }
}

#[tokio::test]
async fn a_short_shift_keeps_the_gravest_and_says_why_not_the_rest() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    change(&app, "UPDATE hazards SET severity = 4").await;
    let answer = member.get(&format!("{TODAY}?hours=1&from=116.306,35.076")).await;
    assert_eq!(kinds(&answer, "stops"), ["hazard", "special_care"]);
    let left_out = &answer.body["left_out"];
    assert_eq!(left_out.as_array().unwrap().len(), 1);
    assert_eq!(left_out[0]["target_kind"], "enterprise");
    assert!(left_out[0]["reason"]["zh"].as_str().unwrap().starts_with("本班已排满"), "{left_out}");
    assert!(left_out[0]["reason"]["en"].as_str().unwrap().starts_with("the shift is full"));
    assert!(minutes(&answer.body["ends_at"]) <= 9 * 60 + 30);
}

#[tokio::test]
async fn who_is_closed_or_out_of_reach_is_left_out() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let reasons = async |query: &str| -> Vec<String> {
        let patrol = member.get(&format!("{TODAY}{query}")).await.body;
        let left_out = patrol["left_out"].as_array().unwrap().iter();
        left_out.map(|left_out| left_out["reason"]["zh"].as_str().unwrap().to_owned()).collect()
    };
    change(&app, "UPDATE enterprises SET opens = '18:00', closes = '22:00'").await;
    assert_eq!(reasons("").await, ["本班时间内不营业"]);
    assert_eq!(reasons("?starts_at=17:30").await, [""; 0]);
    change(&app, "UPDATE enterprises SET opens = '05:00', closes = '07:00'").await;
    assert_eq!(reasons("").await, ["本班时间内不营业"]);
    // Open through the night: any time will do.
    change(&app, "UPDATE enterprises SET opens = '18:00', closes = '10:00'").await;
    assert_eq!(reasons("").await, [""; 0]);

    change(&app, "DELETE FROM roads WHERE class = 'lane'").await;
    change(&app, "UPDATE roads SET geom = ST_Translate(geom, 0, 0.03)").await;
    app.ground.events.publish(Change::Layer { layer: "roads".into() });
    assert_eq!(reasons("").await, ["没有道路可达"; 3]);
}

#[tokio::test]
async fn walks_begin_at_the_village_office_or_the_police_room() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let start = async || member.get(TODAY).await.body["start"].clone();
    assert_eq!(start().await["label"], "第1网格");
    for (code, name) in [("B9001", "崔口警务室"), ("B9002", "崔口村党群服务中心"), ("B9003", "崔口村小学")]
    {
        change(
            &app,
            &format!(
                "INSERT INTO buildings (id, code, place_code, kind, name, geom)
                 SELECT gen_random_uuid(), '370828003218-{code}', '370828003218002', 'public', '{name}',
                        ST_Multi(ST_Expand(ST_SetSRID(ST_MakePoint(116.315, 35.072), 4326), 0.0001))"
            ),
        )
        .await;
        let expected = if code == "B9001" { name } else { "崔口村党群服务中心" };
        assert_eq!(start().await["label"], expected);
    }
    let at = start().await["at"].clone();
    assert!(
        (at[0].as_f64().unwrap() - 116.315).abs() < 2e-4 && (at[1].as_f64().unwrap() - 35.072).abs() < 2e-4
    );
}

#[tokio::test]
async fn members_walk_their_own_grid_and_chiefs_any_of_theirs() {
    let app = TestApp::start().await;
    let own = format!("{TODAY}?grid=370828003218001");
    assert_eq!(app.sign_in("member1").get(&own).await.status, 200);
    assert_eq!(app.sign_in("member2").get(&own).await.status, 403);
    assert_eq!(app.sign_in("chief").get(&own).await.body["grid_code"], "370828003218001");
    assert_eq!(app.sign_in("chief").get(&format!("{TODAY}?grid=370828003222001")).await.status, 403);
    assert_eq!(app.sign_in("chief").get(&format!("{TODAY}?grid=370828003218999")).await.status, 404);
    let unnamed = app.sign_in("chief").get(TODAY).await;
    assert_eq!((unnamed.status, &unnamed.body["errors"][0]["field"]), (422, &json!("grid")));
    for login in ["planner", "mediator", "police", "fire", "command", "admin"] {
        assert_eq!(app.sign_in(login).get(&own).await.status, 403, "{login}");
    }
    assert_eq!(app.stranger().get(TODAY).await.status, 401);

    // Whoever reads where people live and who needs care is on record.
    let audited: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_log WHERE action = 'read' AND subject = 'patrol' AND place_code = '370828003218001'",
    )
    .fetch_one(&mut app.database.owner().await)
    .await
    .unwrap();
    assert_eq!(audited, 2);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_name() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    for (query, field) in [
        ("grid=12", "grid"),
        ("from=116.3", "from"),
        ("from=x,y", "from"),
        ("from=35.07,116.3", "from"),
        ("starts_at=25:00", "starts_at"),
        ("hours=0", "hours"),
        ("hours=13", "hours"),
        ("starts_at=21:00&hours=4", "hours"),
    ] {
        let answer = member.get(&format!("{TODAY}?{query}")).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!(field)), "{query}");
    }
}
