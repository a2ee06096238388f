//! Ways of taking stops out of a plan. Never here: what is put in their place.

use super::model::Model;
use super::random::Random;
use super::tour::{NOWHERE, Tour};

/// A way of choosing what to take out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ruin {
    /// Strings of neighbours on each route near a place (Christiaens and Vanden Berghe 2020, "Slack induction by
    /// string removals for vehicle routing problems", section 5.1).
    Strings,
    /// Stops near one another in place and time (Shaw 1998; Ropke and Pisinger 2006, "An adaptive large
    /// neighborhood search heuristic for the pickup and delivery problem with time windows", section 3.1.1).
    Near,
    /// Stops here and there (section 3.1.2 there).
    Scattered,
    /// One string of a route.
    String,
    /// Stops worth little for the way they cost (worst removal, section 3.1.3 there).
    Poor,
    /// Stops of about the same time on all routes.
    SameTime,
    /// What stands in the way of a stop that is left out, which is put in.
    MakeRoom,
}

impl Ruin {
    pub(super) const ALL: [Self; 7] = [
        Self::Strings,
        Self::Near,
        Self::Scattered,
        Self::String,
        Self::Poor,
        Self::SameTime,
        Self::MakeRoom,
    ];
}

/// The most stops taken out at once: so many for a worker more, that a part of each route can go.
const MOST_TAKEN: usize = 24;
const TAKEN_ANYWAY: usize = 8;
const TAKEN_FOR_EACH: usize = 4;
/// Up to so many stops, all that are left out are tried in each iteration; beyond, once in so many.
const FEW_STOPS: usize = 100;
const ALL_EVERY: usize = 16;
/// Else those among so many neighbours of so many of the stops taken out.
const NEAREST: usize = 20;
const NEAR_TO: usize = 3;
/// How many stops stand for all when the poorest is looked for.
const SAMPLE: usize = 4;
/// The longest run of stops that makes room for one.
const LONGEST_RUN: usize = 8;
/// How often a random stop is drawn until it is on a route, or is not.
const DRAWS: usize = 40;

/// Takes stops out of a plan, remembering which routes that changed.
#[derive(Debug)]
pub(super) struct Wrecker {
    /// The routes changed since it was last emptied.
    pub(super) changed: Vec<u16>,
    /// For each stop the round in which it was last marked.
    marked: Vec<u32>,
    round: u32,
    /// The stops marked in this round.
    taken: Vec<u32>,
    pool: Vec<u32>,
    by_time: Vec<(i32, u32)>,
    seen: Vec<u16>,
}

