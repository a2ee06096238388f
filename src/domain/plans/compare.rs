//! What changes hands between two drawings of a village.
//!
//! Never here: who may see which household. The lists hold what the caller's scope could read.

use std::collections::BTreeMap;

use geo::{BooleanOps, BoundingRect, Intersects, MultiPolygon};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::figures::{GridFigures, figures, index, locate};
use super::unit::Unit;
use crate::kernel::geometry::BuildError;
use crate::kernel::geometry::measure::multi_area_m2;
use crate::platform::code::GridCode;

/// Less land than this is the rounding of an overlay, in square metres.
const LEAST_M2: f64 = 0.5;

/// Grids with their shapes, in the order of their codes.
pub(super) type Shapes = [(GridCode, MultiPolygon<f64>)];

/// Two plans of a village held against each other.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanComparison)]
pub(super) struct Comparison {
    /// The figures of the plan compared with.
    pub(super) before: Vec<GridFigures>,
    /// The figures of the plan.
    pub(super) after: Vec<GridFigures>,
    /// Land that changes hands, the most people first.
    pub(super) moved: Vec<Moved>,
    /// Households that change hands, as far as the caller may read them.
    pub(super) households: Vec<MovedThing>,
    /// Enterprises that do.
    pub(super) enterprises: Vec<MovedThing>,
    /// Open reports that do, as far as the caller may read them.
    pub(super) open_cases: Vec<MovedThing>,
    /// Who is responsible for each grid concerned today.
    pub(super) members: Vec<GridMembers>,
}

/// Land that goes from one grid to another.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = MovedLand)]
pub(super) struct Moved {
    /// The grid that loses it; none where there was none.
    #[schema(value_type = Option<String>)]
    pub(super) from: Option<GridCode>,
    /// The grid that gains it; none where there is none any more.
    #[schema(value_type = Option<String>)]
    pub(super) to: Option<GridCode>,
    /// Square metres.
    pub(super) area_m2: f64,
    /// Households on it.
    pub(super) households: i64,
    /// People living in them.
    pub(super) people: i64,
    /// Enterprises on it.
    pub(super) enterprises: i64,
    /// Reports from it neither resolved nor closed.
    pub(super) open_cases: i64,
    /// Its polygons: rings of longitude and latitude.
    pub(super) polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

/// A household, an enterprise or a report that changes hands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct MovedThing {
    /// What it is kept under.
    pub(super) id: Uuid,
    /// Its address, name or words.
    pub(super) label: String,
    /// The grid it leaves.
    #[schema(value_type = Option<String>)]
    pub(super) from: Option<GridCode>,
    /// The grid it goes to.
    #[schema(value_type = Option<String>)]
    pub(super) to: Option<GridCode>,
}

/// Who is responsible for a grid.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanGridMembers)]
pub(super) struct GridMembers {
    /// The grid.
    #[schema(value_type = String)]
    pub(super) code: GridCode,
    /// The names shown to others.
    pub(super) names: Vec<String>,
}

/// Something with a place.
pub(super) struct Placed {
    pub(super) id: Uuid,
    pub(super) label: String,
    pub(super) at: [f64; 2],
}

/// Everything the comparison is made of.
pub(super) struct Sides {
    pub(super) before: Vec<(GridCode, MultiPolygon<f64>)>,
    pub(super) after: Vec<(GridCode, MultiPolygon<f64>)>,
    pub(super) units: Vec<Unit>,
    pub(super) households: Vec<Placed>,
    pub(super) enterprises: Vec<Placed>,
    pub(super) open_cases: Vec<Placed>,
    pub(super) members: Vec<GridMembers>,
}

impl Sides {
    /// Holds the two against each other.
    ///
    /// # Errors
    /// When a shape cannot be indexed.
    pub(super) fn compare(self) -> Result<Comparison, BuildError> {
        let (old, new) = (index(&self.before)?, index(&self.after)?);
        let hands = |at: [f64; 2]| {
            let code = |index, shapes: &Shapes| {
                let face = locate(index, at)?;
                shapes.get(face.0 as usize).map(|(code, _)| code.clone())
            };
            (code(&old, &self.before), code(&new, &self.after))
        };
        let moved_things = |things: Vec<Placed>| {
            let moved = things.into_iter().map(|thing| (hands(thing.at), thing));
            moved
                .filter(|((from, to), _)| from != to)
                .map(|((from, to), thing)| MovedThing { id: thing.id, label: thing.label, from, to })
                .collect::<Vec<_>>()
        };
        let mut moved = moved_land(&self.before, &self.after);
        for unit in &self.units {
            let hands = hands(unit.at);
            if let Some(land) = moved.get_mut(&hands).filter(|_| hands.0 != hands.1) {
                land.households += unit.load.households;
                land.people += unit.load.people;
                land.enterprises += unit.load.enterprise_count();
                land.open_cases += unit.load.open_cases;
            }
        }
        let mut moved: Vec<_> = moved.into_values().collect();
        moved.sort_by(|a, b| b.people.cmp(&a.people).then(b.area_m2.total_cmp(&a.area_m2)));
        let concerned: Vec<_> =
            moved.iter().flat_map(|land| [&land.from, &land.to]).flatten().cloned().collect();
        let mut members = self.members;
        members.retain(|grid| concerned.contains(&grid.code));
        Ok(Comparison {
            before: figures(&self.before, &self.units)?,
            after: figures(&self.after, &self.units)?,
            households: moved_things(self.households),
            enterprises: moved_things(self.enterprises),
            open_cases: moved_things(self.open_cases),
            moved,
            members,
        })
    }
}

type Hands = (Option<GridCode>, Option<GridCode>);

/// The land of each old grid that lies in each new one of another code.
fn moved_land(before: &Shapes, after: &Shapes) -> BTreeMap<Hands, Moved> {
    let mut moved = BTreeMap::new();
    for (from, old) in before {
        for (to, new) in after.iter().filter(|(to, _)| to != from) {
            let meet = old.bounding_rect().zip(new.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
            if !meet {
                continue;
            }
            let common = old.intersection(new);
            let parts: MultiPolygon<f64> =
                common.into_iter().filter(|part| multi_area_m2(&part.clone().into()) > LEAST_M2).collect();
            let area_m2 = multi_area_m2(&parts);
            if area_m2 <= LEAST_M2 {
                continue;
            }
            let hands = (Some(from.clone()), Some(to.clone()));
            let land = Moved {
                from: hands.0.clone(),
                to: hands.1.clone(),
                area_m2,
                households: 0,
                people: 0,
                enterprises: 0,
                open_cases: 0,
                polygons: positions(&parts),
            };
            moved.insert(hands, land);
        }
    }
    moved
}

fn positions(parts: &MultiPolygon<f64>) -> Vec<Vec<Vec<[f64; 2]>>> {
    let ring = |ring: &geo::LineString<f64>| ring.0.iter().map(|c| [c.x, c.y]).collect();
    parts
        .iter()
        .map(|part| std::iter::once(part.exterior()).chain(part.interiors()).map(ring).collect())
        .collect()
}
