//! A second place, far from the first: ten thousand reports over HTTP, each filed where an exact query puts it.

#![expect(clippy::unwrap_used, reason = "a place that cannot be set up should stop its test")]

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use gridkeeper::domain::exchange::{self, Layer};
use gridkeeper::domain::grids::BoundaryMap;
use gridkeeper::interop::tables::{self, Format};
use gridkeeper::kernel::geometry::Crs;
use gridkeeper::platform::database::Scope;
use gridkeeper::platform::events::Change;
use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::support::{Client, TestApp};

const AREAS: &str = include_str!("../../fixtures/kathmandu/areas.geojson");
const GRIDS: &str = include_str!("../../fixtures/kathmandu/grids.geojson");
const BUILDINGS: &str = include_str!("../../fixtures/kathmandu/buildings.geojson");
const ROADS: &str = include_str!("../../fixtures/kathmandu/roads.geojson");

const REPORTS: usize = 10_000;
/// West, south, east, north of the village in degrees, as in the fixture.
const EXTENT: [f64; 4] = [85.2998, 27.7107, 85.3050, 27.7142];
const CLIENTS: usize = 8;

/// The rule of `kernel::geometry::half_open` and, for what no grid owns by it, of `kernel::geometry::grid_index`,
/// in exact arithmetic: who owns the place of each report, beside who was given it.
const EXACT: &str = "
    WITH boundary AS (
        SELECT grid_code, geom FROM grid_boundaries WHERE starts_with(grid_code, '999999999001')
    ), vertex AS (
        SELECT grid_code, path[1] AS part, path[2] AS ring, path[3] AS n, ST_X(point)::text::numeric AS x, ST_Y(point)::text::numeric AS y
          FROM (SELECT grid_code, (ST_DumpPoints(geom)).path, (ST_DumpPoints(geom)).geom AS point FROM boundary) dumped
    ), edge AS MATERIALIZED (
        SELECT grid_code, x AS ax, y AS ay, lead(x) OVER ring AS bx, lead(y) OVER ring AS by
          FROM vertex WINDOW ring AS (PARTITION BY grid_code, part, ring ORDER BY n)
    ), place AS MATERIALIZED (
        SELECT id, grid_code AS given, geom, ST_X(geom)::text::numeric AS x, ST_Y(geom)::text::numeric AS y
          FROM reports WHERE words = '测试加德满都'
    ), owner AS (
        SELECT p.id, b.grid_code
          FROM place p JOIN boundary b ON b.geom && p.geom JOIN edge e ON e.grid_code = b.grid_code
         WHERE e.bx IS NOT NULL AND (e.ay <= p.y) <> (e.by <= p.y)
           AND sign((e.bx - e.ax) * (p.y - e.ay) - (e.by - e.ay) * (p.x - e.ax)) = sign(e.by - e.ay)
         GROUP BY p.id, b.grid_code HAVING count(*) % 2 = 1
    )
    SELECT p.given, count(o.grid_code) AS owners,
           coalesce(min(o.grid_code), (SELECT min(b.grid_code) FROM boundary b WHERE ST_Intersects(b.geom, p.geom))) AS owner
      FROM place p LEFT JOIN owner o ON o.id = p.id
     GROUP BY p.id, p.given, p.geom";

/// Splitmix64 (G. L. Steele, D. Lea and C. H. Flood, 2014): the same places on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[(self.next() % from.len() as u64) as usize]
    }
}

/// Every position of a feature collection.
fn positions(collection: &str) -> Vec<[f64; 2]> {
    fn walk(value: &Value, into: &mut Vec<[f64; 2]>) {
        let Some(array) = value.as_array() else { return };
        match (array.first().and_then(Value::as_f64), array.get(1).and_then(Value::as_f64)) {
            (Some(x), Some(y)) => into.push([x, y]),
            _ => array.iter().for_each(|inner| walk(inner, into)),
        }
    }
    let collection: Value = serde_json::from_str(collection).unwrap_or_default();
    let mut found = Vec::new();
    for feature in collection["features"].as_array().into_iter().flatten() {
        walk(&feature["geometry"]["coordinates"], &mut found);
    }
    found
}

