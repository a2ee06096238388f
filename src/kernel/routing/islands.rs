//! Several searches side by side, and what they tell one another. Never here: a clock; a caller who plans against
//! time says which share of it is used up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::finish::finish;
use super::model::Model;
use super::plan::Plan;
use super::problem::{InvalidProblem, Problem};
use super::recreate::Filler;
use super::search::{Search, Tuning};
use super::tour::Tour;

/// How hard to look for a better plan.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// Where the choices start from.
    pub seed: u64,
    /// How many threads to use. Under a budget of iterations the plan does not depend on it.
    pub threads: usize,
    /// How long to search.
    pub budget: Budget<'a>,
    /// Told now and then how far the search is; it ends early when this says `false`.
    pub watch: &'a (dyn Fn(Progress) -> bool + Sync),
}

/// How long to search.
#[derive(Clone, Copy)]
pub enum Budget<'a> {
    /// So many times a plan is taken apart, over all threads. The same problem, seed and number give the same
    /// plan.
    Iterations(u64),
    /// Until this reaches 1: the share of the time that is used up.
    Share(&'a (dyn Fn() -> f64 + Sync)),
}

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// The share of the budget that is used up.
    pub share: f64,
    /// Iterations made by one of the threads.
    pub iterations: u64,
}

impl Effort<'_> {
    /// So many iterations in one thread, unwatched.
    #[must_use]
    pub fn iterations(iterations: u64, seed: u64) -> Self {
        Self { seed, threads: 1, budget: Budget::Iterations(iterations), watch: &|_| true }
    }
}

/// Searches under a budget of iterations: as many on any number of threads.
const ISLANDS: usize = 4;
/// So many times in a search the best plan found replaces the worst.
const MEETINGS: usize = 8;
/// No more of a budget of time is kept for the last pass.
const MOST_RESERVED: f64 = 0.5;
/// What lies between the seeds of two islands: far apart in the sequence of the generator.
const SEED_STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// The best plan that the search finds.
///
/// Ruin and recreate (Schrimpf et al. 2000) under simulated annealing, on islands that meet now and then, each having
/// looked for a better plan among the routes that it has seen. An iteration takes O(u·k) for u stops that are left out
/// and k stops on the routes that it changes.
///
/// # Errors
/// When the problem makes no sense: see [`InvalidProblem`].
pub fn solve(problem: &Problem, effort: &Effort<'_>) -> Result<Plan, InvalidProblem> {
    problem.check()?;
    let used_up = || match effort.budget {
        Budget::Iterations(_) => 0.0,
        Budget::Share(share) => share(),
    };
    let entered = used_up();
    let model = Model::new(problem);
    let mut first = Tour::begin(&model);
    Filler::default().fill_all(&model, &mut first);
    // The last pass and the reasons take about as long as the beginning did.
    let reserve = (used_up() - entered).clamp(0.0, MOST_RESERVED);
    let (islands, budget) = match effort.budget {
        Budget::Iterations(iterations) => (ISLANDS, iterations.div_ceil(ISLANDS as u64)),
        Budget::Share(_) => (effort.threads.max(1), 0),
    };
    let mut searches: Vec<Search<'_>> = (0..islands as u64)
        .map(|island| {
            let seed = effort.seed.wrapping_add(island.wrapping_mul(SEED_STEP));
            Search::new(&model, &first, seed, Tuning::default())
        })
        .collect();
    let stopped = AtomicBool::new(model.stops == 0 || model.crew.is_empty());
    for meeting in 1..=MEETINGS {
        let until = meeting as f64 / MEETINGS as f64;
        let share = |iterations: u64| {
            if stopped.load(Ordering::Relaxed) {
                return 1.0;
            }
            let share = match effort.budget {
                Budget::Iterations(_) => iterations as f64 / budget.max(1) as f64,
                Budget::Share(share) => share() / (1.0 - reserve),
            };
            if !(effort.watch)(Progress { share, iterations }) {
                stopped.store(true, Ordering::Relaxed);
                return 1.0;
            }
            share
        };
        let last = meeting == MEETINGS;
        run_side_by_side(&mut searches, effort.threads, |search| {
            search.run(until, share);
            if !last {
                search.recombine();
            }
        });
        if !last {
            meet(&mut searches);
        }
    }
    let iterations = searches.iter().map(Search::iterations).sum();
    let mut best = searches[fittest(&searches)].best().clone();
    finish(&model, &mut best, &|| used_up() > 1.0 - reserve / 2.0);
    Ok(Plan::new(problem, &model, &best, iterations))
}

fn run_side_by_side<'m>(searches: &mut [Search<'m>], threads: usize, run: impl Fn(&mut Search<'m>) + Sync) {
    let threads = threads.clamp(1, searches.len());
    if threads == 1 {
        searches.iter_mut().for_each(run);
        return;
    }
    let each = searches.len().div_ceil(threads);
    let run = &run;
    thread::scope(|scope| {
        for chunk in searches.chunks_mut(each) {
            scope.spawn(move || chunk.iter_mut().for_each(run));
        }
    });
}

/// The search that found the best plan, the first of equals.
fn fittest(searches: &[Search<'_>]) -> usize {
    (1..searches.len())
        .fold(0, |best, other| if searches[other].best().beats(searches[best].best()) { other } else { best })
}

/// The search with the worst plan goes on from the best one.
fn meet(searches: &mut [Search<'_>]) {
    let worst = (1..searches.len()).fold(0, |worst, other| {
        if searches[worst].best().beats(searches[other].best()) { other } else { worst }
    });
    let best = fittest(searches);
    if searches[best].best().beats(searches[worst].best()) {
        let tour = searches[best].best().clone();
        searches[worst].adopt(&tour);
    }
}
