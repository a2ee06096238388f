//! Roads and barriers: the lines of a GeoJSON file, and the outlines of its polygons.

use geo::{Coord, LineString};
use geojson::{GeometryValue, Position};

use crate::interop::tables::{ReadError, features};
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::locale::Message;

/// All lines of a file, in degrees. Points are left out.
///
/// # Errors
/// When the file is not GeoJSON or a position in it is no coordinate.
pub fn lines(bytes: &[u8]) -> Result<Vec<LineString<f64>>, ReadError> {
    let mut found = Vec::new();
    for (index, feature) in features(bytes)?.into_iter().enumerate() {
        let Some(geometry) = feature.geometry else { continue };
        collect(&geometry.value, &mut found).map_err(|why| {
            let row = index + 1;
            let Message { zh, en } = why;
            ReadError(message!("第 {row} 个要素：{zh}", "feature {row}: {en}"))
        })?;
    }
    Ok(found)
}

fn collect(value: &GeometryValue, found: &mut Vec<LineString<f64>>) -> Result<(), Message> {
    match value {
        GeometryValue::Point { .. } | GeometryValue::MultiPoint { .. } => {}
        GeometryValue::LineString { coordinates } => found.push(line(coordinates)?),
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            for part in coordinates {
                found.push(line(part)?);
            }
        }
        GeometryValue::MultiPolygon { coordinates } => {
            for part in coordinates.iter().flatten() {
                found.push(line(part)?);
            }
        }
        GeometryValue::GeometryCollection { geometries } => {
            for geometry in geometries {
                collect(&geometry.value, found)?;
            }
        }
    }
    Ok(())
}

pub(super) fn line(positions: &[Position]) -> Result<LineString<f64>, Message> {
    positions.iter().map(place).collect::<Result<Vec<_>, _>>().map(LineString)
}

/// A position as a coordinate; a height is left out.
pub(super) fn place(position: &Position) -> Result<Coord<f64>, Message> {
    let &[lon, lat, ..] = position.as_slice() else {
        return Err(message!("坐标应有经度和纬度", "a position has a longitude and a latitude"));
    };
    Wgs84::new(lon, lat).map(Coord::from).map_err(|error| Message::new(error.to_chinese(), error.to_string()))
}
