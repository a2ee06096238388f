//! Geometries on their way out of the database, as `ST_AsBinary` gives them: WGS84, longitude first.

use geo::{Geometry, MultiPolygon};
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

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn reads_back_what_was_written() {
        let square =
            polygon![(x: 116.3, y: 35.0), (x: 116.4, y: 35.0), (x: 116.4, y: 35.1), (x: 116.3, y: 35.0)];
        let mut bytes = Vec::new();
        wkb::writer::write_geometry(&mut bytes, &square, &wkb::writer::WriteOptions::default()).unwrap();
        assert_eq!(multi_polygon(&bytes).unwrap(), MultiPolygon::from(square));
        assert!(multi_polygon(&bytes[..20]).is_err());
        bytes.clear();
        let point = geo::Point::new(1.0, 2.0);
        wkb::writer::write_geometry(&mut bytes, &point, &wkb::writer::WriteOptions::default()).unwrap();
        assert!(matches!(multi_polygon(&bytes), Err(GeometryError::NotAnArea)));
    }
}
