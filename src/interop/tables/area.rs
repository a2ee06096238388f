//! An area out of any GeoJSON: all its polygons together. Never here: what the area is.

use geo::{CoordsIter, MultiPolygon, Polygon, unary_union};
use geojson::{GeoJson, Geometry};

use super::format::ReadError;
use super::geojson_file::features;
use crate::message;

/// Reads the polygons of a file, overlapping ones as one: a geometry, a feature, or a collection of either.
///
/// # Errors
/// When it is no GeoJSON, has no polygon, or has a ring without extent or a coordinate that is not a finite number.
pub fn read_area(bytes: &[u8]) -> Result<MultiPolygon<f64>, ReadError> {
    let geometries: Vec<Geometry> = match serde_json::from_slice(bytes) {
        Ok(GeoJson::Geometry(geometry)) => vec![geometry],
        _ => features(bytes)?.into_iter().filter_map(|feature| feature.geometry).collect(),
    };
    let mut polygons = Vec::new();
    for geometry in geometries {
        let parsed = geo::Geometry::<f64>::try_from(geometry)
            .map_err(|_| ReadError::new(message!("有图形无法读取", "a geometry cannot be read")))?;
        collect(parsed, &mut polygons);
    }
    if polygons.is_empty() {
        return Err(ReadError::new(message!("没有多边形", "there is no polygon")));
    }
    for (index, polygon) in polygons.iter().enumerate() {
        let number = index + 1;
        if polygon.coords_iter().any(|corner| !corner.x.is_finite() || !corner.y.is_finite()) {
            return Err(ReadError::new(message!(
                "第 {number} 个多边形有不是有限数值的坐标",
                "polygon {number} has a coordinate that is not a finite number"
            )));
        }
        if polygon.exterior().0.len() < 4 {
            return Err(ReadError::new(message!(
                "第 {number} 个多边形的环不足四个点",
                "polygon {number} has a ring of fewer than four positions"
            )));
        }
    }
    Ok(match polygons.len() {
        1 => polygons.into(),
        // Land that two of them hold is there once.
        _ => unary_union(&polygons),
    })
}

fn collect(geometry: geo::Geometry<f64>, polygons: &mut Vec<Polygon<f64>>) {
    match geometry {
        geo::Geometry::Polygon(polygon) => polygons.push(polygon),
        geo::Geometry::MultiPolygon(several) => polygons.extend(several),
        geo::Geometry::GeometryCollection(several) => {
            several.into_iter().for_each(|geometry| collect(geometry, polygons));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use geo::Area;

    use super::*;

    const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}"#;
    const BESIDE: &str = r#"{"type":"Polygon","coordinates":[[[1,0],[3,0],[3,2],[1,2],[1,0]]]}"#;

    #[test]
    fn all_polygons_of_a_file_are_one_area() {
        let feature =
            |geometry: &str| format!(r#"{{"type":"Feature","properties":{{}},"geometry":{geometry}}}"#);
        let all =
            format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, feature(SQUARE), feature(BESIDE));
        for (text, expected) in [(SQUARE.to_owned(), 4.0), (feature(SQUARE), 4.0), (all, 6.0)] {
            let area = read_area(text.as_bytes()).unwrap();
            assert!((area.unsigned_area() - expected).abs() < 1e-6, "{text}");
        }
    }

    #[test]
    fn what_is_no_area_is_told_so() {
        let why = |text: &str| read_area(text.as_bytes()).unwrap_err().0.en.to_string();
        assert_eq!(why(r#"{"type":"Point","coordinates":[0,0]}"#), "there is no polygon");
        assert!(why("x,y").contains("GeoJSON"));
        assert_eq!(
            why(r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#),
            "polygon 1 has a ring of fewer than four positions"
        );
    }
}