impl Wrecker {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            changed: Vec::with_capacity(model.crew.len()),
            marked: vec![0; model.stops],
            round: 0,
            taken: Vec::with_capacity(model.stops),
            pool: Vec::with_capacity(model.stops),
            by_time: Vec::with_capacity(model.stops),
            seen: Vec::with_capacity(model.crew.len()),
        }
    }

    /// Takes stops out of `tour` the way `ruin` says. Without the triangle inequality a route may not be sound
    /// afterwards.
    pub(super) fn ruin(&mut self, model: &Model, tour: &mut Tour, ruin: Ruin, random: &mut Random) {
        self.round += 1;
        self.taken.clear();
        let planned: usize = tour.routes.iter().map(super::route::Route::len).sum();
        let most = MOST_TAKEN.min(TAKEN_ANYWAY + TAKEN_FOR_EACH * tour.routes.len());
        let count = 1 + random.below(most.min(planned).max(1));
        match ruin {
            Ruin::Strings => self.strings(model, tour, count, random),
            Ruin::Near => self.near(model, tour, count, random),
            Ruin::Scattered => {
                for _ in 0..count {
                    if let Some(stop) = self.draw(model, tour, random) {
                        self.mark(tour, stop);
                    }
                }
            }
            Ruin::String => {
                if let Some(stop) = self.draw(model, tour, random) {
                    self.string(model, tour, stop, count, random);
                }
            }
            Ruin::Poor => self.poor(model, tour, count, random),
            Ruin::SameTime => self.same_time(model, tour, count, random),
            Ruin::MakeRoom => return self.make_room(model, tour, random),
        }
        self.take_out(model, tour);
    }

    /// The routes changed, to be added to, and the stops to fill them with, each with whether it was taken out in this
    /// round: these, and of those left out all or, where there are many, mostly those near to them.
    pub(super) fn outcome(
        &mut self,
        model: &Model,
        random: &mut Random,
    ) -> (&mut Vec<u16>, impl Iterator<Item = (u32, bool)> + '_) {
        self.pool.clear();
        if model.stops <= FEW_STOPS || random.below(ALL_EVERY) == 0 {
            self.pool.extend(0..model.stops as u32);
        } else {
            self.pool.extend(&self.taken);
            for _ in 0..NEAR_TO.min(self.taken.len()) {
                let stop = self.taken[random.below(self.taken.len())];
                self.pool.extend(model.near(stop).iter().take(NEAREST));
            }
            self.pool.sort_unstable();
            self.pool.dedup();
        }
        let (marked, round) = (&self.marked, self.round);
        (&mut self.changed, self.pool.iter().map(move |&stop| (stop, marked[stop as usize] == round)))
    }

    fn take_out(&mut self, model: &Model, tour: &mut Tour) {
        let (marked, round) = (&self.marked, self.round);
        for &route in &self.changed {
            tour.take_out(model, route, |stop| marked[stop as usize] == round);
        }
    }

    fn mark(&mut self, tour: &Tour, stop: u32) {
        self.marked[stop as usize] = self.round;
        self.taken.push(stop);
        let route = tour.route_of[stop as usize];
        if !self.changed.contains(&route) {
            self.changed.push(route);
        }
    }

    /// Whether `stop` is planned, may be taken out, and is not yet to be.
    fn can_go(&self, model: &Model, tour: &Tour, stop: u32) -> bool {
        tour.route_of[stop as usize] != NOWHERE
            && self.marked[stop as usize] != self.round
            && !model.is_frozen(stop)
    }

    /// A random stop that can go.
    fn draw(&self, model: &Model, tour: &Tour, random: &mut Random) -> Option<u32> {
        (0..DRAWS).map(|_| random.below(model.stops) as u32).find(|&stop| self.can_go(model, tour, stop))
    }

    fn strings(&mut self, model: &Model, tour: &Tour, count: usize, random: &mut Random) {
        let seed = random.below(model.stops) as u32;
        let longest = 1 + random.below(count);
        let mut left = count;
        self.seen.clear();
        for &stop in [seed].iter().chain(model.near(seed)) {
            if left == 0 {
                break;
            }
            let route = tour.route_of[stop as usize];
            // Where there is one route only, all the strings are of it.
            let again = tour.routes.len() > 1 && self.seen.contains(&route);
            if self.can_go(model, tour, stop) && !again {
                self.seen.push(route);
                left = left.saturating_sub(self.string(model, tour, stop, longest, random));
            }
        }
    }

    /// Marks up to `length` stops in a row with `stop` among them, and says how many.
    fn string(&mut self, model: &Model, tour: &Tour, stop: u32, length: usize, random: &mut Random) -> usize {
        let route = &tour.routes[tour.route_of[stop as usize] as usize];
        let frozen = model.crew[route.worker].frozen.len();
        let Some(place) = route.stops().position(|other| other == stop) else { return 0 };
        let length = length.min(route.len() - frozen);
        let first = (place + 1).saturating_sub(length).max(frozen);
        let last = place.min(route.len() - length);
        let first = first + random.below(last - first + 1);
        for stop in route.stops().skip(first).take(length) {
            self.mark(tour, stop);
        }
        length
    }

    fn near(&mut self, model: &Model, tour: &Tour, count: usize, random: &mut Random) {
        let seed = random.below(model.stops) as u32;
        let mut left = count;
        for &stop in [seed].iter().chain(model.near(seed)) {
            if left == 0 {
                break;
            }
            if self.can_go(model, tour, stop) && random.below(4) != 0 {
                self.mark(tour, stop);
                left -= 1;
            }
        }
    }

    fn poor(&mut self, model: &Model, tour: &Tour, count: usize, random: &mut Random) {
        for _ in 0..count {
            let mut poorest: Option<(f64, u32)> = None;
            for _ in 0..SAMPLE {
                let Some(stop) = self.draw(model, tour, random) else { return };
                let route = &tour.routes[tour.route_of[stop as usize] as usize];
                let saves = route.saves_without(model, stop).max(1);
                let rate = model.weight(stop, route.worker) / f64::from(saves);
                if poorest.is_none_or(|(least, _)| rate < least) {
                    poorest = Some((rate, stop));
                }
            }
            if let Some((_, stop)) = poorest {
                self.mark(tour, stop);
            }
        }
    }

    fn same_time(&mut self, model: &Model, tour: &Tour, count: usize, random: &mut Random) {
        let Some(stop) = self.draw(model, tour, random) else { return };
        let route = &tour.routes[tour.route_of[stop as usize] as usize];
        let visit = route.visits().iter().find(|visit| visit.node == stop);
        let Some(moment) = visit.map(|visit| visit.early) else { return };
        self.by_time.clear();
        for route in &tour.routes {
            let stops = &route.visits()[1..=route.len()];
            self.by_time.extend(stops.iter().map(|visit| ((visit.early - moment).abs(), visit.node)));
        }
        self.by_time.sort_unstable();
        for index in 0..count.min(self.by_time.len()) {
            let stop = self.by_time[index].1;
            if self.can_go(model, tour, stop) {
                self.mark(tour, stop);
            }
        }
    }

    /// Puts in a stop that is left out, in the place of the run of stops that seems to matter least.
    fn make_room(&mut self, model: &Model, tour: &mut Tour, random: &mut Random) {
        let left_out = (0..DRAWS)
            .map(|_| random.below(model.stops) as u32)
            .find(|&stop| tour.route_of[stop as usize] == NOWHERE);
        let Some(stop) = left_out else { return };
        let mut best: Option<(f64, u16, usize, usize)> = None;
        for (index, route) in tour.routes.iter().enumerate() {
            if !model.allows(stop, route.worker) || model.weight(stop, route.worker) <= 0.0 {
                continue;
            }
            route.exchanges(model, stop, LONGEST_RUN, |before, next, lost| {
                let key = (lost + 0.3 * model.mean_prize) * (0.2 + random.unit());
                if best.is_none_or(|(least, ..)| key < least) {
                    best = Some((key, index as u16, before, next));
                }
            });
        }
        let Some((_, index, before, next)) = best else { return };
        for place in before + 1..next {
            let goes = tour.routes[index as usize].visits()[place].node;
            self.mark(tour, goes);
        }
        if !self.changed.contains(&index) {
            self.changed.push(index);
        }
        self.take_out(model, tour);
        tour.insert(model, stop, index, before);
    }
}
