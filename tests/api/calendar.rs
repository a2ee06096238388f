//! A grid's calendar of calls: spread, kept, seen by those whose it is, and taken in by the day's walk.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that finds nothing where something should be has failed"
)]

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor};
use uuid::Uuid;

use crate::support::TestApp;

const CALENDAR: &str = "/api/v1/patrols/calendar";
const GRID: &str = "370828003218001";
const HOUSEHOLD: &str = "20000000-0000-7000-8000-000000000001";

/// A service for which it is Wednesday, 15 May 2030, ten in the morning: well within a month, whenever the test runs.
async fn start() -> TestApp {
    let app = TestApp::start().await;
    let now: DateTime<Utc> = "2030-05-15T10:00:00+08:00".parse().expect("a time");
    app.ground.clock.set_shift(now - Utc::now());
    app
}

async fn change(app: &TestApp, sql: &str) {
    app.database.owner().await.execute(AssertSqlSafe(sql.to_owned())).await.expect("runs");
}

fn days(calendar: &Value) -> &Vec<Value> {
    calendar["days"].as_array().expect("days")
}

fn day(value: &Value) -> NaiveDate {
    value["day"].as_str().and_then(|day| day.parse().ok()).expect("a day")
}

/// The days on which a target is called at.
fn days_of(calendar: &Value, target: &str) -> Vec<NaiveDate> {
    let called = |day: &&Value| {
        day["calls"].as_array().expect("calls").iter().any(|call| call["target_id"] == json!(target))
    };
    days(calendar).iter().filter(called).map(day).collect()
}

/// The first day of the month after this one: all of it can be spread.
fn next_month(app: &TestApp) -> NaiveDate {
    let today = app.ground.clock.today();
    let first = today.with_day(1).unwrap();
    first.checked_add_months(chrono::Months::new(1)).unwrap()
}

/// Forty households more in the first grid, called on at the end of last month.
const MORE_DOORS: &str = "INSERT INTO households (id, code, place_code, address, resident_count, last_visited_at, geom)
    SELECT gen_random_uuid(), '370828003218-H1' || lpad(n::text, 3, '0'), '370828003218001', '测试巷' || n || '号', 2, NULL,
           ST_SetSRID(ST_MakePoint(116.3005 + 0.0002 * n, 35.0705 + 0.0001 * (n % 7)), 4326)
      FROM generate_series(1, 40) AS n";

