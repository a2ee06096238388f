//! The days of a schedule in the making: each a tour over its doors, and what it costs. Never here: which door goes on
//! which day.

use super::problem::{Door, Month};

/// What a unit of time beyond the shift costs besides.
const OVER: f64 = 4.0;
/// What evenness counts against travel: moving a unit of work from a full shift to an empty one is worth twice as much
/// travel as this.
const EVEN: f64 = 2.0;

/// The tour of one day.
#[derive(Debug, Clone, Default)]
pub(super) struct Day {
    /// The doors in order.
    pub(super) tour: Vec<u32>,
    pub(super) travel: i64,
    pub(super) service: i64,
}

/// The days of a month, and the travel between doors and the start as a flat table.
#[derive(Debug)]
pub(super) struct Days<'a> {
    doors: &'a [Door],
    lengths: Vec<i64>,
    pub(super) each: Vec<Day>,
    /// From each door, and last the start, to each.
    travel: Vec<i64>,
}

/// A door's place in a day's tour, and what putting it there adds to the travel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) day: usize,
    at: usize,
    longer: i64,
}

impl<'a> Days<'a> {
    /// All days empty. Every door in `doors` that is used has to be reachable.
    pub(super) fn new(month: &'a Month) -> Self {
        let places: Vec<usize> = month.doors.iter().map(|door| door.place).chain([month.start]).collect();
        let time = |from, to| month.travel.time(from, to).unwrap_or(0);
        let travel = places.iter().flat_map(|&from| places.iter().map(move |&to| time(from, to))).collect();
        Self {
            doors: &month.doors,
            lengths: month.shifts.iter().map(|shift| shift.length).collect(),
            each: vec![Day::default(); month.shifts.len()],
            travel,
        }
    }

    fn leg(&self, from: Option<u32>, to: Option<u32>) -> i64 {
        let number = |door: Option<u32>| door.map_or(self.doors.len(), |door| door as usize);
        self.travel[number(from) * (self.doors.len() + 1) + number(to)]
    }

    /// What a day costs: its travel, and the square of its load, so that even days together cost less than uneven ones;
    /// what goes beyond the shift costs more.
    pub(super) fn cost(&self, day: usize) -> f64 {
        let it = &self.each[day];
        let (load, length) = ((it.travel + it.service) as f64, self.lengths[day].max(1) as f64);
        it.travel as f64 + EVEN * load * load / length + OVER * (load - length).max(0.0)
    }

    /// How much of a day's load is beyond its shift.
    pub(super) fn over(&self, day: usize) -> i64 {
        let it = &self.each[day];
        (it.travel + it.service - self.lengths[day]).max(0)
    }

    /// Where `door` lengthens a day's tour the least: O(n) for n doors on it.
    pub(super) fn best_slot(&self, day: usize, door: u32) -> Slot {
        let tour = &self.each[day].tour;
        let mut best = Slot { day, at: 0, longer: i64::MAX };
        for at in 0..=tour.len() {
            let before = at.checked_sub(1).map(|before| tour[before]);
            let next = tour.get(at).copied();
            let longer = self.leg(before, Some(door)) + self.leg(Some(door), next) - self.leg(before, next);
            if longer < best.longer {
                best = Slot { day, at, longer };
            }
        }
        best
    }

    /// Puts `door` into a slot of its day as it stands.
    pub(super) fn put(&mut self, door: u32, slot: Slot) {
        let it = &mut self.each[slot.day];
        it.tour.insert(slot.at, door);
        it.travel += slot.longer;
        it.service += self.doors[door as usize].service;
    }

    /// Takes `door` off a day, and says from which slot.
    pub(super) fn take(&mut self, day: usize, door: u32) -> Option<Slot> {
        let tour = &self.each[day].tour;
        let at = tour.iter().position(|&other| other == door)?;
        let before = at.checked_sub(1).map(|before| tour[before]);
        let next = tour.get(at + 1).copied();
        let longer = self.leg(before, Some(door)) + self.leg(Some(door), next) - self.leg(before, next);
        let it = &mut self.each[day];
        it.tour.remove(at);
        it.travel -= longer;
        it.service -= self.doors[door as usize].service;
        Some(Slot { day, at, longer })
    }
}
