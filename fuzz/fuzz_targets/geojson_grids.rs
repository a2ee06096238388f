//! Any bytes as a file of grids: they are read or refused, and what is read can be indexed.

#![no_main]

use std::path::Path;

use gridkeeper::interop::assign::read_grids;
use gridkeeper::kernel::geometry::GridIndex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(grids) = read_grids(Path::new("fuzz.geojson"), bytes, None) {
        assert_eq!(grids.labels.len(), grids.faces.len());
        let faces = grids.faces.iter().map(|face| (face.id, face.to_multi_polygon()));
        GridIndex::build(faces).expect("grids without defects can be indexed");
    }
});
