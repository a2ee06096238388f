//! A draft with what stands on it, as a question to `rezoning`.
//!
//! Grids that are locked, and exclusive ones, are no part of the question: what is divided is the land of the others, whose
//! outline then keeps its very vertices. A building is one unit with everything in it; what stands in no building is a
//! unit of its own.

use std::collections::BTreeSet;

use geo::{BoundingRect, Contains, Coord, InteriorPoint, Intersects, LineString, MultiPolygon, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::ask::Ask;
use crate::domain::grids::GridKind;
use crate::domain::plans::draft::Draft;
use crate::domain::plans::figures::{self, walking_hours_per_call};
use crate::domain::plans::model::SizeRule;
use crate::domain::plans::unit::{Load, Unit};
use crate::domain::rezoning::{Name, Question, zones_by_size};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::measure::{LocalPlane, multi_area_m2};
use crate::kernel::zoning::{Burden, Shape, ZoneId};
use crate::message;
use crate::platform::locale::Message;

/// How near to a road a barrier is taken to be bridged, in metres.
const BRIDGE_M: f64 = 12.0;

/// What stands and runs in a village.
#[derive(Debug, Clone, Default)]
pub(in crate::domain::plans) struct Surveyed {
    pub(in crate::domain::plans) units: Vec<Unit>,
    pub(in crate::domain::plans) buildings: Vec<MultiPolygon<f64>>,
    pub(in crate::domain::plans) roads: Vec<LineString<f64>>,
    /// Ditches, which one steps over.
    pub(in crate::domain::plans) ditches: Vec<LineString<f64>>,
    /// Rivers, canals and shores, which one crosses on a bridge only.
    pub(in crate::domain::plans) shores: Vec<LineString<f64>>,
}

/// The question, and what is not asked about.
#[derive(Debug)]
pub(super) struct Land {
    pub(super) question: Question,
    /// The grids whose land is divided, by their number in the question.
    pub(super) open: Vec<FaceId>,
    /// Hours of walking that a call takes, on average over the village.
    pub(super) walking_hours_per_call: f64,
}

impl Land {
    /// What is asked of a draft.
    ///
    /// # Errors
    /// When there is nothing to divide, or fewer grids are wanted than are locked.
    pub(super) fn survey(
        draft: &Draft,
        surveyed: &Surveyed,
        ask: &Ask,
        size: &SizeRule,
    ) -> Result<Self, Message> {
        let stays = |face: &FaceId| {
            draft.grids.get(face).is_some_and(|grid| grid.locked || grid.kind == GridKind::Exclusive)
        };
        let open: Vec<FaceId> = draft.coverage.face_ids().filter(|face| !stays(face)).collect();
        if open.is_empty() {
            return Err(message!(
                "所有网格都已锁定或为专属网格，没有可划分的土地",
                "every grid is locked or exclusive: there is no land to divide"
            ));
        }
        let outline = draft.coverage.union_of(|face| open.contains(&face));
        let grids = draft.shapes();
        let calls = surveyed.units.iter().map(|unit| unit.load.calls).sum();
        let area_m2 = grids.iter().map(|(_, shape)| multi_area_m2(shape)).sum();
        let walking = walking_hours_per_call(calls, area_m2);
        let kept = kept(draft, &open);
        let places = places(&surveyed.units, &surveyed.buildings, &outline, &kept);
        let zones = if let Some(wanted) = ask.grids {
            let fixed: Vec<&str> = draft
                .coverage
                .face_ids()
                .filter(|face| !open.contains(face))
                .filter_map(|face| Some(draft.grids.get(&face)?.name.as_str()))
                .collect();
            usize::from(wanted).checked_sub(fixed.len()).filter(|left| *left > 0).ok_or_else(|| {
                let (count, chinese, english) = (fixed.len(), fixed.join("、"), fixed.join(", "));
                message!(
                    "要划 {wanted} 个网格，但已有 {count} 个锁定或专属网格：{chinese}",
                    "{wanted} grids are wanted, but {count} are locked or exclusive: {english}"
                )
            })?
        } else {
            let weight = f64::from(size.enterprise_weight);
            let counted =
                |(_, load): &(Shape, Load)| load.households as f64 + weight * load.enterprise_count() as f64;
            let (least, most) = (f64::from(size.least_households), f64::from(size.most_households));
            zones_by_size(places.iter().map(counted).sum(), least, most, open.len())
        };
        let shapes: Vec<_> =
            open.iter().filter_map(|&face| Some((draft.code(face)?, draft.coverage.face(face)?))).collect();
        let index = figures::index(&shapes)
            .map_err(|error| message!("边界无法使用：{error}", "the borders cannot be used: {error}"))?;
        let burden = |(shape, load): &(Shape, Load)| Burden {
            load: ask.load.of(load, walking),
            people: load.people as f64,
            current: middle(shape).and_then(|at| figures::locate(&index, at)).map(|face| ZoneId(face.0)),
            locked: false,
        };
        let burdens: Vec<Burden> = places.iter().map(burden).collect();
        // A grid without a unit has no number in the question's plan of today; its land is divided all the same.
        let name = |face: &FaceId| draft.grids.get(face).map_or_else(String::new, |grid| grid.name.clone());
        Ok(Self {
            question: Question {
                indexes: (0..places.len()).collect(),
                units: places.iter().map(|(shape, _)| place_name(shape)).collect(),
                shapes: places.into_iter().map(|(shape, _)| shape).collect(),
                burdens,
                today: open.iter().map(|face| Name::Text(name(face))).collect(),
                roads: surveyed.roads.iter().chain(&surveyed.ditches).cloned().collect(),
                barriers: unbridged(&surveyed.shores, &surveyed.roads),
                kept,
                outline: Some(outline),
                zones,
                tolerance: ask.tolerance,
                ..Question::default()
            },
            open,
            walking_hours_per_call: walking,
        })
    }
}

/// Buildings and places within an outline, each with what is there. A building that the outline or a kept border cuts
/// already is none: what is in it stands alone.
fn places(
    units: &[Unit],
    buildings: &[MultiPolygon<f64>],
    outline: &MultiPolygon<f64>,
    kept: &[LineString<f64>],
) -> Vec<(Shape, Load)> {
    let within = |building: &&MultiPolygon<f64>| {
        let meets =
            building.bounding_rect().zip(outline.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
        meets && outline.contains(*building) && !kept.iter().any(|line| line.intersects(*building))
    };
    let whole: Vec<&MultiPolygon<f64>> = buildings.iter().filter(within).collect();
    let boxed = |(i, building): (usize, &&MultiPolygon<f64>)| {
        let bounds = building.bounding_rect()?;
        let (low, high) = (bounds.min(), bounds.max());
        Some(GeomWithData::new(Rectangle::from_corners([low.x, low.y], [high.x, high.y]), i))
    };
    let tree = RTree::bulk_load(whole.iter().enumerate().filter_map(boxed).collect());
    let mut places: Vec<(Shape, Load)> =
        whole.iter().map(|&building| (Shape::Polygons(building.clone()), Load::default())).collect();
    for unit in units {
        let point = Point::new(unit.at[0], unit.at[1]);
        let around = tree.locate_in_envelope_intersecting(AABB::from_point(unit.at));
        let building = around.map(|entry| entry.data).filter(|&i| whole[i].intersects(&point)).min();
        match building {
            Some(i) => places[i].1.add(&unit.load),
            None if outline.intersects(&point) => {
                places.push((Shape::Point(Coord::from(point)), unit.load.clone()));
            }
            None => {}
        }
    }
    places
}

fn middle(shape: &Shape) -> Option<[f64; 2]> {
    match shape {
        Shape::Point(c) => Some([c.x, c.y]),
        Shape::Polygons(polygons) => polygons.interior_point().map(|p| [p.x(), p.y()]),
    }
}

/// What a unit is called in a refusal: where it is.
fn place_name(shape: &Shape) -> Name {
    let [lon, lat] = middle(shape).unwrap_or_default();
    Name::Text(format!("{lon:.5},{lat:.5}"))
}

/// Locked borders between two grids that are divided; those of locked grids are the outline's already.
fn kept(draft: &Draft, open: &[FaceId]) -> Vec<LineString<f64>> {
    let open: BTreeSet<FaceId> = open.iter().copied().collect();
    let inner = draft
        .coverage
        .arcs()
        .into_iter()
        .filter(|arc| open.contains(&arc.left) && arc.right.is_some_and(|right| open.contains(&right)));
    let inner: BTreeSet<_> = inner
        .flat_map(|arc| arc.vertices)
        .filter_map(|v| draft.coverage.vertex(v))
        .map(|c| (c.x.to_bits(), c.y.to_bits()))
        .collect();
    let is_inner = |c: &Coord<f64>| inner.contains(&(c.x.to_bits(), c.y.to_bits()));
    let locked = draft.locked_arcs.iter().filter(|line| line.iter().any(is_inner));
    locked.map(|line| LineString(line.clone())).collect()
}

/// The parts of shores that no road crosses.
fn unbridged(shores: &[LineString<f64>], roads: &[LineString<f64>]) -> Vec<LineString<f64>> {
    let edge = |l: geo::Line<f64>| Rectangle::from_corners([l.start.x, l.start.y], [l.end.x, l.end.y]);
    let entry = |l: geo::Line<f64>| GeomWithData::new(edge(l), l);
    let roads = RTree::bulk_load(roads.iter().flat_map(LineString::lines).map(entry).collect());
    let mut parts = Vec::new();
    for shore in shores.iter().flat_map(LineString::lines) {
        let plane = LocalPlane::at_latitude(shore.start.y);
        let (east_m, north_m) = plane.metres_per_degree();
        let (dx, dy) = (BRIDGE_M / east_m, BRIDGE_M / north_m);
        let pieces = (plane.distance_m(shore.start, shore.end) / BRIDGE_M).ceil().max(1.0) as usize;
        let at = |i: usize| shore.start + (shore.end - shore.start) * (i as f64 / pieces as f64);
        for i in 0..pieces {
            let (a, b) = (at(i), at(i + 1));
            let envelope = AABB::from_corners(
                [a.x.min(b.x) - dx, a.y.min(b.y) - dy],
                [a.x.max(b.x) + dx, a.y.max(b.y) + dy],
            );
            let bridged =
                roads.locate_in_envelope_intersecting(envelope).any(|road| road.data.intersects(&shore));
            if !bridged {
                parts.push(LineString(vec![a, b]));
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;

    #[test]
    fn a_shore_is_open_where_a_road_crosses_it() {
        let line = |points: &[[f64; 2]]| LineString(points.iter().map(|&[x, y]| Coord { x, y }).collect());
        let canal = [line(&[[116.30, 35.07], [116.32, 35.07]])];
        let whole = unbridged(&canal, &[]);
        let crossed = unbridged(&canal, &[line(&[[116.31, 35.06], [116.31, 35.08]])]);
        // 1.8 km in pieces of 12 m; the bridge opens those around it.
        assert!((140..170).contains(&whole.len()), "{}", whole.len());
        assert!((2..=5).contains(&(whole.len() - crossed.len())), "{}", crossed.len());
        let beside = unbridged(&canal, &[line(&[[116.30, 35.0701], [116.32, 35.0701]])]);
        assert_eq!(beside.len(), whole.len());
    }

    #[test]
    fn a_building_is_one_unit_with_all_that_is_in_it() {
        let square = |west: f64, south: f64, side: f64| -> MultiPolygon<f64> {
            Rect::new((west, south), (west + side, south + side)).to_polygon().into()
        };
        let outline = square(116.30, 35.07, 0.02);
        let house = square(116.305, 35.075, 0.0002);
        let astride = square(116.3199, 35.08, 0.0002);
        let unit = |lon, lat| Unit { at: [lon, lat], load: Load { households: 1, ..Load::default() } };
        let units = [
            unit(116.3051, 35.0751),
            unit(116.3052, 35.0752),
            unit(116.31, 35.08),
            unit(116.31995, 35.0801),
            unit(116.4, 35.08),
        ];
        let places = super::places(&units, &[house.clone(), astride], &outline, &[]);
        let counts: Vec<i64> = places.iter().map(|(_, load)| load.households).collect();
        assert_eq!(counts, [2, 1, 1]);
        assert!(matches!(places[0].0, Shape::Polygons(_)) && matches!(places[2].0, Shape::Point(_)));
        let through = LineString(vec![Coord { x: 116.3051, y: 35.07 }, Coord { x: 116.3051, y: 35.09 }]);
        assert_eq!(super::places(&units, &[house], &outline, &[through]).len(), 4);
    }
}