/// Places of every awkward sort: corners of buildings, vertices where up to four grids meet, the village's border, and
/// anywhere in and just around the village.
fn places() -> Vec<[f64; 2]> {
    let mut random = Random(20_220_926);
    let (corners, vertices) = (positions(BUILDINGS), positions(GRIDS));
    let [west, south, east, north] = EXTENT;
    let between = |from: f64, to: f64, random: &mut Random| from + (to - from) * random.fraction();
    (0..REPORTS)
        .map(|number| match number % 10 {
            0..3 => *random.pick(&corners),
            3..5 => *random.pick(&vertices),
            5 => match random.next() % 4 {
                0 => [west, between(south, north, &mut random)],
                1 => [east, between(south, north, &mut random)],
                2 => [between(west, east, &mut random), south],
                _ => [between(west, east, &mut random), north],
            },
            _ => [
                between(west - 2e-4, east + 2e-4, &mut random),
                between(south - 2e-4, north + 2e-4, &mut random),
            ],
        })
        .collect()
}

/// Imports the village as an operator would, and makes its grid chief, who signs in as those of `seed.sql` do.
async fn found_the_village(app: &TestApp) {
    let mut transaction = app.ground.database.begin(&Scope::system()).await.unwrap();
    for (layer, file, rows) in [
        (Layer::Areas, AREAS, 5),
        (Layer::Grids, GRIDS, 12),
        (Layer::Buildings, BUILDINGS, 667),
        (Layer::Roads, ROADS, 22),
    ] {
        let table = tables::read(Format::GeoJson, layer, file.as_bytes()).unwrap();
        let prepared = exchange::prepare(layer, &table, Crs::Wgs84).unwrap();
        let boundaries = BoundaryMap::load(&mut transaction).await.unwrap();
        let now = app.ground.clock.now();
        let imported =
            exchange::import(&mut transaction, &prepared, &boundaries, now, &|_| {}).await.unwrap();
        assert_eq!((imported.created, imported.updated), (rows, 0), "{layer:?}");
    }
    transaction.commit().await.unwrap();
    app.ground.events.publish(Change::Boundaries);
    sqlx::raw_sql(
        "INSERT INTO accounts (id, login, display_name, role, scope_code)
         VALUES (gen_random_uuid(), 'kathmandu', '网格长', 'grid_chief', '999999999001');
         INSERT INTO api_tokens (id, account_id, name, token_hash)
         SELECT gen_random_uuid(), id, 'test', sha256(convert_to('token-of-' || login, 'UTF8'))
           FROM accounts WHERE login = 'kathmandu'",
    )
    .execute(&mut app.database.owner().await)
    .await
    .unwrap();
}

fn report([x, y]: [f64; 2], kind: &str, words: &str, happened_at: Option<DateTime<Utc>>) -> Value {
    json!({
        "id": Uuid::now_v7(), "kind": kind, "severity": 1, "words": words, "happened_at": happened_at,
        "place": {"x": x, "y": y, "crs": "wgs84"},
    })
}

/// An import by another process is heard of a moment later.
async fn wait_until_known(chief: &Client) {
    let [west, south, east, north] = EXTENT;
    let middle = [f64::midpoint(west, east), f64::midpoint(south, north)];
    let known = async {
        let at = DateTime::from_timestamp(1_640_995_200, 0);
        while chief.post("/api/v1/reports", &report(middle, "help", "试一试", at)).await.body["grid"]
            .is_null()
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), known).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_reports_each_go_where_an_exact_query_puts_them() {
    let app = TestApp::start().await;
    found_the_village(&app).await;
    let chief = app.sign_in("kathmandu");
    wait_until_known(&chief).await;
    let kinds = ["dispute", "request", "opinion", "help"];
    let places = places();
    let filed: Vec<u16> = stream::iter((0_i64..).zip(kinds.iter().cycle()).zip(&places))
        .map(|((number, kind), place)| {
            // Hours apart: ten thousand calls about one street corner in one week would be another test.
            let happened_at = DateTime::from_timestamp(1_640_995_200 + 7_200 * number, 0);
            let report = report(*place, kind, "测试加德满都", happened_at);
            let chief = &chief;
            async move { chief.post("/api/v1/reports", &report).await.status }
        })
        .buffer_unordered(CLIENTS)
        .collect()
        .await;
    assert_eq!(filed.iter().filter(|&&status| status == 201).count(), REPORTS);

    let rows = sqlx::query(EXACT).fetch_all(&mut app.database.owner().await).await.unwrap();
    assert_eq!(rows.len(), REPORTS);
    let mut in_a_grid = 0;
    for row in &rows {
        let (given, owner): (Option<&str>, Option<&str>) = (row.get("given"), row.get("owner"));
        assert_eq!(given, owner);
        assert!(row.get::<i64, _>("owners") <= 1, "{owner:?} is not the only owner");
        in_a_grid += usize::from(owner.is_some());
    }
    // Some of the places around the village lie outside it, and the rest inside.
    assert!((8_000..REPORTS).contains(&in_a_grid), "{in_a_grid}");
}
