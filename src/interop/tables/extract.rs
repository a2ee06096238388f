//! The roads of an OpenStreetMap extract as rows of their layer.

use super::format::ReadError;
use super::geojson_file;
use crate::domain::exchange::{Layer, Table};
use crate::interop::osm::{self, OsmError};
use crate::message;

/// Reads the rows of `layer` from an extract; it is read for its roads only.
///
/// # Errors
/// When another layer is wanted, or the file gives no roads.
pub fn roads_of_extract(layer: Layer, bytes: &[u8]) -> Result<Table, ReadError> {
    if layer != Layer::Roads {
        return Err(ReadError::new(message!(
            ".osm.pbf 文件只能导入道路（roads）",
            "only roads can be imported from an .osm.pbf file"
        )));
    }
    let features = osm::roads(bytes).map_err(|OsmError(why)| ReadError::new(why))?;
    Ok(geojson_file::table(layer, features))
}
