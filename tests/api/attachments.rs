//! Photos: what is taken, what is kept of it, and who gets to see it.

#![expect(clippy::unwrap_used, reason = "a photo that cannot be made should stop its test")]

use reqwest::Method;
use reqwest::multipart::Part;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::photo::{form, photo};
use crate::support::{Answer, Client, TestApp};

fn report() -> Value {
    json!({
        "id": Uuid::now_v7(), "kind": "dispute", "severity": 2, "words": "宅基地边界争议",
        "place": {"x": 116.305, "y": 35.075, "crs": "wgs84"}, "happened_at": "2022-09-26T09:00:00+08:00",
    })
}

async fn file(client: &Client, report: &Value, photos: impl IntoIterator<Item = Vec<u8>>) -> Answer {
    let form = form(photos).part("report", Part::text(report.to_string()));
    client.send(client.request(Method::POST, "/api/v1/reports").multipart(form)).await
}

async fn attach(client: &Client, id: &Value, photos: impl IntoIterator<Item = Vec<u8>>) -> Answer {
    let path = format!("/api/v1/reports/{}/attachments", id.as_str().unwrap());
    client.send(client.request(Method::POST, &path).multipart(form(photos))).await
}

#[tokio::test]
async fn a_report_comes_with_photos_that_offer_their_place_and_then_forget_it() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let report = report();
    let answer = file(&client, &report, [photo(1), photo(2)]).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["photo_place"], json!({"lon": 116.3051, "lat": 35.0765}));
    assert_eq!(answer.body["report"]["photo_count"], 2);

    let again = file(&client, &report, [photo(1), photo(2)]).await;
    assert_eq!((again.status, &again.body["report"]["photo_count"]), (200, &json!(2)));
    assert_eq!(file(&client, &report, [photo(1)]).await.status, 409, "other photos are other content");

    let case = client.get(&format!("/api/v1/reports/{}", report["id"].as_str().unwrap())).await.body;
    let photos = case["attachments"].as_array().unwrap();
    assert_eq!(photos.len(), 2);
    let url = photos[0]["url"].as_str().unwrap();
    let response = client.request(Method::GET, url).send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/jpeg");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("cache-control").starts_with("private"));
    let content = response.bytes().await.unwrap();
    assert!(content.starts_with(&[0xFF, 0xD8]) && content.ends_with(&[1, 2, 3, 0xFF, 0xD9]));
    assert!(!content.windows(6).any(|window| window == b"SECRET" || window == b"Exif\0\0"));

    // Who may read the report sees its photos, and nobody else.
    for (login, status) in [
        ("chief", 200),
        ("mediator", 200),
        ("police", 200),
        ("command", 200),
        ("fire", 404),
        ("planner", 404),
        ("member2", 404),
        ("stranger", 404),
    ] {
        assert_eq!(app.sign_in(login).get(url).await.status, status, "{login}");
    }
    assert_eq!(app.audited("read", "attachment").await, 5, "each who looked, and nobody who was refused");
}

#[tokio::test]
async fn photos_are_added_later_by_those_who_follow_the_report() {
    let app = TestApp::start().await;
    // Member 2 reports what lies in the grid of member 1.
    let reporter = app.sign_in("member2");
    let filed = reporter.post("/api/v1/reports", &report()).await;
    let id = &filed.body["report"]["id"];
    let answer = attach(&reporter, id, [photo(1)]).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(attach(&app.sign_in("member1"), id, [photo(1), photo(3)]).await.status, 201);
    let case = reporter.get(&format!("/api/v1/reports/{}", id.as_str().unwrap())).await.body;
    assert_eq!(case["photo_count"], 2, "the same photo twice is one");
    let deeds: Vec<_> =
        case["events"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
    assert_eq!(deeds, ["filed", "attach", "attach"]);
    assert_eq!((app.audited("create", "report").await, app.audited("change", "report").await), (1, 2));
    assert_eq!(attach(&app.sign_in("member3"), id, [photo(4)]).await.status, 404);
    // Twenty are enough.
    for first in [10, 15, 20] {
        assert_eq!(attach(&reporter, id, (first..first + 5).map(photo)).await.status, 201);
    }
    let more = attach(&reporter, id, (30..35).map(photo)).await;
    assert_eq!((more.status, more.faults()), (422, vec!["photo"]));
    let case = reporter.get(&format!("/api/v1/reports/{}", id.as_str().unwrap())).await.body;
    assert_eq!(case["photo_count"], 17);
}

#[tokio::test]
async fn what_is_no_photo_is_refused_by_name_and_nothing_is_filed() {
    let app = TestApp::start().await;
    let client = app.sign_in("member1");
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let broken = photo(1)[..200].to_vec();
    let huge = [photo(1), vec![0; 10 * 1024 * 1024]].concat();
    for (photos, fault) in [
        (vec![photo(1), svg], "photo[1]"),
        (vec![broken], "photo[0]"),
        (vec![huge], "photo[0]"),
        ((0..6).map(photo).collect(), "photo"),
    ] {
        let answer = file(&client, &report(), photos).await;
        assert_eq!((answer.status, answer.faults()), (422, vec![fault]), "{}", answer.body);
    }
    let only_photos = form([photo(1)]);
    let answer = client.send(client.request(Method::POST, "/api/v1/reports").multipart(only_photos)).await;
    assert_eq!((answer.status, answer.faults()), (422, vec!["report"]));
    let with_other = form([photo(1)]).part("report", Part::text(report().to_string())).text("mood", "glad");
    let answer = client.send(client.request(Method::POST, "/api/v1/reports").multipart(with_other)).await;
    assert_eq!((answer.status, answer.faults()), (422, vec!["mood"]));
    let mut bad = report();
    bad["severity"] = json!(9);
    let answer = file(&client, &bad, [photo(1)]).await;
    assert_eq!((answer.status, answer.faults()), (422, vec!["severity"]));
    let cut = client
        .request(Method::POST, "/api/v1/reports")
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\nab");
    assert_eq!(client.send(cut).await.status, 400);
    let filed: i64 = sqlx::query_scalar("SELECT count(*) FROM reports WHERE words = '宅基地边界争议'")
        .fetch_one(&mut app.database.owner().await)
        .await
        .unwrap();
    assert_eq!(filed, 0);
}
