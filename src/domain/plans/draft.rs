//! A plan while it is being drawn: the grids as a partition, what they are called, and what is locked.
//!
//! An operation is made whole or not at all. Never here: storage, or whether the plan is a good one.

use std::collections::BTreeMap;

use geo::{Coord, MultiPolygon};

use super::numbering;
use super::operation::{Operation, Position};
use super::sheet::{Sheet, SheetGrid, code_of, face_of};
use crate::domain::grids::GridKind;
use crate::kernel::geometry::coverage::{Arc, Coverage, Edit, patch::EditError};
use crate::kernel::geometry::measure::LocalPlane;
use crate::kernel::geometry::{FaceId, Wgs84};
use crate::message;
use crate::platform::code::{GridCode, VillageCode};
use crate::platform::locale::Message;

/// Most grids of a village: they have three digits of their own.
pub(super) const MOST_GRIDS: u32 = 999;
const LONGEST_NAME: usize = 200;
/// How close to a border a place must be to name it, in metres.
const REACH_M: f64 = 0.5;

/// What is known of a grid beside its border.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attributes {
    pub(super) name: String,
    pub(super) kind: GridKind,
    pub(super) locked: bool,
}

/// A plan being drawn.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) village: VillageCode,
    pub(super) coverage: Coverage,
    /// By the number of the grid, which is its face's.
    pub(super) grids: BTreeMap<FaceId, Attributes>,
    pub(super) locked_arcs: Vec<Vec<Coord<f64>>>,
    pub(super) fixed_outline: bool,
    pub(super) next_number: u16,
}

/// Why an operation was not made, and where to look.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) why: Message,
    pub(super) at: Option<Position>,
}

impl From<Message> for Refusal {
    fn from(why: Message) -> Self {
        Self { why, at: None }
    }
}

impl Draft {
    /// Opens a sheet; nothing if it was not one of ours.
    pub(super) fn open(village: VillageCode, sheet: &Sheet) -> Option<Self> {
        let attributes =
            |grid: &SheetGrid| Attributes { name: grid.name.clone(), kind: grid.kind, locked: grid.locked };
        Some(Self {
            coverage: sheet.coverage()?,
            grids: sheet.grids.iter().map(|grid| (face_of(&grid.code), attributes(grid))).collect(),
            locked_arcs: sheet
                .locked_arcs
                .iter()
                .map(|line| line.iter().map(|&p| coord(p)).collect())
                .collect(),
            fixed_outline: sheet.fixed_outline,
            next_number: sheet.next_number,
            village,
        })
    }

    /// The sheet to keep and to send.
    pub(super) fn sheet(&self) -> Sheet {
        let topology = self.coverage.topology();
        let line = |line: &Vec<Coord<f64>>| line.iter().map(|&c| position(c)).collect();
        let grid = |(face, polygons): (&FaceId, &Vec<Vec<Vec<i32>>>)| {
            let Attributes { name, kind, locked } = self.grids.get(face)?.clone();
            let code = code_of(&self.village, *face)?;
            Some(SheetGrid { code, name, kind, locked, polygons: polygons.clone() })
        };
        Sheet {
            arcs: topology.arcs.iter().map(line).collect(),
            grids: topology.faces.iter().filter_map(grid).collect(),
            locked_arcs: self.locked_arcs.iter().map(line).collect(),
            fixed_outline: self.fixed_outline,
            next_number: self.next_number,
        }
    }

    /// The grids with their shapes, in the order of their codes.
    pub(super) fn shapes(&self) -> Vec<(GridCode, MultiPolygon<f64>)> {
        let shapes = self.coverage.faces();
        shapes.filter_map(|(face, shape)| Some((code_of(&self.village, face)?, shape))).collect()
    }

    /// The code of a face's grid.
    pub(super) fn code(&self, face: FaceId) -> Option<GridCode> {
        code_of(&self.village, face)
    }

