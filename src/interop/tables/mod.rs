//! Layers as files: GeoJSON (RFC 7946), CSV (RFC 4180; UTF-8 or GB 18030) and XLSX (ECMA-376).
//!
//! Only the formats live here. What fits in a column and what becomes of a row is `domain::exchange`'s.

mod area;
mod csv_file;
mod extract;
mod format;
mod geojson_file;
mod heading;
mod http;
mod numbers;
mod template;
mod xlsx_file;

pub use area::read_area;
pub use extract::roads_of_extract;
pub use format::{Format, Headings, ReadError, WriteError, read, write};
pub(in crate::interop) use geojson_file::features;
pub use http::router;
pub use numbers::{Cells, Numbers, number, read_cells, read_numbers};
pub use template::template;
