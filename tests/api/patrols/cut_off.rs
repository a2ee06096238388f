//! Doors that cannot be reached: a closed road, no road at all.

use serde_json::json;
use uuid::Uuid;

use super::{PLAN, change};
use crate::support::TestApp;

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
