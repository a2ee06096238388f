//! Photos of visits: kept with the visit, once, without a word about the phone, and seen by whoever may see the visit.

#![expect(clippy::unwrap_used, reason = "a photo that cannot be had should stop its test")]

use reqwest::Method;
use reqwest::multipart::Part;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::photo::{form, photo};
use crate::support::{Answer, Client, TestApp};

const HOUSEHOLD: &str = "20000000-0000-7000-8000-000000000001";
const ENTERPRISE: &str = "30000000-0000-7000-8000-000000000001";

fn visit(kind: &str, target: &str) -> Value {
    json!({
        "id": Uuid::now_v7(), "target_kind": kind, "target_id": target, "purpose": "例行走访", "result": "done",
        "visited_at": "2022-09-01T09:30:00+08:00",
    })
}

async fn record(client: &Client, visit: &Value, photos: impl IntoIterator<Item = Vec<u8>>) -> Answer {
    let form = form(photos).part("visit", Part::text(visit.to_string()));
    client.send(client.request(Method::POST, "/api/v1/visits").multipart(form)).await
}

async fn count(app: &TestApp, select: &'static str) -> i64 {
    sqlx::query_scalar(select).fetch_one(&mut app.database.owner().await).await.unwrap()
}

#[tokio::test]
async fn a_visit_keeps_its_photos_once_and_forgets_the_phone() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let new = visit("household", HOUSEHOLD);
    let first = record(&member, &new, [photo(1), photo(2), photo(1)]).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["photos"].as_array().unwrap().len(), 2, "the same photo twice is one");

    let again = record(&member, &new, [photo(1), photo(2)]).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(record(&member, &new, [photo(1)]).await.status, 409, "other photos are other content");
    assert_eq!(member.post("/api/v1/visits", &new).await.status, 409, "and so are none");
    assert_eq!(count(&app, "SELECT count(*) FROM visit_photos").await, 2);

    let listed = member.get("/api/v1/visits").await.body;
    assert_eq!(listed["items"][0]["photos"], first.body["photos"]);
    let url = first.body["photos"][0]["url"].as_str().unwrap();
    let response = member.request(Method::GET, url).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/jpeg");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let content = response.bytes().await.unwrap();
    assert!(content.starts_with(&[0xFF, 0xD8]) && content.ends_with(&[1, 2, 3, 0xFF, 0xD9]));
    assert!(!content.windows(6).any(|window| window == b"SECRET" || window == b"Exif\0\0"));
}

#[tokio::test]
async fn photos_are_seen_by_whoever_may_see_the_visit() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let at_home = record(&member, &visit("household", HOUSEHOLD), [photo(1)]).await;
    let at_work = record(&member, &visit("enterprise", ENTERPRISE), [photo(2)]).await;
    let url = |answer: &Answer| answer.body["photos"][0]["url"].as_str().unwrap().to_owned();
    let (home, work) = (url(&at_home), url(&at_work));
    for (login, of_home, of_work) in [
        ("member1", 200, 200),
        ("chief", 200, 200),
        ("command", 200, 200),
        ("fire", 404, 200),
        ("police", 404, 404),
        ("mediator", 404, 404),
        ("planner", 404, 404),
        ("admin", 404, 404),
        ("member2", 404, 404),
        ("stranger", 404, 404),
    ] {
        let client = app.sign_in(login);
        assert_eq!(client.get(&home).await.status, of_home, "{login}");
        assert_eq!(client.get(&work).await.status, of_work, "{login}");
    }
    assert_eq!(app.stranger().get(&home).await.status, 401);
    assert_eq!(app.audited("read", "visit_photo").await, 7, "each who looked, and nobody who was refused");
    // A photo is found with its own visit alone.
    let (visit, photo) = (at_work.body["id"].as_str().unwrap(), home.rsplit('/').next().unwrap());
    assert_eq!(member.get(&format!("/api/v1/visits/{visit}/photos/{photo}")).await.status, 404);
}

#[tokio::test]
async fn the_report_of_a_hazard_gets_the_photos_too() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let mut found = visit("enterprise", ENTERPRISE);
    found["result"] = json!("hazard_found");
    found["hazard"] = json!({"hazard_kind": "electrical", "words": "配电箱敞开"});
    let first = record(&member, &found, [photo(1), photo(2)]).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(record(&member, &found, [photo(1), photo(2)]).await.status, 200);
    let report = format!("/api/v1/reports/{}", first.body["report_id"].as_str().unwrap());
    // The police read no visits, but reports of hazards.
    let case = app.sign_in("police").get(&report).await;
    assert_eq!((case.status, &case.body["photo_count"]), (200, &json!(2)));
    let url = case.body["attachments"][0]["url"].as_str().unwrap();
    assert_eq!(app.sign_in("police").get(url).await.status, 200);

    // All or nothing: with a photo that is none, there is neither visit nor report.
    let mut broken = found.clone();
    broken["id"] = json!(Uuid::now_v7());
    let answer = record(&member, &broken, [photo(1), b"<svg/>".to_vec()]).await;
    assert_eq!((answer.status, answer.faults()), (422, vec!["photo[1]"]));
    assert_eq!(count(&app, "SELECT count(*) FROM visits").await, 1);
    assert_eq!(count(&app, "SELECT count(*) FROM reports WHERE words = '配电箱敞开'").await, 1);
}

#[tokio::test]
async fn what_is_no_visit_with_photos_is_refused_by_name() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let new = visit("household", HOUSEHOLD);
    let too_many = record(&member, &new, (0..6).map(photo)).await;
    assert_eq!((too_many.status, too_many.faults()), (422, vec!["photo"]));
    let request = member.request(Method::POST, "/api/v1/visits").multipart(form([photo(1)]));
    let without = member.send(request).await;
    assert_eq!((without.status, without.faults()), (422, vec!["visit"]));
    let elsewhere = record(&app.sign_in("member2"), &new, [photo(1)]).await;
    assert_eq!((elsewhere.status, elsewhere.faults()), (422, vec!["target_id"]));
    assert_eq!(count(&app, "SELECT count(*) FROM visit_photos").await, 0);
}
