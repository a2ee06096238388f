//! What is wrong or doubtful about a plan, each with a place to zoom to.
//!
//! Gaps, overlaps and land outside the village block publication; the rest is for a person to weigh.

use std::collections::BTreeSet;

use geo::{Area, BooleanOps, BoundingRect, Coord, InteriorPoint, MultiPolygon, Polygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use serde::Serialize;
use utoipa::ToSchema;

use super::draft::Draft;
use super::figures::GridFigures;
use super::model::SizeRule;
use super::proposing::land::Surveyed;
use super::sheet::code_of;
use super::unit::Unit;
use crate::domain::grids::{CoverageCheck, GridKind};
use crate::kernel::geometry::measure::{LocalPlane, multi_area_m2};
use crate::kernel::geometry::{FaceId, GridIndex, Wgs84};
use crate::message;
use crate::platform::code::GridCode;
use crate::platform::locale::{Locale, Message};
use crate::terms;

/// Something counts as standing on a border when it is this close, in metres.
const ON_BORDER_M: f64 = 0.5;
/// A building counts as cut when this much of it lies on the other side, in square metres: less is drawing.
const CUT_M2: f64 = 1.0;

terms! {
    /// What was found.
    FindingKind {
        /// Land of the village that no grid covers.
        Gap = "gap", "空隙";
        /// Land that two grids claim.
        Overlap = "overlap", "重叠";
        /// Land of a grid outside the village.
        Outside = "outside", "越界";
        /// What is wrong with one grid's shape.
        Defect = "defect", "图形缺陷";
        /// A building that lies in two grids.
        BuildingCut = "building_cut", "房屋被分割";
        /// A household or enterprise on a border.
        OnBorder = "on_border", "位于边界";
        /// A grid in separate parts.
        InPieces = "in_pieces", "不相连";
        /// A grid with too few households.
        TooSmall = "too_small", "规模偏小";
        /// A grid with too many.
        TooLarge = "too_large", "规模偏大";
        /// A grid parts of which are reached only over the roads of others.
        Unreachable = "unreachable", "道路不通";
        /// A number that is not the rule's.
        Misnumbered = "misnumbered", "编号次序";
    }
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PlanFinding)]
pub(super) struct Finding {
    /// What.
    pub(super) kind: FindingKind,
    /// Whether the plan cannot be submitted with it.
    pub(super) blocks: bool,
    /// The grids concerned.
    #[schema(value_type = Vec<String>)]
    pub(super) codes: Vec<GridCode>,
    /// What it is, in the caller's language.
    pub(super) message: String,
    /// Where: longitude and latitude.
    pub(super) at: Option<[f64; 2]>,
    /// West, south, east, north.
    pub(super) bbox: Option<[f64; 4]>,
}

/// What a plan is held against.
pub(super) struct Grounds<'a> {
    pub(super) draft: &'a Draft,
    /// The grids' shapes, in the order of their codes.
    pub(super) grids: &'a [(GridCode, MultiPolygon<f64>)],
    /// The same, arranged; a face's number is the position in `grids`.
    pub(super) index: &'a GridIndex,
    /// In the order of `grids`.
    pub(super) figures: &'a [GridFigures],
    pub(super) surveyed: &'a Surveyed,
    pub(super) size: SizeRule,
    /// How the grids fit their village.
    pub(super) fit: &'a CoverageCheck,
    pub(super) locale: Locale,
}

