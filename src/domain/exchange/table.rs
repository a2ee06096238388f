//! A file's rows as they were read: nothing checked yet but that the format could be read.

use chrono::NaiveDateTime;

use super::columns::Column;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing there.
    Empty,
    /// Text, trimmed.
    Text(String),
    /// A number, as spreadsheets and JSON know them.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// A spreadsheet's date or time, without a zone: the village's own clock.
    DateTime(NaiveDateTime),
    /// A list or object, from GeoJSON only.
    Json(serde_json::Value),
}

impl Cell {
    /// A cell from text: trimmed, empty when nothing is left.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let text = text.trim().trim_matches('\u{feff}');
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

/// Where a row's geometry is.
#[derive(Debug, Clone, PartialEq)]
pub enum GeometrySource {
    /// Nowhere.
    None,
    /// A GeoJSON geometry.
    GeoJson(geojson::Geometry),
    /// Longitude and latitude columns.
    LonLat(Cell, Cell),
    /// Well-known text.
    Wkt(String),
}

/// A row.
#[derive(Debug, Clone)]
pub struct RawRow {
    /// The number a person would find it by: the line of a table (headings are line 1), the feature of GeoJSON.
    pub number: usize,
    /// The cells of known columns.
    pub cells: Vec<(&'static Column, Cell)>,
    /// Where it lies.
    pub geometry: GeometrySource,
}

/// A file's rows.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The rows, in the file's order.
    pub rows: Vec<RawRow>,
    /// Headings that no column of the layer answers to.
    pub ignored: Vec<String>,
}
