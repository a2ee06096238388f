//! Layers as files: the whole of the fixtures in, the same figures out; and what is wrong, row by row.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should say so and stop")]

use chrono::{DateTime, Utc};
use gridkeeper::domain::exchange::{self, Faults, ImportError, Imported, Layer};
use gridkeeper::domain::grids::BoundaryMap;
use gridkeeper::interop::tables::{self, Format, Headings};
use gridkeeper::kernel::geometry::Crs;
use gridkeeper::platform::accounts::Role;
use gridkeeper::platform::database::{Database, Scope};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::support::{TestApp, TestDatabase};

/// Rows of a layer to send around: the formats do not change with the ten thousandth.
const ENOUGH: usize = 400;

const FIXTURES: [(Layer, &str); 9] = [
    (Layer::Areas, "areas.geojson"),
    (Layer::Grids, "grids.geojson"),
    (Layer::Buildings, "buildings.geojson"),
    (Layer::Roads, "roads.geojson"),
    (Layer::Water, "water.geojson"),
    (Layer::Households, "households.geojson"),
    (Layer::Enterprises, "enterprises.geojson"),
    (Layer::Hazards, "hazards.geojson"),
    (Layer::Reports, "reports.csv"),
];

fn now() -> DateTime<Utc> {
    "2022-09-27T04:00:00Z".parse().unwrap()
}

