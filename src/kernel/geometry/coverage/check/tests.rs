//! Faults put into sound coverages must be found where they are, as large as they are.

use geo::polygon;
use proptest::prelude::*;

use super::*;
use crate::kernel::geometry::measure::multi_area_m2;
use crate::kernel::geometry::{jagged, reference};

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> Polygon<f64> {
    polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)]
}

fn raw(faces: &[(u32, Polygon<f64>)]) -> Vec<RawFace> {
    faces.iter().map(|(id, p)| RawFace::from((FaceId(*id), &MultiPolygon::from(p.clone())))).collect()
}

fn outline() -> MultiPolygon<f64> {
    rectangle(116.0, 35.0, 116.02, 35.01).into()
}

#[test]
fn two_halves_are_seamless() {
    let faces =
        raw(&[(1, rectangle(116.0, 35.0, 116.01, 35.01)), (2, rectangle(116.01, 35.0, 116.02, 35.01))]);
    let outline = outline();
    let report = check(&faces, &CheckOptions { outline: Some(&outline), ..CheckOptions::default() });
    assert_eq!(report, CoverageReport { inserted_vertices: 2, ..CoverageReport::default() });
    assert!(report.is_seamless());
}

#[test]
fn a_strip_between_two_halves_is_a_gap_and_a_shared_one_an_overlap() {
    let outline = outline();
    let options = CheckOptions { outline: Some(&outline), ..CheckOptions::default() };
    // Ten centimetres is ten times the tolerance.
    let strip = rectangle(116.01, 35.0, 116.010_001, 35.01);
    let west = rectangle(116.0, 35.0, 116.01, 35.01);
    let east = rectangle(116.010_001, 35.0, 116.02, 35.01);
    let report = check(&raw(&[(1, west), (2, east.clone())]), &options);
    assert_eq!((report.gaps.len(), report.overlaps.len(), report.outside.len()), (1, 0, 0));
    let gap = &report.gaps[0];
    assert_eq!(gap.faces, [FaceId(1), FaceId(2)]);
    assert!((gap.area_m2 / area_m2(&strip) - 1.0).abs() < 1e-3, "{} m²", gap.area_m2);
    assert!(gap.at.x > 116.01 && gap.at.x < 116.010_001);
    assert!(gap.bbox.max().y > 35.0099 && gap.bbox.min().y < 35.0001);
    assert_eq!(report.unmatched.len(), 2, "the two long sides");

    let wide = rectangle(116.0, 35.0, 116.010_002, 35.01);
    let report = check(&raw(&[(1, wide), (2, east)]), &options);
    assert_eq!((report.gaps.len(), report.overlaps.len(), report.outside.len()), (0, 1, 0));
    assert_eq!(report.overlaps[0].faces, [FaceId(1), FaceId(2)]);
    assert!((report.overlaps[0].area_m2 / area_m2(&strip) - 1.0).abs() < 1e-3);
    assert!(!report.is_seamless());
}

#[test]
fn an_extra_vertex_on_the_common_line_is_no_fault() {
    let outline = outline();
    let west = rectangle(116.0, 35.0, 116.01, 35.01);
    let east = polygon![
        (x: 116.01, y: 35.0), (x: 116.02, y: 35.0), (x: 116.02, y: 35.01), (x: 116.01, y: 35.01),
        (x: 116.010_000_03, y: 35.004),
    ];
    let report = check(
        &raw(&[(1, west), (2, east)]),
        &CheckOptions { outline: Some(&outline), ..CheckOptions::default() },
    );
    assert!(report.is_seamless() && report.unmatched.is_empty(), "{report:?}");
    assert!(report.inserted_vertices >= 1);
}

#[test]
fn an_enclosed_gap_needs_no_outline() {
    let mut ring = rectangle(116.0, 35.0, 116.02, 35.01);
    ring.interiors_push(rectangle(116.005, 35.002, 116.006, 35.003).exterior().clone());
    let report = check(&raw(&[(4, ring)]), &CheckOptions::default());
    assert_eq!(report.gaps.len(), 1);
    assert_eq!(report.gaps[0].faces, [FaceId(4)]);
    let pond = area_m2(&rectangle(116.005, 35.002, 116.006, 35.003));
    assert!((report.gaps[0].area_m2 / pond - 1.0).abs() < 1e-4);
}

