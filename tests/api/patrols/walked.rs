//! Kept patrols: planned, published, walked with check-ins and skipped stops, ended; who sees them, and what a phone
//! with a wrong clock or no signal may do.

use chrono::{DateTime, TimeDelta, Utc};
use gridkeeper::domain::patrols::thin;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{FIRE, GRID, MEMBER_1, PLAN, at, change, check_in, count, planned, started, stop, time};
use crate::support::{Answer, TestApp};

#[tokio::test]
async fn a_patrol_is_planned_published_walked_and_ended() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let patrol = planned(&member).await;
    assert_eq!((&patrol["status"], &patrol["place_code"]), (&json!("draft"), &json!(GRID)));
    assert_eq!(patrol["worker"]["display_name"], "网格员甲");
    assert_eq!(patrol["stops"].as_array().unwrap().len(), 3);
    assert!(patrol["stops"][0]["plan"]["directions"].as_array().unwrap().len() >= 2);
    assert!(time(&patrol["stops"][0]["arrive"]) >= time(&patrol["shift_from"]));

    let published = member.post(&at(&patrol, "publish"), &json!({})).await;
    assert_eq!(published.body["status"], "published");
    let told = json!({"at": Utc::now(), "sent_at": Utc::now()});
    let begun = member.post(&at(&patrol, "start"), &told).await;
    assert_eq!(begun.body["status"], "under_way");
    let begun_again = member.post(&at(&patrol, "start"), &json!({"at": "2020-01-01T00:00:00Z"})).await;
    assert_eq!(begun_again.body["started_at"], begun.body["started_at"]);

    let door = stop(&patrol, "special_care");
    let answer = member.post(&at(&patrol, "check-in"), &check_in(&door, 0.0001)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let done = stop(&answer.body, "special_care");
    assert_eq!((&done["state"], &done["distant"]), (&json!("checked_in"), &json!(false)));
    assert!((done["distance_m"].as_f64().unwrap() - 11.1).abs() < 0.5);

    let hazard = stop(&patrol, "hazard");
    let skip = json!({"id": Uuid::now_v7(), "stop_id": hazard["id"], "reason": "大门锁着", "at": Utc::now()});
    let skipped = member.post(&at(&patrol, "skip"), &skip).await;
    assert_eq!(stop(&skipped.body, "hazard")["reason"], "大门锁着");

    let over = member.post(&at(&patrol, "finish"), &told).await;
    assert_eq!(over.body["status"], "finished");
    let listed = member.get("/api/v1/patrols?status=finished").await;
    let row = &listed.body["items"][0];
    assert_eq!((&row["checked_in"], &row["skipped"], &row["stops"]), (&json!(1), &json!(1), &json!(3)));
    assert_eq!(app.audited("create", "patrol").await, 1);
}

#[tokio::test]
async fn what_is_sent_twice_is_done_once() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let request = json!({"workers": [{"id": Uuid::now_v7()}], "hours": 5});
    let first = member.post(PLAN, &request).await;
    let again = member.post(PLAN, &request).await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    let mut other = request.clone();
    other["hours"] = json!(6);
    assert_eq!(member.post(PLAN, &other).await.status, 409);
    assert_eq!(count(&app, "SELECT count(*) FROM patrols").await, 1);

    let patrol = started(&member).await;
    let door = stop(&patrol, "special_care");
    let deed = check_in(&door, 0.0);
    let first = member.post(&at(&patrol, "check-in"), &deed).await;
    let again = member.post(&at(&patrol, "check-in"), &deed).await;
    assert_eq!((first.status, again.status), (200, 200));
    assert_eq!(first.body, again.body);
    // Another deed at the same stop is another story: both sides are told.
    assert_eq!(member.post(&at(&patrol, "check-in"), &check_in(&door, 0.0)).await.status, 409);
}

#[tokio::test]
async fn a_check_in_from_afar_needs_a_reason_and_is_marked() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let patrol = started(&member).await;
    let door = stop(&patrol, "enterprise");
    let mut deed = check_in(&door, 0.002);
    let refused = member.post(&at(&patrol, "check-in"), &deed).await;
    assert_eq!((refused.status, refused.faults()), (422, vec!["reason"]));
    deed["reason"] = json!("厂区大，从后门进");
    let answer = member.post(&at(&patrol, "check-in"), &deed).await;
    let done = stop(&answer.body, "enterprise");
    assert_eq!((&done["distant"], &done["reason"]), (&json!(true), &json!("厂区大，从后门进")));

    let mut blind = check_in(&stop(&patrol, "hazard"), 0.0);
    blind.as_object_mut().unwrap().remove("place");
    assert_eq!(member.post(&at(&patrol, "check-in"), &blind).await.status, 422);
    blind["reason"] = json!("室内无信号");
    let answer = member.post(&at(&patrol, "check-in"), &blind).await;
    assert_eq!(stop(&answer.body, "hazard")["distant"], true);
}

