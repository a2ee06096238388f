//! Choosing each door's days. Never here: an unseeded choice.

use super::days::{Days, Slot};
use super::pattern::{Pattern, patterns};
use super::problem::{InvalidMonth, Month};
use super::random::Random;

/// For each door its days.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// For each shift the calls.
    pub days: Vec<DayOfCalls>,
    /// For each door the shifts on which to call, in order; none where no call is due in the period.
    pub shifts: Vec<Vec<usize>>,
    /// For each door by how many days the first call is later than it could be.
    pub late: Vec<i64>,
    /// The doors that there is no way to, or none back from: nobody is sent there.
    pub unreachable: Vec<usize>,
    /// What all this costs, in units of time: travel, lateness, and the squares of the loads.
    pub cost: f64,
}

/// The calls of one shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOfCalls {
    /// The doors, in an order that does not wander; whoever plans the day may find a better one.
    pub doors: Vec<usize>,
    /// How long the calls take.
    pub service: i64,
    /// How long the way takes in this order.
    pub travel: i64,
    /// How much of that is beyond the shift.
    pub over: i64,
}

/// How much colder it is at the end than at the beginning.
const COOLING: f64 = 1.0 / 1000.0;
/// Iterations between two looks at whether to go on.
const WATCH_EVERY: u64 = 256;
/// Rounds in which each door is given its best days once more.
const MOST_ROUNDS: usize = 10;
/// A gain below this is a rounding.
const LEAST_GAIN: f64 = 1e-6;

/// Spreads the calls of a month over its shifts.
///
/// The same month, number of `iterations` and `seed` give the same schedule. An iteration tries another pattern for one
/// door: O(c·n) for c calls of the door and n doors a day. `watch` is told now and then the share that is done, and ends
/// the search when it says `false`.
///
/// # Errors
/// When the month makes no sense: see [`InvalidMonth`].
pub fn spread(
    month: &Month,
    iterations: u64,
    seed: u64,
    watch: &dyn Fn(f64) -> bool,
) -> Result<Schedule, InvalidMonth> {
    month.check()?;
    let reachable = |place| {
        month.travel.time(month.start, place).is_some() && month.travel.time(place, month.start).is_some()
    };
    let unreachable: Vec<usize> =
        (0..month.doors.len()).filter(|&door| !reachable(month.doors[door].place)).collect();
    let mut search = Search::begin(month, &unreachable, seed);
    search.run(iterations, watch);
    search.settle();
    Ok(search.schedule(unreachable))
}

struct Search<'a> {
    month: &'a Month,
    days: Days<'a>,
    patterns: Vec<Vec<Pattern>>,
    /// The pattern of each door that has any.
    chosen: Vec<usize>,
    /// The doors that have a choice.
    free: Vec<usize>,
    random: Random,
}

impl<'a> Search<'a> {
    /// Every door in turn on the days that cost the least so far, those with the least choice first.
    fn begin(month: &'a Month, unreachable: &[usize], seed: u64) -> Self {
        let mut patterns: Vec<Vec<Pattern>> = month.doors.iter().map(|door| patterns(month, door)).collect();
        for &door in unreachable {
            patterns[door].clear();
        }
        let mut order: Vec<usize> = (0..patterns.len()).filter(|&door| !patterns[door].is_empty()).collect();
        order.sort_by_key(|&door| (patterns[door].len(), door));
        let mut search = Self {
            month,
            days: Days::new(month),
            chosen: vec![0; patterns.len()],
            free: order.iter().copied().filter(|&door| patterns[door].len() > 1).collect(),
            patterns,
            random: Random::new(seed),
        };
        for door in order {
            let (_, best) = search.cheapest(door);
            search.put(door, best);
            search.chosen[door] = best;
        }
        search
    }

    /// Puts a door on the days of a pattern, and says what that adds to the cost.
    fn put(&mut self, door: usize, pattern: usize) -> f64 {
        let pattern = &self.patterns[door][pattern];
        let mut adds = pattern.cost(&self.month.doors[door]);
        for &shift in &pattern.shifts {
            let slot = self.days.best_slot(shift, door as u32);
            adds -= self.days.cost(shift);
            self.days.put(door as u32, slot);
            adds += self.days.cost(shift);
        }
        adds
    }