impl Grounds<'_> {
    /// Everything found, what blocks first. O((vertices + units + buildings) log vertices).
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut found = self.misfits();
        found.extend(self.in_pieces());
        found.extend(self.cut_buildings());
        found.extend(self.on_borders());
        found.extend(self.unreachable());
        found.extend(self.sizes());
        found.extend(self.numbers());
        found
    }

    pub(super) fn finding(&self, kind: FindingKind, codes: Vec<GridCode>, message: &Message) -> Finding {
        let message = message.in_locale(self.locale).to_owned();
        Finding { kind, blocks: false, codes, message, at: None, bbox: None }
    }

    pub(super) fn name<'b>(&'b self, code: &'b GridCode) -> &'b str {
        self.draft.grids.get(&FaceId(u32::from(code.number()))).map_or(code.as_str(), |grid| &grid.name)
    }

    fn misfits(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for gap in &self.fit.gaps {
            let area = gap.area_m2.round();
            let what = message!("{area} 平方米土地不属于任何网格", "{area} m² of land belong to no grid");
            let finding = self.finding(FindingKind::Gap, Vec::new(), &what);
            found.push(Finding { blocks: true, at: Some(gap.at), bbox: Some(gap.bbox), ..finding });
        }
        let lists = [(FindingKind::Overlap, &self.fit.overlaps), (FindingKind::Outside, &self.fit.outside)];
        for (kind, list) in lists {
            for overlap in list {
                let area = overlap.area_m2.round();
                let names = overlap.codes.iter().map(|code| self.name(code)).collect::<Vec<_>>().join("、");
                let what = if kind == FindingKind::Overlap {
                    message!("{names} 重叠 {area} 平方米", "{names}: {area} m² overlap")
                } else {
                    message!(
                        "{names} 有 {area} 平方米在村界以外",
                        "{names}: {area} m² lie outside the village"
                    )
                };
                let finding = self.finding(kind, overlap.codes.clone(), &what);
                found.push(Finding {
                    blocks: true,
                    at: Some(overlap.at),
                    bbox: Some(overlap.bbox),
                    ..finding
                });
            }
        }
        for defect in &self.fit.defects {
            let finding = self.finding(FindingKind::Defect, vec![defect.code.clone()], &message!("", ""));
            found.push(Finding { blocks: true, message: defect.problem.clone(), at: defect.at, ..finding });
        }
        found
    }

    fn in_pieces(&self) -> impl Iterator<Item = Finding> {
        self.grids.iter().filter(|(_, shape)| shape.0.len() > 1).map(|(code, shape)| {
            let (name, parts) = (self.name(code), shape.0.len());
            let what =
                message!("{name}由 {parts} 块不相连的土地组成", "{name} lies in {parts} separate parts");
            // The smallest part is the one to look at.
            let part = shape.iter().min_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()));
            Finding {
                at: part.and_then(InteriorPoint::interior_point).map(|p| [p.x(), p.y()]),
                bbox: part.and_then(bbox),
                ..self.finding(FindingKind::InPieces, vec![code.clone()], &what)
            }
        })
    }

    fn cut_buildings(&self) -> Vec<Finding> {
        let edges = self.inner_edges();
        let cut = |building: &MultiPolygon<f64>| -> Option<Finding> {
            let bounds = building.bounding_rect()?;
            let (low, high) = (bounds.min(), bounds.max());
            let near =
                edges.locate_in_envelope_intersecting(AABB::from_corners([low.x, low.y], [high.x, high.y]));
            let faces: BTreeSet<FaceId> = near.flat_map(|edge| edge.data).collect();
            let parts: Vec<GridCode> = faces
                .into_iter()
                .filter(|face| {
                    let shape = self.draft.coverage.face(*face);
                    shape.is_some_and(|shape| multi_area_m2(&building.intersection(&shape)) > CUT_M2)
                })
                .filter_map(|face| code_of(&self.draft.village, face))
                .collect();
            if parts.len() < 2 {
                return None;
            }
            let names = parts.iter().map(|code| self.name(code)).collect::<Vec<_>>().join("、");
            let what =
                message!("一栋房屋被 {names} 的边界分割", "a building is cut by the border of {names}");
            let at = building.interior_point().map(|p| [p.x(), p.y()]);
            Some(Finding {
                at,
                bbox: Some([low.x, low.y, high.x, high.y]),
                ..self.finding(FindingKind::BuildingCut, parts, &what)
            })
        };
        self.surveyed.buildings.iter().filter_map(cut).collect()
    }

    /// The edges between two grids.
    fn inner_edges(&self) -> RTree<GeomWithData<Rectangle<[f64; 2]>, [FaceId; 2]>> {
        let coverage = &self.draft.coverage;
        let mut edges = Vec::new();
        for arc in coverage.arcs() {
            let Some(right) = arc.right else { continue };
            let line: Vec<Coord<f64>> = arc.vertices.iter().filter_map(|&v| coverage.vertex(v)).collect();
            edges.extend(line.windows(2).map(|pair| {
                let edge = Rectangle::from_corners([pair[0].x, pair[0].y], [pair[1].x, pair[1].y]);
                GeomWithData::new(edge, [arc.left, right])
            }));
        }
        RTree::bulk_load(edges)
    }

    fn on_borders(&self) -> Vec<Finding> {
        let on_border = |unit: &&Unit| {
            let place = Wgs84::new(unit.at[0], unit.at[1]).ok();
            place.and_then(|place| self.index.distance_to_boundary_m(place)).is_some_and(|m| m <= ON_BORDER_M)
        };
        let lived_in =
            self.surveyed.units.iter().filter(|unit| unit.load.households + unit.load.enterprise_count() > 0);
        lived_in
            .filter(on_border)
            .map(|unit| {
                let grid = super::figures::locate(self.index, unit.at);
                let code =
                    grid.and_then(|face| self.grids.get(face.0 as usize)).map(|(code, _)| code.clone());
                let (households, enterprises) = (unit.load.households, unit.load.enterprise_count());
                let what = message!(
                    "边界上有 {households} 户、{enterprises} 家企业",
                    "{households} households and {enterprises} enterprises stand on a border"
                );
                let finding = self.finding(FindingKind::OnBorder, code.into_iter().collect(), &what);
                Finding { at: Some(unit.at), ..finding }
            })
            .collect()
    }

    fn sizes(&self) -> Vec<Finding> {
        let SizeRule { least_households, most_households, enterprise_weight } = self.size;
        let mut found = Vec::new();
        for (figures, (code, shape)) in self.figures.iter().zip(self.grids) {
            let base = self.draft.grids.get(&FaceId(u32::from(code.number())));
            if base.is_some_and(|grid| grid.kind == GridKind::Exclusive) {
                continue;
            }
            let weighted = figures.load.households as f64
                + f64::from(enterprise_weight) * figures.load.enterprise_count() as f64;
            let (size, name) = (weighted.round(), self.name(code));
            let (kind, what) = if weighted < f64::from(least_households) {
                let what = message!(
                    "{name}折合 {size} 户，少于 {least_households} 户",
                    "{name} counts as {size} households: fewer than {least_households}"
                );
                (FindingKind::TooSmall, what)
            } else if weighted > f64::from(most_households) {
                let what = message!(
                    "{name}折合 {size} 户，多于 {most_households} 户",
                    "{name} counts as {size} households: more than {most_households}"
                );
                (FindingKind::TooLarge, what)
            } else {
                continue;
            };
            let bbox = shape.bounding_rect().map(|r| [r.min().x, r.min().y, r.max().x, r.max().y]);
            found.push(Finding { bbox, ..self.finding(kind, vec![code.clone()], &what) });
        }
        found
    }

    fn numbers(&self) -> Vec<Finding> {
        let wrong = &self.fit.numbering;
        if wrong.is_empty() {
            return Vec::new();
        }
        let order = wrong
            .iter()
            .map(|wrong| format!("{} → {:03}", self.name(&wrong.code), wrong.expected))
            .collect::<Vec<_>>()
            .join("，");
        let what = message!(
            "编号不按西北起、由西向东、由北向南的次序：{order}",
            "numbers do not run from the north-west, west to east, then north to south: {order}"
        );
        vec![self.finding(FindingKind::Misnumbered, wrong.iter().map(|w| w.code.clone()).collect(), &what)]
    }
}

/// A part's bounding box, with a margin that makes a small one worth zooming to.
fn bbox(part: &Polygon<f64>) -> Option<[f64; 4]> {
    let bounds = part.bounding_rect()?;
    let (east_m, north_m) = LocalPlane::at_latitude(bounds.center().y).metres_per_degree();
    let (dx, dy) = (5.0 / east_m, 5.0 / north_m);
    Some([bounds.min().x - dx, bounds.min().y - dy, bounds.max().x + dx, bounds.max().y + dy])
}
