//! When boundaries take effect, what stands in the village goes to its new grid and reports stay.

use serde_json::{Value, json};
use sqlx::Row;

use crate::boundaries::publish;
use crate::support::TestApp;

fn square(code: &str, west: f64, south: f64, east: f64, north: f64) -> Value {
    json!({"type": "Feature", "properties": {"code": code, "name": code}, "geometry": {"type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}})
}

/// Cuikou of the seed, cut at `seam` instead of 116.31.
fn cut_at(seam: f64) -> Value {
    json!({"type": "FeatureCollection", "features": [
        square("370828003218001", 116.30, 35.07, seam, 35.08),
        square("370828003218002", seam, 35.07, 116.32, 35.08),
    ]})
}

#[tokio::test]
async fn from_its_date_everything_goes_to_the_new_grid_and_history_stays() {
    let app = TestApp::start().await;
    // The household at 116.315 was in the second grid; now the first reaches 116.318.
    let answer = publish(&app, app.ground.clock.today(), &cut_at(116.318)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut owner = app.database.owner().await;
    let row = sqlx::query(
        "SELECT (SELECT place_code FROM households WHERE id = '20000000-0000-7000-8000-000000000002') AS household,
                (SELECT place_code FROM residents WHERE id = '21000000-0000-7000-8000-000000000002') AS resident,
                (SELECT count(*) FROM reports WHERE grid_code = '370828003218002') AS reports,
                (SELECT count(*) FROM grid_boundaries WHERE grid_code = '370828003218001') AS boundaries,
                (SELECT status FROM boundary_plans WHERE village_code = '370828003218' AND name = '初始划分') AS old_plan",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(row.get::<&str, _>("household"), "370828003218001");
    assert_eq!(row.get::<&str, _>("resident"), "370828003218001");
    assert_eq!(row.get::<i64, _>("reports"), 5, "reports stay where they were");
    assert_eq!(row.get::<i64, _>("boundaries"), 2, "the old boundary is kept with its dates");
    assert_eq!(row.get::<&str, _>("old_plan"), "superseded");
    assert_eq!(
        app.sign_in("member1").get("/api/v1/households").await.body["items"].as_array().unwrap().len(),
        2
    );
    assert_eq!(
        app.sign_in("member2").get("/api/v1/households").await.body["items"].as_array().unwrap().len(),
        0
    );
}
