//! Which number each grid of a draft should have: what survives keeps its own, the rest follow the rule.
//!
//! The rule is the project's: from the north-west, west to east, then north to south (see `grids::numbering`).

use std::collections::{BTreeMap, BTreeSet};

use geo::{BooleanOps, BoundingRect, Intersects, MultiPolygon};

use crate::domain::grids::in_order;
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::measure::multi_area_m2;

type Shapes = [(FaceId, MultiPolygon<f64>)];

/// The number for each face of `now`: that of the face of `before` with which it shares most land, where either has
/// more than half of its land in the other and nobody shares more; else the lowest that is free, by the rule.
pub(super) fn propose(now: &Shapes, before: &Shapes) -> BTreeMap<FaceId, FaceId> {
    let mut shared: Vec<(f64, FaceId, FaceId)> = Vec::new();
    for (face, shape) in now {
        for (old, theirs) in before {
            let meets =
                shape.bounding_rect().zip(theirs.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
            if !meets {
                continue;
            }
            let common = multi_area_m2(&shape.intersection(theirs));
            if common > multi_area_m2(shape).min(multi_area_m2(theirs)) / 2.0 {
                shared.push((common, *face, *old));
            }
        }
    }
    shared.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut numbers = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (_, face, old) in shared {
        if !numbers.contains_key(&face) && taken.insert(old) {
            numbers.insert(face, old);
        }
    }
    // A number that somebody had is not given to others: reports of years ago are filed under it.
    taken.extend(before.iter().map(|(old, _)| *old));
    let mut free = (1..).map(FaceId).filter(|number| !taken.contains(number));
    for face in in_order(now) {
        numbers.entry(face).or_insert_with(|| free.next().unwrap_or(face));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;

    fn square(number: u32, west: f64, south: f64, width: f64) -> (FaceId, MultiPolygon<f64>) {
        let rect = Rect::new((116.0 + west, 35.0 + south), (116.0 + west + width, 36.0 + south));
        (FaceId(number), rect.to_polygon().into())
    }

    fn proposed(now: &Shapes, before: &Shapes) -> Vec<(u32, u32)> {
        propose(now, before).into_iter().map(|(face, number)| (face.0, number.0)).collect()
    }

    #[test]
    fn what_survives_keeps_its_number_and_the_rest_follow_the_rule() {
        let before = [square(1, 0.0, 0.0, 1.0), square(2, 1.0, 0.0, 2.0)];
        // The second was divided, and its smaller part lies west of the larger.
        let now = [square(1, 0.0, 0.0, 1.0), square(7, 1.0, 0.0, 0.5), square(9, 1.5, 0.0, 1.5)];
        assert_eq!(proposed(&now, &before), [(1, 1), (7, 3), (9, 2)]);
    }

    #[test]
    fn new_grids_are_numbered_from_the_north_west() {
        let now = [square(4, 0.0, 0.0, 1.0), square(5, 1.0, 1.0, 1.0), square(6, 0.0, 1.0, 1.0)];
        assert_eq!(proposed(&now, &[]), [(4, 3), (5, 2), (6, 1)]);
    }
}
