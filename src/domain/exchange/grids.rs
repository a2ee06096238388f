//! Grids arrive as boundary plans, one per village in the file.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use geo::MultiPolygon;
use sqlx::PgConnection;
use uuid::Uuid;

use super::fault::Faults;
use super::import::{ImportError, Imported};
use super::prepare::{Prepared, Row};
use super::same_shape::same_shape;
use crate::domain::grids::{BoundaryMap, DrawnGrids, GridKind, Plan, publish, refile};
use crate::message;
use crate::platform::clock::china_date;
use crate::platform::code::{GridCode, VillageCode};
use crate::platform::problem::Problem;

/// A village's rows.
struct Village<'a> {
    from: NaiveDate,
    rows: Vec<(GridCode, &'a Row, &'a MultiPolygon<f64>)>,
}

/// Publishes each village's grids from `valid_from` (today where the file has none), and files what stands in the
/// village under them. A village drawn exactly as it is in force keeps its plan, so that the same file can be
/// imported again.
pub(super) async fn import(
    connection: &mut PgConnection,
    prepared: &Prepared,
    boundaries: &BoundaryMap,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Imported, ImportError> {
    let today = china_date(now);
    let mut faults = Faults::default();
    let villages = by_village(&prepared.rows, today, &mut faults);
    if !faults.is_empty() {
        return Err(ImportError::Faults(faults));
    }
    let mut imported = Imported::default();
    let mut changed = Vec::new();
    let mut done = 0;
    for (village, drawn) in &villages {
        let known = |code: &GridCode| boundaries.knows(code);
        let updated = drawn.rows.iter().filter(|(code, ..)| known(code)).count();
        imported.updated += updated;
        imported.created += drawn.rows.len() - updated;
        done += drawn.rows.len();
        if !is_in_force(village, drawn, boundaries) {
            let plan = plan(drawn)?;
            if let Err(problem) = publish(connection, plan, None, now, today).await {
                return Err(at_their_rows(problem, drawn));
            }
            changed.push((village, drawn.from));
        }
        progress(done);
    }
    let boundaries = BoundaryMap::load(connection).await?;
    for (village, _) in changed.into_iter().filter(|(_, from)| *from <= today) {
        refile(connection, &boundaries, village, today).await?;
    }
    Ok(imported)
}

fn by_village<'a>(
    rows: &'a [Row],
    today: NaiveDate,
    faults: &mut Faults,
) -> BTreeMap<VillageCode, Village<'a>> {
    let mut villages: BTreeMap<VillageCode, Village<'a>> = BTreeMap::new();
    for row in rows {
        let Some(code) = row.text("code").and_then(|code| code.parse::<GridCode>().ok()) else { continue };
        let Some(shape) = row.shape.as_ref().and_then(super::geometry::Shape::polygons) else { continue };
        let from = row.text("valid_from").and_then(|date| date.parse().ok()).unwrap_or(today);
        let village = villages.entry(code.village()).or_insert_with(|| Village { from, rows: Vec::new() });
        if village.from != from {
            faults.add(
                row.number,
                "valid_from",
                message!("同一村的网格须同日生效", "the grids of one village take effect on one day"),
            );
        }
        village.rows.push((code, row, shape));
    }
    villages
}

fn is_in_force(village: &VillageCode, drawn: &Village<'_>, boundaries: &BoundaryMap) -> bool {
    let in_force: BTreeMap<_, _> = boundaries.shapes_of(village, drawn.from).collect();
    in_force.len() == drawn.rows.len()
        && drawn
            .rows
            .iter()
            .all(|(code, _, shape)| in_force.get(code).is_some_and(|old| same_shape(old, shape)))
}

fn plan(drawn: &Village<'_>) -> Result<Plan, Problem> {
    let from = drawn.from;
    let grids = drawn.rows.iter().map(|(code, row, shape)| {
        let kind = row.text("kind").and_then(|kind| kind.parse::<GridKind>().ok());
        (code.clone(), row.text("name").map(str::to_owned), kind, (*shape).clone())
    });
    Ok(Plan {
        id: Uuid::now_v7(),
        name: format!("{from} 导入"),
        effective_from: from,
        approved: false,
        grids: DrawnGrids::new(grids)?,
    })
}

/// Each finding of the check, at the row of a grid that has part in it.
fn at_their_rows(problem: Problem, drawn: &Village<'_>) -> ImportError {
    let Some(("coverage", coverage)) = &problem.extra else { return ImportError::Problem(problem) };
    let first = drawn.rows.first().map_or(0, |(_, row, _)| row.number);
    let row_of = |code: &str| {
        drawn.rows.iter().find(|(own, ..)| own.as_str() == code).map_or(first, |(_, row, _)| row.number)
    };
    let mut faults = Faults::default();
    for (list, zh, en) in [
        ("gaps", "有空隙", "a gap"),
        ("overlaps", "重叠", "an overlap"),
        ("outside", "超出本村边界", "land beyond the village"),
    ] {
        for flaw in coverage[list].as_array().into_iter().flatten() {
            let codes: Vec<&str> =
                flaw["codes"].as_array().into_iter().flatten().filter_map(|code| code.as_str()).collect();
            let row = codes.iter().map(|code| row_of(code)).next().unwrap_or(first);
            let (area, lon, lat) = (&flaw["area_m2"], &flaw["at"][0], &flaw["at"][1]);
            let (with_zh, with_en) = if codes.is_empty() {
                (String::new(), String::new())
            } else {
                (format!("（{}）", codes.join("、")), format!(" ({})", codes.join(", ")))
            };
            faults.add(
                row,
                "geometry",
                message!(
                    "{zh}{with_zh} {area} ㎡，位于 {lon},{lat}",
                    "{en}{with_en} of {area} m² at {lon},{lat}"
                ),
            );
        }
    }
    for defect in coverage["defects"].as_array().into_iter().flatten() {
        let why = defect["problem"].as_str().unwrap_or_default();
        faults.add(
            row_of(defect["code"].as_str().unwrap_or_default()),
            "geometry",
            message!("{why}", "{why}"),
        );
    }
    ImportError::Faults(faults)
}
