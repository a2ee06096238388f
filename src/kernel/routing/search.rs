//! The search for a good plan: again and again a part of it is taken out and filled anew. Never here: an unseeded
//! choice.

use super::model::Model;
use super::random::Random;
use super::recombine::Memory;
use super::recreate::{Filler, Taste};
use super::ruin::{Ruin, Wrecker};
use super::tour::Tour;

/// How the search behaves.
#[derive(Debug, Clone)]
pub(super) struct Tuning {
    /// The temperature at the beginning and at the end, in mean prizes of a stop.
    pub(super) temperature: (f64, f64),
    /// What a mean leg of travel counts, in mean prizes of a stop.
    pub(super) travel: f64,
    /// See [`Taste`].
    pub(super) noise: f64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { temperature: (1.5, 0.04), travel: 0.06, noise: 0.9 }
    }
}

/// How much one way of ruining has brought lately, after the adaptive weights of Ropke and Pisinger (2006,
/// section 3.4).
#[derive(Debug, Clone, Copy)]
struct Merit {
    weight: f64,
    score: f64,
    uses: f64,
}

/// How many iterations for each stop an annealing has at least where another follows, how many follow one another at
/// most, and the share of the budget after which their number is settled.
const ANNEALING: f64 = 700.0;
const MOST_ANNEALINGS: f64 = 8.0;
const FORESEEN: f64 = 0.02;
/// Each annealing but the first begins at so many times its temperature, to get away from where the last one ended.
const HOTTER: f64 = 2.0;
/// The share of the last annealing after which the search goes on from the best plan, with a temperature so many times
/// that of before.
const SETTLING: f64 = 0.9;
const COLDER: f64 = 0.02;
/// Iterations between two looks at the merits.
const SEGMENT: u64 = 512;
/// Iterations between two looks at the time, and from how many stops on an iteration takes so long that each is followed
/// by one.
const PACE: u64 = 32;
const SLOW_FROM: usize = 400;
/// One plan in so many that the search goes on from is remembered.
const REMEMBERED_EVERY: u64 = 4;
/// So many remembered routes may be looked at for each iteration made: at a nanosecond each a few hundredths of its time.
const LOOKS: u64 = 200;
/// The share of its merit that a way of ruining keeps from one segment to the next.
const MEMORY: f64 = 0.8;
/// No way of ruining is used less than this, the mean being 1.
const LEAST_MERIT: f64 = 0.2;

/// One search with all that it remembers.
#[derive(Debug)]
pub(super) struct Search<'m> {
    model: &'m Model,
    tuning: Tuning,
    random: Random,
    now: Tour,
    next: Tour,
    best: Tour,
    wrecker: Wrecker,
    filler: Filler,
    merits: [Merit; Ruin::ALL.len()],
    memory: Memory,
    iterations: u64,
    recombined: u64,
    annealings: Option<f64>,
    settled: bool,
}

impl<'m> Search<'m> {
    /// A search that goes on from `tour`.
    pub(super) fn new(model: &'m Model, tour: &Tour, seed: u64, tuning: Tuning) -> Self {
        Self {
            model,
            tuning,
            random: Random::new(seed),
            now: tour.clone(),
            next: tour.clone(),
            best: tour.clone(),
            wrecker: Wrecker::new(model),
            filler: Filler::default(),
            merits: [Merit { weight: 1.0, score: 0.0, uses: 0.0 }; Ruin::ALL.len()],
            memory: Memory::new(model),
            iterations: 0,
            recombined: 0,
            annealings: None,
            settled: false,
        }
    }

    /// The best plan so far.
    pub(super) fn best(&self) -> &Tour {
        &self.best
    }

    /// How many iterations were made.
    pub(super) fn iterations(&self) -> u64 {
        self.iterations
    }

    /// Goes on from another plan.
    pub(super) fn adopt(&mut self, tour: &Tour) {
        self.now.copy(tour);
        self.next.copy(tour);
        if tour.beats(&self.best) {
            self.best.copy(tour);
        }
    }

