//! Small polygons on a lattice, where borders touch, cross and run along each other all the time: a coverage is built
//! from them or refused. One that was built gives its faces back as they came, and keeps land, outline and seams
//! through whatever edits follow; undone, they leave nothing behind.

#![no_main]

use geo::{Area, Coord, MultiPolygon};
use gridkeeper::kernel::geometry::coverage::{
    CheckOptions, Coverage, Edit, RawFace, Rim, Topology, overlaps,
};
use gridkeeper::kernel::geometry::{FaceId, Wgs84};
use libfuzzer_sys::fuzz_target;

/// Ends a ring; two of them end the faces, and edits follow.
const END: u8 = 255;
/// As many faces, corners and edits at most: more makes it slower and finds no more.
const FACES: usize = 8;
const CORNERS: usize = 24;
const EDITS: usize = 12;

/// A place of a lattice of 16 × 16, about a hundred metres apart.
fn place(byte: u8) -> Coord<f64> {
    Coord { x: 116.0 + f64::from(byte & 15) / 1024.0, y: 35.0 + f64::from(byte >> 4) / 1024.0 }
}

fn wgs84(byte: u8) -> Wgs84 {
    let at = place(byte);
    Wgs84::new(at.x, at.y).expect("a coordinate")
}

fn faces(rings: &[u8]) -> Vec<RawFace> {
    let rings = rings.split(|&byte| byte == END).take(FACES).map(|ring| {
        let mut ring: Vec<_> = ring.iter().take(CORNERS).map(|&byte| place(byte)).collect();
        ring.extend(ring.first().copied());
        ring
    });
    (0..).map(FaceId).zip(rings).map(|(id, ring)| RawFace::new(id, vec![vec![ring]])).collect()
}

/// An edit from five bytes.
fn edit([kind, a, b, c, d]: [u8; 5]) -> Edit {
    let face = |byte: u8| FaceId(u32::from(byte) % (2 * FACES as u32));
    let by = |byte: u8| (f64::from(byte) - 127.0) / 65536.0;
    match kind % 7 {
        0 => Edit::MoveVertex { at: wgs84(a), to: wgs84(b) },
        1 => Edit::InsertVertex { at: wgs84(a) },
        2 => Edit::RemoveVertex { at: wgs84(a) },
        3 => Edit::MoveArc { at: wgs84(a), by: (by(b), by(c)) },
        4 => Edit::Split { face: face(a), line: vec![wgs84(b), wgs84(c)], new: face(d) },
        5 => Edit::Merge { keep: face(a), absorb: face(b) },
        _ => Edit::HandOver {
            from: face(kind / 7),
            to: face(a),
            block: vec![wgs84(b), wgs84(c), wgs84(d)],
        },
    }
}

type Faces = Vec<(FaceId, MultiPolygon<f64>)>;

/// The whole partition as the caller sees it, and how it is sent.
fn seen(coverage: &Coverage) -> (Faces, Topology) {
    (coverage.faces().collect(), coverage.topology())
}

fn land(faces: &Faces) -> f64 {
    faces.iter().map(|(_, face)| face.unsigned_area()).sum()
}

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.windows(2).position(|pair| pair == [END, END]).unwrap_or(bytes.len());
    let (rings, edits) = bytes.split_at(end);
    let given = faces(rings);
    let Ok(built) = Coverage::build(&given, &CheckOptions::default(), Rim::Fixed) else { return };
    let mut coverage = built.coverage;
    let start = seen(&coverage);
    assert!(overlaps(&start.0).is_empty(), "what was built is a partition");
    let mut undo = Vec::new();
    for change in edits.get(2..).unwrap_or_default().chunks_exact(5).take(EDITS) {
        let before = seen(&coverage);
        match coverage.edit(&edit(change.try_into().expect("five bytes"))) {
            Ok(patch) => undo.push(patch),
            Err(_) => assert!(seen(&coverage) == before, "a refused edit changes nothing"),
        }
    }
    let now: Faces = coverage.faces().collect();
    assert!(overlaps(&now).is_empty(), "edits open no overlap");
    let (was, is) = (land(&start.0), land(&now));
    assert!((was - is).abs() <= 1e-9 * was, "edits neither lose nor make land: {was} {is}");
    let raw: Vec<RawFace> = now.iter().map(|(id, face)| RawFace::from((*id, face))).collect();
    Coverage::build(&raw, &CheckOptions::default(), Rim::Fixed).expect("what edits leave can be built");
    while let Some(patch) = undo.pop() {
        coverage.undo(patch).expect("what was done can be undone");
    }
    assert!(seen(&coverage) == start, "undone, everything is as it was");
});
