//! What each grid of a plan would hold, how much work that is, and how round it is.
//!
//! The web map computes the same while a border is being dragged (`map-ui/src/features/plans/model/figures.ts`);
//! what is stored and shown afterwards comes from here.

use std::f64::consts::PI;

use geo::MultiPolygon;
use serde::Serialize;
use utoipa::ToSchema;

use super::unit::{Load, Unit};
use crate::kernel::geometry::measure::{LocalPlane, multi_area_m2};
use crate::kernel::geometry::{BuildError, FaceId, GridIndex, Wgs84};
use crate::kernel::roads::Profile;
use crate::platform::code::GridCode;

/// Days of walking in a month.
const WORKING_DAYS: f64 = 22.0;
/// The length of a shortest tour through n random places in an area A tends to this times √(n·A) (J. Beardwood, J. H.
/// Halton and J. M. Hammersley, "The shortest path through many points", 1959; the constant by D. S. Johnson
/// and others, "Asymptotic experimental analysis for the Held-Karp traveling salesman bound", 1996).
const TOUR: f64 = 0.7124;
/// How much longer ways are along lanes that run two ways than as the crow flies, on average over all directions.
const DETOUR: f64 = 4.0 / PI;

/// One grid's figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PlanGridFigures)]
pub(super) struct GridFigures {
    /// The grid.
    #[schema(value_type = String, example = "370828003218001")]
    pub(super) code: GridCode,
    #[serde(flatten)]
    pub(super) load: Load,
    /// Reports neither resolved nor closed.
    pub(super) open_cases: i64,
    /// Hours of walking between doors in a month, estimated: a tour on each of 22 days.
    pub(super) walking_hours: f64,
    /// Square metres.
    pub(super) area_m2: f64,
    /// How round it is: 4π·area/perimeter² (Polsby and Popper 1991), 1 for a circle.
    pub(super) compactness: f64,
}

/// The figures of grids, in their order. O((units + vertices) log vertices).
///
/// # Errors
/// When a shape cannot be indexed.
pub(super) fn figures(
    grids: &[(GridCode, MultiPolygon<f64>)],
    units: &[Unit],
) -> Result<Vec<GridFigures>, BuildError> {
    let index = index(grids)?;
    let mut loads = vec![Load::default(); grids.len()];
    for unit in units {
        if let Some(load) = locate(&index, unit.at).and_then(|face| loads.get_mut(face.0 as usize)) {
            load.add(&unit.load);
        }
    }
    let figures = grids.iter().zip(loads).map(|((code, shape), load)| {
        let area_m2 = multi_area_m2(shape);
        let perimeter_m = perimeter_m(shape);
        GridFigures {
            code: code.clone(),
            open_cases: load.open_cases,
            walking_hours: walking_hours(load.calls, area_m2),
            area_m2,
            compactness: 4.0 * PI * area_m2 / (perimeter_m * perimeter_m),
            load,
        }
    });
    Ok(figures.collect())
}

/// The grids arranged for asking which one holds a place; a face's number is the grid's position.
///
/// # Errors
/// When a shape cannot be indexed.
pub(super) fn index(grids: &[(GridCode, MultiPolygon<f64>)]) -> Result<GridIndex, BuildError> {
    GridIndex::build((0..).map(FaceId).zip(grids.iter().map(|(_, shape)| shape.clone())))
}

/// The grid that holds a place.
pub(super) fn locate(index: &GridIndex, [lon, lat]: [f64; 2]) -> Option<FaceId> {
    index.locate(Wgs84::new(lon, lat).ok()?)
}

/// Hours of walking for so many calls a month in so large an area.
fn walking_hours(calls: f64, area_m2: f64) -> f64 {
    TOUR * DETOUR * (calls * WORKING_DAYS * area_m2).sqrt() / Profile::FOOT_M_PER_S / 3600.0
}

/// Hours of walking that a call takes where there are so many a month in so large an area: the area's tours divided by
/// its calls. What a grid walks grows by √(calls·area), so this is the same for any number of grids of like density.
pub(super) fn walking_hours_per_call(calls: f64, area_m2: f64) -> f64 {
    if calls > 0.0 { walking_hours(calls, area_m2) / calls } else { 0.0 }
}

fn perimeter_m(shape: &MultiPolygon<f64>) -> f64 {
    let rings = shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    rings
        .flat_map(geo::LineString::lines)
        .map(|edge| {
            LocalPlane::at_latitude(f64::midpoint(edge.start.y, edge.end.y)).distance_m(edge.start, edge.end)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;

    #[test]
    fn a_place_on_the_seam_is_counted_once_and_a_square_is_nearly_round() {
        let half = |west: f64| Rect::new((west, 35.0), (west + 0.01, 35.0082)).to_polygon().into();
        let grids = [
            ("370828003218001".parse().unwrap(), half(116.0)),
            ("370828003218002".parse().unwrap(), half(116.01)),
        ];
        let unit =
            |lon: f64| Unit { at: [lon, 35.004], load: Load { people: 1, calls: 30.0, ..Load::default() } };
        let found = figures(&grids, &[unit(116.005), unit(116.01), unit(116.03)]).unwrap();
        assert_eq!(found.iter().map(|f| f.load.people).collect::<Vec<_>>(), [1, 1]);
        assert!((found[0].compactness - PI / 4.0).abs() < 1e-3, "{}", found[0].compactness);
        // 0.7124 · 4/π · √(30 · 22 · 830,000 m²) at 1.25 m/s.
        assert!((found[0].walking_hours - 4.72).abs() < 0.02, "{}", found[0].walking_hours);
    }
}
