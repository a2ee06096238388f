//! Edits keep a partition seamless, refuse what would not, and can be taken back to the last byte.

use geo::{BoundingRect, polygon, unary_union};
use proptest::prelude::*;

use super::super::edit::Edit;
use super::super::patch::EditError;
use super::*;
use crate::kernel::geometry::jagged::{self, Random};
use crate::kernel::geometry::measure::multi_area_m2;
use crate::kernel::geometry::{Wgs84, reference};

type Faces = Vec<(FaceId, MultiPolygon<f64>)>;

fn raw(faces: &Faces) -> Vec<RawFace> {
    faces.iter().map(|(id, f)| RawFace::from((*id, f))).collect()
}

fn build(faces: &Faces, rim: Rim) -> Coverage {
    Coverage::build(&raw(faces), &CheckOptions::default(), rim).unwrap().coverage
}

/// A face's number and the bits of its rings.
type Bytes = (FaceId, Vec<Vec<(u64, u64)>>);

fn bytes(faces: impl Iterator<Item = (FaceId, MultiPolygon<f64>)>) -> Vec<Bytes> {
    faces
        .map(|(id, f)| {
            let lines = f.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
            (id, lines.map(|l| l.0.iter().map(|c| (c.x.to_bits(), c.y.to_bits())).collect()).collect())
        })
        .collect()
}

fn at(x: f64, y: f64) -> Wgs84 {
    Wgs84::new(x, y).unwrap()
}

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)].into()
}

/// Two faces of 0.01° side by side from (116°, 35°).
fn halves(rim: Rim) -> Coverage {
    let west = (FaceId(1), rectangle(116.0, 35.0, 116.01, 35.01));
    build(&vec![west, (FaceId(2), rectangle(116.01, 35.0, 116.02, 35.01))], rim)
}

fn area(coverage: &Coverage, id: u32) -> f64 {
    multi_area_m2(&coverage.face(FaceId(id)).unwrap())
}

/// The area in square metres of which no edit may lose or win any.
fn whole(coverage: &Coverage) -> f64 {
    coverage.faces().map(|(_, f)| multi_area_m2(&f)).sum()
}

#[test]
fn faces_come_out_as_they_went_in() {
    for faces in [reference::village_faces(), reference::street_faces(), jagged::coverage(5, 4, 3, 9)] {
        let coverage = build(&faces, Rim::Fixed);
        assert_eq!(bytes(coverage.faces()), bytes(faces.into_iter()));
    }
    // Whatever the direction of their rings.
    let mut faces = jagged::coverage(6, 2, 2, 5);
    faces[1].1.0[0].exterior_mut(|ring| ring.0.reverse());
    assert_eq!(bytes(build(&faces, Rim::Fixed).faces()), bytes(faces.into_iter()));
}

#[test]
fn arcs_run_between_nodes() {
    let coverage = halves(Rim::Fixed);
    let arcs = coverage.arcs();
    assert_eq!(arcs.len(), 3);
    assert_eq!(arcs.iter().filter(|a| a.right.is_none()).count(), 2);
    let seam = arcs.iter().find(|a| a.right.is_some()).unwrap();
    assert_eq!(seam.vertices.len(), 2);
    let alone = build(&vec![(FaceId(1), rectangle(116.0, 35.0, 116.01, 35.01))], Rim::Fixed);
    assert_eq!(alone.arcs().len(), 1);
    assert_eq!(alone.arcs()[0].vertices.len(), 5);
}

#[test]
fn refuses_what_is_not_seamless() {
    let faces = vec![
        (FaceId(1), rectangle(116.0, 35.0, 116.011, 35.01)),
        (FaceId(2), rectangle(116.01, 35.0, 116.02, 35.01)),
    ];
    let report = Coverage::build(&raw(&faces), &CheckOptions::default(), Rim::Fixed).unwrap_err();
    assert_eq!(report.overlaps.len(), 1);
}

#[test]
fn a_moved_vertex_moves_for_both_faces() {
    let mut coverage = halves(Rim::Fixed);
    let before = whole(&coverage);
    coverage.edit(&Edit::InsertVertex { at: at(116.01, 35.005) }).unwrap();
    coverage.edit(&Edit::MoveVertex { at: at(116.01, 35.005), to: at(116.012, 35.005) }).unwrap();
    assert!(area(&coverage, 1) > area(&coverage, 2));
    assert!((whole(&coverage) - before).abs() < 1e-3);
    let moved = coverage.vertex_near(at(116.012, 35.005).into(), 0.01).unwrap();
    for id in [1, 2] {
        assert!(coverage.face(FaceId(id)).unwrap().0[0].exterior().0.contains(&coverage.place(moved)));
    }
    coverage.edit(&Edit::RemoveVertex { at: at(116.012, 35.005) }).unwrap();
    assert!((area(&coverage, 1) / area(&coverage, 2) - 1.0).abs() < 1e-6);
}

