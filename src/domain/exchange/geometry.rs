//! One row's geometry: from where the file has it to a sound geometry of the layer's kind in WGS84.

use std::str::FromStr;

use geo::Validation;
use geo::algorithm::validation::{InvalidMultiPolygon, InvalidPolygon};
use geo::{Coord, Geometry, InteriorPoint, LineString, MultiPolygon, Point, Polygon};
use geojson::GeometryValue;

use super::Kind;
use super::layer::GeometryKind;
use super::parse::parse;
use super::table::{Cell, GeometrySource};
use crate::kernel::geometry::{Crs, Wgs84, to_wgs84};
use crate::message;
use crate::platform::locale::Message;

/// Fewest positions of a closed ring (RFC 7946, section 3.1.6).
const RING_POSITIONS: usize = 4;

/// A sound geometry, longitude and latitude in WGS84 degrees.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    geometry: Geometry<f64>,
}

impl Shape {
    /// Hexadecimal well-known binary, as PostGIS casts it.
    pub(super) fn hex_wkb(&self) -> String {
        let mut bytes = Vec::new();
        // Writing to memory fails only for geometry types no layer has.
        let _ =
            wkb::writer::write_geometry(&mut bytes, &self.geometry, &wkb::writer::WriteOptions::default());
        bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
            use std::fmt::Write;
            let _ = write!(hex, "{byte:02X}");
            hex
        })
    }

    /// A point of the geometry that says where it lies: the point itself, or one surely inside or on it.
    pub(super) fn anchor(&self) -> Option<Point<f64>> {
        match &self.geometry {
            Geometry::Point(point) => Some(*point),
            // The middle vertex of a line is on it; the middle of its length may be, too, but costs more.
            Geometry::LineString(line) => line.0.get(line.0.len() / 2).map(|c| Point(*c)),
            other => other.interior_point(),
        }
    }

    /// The polygons, of a layer of areas.
    pub(super) fn polygons(&self) -> Option<&MultiPolygon<f64>> {
        match &self.geometry {
            Geometry::MultiPolygon(polygons) => Some(polygons),
            _ => None,
        }
    }
}

/// Reads the geometry of a row of a layer of `kind`, whose coordinates are in `crs`.
///
/// # Errors
/// The column at fault and why; `None` inside `Ok` when the row has no geometry.
pub(super) fn read(
    source: &GeometrySource,
    kind: GeometryKind,
    crs: Crs,
) -> Result<Option<Shape>, (&'static str, Message)> {
    let value = match source {
        GeometrySource::None | GeometrySource::LonLat(Cell::Empty, Cell::Empty) => return Ok(None),
        GeometrySource::GeoJson(geometry) => geometry.value.clone(),
        GeometrySource::LonLat(lon, lat) => {
            let degrees = |column, cell| {
                let value =
                    parse(Kind::Real { min: -1000.0, max: 1000.0 }, cell).map_err(|why| (column, why))?;
                value.as_f64().ok_or_else(|| (column, message!("缺少坐标", "the coordinate is missing")))
            };
            GeometryValue::Point { coordinates: vec![degrees("lon", lon)?, degrees("lat", lat)?].into() }
        }
        GeometrySource::Wkt(text) => {
            let parsed = wkt::Wkt::<f64>::from_str(text)
                .map_err(|_| ("wkt", message!("不是有效的 WKT 图形", "not well-known text")))?;
            let geometry = Geometry::<f64>::try_from(parsed)
                .map_err(|_| ("wkt", message!("不是有效的 WKT 图形", "not well-known text")))?;
            GeometryValue::from(&geometry)
        }
    };
    shape(value, kind, crs).map(Some).map_err(|why| ("geometry", why))
}

fn shape(value: GeometryValue, kind: GeometryKind, crs: Crs) -> Result<Shape, Message> {
    use GeometryKind as K;
    let geometry = match (kind, value) {
        (K::Point, GeometryValue::Point { coordinates }) => {
            Geometry::Point(Point(position(coordinates.as_slice(), crs)?))
        }
        (K::Line | K::LineOrArea, GeometryValue::LineString { coordinates }) => {
            Geometry::LineString(line(&coordinates, crs)?)
        }
        (K::Area | K::LineOrArea, GeometryValue::Polygon { coordinates }) => polygons(&[coordinates], crs)?,
        (K::Area | K::LineOrArea, GeometryValue::MultiPolygon { coordinates }) => {
            polygons(&coordinates, crs)?
        }
        (kind, other) => {
            let found = other.type_name();
            let (zh, en) = match kind {
                K::Point => ("点", "a Point"),
                K::Line => ("线（LineString）", "a LineString"),
                K::Area => ("面（Polygon 或 MultiPolygon）", "a Polygon or MultiPolygon"),
                K::LineOrArea => ("线或面", "a LineString, Polygon or MultiPolygon"),
            };
            return Err(message!("图形应为{zh}，现为 {found}", "{en} is expected, not a {found}"));
        }
    };
    Ok(Shape { geometry })
}

fn position(numbers: &[f64], crs: Crs) -> Result<Coord<f64>, Message> {
    let &[x, y, ..] = numbers else {
        return Err(message!("坐标应有经度和纬度两个数", "a position has longitude and latitude"));
    };
    let place: Wgs84 =
        to_wgs84(crs, x, y).map_err(|error| Message::new(error.to_chinese(), error.to_string()))?;
    Ok(Coord { x: place.lon(), y: place.lat() })
}

