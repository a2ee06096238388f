//! One owner per point: against integers, against the reference answers, and against geodesics.

use geo::polygon;
use proptest::prelude::*;

use super::*;
use crate::kernel::geometry::half_open::{self, Side};
use crate::kernel::geometry::measure::{self, LocalPlane};
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

/// Points on edges and a few roundings off them, on the corners and sides of cells, and anywhere.
fn awkward_points(index: &GridIndex, faces: &[(FaceId, MultiPolygon<f64>)], seed: u64) -> Vec<Wgs84> {
    let mut random = jagged::Random(seed);
    let mut points = Vec::new();
    for line in faces.iter().flat_map(|(_, f)| f.iter()).flat_map(|p| p.exterior().lines()) {
        let t = random.between(0, 16) as f64 / 16.0;
        let (x, y) = (line.start.x + t * line.dx(), line.start.y + t * line.dy());
        let off =
            |random: &mut jagged::Random| [0.0, 1e-14, 1e-13, 1e-11, 1e-9][random.between(0, 4) as usize];
        let signed = |random: &mut jagged::Random| off(random) * (random.between(0, 1) * 2 - 1) as f64;
        points.push((x + signed(&mut random), y + signed(&mut random)));
        points.push((x, y));
    }
    let cells = &index.cells;
    for _ in 0..400 {
        let column = random.between(0, i64::from(cells.columns)) as f64;
        let row = random.between(0, i64::from(cells.rows)) as f64;
        let (u, v) = (random.between(0, 8) as f64 / 8.0, random.between(0, 8) as f64 / 8.0);
        points.push((cells.origin.x + (column + u) * cells.size, cells.origin.y + (row + v) * cells.size));
    }
    points.into_iter().map(|(x, y)| Wgs84::new(x, y).unwrap()).collect()
}

type Edge = (Coord<f64>, Coord<f64>);

/// The rule by itself: every edge of every face, by exact predicates.
fn exact(faces: &[(FaceId, MultiPolygon<f64>)], p: Coord<f64>) -> Option<FaceId> {
    let edges = |face: &MultiPolygon<f64>| -> Vec<Edge> {
        let rings = face.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        let all: Vec<Edge> =
            rings.flat_map(geo::LineString::lines).map(|line| (line.start, line.end)).collect();
        // There and back again is no boundary.
        let is_odd =
            |&&(a, b): &&Edge| all.iter().filter(|&&edge| edge == (a, b) || edge == (b, a)).count() % 2 == 1;
        all.iter().filter(is_odd).copied().collect()
    };
    let lowest = |test: &dyn Fn(&[Edge]) -> bool| {
        faces.iter().filter(|(_, face)| test(&edges(face))).map(|(id, _)| *id).min()
    };
    let owns = |edges: &[Edge]| {
        edges.iter().filter(|(a, b)| half_open::side(*a, *b, p) == Side::Crossed).count() % 2 == 1
    };
    lowest(&owns).or_else(|| lowest(&|edges| edges.iter().any(|(a, b)| half_open::on_segment(*a, *b, p))))
}

fn check_cells(faces: &[(FaceId, MultiPolygon<f64>)], seed: u64) -> Result<(), TestCaseError> {
    let index = GridIndex::build(faces.iter().cloned()).unwrap();
    let points = awkward_points(&index, faces, seed);
    let all = index.locate_all(&points);
    for (&place, got) in points.iter().zip(all) {
        let exact = exact(faces, place.into());
        prop_assert_eq!(got, exact, "{}", place);
        prop_assert_eq!(index.locate(place), exact, "{}", place);
    }
    Ok(())
}

/// In a fan, more faces meet in a cell than a word has bits, and no cell is small enough to part them.
#[test]
fn any_number_of_faces_can_meet_in_a_point() {
    let hub = Coord { x: 100.0, y: 30.0 };
    let spokes = 150;
    let rim = |i: i32| {
        let angle = f64::from(i % spokes) / f64::from(spokes) * std::f64::consts::TAU;
        Coord { x: 100.0 + angle.cos(), y: 30.0 + angle.sin() }
    };
    let faces: Vec<_> = (0..spokes)
        .map(|i| {
            let ring = geo::LineString(vec![hub, rim(i), rim(i + 1), hub]);
            (FaceId(i as u32), MultiPolygon::from(geo::Polygon::new(ring, vec![])))
        })
        .collect();
    check_cells(&faces, 3).unwrap();
    let index = GridIndex::build(faces.clone()).unwrap();
    for i in 0..400 {
        let near =
            Wgs84::new(hub.x + f64::from(i - 200) * 1e-9, hub.y + f64::from(i % 7 - 3) * 1e-10).unwrap();
        assert_eq!(index.locate(near), exact(&faces, near.into()), "{near}");
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let build = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| GridIndex::build(reference::street_faces()).unwrap().save(b""))
    };
    assert!(build(1) == build(4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

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
                f.0[0].exterior().lines().any(|l| half_open::on_segment(l.start, l.end, p))
            });
            let expected = owners.first().copied().or_else(|| touching.map(|(id, _)| *id).min());
            prop_assert_eq!(index.locate(place), expected, "{}", place);
        }
    }

    /// The cells only make it quick: whatever they are sure of is what the exact predicates say, and most is sure.
    #[test]
    fn cells_agree_with_the_exact_rule(seed: u64, columns in 1_i64..5, rows in 1_i64..5, vertices in 0_i64..12) {
        let faces = jagged::coverage(seed, columns, rows, vertices);
        check_cells(&faces, seed)?;
    }

    /// So it is for faces that overlap, cross themselves, and run along parallels and meridians.
    #[test]
    fn cells_agree_with_the_exact_rule_on_nonsense(seed: u64, count in 1_u32..12, corners in 3..9, step in 1_i64..40) {
        let mut random = jagged::Random(seed);
        let faces: Vec<_> = (0..count)
            .map(|id| {
                let mut corner = || jagged::degrees((random.between(0, 12) * step, random.between(0, 12) * step));
                let ring: geo::LineString<f64> = (0..corners).map(|_| corner()).collect();
                (FaceId(id), MultiPolygon::from(geo::Polygon::new(ring, vec![])))
            })
            .collect();
        prop_assume!(GridIndex::build(faces.clone()).is_ok());
        check_cells(&faces, seed)?;
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
