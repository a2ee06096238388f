//! OpenStreetMap extracts in the PBF format, read as the GeoJSON features `OpenStreetMap` tools make of them.
//!
//! Format: the OpenStreetMap wiki, "PBF Format". Never here: what the tags mean; that is `domain::exchange`'s.

mod pbf;

pub use pbf::{OsmError, is_pbf, roads};
