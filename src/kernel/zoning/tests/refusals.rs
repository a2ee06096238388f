//! What cannot be is said, with what is in the way.

use super::*;
use crate::kernel::zoning::{GroundError, Impossible};

fn refusal(shapes: &[Shape], wanted: &Wanted<'_>) -> Impossible {
    let ground = Ground::lay(shapes, &Setting::default()).unwrap();
    let effort = Effort { seed: 0, budget: Budget::Moves(1_000), progress: &|_| true };
    propose(&ground, wanted, &effort).unwrap_err()
}

fn plain(count: usize) -> Vec<Burden> {
    vec![Burden { load: 1.0, people: 1.0, current: None, locked: false }; count]
}

#[test]
fn no_units_and_no_zones() {
    assert_eq!(Ground::lay(&[], &Setting::default()).unwrap_err(), GroundError::Empty);
    let nowhere = Shape::Point(Coord { x: f64::NAN, y: 35.0 });
    assert_eq!(Ground::lay(&[nowhere], &Setting::default()).unwrap_err(), GroundError::Unusable(0));
    assert_eq!(refusal(&parcels(2, 2), &wanted(&plain(4), 0, 0.1)), Impossible::NoZones);
}

#[test]
fn more_zones_than_places() {
    let shapes = [Shape::Point(at(0.0, 0.0)), Shape::Point(at(0.0, 0.0)), Shape::Point(at(9.0, 0.0))];
    assert_eq!(refusal(&shapes, &wanted(&plain(3), 3, 0.1)), Impossible::TooManyZones { zones: 3, sites: 2 });
}

#[test]
fn loads_that_are_none() {
    let mut burdens = plain(4);
    for burden in &mut burdens {
        burden.load = 0.0;
    }
    assert_eq!(refusal(&parcels(2, 2), &wanted(&burdens, 2, 0.1)), Impossible::NoLoad);
    burdens[2].load = -1.0;
    assert_eq!(refusal(&parcels(2, 2), &wanted(&burdens, 2, 0.1)), Impossible::Burden(2));
    burdens[2].load = f64::NAN;
    assert_eq!(refusal(&parcels(2, 2), &wanted(&burdens, 2, 0.1)), Impossible::Burden(2));
    assert_eq!(
        refusal(&parcels(2, 2), &wanted(&burdens[..3], 2, 0.1)),
        Impossible::Mismatch { burdens: 3, units: 4 }
    );
}

#[test]
fn locks_that_cannot_be_kept() {
    let shapes = parcels(6, 1);
    let mut burdens = in_bands(&shapes, plain(6), 3, 120.0);
    burdens[0].load = 5.0;
    let lock = |burdens: &[Burden], zones: &[ZoneId]| {
        refusal(&shapes, &Wanted { burdens, zones: 3, tolerance: 0.1, locked_zones: zones })
    };
    assert!(matches!(lock(&burdens, &[ZoneId(0)]), Impossible::LockedLoad { zone: ZoneId(0), .. }));
    assert_eq!(lock(&burdens, &[ZoneId(7)]), Impossible::LockedEmpty(ZoneId(7)));
    burdens[0].locked = true;
    assert!(matches!(lock(&burdens, &[]), Impossible::LockedUnits { zone: ZoneId(0), .. }));
    burdens[0].current = None;
    assert_eq!(lock(&burdens, &[]), Impossible::LockedNowhere(0));
}

#[test]
fn locks_in_one_zone_that_cannot_be_joined() {
    let shapes = parcels(5, 1);
    let mut burdens = plain(5);
    for (burden, zone) in burdens.iter_mut().zip([0, 0, 1, 0, 0]) {
        (burden.current, burden.locked) = (Some(ZoneId(zone)), true);
    }
    assert_eq!(refusal(&shapes, &wanted(&burdens, 2, 1.0)), Impossible::LockedApart(ZoneId(0)));
}

#[test]
fn more_parts_than_zones() {
    let shapes = parcels(5, 1);
    let mut burdens = plain(5);
    for (burden, zone) in burdens.iter_mut().zip([1, 1, 0, 1, 1]) {
        burden.current = Some(ZoneId(zone));
    }
    let wanted = Wanted { burdens: &burdens, zones: 2, tolerance: 1.0, locked_zones: &[ZoneId(0)] };
    assert_eq!(refusal(&shapes, &wanted), Impossible::Parts { parts: 3, zones: 2 });
}