    /// Takes a door off the days of a pattern; gives the slots that are free now, and what that adds to the cost.
    fn take(&mut self, door: usize, pattern: usize) -> (Vec<Slot>, f64) {
        let pattern = &self.patterns[door][pattern];
        let mut adds = -pattern.cost(&self.month.doors[door]);
        let mut slots = Vec::with_capacity(pattern.shifts.len());
        for &shift in &pattern.shifts {
            adds -= self.days.cost(shift);
            slots.extend(self.days.take(shift, door as u32));
            adds += self.days.cost(shift);
        }
        (slots, adds)
    }

    /// Simulated annealing with a temperature that falls geometrically from what a call costs.
    fn run(&mut self, iterations: u64, watch: &dyn Fn(f64) -> bool) {
        if self.free.is_empty() {
            return;
        }
        let costs = self.month.doors.iter().map(|door| 2.0 * door.service as f64 + door.pressing);
        let hot = (costs.sum::<f64>() / self.month.doors.len() as f64).max(1.0);
        let mut best = (0.0, self.chosen.clone());
        let mut gained = 0.0;
        for iteration in 0..iterations {
            let done = iteration as f64 / iterations as f64;
            if iteration.is_multiple_of(WATCH_EVERY) && !watch(done) {
                break;
            }
            let temperature = hot * COOLING.powf(done);
            let door = self.free[self.random.below(self.free.len())];
            let (before, next) = (self.chosen[door], self.random.below(self.patterns[door].len()));
            let (slots, taken) = self.take(door, before);
            let adds = taken + self.put(door, next);
            if adds <= -temperature * self.random.unit().max(f64::MIN_POSITIVE).ln() {
                self.chosen[door] = next;
                gained += adds;
                if gained < best.0 - LEAST_GAIN {
                    best = (gained, self.chosen.clone());
                }
            } else {
                self.take(door, next);
                for slot in slots {
                    self.days.put(door as u32, slot);
                }
            }
        }
        self.choose(&best.1);
    }

    /// Goes by other patterns, each day's tour built anew by cheapest insertion.
    fn choose(&mut self, chosen: &[usize]) {
        self.days = Days::new(self.month);
        self.chosen = chosen.to_vec();
        for door in 0..self.patterns.len() {
            if !self.patterns[door].is_empty() {
                self.put(door, self.chosen[door]);
            }
        }
    }

    /// Gives each door in turn the pattern and the places in the tours that cost the least beside all the others, until
    /// none is better off or so many rounds are over.
    fn settle(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let mut gained = 0.0;
            for door in 0..self.patterns.len() {
                if self.patterns[door].is_empty() {
                    continue;
                }
                let (_, taken) = self.take(door, self.chosen[door]);
                let (adds, best) = self.cheapest(door);
                self.put(door, best);
                self.chosen[door] = best;
                gained += taken + adds;
            }
            if gained > -LEAST_GAIN {
                return;
            }
        }
    }

    /// The pattern that adds the least to the cost, for a door that is on no day.
    fn cheapest(&mut self, door: usize) -> (f64, usize) {
        let costs = (0..self.patterns[door].len()).map(|pattern| {
            let adds = self.put(door, pattern);
            self.take(door, pattern);
            (adds, pattern)
        });
        costs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, 0))
    }

    fn schedule(self, unreachable: Vec<usize>) -> Schedule {
        let shifts = self.month.shifts.len();
        let pattern = |door: usize| self.patterns[door].get(self.chosen[door]);
        let late = |door: usize| pattern(door).map_or(0, |pattern| pattern.late);
        let doors = 0..self.patterns.len();
        let patterns = doors.clone().filter_map(|door| Some(pattern(door)?.cost(&self.month.doors[door])));
        Schedule {
            cost: patterns.sum::<f64>() + (0..shifts).map(|day| self.days.cost(day)).sum::<f64>(),
            days: (0..shifts)
                .map(|day| DayOfCalls {
                    doors: self.days.each[day].tour.iter().map(|&door| door as usize).collect(),
                    service: self.days.each[day].service,
                    travel: self.days.each[day].travel,
                    over: self.days.over(day),
                })
                .collect(),
            late: doors.clone().map(late).collect(),
            shifts: doors.map(|door| pattern(door).map(|it| it.shifts.clone()).unwrap_or_default()).collect(),
            unreachable,
        }
    }
}
