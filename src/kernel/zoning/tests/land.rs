//! Land is divided without gap or overlap, and no unit is cut.

use std::collections::HashMap;

use geo::{Coord, LineString, MultiPolygon};
use proptest::prelude::*;

use super::*;
use crate::kernel::geometry::half_open::orientation;
use crate::kernel::geometry::measure::multi_area_m2;
use crate::kernel::zoning::draw;

fn key(c: Coord<f64>) -> (u64, u64) {
    (c.x.to_bits(), c.y.to_bits())
}

fn edges(polygons: &MultiPolygon<f64>) -> Vec<(Coord<f64>, Coord<f64>)> {
    let rings = polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    rings.flat_map(LineString::lines).map(|l| (l.start, l.end)).collect()
}

/// Checks that every edge is used once in each direction, bit for bit, but for those of one rim, and that the zones'
/// areas add up to what the rim encloses. Returns the rim's edges.
fn assert_seamless(zones: &[MultiPolygon<f64>]) -> Vec<(Coord<f64>, Coord<f64>)> {
    let mut directed = HashMap::new();
    for (a, b) in zones.iter().flat_map(edges) {
        assert_eq!(
            directed.insert((key(a), key(b)), (a, b)),
            None,
            "an edge is on the same side of two zones"
        );
    }
    let rim: Vec<_> =
        directed.iter().filter(|((a, b), _)| !directed.contains_key(&(*b, *a))).map(|(_, e)| *e).collect();
    // The rim closes: as many of its edges enter each of its vertices as leave it.
    let mut balance: HashMap<(u64, u64), i32> = HashMap::new();
    for (a, b) in &rim {
        *balance.entry(key(*a)).or_default() += 1;
        *balance.entry(key(*b)).or_default() -= 1;
    }
    assert!(balance.values().all(|b| *b == 0));
    let ring: f64 =
        rim.iter().map(|(a, b)| (a.x - 116.3) * (b.y - 35.06) - (b.x - 116.3) * (a.y - 35.06)).sum();
    let plane = crate::kernel::geometry::measure::LocalPlane::at_latitude(35.06).metres_per_degree();
    let enclosed = ring / 2.0 * plane.0 * plane.1;
    let total: f64 = zones.iter().map(multi_area_m2).sum();
    assert!((enclosed / total - 1.0).abs() < 1e-3, "{enclosed} {total}");
    rim
}

/// Checks that no edge of a zone crosses one of a unit, and that every unit is in its zone.
fn assert_whole(shapes: &[Shape], zone: &[u32], zones: &[MultiPolygon<f64>]) {
    let borders: Vec<_> = zones.iter().flat_map(edges).collect();
    for (shape, &z) in shapes.iter().zip(zone) {
        match shape {
            Shape::Point(c) => assert!(winding(&zones[z as usize], *c)),
            Shape::Polygons(polygons) => {
                for (a, b) in edges(polygons) {
                    for &(c, d) in &borders {
                        let across = orientation(a, b, c) * orientation(a, b, d) < 0.0
                            && orientation(c, d, a) * orientation(c, d, b) < 0.0;
                        assert!(!across, "a border crosses a unit");
                    }
                }
                let ring = &polygons.0[0].exterior().0;
                let middle =
                    Coord { x: f64::midpoint(ring[0].x, ring[2].x), y: f64::midpoint(ring[0].y, ring[2].y) };
                assert!(winding(&zones[z as usize], middle), "a unit is outside of its zone");
            }
        }
    }
}

