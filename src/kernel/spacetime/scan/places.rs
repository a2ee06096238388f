//! Places that are scanned, and which lie around each. Never here: days.

use std::collections::BTreeMap;

use super::ScanPlan;
use crate::kernel::plane::PlanePoint;

/// Places are put together until there are no more of them than this.
const MOST_PLACES: usize = 300;
/// Puts positions together by squares of `side`, or of twice that until they are few enough: the square of each, and
/// the mean of the positions in every square.
pub(super) fn squares(at: &[PlanePoint], mut side: f64) -> (Vec<u16>, Vec<PlanePoint>) {
    loop {
        let mut numbers: BTreeMap<(i64, i64), (u16, PlanePoint, f64)> = BTreeMap::new();
        let square =
            |at: &PlanePoint| ((at.north_m / side).floor() as i64, (at.east_m / side).floor() as i64);
        for place in at {
            let (_, sum, count) = numbers.entry(square(place)).or_insert((0, PlanePoint::new(0.0, 0.0), 0.0));
            *sum = PlanePoint::new(sum.east_m + place.east_m, sum.north_m + place.north_m);
            *count += 1.0;
        }
        if numbers.len() <= MOST_PLACES {
            for (number, (place, ..)) in numbers.values_mut().enumerate() {
                *place = number as u16;
            }
            let places = at.iter().filter_map(|place| Some(numbers.get(&square(place))?.0)).collect();
            let mean = |&(_, sum, count): &(u16, PlanePoint, f64)| {
                PlanePoint::new(sum.east_m / count, sum.north_m / count)
            };
            return (places, numbers.values().map(mean).collect());
        }
        side *= 2.0;
    }
}

/// The places around a centre within the greatest radius, the nearest first, while they hold at most half of all.
pub(super) fn ring(
    centre: PlanePoint,
    centres: &[PlanePoint],
    in_place: &[u32],
    plan: &ScanPlan,
    total: usize,
) -> Vec<(u16, u32)> {
    let mut near: Vec<(f64, usize)> = centres
        .iter()
        .enumerate()
        .map(|(place, other)| (centre.distance_m(*other), place))
        .filter(|&(distance_m, _)| distance_m <= plan.most_radius_m)
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut sum = 0;
    near.into_iter()
        .map(|(_, place)| {
            sum += in_place[place];
            (place as u16, sum)
        })
        .take_while(|&(_, sum)| sum as usize * 2 <= total)
        .collect()
}