#[test]
fn refuses_to_cross_borders() {
    let mut coverage = halves(Rim::Fixed);
    coverage.edit(&Edit::InsertVertex { at: at(116.01, 35.005) }).unwrap();
    let before = bytes(coverage.faces());
    let refusal = coverage.edit(&Edit::MoveVertex { at: at(116.01, 35.005), to: at(116.03, 35.005) });
    assert!(matches!(refusal, Err(EditError::Crossing(_) | EditError::Unsound { .. })), "{refusal:?}");
    assert_eq!(bytes(coverage.faces()), before);
}

#[test]
fn a_fixed_rim_stays_and_a_free_one_moves() {
    let corner = Edit::MoveVertex { at: at(116.0, 35.0), to: at(115.999, 35.0) };
    let mut fixed = halves(Rim::Fixed);
    assert!(matches!(fixed.edit(&corner), Err(EditError::Rim(_))));
    assert!(matches!(fixed.edit(&Edit::RemoveVertex { at: at(116.0, 35.0) }), Err(EditError::Rim(_))));
    fixed.edit(&Edit::InsertVertex { at: at(116.0, 35.004) }).unwrap();
    fixed.edit(&Edit::RemoveVertex { at: at(116.0, 35.004) }).unwrap();
    let mut free = halves(Rim::Free);
    free.edit(&corner).unwrap();
    assert!(area(&free, 1) > area(&free, 2));
}

/// Two faces that meet in one point: moving it along the rim of the one would move the rim of the other, though each end of
/// every edge stays on a rim that was there.
#[test]
fn a_fixed_rim_stays_where_it_touches_itself() {
    let west = rectangle(116.002, 35.002, 116.008, 35.012);
    let east = polygon![(x: 116.011, y: 35.006), (x: 116.008, y: 35.002), (x: 116.014, y: 35.002),
        (x: 116.014, y: 35.012)];
    let mut coverage = build(&vec![(FaceId(1), west), (FaceId(2), east.into())], Rim::Fixed);
    let before = bytes(coverage.faces());
    for to in [at(116.008, 35.003), at(116.007, 35.002), at(116.009, 35.002), at(116.00875, 35.003)] {
        let along = Edit::MoveVertex { at: at(116.008, 35.002), to };
        assert!(matches!(coverage.edit(&along), Err(EditError::Rim(_))));
        assert_eq!(bytes(coverage.faces()), before);
    }
}

/// The input of the fuzzer that found it was built once: a gap that is open in no more than points.
#[test]
fn land_enclosed_between_points_is_refused() {
    let west = rectangle(116.002, 35.002, 116.008, 35.012);
    let east = polygon![(x: 116.011, y: 35.006), (x: 116.008, y: 35.002), (x: 116.014, y: 35.002),
        (x: 116.014, y: 35.012), (x: 116.008, y: 35.012)];
    let faces = vec![(FaceId(1), west), (FaceId(2), east.into())];
    let report = Coverage::build(&raw(&faces), &CheckOptions::default(), Rim::Fixed).unwrap_err();
    assert_eq!((report.gaps.len(), report.overlaps.len()), (1, 0));
}

#[test]
fn nodes_cannot_be_removed() {
    let mut coverage = halves(Rim::Free);
    let refusal = coverage.edit(&Edit::RemoveVertex { at: at(116.01, 35.0) });
    assert!(matches!(refusal, Err(EditError::Node(_))));
    let nothing = coverage.edit(&Edit::RemoveVertex { at: at(116.005, 35.005) });
    assert!(matches!(nothing, Err(EditError::NoVertex(_))));
}

#[test]
fn a_face_is_split_and_merged_again() {
    let mut coverage = halves(Rim::Fixed);
    let (west, before) = (area(&coverage, 1), whole(&coverage));
    // From outside to the seam, with a bend.
    let line = vec![at(115.999, 35.003), at(116.005, 35.004), at(116.01, 35.003)];
    coverage.edit(&Edit::Split { face: FaceId(1), line: line.clone(), new: FaceId(9) }).unwrap();
    assert!(area(&coverage, 9) < area(&coverage, 1));
    assert!((area(&coverage, 1) + area(&coverage, 9) - west).abs() < 1e-3);
    assert!((whole(&coverage) - before).abs() < 1e-3);
    assert_eq!(coverage.arcs().len(), 6, "four nodes of three arcs each");
    let again = coverage.edit(&Edit::Split { face: FaceId(1), line, new: FaceId(9) });
    assert_eq!(again.unwrap_err(), EditError::FaceExists(FaceId(9)));
    coverage.edit(&Edit::Merge { keep: FaceId(1), absorb: FaceId(9) }).unwrap();
    assert_eq!(coverage.face_ids().collect::<Vec<_>>(), [FaceId(1), FaceId(2)]);
    assert!((area(&coverage, 1) - west).abs() < 1e-3);
}

