//! Whether drawn grids fit their village: what the kernel finds, in the words of grids.

use geo::{Coord, MultiPolygon, Rect};
use serde::Serialize;
use utoipa::ToSchema;

use super::drawing::DrawnGrids;
use super::numbering::{self, Misnumbered};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::coverage::{
    CheckOptions, Coverage, CoverageReport, Flaw, RawFace, Rim, check as check_coverage,
};
use crate::platform::code::GridCode;
use crate::platform::locale::{Locale, Message};

/// Whether drawn grids can be published, and if not, where to look.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CoverageCheck {
    /// True when they fill the village without gap or overlap and leave it nowhere.
    pub ok: bool,
    /// Land of the village that no grid covers.
    pub gaps: Vec<Gap>,
    /// Land that two grids claim, of this village or of a neighbouring one.
    pub overlaps: Vec<Overlap>,
    /// Land of a grid outside the village.
    pub outside: Vec<Overlap>,
    /// What is wrong with a grid on its own.
    pub defects: Vec<GridDefect>,
    /// Grids whose numbers do not follow the rule (from the north-west, west to east, then north to south). Grids
    /// that existed before keep their numbers: this is no obstacle.
    pub numbering: Vec<Misnumbered>,
    /// Vertices that publishing would move onto a neighbour's, by less than the tolerance.
    pub snapped_vertices: usize,
}

/// A gap.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Gap {
    /// Square metres.
    pub area_m2: f64,
    /// A point in it: longitude and latitude.
    pub at: [f64; 2],
    /// West, south, east, north.
    pub bbox: [f64; 4],
}

/// An overlap.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Overlap {
    /// The grids.
    #[schema(value_type = Vec<String>)]
    pub codes: Vec<GridCode>,
    /// Square metres.
    pub area_m2: f64,
    /// A point in it: longitude and latitude.
    pub at: [f64; 2],
    /// West, south, east, north.
    pub bbox: [f64; 4],
}

/// Something wrong with one grid.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GridDefect {
    /// The grid.
    #[schema(value_type = String)]
    pub code: GridCode,
    /// What, in the caller's language.
    pub problem: String,
    /// Where: longitude and latitude as given.
    pub at: Option<[f64; 2]>,
}

/// What drawn grids are held against.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// The village's outline, where it is known.
    pub(crate) outline: Option<MultiPolygon<f64>>,
    /// The grids of other villages around.
    pub(super) neighbours: Vec<(GridCode, MultiPolygon<f64>)>,
}

/// Checks without changing anything. Takes as long as the kernel's check: not for an async thread.
pub(crate) fn check(drawn: &DrawnGrids, around: &Surroundings, locale: Locale) -> CoverageCheck {
    with_options(drawn, around, |options| {
        let report = check_coverage(&faces(drawn), options);
        in_words(drawn, around, &report, locale)
    })
}

/// The grids' shapes with their seams closed, in the order of the drawing. Takes as long as the kernel's check: not
/// for an async thread.
///
/// # Errors
/// What does not fit.
pub(super) fn accept(
    drawn: &DrawnGrids,
    around: &Surroundings,
    locale: Locale,
) -> Result<Vec<MultiPolygon<f64>>, Box<CoverageCheck>> {
    // Faces come in the order of their numbers, and every one that was drawn is there.
    build(drawn, around, Rim::Free, locale).map(|coverage| coverage.faces().map(|(_, shape)| shape).collect())
}

/// The grids as a partition; a face's number is its grid's position in the drawing. Takes as long as the kernel's
/// check: not for an async thread.
///
/// # Errors
/// What does not fit.
pub(crate) fn build(
    drawn: &DrawnGrids,
    around: &Surroundings,
    rim: Rim,
    locale: Locale,
) -> Result<Coverage, Box<CoverageCheck>> {
    with_options(drawn, around, |options| match Coverage::build(&faces(drawn), options, rim) {
        Ok(built) => Ok(built.coverage),
        Err(report) => Err(Box::new(in_words(drawn, around, &report, locale))),
    })
}

fn faces(drawn: &DrawnGrids) -> Vec<RawFace> {
    drawn.grids.iter().map(|grid| grid.face.clone()).collect()
}

fn with_options<T>(drawn: &DrawnGrids, around: &Surroundings, run: impl FnOnce(&CheckOptions<'_>) -> T) -> T {
    // The neighbours' numbers go on where the drawn grids' end.
    let numbers = (drawn.grids.len() as u32..).map(FaceId);
    let neighbours: Vec<_> = numbers.zip(around.neighbours.iter().map(|(_, shape)| shape.clone())).collect();
    run(&CheckOptions {
        outline: around.outline.as_ref(),
        neighbours: &neighbours,
        ..CheckOptions::default()
    })
}

fn in_words(
    drawn: &DrawnGrids,
    around: &Surroundings,
    report: &CoverageReport,
    locale: Locale,
) -> CoverageCheck {
    let code = |face: FaceId| {
        let beyond = || {
            let number = (face.0 as usize).checked_sub(drawn.grids.len())?;
            around.neighbours.get(number).map(|(code, _)| code)
        };
        drawn.code(face).or_else(beyond).cloned()
    };
    let overlap = |flaw: &Flaw| Overlap {
        codes: flaw.faces.iter().filter_map(|face| code(*face)).collect(),
        area_m2: flaw.area_m2,
        at: position(flaw.at),
        bbox: bbox(flaw.bbox),
    };
    let mut defects: Vec<_> = report
        .defects
        .iter()
        .flat_map(|of_face| of_face.defects.iter().map(move |defect| (of_face.face, defect)))
        .filter_map(|(face, defect)| {
            let problem = Message::new(defect.kind.to_chinese(), defect.kind.to_string());
            Some(GridDefect {
                code: code(face)?,
                problem: problem.in_locale(locale).to_owned(),
                at: defect.at.map(position),
            })
        })
        .collect();
    if let (Some(refusal), Some(first)) = (&report.refusal, drawn.grids.first()) {
        let problem = Message::new(refusal.to_chinese(), refusal.to_string());
        defects.push(GridDefect {
            code: first.code.clone(),
            problem: problem.in_locale(locale).to_owned(),
            at: None,
        });
    }
    CoverageCheck {
        ok: report.is_seamless(),
        gaps: report
            .gaps
            .iter()
            .map(|flaw| Gap { area_m2: flaw.area_m2, at: position(flaw.at), bbox: bbox(flaw.bbox) })
            .collect(),
        overlaps: report.overlaps.iter().map(overlap).collect(),
        outside: report.outside.iter().map(overlap).collect(),
        defects,
        numbering: numbering::check(drawn),
        snapped_vertices: report.snapped_vertices,
    }
}

fn position(at: Coord<f64>) -> [f64; 2] {
    [at.x, at.y]
}

fn bbox(rect: Rect<f64>) -> [f64; 4] {
    [rect.min().x, rect.min().y, rect.max().x, rect.max().y]
}
