//! The days that a door's rhythm allows. Never here: which of them are chosen.

use super::problem::{Door, Month, Shift};

/// Shifts on which to call at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Which shifts, in order.
    pub(super) shifts: Vec<usize>,
    /// Days after the door was due, or could first be seen to, until the first call.
    pub(super) late: i64,
    /// How many calls fewer than the pattern with the most.
    pub(super) missing: usize,
}

impl Pattern {
    /// What the pattern costs whatever else is on its days. A call fewer is no gain: it is only put off.
    pub(super) fn cost(&self, door: &Door) -> f64 {
        let each = 2.0 * door.service as f64 + door.pressing;
        door.pressing * self.late as f64 + each * self.missing as f64
    }
}

/// All patterns of a door. Where nobody has called yet, the first call is in time anywhere in the first `every` days. One for each day on which the first call can be. A door that is not due before the period is
/// over has none; one that nobody can be at in time is seen to as late as its rhythm is long.
///
/// The calls after the first come `every` days after one another, reckoned from the first and not from where a day of
/// rest has moved one, so that a weekly call stays on its weekday. What a day of rest pushes too close to the call before
/// is left out.
pub(super) fn patterns(month: &Month, door: &Door) -> Vec<Pattern> {
    let (from, to) = month.period;
    let due = door.last.map_or(to.min(from + door.every - 1), |last| last + door.every);
    if due > to {
        return Vec::new();
    }
    let earliest = door.last.map_or(from, |last| from.max(last + door.least_gap));
    // What is due on a day of rest is not late on the next shift; what was due before cannot be seen to any sooner.
    let next = month.shifts.iter().find(|shift| shift.day >= due.max(earliest)).map(|shift| shift.day);
    let (in_time, latest) = match (door.last, next) {
        (Some(_), Some(next)) => (next, next.max(due.max(from) + door.every - 1)),
        // No shift is left from then on: the last ones before will have to do.
        (Some(_), None) => (to, to),
        (None, _) => (due, due.max(month.shifts.first().map_or(due, |shift| shift.day))),
    };
    let mut patterns = from_shifts(month, door, earliest, latest, in_time);
    let most = patterns.iter().map(|pattern| pattern.shifts.len()).max().unwrap_or(0);
    for pattern in &mut patterns {
        pattern.missing = most - pattern.shifts.len();
    }
    patterns
}

fn from_shifts(month: &Month, door: &Door, earliest: i64, latest: i64, in_time: i64) -> Vec<Pattern> {
    let shifts = month.shifts.iter().enumerate();
    shifts
        .filter(|(_, shift)| (earliest..=latest).contains(&shift.day))
        .map(|(index, shift)| Pattern {
            shifts: onward(&month.shifts, index, door, month.period.1),
            late: (shift.day - in_time).max(0),
            missing: 0,
        })
        .collect()
}

/// The shift `first` and those that follow in the door's rhythm.
fn onward(shifts: &[Shift], first: usize, door: &Door, to: i64) -> Vec<usize> {
    let mut chosen = vec![first];
    let (mut day, mut last) = (shifts[first].day + door.every, first);
    while day <= to {
        let next = shifts.partition_point(|shift| shift.day < day);
        let Some(shift) = shifts.get(next) else { break };
        if shift.day - shifts[last].day >= door.least_gap.max(1) {
            chosen.push(next);
            last = next;
        }
        day += door.every;
    }
    chosen
}