    /// Makes an operation; `start` is the draft before its first step.
    ///
    /// # Errors
    /// Why it cannot be made; nothing has changed then.
    pub(super) fn apply(&mut self, operation: &Operation, start: &Self) -> Result<(), Refusal> {
        match operation {
            Operation::MoveVertex { at, to } => {
                self.edit(&Edit::MoveVertex { at: place(*at)?, to: place(*to)? })
            }
            Operation::InsertVertex { at } => self.edit(&Edit::InsertVertex { at: place(*at)? }),
            Operation::RemoveVertex { at } => self.edit(&Edit::RemoveVertex { at: place(*at)? }),
            Operation::MoveArc { at, by: [east, north] } => {
                self.edit(&Edit::MoveArc { at: place(*at)?, by: (*east, *north) })
            }
            Operation::Split { grid, line, name } => self.split(grid, line, name.as_deref()),
            Operation::Merge { keep, absorb } => self.merge(keep, absorb),
            Operation::HandOver { from, to, block } => {
                let (from, to) = (self.unlocked(from)?, self.unlocked(to)?);
                self.edit(&Edit::HandOver { from, to, block: places(block)? })
            }
            Operation::LockGrid { grid, locked } => {
                let face = self.face(grid)?;
                self.attributes(face)?.locked = *locked;
                Ok(())
            }
            Operation::LockArc { at, locked } => self.lock_arc(*at, *locked),
            Operation::Describe { grid, name, kind } => self.describe(grid, name.as_deref(), *kind),
            Operation::Renumber => self.renumber(start),
            Operation::Adopt { drawing, .. } => self.adopt(drawing.as_deref()),
        }
    }

    fn split(&mut self, grid: &GridCode, line: &[Position], name: Option<&str>) -> Result<(), Refusal> {
        let face = self.unlocked(grid)?;
        let new = self.free_number().ok_or_else(|| {
            Refusal::from(message!(
                "一个村最多 {MOST_GRIDS} 个网格",
                "a village has {MOST_GRIDS} grids at most"
            ))
        })?;
        let name = match name {
            Some(name) => named(name)?,
            None => format!("第{}网格", new.0),
        };
        self.edit(&Edit::Split { face, line: places(line)?, new })?;
        self.grids.insert(new, Attributes { name, kind: GridKind::Base, locked: false });
        if let Ok(number) = u16::try_from(new.0 + 1) {
            self.next_number = self.next_number.max(number);
        }
        Ok(())
    }

    fn merge(&mut self, keep: &GridCode, absorb: &GridCode) -> Result<(), Refusal> {
        if keep.village() != absorb.village() {
            return Err(message!(
                "两个网格不属于同一个村，不能合并",
                "the grids belong to two villages and cannot be joined"
            )
            .into());
        }
        let (keep, absorb) = (self.unlocked(keep)?, self.unlocked(absorb)?);
        self.edit(&Edit::Merge { keep, absorb })?;
        self.grids.remove(&absorb);
        Ok(())
    }

    fn lock_arc(&mut self, at: Position, locked: bool) -> Result<(), Refusal> {
        let place = Coord::from(place(at)?);
        let arc = self.arc_near(place).ok_or_else(|| in_words(EditError::NoEdge(place)))?;
        let line: Vec<_> = arc.vertices.iter().filter_map(|&v| self.coverage.vertex(v)).collect();
        self.locked_arcs.retain(|other| !lies_on(other, place));
        if locked {
            self.locked_arcs.push(line);
        }
        Ok(())
    }

