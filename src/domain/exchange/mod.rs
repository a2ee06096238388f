//! Exchange (数据交换): whole layers in and out, for clerks with spreadsheets and people with a GIS.
//!
//! A file becomes a [`Table`] of raw cells (`interop::tables` reads the formats), [`prepare`] checks every cell
//! against the layer's [`columns`] and every geometry against what the layer holds, and [`import`] writes all of
//! it in one transaction or none. [`export`] gives the same fields back.

mod columns;
mod export;
mod fault;
mod geometry;
mod grids;
mod import;
mod layer;
pub mod osm;
mod parse;
mod prepare;
mod residents;
pub mod road_use;
mod same_shape;
mod store;
mod table;

pub use columns::{Column, Kind, columns};
pub use export::{Exported, export};
pub use fault::{Fault, Faults, MAX_LISTED};
pub use import::{ImportError, Imported, import};
pub use layer::{GeometryKind, Layer};
pub use prepare::{Prepared, prepare};
pub use table::{Cell, GeometrySource, RawRow, Table};