fn winding(polygons: &MultiPolygon<f64>, p: Coord<f64>) -> bool {
    let crossed = |(a, b): &(Coord<f64>, Coord<f64>)| {
        (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
    };
    edges(polygons).iter().filter(|e| crossed(e)).count() % 2 == 1
}

/// Zones of scattered houses on both sides of a road, drawn and checked.
fn check_scattered(seed: u64, count: usize, k: usize) {
    let shapes = scattered(count, seed);
    let roads = vec![LineString(vec![at(-50.0, 140.3), at(350.0, 151.7)])];
    let ground = Ground::lay(&shapes, &Setting { roads: &roads, ..Setting::default() }).unwrap();
    let load = burdens(count, seed);
    let found = search(&ground, &wanted(&load, k, 0.1), seed, 2_000);
    for proposal in &found.proposals {
        let zones = draw(&ground, &proposal.zone, k);
        assert_seamless(&zones);
        assert_whole(&shapes, &proposal.zone, &zones);
        assert!(zones.iter().all(|z| z.0.len() == 1));
    }
}

/// Here the rim's vertices are not quite in line, and triangles without width lie between them and their hull.
#[test]
fn slivers_along_the_rim_do_not_tear_it() {
    check_scattered(6_945_211_959_957_536_984, 58, 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn zones_of_scattered_houses_are_seamless_and_cut_no_house(seed in any::<u64>(), count in 4_usize..60, k in 1_usize..4) {
        check_scattered(seed, count, k);
    }

    #[test]
    fn every_unit_alone_has_its_land(seed in any::<u64>(), count in 2_usize..40) {
        let shapes = scattered(count, seed);
        let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
        prop_assert_eq!(ground.sites(), count);
        let zone: Vec<u32> = ground.site.clone();
        let zones = draw(&ground, &zone, count);
        assert_seamless(&zones);
        assert_whole(&shapes, &zone, &zones);
    }

    #[test]
    fn zones_of_parcels_are_exactly_the_union_of_theirs(columns in 2_usize..8, rows in 2_usize..8, seed in any::<u64>()) {
        let shapes = parcels(columns, rows);
        let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
        prop_assert!(ground.is_tiled());
        // Each parcel's neighbours are those it shares a wall with.
        prop_assert_eq!(ground.borders(), columns * (rows - 1) + rows * (columns - 1));
        let load = burdens(shapes.len(), seed);
        let found = search(&ground, &wanted(&load, 2, 0.2), seed, 2_000);
        let zones = draw(&ground, &found.proposals[0].zone, 2);
        let rim = assert_seamless(&zones);
        prop_assert_eq!(rim.len(), 2 * (columns + rows));
        for (z, zone) in zones.iter().enumerate() {
            let own = shapes.iter().zip(&found.proposals[0].zone).filter(|(_, o)| **o == z as u32);
            let own: f64 = own.map(|(s, _)| multi_area_m2(s.polygons().unwrap())).sum();
            prop_assert!((multi_area_m2(zone) / own - 1.0).abs() < 1e-9);
        }
        let given: Vec<_> = shapes.iter().flat_map(Shape::places).map(key).collect();
        prop_assert!(zones.iter().flat_map(edges).all(|(a, _)| given.contains(&key(a))));
    }
}

#[test]
fn row_houses_share_walls_and_their_land_ends_at_them() {
    let shapes: Vec<Shape> = (0..6)
        .map(|i| rectangle(f64::from(i) * 8.0, 0.0, 8.0, 10.0))
        .chain([rectangle(0.0, 40.0, 8.0, 10.0), rectangle(30.0, 40.0, 8.0, 10.0)])
        .collect();
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    assert!(!ground.is_tiled());
    let zone: Vec<u32> = (0..8).collect();
    let zones = draw(&ground, &zone, 8);
    assert_seamless(&zones);
    assert_whole(&shapes, &zone, &zones);
}

#[test]
fn a_hole_between_parcels_goes_to_its_neighbours() {
    let mut shapes = parcels(3, 3);
    shapes.remove(4);
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    assert!(ground.is_tiled());
    let zones = draw(&ground, &(0..8).collect::<Vec<_>>(), 8);
    assert_eq!(assert_seamless(&zones).len(), 12);
}

#[test]
fn units_at_one_place_are_one_site() {
    let house = rectangle(0.0, 0.0, 10.0, 10.0);
    let shapes =
        [Shape::Point(at(50.0, 0.0)), house, Shape::Point(at(50.0, 0.0)), Shape::Point(at(4.0, 5.0))];
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    assert_eq!(ground.site, [0, 1, 0, 1]);
}

#[test]
fn borders_run_along_the_road_between_two_rows() {
    let row = |y: f64| (0..6).map(move |i| rectangle(f64::from(i) * 20.0, y, 10.0, 10.0));
    // The road is nearer to the southern row; without it the border would run halfway.
    let shapes: Vec<Shape> = row(0.0).chain(row(40.0)).collect();
    let road = LineString(vec![at(-40.0, 16.0), at(160.0, 16.0)]);
    let ground = Ground::lay(&shapes, &Setting { roads: &[road], ..Setting::default() }).unwrap();
    let zone: Vec<u32> = (0..12).map(|i| i / 6).collect();
    let zones = draw(&ground, &zone, 2);
    assert_seamless(&zones);
    let south = zones[0].0[0].exterior();
    let north_edge = south.0.iter().map(|c| (c.y - 35.06) / M).fold(f64::MIN, f64::max);
    assert!((north_edge - 16.0).abs() < 1.1, "{north_edge}");
}

#[test]
fn a_barrier_parts_what_it_runs_between() {
    let shapes: Vec<Shape> =
        (0..8).map(|i| Shape::Point(at(f64::from(i % 4) * 20.0, f64::from(i / 4) * 30.0))).collect();
    let ditch = LineString(vec![at(-100.0, 15.0), at(200.0, 15.0)]);
    let open = |barriers: &[LineString<f64>]| {
        let ground = Ground::lay(&shapes, &Setting { barriers, ..Setting::default() }).unwrap();
        let across = |e: &&crate::kernel::zoning::graph::Border| (e.sites[0] < 4) != (e.sites[1] < 4);
        ground.graph.edges.iter().filter(across).any(|e| e.open)
    };
    assert!(open(&[]));
    assert!(!open(&[ditch]));
}

#[test]
fn zones_fill_the_outline_that_is_given_with_its_very_vertices() {
    let shapes = scattered(40, 12);
    let corners =
        [(-30.0, -20.0), (150.0, -60.0), (340.0, -10.0), (330.0, 340.0), (160.0, 330.0), (-40.0, 350.0)];
    let ring = LineString(corners.map(|(x, y)| at(x, y)).into_iter().chain([at(-30.0, -20.0)]).collect());
    let outline = MultiPolygon(vec![Polygon::new(ring, Vec::new())]);
    let road = LineString(vec![at(-90.0, 100.0), at(400.0, 120.0)]);
    let setting = Setting { roads: &[road], outline: Some(&outline), ..Setting::default() };
    let ground = Ground::lay(&shapes, &setting).unwrap();
    let found = search(&ground, &wanted(&burdens(40, 12), 4, 0.1), 3, 5_000);
    let zones = draw(&ground, &found.proposals[0].zone, 4);
    let rim = assert_seamless(&zones);
    assert_whole(&shapes, &found.proposals[0].zone, &zones);
    let total: f64 = zones.iter().map(multi_area_m2).sum();
    assert!((total / multi_area_m2(&outline) - 1.0).abs() < 1e-9);
    assert!(corners.iter().all(|&(x, y)| rim.iter().any(|(a, _)| key(*a) == key(at(x, y)))));
}

#[test]
fn a_kept_border_stays_if_the_units_beside_it_do() {
    let shapes = scattered(40, 7);
    let ring = LineString(
        [(-30.0, -30.0), (340.0, -30.0), (340.0, 340.0), (-30.0, 340.0), (-30.0, -30.0)]
            .map(|(x, y)| at(x, y))
            .to_vec(),
    );
    let outline = MultiPolygon(vec![Polygon::new(ring, Vec::new())]);
    // Across no house: from the middle of the southern rim upwards.
    let west_of = |shape: &Shape| shape.places().all(|c| c.x < at(150.0, 0.0).x);
    let shapes: Vec<Shape> =
        shapes.into_iter().filter(|s| west_of(s) || s.places().all(|c| c.x > at(150.0, 0.0).x)).collect();
    let kept = [LineString(vec![at(150.0, -30.0), at(150.0, 90.0), at(150.0, 160.0)])];
    // Nobody's land lies between it and a road close by.
    let roads = [LineString(vec![at(154.0, -30.0), at(154.0, 90.0), at(150.0, 160.0), at(150.0, 340.0)])];
    let setting = Setting { outline: Some(&outline), kept: &kept, roads: &roads, ..Setting::default() };
    let ground = Ground::lay(&shapes, &setting).unwrap();
    let beside = ground.beside_kept();
    assert!(beside.len() >= 2 && beside.len() < shapes.len(), "{beside:?}");
    let mut burdens = burdens(shapes.len(), 7);
    for (unit, burden) in burdens.iter_mut().enumerate() {
        burden.current = Some(ZoneId(u32::from(!west_of(&shapes[unit]))));
        burden.locked = beside.contains(&unit);
    }
    let found = search(&ground, &wanted(&burdens, 2, 0.05), 1, 20_000);
    for proposal in &found.proposals {
        let zones = draw(&ground, &proposal.zone, 2);
        assert_seamless(&zones);
        for edge in kept[0].lines() {
            let middle = Coord { x: edge.start.x, y: f64::midpoint(edge.start.y, edge.end.y) };
            let on = |zone: &MultiPolygon<f64>| {
                let rings = zone.iter().flat_map(|p| p.exterior().lines());
                rings
                    .filter(|l| (l.start.x - middle.x).abs() + (l.end.x - middle.x).abs() <= 0.0)
                    .any(|l| (l.start.y.min(l.end.y)..=l.start.y.max(l.end.y)).contains(&middle.y))
            };
            assert!(zones.iter().all(on), "{:?}", proposal.aim);
        }
    }
}
