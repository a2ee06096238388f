//! Faces and points as other programs read them.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use geo::MultiPolygon;
use gridkeeper::kernel::geometry::{FaceId, Wgs84};

/// A face as well-known binary (OGC 06-103r4, section 8), little-endian.
fn wkb(face: &MultiPolygon<f64>) -> Vec<u8> {
    let mut out = Vec::new();
    let header = |kind: u32, count: usize, out: &mut Vec<u8>| {
        out.push(1);
        out.extend(kind.to_le_bytes());
        out.extend((count as u32).to_le_bytes());
    };
    header(6, face.0.len(), &mut out);
    for part in face {
        header(3, 1 + part.interiors().len(), &mut out);
        for ring in std::iter::once(part.exterior()).chain(part.interiors()) {
            out.extend((ring.0.len() as u32).to_le_bytes());
            ring.0.iter().for_each(|c| out.extend([c.x, c.y].map(f64::to_le_bytes).as_flattened()));
        }
    }
    out
}

/// The same in hexadecimal digits.
pub(crate) fn hex(face: &MultiPolygon<f64>) -> String {
    wkb(face).iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Leaves `NAME.faces` (each face's length and its well-known binary) and `NAME.points` (pairs of doubles) in a folder.
pub(crate) fn leave(folder: &Path, name: &str, faces: &[(FaceId, MultiPolygon<f64>)], points: &[Wgs84]) {
    fs::create_dir_all(folder).expect("a folder");
    let create =
        |ending| BufWriter::new(File::create(folder.join(format!("{name}.{ending}"))).expect("a file"));
    let mut out = create("faces");
    for (_, face) in faces {
        let bytes = wkb(face);
        out.write_all(&(bytes.len() as u32).to_le_bytes()).expect("writes");
        out.write_all(&bytes).expect("writes");
    }
    out.flush().expect("writes");
    let mut out = create("points");
    for point in points {
        out.write_all([point.lon(), point.lat()].map(f64::to_le_bytes).as_flattened()).expect("writes");
    }
    out.flush().expect("writes");
}
