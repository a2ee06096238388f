//! What was saved comes back; what was not is refused.

use super::*;
use crate::kernel::geometry::{Wgs84, jagged, reference};

#[test]
fn an_index_comes_back_as_it_was() {
    for faces in [reference::village_faces(), jagged::coverage(3, 4, 4, 9), Vec::new()] {
        let index = GridIndex::build(faces).unwrap();
        let bytes = index.save("名称".as_bytes());
        let again = GridIndex::open(bytes.clone()).unwrap();
        assert_eq!(again.cells, index.cells);
        assert_eq!(again.notes(), "名称".as_bytes());
        assert!(again.save(again.notes()) == bytes);
    }
    let index = GridIndex::build(reference::street_faces()).unwrap();
    let bytes = index.save(b"");
    // At any address: where it is not aligned it is copied.
    for shift in 0..9 {
        let moved = Bytes::from([vec![0; shift], bytes.clone()].concat()).slice(shift..);
        let again = GridIndex::open(moved).unwrap();
        for (place, face) in reference::street_points().into_iter().take(1_000) {
            assert_eq!(again.locate(place), face);
            assert_eq!(again.distance_to_boundary_m(place), index.distance_to_boundary_m(place));
        }
    }
}

#[test]
fn damage_is_found() {
    let bytes = GridIndex::build(jagged::coverage(3, 2, 2, 5)).unwrap().save(b"notes");
    assert_eq!(GridIndex::open(Vec::new()).unwrap_err(), OpenError::NotAnIndex);
    assert_eq!(GridIndex::open(&b"PK\x03\x04 something else"[..]).unwrap_err(), OpenError::NotAnIndex);
    let mut newer = bytes.clone();
    newer[MAGIC.len()] += 1;
    assert_eq!(GridIndex::open(newer).unwrap_err(), OpenError::Version(VERSION + 1));
    for at in (CHECKSUM..bytes.len()).step_by(97) {
        let mut bad = bytes.clone();
        bad[at] ^= 0x10;
        assert_eq!(GridIndex::open(bad).unwrap_err(), OpenError::Damaged, "byte {at}");
        assert!(GridIndex::open(bytes[..at].to_vec()).is_err());
    }
}

/// Bytes made to mislead, with a good checksum, are refused or answer something: they never panic.
#[test]
fn no_bytes_make_a_lookup_panic() {
    let faces = jagged::coverage(3, 2, 2, 5);
    let places: Vec<_> =
        jagged::points(9, &faces, 2, 2).into_iter().map(|c| Wgs84::new(c.x, c.y).unwrap()).collect();
    let mut bytes = GridIndex::build(faces).unwrap().save(b"notes");
    // Most of the top grid says the same: keep its start and its end, so that chance finds the rest.
    let mut random = jagged::Random(11);
    let mut opened = 0;
    for round in 0..600 {
        let at = if round % 3 == 0 {
            COVERED + random.next() as usize % 110
        } else {
            COVERED + random.next() as usize % (bytes.len() - COVERED)
        };
        let was = std::mem::replace(&mut bytes[at], random.next() as u8);
        let sum = checksum(&bytes[COVERED..]).to_ne_bytes();
        bytes[CHECKSUM..COVERED].copy_from_slice(&sum);
        if let Ok(index) = GridIndex::open(bytes.clone()) {
            opened += 1;
            let _ = index.locate_all(&places);
            for &place in &places {
                let _ = (index.locate(place), index.nearest(place), index.distance_to_boundary_m(place));
            }
        }
        bytes[at] = was;
    }
    assert!(opened > 300, "most bytes are entries and vertices, which are not looked at: {opened}");
}
