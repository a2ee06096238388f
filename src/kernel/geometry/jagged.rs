//! Random seamless coverages for tests: a lattice of faces whose seams are jagged polylines.
//!
//! Synthetic, and built so that awkward cases abound: every coordinate is a multiple of 2⁻¹⁰ degrees, so
//! midpoints are exact, points fall on edges, and an oracle can work in integers.

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::FaceId;

/// Coordinates are multiples of this many degrees.
pub(crate) const STEP: f64 = 1.0 / 1024.0;
/// Steps between lattice nodes.
const CELL: i64 = 64;

/// A small deterministic generator (`SplitMix64`, S. Vigna 2015): tests must not depend on a crate's stream.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64).cast_signed()
    }
}

type Steps = (i64, i64);

/// The offsets of a seam's inner vertices: (along, across), kept in the diamond between its two nodes, so that
/// seams meet nowhere but at nodes.
fn seam(random: &mut Random, vertices: i64) -> Vec<Steps> {
    let mut along: Vec<i64> = (0..vertices).map(|_| random.between(1, CELL - 1)).collect();
    along.sort_unstable();
    along.dedup();
    along
        .into_iter()
        .map(|t| {
            let room = t.min(CELL - t) - 1;
            (t, random.between(-room, room))
        })
        .collect()
}

/// A coverage of `columns` × `rows` faces numbered from 0 in rows from the south-west, whose seams have up to
/// `vertices` inner vertices. The south-western node is at (100°, 30°).
pub(crate) fn coverage(
    seed: u64,
    columns: i64,
    rows: i64,
    vertices: i64,
) -> Vec<(FaceId, MultiPolygon<f64>)> {
    let mut random = Random(seed);
    let seams = |random: &mut Random| -> Vec<Vec<Steps>> {
        (0..(columns + 1) * (rows + 1)).map(|_| seam(random, vertices)).collect()
    };
    let (eastward, northward) = (seams(&mut random), seams(&mut random));
    let index = |i: i64, j: i64| (j * (columns + 1) + i) as usize;
    let east_from = |i: i64, j: i64| -> Vec<Steps> {
        let node = (i * CELL, j * CELL);
        let inner = eastward[index(i, j)].iter().map(|&(t, d)| (node.0 + t, node.1 + d));
        std::iter::once(node).chain(inner).collect()
    };
    let north_from = |i: i64, j: i64| -> Vec<Steps> {
        let node = (i * CELL, j * CELL);
        let inner = northward[index(i, j)].iter().map(|&(t, d)| (node.0 + d, node.1 + t));
        std::iter::once(node).chain(inner).collect()
    };
    let backwards = |mut seam: Vec<Steps>, end: Steps| -> Vec<Steps> {
        seam.reverse();
        seam.pop();
        seam.insert(0, end);
        seam
    };
    let mut faces = Vec::new();
    for j in 0..rows {
        for i in 0..columns {
            let mut ring = east_from(i, j);
            ring.extend(north_from(i + 1, j));
            ring.extend(backwards(east_from(i, j + 1), ((i + 1) * CELL, (j + 1) * CELL)));
            ring.extend(backwards(north_from(i, j), (i * CELL, (j + 1) * CELL)));
            ring.push(ring[0]);
            let ring: LineString<f64> = ring.into_iter().map(degrees).collect();
            let id = FaceId((j * columns + i) as u32);
            faces.push((id, MultiPolygon::from(Polygon::new(ring, vec![]))));
        }
    }
    faces
}

/// Lattice steps to degrees.
pub(crate) fn degrees((x, y): Steps) -> Coord<f64> {
    Coord { x: 100.0 + x as f64 * STEP, y: 30.0 + y as f64 * STEP }
}

/// Points that fall on vertices, on edges, on the lattice and anywhere, in and around the coverage.
pub(crate) fn points(
    seed: u64,
    faces: &[(FaceId, MultiPolygon<f64>)],
    columns: i64,
    rows: i64,
) -> Vec<Coord<f64>> {
    let mut random = Random(seed);
    let mut out = Vec::new();
    for line in faces.iter().flat_map(|(_, f)| f.iter()).flat_map(|p| p.exterior().lines()) {
        out.push(line.start);
        let (a, b) = (line.start, line.end);
        out.push(Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) });
    }
    for _ in 0..300 {
        let x = random.between(-CELL, (columns + 1) * CELL);
        let y = random.between(-CELL, (rows + 1) * CELL);
        out.push(degrees((x, y)));
    }
    out
}
