//! An OpenStreetMap extract put on the map: the roads that are ours, who may use them, and what is no extract.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should say so and stop")]

use gridkeeper::domain::exchange::{self, Imported, Layer};
use gridkeeper::domain::grids::BoundaryMap;
use gridkeeper::interop::tables;
use gridkeeper::kernel::geometry::Crs;
use gridkeeper::platform::database::Scope;
use sqlx::Row;

use crate::support::TestApp;

const MONACO: &[u8] = include_bytes!("../../fixtures/osm/monaco.osm.pbf");

async fn import(app: &TestApp) -> Imported {
    let table = tables::roads_of_extract(Layer::Roads, MONACO).unwrap();
    let prepared = exchange::prepare(Layer::Roads, &table, Crs::Wgs84).unwrap().without_elsewhere();
    let mut transaction = app.ground.database.begin(&Scope::system()).await.unwrap();
    let boundaries = BoundaryMap::load(&mut transaction).await.unwrap();
    let now = app.ground.clock.now();
    let imported = exchange::import(&mut transaction, &prepared, &boundaries, now, &|_| {}).await.unwrap();
    transaction.commit().await.unwrap();
    imported
}

#[tokio::test]
async fn an_extract_gives_the_roads_that_are_ours() {
    let app = TestApp::start().await;
    let elsewhere = import(&app).await;
    assert_eq!((elsewhere.created, elsewhere.updated), (0, 0));
    assert!(elsewhere.elsewhere > 1_000, "{elsewhere:?}");

    let village = "INSERT INTO areas (code, parent_code, kind, name, geom)
        VALUES ('370828003299', '370828003', 'village', '山崖村', ST_Multi(ST_MakeEnvelope(7.40, 43.72, 7.45, 43.76, 4326)));
        INSERT INTO grids (code, village_code, name) VALUES ('370828003299001', '370828003299', '第1网格');
        INSERT INTO boundary_plans (id, village_code, name, status, effective_from, published_at)
        VALUES ('00000000-0000-7000-8000-000000000099', '370828003299', '初始划分', 'published', '2020-01-01', '2020-01-01Z');
        INSERT INTO grid_boundaries (id, plan_id, grid_code, valid, geom)
        VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000099', '370828003299001', '[2020-01-01,)',
                ST_Multi(ST_MakeEnvelope(7.40, 43.72, 7.45, 43.76, 4326)))";
    sqlx::raw_sql(village).execute(&mut app.database.owner().await).await.unwrap();
    let ours = import(&app).await;
    assert!(ours.created > 1_000, "{ours:?}");
    let row = sqlx::query(
        "SELECT count(*) FILTER (WHERE one_way) AS one_way, count(*) FILTER (WHERE e_bike = 'no') AS no_bicycle,
                count(*) FILTER (WHERE barriers <> '[]') AS barred, count(*) FILTER (WHERE place_code = '370828003') AS filed
           FROM roads WHERE starts_with(code, 'osm-')",
    )
    .fetch_one(&mut app.database.owner().await)
    .await
    .unwrap();
    let count = |column: &str| row.get::<i64, _>(column);
    assert!(count("one_way") > 100 && count("no_bicycle") > 50 && count("barred") > 0, "{row:?}");
    assert_eq!(count("filed"), i64::try_from(ours.created).unwrap());
    // The same extract again changes the same roads.
    let again = import(&app).await;
    assert_eq!((again.created, again.updated), (0, ours.created));
}

#[test]
fn what_is_no_extract_or_no_roads_is_refused() {
    let refused = |layer, bytes: &[u8]| tables::roads_of_extract(layer, bytes).unwrap_err().0.en.into_owned();
    assert!(refused(Layer::Roads, b"not an extract at all").starts_with("not an OpenStreetMap PBF file"));
    assert!(refused(Layer::Buildings, MONACO).starts_with("only roads"));
}
