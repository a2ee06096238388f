//! Which format a file is in, and the door to each.

use std::io::Write;

use super::{csv_file, geojson_file, xlsx_file};
use crate::domain::exchange::{Exported, Layer, Table};
use crate::message;
use crate::platform::locale::Message;

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON, RFC 7946.
    GeoJson,
    /// Comma-separated values, RFC 4180.
    Csv,
    /// A spreadsheet, ECMA-376.
    Xlsx,
}

impl Format {
    /// The format a file's name ends in.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match ending.as_str() {
            "geojson" | "json" => Some(Self::GeoJson),
            "csv" | "txt" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The usual ending of a file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Which language the headings of a table are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headings {
    /// The Chinese headings a clerk expects.
    Zh,
    /// The keys.
    En,
}

/// A file that could not be read as its format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReadError(pub Message);

impl ReadError {
    pub(super) fn new(why: Message) -> Self {
        Self(why)
    }
}

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The output refused.
    #[error("cannot write the file")]
    Io(#[from] std::io::Error),
    /// The spreadsheet could not be assembled.
    #[error("cannot assemble the spreadsheet")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// A row could not be written as CSV.
    #[error("cannot write the table")]
    Csv(#[from] csv::Error),
    /// A row could not be written as JSON.
    #[error("cannot write the GeoJSON")]
    Json(#[from] serde_json::Error),
}

/// Reads `bytes` as a file of `layer`.
///
/// # Errors
/// When the format cannot be read at all. What is wrong in its cells is found later, row by row.
pub fn read(format: Format, layer: Layer, bytes: &[u8]) -> Result<Table, ReadError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::new(message!("文件为空", "the file is empty")));
    }
    match format {
        Format::GeoJson => geojson_file::read(layer, bytes),
        Format::Csv => csv_file::read(layer, bytes),
        Format::Xlsx => xlsx_file::read(layer, bytes),
    }
}

/// Writes rows of `layer`.
///
/// # Errors
/// When the output refuses.
pub fn write(
    format: Format,
    layer: Layer,
    headings: Headings,
    rows: &[Exported],
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    match format {
        Format::GeoJson => geojson_file::write(layer, rows, out),
        Format::Csv => csv_file::write(layer, headings, rows, out),
        Format::Xlsx => xlsx_file::write(layer, headings, rows, out),
    }
}
