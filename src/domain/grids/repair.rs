//! Drawn grids that do not fit, piece by piece: what is in doubt, who may have it, and the drawing that comes of it.
//!
//! Never here: the choice; nothing is stored.

use geo::MultiPolygon;
use geojson::{Feature, FeatureCollection, Geometry};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::check::Surroundings;
use super::drawing::{DrawnGrid, DrawnGrids};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::coverage::{Doubt, Piece, Repair};
use crate::message;
use crate::platform::code::GridCode;
use crate::platform::locale::Message;
use crate::terms;

/// Pieces smaller than this are given to the first in line without asking, in square metres: the thickness of a pen.
const ASKED_M2: f64 = 0.05;

terms! {
    /// What is in doubt about a piece of land.
    DoubtKind {
        /// No grid claims it.
        Gap = "gap", "空隙";
        /// Several do.
        Overlap = "overlap", "重叠";
        /// It lies outside the village and is cut off.
        Outside = "outside", "越界";
    }
}

impl From<Doubt> for DoubtKind {
    fn from(doubt: Doubt) -> Self {
        match doubt {
            Doubt::Gap => Self::Gap,
            Doubt::Overlap => Self::Overlap,
            Doubt::Outside => Self::Outside,
        }
    }
}

/// To whom a piece is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RepairChoice)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    /// The piece, by its `at` as it was told: longitude and latitude.
    pub(super) at: [f64; 2],
    /// The grid.
    #[schema(value_type = String, example = "370828003218001")]
    pub(super) to: GridCode,
}

/// A piece of land in doubt.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RepairPiece)]
pub(super) struct PieceTold {
    /// What is in doubt.
    kind: DoubtKind,
    /// Who may have it, first in line first: of an overlap those who claim it, of a gap those who border on it. Of land
    /// outside the village whose it was.
    #[schema(value_type = Vec<String>)]
    codes: Vec<GridCode>,
    /// Who has it in `grids`; nobody has land outside the village.
    #[schema(value_type = Option<String>)]
    to: Option<GridCode>,
    /// Whether somebody has chosen that; else it is the first in line.
    chosen: bool,
    /// Square metres.
    area_m2: f64,
    /// A place in it: longitude and latitude.
    at: [f64; 2],
    /// West, south, east, north.
    bbox: [f64; 4],
    /// Its polygons: rings of longitude and latitude.
    polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

/// What a repair comes to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = GridRepair)]
pub(super) struct Repaired {
    /// What was in doubt; slivers that nobody would see are not told. Gaps first, the largest first.
    pieces: Vec<PieceTold>,
    /// The drawing with every piece given to somebody, as a GeoJSON feature collection.
    #[schema(value_type = Object)]
    grids: FeatureCollection,
}

/// Cuts a drawing into pieces and puts it together as was chosen. Not for an async thread.
///
/// # Errors
/// When the drawing cannot be laid out, or a choice names no piece or a grid that may not have it.
pub(super) fn repair(
    drawn: &DrawnGrids,
    around: &Surroundings,
    choices: &[Choice],
) -> Result<Repaired, (String, Message)> {
    let faces: Vec<(FaceId, MultiPolygon<f64>)> =
        drawn.grids.iter().map(|grid| (grid.face.id, grid.face.to_multi_polygon())).collect();
    let cut = Repair::of(&faces, around.outline.as_ref()).map_err(|error| {
        ("grids".to_owned(), message!("图形无法剖分：{error}", "the shapes cannot be laid out: {error}"))
    })?;
    let mut chosen: Vec<Option<FaceId>> = vec![None; cut.pieces().len()];
    for (i, choice) in choices.iter().enumerate() {
        let (piece, face) = find(drawn, &cut, choice).map_err(|why| (format!("choices[{i}]"), why))?;
        chosen[piece] = Some(face);
    }
    let code = |face: &FaceId| drawn.code(*face).cloned();
    let told = cut.pieces().iter().zip(&chosen).filter(|(piece, _)| piece.area_m2 >= ASKED_M2);
    let told = told.map(|(piece, chosen)| PieceTold {
        kind: piece.doubt.into(),
        codes: piece.faces.iter().filter_map(code).collect(),
        to: match piece.doubt {
            Doubt::Outside => None,
            _ => chosen.as_ref().or(piece.faces.first()).and_then(code),
        },
        chosen: chosen.is_some(),
        area_m2: piece.area_m2,
        at: [piece.at.x, piece.at.y],
        bbox: [piece.bbox.min().x, piece.bbox.min().y, piece.bbox.max().x, piece.bbox.max().y],
        polygons: positions(&piece.shape),
    });
    let shapes = cut.faces(|piece| chosen[piece]);
    let feature = |(face, shape): (FaceId, MultiPolygon<f64>)| {
        let DrawnGrid { code, name, kind, .. } = drawn.grids.get(face.0 as usize)?;
        let mut feature = Feature::from(Geometry::from(&shape));
        feature.set_property("code", code.as_str());
        if let Some(name) = name {
            feature.set_property("name", name.as_str());
        }
        if let Some(kind) = kind {
            feature.set_property("kind", kind.key());
        }
        Some(feature)
    };
    Ok(Repaired { pieces: told.collect(), grids: shapes.into_iter().filter_map(feature).collect() })
}

/// The piece and the grid that a choice names.
fn find(drawn: &DrawnGrids, cut: &Repair, choice: &Choice) -> Result<(usize, FaceId), Message> {
    let is_at = |piece: &Piece| {
        piece.at.x.to_bits() == choice.at[0].to_bits() && piece.at.y.to_bits() == choice.at[1].to_bits()
    };
    let (number, piece) = cut
        .pieces()
        .iter()
        .enumerate()
        .find(|(_, piece)| is_at(piece))
        .ok_or_else(|| message!("此处没有需要选择的地块", "there is no piece in doubt at this place"))?;
    let to = &choice.to;
    let may = piece.doubt != Doubt::Outside;
    let face = piece.faces.iter().copied().find(|face| may && drawn.code(*face) == Some(to));
    let face = face.ok_or_else(|| message!("该地块不能划给网格 {to}", "grid {to} cannot have this piece"))?;
    Ok((number, face))
}

fn positions(shape: &MultiPolygon<f64>) -> Vec<Vec<Vec<[f64; 2]>>> {
    let ring = |ring: &geo::LineString<f64>| ring.0.iter().map(|c| [c.x, c.y]).collect();
    shape.iter().map(|p| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect()).collect()
}
