//! From a table's headings to a layer's columns, in either language; and the cells of a row by them.

use std::collections::HashSet;

use super::format::ReadError;
use crate::domain::exchange::{Cell, Column, GeometryKind, GeometrySource, Layer, RawRow, columns};
use crate::message;

/// What a table's column is.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Field(&'static Column),
    Lon,
    Lat,
    Wkt,
    Unknown,
}

/// The headings of one table.
pub(super) struct Header {
    meanings: Vec<Meaning>,
    /// Headings no column answers to.
    pub(super) ignored: Vec<String>,
}

/// The headings of coordinates, beside those of the columns.
pub(super) const LON: (&str, &str) = ("lon", "经度");
pub(super) const LAT: (&str, &str) = ("lat", "纬度");
pub(super) const WKT: (&str, &str) = ("wkt", "图形");

impl Header {
    /// Understands `headings`.
    ///
    /// # Errors
    /// When a required column is missing or one stands twice.
    pub(super) fn understand(layer: Layer, headings: &[String]) -> Result<Self, ReadError> {
        let mut seen: HashSet<&'static str> = HashSet::new();
        let mut meanings = Vec::with_capacity(headings.len());
        let mut ignored = Vec::new();
        for heading in headings {
            let meaning = meaning(layer, heading);
            let key = match meaning {
                Meaning::Field(column) => Some(column.key),
                Meaning::Lon => Some(LON.0),
                Meaning::Lat => Some(LAT.0),
                Meaning::Wkt => Some(WKT.0),
                Meaning::Unknown => None,
            };
            match key {
                Some(key) if !seen.insert(key) => {
                    return Err(ReadError::new(message!(
                        "表头“{heading}”重复",
                        "the heading {heading:?} stands twice"
                    )));
                }
                None if !heading.trim().is_empty() => ignored.push(heading.clone()),
                _ => {}
            }
            meanings.push(meaning);
        }
        let mut missing: Vec<(&str, &str)> = columns(layer)
            .iter()
            .filter(|column| column.required && !seen.contains(column.key))
            .map(|column| (column.key, column.zh))
            .collect();
        if layer.needs_geometry() {
            let wanted: &[(&str, &str)] =
                if layer.geometry() == GeometryKind::Point { &[LON, LAT] } else { &[WKT] };
            missing.extend(wanted.iter().filter(|(key, _)| !seen.contains(key)));
        }
        if missing.is_empty() {
            return Ok(Self { meanings, ignored });
        }
        let zh = missing.iter().map(|(_, zh)| *zh).collect::<Vec<_>>().join("、");
        let en = missing.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
        Err(ReadError::new(message!("第一行缺少表头：{zh}", "the first row lacks the headings {en}")))
    }

    /// A row from its cells; `None` when all are empty.
    pub(super) fn row(&self, number: usize, cells: Vec<Cell>) -> Option<RawRow> {
        if cells.iter().all(|cell| *cell == Cell::Empty) {
            return None;
        }
        let mut fields = Vec::new();
        let (mut lon, mut lat) = (Cell::Empty, Cell::Empty);
        let mut geometry = GeometrySource::None;
        for (meaning, cell) in self.meanings.iter().zip(cells) {
            match meaning {
                Meaning::Field(column) => fields.push((*column, cell)),
                Meaning::Lon => lon = cell,
                Meaning::Lat => lat = cell,
                Meaning::Wkt => {
                    if let Cell::Text(text) = cell {
                        geometry = GeometrySource::Wkt(text);
                    }
                }
                Meaning::Unknown => {}
            }
        }
        if lon != Cell::Empty || lat != Cell::Empty {
            geometry = GeometrySource::LonLat(lon, lat);
        }
        Some(RawRow { number, cells: fields, geometry })
    }
}

fn meaning(layer: Layer, heading: &str) -> Meaning {
    // "面积（㎡）", "面积*" and "面积" are the same column.
    let bare = heading.trim().trim_matches('\u{feff}').trim_end_matches('*');
    let bare = bare.split(['（', '(']).next().unwrap_or(bare).trim().to_lowercase();
    let is = |(key, zh): (&str, &str)| bare == key || bare == zh;
    if let Some(column) = columns(layer).iter().find(|column| is((column.key, column.zh))) {
        return Meaning::Field(column);
    }
    match layer.geometry() {
        GeometryKind::Point if is(LON) || bare == "longitude" || bare == "lng" => Meaning::Lon,
        GeometryKind::Point if is(LAT) || bare == "latitude" => Meaning::Lat,
        GeometryKind::Line | GeometryKind::Area | GeometryKind::LineOrArea if is(WKT) => Meaning::Wkt,
        _ => Meaning::Unknown,
    }
}
