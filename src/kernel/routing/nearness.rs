//! Which stops are near one another in place and time. Never here: what is done with that.

use super::model::{FAR, Model};

/// How many neighbours of a stop are known.
const NEIGHBOURS: usize = 160;
/// So many of them are taken for the mean leg.
const NEAREST: usize = 8;

/// For each stop those nearest to it, the nearest first.
#[derive(Debug, Default)]
pub(super) struct Nearness {
    near: Vec<u32>,
    each: usize,
}

impl Nearness {
    /// The stops nearest to `stop`, the nearest first.
    #[inline]
    pub(super) fn of_stop(&self, stop: u32) -> &[u32] {
        let first = stop as usize * self.each;
        &self.near[first..first + self.each]
    }

    /// Nearness after Vidal, Crainic, Gendreau and Prins (2013, "A hybrid genetic algorithm with adaptive
    /// diversity management for a large class of vehicle routing problems with time windows", section 4.3.1):
    /// travel, with waiting and lateness that cannot be avoided; and the mean leg to a near stop.
    pub(super) fn of(model: &Model) -> (Self, f64) {
        if model.crew.is_empty() || model.stops < 2 {
            return (Self::default(), 1.0);
        }
        let each = NEIGHBOURS.min(model.stops - 1);
        let apart = |from: u32, to: u32| {
            let leg = model.out(0, from)[to as usize];
            let travel = f64::from(leg - model.service(from));
            let ((opens, closes), (next_opens, next_closes)) = (model.hours(from), model.hours(to));
            let waits = f64::from((next_opens - closes - leg).max(0));
            let late = f64::from((opens + leg - next_closes).max(0));
            travel + 0.2 * waits + late
        };
        let mut near = Vec::with_capacity(model.stops * each);
        let mut row: Vec<(f64, u32)> = Vec::with_capacity(model.stops);
        let (mut sum, mut count) = (0.0, 0);
        for stop in 0..model.stops as u32 {
            row.clear();
            row.extend(
                (0..model.stops as u32)
                    .filter(|&other| other != stop)
                    .map(|other| (apart(stop, other).min(apart(other, stop)), other)),
            );
            let compare = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if row.len() > each {
                row.select_nth_unstable_by(each - 1, compare);
                row.truncate(each);
            }
            row.sort_unstable_by(compare);
            near.extend(row.iter().map(|&(_, other)| other));
            for &(_, other) in row.iter().take(NEAREST) {
                let travel = model.out(0, stop)[other as usize] - model.service(stop);
                if travel < FAR {
                    sum += f64::from(travel);
                    count += 1;
                }
            }
        }
        (Self { near, each }, (sum / f64::from(count.max(1))).max(1e-9))
    }
}
