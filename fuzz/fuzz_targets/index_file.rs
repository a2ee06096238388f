//! Any bytes as a saved index, and saved indexes with bytes changed under a checksum that fits: they are refused, or
//! answer something, and nothing panics.

#![no_main]

use std::sync::LazyLock;

use geo::{Coord, LineString, MultiPolygon, Polygon};
use gridkeeper::kernel::geometry::{FaceId, GridIndex, Wgs84};
use libfuzzer_sys::fuzz_target;
use twox_hash::XxHash3_64;

static SAVED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let faces = (0..9_u32).map(|i| {
        let (x, y) = (116.0 + f64::from(i % 3), 35.0 + f64::from(i / 3));
        let corners = [(0.0, 0.0), (0.5, 0.1), (1.0, 0.0), (1.0, 1.0), (0.5, 1.1), (0.0, 1.0)];
        let ring: LineString<f64> = corners.iter().map(|&(dx, dy)| Coord { x: x + dx, y: y + dy }).collect();
        (FaceId(i), MultiPolygon::from(Polygon::new(ring, vec![])))
    });
    GridIndex::build(faces).expect("sound faces").save(b"notes")
});

fn look_around(index: &GridIndex) {
    for i in 0..200_i32 {
        let place = Wgs84::new(115.5 + f64::from(i % 20) * 0.19, 34.5 + f64::from(i / 20) * 0.43);
        if let Ok(place) = place {
            let _ = (index.locate(place), index.nearest(place), index.distance_to_boundary_m(place));
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(index) = GridIndex::open(bytes.to_vec()) {
        look_around(&index);
    }
    // Triples of bytes: where to write, and what.
    let mut forged = SAVED.clone();
    for change in bytes.chunks_exact(3) {
        let at = (usize::from(change[0]) << 8 | usize::from(change[1])) % forged.len();
        forged[at] = change[2];
    }
    // The layout is in `kernel::geometry::grid_index::saved`; so small a file is one block.
    let sum = XxHash3_64::oneshot(&XxHash3_64::oneshot(&forged[24..]).to_ne_bytes());
    forged[16..24].copy_from_slice(&sum.to_ne_bytes());
    if let Ok(index) = GridIndex::open(forged) {
        look_around(&index);
    }
});
