//! One owner per point: against integers, against the reference answers, and against geodesics.

use geo::polygon;
use proptest::prelude::*;

use super::*;
use crate::kernel::geometry::{jagged, reference};

#[test]
fn agrees_with_the_reference_answers() {
    for (faces, points) in [
        (reference::village_faces(), reference::village_points()),
        (reference::street_faces(), reference::street_points()),
    ] {
        let index = GridIndex::build(faces).unwrap();
        assert_eq!(points.len(), 8_000);
        for (place, face) in points {
            assert_eq!(index.locate(place), face, "{place}");
        }
    }
}

/// The rule spelled out in integers: the point really is moved, by less than any distance between features.
fn oracle(ring: &geo::LineString<f64>, p: Coord<f64>) -> bool {
    const SCALE: i128 = 1 << 40;
    const EPSILON: i128 = 1 << 18;
    // Midpoints have half steps.
    let steps = |v: f64, origin: f64| ((v - origin) / jagged::STEP * 2.0).round() as i128 * SCALE;
    let at = |c: Coord<f64>| (steps(c.x, 100.0), steps(c.y, 30.0));
    let (x, y) = at(p);
    let (x, y) = (x + EPSILON, y + 1);
    let mut inside = false;
    for line in ring.lines() {
        let ((ax, ay), (bx, by)) = (at(line.start), at(line.end));
        let ((lx, ly), (hx, hy)) = if ay < by { ((ax, ay), (bx, by)) } else { ((bx, by), (ax, ay)) };
        if ly < y && y < hy {
            let turn = (hx - lx) * (y - ly) - (hy - ly) * (x - lx);
            assert_ne!(turn, 0, "a moved point is on no edge");
            inside ^= turn > 0;
        }
    }
    inside
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_point_of_the_union_has_one_owner(
        seed: u64, columns in 1_i64..5, rows in 1_i64..5, vertices in 0_i64..40,
    ) {
        let faces = jagged::coverage(seed, columns, rows, vertices);
        let index = GridIndex::build(faces.clone()).unwrap();
        for p in jagged::points(seed, &faces, columns, rows) {
            let place = Wgs84::new(p.x, p.y).unwrap();
            let owners: Vec<FaceId> = faces
                .iter()
                .filter(|(_, f)| oracle(f.0[0].exterior(), p))
                .map(|(id, _)| *id)
                .collect();
            prop_assert!(owners.len() <= 1, "{place} has owners {owners:?}");
            let touching = faces.iter().filter(|(_, f)| {
                f.0[0].exterior().lines().any(|l| crate::kernel::geometry::half_open::on_segment(l.start, l.end, p))
            });
            let expected = owners.first().copied().or_else(|| touching.map(|(id, _)| *id).min());
            prop_assert_eq!(index.locate(place), expected, "{}", place);
        }
    }

    #[test]
    fn the_order_of_faces_does_not_matter(seed: u64) {
        let faces = jagged::coverage(seed, 3, 3, 12);
        let index = GridIndex::build(faces.clone()).unwrap();
        let turned = GridIndex::build(faces.iter().rev().cloned()).unwrap();
        for p in jagged::points(seed, &faces, 3, 3) {
            let place = Wgs84::new(p.x, p.y).unwrap();
            prop_assert_eq!(index.locate(place), turned.locate(place));
        }
    }

    #[test]
    fn the_nearest_face_is_nearest(seed: u64) {
        let faces = jagged::coverage(seed, 3, 2, 10);
        let index = GridIndex::build(faces.clone()).unwrap();
        for p in jagged::points(seed, &faces, 3, 2) {
            let place = Wgs84::new(p.x, p.y).unwrap();
            let (face, distance_m) = index.nearest(place).unwrap();
            if let Some(owner) = index.locate(place) {
                prop_assert_eq!((face, distance_m), (owner, 0.0));
                continue;
            }
            let plane = LocalPlane::at_latitude(p.y);
            let best = faces
                .iter()
                .flat_map(|(_, f)| f.0[0].exterior().lines())
                .map(|l| plane.distance_to_segment_m(p, l.start, l.end))
                .fold(f64::INFINITY, f64::min);
            prop_assert!((distance_m / best - 1.0).abs() < 1e-3, "{distance_m} {best}");
        }
    }
}

fn square(west: f64, south: f64, side: f64) -> geo::Polygon<f64> {
    polygon![
        (x: west, y: south),
        (x: west + side, y: south),
        (x: west + side, y: south + side),
        (x: west, y: south + side),
    ]
}

