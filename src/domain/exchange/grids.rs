//! Grids arrive as boundary plans: one per village in the file, all checked together.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use geo::Polygon;
use sqlx::PgConnection;
use uuid::Uuid;

use super::fault::Faults;
use super::import::{ImportError, Imported};
use super::prepare::{Prepared, Row};
use crate::domain::boundaries::{
    GridDrawing, GridKind, PlanDrawing, PlanReport, PublishError, publish, refile,
};
use crate::domain::grids::BoundaryMap;
use crate::message;
use crate::platform::clock::china_date;
use crate::platform::code::{GridCode, VillageCode};

/// Publishes the file's grids from `valid_from` (today where the file has none), and files what stands in the
/// villages under them.
pub(super) async fn import(
    connection: &mut PgConnection,
    prepared: &Prepared,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Imported, ImportError> {
    let today = china_date(now);
    let mut faults = Faults::default();
    let plans = plans(&prepared.rows, today, &mut faults);
    if !faults.is_empty() {
        return Err(ImportError::Faults(faults));
    }
    let published = match publish(connection, &plans, None, now).await {
        Ok(published) => published,
        Err(PublishError::NotSeamless(report)) => {
            return Err(ImportError::Faults(located(&report, &prepared.rows)));
        }
        Err(PublishError::Problem(problem)) => return Err(problem.into()),
    };
    let boundaries = BoundaryMap::load(connection).await?;
    for plan in plans.iter().filter(|plan| plan.effective_from <= today) {
        refile(connection, &boundaries, &plan.village, today).await?;
    }
    progress(prepared.rows.len());
    Ok(Imported { created: published.created, updated: published.changed + published.unchanged })
}

fn plans(rows: &[Row], today: NaiveDate, faults: &mut Faults) -> Vec<PlanDrawing> {
    let mut plans: BTreeMap<VillageCode, PlanDrawing> = BTreeMap::new();
    for row in rows {
        let Some(code) = row.text("code").and_then(|code| code.parse::<GridCode>().ok()) else { continue };
        let Some(shape) = row.shape.as_ref().and_then(super::geometry::Shape::polygons) else { continue };
        let rings = |polygon: &Polygon<f64>| {
            std::iter::once(polygon.exterior())
                .chain(polygon.interiors())
                .map(|ring| ring.0.clone())
                .collect()
        };
        let from = row.text("valid_from").and_then(|date| date.parse().ok()).unwrap_or(today);
        let plan = plans.entry(code.village()).or_insert_with(|| PlanDrawing {
            id: Uuid::now_v7(),
            village: code.village(),
            name: format!("{from} 导入"),
            effective_from: from,
            grids: Vec::new(),
        });
        if plan.effective_from != from {
            faults.add(
                row.number,
                "valid_from",
                message!("同一村的网格须同日生效", "the grids of one village take effect on one day"),
            );
        }
        let name = row.text("name").unwrap_or_default().to_owned();
        let kind = row.text("kind").and_then(|kind| kind.parse().ok()).unwrap_or(GridKind::Base);
        plan.grids.push(GridDrawing { code, name, kind, polygons: shape.iter().map(rings).collect() });
    }
    plans.into_values().collect()
}

/// Each flaw at the row of a grid that has part in it.
fn located(report: &PlanReport, rows: &[Row]) -> Faults {
    let mut faults = Faults::default();
    let row_of = |code: &str| rows.iter().find(|row| row.text("code") == Some(code)).map(|row| row.number);
    let row = |codes: &[String]| codes.iter().find_map(|code| row_of(code)).unwrap_or(0);
    for gap in &report.gaps {
        let (area, [lon, lat]) = (gap.area_m2, gap.at);
        faults.add(
            row(&gap.codes),
            "geometry",
            message!("有空隙 {area} ㎡，位于 {lon},{lat}", "a gap of {area} m² at {lon},{lat}"),
        );
    }
    for overlap in &report.overlaps {
        let (area, [lon, lat], codes) = (overlap.area_m2, overlap.at, overlap.codes.join("、"));
        faults.add(
            row(&overlap.codes),
            "geometry",
            message!(
                "{codes} 重叠 {area} ㎡，位于 {lon},{lat}",
                "{codes} overlap by {area} m² at {lon},{lat}"
            ),
        );
    }
    for outside in &report.outside {
        let (area, [lon, lat]) = (outside.area_m2, outside.at);
        faults.add(
            row(&outside.codes),
            "geometry",
            message!(
                "超出本村边界 {area} ㎡，位于 {lon},{lat}",
                "{area} m² beyond the village at {lon},{lat}"
            ),
        );
    }
    for defect in report.defects.iter().filter(|defect| defect.blocks) {
        let problem = &defect.problem;
        faults.add(row_of(&defect.code).unwrap_or(0), "geometry", message!("{problem}", "{problem}"));
    }
    faults
}