    fn arc_near(&self, place: Coord<f64>) -> Option<Arc> {
        let distance = |arc: &Arc| {
            let line: Vec<_> = arc.vertices.iter().filter_map(|&v| self.coverage.vertex(v)).collect();
            distance_m(&line, place)
        };
        let near = self.coverage.arcs().into_iter().map(|arc| (distance(&arc), arc));
        near.filter(|(d, _)| *d <= REACH_M).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, arc)| arc)
    }

    fn describe(
        &mut self,
        grid: &GridCode,
        name: Option<&str>,
        kind: Option<GridKind>,
    ) -> Result<(), Refusal> {
        let name = name.map(named).transpose()?;
        let face = self.face(grid)?;
        let attributes = self.attributes(face)?;
        attributes.name = name.unwrap_or_else(|| attributes.name.clone());
        attributes.kind = kind.unwrap_or(attributes.kind);
        Ok(())
    }

    fn renumber(&mut self, start: &Self) -> Result<(), Refusal> {
        let before: Vec<_> = start.coverage.faces().collect();
        let now: Vec<_> = self.coverage.faces().collect();
        let numbers = numbering::propose(&now, &before);
        let mut sheet = self.sheet();
        for grid in &mut sheet.grids {
            let face = face_of(&grid.code);
            let code = numbers.get(&face).and_then(|number| code_of(&self.village, *number));
            if let Some(code) = code {
                // A name that was only the number follows it.
                if grid.name == format!("第{}网格", face.0) {
                    grid.name = format!("第{}网格", code.number());
                }
                grid.code = code;
            }
        }
        sheet.grids.sort_by(|a, b| a.code.cmp(&b.code));
        let renumbered = Self::open(self.village.clone(), &sheet);
        *self = renumbered
            .ok_or_else(|| Refusal::from(message!("无法重新编号", "the grids cannot be numbered anew")))?;
        Ok(())
    }

    /// Makes an edit unless it moves what is locked.
    fn edit(&mut self, edit: &Edit) -> Result<(), Refusal> {
        let held = self.held();
        let undo = self.coverage.edit(edit).map_err(in_words)?;
        let broken = held.iter().find(|(_, [a, b])| !self.coverage.has_border(*a, *b));
        let Some((lock, [a, _])) = broken else { return Ok(()) };
        let (why, at) = (lock.refusal(self), Some(position(*a)));
        self.coverage.undo(undo).map_err(in_words)?;
        Err(Refusal { why, at })
    }

    /// Every edge that a lock holds.
    pub(super) fn held(&self) -> Vec<(Lock, [Coord<f64>; 2])> {
        let of_arcs = self.locked_arcs.iter().flat_map(|line| line.windows(2));
        let mut held: Vec<_> = of_arcs.map(|pair| (Lock::Arc, [pair[0], pair[1]])).collect();
        for (&face, _) in self.grids.iter().filter(|(_, grid)| grid.locked) {
            let shape = self.coverage.face(face).into_iter().flatten();
            for polygon in shape {
                let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                held.extend(
                    rings.flat_map(geo::LineString::lines).map(|l| (Lock::Grid(face), [l.start, l.end])),
                );
            }
        }
        held
    }

    fn free_number(&self) -> Option<FaceId> {
        let unused = |number: &u32| !self.grids.contains_key(&FaceId(*number));
        (u32::from(self.next_number.max(1))..=MOST_GRIDS).chain(1..=MOST_GRIDS).find(unused).map(FaceId)
    }

    fn face(&self, code: &GridCode) -> Result<FaceId, Refusal> {
        let face = face_of(code);
        if code.village() == self.village && self.grids.contains_key(&face) {
            return Ok(face);
        }
        Err(message!("本方案没有网格 {code}", "this plan has no grid {code}").into())
    }

    fn unlocked(&self, code: &GridCode) -> Result<FaceId, Refusal> {
        let face = self.face(code)?;
        match self.grids.get(&face) {
            Some(grid) if grid.locked => Err(Lock::Grid(face).refusal(self).into()),
            _ => Ok(face),
        }
    }

    fn attributes(&mut self, face: FaceId) -> Result<&mut Attributes, Refusal> {
        let number = face.0;
        self.grids
            .get_mut(&face)
            .ok_or_else(|| message!("本方案没有第 {number} 网格", "this plan has no grid {number}").into())
    }
}