#[test]
fn a_hole_belongs_to_whoever_fills_it() {
    let ring = geo::Polygon::new(
        square(116.0, 35.0, 0.5).exterior().clone(),
        vec![square(116.125, 35.125, 0.25).exterior().clone()],
    );
    let pond = square(116.125, 35.125, 0.25);
    let at = |lon, lat| Wgs84::new(lon, lat).unwrap();
    let alone = GridIndex::build([(FaceId(7), ring.clone().into())]).unwrap();
    assert_eq!(alone.locate(at(116.25, 35.25)), None);
    assert_eq!(alone.locate(at(116.125, 35.25)), Some(FaceId(7)), "the rim of a hole that nobody fills");
    let filled = GridIndex::build([(FaceId(7), ring.into()), (FaceId(9), pond.into())]).unwrap();
    assert_eq!(filled.locate(at(116.25, 35.25)), Some(FaceId(9)));
    assert_eq!(filled.locate(at(116.125, 35.25)), Some(FaceId(9)), "the west of the pond looks east into it");
    assert_eq!(filled.locate(at(116.375, 35.25)), Some(FaceId(7)), "its east looks out of it");
}

#[test]
fn parts_of_a_multipolygon_are_one_face() {
    let parts = MultiPolygon(vec![square(116.0, 35.0, 0.125), square(116.5, 35.5, 0.125)]);
    let index = GridIndex::build([(FaceId(3), parts)]).unwrap();
    for (lon, lat) in [(116.0625, 35.0625), (116.5625, 35.5625)] {
        assert_eq!(index.locate(Wgs84::new(lon, lat).unwrap()), Some(FaceId(3)));
    }
    assert_eq!(index.locate(Wgs84::new(116.3, 35.3).unwrap()), None);
}

#[test]
fn the_outer_rim_is_inside() {
    let index = GridIndex::build([(FaceId(1), square(116.0, 35.0, 0.5).into())]).unwrap();
    for (lon, lat) in
        [(116.0, 35.0), (116.5, 35.0), (116.5, 35.5), (116.0, 35.5), (116.5, 35.25), (116.25, 35.5)]
    {
        assert_eq!(index.locate(Wgs84::new(lon, lat).unwrap()), Some(FaceId(1)), "{lon} {lat}");
    }
    assert_eq!(index.locate(Wgs84::new(116.500_000_000_000_1, 35.25).unwrap()), None);
}

#[test]
fn where_faces_overlap_the_lowest_number_owns() {
    let faces = [(FaceId(5), square(116.0, 35.0, 0.5).into()), (FaceId(2), square(116.25, 35.0, 0.5).into())];
    let index = GridIndex::build(faces).unwrap();
    assert_eq!(index.locate(Wgs84::new(116.3, 35.2).unwrap()), Some(FaceId(2)));
}

#[test]
fn measures_the_way_to_the_border() {
    let index = GridIndex::build([(FaceId(1), square(116.0, 35.0, 0.01).into())]).unwrap();
    let at = |lon, lat| Wgs84::new(lon, lat).unwrap();
    let expected = measure::distance_m(at(116.001, 35.005), at(116.0, 35.005));
    let got = index.distance_to_boundary_m(at(116.001, 35.005)).unwrap();
    assert!((got - expected).abs() < 1e-3, "{got} {expected}");
    assert_eq!(index.distance_to_boundary_m(at(115.9, 35.005)), None);
    let (face, away) = index.nearest(at(115.999, 35.005)).unwrap();
    assert_eq!(face, FaceId(1));
    assert!((away - expected).abs() < 1e-3);
}

#[test]
fn refuses_faces_it_cannot_index() {
    let build = |faces: Vec<(FaceId, MultiPolygon<f64>)>| GridIndex::build(faces).err();
    let good = || square(116.0, 35.0, 0.5).into();
    assert_eq!(build(vec![(FaceId(1), good()), (FaceId(1), good())]), Some(BuildError::Duplicate(FaceId(1))));
    assert_eq!(build(vec![(FaceId(1), MultiPolygon(vec![]))]), Some(BuildError::Empty(FaceId(1))));
    let line = polygon![(x: 116.0, y: 35.0), (x: 116.5, y: 35.0)];
    assert_eq!(build(vec![(FaceId(1), line.into())]), Some(BuildError::ShortRing(FaceId(1))));
    let swapped = square(35.0, 116.0, 0.5);
    assert!(matches!(build(vec![(FaceId(1), swapped.into())]), Some(BuildError::Vertex { .. })));
}

#[test]
fn an_empty_index_knows_nothing() {
    let index = GridIndex::build([]).unwrap();
    let place = Wgs84::new(116.0, 35.0).unwrap();
    assert!(index.is_empty());
    assert_eq!((index.locate(place), index.nearest(place)), (None, None));
}
