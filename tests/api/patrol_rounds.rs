//! Kept patrols: planned, published, walked with check-ins and skipped stops, ended; who sees them, and what a phone
//! with a wrong clock or no signal may do.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that finds nothing where something should be has failed"
)]

use chrono::{DateTime, TimeDelta, Utc};
use gridkeeper::domain::patrols::thin;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor, Row};
use uuid::Uuid;

use crate::support::{Answer, Client, TestApp};

const PLAN: &str = "/api/v1/patrols/plan";
const GRID: &str = "370828003218001";
const MEMBER_1: &str = "10000000-0000-7000-8000-000000000001";
const FIRE: &str = "10000000-0000-7000-8000-000000000007";

async fn change(app: &TestApp, sql: &str) {
    app.database.owner().await.execute(AssertSqlSafe(sql.to_owned())).await.expect("runs");
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    let row = app.database.owner().await.fetch_one(AssertSqlSafe(sql.to_owned())).await.expect("runs");
    row.get(0)
}

/// Plans a patrol for the caller; gives it.
async fn planned(client: &Client) -> Value {
    let answer = client.post(PLAN, &json!({"workers": [{"id": Uuid::now_v7()}]})).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["patrols"][0].clone()
}

fn at(patrol: &Value, deed: &str) -> String {
    format!("/api/v1/patrols/{}/{deed}", patrol["id"].as_str().expect("an id"))
}

async fn started(client: &Client) -> Value {
    let patrol = planned(client).await;
    let answer = client.post(&at(&patrol, "start"), &json!({"at": Utc::now(), "sent_at": Utc::now()})).await;
    assert_eq!((answer.status, &answer.body["status"]), (200, &json!("under_way")));
    answer.body
}

fn stop(patrol: &Value, kind: &str) -> Value {
    let stops = patrol["stops"].as_array().expect("stops");
    stops.iter().find(|stop| stop["target_kind"] == kind).expect("a stop of the kind").clone()
}

/// A check-in at a stop's door, moved north by so many degrees.
fn check_in(stop: &Value, north: f64) -> Value {
    let (lon, lat) = (stop["plan"]["at"][0].as_f64().unwrap(), stop["plan"]["at"][1].as_f64().unwrap());
    json!({
        "id": Uuid::now_v7(), "stop_id": stop["id"], "at": Utc::now(), "sent_at": Utc::now(),
        "place": {"x": lon, "y": lat + north, "crs": "wgs84"}, "accuracy_m": 10,
    })
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a time").parse().expect("a time")
}

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

#[tokio::test]
async fn a_closed_road_that_cuts_the_village_in_two_leaves_out_what_lies_beyond() {
    let app = TestApp::start().await;
    change(&app, "DELETE FROM roads; INSERT INTO roads (id, code, place_code, class, geom)
        SELECT gen_random_uuid(), 'X' || n, '370828003', 'lane', ST_MakeLine(ST_SetSRID(ST_MakePoint(x, 35.075), 4326), ST_SetSRID(ST_MakePoint(x + 0.002, 35.075), 4326))
          FROM (VALUES (1, 116.300), (2, 116.302), (3, 116.304), (4, 116.306)) AS v (n, x)").await;
    let member = app.sign_in("member1");
    let start = json!({"start": {"x": 116.3005, "y": 35.075, "crs": "wgs84"}});
    let open = member.post(PLAN, &start).await;
    assert_eq!(open.body["patrols"][0]["stops"].as_array().unwrap().len(), 3);

    let works = json!({"id": Uuid::now_v7(), "place": {"x": 116.303, "y": 35.075, "crs": "wgs84"},
        "from_day": app.ground.clock.today(), "reason": "修下水道"});
    let closed = member.post("/api/v1/roads/closures", &works).await;
    assert_eq!(closed.status, 201, "{}", closed.body);
    assert_eq!(member.post("/api/v1/roads/closures", &works).await.status, 200);
    let cut = member.post(PLAN, &start).await;
    assert_eq!(cut.body["patrols"][0]["stops"], json!([]), "{}", cut.body);
    let left_out = cut.body["left_out"].as_array().unwrap();
    assert_eq!(left_out.len(), 3);
    assert!(left_out.iter().all(|call| call["reason"]["zh"] == "没有道路可达"), "{left_out:?}");

    let id = works["id"].as_str().unwrap();
    assert_eq!(member.delete(&format!("/api/v1/roads/closures/{id}")).await.status, 204);
    let again = member.post(PLAN, &start).await;
    assert_eq!(again.body["patrols"][0]["stops"].as_array().unwrap().len(), 3);
    assert_eq!(app.sign_in("planner").post("/api/v1/roads/closures", &works).await.status, 403);
    assert_eq!(app.sign_in("stranger").get("/api/v1/roads/closures").await.body, json!([]));
}

#[tokio::test]
async fn a_door_that_no_road_comes_near_is_left_out_with_the_reason() {
    let app = TestApp::start().await;
    change(&app, "DELETE FROM roads WHERE code = '370828003-R0002';
        UPDATE households SET geom = ST_SetSRID(ST_MakePoint(116.305, 35.0799), 4326) WHERE place_code = '370828003218001'").await;
    let answer = app.sign_in("member1").post(PLAN, &json!({})).await;
    let left_out = answer.body["left_out"].as_array().unwrap();
    assert_eq!(
        (&left_out[0]["target_kind"], &left_out[0]["reason"]["en"]),
        (&json!("special_care"), &json!("no road leads there"))
    );
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
async fn several_inspectors_share_the_riskiest_places() {
    let app = TestApp::start().await;
    change(&app, "INSERT INTO accounts (id, login, display_name, role, scope_code, department)
        VALUES ('10000000-0000-7000-8000-0000000000ff', 'safety', '安全检查员', 'inspector', '370828003', 'safety');
        UPDATE enterprises SET last_inspected_at = now() - interval '1 day' WHERE place_code = '370828003218002'").await;
    let inspector = app.sign_in("fire");
    let request = json!({
        "place": "370828003", "workers": [{}, {"account": "10000000-0000-7000-8000-0000000000ff"}],
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

const SAFETY: &str = "10000000-0000-7000-8000-0000000000ff";
const TRY: &str = "/api/v1/patrols/evaluate";

/// A second inspector.
async fn with_safety_inspector(app: &TestApp) {
    change(
        app,
        &format!(
            "INSERT INTO accounts (id, login, display_name, role, scope_code, department)
        VALUES ('{SAFETY}', 'safety', '安全检查员', 'inspector', '370828003', 'safety')"
        ),
    )
    .await;
}

fn targets(walk: &Value) -> Vec<String> {
    let stops = walk["course"]["stops"].as_array().expect("stops");
    stops.iter().map(|stop| stop["target_id"].as_str().expect("an id").to_owned()).collect()
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