/// What holds a stretch of border.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lock {
    Grid(FaceId),
    Arc,
}

impl Lock {
    pub(super) fn refusal(self, draft: &Draft) -> Message {
        match self {
            Self::Grid(face) => {
                let name = draft.grids.get(&face).map_or("", |grid| &grid.name);
                message!("{name}已锁定，其边界不能改动", "{name} is locked: its border stays")
            }
            Self::Arc => message!("这段边界已锁定", "this stretch of border is locked"),
        }
    }
}

fn lies_on(line: &[Coord<f64>], place: Coord<f64>) -> bool {
    distance_m(line, place) <= REACH_M
}

fn distance_m(line: &[Coord<f64>], place: Coord<f64>) -> f64 {
    let plane = LocalPlane::at_latitude(place.y);
    let distances = line.windows(2).map(|pair| plane.distance_to_segment_m(place, pair[0], pair[1]));
    distances.fold(f64::INFINITY, f64::min)
}

fn named(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains('\0') {
        let why =
            message!("网格名称应为 1 到 {LONGEST_NAME} 个字", "a name has 1 to {LONGEST_NAME} characters");
        return Err(why.into());
    }
    Ok(name.to_owned())
}

fn place([lon, lat]: Position) -> Result<Wgs84, Refusal> {
    Wgs84::new(lon, lat).map_err(|error| Message::new(error.to_chinese(), error.to_string()).into())
}

fn places(positions: &[Position]) -> Result<Vec<Wgs84>, Refusal> {
    positions.iter().map(|&position| place(position)).collect()
}

fn coord([x, y]: Position) -> Coord<f64> {
    Coord { x, y }
}

fn position(c: Coord<f64>) -> Position {
    [c.x, c.y]
}

/// The kernel's refusal in the words of grids, with the place it speaks of.
fn in_words(error: EditError) -> Refusal {
    let at = match error {
        EditError::NoVertex(c)
        | EditError::NoEdge(c)
        | EditError::Node(c)
        | EditError::Crossing(c)
        | EditError::Gap(c)
        | EditError::Rim(c) => Some(position(c)),
        _ => None,
    };
    let why = match error {
        EditError::NoVertex(_) => message!("此处没有顶点", "there is no vertex here"),
        EditError::NoEdge(_) => message!("此处没有边界", "there is no border here"),
        EditError::NoFace(FaceId(n)) => message!("没有第 {n} 网格", "there is no grid {n}"),
        EditError::Node(_) => {
            message!("多条边界在此交汇，不能删除", "borders meet here: the vertex cannot be removed")
        }
        EditError::Crossing(_) => message!("边界会相交或相碰", "borders would cross or touch"),
        EditError::Collapsed(FaceId(n)) => {
            message!("第 {n} 网格会翻转或消失", "grid {n} would turn inside out or vanish")
        }
        EditError::Unsound { face: FaceId(n), kind } => {
            let (zh, en) = (kind.to_chinese(), kind.to_string());
            message!("第 {n} 网格：{zh}", "grid {n}: {en}")
        }
        EditError::Gap(_) => message!("会出现空隙", "a gap would open"),
        EditError::Rim(_) => message!("村界不能改动", "the village's own border stays"),
        EditError::NoDivision(FaceId(n)) => message!(
            "所画的线没有穿过第 {n} 网格，或没有把它分成两块",
            "the line does not cross grid {n}, or does not divide it in two"
        ),
        EditError::NotAdjacent(FaceId(a), FaceId(b)) => {
            message!("第 {a} 网格与第 {b} 网格不相邻", "grids {a} and {b} are not neighbours")
        }
        EditError::FallsApart(FaceId(n)) => {
            message!("第 {n} 网格会分成不相连的几块", "grid {n} would fall into separate parts")
        }
        other => Message::new(other.to_chinese(), other.to_string()),
    };
    Refusal { why, at }
}