    /// Goes on from the best plan of routes seen so far, where that is better than all plans before.
    pub(super) fn recombine(&mut self) {
        let looks = (self.iterations - self.recombined) * LOOKS;
        self.recombined = self.iterations;
        if let Some(tour) = self.memory.put_together(self.model, &self.best, looks) {
            self.adopt(&tour);
        }
    }

    /// Searches until `share`, which is told how many iterations were made, says that `until` of the whole budget
    /// is used up.
    pub(super) fn run(&mut self, until: f64, mut share: impl FnMut(u64) -> f64) {
        let mut temperature = 0.0;
        let pace = if self.model.stops > SLOW_FROM { 1 } else { PACE };
        loop {
            if self.iterations.is_multiple_of(pace) {
                let done = share(self.iterations);
                if done >= until {
                    break;
                }
                temperature = self.temperature(done);
            }
            self.iterations += 1;
            self.step(temperature);
            if self.iterations.is_multiple_of(SEGMENT) {
                self.weigh();
            }
        }
    }

    /// Falls geometrically in each annealing, and at last so far that nothing but the best plan and its travel are
    /// improved.
    fn temperature(&mut self, done: f64) -> f64 {
        let annealings = self.annealings(done);
        let at = done * annealings;
        let within = at.fract() / SETTLING;
        if at >= annealings - 1.0 && within >= 1.0 && !self.settled {
            self.settled = true;
            self.now.copy(&self.best);
            self.next.copy(&self.best);
        }
        let (mut hot, cold) = self.tuning.temperature;
        if at >= 1.0 {
            hot *= HOTTER;
        }
        let share = if self.settled { cold * COLDER } else { hot * (cold / hot).powf(within.min(1.0)) };
        self.model.mean_prize * share
    }

    /// How many annealings follow one another, once enough of the budget is used up to tell how many iterations it
    /// holds. What a longer one finds depends on its beginning more than on its length.
    fn annealings(&mut self, done: f64) -> f64 {
        if done < FORESEEN {
            return 1.0;
        }
        let (model, iterations) = (self.model, self.iterations as f64);
        *self.annealings.get_or_insert_with(|| {
            let each = ANNEALING * model.stops.max(1) as f64;
            (iterations / done / each).floor().clamp(1.0, MOST_ANNEALINGS)
        })
    }

    fn step(&mut self, temperature: f64) {
        let way = self.choose();
        self.wrecker.ruin(self.model, &mut self.next, Ruin::ALL[way], &mut self.random);
        self.fill();
        // Without the triangle inequality a route can come to take longer with fewer stops. Somebody who cannot get
        // to the end of the shift has no stops; stops on the way may change that.
        let broken = |&index: &u16| {
            let route = &self.next.routes[index as usize];
            !route.is_sound() && route.len() > 0
        };
        if self.wrecker.changed.iter().any(broken) {
            return self.go_back();
        }
        // The threshold of simulated annealing, drawn before the comparison: now - T ln(u).
        let threshold = self.energy(&self.now) - temperature * self.random.unit().max(f64::MIN_POSITIVE).ln();
        let merit = &mut self.merits[way];
        merit.uses += 1.0;
        if self.energy(&self.next) >= threshold {
            return self.go_back();
        }
        if self.next.beats(&self.now) {
            self.merits[way].score += 2.0;
        }
        self.now.copy_routes(&self.next, &self.wrecker.changed);
        if self.iterations.is_multiple_of(REMEMBERED_EVERY) {
            for &route in &self.wrecker.changed {
                self.memory.remember(self.model, &self.now.routes[route as usize]);
            }
        }
        self.wrecker.changed.clear();
        if self.now.beats(&self.best) {
            self.merits[way].score += 8.0;
            self.best.copy(&self.now);
        }
    }

    fn fill(&mut self) {
        let taste = Taste {
            power: self.random.below(4) as u32,
            waiting: if self.random.below(2) == 0 { 0.0 } else { 0.5 },
            noise: self.tuning.noise,
        };
        let (changed, stops) = self.wrecker.outcome(self.model, &mut self.random);
        self.filler.fill(self.model, &mut self.next, changed, stops, taste, &mut self.random);
    }

    fn go_back(&mut self) {
        self.next.copy_routes(&self.now, &self.wrecker.changed);
        self.wrecker.changed.clear();
    }

