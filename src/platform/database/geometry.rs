//! Geometries on their way into and out of the database as well-known binary: WGS84, longitude first.

use geo::{Geometry, LineString, MultiPolygon};
use geo_traits::to_geo::ToGeoGeometry;

/// Bytes from the database are not the geometry the column holds.
#[derive(Debug, thiserror::Error)]
pub enum GeometryError {
    /// Not well-known binary.
    #[error("not well-known binary")]
    Binary(#[from] wkb::error::WkbError),
    /// Another kind of geometry, or an empty one.
    #[error("not a polygon or a multipolygon")]
    NotAnArea,
    /// Another kind of geometry where a line was expected.
    #[error("not a line")]
    NotALine,
}

/// Reads a polygon or multipolygon. O(n) in the number of vertices.
///
/// # Errors
/// When the bytes hold anything else.
pub fn multi_polygon(bytes: &[u8]) -> Result<MultiPolygon<f64>, GeometryError> {
    match wkb::reader::read_wkb(bytes)?.try_to_geometry() {
        Some(Geometry::Polygon(polygon)) => Ok(polygon.into()),
        Some(Geometry::MultiPolygon(polygons)) => Ok(polygons),
        _ => Err(GeometryError::NotAnArea),
    }
}

/// Reads a line. O(n) in the number of vertices.
///
/// # Errors
/// When the bytes hold anything else.
pub fn line_string(bytes: &[u8]) -> Result<LineString<f64>, GeometryError> {
    match wkb::reader::read_wkb(bytes)?.try_to_geometry() {
        Some(Geometry::LineString(line)) => Ok(line),
        _ => Err(GeometryError::NotALine),
    }
}

/// Well-known binary of polygons, as `ST_GeomFromWKB` takes it. O(n) in the number of vertices.
///
/// # Errors
/// Only should the encoder refuse, which it does for no polygon.
pub fn to_wkb(polygons: &MultiPolygon<f64>) -> Result<Vec<u8>, GeometryError> {
    let mut bytes = Vec::new();
    wkb::writer::write_multi_polygon(&mut bytes, polygons, &wkb::writer::WriteOptions::default())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn reads_back_what_was_written() {
        let square =
            polygon![(x: 116.3, y: 35.0), (x: 116.4, y: 35.0), (x: 116.4, y: 35.1), (x: 116.3, y: 35.0)];
        let polygons = MultiPolygon::from(square);
        let mut bytes = to_wkb(&polygons).unwrap();
        assert_eq!(multi_polygon(&bytes).unwrap(), polygons);
        assert!(multi_polygon(&bytes[..20]).is_err());
        bytes.clear();
        let point = geo::Point::new(1.0, 2.0);
        wkb::writer::write_geometry(&mut bytes, &point, &wkb::writer::WriteOptions::default()).unwrap();
        assert!(matches!(multi_polygon(&bytes), Err(GeometryError::NotAnArea)));
    }
}