#[tokio::test]
async fn a_months_calls_are_spread_over_its_working_days() {
    let app = start().await;
    change(&app, MORE_DOORS).await;
    let month = next_month(&app);
    change(&app, &format!("UPDATE special_care SET last_visited_at = '{month}'::date - 2")).await;
    let member = app.sign_in("member1");
    assert_eq!(member.get(&format!("{CALENDAR}?month={month}")).await.status, 404);
    let made = member.post(CALENDAR, &json!({"month": month})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let calendar = &made.body;
    assert_eq!((&calendar["grid_code"], &calendar["month"]), (&json!(GRID), &json!(month)));
    assert_eq!(calendar["made_by"], "网格员甲");

    // Every day of the month is there; nobody calls on a Sunday that is not worked in return.
    assert_eq!(day(&days(calendar)[0]), month);
    for of_day in days(calendar) {
        let calls = of_day["calls"].as_array().unwrap().len();
        assert!(of_day["works"] == json!(true) || calls == 0, "{of_day}");
        assert_eq!(of_day["over_min"], 0);
    }
    let working = days(calendar).iter().filter(|day| day["works"] == json!(true)).count();
    assert!((15..=27).contains(&working), "{working}");

    // Each household once, and those in special care every week on the same weekday, bar holidays.
    let weekly = days_of(calendar, HOUSEHOLD);
    assert!(weekly.len() >= 3, "{weekly:?}");
    assert!(weekly.windows(2).all(|pair| (pair[1] - pair[0]).num_days() >= 4), "{weekly:?}");
    let most_common = |days: &[NaiveDate]| {
        let on = |weekday: Weekday| days.iter().filter(|day| day.weekday() == weekday).count();
        weekly.iter().map(|day| on(day.weekday())).max().unwrap_or(0)
    };
    assert!(most_common(&weekly) + 1 >= weekly.len(), "{weekly:?}");
    let households = days(calendar).iter().flat_map(|day| day["calls"].as_array().unwrap());
    let monthly = households
        .filter(|call| call["every_days"] == json!(30) && call["target_kind"] == json!("household"));
    assert_eq!(monthly.count(), 40);

    let read = member.get(&format!("{CALENDAR}?month={month}")).await;
    assert_eq!((read.status, &read.body["days"]), (200, &calendar["days"]));
    let again = member.post(CALENDAR, &json!({"month": month})).await;
    assert_eq!((&again.body["days"], &again.body["version"]), (&calendar["days"], &json!(2)));
}

#[tokio::test]
async fn todays_walk_takes_what_the_calendar_says() {
    let app = start().await;
    let today = app.ground.clock.today();
    let month = today.with_day(1).unwrap();
    let member = app.sign_in("member1");
    let stops = async || {
        let patrol = member.get("/api/v1/patrols/today").await.body;
        let stops = patrol["stops"].as_array().expect("stops").clone();
        stops.iter().map(|stop| stop["target_kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(stops().await.contains(&"special_care".to_owned()));
    // Due, but not so long that it would be called at whatever the calendar says.
    let last_visited = async |days: u8| {
        let at = format!("'{today}T08:00:00+08'::timestamptz - interval '{days} days'");
        change(
            &app,
            &format!(
                "UPDATE special_care SET last_visited_at = {at} WHERE place_code = '{GRID}';
            UPDATE households SET last_visited_at = {at} WHERE place_code = '{GRID}'"
            ),
        )
        .await;
    };
    last_visited(7).await;
    assert!(stops().await.contains(&"special_care".to_owned()));

    // A calendar with the household on another day: what nobody did yesterday waits, what is for tomorrow does not.
    for (day, waits) in [("- 1", true), ("+ 1", false)] {
        change(
            &app,
            &format!(
                "DELETE FROM scheduled_calls;
            INSERT INTO call_calendars (grid_code, month, shift_min, days, made_at)
                VALUES ('{GRID}', '{month}', 240, '[]', now()) ON CONFLICT DO NOTHING;
            INSERT INTO scheduled_calls (grid_code, month, day, target_kind, target_id)
                VALUES ('{GRID}', '{month}', '{today}'::date {day}, 'household', '{HOUSEHOLD}')"
            ),
        )
        .await;
        assert_eq!(stops().await.contains(&"special_care".to_owned()), waits, "{day}");
    }
    assert!(stops().await.contains(&"hazard".to_owned()), "what the calendar does not know is due as ever");

    // On its day it is called at, though it is not due yet; once made, it is not asked for again.
    last_visited(5).await;
    change(
        &app,
        &format!(
            "DELETE FROM scheduled_calls;
        INSERT INTO scheduled_calls (grid_code, month, day, target_kind, target_id)
            VALUES ('{GRID}', '{month}', '{today}', 'household', '{HOUSEHOLD}')"
        ),
    )
    .await;
    assert!(stops().await.contains(&"special_care".to_owned()));
    let call = json!({"id": Uuid::now_v7(), "target_kind": "household", "target_id": HOUSEHOLD, "purpose": "走访",
        "result": "done", "visited_at": app.ground.clock.now()});
    assert_eq!(member.post("/api/v1/visits", &call).await.status, 201);
    assert!(!stops().await.contains(&"special_care".to_owned()));
    let calendar = member.get(&format!("{CALENDAR}?month={month}")).await.body;
    let of_today = days(&calendar).iter().find(|it| day(it) == today).unwrap();
    assert_eq!(of_today["calls"][0]["made"], true, "{of_today}");
}

#[tokio::test]
async fn a_calendar_is_its_members_and_chiefs() {
    let app = start().await;
    let month = next_month(&app);
    let made = app.sign_in("chief").post(CALENDAR, &json!({"grid": GRID, "month": month, "hours": 3})).await;
    assert_eq!((made.status, &made.body["shift_min"]), (201, &json!(180)), "{}", made.body);
    let path = format!("{CALENDAR}?grid={GRID}&month={month}");
    assert_eq!(app.sign_in("member1").get(&path).await.status, 200);
    for login in ["member2", "stranger", "planner", "fire", "command", "admin"] {
        assert_eq!(app.sign_in(login).get(&path).await.status, 403, "{login}");
        assert_eq!(app.sign_in(login).post(CALENDAR, &json!({"grid": GRID})).await.status, 403, "{login}");
    }
    let member = app.sign_in("member1");
    for (body, field) in [
        (json!({"month": "2020-01-01"}), "month"),
        (json!({"month": "2090-01-01"}), "month"),
        (json!({"hours": 13}), "hours"),
        (json!({"grid": "12"}), "grid"),
    ] {
        let answer = member.post(CALENDAR, &body).await;
        assert_eq!((answer.status, answer.faults()), (422, vec![field]), "{body}");
    }
    assert_eq!(app.sign_in("chief").post(CALENDAR, &json!({})).await.faults(), ["grid"]);
    assert_eq!(app.audited("change", "call_calendar").await, 1);
}