    /// What is made small: less weight and more travel are worse.
    fn energy(&self, tour: &Tour) -> f64 {
        let per_travel = self.tuning.travel * self.model.mean_prize / self.model.mean_leg;
        per_travel * tour.travel as f64 - tour.weight
    }

    fn choose(&mut self) -> usize {
        let total: f64 = self.merits.iter().map(|merit| merit.weight).sum();
        let mut drawn = self.random.unit() * total;
        for (way, merit) in self.merits.iter().enumerate() {
            drawn -= merit.weight;
            if drawn < 0.0 {
                return way;
            }
        }
        0
    }

    fn weigh(&mut self) {
        let mean = |merits: &[Merit]| {
            merits.iter().map(|merit| merit.score / merit.uses.max(1.0)).sum::<f64>() / merits.len() as f64
        };
        let mean = mean(&self.merits).max(f64::MIN_POSITIVE);
        for merit in &mut self.merits {
            let lately = merit.score / merit.uses.max(1.0) / mean;
            merit.weight = (MEMORY * merit.weight + (1.0 - MEMORY) * lately).max(LEAST_MERIT);
            (merit.score, merit.uses) = (0.0, 0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::oracle::{Times, case};
    use super::super::route::Route;
    use super::*;

    #[test]
    fn anneals_as_often_as_there_is_time_for() {
        let model = Model::new(&case(1, 8, 2, Times::Plane));
        let begun = Tour::begin(&model);
        for (budget, expected) in [(1_000, 1.0), (3 * 8 * 700 + 100, 3.0), (100_000, MOST_ANNEALINGS)] {
            let mut search = Search::new(&model, &begun, 1, Tuning::default());
            let mut share_seen = 0.0;
            search.run(1.0, |iterations| {
                share_seen = iterations as f64 / f64::from(budget);
                share_seen
            });
            assert!(share_seen >= 1.0);
            assert!((search.annealings(1.0) - expected).abs() < f64::EPSILON, "{budget} iterations");
        }
    }

    #[test]
    fn each_annealing_cools_and_the_next_begins_hotter() {
        let model = Model::new(&case(1, 8, 2, Times::Plane));
        let mut search = Search::new(&model, &Tour::begin(&model), 1, Tuning::default());
        let (hot, cold) = search.tuning.temperature;
        search.annealings = Some(4.0);
        let mut at = |done: f64| search.temperature(done) / model.mean_prize;
        assert!((at(0.0) - hot).abs() < 1e-9);
        // The first of four is cold at nine tenths of a quarter.
        assert!((at(0.9 * 0.25) - cold).abs() < 1e-9);
        assert!((at(0.25) - HOTTER * hot).abs() < 1e-9);
        assert!(at(0.30) > at(0.35));
        assert!((at(0.75 + 0.25 * 0.95) - COLDER * cold).abs() < 1e-9);
        assert!(search.settled);
    }

    #[test]
    fn goes_on_from_routes_seen_in_different_plans() {
        let mut problem = case(3, 8, 2, Times::Plane);
        for stop in &mut problem.stops {
            (stop.windows, stop.skills, stop.prize) = (Vec::new(), Vec::new(), 5);
            (stop.pinned_to, stop.published_to, stop.required) = (None, None, false);
            stop.service = 0;
        }
        for worker in &mut problem.workers {
            (worker.rest, worker.frozen) = (None, Vec::new());
            worker.shift.to = worker.shift.from + 100_000;
        }
        let model = Model::new(&problem);
        let mut search = Search::new(&model, &Tour::begin(&model), 1, Tuning::default());
        for (worker, stops) in [(0, [0, 1, 2]), (1, [3, 4, 5]), (1, [0, 6, 7])] {
            let mut route = Route::empty(&model, worker);
            route.replace(&model, stops);
            search.memory.remember(&model, &route);
        }
        // Nothing may be looked at before an iteration was made.
        search.recombine();
        assert_eq!(search.best().left_out(), 8);
        search.iterations = 1;
        search.recombine();
        assert_eq!(search.best().left_out(), 2);
        assert!(search.best().routes.iter().all(|route| route.len() == 3 && route.is_sound()));
    }
}
