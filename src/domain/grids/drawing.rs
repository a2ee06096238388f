//! Grids as somebody drew them: a GeoJSON feature collection (RFC 7946) in, checked codes and raw faces out.
//!
//! Never here: whether the faces fit together.

use geo::{Coord, MultiPolygon};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{GridKind, MAX_NAME};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::coverage::RawFace;
use crate::message;
use crate::platform::code::{GridCode, VillageCode};
use crate::platform::http::Fields;
use crate::platform::problem::Problem;

/// Most grids in one drawing: grids of one village have three digits of their own.
const MAX_GRIDS: usize = 999;

/// A GeoJSON feature collection of grids of one village, in WGS84 longitude and latitude.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub(crate) struct Drawing {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    kind: CollectionType,
    /// One feature per grid.
    features: Vec<Feature>,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(as = GridCollectionType)]
enum CollectionType {
    FeatureCollection,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(as = GridFeatureType)]
enum FeatureType {
    Feature,
}

/// A grid, drawn.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = GridFeature)]
struct Feature {
    /// `Feature`.
    #[serde(rename = "type")]
    kind: FeatureType,
    properties: Properties,
    geometry: Shape,
}

/// What is said about a drawn grid.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = GridProperties)]
struct Properties {
    /// 15 digits: the village's code and three more.
    #[schema(example = "370828003218001")]
    code: String,
    /// Its name; as it was, or after its number, when absent.
    name: Option<String>,
    /// Its kind; as it was, or base, when absent.
    kind: Option<GridKind>,
}

/// A polygon or multipolygon: positions of longitude and latitude in degrees.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = GridShape)]
#[serde(tag = "type", content = "coordinates")]
enum Shape {
    Polygon(Vec<Vec<Vec<f64>>>),
    MultiPolygon(Vec<Vec<Vec<Vec<f64>>>>),
}

/// Grids of one village whose codes are sound and different. A face's number is its grid's position.
#[derive(Debug, Clone)]
pub struct DrawnGrids {
    pub(crate) village: VillageCode,
    pub(crate) grids: Vec<DrawnGrid>,
}

/// One grid as drawn.
#[derive(Debug, Clone)]
pub struct DrawnGrid {
    /// Its code.
    pub code: GridCode,
    /// Its name; as it was, or after its number, when absent.
    pub name: Option<String>,
    /// Its kind; as it was, or base, when absent.
    pub kind: Option<GridKind>,
    /// Its shape; may have any defect.
    pub face: RawFace,
}

impl DrawnGrids {
    /// Takes sound polygons, such as an importer has.
    ///
    /// # Errors
    /// 422 when there is no grid, or they belong to more than one village, or one code is there twice.
    pub fn new(
        grids: impl IntoIterator<Item = (GridCode, Option<String>, Option<GridKind>, MultiPolygon<f64>)>,
    ) -> Result<Self, Problem> {
        let drawn = grids.into_iter().zip(0..).map(|((code, name, kind, polygons), number)| DrawnGrid {
            code,
            name,
            kind,
            face: RawFace::from((FaceId(number), &polygons)),
        });
        Self::of_one_village(drawn.collect(), "grids", Fields::default())
    }

    /// The grid of a face.
    pub(super) fn code(&self, face: FaceId) -> Option<&GridCode> {
        self.grids.get(face.0 as usize).map(|grid| &grid.code)
    }

    fn of_one_village(
        grids: Vec<DrawnGrid>,
        field: &'static str,
        mut fields: Fields,
    ) -> Result<Self, Problem> {
        let village = grids.first().map(|grid| grid.code.village());
        for (number, grid) in grids.iter().enumerate() {
            let at = format!("{field}.features[{number}].properties.code");
            if village.as_ref() != Some(&grid.code.village()) {
                let why = message!(
                    "一个方案只能包含同一个村的网格",
                    "a plan holds the grids of one village: this one is another's"
                );
                fields.refuse(at, why);
            } else if grids[..number].iter().any(|other| other.code == grid.code) {
                fields.refuse(at, message!("网格编码重复", "this code is there twice"));
            }
        }
        if !(1..=MAX_GRIDS).contains(&grids.len()) {
            let why = message!("应有 1 到 {MAX_GRIDS} 个网格", "between 1 and {MAX_GRIDS} grids");
            fields.refuse(format!("{field}.features"), why);
        }
        fields.finish()?;
        village.map(|village| Self { village, grids }).ok_or_else(Problem::invalid_fields)
    }
}

impl Drawing {
    /// Checks codes and names; shapes are taken as they are. `field` is where the collection stands in the request.
    ///
    /// # Errors
    /// 422 naming every field at fault.
    pub(crate) fn parse(self, field: &'static str) -> Result<DrawnGrids, Problem> {
        let CollectionType::FeatureCollection = self.kind;
        let mut fields = Fields::default();
        let mut grids = Vec::with_capacity(self.features.len());
        for (number, feature) in self.features.into_iter().enumerate() {
            let at = |part: &str| format!("{field}.features[{number}].{part}");
            let code = feature.properties.code.parse::<GridCode>().map_err(|error| error.message());
            let code = fields.take(at("properties.code"), code);
            let name = feature.properties.name.map(|name| name.trim().to_owned());
            let name = name.filter(|name| !name.is_empty());
            if name.as_ref().is_some_and(|name| name.chars().count() > MAX_NAME || name.contains('\0')) {
                fields.refuse(at("properties.name"), message!("名称过长", "at most {MAX_NAME} characters"));
            }
            let Some(polygons) = feature.geometry.polygons() else {
                let why = message!("每个点应为 [经度, 纬度]", "each position is [longitude, latitude]");
                fields.refuse(at("geometry.coordinates"), why);
                continue;
            };
            if let Some(code) = code {
                // As many as fit in 32 bits, or refused for their number.
                let face = RawFace::new(FaceId(grids.len() as u32), polygons);
                grids.push(DrawnGrid { code, name, kind: feature.properties.kind, face });
            }
        }
        fields.finish()?;
        DrawnGrids::of_one_village(grids, field, Fields::default())
    }
}

impl Shape {
    /// Rings of coordinates, if every position has two numbers at least; a height is left out.
    fn polygons(self) -> Option<Vec<Vec<Vec<Coord<f64>>>>> {
        let polygons = match self {
            Self::Polygon(rings) => vec![rings],
            Self::MultiPolygon(polygons) => polygons,
        };
        let position = |p: Vec<f64>| match p.as_slice() {
            &[x, y, ..] => Some(Coord { x, y }),
            _ => None,
        };
        let ring = |ring: Vec<Vec<f64>>| ring.into_iter().map(position).collect::<Option<Vec<_>>>();
        let polygon = |rings: Vec<Vec<Vec<f64>>>| rings.into_iter().map(ring).collect::<Option<Vec<_>>>();
        polygons.into_iter().map(polygon).collect()
    }
}
