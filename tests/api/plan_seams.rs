//! No gap and no overlap in a plan, whatever is done to it: said by PostGIS and GDAL, not by the kernel.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that finds nothing where something should be has failed"
)]

use serde_json::{Value, json};
use sqlx::Row;

use crate::support::plan::{Plan, VILLAGE};
use crate::support::{Client, TestApp};

/// A small deterministic generator (`SplitMix64`, S. Vigna 2015).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn pick<'a>(&mut self, list: &'a [Value]) -> &'a Value {
        &list[(self.next() % list.len() as u64) as usize]
    }

    /// Something a planner might do to the plan; many of these are refused.
    fn operation(&mut self, plan: &Plan) -> Value {
        let arcs = plan.body["sheet"]["arcs"].as_array().unwrap();
        let grids = plan.body["sheet"]["grids"].as_array().unwrap();
        let arc = self.pick(arcs).as_array().unwrap();
        let vertex = self.pick(arc).clone();
        let i = (self.next() % (arc.len() as u64 - 1)) as usize;
        let number = |p: &Value, axis: usize| p[axis].as_f64().unwrap();
        let along = self.unit();
        let on_edge =
            |axis: usize| number(&arc[i], axis) + along * (number(&arc[i + 1], axis) - number(&arc[i], axis));
        let (x, y) = (on_edge(0), on_edge(1));
        let mut nudge = || (self.unit() - 0.5) * 0.004;
        let (dx, dy) = (nudge(), nudge());
        let (grid, other) = (self.pick(grids)["code"].clone(), self.pick(grids)["code"].clone());
        match self.next() % 12 {
            0..=3 => json!({"op": "insert_vertex", "at": [x, y]}),
            4..=7 => {
                json!({"op": "move_vertex", "at": vertex, "to": [number(&vertex, 0) + dx, number(&vertex, 1) + dy]})
            }
            8 => json!({"op": "remove_vertex", "at": vertex}),
            9 => json!({"op": "move_arc", "at": [x, y], "by": [dx / 4.0, dy / 4.0]}),
            10 if grids.len() < 8 => {
                let line = [[x - 3.0 * dx, y - 3.0 * dy], [x + 3.0 * dx, y + 3.0 * dy]];
                json!({"op": "split", "grid": grid, "line": line})
            }
            10 => json!({"op": "merge", "keep": grid, "absorb": other}),
            _ => {
                let block =
                    [[x - dx, y - 0.001], [x + dx, y - 0.001], [x + dx, y + 0.001], [x - dx, y + 0.001]];
                json!({"op": "hand_over", "from": grid, "to": other, "block": block})
            }
        }
    }
}

/// A thousand steps that were made, some of them backwards, and many more that were refused; after every hundred,
/// PostGIS looks for what the kernel may have missed, and at the end GDAL does too.
#[tokio::test]
async fn a_thousand_edits_leave_no_gap_and_no_overlap() {
    let app = TestApp::start().await;
    let planner = app.sign_in("planner");
    let mut plan = Plan::begin(&planner).await;
    let mut random = Random(20_260_901);
    let (mut made, mut refused) = (0, 0);
    while made < 1000 {
        let answer = if random.next().is_multiple_of(16) && plan.body["position"] != 0 {
            plan.send(&planner, "undo", &json!({})).await
        } else {
            let operation = random.operation(&plan);
            plan.try_edit(&planner, json!([operation])).await
        };
        match answer.status {
            200 => {
                plan = Plan::of(answer, 200);
                made += 1;
                if made % 100 == 0 {
                    seamless(&app, &planner, &plan).await;
                }
            }
            422 => refused += 1,
            other => panic!("{other}: {}", answer.body),
        }
    }
    assert!(refused > 100, "only {refused} were refused: the edits were too tame");
    assert!(plan.codes().len() > 2, "{:?}", plan.codes());
    seamless_to_gdal(&planner, &plan).await;
}

pub(crate) async fn seamless(app: &TestApp, planner: &Client, plan: &Plan) {
    let collection = planner.get(&format!("{}/grids", plan.path)).await.body;
    let row = sqlx::query(
        "WITH grids AS (SELECT n, ST_GeomFromGeoJSON(f ->> 'geometry') AS geom
                          FROM jsonb_array_elements($1::jsonb -> 'features') WITH ORDINALITY AS g (f, n)),
              pairs AS (SELECT coalesce(sum(ST_Area(ST_Intersection(a.geom, b.geom))), 0) AS overlap
                          FROM grids a JOIN grids b ON a.n < b.n AND a.geom && b.geom)
         SELECT (SELECT overlap FROM pairs) AS overlap, ST_Area(ST_SymDifference(v.geom, u.geom)) AS gap, u.valid
           FROM areas v, (SELECT ST_Union(geom) AS geom, bool_and(ST_IsValid(geom)) AS valid FROM grids) u
          WHERE v.code = $2",
    )
    .bind(&collection)
    .bind(VILLAGE)
    .fetch_one(&mut app.database.owner().await)
    .await
    .unwrap();
    // A square degree is some 10¹⁰ m²: these are hundredths of a square millimetre.
    let (overlap, gap): (f64, f64) = (row.get("overlap"), row.get("gap"));
    assert!(row.get::<bool, _>("valid"), "a grid is not valid");
    assert!(overlap < 1e-18 && gap < 1e-15, "overlap {overlap}, gap {gap}");
}

/// The same by `ogrinfo` of the file that the service gives out, in the SQL of `SpatiaLite`.
async fn seamless_to_gdal(planner: &Client, plan: &Plan) {
    let folder = tempfile::tempdir().unwrap();
    let collection = planner.get(&format!("{}/grids", plan.path)).await.body;
    std::fs::write(folder.path().join("grids.geojson"), collection.to_string()).unwrap();
    let sql = "SELECT count(*) AS grids, min(ST_IsValid(geometry)) AS valid, ST_NumGeometries(ST_Union(geometry)) AS pieces,
                      1e18 * (sum(ST_Area(geometry)) - ST_Area(ST_Union(geometry))) AS overlap,
                      1e18 * coalesce(ST_Area(ST_SymDifference(ST_Union(geometry), BuildMbr(116.30, 35.07, 116.32, 35.08, 4326))), 0) AS gap
                 FROM grids";
    let run = std::process::Command::new("ogrinfo")
        .args(["-q", "-ro", "-dialect", "SQLite", "-sql", sql, "grids.geojson"])
        .current_dir(folder.path())
        .output();
    let run = run.expect("ogrinfo, which scripts/bootstrap.sh test installs");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    let figure = |name: &str| -> f64 {
        let line = told.lines().find(|line| line.trim_start().starts_with(name));
        line.unwrap_or_else(|| panic!("no {name}: {told}")).rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert_eq!(
        (figure("grids"), figure("valid"), figure("pieces")),
        (plan.codes().len() as f64, 1.0, 1.0),
        "{told}"
    );
    // In 10⁻¹⁸ square degrees, hundredths of a square millimetre: ten of these are what rounding leaves in a village.
    assert!(figure("overlap").abs() < 1000.0 && figure("gap") < 1000.0, "{told}");
}