fn line(positions: &[geojson::Position], crs: Crs) -> Result<LineString<f64>, Message> {
    let mut coords = positions.iter().map(|p| position(p.as_slice(), crs)).collect::<Result<Vec<_>, _>>()?;
    coords.dedup();
    if coords.len() < 2 {
        return Err(message!("线至少要有两个不同的点", "a line has at least two distinct points"));
    }
    Ok(LineString(coords))
}

fn polygons(polygons: &[geojson::PolygonType], crs: Crs) -> Result<Geometry<f64>, Message> {
    let polygons = polygons.iter().map(|rings| polygon(rings, crs)).collect::<Result<Vec<_>, _>>()?;
    if polygons.is_empty() {
        return Err(message!("图形为空", "the geometry is empty"));
    }
    let shape = MultiPolygon(polygons);
    shape.check_validation().map_err(|error| invalid(&error))?;
    Ok(Geometry::MultiPolygon(shape))
}

fn polygon(rings: &[Vec<geojson::Position>], crs: Crs) -> Result<Polygon<f64>, Message> {
    let mut rings = rings.iter().map(|ring| ring_of(ring, crs)).collect::<Result<Vec<_>, _>>()?.into_iter();
    let shell = rings.next().ok_or_else(|| message!("图形为空", "the geometry is empty"))?;
    Ok(Polygon::new(shell, rings.collect()))
}

fn ring_of(positions: &[geojson::Position], crs: Crs) -> Result<LineString<f64>, Message> {
    if positions.len() < RING_POSITIONS {
        return Err(message!("多边形的环至少要有 4 个坐标", "a ring has at least 4 positions"));
    }
    // geo would close the ring silently; a ring left open is more likely cut short than meant.
    if positions.first() != positions.last() {
        return Err(message!(
            "多边形未闭合：首尾坐标应相同",
            "the polygon is not closed: its first and last positions differ"
        ));
    }
    Ok(LineString(positions.iter().map(|p| position(p.as_slice(), crs)).collect::<Result<_, _>>()?))
}

fn invalid(error: &InvalidMultiPolygon) -> Message {
    match error {
        InvalidMultiPolygon::InvalidPolygon(_, polygon) => match polygon {
            InvalidPolygon::TooFewPointsInRing(_) => {
                message!("多边形至少要有 3 个不同的点", "a polygon has at least 3 distinct points")
            }
            InvalidPolygon::SelfIntersection(_) => {
                message!("多边形边界自相交", "the polygon's outline crosses itself")
            }
            InvalidPolygon::NonFiniteCoord(..) => {
                message!("坐标不是有限的数", "a coordinate is not a finite number")
            }
            InvalidPolygon::InteriorRingNotContainedInExteriorRing(_) => {
                message!("多边形的洞在外环之外", "a hole lies outside the polygon")
            }
            InvalidPolygon::IntersectingRingsOnALine(..) | InvalidPolygon::IntersectingRingsOnAnArea(..) => {
                message!("多边形的环互相重叠", "rings of the polygon overlap")
            }
        },
        _ => message!("同一图形的多个面互相重叠", "polygons of the same geometry overlap"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_json(
        kind: GeometryKind,
        value: serde_json::Value,
    ) -> Result<Option<Shape>, (&'static str, Message)> {
        read(&GeometrySource::GeoJson(serde_json::from_value(value).unwrap()), kind, Crs::Wgs84)
    }

    fn refusal(kind: GeometryKind, value: serde_json::Value) -> String {
        read_json(kind, value).unwrap_err().1.en.into_owned()
    }

    #[test]
    fn what_cannot_be_a_place_is_refused_with_its_reason() {
        let area = GeometryKind::Area;
        let polygon = |rings: serde_json::Value| json!({"type": "Polygon", "coordinates": rings});
        for (value, reason) in [
            (polygon(json!([[[0, 0], [1, 0], [1, 1], [0, 1]]])), "not closed"),
            (polygon(json!([[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]])), "crosses itself"),
            (
                polygon(json!([[[0, 0], [1, 0], [1, 1], [0, 0]], [[5, 5], [6, 5], [6, 6], [5, 5]]])),
                "hole lies outside",
            ),
            (polygon(json!([[[35.0, 116.0], [35.1, 116.0], [35.1, 116.1], [35.0, 116.0]]])), "swapped"),
            (polygon(json!([])), "empty"),
            (json!({"type": "Point", "coordinates": [0, 0]}), "Polygon or MultiPolygon is expected"),
        ] {
            let found = refusal(area, value);
            assert!(found.contains(reason), "{found:?} does not say {reason:?}");
        }
    }

    #[test]
    fn gcj02_is_converted_on_the_way_in() {
        let source =
            GeometrySource::LonLat(Cell::Number(116.410_244_499_169_38), Cell::text("39.91640428150164"));
        let shape = read(&source, GeometryKind::Point, Crs::Gcj02).unwrap().unwrap();
        let point = shape.anchor().unwrap();
        assert!((point.x() - 116.404).abs() < 1e-7 && (point.y() - 39.915).abs() < 1e-7, "{point:?}");
    }

    #[test]
    fn well_known_text_and_geojson_agree() {
        let text = GeometrySource::Wkt("POLYGON((0 0,1 0,1 1,0 0))".into());
        let from_text = read(&text, GeometryKind::Area, Crs::Wgs84).unwrap().unwrap();
        let json = json!({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]});
        let from_json = read_json(GeometryKind::Area, json).unwrap().unwrap();
        assert_eq!(from_text.hex_wkb(), from_json.hex_wkb());
    }
}