#[tokio::test]
async fn a_wrong_clock_loses_nothing() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let patrol = planned(&member).await;
    // The phone lives in 2019; it began ten minutes ago.
    let phone: DateTime<Utc> = "2019-03-01T00:00:00Z".parse().unwrap();
    let told = json!({"at": phone - TimeDelta::minutes(10), "sent_at": phone});
    let begun = member.post(&at(&patrol, "start"), &told).await;
    let ago = Utc::now() - time(&begun.body["started_at"]);
    assert!((ago - TimeDelta::minutes(10)).abs() < TimeDelta::minutes(1), "{ago}");

    let mut deed = check_in(&stop(&patrol, "special_care"), 0.0);
    (deed["at"], deed["sent_at"]) = (json!(phone - TimeDelta::minutes(5)), json!(phone));
    let answer = member.post(&at(&patrol, "check-in"), &deed).await;
    let done = stop(&answer.body, "special_care");
    assert_eq!(time(&done["phone_at"]), phone - TimeDelta::minutes(5));
    let ago = time(&done["received_at"]) - time(&done["happened_at"]);
    assert!((ago - TimeDelta::minutes(5)).abs() < TimeDelta::minutes(1), "{ago}");

    // A phone in the future, which does not say so.
    let mut deed = check_in(&stop(&patrol, "hazard"), 0.0);
    (deed["at"], deed["sent_at"]) = (json!("2099-01-01T00:00:00Z"), Value::Null);
    let answer = member.post(&at(&patrol, "check-in"), &deed).await;
    let done = stop(&answer.body, "hazard");
    assert_eq!(done["happened_at"], done["received_at"]);

    // What was done without a signal arrives after the end.
    member.post(&at(&patrol, "finish"), &json!({"at": Utc::now()})).await;
    let late = member.post(&at(&patrol, "check-in"), &check_in(&stop(&patrol, "enterprise"), 0.0)).await;
    assert_eq!(late.status, 200, "{}", late.body);
}

#[tokio::test]
async fn a_phone_that_puts_its_time_right_says_what_its_clock_said() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let patrol = planned(&member).await;
    let phone = json!("2019-03-01T00:00:00Z");
    let begun_at = Utc::now() - TimeDelta::minutes(10);
    let told = json!({"at": begun_at, "sent_at": Utc::now(), "phone_at": phone});
    let begun = member.post(&at(&patrol, "start"), &told).await;
    assert!((time(&begun.body["started_at"]) - begun_at).abs() < TimeDelta::milliseconds(1));

    let mut deed = check_in(&stop(&patrol, "special_care"), 0.0);
    let at_the_door = Utc::now() - TimeDelta::minutes(3);
    (deed["at"], deed["phone_at"]) = (json!(at_the_door), phone.clone());
    let done = stop(&member.post(&at(&patrol, "check-in"), &deed).await.body, "special_care");
    assert_eq!(time(&done["phone_at"]), time(&phone));
    assert!((time(&done["happened_at"]) - at_the_door).abs() < TimeDelta::milliseconds(1), "{done}");
    let skip = json!({"id": Uuid::now_v7(), "stop_id": stop(&patrol, "hazard")["id"], "reason": "大门锁着",
                      "at": at_the_door, "phone_at": "9999-12-31T23:59:59Z"});
    let skipped = stop(&member.post(&at(&patrol, "skip"), &skip).await.body, "hazard");
    assert_eq!(skipped["state"], "skipped", "whatever a clock says, nothing is lost");
}

