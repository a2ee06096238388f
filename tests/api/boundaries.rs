//! Boundaries from a file: what fits, what is refused or repaired, and from when it counts.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Client, TestApp};

/// The rectangle between two corners.
fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Value {
    json!({"type": "Polygon", "coordinates": [
        [[west, south], [east, south], [east, north], [west, north], [west, south]]
    ]})
}

fn collection(grids: &[(&str, Value)]) -> Value {
    let features: Vec<_> = grids
        .iter()
        .map(|(code, shape)| json!({"type": "Feature", "properties": {"code": code}, "geometry": shape}))
        .collect();
    json!({"type": "FeatureCollection", "features": features})
}

/// Village 370828003218 of `seed.sql` in two grids, parted at a longitude.
fn parted_at(lon: f64) -> Value {
    collection(&[
        ("370828003218001", rectangle(116.30, 35.07, lon, 35.08)),
        ("370828003218002", rectangle(lon, 35.07, 116.32, 35.08)),
    ])
}

/// Begins a plan of village 370828003218 with grids from a file, has the chief approve it, and publishes it: the last
/// answer, or the first that is a refusal.
pub(crate) async fn publish(app: &TestApp, effective_from: NaiveDate, grids: &Value) -> Answer {
    let (planner, chief) = (app.sign_in("planner"), app.sign_in("chief"));
    let begun = begin(&planner, grids).await;
    if begun.status != 201 {
        return begun;
    }
    let path = format!("/api/v1/plans/{}", begun.body["id"].as_str().unwrap_or_default());
    let about = json!({"effective_from": effective_from, "handover": "stay"});
    let mut last = planner.patch(&path, Some("\"1\""), &about).await;
    for (client, action) in [(&planner, "submit"), (&chief, "approve"), (&planner, "publish")] {
        if last.status != 200 {
            break;
        }
        let version = last.headers["etag"].clone();
        let request = client.request(reqwest::Method::POST, &format!("{path}/actions"));
        last = client.send(request.header("If-Match", version).json(&json!({"action": action}))).await;
    }
    last
}

async fn begin(client: &Client, grids: &Value) -> Answer {
    let sent = json!({"id": Uuid::now_v7(), "village_code": "370828003218", "name": "新划分", "from": "grids",
                      "grids": grids});
    client.post("/api/v1/plans", &sent).await
}

/// The last three digits of the grid that a report at 116.306, 35.075 goes to.
async fn grid_of_report(client: &Client, happened_at: Value) -> String {
    let report = json!({
        "id": Uuid::now_v7(), "kind": "request", "severity": 1, "words": "路灯不亮",
        "place": {"x": 116.306, "y": 35.075, "crs": "wgs84"}, "happened_at": happened_at,
    });
    let answer = client.post("/api/v1/reports", &report).await;
    answer.body["grid"]["code"].as_str().unwrap_or_default().chars().skip(12).collect()
}