async fn load(
    connection: &mut PgConnection,
    layer: Layer,
    format: Format,
    bytes: &[u8],
) -> Result<Imported, Faults> {
    let table = tables::read(format, layer, bytes).unwrap();
    let prepared = exchange::prepare(layer, &table, Crs::Wgs84)?;
    let boundaries = BoundaryMap::load(connection).await.unwrap();
    match exchange::import(connection, &prepared, &boundaries, now(), &|_| {}).await {
        Ok(imported) => Ok(imported),
        Err(ImportError::Faults(faults)) => Err(faults),
        Err(ImportError::Problem(problem)) => panic!("{problem}"),
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/cuikou/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The accounts that the fixtures' reports were filed by.
async fn accounts(connection: &mut PgConnection) {
    let accounts: serde_json::Value = serde_json::from_slice(&fixture("accounts.json")).unwrap();
    for account in accounts["accounts"].as_array().unwrap() {
        let role: Role = account["role"].as_str().unwrap().parse().unwrap();
        sqlx::query("INSERT INTO accounts (id, login, display_name, role, scope_code, department) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(Uuid::now_v7())
            .bind(account["login"].as_str())
            .bind(account["display_name"].as_str())
            .bind(role.key())
            .bind(account["scope_code"].as_str())
            .bind(account["department"].as_str())
            .execute(&mut *connection)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn the_fixtures_come_out_of_the_database_as_the_village_is_known() {
    let test = TestDatabase::bare().await;
    let database = Database::connect(test.app_options(), 2).await.unwrap();
    let mut transaction = database.begin(&Scope::system()).await.unwrap();
    accounts(&mut transaction).await;
    for again in [false, true] {
        for (layer, name) in FIXTURES {
            let format = Format::of_name(name).unwrap();
            let imported =
                load(&mut transaction, layer, format, &fixture(name)).await.unwrap_or_else(|faults| {
                    panic!("{name}: {:?}", faults.listed().first());
                });
            // The second time every row is there already.
            assert_eq!(imported.created == 0, again, "{name}: {imported:?}");
        }
    }
    transaction.commit().await.unwrap();
    let mut owner = test.owner().await;
    let counts = sqlx::query(
        "SELECT (SELECT count(*) FROM areas WHERE length(code) = 12) AS units,
                (SELECT count(*) FROM grids) AS grids,
                (SELECT count(*) FROM grids WHERE village_code = '370828003218') AS cuikou_grids,
                (SELECT population::int8 FROM areas WHERE code = '370828003218') AS population,
                (SELECT count(*) FROM residents WHERE place_code LIKE '370828003218%') AS people,
                (SELECT sum(resident_count)::int8 FROM households WHERE place_code LIKE '370828003218%') AS stated,
                (SELECT count(*) FROM residents WHERE party_member AND place_code LIKE '370828003218%') AS party,
                (SELECT count(*) FROM enterprises WHERE place_code LIKE '370828003218%') AS enterprises,
                (SELECT count(*) FROM special_care WHERE kind = 'empty_nest_elder') AS elders,
                (SELECT count(*) FROM special_care WHERE kind = 'severe_disability') AS disabled,
                (SELECT count(*) FROM accounts WHERE role = 'mediator' AND scope_code = '370828003218') AS mediators,
                (SELECT count(*) FROM reports WHERE kind = 'hazard' AND place_code LIKE '370828003218%') AS found,
                (SELECT count(*) FROM reports WHERE kind = 'hazard' AND resolved_on_spot AND place_code LIKE '370828003218%') AS on_the_spot,
                (SELECT count(*) FROM households WHERE grid_code IS NULL) AS nowhere,
                (SELECT count(*) FROM report_events WHERE action = 'filed') - (SELECT count(*) FROM reports) AS unfiled",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    let names = [
        "units",
        "grids",
        "cuikou_grids",
        "population",
        "people",
        "stated",
        "party",
        "enterprises",
        "elders",
        "disabled",
        "mediators",
        "found",
        "on_the_spot",
        "nowhere",
        "unfiled",
    ];
    let found: Vec<i64> = names.iter().map(|name| counts.get::<i64, _>(*name)).collect();
    assert_eq!(found, [35, 105, 3, 1360, 1360, 1360, 28, 118, 3, 2, 5, 97, 53, 0, 0], "{names:?}");
}

#[tokio::test]
async fn a_layer_survives_every_format() {
    let test = TestDatabase::bare().await;
    let database = Database::connect(test.app_options(), 2).await.unwrap();
    let mut transaction = database.begin(&Scope::system()).await.unwrap();
    accounts(&mut transaction).await;
    for (layer, name) in FIXTURES {
        let format = Format::of_name(name).unwrap();
        load(&mut transaction, layer, format, &fixture(name)).await.unwrap();
    }
    for (layer, _) in FIXTURES {
        let mut before = exchange::export(&mut transaction, layer, Crs::Wgs84, true).await.unwrap();
        assert!(before.len() >= 35, "{layer}");
        before.truncate(ENOUGH);
        for (format, headings) in [
            (Format::GeoJson, Headings::En),
            (Format::Csv, Headings::Zh),
            (Format::Csv, Headings::En),
            (Format::Xlsx, Headings::Zh),
        ] {
            let mut bytes = Vec::new();
            tables::write(format, layer, headings, &before, &mut bytes).unwrap();
            let imported = load(&mut transaction, layer, format, &bytes).await.unwrap_or_else(|faults| {
                panic!("{layer} as {format:?}: {:?}", faults.listed().first());
            });
            assert_eq!((imported.created, imported.updated), (0, before.len()), "{layer} as {format:?}");
            let after = exchange::export(&mut transaction, layer, Crs::Wgs84, true).await.unwrap();
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(before.properties, after.properties, "{layer} as {format:?}");
                assert_eq!(before.geometry, after.geometry, "{layer} as {format:?}");
            }
        }
    }
}

#[tokio::test]
async fn every_bad_row_is_named_and_nothing_is_written() {
    let app = TestApp::start().await;
    let mut transaction = app.ground.database.begin(&Scope::system()).await.unwrap();
    let csv = "编码,类型,严重程度,描述,企业编码,发现日期,经度,纬度\n\
        Y1,火灾,3,堵塞,,2022-01-01,116.305,35.075\n\
        Y2,着火,9,堵塞,,2022-13-01,116.305,35.075\n\
        Y1,火灾,3,堵塞,,2022-01-01,116.305,35.075\n\
        Y4,火灾,3,堵塞,,2022-01-01,35.075,116.305\n\
        Y5,火灾,3,,,2022-01-01,,\n";
    let faults = load(&mut transaction, Layer::Hazards, Format::Csv, csv.as_bytes()).await.unwrap_err();
    let listed: Vec<String> = faults
        .listed()
        .iter()
        .map(|fault| format!("{} {}: {}", fault.row, fault.column, fault.reason.zh))
        .collect();
    insta::assert_snapshot!(listed.join("\n"));
    // Rows that fit by themselves and not with what is stored.
    let csv = "code,kind,severity,description,enterprise_code,found_on,lon,lat\n\
        Y1,fire,3,x,91370828MA3TET1007,2022-01-01,116.305,35.075\n\
        Y2,fire,3,x,91370828MA3TET100X,2022-01-01,116.305,35.075\n\
        Y3,fire,3,x,,2022-01-01,10.0,50.0\n";
    let faults = load(&mut transaction, Layer::Hazards, Format::Csv, csv.as_bytes()).await.unwrap_err();
    let columns: Vec<_> = faults.listed().iter().map(|fault| (fault.row, fault.column.clone())).collect();
    assert_eq!(columns, [(3, "enterprise_code".to_owned()), (4, "geometry".to_owned())]);
}

#[tokio::test]
async fn a_file_over_http_holds_what_the_caller_may_see() {
    let app = TestApp::start().await;
    let answer = app.sign_in("member1").get("/api/v1/export/households").await;
    assert_eq!(answer.status, 200);
    let features = answer.body["features"].as_array().unwrap();
    assert_eq!(features.len(), 1);
    let resident = &features[0]["properties"]["residents"][0];
    assert_eq!(resident["phone_masked"], "199****0001");
    assert!(resident.get("phone").is_none() && resident.get("id_number").is_none());
    let planner = app.sign_in("planner").get("/api/v1/export/households").await;
    assert_eq!(planner.body["features"].as_array().unwrap().len(), 0);
    assert_eq!(app.stranger().get("/api/v1/export/households").await.status, 401);
    assert_eq!(app.sign_in("member1").get("/api/v1/export/households?format=pdf").await.status, 422);
    assert_eq!(app.sign_in("member1").get("/api/v1/export/nothing").await.status, 404);
}

#[tokio::test]
async fn a_template_can_be_filled_in_for_every_layer() {
    let app = TestApp::start().await;
    let client = app.sign_in("chief");
    for layer in Layer::ALL {
        let request =
            client.request(reqwest::Method::GET, &format!("/api/v1/templates/{}.xlsx", layer.key()));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let bytes = response.bytes().await.unwrap();
        let table = tables::read(Format::Xlsx, *layer, &bytes).unwrap();
        assert!(table.rows.is_empty() && table.ignored.is_empty(), "{layer}");
    }
}
