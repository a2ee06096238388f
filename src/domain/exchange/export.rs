//! A layer's rows as they leave, with the fields they came in with.

use geo::Geometry;
use serde_json::{Map, Value};
use sqlx::PgConnection;

use super::columns::{Kind, columns};
use super::layer::{GeometryKind, Layer};
use super::store;
use super::table::Cell;
use crate::kernel::geometry::{Crs, Wgs84};
use crate::platform::problem::Problem;

/// Decimals of a degree: a centimetre.
const DECIMALS: i32 = 7;

/// A row.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The fields, by the keys of the layer's columns.
    pub properties: Map<String, Value>,
    /// Where it lies, as GeoJSON.
    pub geometry: Option<geojson::Geometry>,
}

/// The rows of `layer` that the transaction may see, in the order of their codes, coordinates in `crs`.
/// Identities (telephone and identity numbers) are masked unless `with_identities`; row-level security has the
/// last word on both.
///
/// # Errors
/// When the database fails.
pub async fn export(
    connection: &mut PgConnection,
    layer: Layer,
    crs: Crs,
    with_identities: bool,
) -> Result<Vec<Exported>, Problem> {
    let rows = store::export(connection, layer, with_identities).await?;
    rows.into_iter()
        .map(|(properties, geometry)| {
            let Value::Object(mut properties) = properties else {
                return Err(Problem::internal(&NotAnObject));
            };
            properties.retain(|_, value| !value.is_null());
            let geometry = geometry
                .map(serde_json::from_value::<geojson::Geometry>)
                .transpose()
                .map_err(|error| Problem::internal(&error))?
                .map(|geometry| in_crs(geometry, crs));
            Ok(Exported { properties, geometry })
        })
        .collect()
}

#[derive(Debug, thiserror::Error)]
#[error("a layer's row is not a JSON object")]
struct NotAnObject;

impl Exported {
    /// The cells of a table, in the order of the layer's headings.
    #[must_use]
    pub fn cells(&self, layer: Layer) -> Vec<Cell> {
        let mut cells: Vec<Cell> = columns(layer)
            .iter()
            .filter(|column| column.in_tables())
            .map(|column| match (column.kind, self.properties.get(column.key)) {
                (_, None | Some(Value::Null)) => Cell::Empty,
                (_, Some(Value::Bool(value))) => Cell::Bool(*value),
                (Kind::Integer { .. } | Kind::Real { .. }, Some(Value::Number(number))) => {
                    number.as_f64().map_or(Cell::Empty, Cell::Number)
                }
                (_, Some(Value::String(text))) => Cell::Text(text.clone()),
                (_, Some(other)) => Cell::Text(other.to_string()),
            })
            .collect();
        let shape = self.geometry.as_ref().and_then(|geometry| Geometry::<f64>::try_from(geometry).ok());
        match (layer.geometry(), shape) {
            (GeometryKind::Point, Some(Geometry::Point(point))) => {
                cells.extend([Cell::Number(point.x()), Cell::Number(point.y())]);
            }
            (GeometryKind::Point, _) => cells.extend([Cell::Empty, Cell::Empty]),
            (_, Some(shape)) => cells.push(Cell::Text(wkt::ToWkt::wkt_string(&shape))),
            (_, None) => cells.push(Cell::Empty),
        }
        cells
    }
}

/// The geometry with its coordinates in `crs`, which the store's own WGS84 becomes at this edge only.
fn in_crs(geometry: geojson::Geometry, crs: Crs) -> geojson::Geometry {
    use geo::MapCoords;
    let convert: fn(Wgs84) -> (f64, f64) = match crs {
        // The same to within a metre; see `kernel::geometry::coordinate`.
        Crs::Wgs84 | Crs::Cgcs2000 => return geometry,
        Crs::Gcj02 => |place| {
            let place = place.to_gcj02();
            (place.lon(), place.lat())
        },
        Crs::Bd09 => |place| {
            let place = place.to_gcj02().to_bd09();
            (place.lon(), place.lat())
        },
    };
    let Ok(shape) = Geometry::<f64>::try_from(&geometry) else { return geometry };
    let scale = 10_f64.powi(DECIMALS);
    let shape = shape.map_coords(|c| {
        let (x, y) = Wgs84::new(c.x, c.y).map_or((c.x, c.y), convert);
        geo::Coord { x: (x * scale).round() / scale, y: (y * scale).round() / scale }
    });
    geojson::Geometry::new(geojson::GeometryValue::from(&shape))
}
