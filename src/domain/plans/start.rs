//! What a new draft begins with: the boundaries published last, the village as one grid, or a file.

use geo::MultiPolygon;

use super::sheet::{Sheet, SheetGrid, code_of};
use crate::domain::grids::{CoverageCheck, DrawnGrids, GridKind, Surroundings, build, does_not_fit};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::coverage::Rim;
use crate::platform::code::{GridCode, VillageCode};
use crate::platform::locale::Locale;
use crate::platform::problem::Problem;

/// A grid as it is published: code, name, kind and shape.
pub(super) type Known = (GridCode, Option<String>, Option<GridKind>, MultiPolygon<f64>);

/// The sheet of `drawn`, fitted to its village. `next_number` is above every number the village's grids ever had.
///
/// # Errors
/// 422 with what does not fit.
pub(super) async fn sheet(
    drawn: DrawnGrids,
    around: Surroundings,
    next_number: u16,
) -> Result<Sheet, Problem> {
    let locale = Locale::current();
    let work = move || fitted(&drawn, &around, next_number, locale);
    let outcome = tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?;
    outcome.map_err(|findings| does_not_fit(&findings))
}

/// The same, on the thread of the caller.
///
/// # Errors
/// What does not fit.
pub(super) fn fitted(
    drawn: &DrawnGrids,
    around: &Surroundings,
    next_number: u16,
    locale: Locale,
) -> Result<Sheet, Box<CoverageCheck>> {
    let fixed_outline = around.outline.is_some();
    let rim = if fixed_outline { Rim::Fixed } else { Rim::Free };
    let topology = build(drawn, around, rim, locale)?.topology();
    let mut grids: Vec<SheetGrid> = topology
        .faces
        .into_iter()
        .filter_map(|(FaceId(position), polygons)| {
            let grid = drawn.grids.get(position as usize)?;
            Some(SheetGrid {
                code: grid.code.clone(),
                name: grid.name.clone().unwrap_or_else(|| format!("第{}网格", grid.code.number())),
                kind: grid.kind.unwrap_or(GridKind::Base),
                locked: false,
                polygons,
            })
        })
        .collect();
    grids.sort_by(|a, b| a.code.cmp(&b.code));
    let above = grids.iter().map(|grid| grid.code.number() + 1).max().unwrap_or(1);
    Ok(Sheet {
        arcs: topology.arcs.iter().map(|arc| arc.iter().map(|c| [c.x, c.y]).collect()).collect(),
        grids,
        locked_arcs: Vec::new(),
        fixed_outline,
        next_number: next_number.max(above),
    })
}

/// The village as one grid.
pub(super) fn whole(village: &VillageCode, outline: MultiPolygon<f64>) -> Option<Known> {
    Some((code_of(village, FaceId(1))?, None, None, outline))
}