/// West and east of land that they enclose though they share no edge: the rim touches itself at one end of it, or at both.
#[test]
fn land_between_points_where_faces_meet_is_a_gap() {
    let west = rectangle(116.002, 35.002, 116.008, 35.012);
    let bent = |top: f64| -> Polygon<f64> {
        polygon![(x: 116.011, y: 35.006), (x: 116.008, y: 35.002), (x: 116.014, y: 35.002),
            (x: 116.014, y: 35.012), (x: 116.008, y: top)]
    };
    let between: Polygon<f64> =
        polygon![(x: 116.008, y: 35.002), (x: 116.011, y: 35.006), (x: 116.008, y: 35.012)];
    // In two corners; in a corner and in the middle of an edge; not quite.
    for (top, share) in [(35.012, Some(1.0)), (35.010, Some(0.8)), (35.0121, None)] {
        let mut east = bent(top);
        if share.is_none() {
            east.exterior_mut(|ring| ring.0[4].x = 116.0081);
        }
        let report = check(&raw(&[(1, west.clone()), (2, east.clone())]), &CheckOptions::default());
        assert_eq!(report.gaps.len(), usize::from(share.is_some()), "{top}");
        assert!(report.overlaps.is_empty());
        if let Some(share) = share {
            let gap = &report.gaps[0];
            assert_eq!(gap.faces, [FaceId(1), FaceId(2)]);
            assert!((gap.area_m2 / area_m2(&between) / share - 1.0).abs() < 1e-4, "{} m²", gap.area_m2);
            assert!(gap.at.x > 116.008 && gap.bbox.max().x < 116.0111);
        }
    }
    // Three faces around a court that is open in one point only.
    let court = [
        (1, rectangle(116.0, 35.0, 116.03, 35.01)),
        (2, rectangle(116.0, 35.01, 116.01, 35.02)),
        (
            3,
            polygon![(x: 116.02, y: 35.01), (x: 116.03, y: 35.01), (x: 116.03, y: 35.03), (x: 116.01, y: 35.02)],
        ),
    ];
    let report = check(&raw(&court), &CheckOptions::default());
    assert_eq!(report.gaps.len(), 1);
    assert_eq!(report.gaps[0].faces, [FaceId(1), FaceId(2), FaceId(3)]);
}

#[test]
fn a_face_inside_a_gap_is_no_part_of_it() {
    let mut ring = rectangle(116.0, 35.0, 116.02, 35.01);
    let pond = rectangle(116.005, 35.002, 116.009, 35.006);
    let island = rectangle(116.006, 35.003, 116.008, 35.005);
    ring.interiors_push(pond.exterior().clone());
    let report = check(&raw(&[(4, ring), (5, island.clone())]), &CheckOptions::default());
    assert_eq!(report.gaps.len(), 1);
    assert_eq!(report.gaps[0].faces, [FaceId(4), FaceId(5)]);
    let water = area_m2(&pond) - area_m2(&island);
    assert!((report.gaps[0].area_m2 / water - 1.0).abs() < 1e-4);
}

#[test]
fn a_face_inside_another_overlaps_it() {
    let report = check(
        &raw(&[(1, rectangle(116.0, 35.0, 116.02, 35.01)), (2, rectangle(116.005, 35.002, 116.006, 35.003))]),
        &CheckOptions::default(),
    );
    assert_eq!(report.overlaps.len(), 1);
    let twins =
        raw(&[(1, rectangle(116.0, 35.0, 116.02, 35.01)), (2, rectangle(116.0, 35.0, 116.02, 35.01))]);
    assert_eq!(check(&twins, &CheckOptions::default()).overlaps.len(), 1);
}

#[test]
fn new_faces_are_held_against_neighbours_and_outline() {
    let outline = outline();
    let neighbours = [(FaceId(90), MultiPolygon::from(rectangle(116.02, 35.0, 116.03, 35.01)))];
    let options =
        CheckOptions { outline: Some(&outline), neighbours: &neighbours, ..CheckOptions::default() };
    let fitting = raw(&[(1, rectangle(116.0, 35.0, 116.02, 35.01))]);
    assert!(check(&fitting, &options).is_seamless());
    let reaching = raw(&[(1, rectangle(116.0, 35.0, 116.021, 35.01))]);
    let report = check(&reaching, &options);
    assert_eq!(report.overlaps[0].faces, [FaceId(1), FaceId(90)]);
    assert_eq!(report.outside[0].faces, [FaceId(1)]);
    assert!(report.gaps.is_empty());
}

#[test]
fn a_defective_face_is_reported_and_left_out() {
    let bow =
        polygon![(x: 116.0, y: 35.0), (x: 116.01, y: 35.01), (x: 116.01, y: 35.0), (x: 116.0, y: 35.01)];
    let report =
        check(&raw(&[(1, bow), (2, rectangle(116.01, 35.0, 116.02, 35.01))]), &CheckOptions::default());
    assert_eq!(report.defects.len(), 1);
    assert_eq!(report.defects[0].face, FaceId(1));
    assert!(!report.is_seamless());
}

