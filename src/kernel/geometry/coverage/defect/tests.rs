//! Each defect is found where it is, and sound faces have none.

use super::*;
use crate::kernel::geometry::FaceId;

fn ring(corners: &[(f64, f64)]) -> RawRing {
    corners.iter().map(|&(x, y)| Coord { x: 116.0 + x, y: 35.0 + y }).collect()
}

fn kinds(polygons: Vec<Vec<RawRing>>) -> Vec<DefectKind> {
    defects(&RawFace::new(FaceId(0), polygons), None).into_iter().map(|d| d.kind).collect()
}

const SQUARE: [(f64, f64); 5] = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)];

fn small(x: f64, y: f64) -> RawRing {
    ring(&[(x, y), (x, y + 1.0), (x + 1.0, y + 1.0), (x + 1.0, y), (x, y)])
}

#[test]
fn a_sound_face_has_no_defects() {
    assert_eq!(kinds(vec![vec![ring(&SQUARE), small(1.0, 1.0)], vec![small(6.0, 0.0)]]), []);
    // A hole may touch its shell in a point, a part may lie in another's hole.
    let touching = ring(&[(0.0, 2.0), (1.0, 1.0), (1.0, 3.0), (0.0, 2.0)]);
    assert_eq!(kinds(vec![vec![ring(&SQUARE), touching]]), []);
    let island = ring(&[(1.2, 1.2), (1.8, 1.2), (1.8, 1.8), (1.2, 1.2)]);
    assert_eq!(kinds(vec![vec![ring(&SQUARE), small(1.0, 1.0)], vec![island]]), []);
}

#[test]
fn repairable_defects_do_not_block() {
    assert_eq!(kinds(vec![vec![ring(&SQUARE[..4])]]), [DefectKind::UnclosedRing]);
    let repeated = [SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[2], SQUARE[3], SQUARE[0]];
    assert_eq!(kinds(vec![vec![ring(&repeated)]]), [DefectKind::RepeatedVertex]);
    assert!(!DefectKind::UnclosedRing.blocks() && !DefectKind::RepeatedVertex.blocks());
}

#[test]
fn finds_rings_that_cross_themselves() {
    let bow = ring(&[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)]);
    let found = defects(&RawFace::new(FaceId(0), vec![vec![bow]]), None);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, DefectKind::SelfIntersection);
    assert_eq!(found[0].at, Some(Coord { x: 117.0, y: 36.0 }));
    let pinched = ring(&[(0.0, 0.0), (2.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 2.0), (1.0, 1.0), (0.0, 0.0)]);
    assert_eq!(kinds(vec![vec![pinched]]), [DefectKind::SelfIntersection]);
}

#[test]
fn finds_spikes() {
    let spiked = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (4.0, 8.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]);
    assert!(kinds(vec![vec![spiked]]).contains(&DefectKind::Spike));
    let flat = ring(&[(0.0, 0.0), (4.0, 0.0), (0.0, 0.0)]);
    assert_eq!(kinds(vec![vec![flat]]), [DefectKind::TooFewCorners]);
}

#[test]
fn finds_misplaced_rings() {
    assert_eq!(kinds(vec![vec![ring(&SQUARE), small(6.0, 1.0)]]), [DefectKind::HoleOutsideShell]);
    let inner = ring(&[(1.2, 1.2), (1.8, 1.2), (1.8, 1.8), (1.2, 1.2)]);
    assert_eq!(kinds(vec![vec![ring(&SQUARE), small(1.0, 1.0), inner.clone()]]), [DefectKind::HoleInHole]);
    assert_eq!(kinds(vec![vec![ring(&SQUARE)], vec![inner]]), [DefectKind::PartsOverlap]);
    assert!(kinds(vec![vec![ring(&SQUARE), small(3.5, 1.0)]]).contains(&DefectKind::RingsCross));
    assert!(kinds(vec![vec![ring(&SQUARE)], vec![ring(&SQUARE)]]).contains(&DefectKind::RingsCross));
}

#[test]
fn finds_what_is_no_coordinate() {
    assert_eq!(kinds(vec![]), [DefectKind::Empty]);
    let mut bad = ring(&SQUARE);
    bad[2].x = f64::NAN;
    assert_eq!(kinds(vec![vec![bad]]), [DefectKind::Coordinate(CoordinateError::NotFinite)]);
    let swapped: RawRing = ring(&SQUARE).iter().map(|c| Coord { x: c.y, y: c.x }).collect();
    for kind in kinds(vec![vec![swapped]]) {
        assert!(matches!(kind, DefectKind::Coordinate(CoordinateError::LooksSwapped { .. })));
    }
}

#[test]
fn a_region_finds_swaps_that_stay_in_range() {
    let swapped = vec![
        Coord { x: 44.0, y: 87.0 },
        Coord { x: 44.1, y: 87.0 },
        Coord { x: 44.1, y: 87.1 },
        Coord { x: 44.0, y: 87.0 },
    ];
    let face = RawFace::new(FaceId(0), vec![vec![swapped]]);
    assert!(defects(&face, None).is_empty());
    let found = defects(&face, Some(&Region::CHINA));
    assert_eq!(found.len(), 4);
    assert!(matches!(found[0].kind, DefectKind::Coordinate(CoordinateError::LooksSwapped { .. })));
}

#[test]
fn what_blocks_is_found_behind_any_number_of_repairs() {
    let unclosed =
        |i: usize| ring(&SQUARE[..4].iter().map(|&(x, y)| (x + 5.0 * i as f64, y)).collect::<Vec<_>>());
    let mut polygons: Vec<_> = (0..60).map(|i| vec![unclosed(i)]).collect();
    polygons.push(vec![ring(&[(0.0, 10.0), (1.0, 10.0), (1.0, 60.0), (0.0, 10.0)])]);
    let found = kinds(polygons);
    assert!(found.iter().any(|kind| kind.blocks()), "{found:?}");
}