#[test]
fn a_line_must_divide() {
    let mut coverage = halves(Rim::Fixed);
    let mut split = |line: Vec<Wgs84>| coverage.edit(&Edit::Split { face: FaceId(1), line, new: FaceId(9) });
    let inside = vec![at(116.002, 35.002), at(116.008, 35.008)];
    assert_eq!(split(inside).unwrap_err(), EditError::NoDivision(FaceId(1)));
    let one_end = vec![at(115.999, 35.002), at(116.008, 35.008)];
    assert_eq!(split(one_end).unwrap_err(), EditError::NoDivision(FaceId(1)));
    assert_eq!(split(vec![]).unwrap_err(), EditError::NoDivision(FaceId(1)));
}

#[test]
fn a_block_is_handed_over() {
    let mut coverage = halves(Rim::Fixed);
    let before = whole(&coverage);
    let corners = [(116.008, 35.002), (116.008, 35.006), (116.012, 35.006), (116.012, 35.002)];
    for turn in [false, true] {
        let mut block: Vec<Wgs84> = corners.iter().map(|&(x, y)| at(x, y)).collect();
        if turn {
            block.reverse();
        }
        let edit = Edit::HandOver { from: FaceId(1), to: FaceId(2), block };
        let untouched = bytes(coverage.faces());
        let undo = coverage.edit(&edit).unwrap();
        let block_m2 = multi_area_m2(&rectangle(116.008, 35.002, 116.01, 35.006));
        assert!((area(&coverage, 2) - area(&coverage, 1) - 2.0 * block_m2).abs() < 0.01);
        assert!((whole(&coverage) - before).abs() < 1e-3);
        coverage.undo(undo).unwrap();
        assert_eq!(bytes(coverage.faces()), untouched);
    }
    let far = [(116.002, 35.002), (116.004, 35.002), (116.004, 35.006), (116.002, 35.006)];
    let block = far.iter().map(|&(x, y)| at(x, y)).collect();
    let refusal = coverage.edit(&Edit::HandOver { from: FaceId(1), to: FaceId(2), block });
    assert_eq!(refusal.unwrap_err(), EditError::NotAdjacent(FaceId(1), FaceId(2)));
    let across = [(115.99, 35.004), (116.02, 35.004), (116.02, 35.006), (115.99, 35.006)];
    let block = across.iter().map(|&(x, y)| at(x, y)).collect();
    let refusal = coverage.edit(&Edit::HandOver { from: FaceId(1), to: FaceId(2), block });
    assert_eq!(refusal.unwrap_err(), EditError::FallsApart(FaceId(1)));
}

#[test]
fn merging_around_a_face_leaves_a_hole_for_it() {
    let mut ring = rectangle(116.0, 35.0, 116.01, 35.01);
    ring.0[0].interiors_push(rectangle(116.004, 35.004, 116.006, 35.006).0[0].exterior().clone());
    let faces = vec![(FaceId(1), ring), (FaceId(2), rectangle(116.004, 35.004, 116.006, 35.006))];
    let mut coverage = build(&faces, Rim::Fixed);
    let before = whole(&coverage);
    let line = vec![at(115.99, 35.005), at(116.02, 35.005)];
    let undivided = coverage.edit(&Edit::Split { face: FaceId(2), line: line.clone(), new: FaceId(3) });
    undivided.unwrap();
    coverage.edit(&Edit::Split { face: FaceId(1), line, new: FaceId(4) }).unwrap();
    assert!((whole(&coverage) - before).abs() < 1e-3);
    coverage.edit(&Edit::Merge { keep: FaceId(1), absorb: FaceId(4) }).unwrap();
    assert_eq!(coverage.face(FaceId(1)).unwrap().0[0].interiors().len(), 1);
    coverage.edit(&Edit::Merge { keep: FaceId(3), absorb: FaceId(2) }).unwrap();
    coverage.edit(&Edit::Merge { keep: FaceId(1), absorb: FaceId(3) }).unwrap();
    assert_eq!(coverage.face(FaceId(1)).unwrap().0[0].interiors().len(), 0);
    assert!((whole(&coverage) - before).abs() < 1e-3);
}

