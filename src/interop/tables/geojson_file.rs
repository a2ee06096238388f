//! GeoJSON (RFC 7946): a `FeatureCollection`, or features one per line (RFC 8142).

use std::io::Write;

use geojson::{Feature, GeoJson};
use serde_json::Value;

use super::format::{ReadError, WriteError};
use crate::domain::exchange::{Cell, Column, Exported, GeometrySource, Layer, RawRow, Table, columns, osm};
use crate::message;

pub(super) fn read(layer: Layer, bytes: &[u8]) -> Result<Table, ReadError> {
    Ok(table(layer, features(bytes)?))
}

/// The features of a file, whatever they are.
pub(in crate::interop) fn features(bytes: &[u8]) -> Result<Vec<Feature>, ReadError> {
    let text = std::str::from_utf8(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes))
        .map_err(|_| ReadError::new(message!("GeoJSON 应为 UTF-8 编码", "GeoJSON is UTF-8")))?;
    match serde_json::from_str::<GeoJson>(text) {
        Ok(GeoJson::FeatureCollection(collection)) => Ok(collection.features),
        Ok(GeoJson::Feature(feature)) => Ok(vec![feature]),
        Ok(GeoJson::Geometry(_)) => Err(ReadError::new(message!(
            "应为 FeatureCollection，而不是单个图形",
            "a FeatureCollection is expected, not a bare geometry"
        ))),
        Err(error) => lines(text).ok_or_else(|| not_geojson(&error)),
    }
}

/// The table of a layer's features.
pub(super) fn table(layer: Layer, features: Vec<Feature>) -> Table {
    let mut rows = Vec::with_capacity(features.len());
    let mut ignored = Vec::new();
    for (index, feature) in features.into_iter().enumerate() {
        rows.push(row(layer, index + 1, feature, &mut ignored));
    }
    Table { rows, ignored }
}

/// Features one per line, if that is what `text` is.
fn lines(text: &str) -> Option<Vec<Feature>> {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim_start_matches('\u{1e}').trim())
        .filter(|line| !line.is_empty())
        .collect();
    if lines.len() < 2 {
        return None;
    }
    lines.into_iter().map(|line| serde_json::from_str(line).ok()).collect()
}

fn not_geojson(error: &serde_json::Error) -> ReadError {
    let (line, column) = (error.line(), error.column());
    if error.is_data() || line == 0 {
        ReadError::new(message!("不是有效的 GeoJSON", "not valid GeoJSON"))
    } else {
        ReadError::new(message!(
            "第 {line} 行第 {column} 列起不是有效的 GeoJSON（文件可能不完整）",
            "not valid GeoJSON from line {line} column {column} (the file may be cut short)"
        ))
    }
}

fn row(layer: Layer, number: usize, feature: Feature, ignored: &mut Vec<String>) -> RawRow {
    let mut properties = feature.properties.unwrap_or_default();
    osm::translate(layer, &mut properties);
    let mut cells = Vec::new();
    for (key, value) in properties {
        match columns(layer).iter().find(|column| column.key == key || column.zh == key) {
            Some(column) => cells.push((column as &'static Column, cell(value))),
            None if !ignored.contains(&key) => ignored.push(key),
            None => {}
        }
    }
    let geometry = feature.geometry.map_or(GeometrySource::None, GeometrySource::GeoJson);
    RawRow { number, cells, geometry }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(value) => Cell::Bool(value),
        Value::Number(number) => number.as_f64().map_or(Cell::Empty, Cell::Number),
        Value::String(text) => Cell::text(&text),
        other => Cell::Json(other),
    }
}

pub(super) fn write(layer: Layer, rows: &[Exported], out: &mut dyn Write) -> Result<(), WriteError> {
    write!(out, "{{\"type\":\"FeatureCollection\",\"name\":\"{}\",\"features\":[", layer.key())?;
    for (index, row) in rows.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        let feature = serde_json::json!({
            "type": "Feature",
            "properties": &row.properties,
            "geometry": &row.geometry,
        });
        serde_json::to_writer(&mut *out, &feature)?;
    }
    out.write_all(b"\n]}\n")?;
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_and_lines_give_the_same_rows() {
        let feature = r#"{"type":"Feature","properties":{"code":"W1","kind":"pond","外":1},"geometry":{"type":"Point","coordinates":[1,2]}}"#;
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature},{feature}]}}"#);
        let lines = format!("{feature}\n{feature}\n");
        for text in [collection, lines] {
            let table = read(Layer::Water, text.as_bytes()).unwrap();
            assert_eq!((table.rows.len(), table.rows[1].number), (2, 2));
            assert_eq!(table.ignored, ["外"]);
        }
    }

    #[test]
    fn a_truncated_file_says_where_it_breaks_off() {
        let error =
            read(Layer::Water, br#"{"type":"FeatureCollection","features":[{"type":"Fea"#).unwrap_err();
        assert!(error.0.en.contains("not valid GeoJSON"), "{}", error.0.en);
    }
}
