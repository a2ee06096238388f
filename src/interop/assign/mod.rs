//! Bulk assignment: files of grids and of points in, a file of which point is in which grid out.
//!
//! Grids are GeoJSON, newline-delimited GeoJSON or `FlatGeobuf`; points and answers CSV or Parquet, and over HTTP CSV or
//! GeoJSON, to the published grids. Which grid owns a point is `kernel::geometry`'s to say; here are only files, and a
//! pipeline that keeps all processors busy in bounded memory.

mod arrived;
mod assigned;
mod body;
mod csv_points;
mod features;
mod flatgeobuf;
mod form;
mod geojson;
mod geojson_cut;
mod geojson_points;
mod grid_file;
mod http;
mod parquet_points;
mod point_file;
mod positions;
mod question;
mod refusal;
mod run;
mod saved_index;
mod turns;

pub use assigned::OutputFormat;
pub use grid_file::{Grids, ID_PROPERTIES, read_grids};
pub use http::{PATH, router};
pub use point_file::{LATITUDES, LONGITUDES, PointColumns, PointFile};
pub use refusal::{Fault, MOST_LISTED, Refusal, Spot};
pub use run::{Progress, Tally, assign};
pub use saved_index::{IndexedGrids, Kept, Origin, open as open_index, save as save_index};
pub use turns::Turns;
