//! The best plan of a small problem, by trying all: the oracle that the search is tested against. Never here:
//! anything that the search uses.

use super::*;

/// The measure by which plans are compared: required stops, prize less the penalties, travel.
pub(super) type Measure = (usize, i64, i64);

pub(super) fn is_must(problem: &Problem, stop: usize) -> bool {
    let call = &problem.stops[stop];
    let frozen = problem.workers.iter().any(|worker| worker.frozen.contains(&stop));
    call.required || call.pinned_to.is_some() || frozen
}

pub(super) fn worth(problem: &Problem, worker: usize, stop: usize) -> i64 {
    let call = &problem.stops[stop];
    let changed = call.published_to.is_some_and(|published| published != worker);
    call.prize.cast_signed() - if changed { problem.change_penalty.cast_signed() } else { 0 }
}

/// The best measure over all plans: each worker in turn visits each sequence of stops that is left.
pub(super) fn brute_force(problem: &Problem) -> Measure {
    let mut walk = Walk { problem, best: (0, i64::MIN, i64::MIN) };
    walk.next(0, (1 << problem.stops.len()) - 1, (0, 0, 0));
    walk.best
}

struct Walk<'a> {
    problem: &'a Problem,
    best: Measure,
}
/// Where a worker is and when they are free there, with the rest still to come and with the rest taken.
#[derive(Clone, Copy)]
struct State {
    place: usize,
    free: Option<i64>,
    rested: Option<i64>,
}
fn sooner(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    a.into_iter().chain(b).min()
}
impl Walk<'_> {
    /// The rest that fits into `worker`'s shift.
    fn rest(&self, worker: usize) -> Option<Rest> {
        let worker = &self.problem.workers[worker];
        let rest = worker.rest?;
        let begin = rest.window.from.max(worker.shift.from);
        (begin <= rest.window.to && begin + rest.length <= worker.shift.to).then_some(rest)
    }
    fn rest_at(rest: Rest, free: i64) -> Option<i64> {
        let begin = free.max(rest.window.from);
        (begin <= rest.window.to).then_some(begin + rest.length)
    }
    /// Goes to a place, resting before, after, or not.
    fn go(&self, worker: usize, from: State, place: usize) -> State {
        let Some(leg) = self.problem.travel[self.problem.workers[worker].travel].time(from.place, place)
        else {
            return State { place, free: None, rested: None };
        };
        let rested = from.free.zip(self.rest(worker)).and_then(|(free, rest)| {
            sooner(Self::rest_at(rest, free).map(|free| free + leg), Self::rest_at(rest, free + leg))
        });
        State {
            place,
            free: from.free.map(|free| free + leg),
            rested: sooner(from.rested.map(|free| free + leg), rested),
        }
    }
    fn serve(&self, stop: usize, at: State) -> State {
        let call = &self.problem.stops[stop];
        let done = |arrive: i64| {
            let open = call.windows.iter().filter(|window| window.to >= arrive);
            let begin = if call.windows.is_empty() {
                Some(arrive)
            } else {
                open.map(|window| window.from.max(arrive)).min()
            };
            begin.map(|begin| begin + call.service)
        };
        State { place: at.place, free: at.free.and_then(done), rested: at.rested.and_then(done) }
    }
    fn route(&mut self, worker: usize, at: State, left: u32, so_far: Measure, order: &mut Vec<usize>) {
        let it = &self.problem.workers[worker];
        let home = it.end.map_or(at, |end| self.go(worker, at, end));
        let rested = match self.rest(worker) {
            None => home.free,
            Some(rest) => sooner(
                home.rested,
                home.free.filter(|&free| Self::rest_at(rest, free).is_some_and(|free| free <= it.shift.to)),
            ),
        };
        let home_leg = it
            .end
            .map_or(0, |end| self.problem.travel[it.travel].time(at.place, end).unwrap_or(i64::MAX / 4));
        let kept = order.len() >= it.frozen.len();
        if kept && rested.is_some_and(|end| end <= it.shift.to) {
            self.next(worker + 1, left, (so_far.0, so_far.1, so_far.2 - home_leg));
        }
        for stop in 0..self.problem.stops.len() {
            let call = &self.problem.stops[stop];
            let elsewhere = call.pinned_to.is_some_and(|pin| pin != worker)
                || self
                    .problem
                    .workers
                    .iter()
                    .enumerate()
                    .any(|(w, it)| w != worker && it.frozen.contains(&stop));
            let unable = call.skills.iter().any(|skill| !it.skills.contains(skill));
            let frozen = it.frozen.get(order.len()).is_some_and(|&frozen| frozen != stop);
            if left & (1 << stop) == 0 || elsewhere || unable || frozen {
                continue;
            }
            let there = self.serve(stop, self.go(worker, at, call.place));
            if there.free.is_none() && there.rested.is_none() {
                continue;
            }
            let leg = self.problem.travel[it.travel].time(at.place, call.place).unwrap_or(0);
            let measure = (
                so_far.0 + usize::from(is_must(self.problem, stop)),
                so_far.1 + worth(self.problem, worker, stop),
                so_far.2 - leg,
            );
            order.push(stop);
            self.route(worker, there, left & !(1 << stop), measure, order);
            order.pop();
        }
    }
    fn next(&mut self, worker: usize, left: u32, so_far: Measure) {
        let Some(it) = self.problem.workers.get(worker) else {
            self.best = self.best.max(so_far);
            return;
        };
        let start = State { place: it.start, free: Some(it.shift.from), rested: None };
        self.route(worker, start, left, so_far, &mut Vec::new());
    }
}