#[test]
fn the_reference_coverages_are_seamless() {
    for faces in [reference::village_faces(), reference::street_faces()] {
        let raw: Vec<RawFace> = faces.iter().map(|(id, f)| RawFace::from((*id, f))).collect();
        let report = check(&raw, &CheckOptions::default());
        assert_eq!(report, CoverageReport::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_sound_coverage_is_seamless(seed: u64, columns in 1_i64..5, rows in 1_i64..5, vertices in 0_i64..20) {
        let faces = jagged::coverage(seed, columns, rows, vertices);
        let raw: Vec<RawFace> = faces.iter().map(|(id, f)| RawFace::from((*id, f))).collect();
        let whole = unary_union(faces.iter().map(|(_, f)| f));
        let report = check(&raw, &CheckOptions { outline: Some(&whole), ..CheckOptions::default() });
        prop_assert!(report.is_seamless(), "{report:?}");
        prop_assert_eq!(report.unmatched.len(), 0);
    }

    /// Faces taken out of a lattice leave gaps wherever one cannot walk out over common edges: many of them touch each other,
    /// or the rim, in corners.
    #[test]
    fn faces_taken_out_leave_gaps(seed: u64, columns in 3_u32..7, rows in 3_u32..7, out: u64) {
        let faces = jagged::coverage(seed, columns.into(), rows.into(), 4);
        let (columns, rows) = (columns as usize, rows as usize);
        let is_out = |cell: usize| out >> (cell % 64) & 1 == 1;
        let beside = |cell: usize| {
            let (i, j) = (cell % columns, cell / columns);
            let west = (i > 0).then(|| cell - 1);
            let south = (j > 0).then(|| cell - columns);
            let (east, north) = ((i + 1 < columns).then_some(cell + 1), (j + 1 < rows).then_some(cell + columns));
            [west, south, east, north]
        };
        // By the lattice alone.
        let mut expected = Vec::new();
        let mut seen = vec![false; faces.len()];
        for first in (0..faces.len()).filter(|&cell| is_out(cell)) {
            let (mut area, mut around, mut is_open, mut next) = (0.0, Vec::new(), false, vec![first]);
            while let Some(cell) = next.pop() {
                if std::mem::replace(&mut seen[cell], true) {
                    continue;
                }
                area += multi_area_m2(&faces[cell].1);
                for other in beside(cell) {
                    match other {
                        None => is_open = true,
                        Some(other) if is_out(other) => next.push(other),
                        Some(other) => around.push(FaceId(other as u32)),
                    }
                }
            }
            around.sort_unstable();
            around.dedup();
            if area > 0.0 && !is_open {
                expected.push((area, around));
            }
        }
        expected.sort_by(|a, b| b.0.total_cmp(&a.0));
        let kept: Vec<RawFace> = (0..).zip(&faces).filter(|&(cell, _)| !is_out(cell)).map(|(_, (id, f))| RawFace::from((*id, f))).collect();
        let report = check(&kept, &CheckOptions::default());
        prop_assert_eq!(report.gaps.len(), expected.len(), "{:?}", expected);
        for (gap, (area, around)) in report.gaps.iter().zip(expected) {
            prop_assert!((gap.area_m2 / area - 1.0).abs() < 1e-5);
            prop_assert_eq!(&gap.faces, &around);
        }
    }

    /// Moving one inner vertex of one face opens a gap or an overlap, or both, of a known total area.
    #[test]
    fn a_torn_seam_is_found(seed: u64, dx in 0.0001..0.002, dy in 0.0001..0.002) {
        let mut faces = jagged::coverage(seed, 3, 3, 6);
        let whole = unary_union(faces.iter().map(|(_, f)| f));
        let victim = faces[4].1.0[0].clone();
        let mut ring = victim.exterior().0.clone();
        ring[1].x += dx;
        ring[1].y += dy;
        let torn = Polygon::new(LineString(ring), vec![]);
        let torn = MultiPolygon::from(torn);
        prop_assume!(defects(&RawFace::from((FaceId(4), &torn)), None).is_empty());
        let lost = multi_area_m2(&victim.difference(&torn));
        let won = multi_area_m2(&torn.difference(&victim));
        faces[4].1 = torn;
        let raw: Vec<RawFace> = faces.iter().map(|(id, f)| RawFace::from((*id, f))).collect();
        let report = check(&raw, &CheckOptions { outline: Some(&whole), ..CheckOptions::default() });
        let sum = |flaws: &[Flaw]| flaws.iter().map(|f| f.area_m2).sum::<f64>();
        prop_assert!((sum(&report.gaps) - lost).abs() < 0.01 + 1e-5 * lost);
        prop_assert!((sum(&report.overlaps) - won).abs() < 0.01 + 1e-5 * won);
        prop_assert!(report.gaps.iter().chain(&report.overlaps).all(|f| f.faces.contains(&FaceId(4))));
        prop_assert!(!report.is_seamless());
    }
}