#[tokio::test]
async fn without_anything_due_the_walk_is_empty_and_sound() {
    let app = TestApp::start().await;
    change(&app, "UPDATE households SET last_visited_at = now(); UPDATE special_care SET last_visited_at = now();
                  UPDATE enterprises SET last_inspected_at = now(); UPDATE hazards SET status = 'cleared', cleared_on = found_on").await;
    let member = app.sign_in("member1");
    let patrol = started(&member).await;
    assert_eq!((&patrol["stops"], &patrol["course"]["left_out"]), (&json!([]), &json!([])));
    assert_eq!(member.get(&at(&patrol, "gpx")).await.status, 200);
    let place = json!({"place": {"x": 116.305, "y": 35.075, "crs": "wgs84"}});
    assert_eq!(member.post(&at(&patrol, "replan"), &place).await.status, 200);
}

#[tokio::test]
async fn only_those_who_walk_and_lead_see_a_patrol() {
    let app = TestApp::start().await;
    let patrol = started(&app.sign_in("member1")).await;
    let path = format!("/api/v1/patrols/{}", patrol["id"].as_str().unwrap());
    assert_eq!(app.sign_in("chief").get(&path).await.status, 200);
    for login in ["member2", "member3", "stranger", "fire", "command"] {
        assert_eq!(app.sign_in(login).get(&path).await.status, 404, "{login}");
        assert_eq!(app.sign_in(login).get(&format!("{path}/track")).await.status, 404, "{login}");
        assert_eq!(app.sign_in(login).get("/api/v1/patrols").await.body["items"], json!([]), "{login}");
    }
    for login in ["planner", "mediator", "police", "admin"] {
        assert_eq!(app.sign_in(login).get(&path).await.status, 403, "{login}");
        assert_eq!(app.sign_in(login).post(PLAN, &json!({})).await.status, 403, "{login}");
    }
    // A chief plans for a member and publishes, but does not walk in their shoes.
    let chief = app.sign_in("chief");
    let body = json!({"place": GRID, "workers": [{"account": MEMBER_1}]});
    let answer = chief.post(PLAN, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let theirs = &answer.body["patrols"][0];
    assert_eq!(chief.post(&at(theirs, "publish"), &json!({})).await.status, 200);
    assert_eq!(chief.post(&at(theirs, "start"), &json!({"at": Utc::now()})).await.status, 403);
    assert_eq!(app.sign_in("member2").post(PLAN, &body).await.faults(), ["workers"]);
    let other = json!({"workers": [{"account": FIRE}]});
    assert_eq!(app.sign_in("member1").post(PLAN, &other).await.status, 422);
}

#[tokio::test]
async fn a_track_is_of_the_patrol_and_of_nothing_else() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let patrol = planned(&member).await;
    let point = |minutes_ago: i64, x: f64| json!({"at": Utc::now() - TimeDelta::minutes(minutes_ago), "place": {"x": x, "y": 35.075, "crs": "wgs84"}, "accuracy_m": 8});
    let early = member.post(&at(&patrol, "track"), &json!({"points": [point(0, 116.305)]})).await;
    assert_eq!(early.body, json!({"recorded": 0, "outside": 1}));

    member.post(&at(&patrol, "start"), &json!({"at": Utc::now() - TimeDelta::minutes(30)})).await;
    let points = json!({"points": [point(60, 116.3041), point(20, 116.3051), point(15, 116.30511), point(10, 116.3071)]});
    let sent = member.post(&at(&patrol, "track"), &points).await;
    assert_eq!(sent.body, json!({"recorded": 3, "outside": 1}));
    let again = member.post(&at(&patrol, "track"), &points).await;
    assert_eq!(again.body, json!({"recorded": 0, "outside": 1}));

    let seen = app.sign_in("chief").get(&at(&patrol, "track")).await;
    assert_eq!(seen.body.as_array().unwrap().len(), 3);
    assert_eq!(app.audited("read", "patrol_track").await, 1);
    let live = app.sign_in("chief").get("/api/v1/patrols").await;
    assert_eq!(live.body["items"][0]["last_seen"]["coordinates"], json!([116.3071, 35.075]));
    let theirs = app.sign_in("chief").post(&at(&patrol, "track"), &points).await;
    assert_eq!(theirs.status, 403);

    // When its time is over, one point stays of each cell.
    member.post(&at(&patrol, "finish"), &json!({"at": Utc::now()})).await;
    assert_eq!(thin(&app.ground).await.unwrap(), 0);
    app.ground.clock.set_shift(TimeDelta::days(31));
    assert_eq!(thin(&app.ground).await.unwrap(), 1);
    assert_eq!(count(&app, "SELECT count(*) FROM patrol_tracks").await, 2);
}

#[tokio::test]
async fn a_patrol_travels_as_geojson_and_gpx() {
    let app = TestApp::start().await;
    change(&app, "UPDATE enterprises SET name = '<冷库> & 仓' WHERE place_code = '370828003218001'").await;
    let member = app.sign_in("member1");
    let patrol = planned(&member).await;
    let geojson: Answer = member.get(&at(&patrol, "geojson")).await;
    let features = geojson.body["features"].as_array().unwrap();
    assert_eq!((features.len(), &features[0]["geometry"]["type"]), (4, &json!("LineString")));
    let request = member.request(reqwest::Method::GET, &at(&patrol, "gpx"));
    let gpx = request.send().await.unwrap().text().await.unwrap();
    assert!(
        gpx.starts_with("<?xml") && gpx.contains("&lt;冷库&gt; &amp; 仓") && gpx.contains("<rtept"),
        "{gpx}"
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let refused = [
        (json!({"date": "2020-01-01"}), "date"),
        (json!({"hours": 13}), "hours"),
        (json!({"starts_at": "25:00"}), "starts_at"),
        (json!({"start": {"x": 200.0, "y": 35.0, "crs": "wgs84"}}), "start.x"),
        (json!({"workers": [{"account": Uuid::now_v7()}]}), "workers"),
    ];
    for (body, field) in refused {
        let answer = member.post(PLAN, &body).await;
        assert_eq!((answer.status, answer.faults()), (422, vec![field]), "{body}");
    }
    assert_eq!(app.sign_in("chief").post(PLAN, &json!({})).await.faults(), ["place"]);
    assert_eq!(member.post(PLAN, &json!({"place": "370828003218002"})).await.status, 403);
    let patrol = planned(&member).await;
    let deed = check_in(&stop(&patrol, "hazard"), 0.0);
    assert_eq!(member.post(&at(&patrol, "check-in"), &deed).await.status, 409);
    assert_eq!(member.post(&at(&patrol, "finish"), &json!({"at": Utc::now()})).await.status, 409);
    let patrol = started(&member).await;
    let mut deed = deed;
    deed["stop_id"] = json!(Uuid::now_v7());
    assert_eq!(member.post(&at(&patrol, "check-in"), &deed).await.faults(), ["stop_id"]);
}
