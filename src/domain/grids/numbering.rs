//! The rule by which grids are numbered within their village: from the north-west, west to east, then north to
//! south.
//!
//! Real grids lie in no rows, so rows are made: from the north, a row takes every grid whose centre lies within half
//! a usual grid's height of the northernmost centre left.

use geo::{BoundingRect, Centroid, MultiPolygon, Point};
use serde::Serialize;
use utoipa::ToSchema;

use super::drawing::DrawnGrids;
use crate::platform::code::GridCode;

/// A grid whose number is not the one the rule gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Misnumbered {
    /// The grid.
    #[schema(value_type = String)]
    pub code: GridCode,
    /// Its number by the rule.
    pub expected: u16,
}

/// The grids whose numbers do not follow the rule. O(n log n) after the centres are known.
pub(super) fn check(drawn: &DrawnGrids) -> Vec<Misnumbered> {
    let shapes: Vec<_> = drawn.grids.iter().map(|grid| (&grid.code, grid.face.to_multi_polygon())).collect();
    (1..)
        .zip(in_order(&shapes))
        .filter(|(expected, code)| code.number() != *expected)
        .map(|(expected, code)| Misnumbered { code: code.clone(), expected })
        .collect()
}

/// The names of shapes in the order of the rule; shapes without a centre are left out. O(n log n) after the centres
/// are known.
pub(crate) fn in_order<T: Clone>(shapes: &[(T, MultiPolygon<f64>)]) -> Vec<T> {
    let mut places: Vec<_> = shapes
        .iter()
        .filter_map(|(name, shape)| Some((name, shape.centroid()?, shape.bounding_rect()?.height())))
        .collect();
    let mut heights: Vec<f64> = places.iter().map(|(_, _, height)| *height).collect();
    heights.sort_by(f64::total_cmp);
    let Some(usual) = heights.get(heights.len() / 2) else { return Vec::new() };
    places.sort_by(|(_, a, _), (_, b, _)| b.y().total_cmp(&a.y()));
    let mut rows: Vec<Vec<(&T, Point<f64>)>> = Vec::new();
    for (name, centre, _) in &places {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|(_, first)| first.y() - centre.y() <= usual / 2.0) => {
                row.push((name, *centre));
            }
            _ => rows.push(vec![(name, *centre)]),
        }
    }
    for row in &mut rows {
        row.sort_by(|(_, a), (_, b)| a.x().total_cmp(&b.x()));
    }
    rows.into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use geo::{MultiPolygon, polygon};

    use super::*;

    fn square(west: f64, south: f64) -> MultiPolygon<f64> {
        polygon![
            (x: west, y: south), (x: west + 1.0, y: south),
            (x: west + 1.0, y: south + 1.0), (x: west, y: south + 1.0),
        ]
        .into()
    }

    fn misnumbered(grids: &[(u16, f64, f64)]) -> Vec<(u16, u16)> {
        let grids = grids.iter().map(|(number, west, south)| {
            let code = format!("370828003218{number:03}").parse().unwrap();
            (code, None, None, square(*west, *south))
        });
        let found = check(&DrawnGrids::new(grids).unwrap());
        found.into_iter().map(|wrong| (wrong.code.number(), wrong.expected)).collect()
    }

    #[test]
    fn west_to_east_then_north_to_south() {
        // The second row is a little askew, as villages are.
        let plan = [(3, 0.0, 0.1), (1, 0.0, 1.0), (4, 1.0, -0.1), (2, 1.0, 1.3)];
        assert_eq!(misnumbered(&plan), []);
        let plan = [(1, 0.0, 0.1), (3, 0.0, 1.0), (4, 1.0, -0.1), (2, 1.0, 1.3)];
        assert_eq!(misnumbered(&plan), [(3, 1), (1, 3)]);
    }
}