#[tokio::test]
async fn a_plan_that_fits_is_said_to_fit() {
    let app = TestApp::start().await;
    let answer = app.sign_in("planner").post("/api/v1/grids/check", &parted_at(116.305)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let nothing = json!([]);
    assert_eq!(answer.body["ok"], true, "{}", answer.body);
    for list in ["gaps", "overlaps", "outside", "defects", "numbering"] {
        assert_eq!(answer.body[list], nothing, "{list}");
    }
    assert_eq!(app.sign_in("member1").post("/api/v1/grids/check", &parted_at(116.305)).await.status, 403);
}

#[tokio::test]
async fn what_does_not_fit_is_pointed_at() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    // A gap of 0.001° between the grids; the second reaches into the neighbouring village; both out of order.
    let drawn = collection(&[
        ("370828003218002", rectangle(116.30, 35.07, 116.309, 35.08)),
        ("370828003218001", rectangle(116.31, 35.069, 116.32, 35.08)),
    ]);
    let found = planner.post("/api/v1/grids/check", &drawn).await.body;
    assert_eq!(found["ok"], false);
    let area = |flaw: &Value| flaw["area_m2"].as_f64().unwrap_or_default();
    // 0.001° by 0.01° at 35.075° north is 91.2 m by 1,109.5 m.
    assert!((area(&found["gaps"][0]) - 101_200.0).abs() < 200.0, "{found}");
    let at = &found["gaps"][0]["at"];
    assert!((at[0].as_f64().unwrap_or_default() - 116.3095).abs() < 0.0005, "{at}");
    assert_eq!(found["overlaps"][0]["codes"], json!(["370828003218001", "370828003222002"]));
    assert!((area(&found["overlaps"][0]) - 101_200.0).abs() < 200.0);
    assert_eq!(found["outside"][0]["codes"], json!(["370828003218001"]));
    let numbering = json!([
        {"code": "370828003218002", "expected": 1}, {"code": "370828003218001", "expected": 2},
    ]);
    assert_eq!(found["numbering"], numbering);

    let bow_tie = json!({"type": "Polygon", "coordinates": [
        [[116.30, 35.07], [116.32, 35.08], [116.32, 35.07], [116.30, 35.08], [116.30, 35.07]]
    ]});
    let found = planner.post("/api/v1/grids/check", &collection(&[("370828003218001", bow_tie)])).await.body;
    assert_eq!(
        (&found["defects"][0]["code"], &found["defects"][0]["problem"]),
        (&json!("370828003218001"), &json!("环自相交"))
    );

    let refused = publish(&app, app.ground.clock.today(), &drawn).await;
    assert_eq!(
        (refused.status, refused.body["type"].as_str()),
        (422, Some("/problems/boundaries-do-not-fit"))
    );
    assert_eq!(refused.body["coverage"]["gaps"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn codes_and_shapes_are_refused_by_name() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let square = || rectangle(116.30, 35.07, 116.32, 35.08);
    for (grids, fault) in [
        (collection(&[("37082800321801", square())]), "grids.features[0].properties.code"),
        (
            collection(&[("370828003218001", square()), ("370828003222001", square())]),
            "grids.features[1].properties.code",
        ),
        (
            collection(&[("370828003218001", square()), ("370828003218001", square())]),
            "grids.features[1].properties.code",
        ),
        (collection(&[]), "grids.features"),
        (
            collection(&[("370828003218001", json!({"type": "Polygon", "coordinates": [[[116.3]]]}))]),
            "grids.features[0].geometry.coordinates",
        ),
    ] {
        let answer = publish(&app, app.ground.clock.today(), &grids).await;
        assert_eq!((answer.status, answer.faults()), (422, vec![fault]), "{}", answer.body);
    }
    let point = collection(&[("370828003218001", json!({"type": "Point", "coordinates": [116.3, 35.0]}))]);
    assert_eq!(begin(&planner, &point).await.status, 422);
    let neighbour = collection(&[("370828003222001", rectangle(116.30, 35.06, 116.32, 35.07))]);
    let refused = begin(&planner, &neighbour).await;
    assert_eq!((refused.status, refused.faults()), (422, vec!["grids"]));
    assert_eq!(begin(&app.sign_in("member1"), &parted_at(116.305)).await.status, 403);
}

#[tokio::test]
async fn a_plan_counts_from_its_date_and_history_keeps_its_grids() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let (today, now) = (app.ground.clock.today(), app.ground.clock.now());
    assert_eq!(grid_of_report(&member, json!(now)).await, "001");

    let answer = publish(&app, today, &parted_at(116.305)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["status"], "published");
    // At once where it was published, and as of when it happened.
    assert_eq!(grid_of_report(&member, json!(now)).await, "002");
    let yesterday = json!(now - Days::new(1));
    assert_eq!(grid_of_report(&member, yesterday).await, "001");

    let grid = member.get("/api/v1/grids/370828003218002").await.body;
    assert_eq!((&grid["valid_from"], &grid["valid_to"]), (&json!(today), &Value::Null));
    let before = format!("/api/v1/grids/370828003218002?on={}", today - Days::new(1));
    let before = member.get(&before).await.body;
    assert_eq!((&before["valid_from"], &before["valid_to"]), (&json!("2020-01-01"), &json!(today)));
    let first = member.get("/api/v1/boundary-plans/00000000-0000-7000-8000-000000000018").await.body;
    assert_eq!(first["status"], "superseded");

    // One plan a day, none in the past; the next may wait for its date.
    assert_eq!(publish(&app, today, &parted_at(116.306)).await.status, 409);
    let late = publish(&app, today - Days::new(1), &parted_at(116.306)).await;
    assert_eq!((late.status, late.faults()), (422, vec!["effective_from"]));
    let later = today + Days::new(30);
    assert_eq!(publish(&app, later, &parted_at(116.307)).await.status, 200);
    assert_eq!(grid_of_report(&member, json!(now)).await, "002");
    app.ground.clock.set_shift(chrono::TimeDelta::days(31));
    assert_eq!(grid_of_report(&member, json!(now + Days::new(30))).await, "001");
    let second = format!("/api/v1/boundary-plans/{}", answer.body["id"].as_str().unwrap());
    assert_eq!(member.get(&second).await.body["grids"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn other_instances_learn_of_new_boundaries() {
    let app = TestApp::start().await;
    let other = app.another_instance().await;
    let now = json!(app.ground.clock.now());
    assert_eq!(grid_of_report(&other.sign_in("member1"), now.clone()).await, "001");
    let answer = publish(&app, app.ground.clock.today(), &parted_at(116.305)).await;
    assert_eq!(answer.status, 200);
    let learnt = async {
        while grid_of_report(&other.sign_in("member1"), now.clone()).await != "002" {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), learnt).await.expect("within ten seconds");
}

#[tokio::test]
async fn seams_are_closed_where_vertices_nearly_meet() {
    let app = TestApp::start().await;
    // A centimetre apart: the same place to anybody who drew it.
    let drawn = collection(&[
        ("370828003218001", rectangle(116.30, 35.07, 116.305, 35.08)),
        ("370828003218002", rectangle(116.305_000_1, 35.07, 116.32, 35.08)),
    ]);
    let answer = publish(&app, app.ground.clock.today(), &drawn).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let (gap, overlap): (f64, f64) = sqlx::query_as(
        "SELECT ST_Area(ST_Difference(v.geom, ST_Union(b.geom))), coalesce(sum(ST_Area(b.geom)) - ST_Area(ST_Union(b.geom)), 0)
           FROM areas v JOIN grid_boundaries b ON starts_with(b.grid_code, v.code) AND upper(b.valid) IS NULL
          WHERE v.code = '370828003218' GROUP BY v.geom",
    )
    .fetch_one(&mut app.database.owner().await)
    .await
    .unwrap();
    assert!(gap == 0.0 && overlap.abs() < 1e-15, "{gap} {overlap}");
}

#[tokio::test]
async fn a_file_that_does_not_fit_is_repaired_piece_by_piece() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let drawn = collection(&[
        // 0.002° of gap to the second, which overlaps the third by 0.001°; the third leaves the village.
        ("370828003218001", rectangle(116.30, 35.07, 116.306, 35.08)),
        ("370828003218002", rectangle(116.308, 35.07, 116.313, 35.08)),
        ("370828003218003", rectangle(116.312, 35.07, 116.321, 35.08)),
    ]);
    let repair = async |choices: Value| {
        planner.post("/api/v1/grids/repair", &json!({"grids": drawn, "choices": choices})).await
    };
    let first = repair(json!([])).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let pieces = first.body["pieces"].as_array().unwrap().clone();
    let told: Vec<_> =
        pieces.iter().map(|p| (p["kind"].clone(), p["codes"].clone(), p["to"].clone())).collect();
    let (one, two, three) = (json!("370828003218001"), json!("370828003218002"), json!("370828003218003"));
    assert_eq!(
        told,
        [
            (json!("gap"), json!([one, two]), one.clone()),
            (json!("overlap"), json!([two, three]), two.clone()),
            (json!("outside"), json!([three]), Value::Null),
        ]
    );
    let area = |piece: &Value| piece["area_m2"].as_f64().unwrap();
    assert!((area(&pieces[0]) / area(&pieces[1]) - 2.0).abs() < 1e-3);
    assert!(
        pieces.iter().all(|p| p["chosen"] == false && p["polygons"][0][0].as_array().unwrap().len() >= 5)
    );
    // Given to the other of the two each time.
    let chosen = repair(json!([
        {"at": pieces[0]["at"], "to": two}, {"at": pieces[1]["at"], "to": three},
    ]))
    .await;
    assert_eq!((&chosen.body["pieces"][0]["to"], &chosen.body["pieces"][0]["chosen"]), (&two, &json!(true)));
    let mut areas = Vec::new();
    for repaired in [&first.body["grids"], &chosen.body["grids"]] {
        assert_eq!(begin(&planner, &drawn).await.status, 422, "as it is, it does not fit");
        let begun = begin(&planner, repaired).await;
        assert_eq!(begun.status, 201, "{}", begun.body);
        assert_eq!(
            begun.body["findings"].as_array().unwrap().iter().filter(|f| f["blocks"] == true).count(),
            0
        );
        let of_grid = |n: usize| begun.body["figures"][n]["area_m2"].as_f64().unwrap();
        areas.push([of_grid(0), of_grid(1), of_grid(2)]);
    }
    let whole: f64 = areas[0].iter().sum();
    for (areas, shares) in areas.iter().zip([[0.4, 0.25, 0.35], [0.3, 0.3, 0.4]]) {
        for (area, share) in areas.iter().zip(shares) {
            assert!((area / whole - share).abs() < 1e-4, "{areas:?}");
        }
    }
    // What is not in doubt is nobody's to give, and land outside the village is nobody's to have.
    for wrong in [
        json!([{"at": [116.301, 35.071], "to": two}]),
        json!([{"at": pieces[0]["at"], "to": three}]),
        json!([{"at": pieces[2]["at"], "to": three}]),
    ] {
        let refused = repair(wrong).await;
        assert_eq!((refused.status, refused.faults()), (422, vec!["choices[0]"]), "{}", refused.body);
    }
    let member = app.sign_in("member1").post("/api/v1/grids/repair", &json!({"grids": drawn})).await;
    assert_eq!(member.status, 403);
}
