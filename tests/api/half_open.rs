//! One rule for points on borders, whoever applies it: SQL in exact arithmetic, the boundaries that reports go by, points
//! sent over HTTP, and files on one thread and on four.

#![expect(clippy::expect_used, reason = "a test that cannot set itself up should say so and stop")]

use std::fmt::Write;
use std::process::Command;
use std::sync::Arc;

use gridkeeper::domain::grids::BoundaryMap;
use gridkeeper::kernel::geometry::Wgs84;
use gridkeeper::platform::config::Config;
use gridkeeper::platform::database::Scope;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection, Row};

use crate::support::{TestApp, TestDatabase};

type Place = (f64, f64);

/// Two villages in two grids each, with seams that are no parallels or meridians: two points of three grids, and the four
/// corners of the villages where one or two grids end.
const GRIDS: [(&str, &[Place]); 4] = [
    (
        "370828003218001",
        &[
            (116.30, 35.07),
            (116.31, 35.07),
            (116.3117, 35.0731),
            (116.3083, 35.0767),
            (116.31, 35.08),
            (116.30, 35.08),
        ],
    ),
    (
        "370828003218002",
        &[
            (116.31, 35.07),
            (116.3151, 35.07),
            (116.32, 35.07),
            (116.32, 35.08),
            (116.31, 35.08),
            (116.3083, 35.0767),
            (116.3117, 35.0731),
        ],
    ),
    (
        "370828003222001",
        &[(116.30, 35.06), (116.3131, 35.06), (116.3151, 35.07), (116.31, 35.07), (116.30, 35.07)],
    ),
    ("370828003222002", &[(116.3131, 35.06), (116.32, 35.06), (116.32, 35.07), (116.3151, 35.07)]),
];

/// The rule of `kernel::geometry::half_open`, and where it gives a place to nobody that of `kernel::geometry::grid_index`
/// for rims. Doubles from 32 on are whole multiples of 2⁻⁴⁷, so that as integers they are what they were to the last bit.
const EXACT: &str = "
    WITH vertex AS (
        SELECT grid_code, path, (ST_X(at) * 140737488355328)::bigint::numeric AS x,
               (ST_Y(at) * 140737488355328)::bigint::numeric AS y
          FROM (SELECT grid_code, (ST_DumpPoints(geom)).path, (ST_DumpPoints(geom)).geom AS at
                  FROM grid_boundaries WHERE starts_with(grid_code, '370828003')) dumped
    ), edge AS MATERIALIZED (
        SELECT grid_code, x AS ax, y AS ay, lead(x) OVER ring AS bx, lead(y) OVER ring AS by
          FROM vertex WINDOW ring AS (PARTITION BY grid_code, path[1], path[2] ORDER BY path[3])
    ), place AS MATERIALIZED (
        SELECT n, (lon * 140737488355328)::bigint::numeric AS x, (lat * 140737488355328)::bigint::numeric AS y
          FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS given(lon, lat, n)
    ), near AS MATERIALIZED (
        SELECT n, grid_code, ay, by, x, y, ax, bx, (bx - ax) * (y - ay) - (by - ay) * (x - ax) AS turn
          FROM place CROSS JOIN edge WHERE bx IS NOT NULL
    ), owner AS (
        SELECT n, grid_code FROM near WHERE (ay <= y) <> (by <= y) AND sign(turn) = sign(by - ay)
         GROUP BY n, grid_code HAVING count(*) % 2 = 1
    ), rim AS (
        SELECT n, grid_code FROM near WHERE turn = 0
           AND x BETWEEN least(ax, bx) AND greatest(ax, bx) AND y BETWEEN least(ay, by) AND greatest(ay, by)
    )
    SELECT (SELECT count(*) FROM owner WHERE owner.n = place.n) AS owners,
           coalesce((SELECT min(grid_code) FROM owner WHERE owner.n = place.n),
                    (SELECT min(grid_code) FROM rim WHERE rim.n = place.n), '') AS owner
      FROM place ORDER BY n";