fn random_edit(coverage: &Coverage, random: &mut Random, new: FaceId) -> Edit {
    let ids: Vec<FaceId> = coverage.face_ids().collect();
    let mut pick = |n: usize| (random.next() % n as u64) as usize;
    let (face, other) = (ids[pick(ids.len())], ids[pick(ids.len())]);
    let ring = coverage.face(face).unwrap().0[0].exterior().0.clone();
    let edge = pick(ring.len() - 1);
    let (corner, next) = (ring[edge], ring[edge + 1]);
    let bounds = coverage.face(face).unwrap().bounding_rect().unwrap();
    let mut somewhere = || {
        let (dx, dy) = (random.between(-20, 120) as f64 / 100.0, random.between(-20, 120) as f64 / 100.0);
        at(bounds.min().x + dx * bounds.width(), bounds.min().y + dy * bounds.height())
    };
    let (p, q, r) = (somewhere(), somewhere(), somewhere());
    let corner_place = at(corner.x, corner.y);
    let middle = at(f64::midpoint(corner.x, next.x), f64::midpoint(corner.y, next.y));
    let near =
        |p: Wgs84, by: f64| at(corner.x + by * (p.lon() - corner.x), corner.y + by * (p.lat() - corner.y));
    match random.between(0, 10) {
        10 => Edit::MoveArc { at: middle, by: (0.1 * (p.lon() - corner.x), 0.1 * (p.lat() - corner.y)) },
        0..=2 => Edit::MoveVertex { at: corner_place, to: near(p, 0.1) },
        3 => Edit::InsertVertex { at: middle },
        4 => Edit::RemoveVertex { at: corner_place },
        5 | 6 => Edit::Split { face, line: vec![p, q, r], new },
        7 => Edit::Merge { keep: face, absorb: other },
        _ => Edit::HandOver { from: face, to: other, block: vec![near(p, 0.3), near(q, 0.3), near(r, 0.3)] },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Random edits, most of them rude: what is accepted leaves a seamless partition of the same land, what is refused
    /// leaves no trace, and taking everything back leaves no trace either.
    #[test]
    fn edits_keep_the_partition_and_can_be_taken_back(seed: u64, columns in 1_i64..4, rows in 1_i64..4) {
        let faces = jagged::coverage(seed, columns, rows, 5);
        let mut coverage = build(&faces, Rim::Fixed);
        let outline = unary_union(faces.iter().map(|(_, f)| f));
        let land = whole(&coverage);
        let mut random = Random(seed);
        let mut undo = Vec::new();
        for step in 0..40 {
            let before = bytes(coverage.faces());
            let edit = random_edit(&coverage, &mut random, FaceId(1000 + step));
            if let Ok(patch) = coverage.edit(&edit) {
                undo.push((before, patch));
                prop_assert!((whole(&coverage) / land - 1.0).abs() < 1e-9, "{edit:?}");
            } else {
                prop_assert_eq!(bytes(coverage.faces()), before, "{:?}", edit);
            }
        }
        let now: Faces = coverage.faces().collect();
        let options = CheckOptions { outline: Some(&outline), tolerance_m: 0.001, ..CheckOptions::default() };
        let report = super::super::check(&raw(&now), &options);
        prop_assert!(report.is_seamless(), "{report:?}");
        prop_assert_eq!(report.snapped_vertices, 0);
        while let Some((before, patch)) = undo.pop() {
            coverage.undo(patch).unwrap();
            prop_assert_eq!(bytes(coverage.faces()), before);
        }
        prop_assert_eq!(bytes(coverage.faces()), bytes(faces.into_iter()));
    }
}

#[test]
fn a_whole_border_moves_between_its_nodes() {
    let mut coverage = halves(Rim::Fixed);
    let before = whole(&coverage);
    // The border runs straight: it gets a vertex where it was taken hold of.
    coverage.edit(&Edit::MoveArc { at: at(116.01, 35.004), by: (0.002, 0.0) }).unwrap();
    assert!(coverage.vertex_near(at(116.012, 35.004).into(), 0.01).is_some());
    coverage.edit(&Edit::InsertVertex { at: at(116.011, 35.002) }).unwrap();
    let undo = coverage.edit(&Edit::MoveArc { at: at(116.012, 35.004), by: (0.001, 0.001) }).unwrap();
    for moved in [at(116.013, 35.005), at(116.012, 35.003)] {
        assert!(coverage.vertex_near(moved.into(), 0.01).is_some(), "{moved:?}");
    }
    assert!((whole(&coverage) - before).abs() < 1e-3);
    // Not across the rim, nor the rim itself.
    let refused = coverage.edit(&Edit::MoveArc { at: at(116.012, 35.003), by: (0.02, 0.0) });
    let is_crossing = matches!(refused, Err(EditError::Crossing(_) | EditError::Unsound { .. }));
    assert!(is_crossing, "{refused:?}");
    let refused = coverage.edit(&Edit::MoveArc { at: at(116.005, 35.0), by: (0.0, 0.001) });
    assert!(matches!(refused, Err(EditError::Rim(_))), "{refused:?}");
    coverage.undo(undo).unwrap();
    assert!(coverage.vertex_near(at(116.012, 35.004).into(), 0.01).is_some());
}