/// Vertices and their closest neighbours among doubles, and places along every edge: on it, or as near as doubles come.
fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for (_, ring) in GRIDS {
        for (i, &(x, y)) in ring.iter().enumerate() {
            for x in [x.next_down(), x, x.next_up()] {
                places.extend([y.next_down(), y, y.next_up()].map(|y| (x, y)));
            }
            let (east, north) = ring[(i + 1) % ring.len()];
            places.extend(
                (1..16)
                    .map(f64::from)
                    .map(|part| (x + (east - x) * part / 16.0, y + (north - y) * part / 16.0)),
            );
        }
    }
    places
}

fn polygon(ring: &[Place]) -> Value {
    let positions: Vec<Value> = ring.iter().chain(&ring[..1]).map(|(x, y)| json!([x, y])).collect();
    json!({"type": "Polygon", "coordinates": [positions]})
}

/// The seeded service, with the grids of this test in place of its own.
async fn app_with_grids() -> TestApp {
    let database = Arc::new(TestDatabase::create().await);
    for (code, ring) in GRIDS {
        sqlx::query(
            "UPDATE grid_boundaries SET geom = ST_Multi(ST_GeomFromGeoJSON($1)) WHERE grid_code = $2",
        )
        .bind(polygon(ring).to_string())
        .bind(code)
        .execute(&mut database.owner().await)
        .await
        .expect("a boundary of the seed");
    }
    TestApp::on(database, Config::default()).await
}

fn points_csv(places: &[Place]) -> String {
    places.iter().fold(String::from("lon,lat\n"), |mut text, (x, y)| {
        let _ = writeln!(text, "{x},{y}");
        text
    })
}

/// The second column of an answer.
fn owners(csv: &str) -> Vec<String> {
    csv.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(_, grid)| grid.to_owned()).collect()
}

#[tokio::test]
async fn every_way_to_ask_gives_the_same_owner() {
    let app = app_with_grids().await;
    let places = places();
    let (lons, lats): (Vec<f64>, Vec<f64>) = places.iter().copied().unzip();
    let mut owner = app.database.owner().await;
    let rows = sqlx::query(EXACT).bind(lons).bind(lats).fetch_all(&mut owner).await.expect("answers");
    owner.close().await.expect("closes");
    let exact: Vec<String> = rows.iter().map(|row| row.get("owner")).collect();
    assert!(rows.iter().all(|row| row.get::<i64, _>("owners") <= 1), "nobody has two owners");
    for (code, _) in GRIDS {
        assert!(exact.iter().filter(|owner| *owner == code).count() > 20, "{code} owns some of its border");
    }
    assert!(exact.iter().any(String::is_empty), "some lie just outside");

    // By the boundaries in memory, which is how reports are filed.
    let mut transaction = app.ground.database.begin(&Scope::system()).await.expect("begins");
    let map = BoundaryMap::load(&mut transaction).await.expect("loads");
    let today = app.ground.clock.today();
    let located: Vec<String> = places
        .iter()
        .map(|&(x, y)| {
            let place = Wgs84::new(x, y).expect("a coordinate");
            let located = map.locate(place, today).expect("indexes").expect("is known");
            located.grid.map(|grid| grid.to_string()).unwrap_or_default()
        })
        .collect();
    assert_eq!(located, exact);

    let request = app.sign_in("planner").request(Method::POST, "/api/v1/assign");
    let request = request.header("content-type", "text/csv").body(points_csv(&places));
    let answer = request.send().await.expect("an answer").text().await.expect("a text");
    assert_eq!(owners(&answer), exact);

    let folder = tempfile::tempdir().expect("a directory");
    let features: Vec<Value> = GRIDS
        .iter()
        .map(|(code, ring)| {
            json!({"type": "Feature", "properties": {"code": code}, "geometry": polygon(ring)})
        })
        .collect();
    let grids = json!({"type": "FeatureCollection", "features": features}).to_string();
    std::fs::write(folder.path().join("grids.geojson"), grids).expect("writes");
    std::fs::write(folder.path().join("points.csv"), points_csv(&places)).expect("writes");
    for threads in ["1", "4"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridkeeper"));
        command.current_dir(folder.path()).args(["assign", "--grids", "grids.geojson"]);
        command.args(["--points", "points.csv", "--out", "out.csv", "--threads", threads]);
        let done = command.output().expect("runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let answer = std::fs::read_to_string(folder.path().join("out.csv")).expect("reads");
        assert_eq!(owners(&answer), exact, "on {threads} threads");
    }
}
