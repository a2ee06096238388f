//! A problem in the shape that the search reads: flat tables of small numbers, times from the first shift's
//! beginning. Never here: what changes during the search.

use super::nearness::Nearness;
use super::problem::{Problem, Span};
use super::route::Route;
use super::travel::TravelTimes;

/// Later than every shift.
pub(super) const NEVER: i32 = 1 << 29;
/// Longer than every shift: no way.
pub(super) const FAR: i32 = 1 << 28;
/// Earlier than every shift.
pub(super) const TOO_LATE: i32 = -(1 << 29);

/// The problem, compiled. Nodes are the stops, then each worker's start and end.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) stops: usize,
    nodes: usize,
    /// Where the clock of the problem stands at the model's 0.
    pub(super) origin: i64,
    service: Vec<i32>,
    windows: Vec<Windows>,
    more_windows: Vec<(i32, i32)>,
    legs: Vec<Legs>,
    pub(super) crew: Vec<Crew>,
    allowed: Vec<bool>,
    frozen: Vec<bool>,
    /// What a stop counts in comparing plans: more for a required one than all optional ones together.
    value: Vec<i64>,
    /// What it counts in steering the search.
    weight: Vec<f64>,
    published_to: Vec<u32>,
    change_penalty: i64,
    nearness: Nearness,
    /// For each worker the first one who can walk the same routes for the same worth.
    pub(super) kinds: Vec<u16>,
    pub(super) mean_prize: f64,
    pub(super) mean_leg: f64,
}

/// Times between nodes for one way of moving. Each leg counts the service at the node it leaves.
#[derive(Debug)]
struct Legs {
    out: Vec<i32>,
    into: Vec<i32>,
}

/// The windows of a node: the first one by itself, because most have no other.
#[derive(Debug, Clone, Copy)]
struct Windows {
    open: i32,
    close: i32,
    last: i32,
    more: (u32, u32),
}

/// A worker.
#[derive(Debug)]
pub(super) struct Crew {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) begins: i32,
    pub(super) finishes: i32,
    pub(super) rest: Option<Pause>,
    pub(super) frozen: Vec<u32>,
    profile: usize,
}

/// A rest that can fall within its shift.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pause {
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) length: i32,
}

impl Pause {
    /// When one can go on at the next node having left one at `leave`, travelled `travel` and rested: after
    /// arriving where the window allows, else before leaving.
    #[inline]
    pub(super) fn ready(self, leave: i32, travel: i32) -> i32 {
        let arrived = (leave + travel).max(self.from);
        if arrived <= self.to {
            return arrived + self.length;
        }
        let before = leave.max(self.from);
        if before <= self.to { before + self.length + travel } else { NEVER }
    }

    /// The latest one can leave for that to be by `ready`.
    #[inline]
    pub(super) fn latest_leave(self, ready: i32, travel: i32) -> i32 {
        let by = |ready: i32| {
            let begin = self.to.min(ready - self.length);
            if begin >= self.from { begin } else { TOO_LATE }
        };
        (by(ready) - travel).max(by(ready - travel))
    }
}

impl Model {
    /// The model of a problem that passed [`Problem::check`].
    pub(super) fn new(problem: &Problem) -> Self {
        let stops = problem.stops.len();
        let origin = problem.workers.iter().map(|worker| worker.shift.from).min().unwrap_or(0);
        let ends = problem.workers.iter().map(|worker| worker.shift.to).max().unwrap_or(0);
        let horizon = (ends - origin) as i32;
        let clock = |time: i64| (time.saturating_sub(origin)).clamp(-1, i64::from(horizon) + 1) as i32;
        let crew: Vec<Crew> = (0..problem.workers.len()).map(|w| crew(problem, w, stops, &clock)).collect();
        let nodes = stops + 2 * crew.len();

        let mut service: Vec<i32> =
            problem.stops.iter().map(|stop| stop.service.min(i64::from(FAR)) as i32).collect();
        service.resize(nodes, 0);
        let mut windows = Vec::with_capacity(nodes);
        let mut more_windows = Vec::new();
        for stop in &problem.stops {
            windows.push(windows_of(&stop.windows, horizon, &clock, &mut more_windows));
        }
        for worker in &crew {
            let (begins, finishes) = (worker.begins, worker.finishes);
            windows.extend([Windows { open: begins, close: finishes, last: finishes, more: (0, 0) }; 2]);
        }

        let mut frozen_for = vec![None; stops];
        for (index, worker) in problem.workers.iter().enumerate() {
            for &stop in &worker.frozen {
                frozen_for[stop] = Some(index);
            }
        }
        let allowed = allowed(problem, &frozen_for);
        let total: u64 = problem.stops.iter().map(|stop| stop.prize + problem.change_penalty).sum();
        let bonus = |required: bool| if required { total.cast_signed() + 1 } else { 0 };
        let must = |stop: usize| {
            let it = &problem.stops[stop];
            it.required || it.pinned_to.is_some() || frozen_for[stop].is_some()
        };
        let required: Vec<bool> = (0..stops).map(must).collect();
        let value =
            problem.stops.iter().zip(&required).map(|(s, &r)| s.prize.cast_signed() + bonus(r)).collect();
        let richest = problem.stops.iter().map(|stop| stop.prize).max().unwrap_or(0) as f64;
        let prizes: Vec<f64> = problem.stops.iter().map(|stop| stop.prize as f64).collect();
        let weight: Vec<f64> = problem
            .stops
            .iter()
            .zip(&required)
            .map(|(stop, &required)| stop.prize as f64 + if required { 3.0 * richest + 1.0 } else { 0.0 })
            .collect();

        let mut model = Self {
            stops,
            nodes,
            origin,
            windows,
            more_windows,
            legs: Vec::new(),
            allowed,
            frozen: frozen_for.iter().map(Option::is_some).collect(),
            value,
            mean_prize: (prizes.iter().sum::<f64>() / stops.max(1) as f64).max(1e-9),
            weight,
            published_to: problem
                .stops
                .iter()
                .map(|stop| stop.published_to.map_or(u32::MAX, |worker| worker as u32))
                .collect(),
            change_penalty: problem.change_penalty.cast_signed(),
            nearness: Nearness::default(),
            kinds: Vec::new(),
            mean_leg: 1.0,
            service,
            crew,
        };
        model.legs = problem.travel.iter().map(|travel| legs(problem, travel, &model.service)).collect();
        model.keep_what_can_be_kept();
        model.kinds = kinds(problem, &model);
        (model.nearness, model.mean_leg) = Nearness::of(&model);
        model
    }

    /// Frees the frozen stops of each route from the first one on that cannot be kept any more.
    fn keep_what_can_be_kept(&mut self) {
        for worker in 0..self.crew.len() {
            let mut route = Route::empty(self, worker);
            let frozen = std::mem::take(&mut self.crew[worker].frozen);
            let kept = (0..=frozen.len()).rev().find(|&kept| {
                route.replace(self, frozen[..kept].iter().copied());
                route.is_sound()
            });
            let (kept, freed) = frozen.split_at(kept.unwrap_or(0));
            for &stop in freed {
                self.frozen[stop as usize] = false;
            }
            self.crew[worker].frozen = kept.to_vec();
        }
    }

    /// Whether `worker` may make the call at `stop`.
    #[inline]
    pub(super) fn allows(&self, stop: u32, worker: usize) -> bool {
        self.allowed[stop as usize * self.crew.len() + worker]
    }

    /// Whether `stop` is on the part of a route that does not change.
    #[inline]
    pub(super) fn is_frozen(&self, stop: u32) -> bool {
        self.frozen[stop as usize]
    }

    /// How long the call at a node takes.
    #[inline]
    pub(super) fn service(&self, node: u32) -> i32 {
        self.service[node as usize]
    }

    /// What `stop` counts in comparing plans when `worker` makes the call.
    #[inline]
    pub(super) fn value(&self, stop: u32, worker: usize) -> i64 {
        let published = self.published_to[stop as usize];
        let changed = published != u32::MAX && published as usize != worker;
        self.value[stop as usize] - if changed { self.change_penalty } else { 0 }
    }

    /// What it counts in steering the search.
    #[inline]
    pub(super) fn weight(&self, stop: u32, worker: usize) -> f64 {
        let published = self.published_to[stop as usize];
        let changed = published != u32::MAX && published as usize != worker;
        self.weight[stop as usize] - if changed { self.change_penalty as f64 } else { 0.0 }
    }

    /// What it counts where the right worker makes the call.
    pub(super) fn best_weight(&self, stop: u32) -> f64 {
        self.weight[stop as usize]
    }

    /// For `worker`, the legs from each node to `node`.
    #[inline]
    pub(super) fn into(&self, worker: usize, node: u32) -> &[i32] {
        let first = node as usize * self.nodes;
        &self.legs[self.crew[worker].profile].into[first..first + self.nodes]
    }

    /// For `worker`, the legs from `node` to each node.
    #[inline]
    pub(super) fn out(&self, worker: usize, node: u32) -> &[i32] {
        let first = node as usize * self.nodes;
        &self.legs[self.crew[worker].profile].out[first..first + self.nodes]
    }

    /// The soonest the call at `node` can begin when one is there at `arrival`.
    #[inline]
    pub(super) fn soonest(&self, node: u32, arrival: i32) -> i32 {
        let windows = &self.windows[node as usize];
        if arrival <= windows.close {
            return arrival.max(windows.open);
        }
        let (first, end) = windows.more;
        self.more_windows[first as usize..end as usize]
            .iter()
            .find(|window| arrival <= window.1)
            .map_or(NEVER, |window| arrival.max(window.0))
    }

    /// The latest the call at `node` can begin that is not after `latest`.
    #[inline]
    pub(super) fn latest(&self, node: u32, latest: i32) -> i32 {
        let windows = &self.windows[node as usize];
        let (first, end) = windows.more;
        for window in self.more_windows[first as usize..end as usize].iter().rev() {
            if latest >= window.0 {
                return latest.min(window.1);
            }
        }
        if latest >= windows.open { latest.min(windows.close) } else { TOO_LATE }
    }

    /// The first and the last moment at which the call at `node` can begin.
    #[inline]
    pub(super) fn hours(&self, node: u32) -> (i32, i32) {
        let windows = &self.windows[node as usize];
        (windows.open, windows.last)
    }

    /// The stops nearest to `stop` in place and time, the nearest first.
    #[inline]
    pub(super) fn near(&self, stop: u32) -> &[u32] {
        self.nearness.of_stop(stop)
    }
}

fn crew(problem: &Problem, index: usize, stops: usize, clock: &impl Fn(i64) -> i32) -> Crew {
    let worker = &problem.workers[index];
    let (begins, finishes) = (clock(worker.shift.from), clock(worker.shift.to));
    let rest = worker.rest.and_then(|rest| {
        let from = clock(rest.window.from).max(begins);
        let length = rest.length.min(i64::from(FAR)) as i32;
        let to = clock(rest.window.to).min(finishes - length);
        // One that cannot fall within the shift is not owed.
        (from <= to).then_some(Pause { from, to, length })
    });
    Crew {
        start: (stops + 2 * index) as u32,
        end: (stops + 2 * index + 1) as u32,
        begins,
        finishes,
        rest,
        frozen: worker.frozen.iter().map(|&stop| stop as u32).collect(),
        profile: worker.travel,
    }
}

/// The windows in order, joined where they touch, without those outside all shifts.
fn windows_of(
    given: &[Span],
    horizon: i32,
    clock: &impl Fn(i64) -> i32,
    more: &mut Vec<(i32, i32)>,
) -> Windows {
    if given.is_empty() {
        return Windows { open: 0, close: horizon, last: horizon, more: (0, 0) };
    }
    let mut spans: Vec<(i32, i32)> = given
        .iter()
        .map(|window| (clock(window.from).max(0), clock(window.to).min(horizon)))
        .filter(|(open, close)| open <= close)
        .collect();
    spans.sort_unstable();
    let mut joined: Vec<(i32, i32)> = Vec::with_capacity(spans.len());
    for (open, close) in spans {
        match joined.last_mut() {
            Some(last) if open <= last.1 + 1 => last.1 = last.1.max(close),
            _ => joined.push((open, close)),
        }
    }
    let Some(&(open, close)) = joined.first() else {
        return Windows { open: NEVER, close: -1, last: -1, more: (0, 0) };
    };
    let first = more.len() as u32;
    more.extend(&joined[1..]);
    let last = joined.last().map_or(close, |window| window.1);
    Windows { open, close, last, more: (first, more.len() as u32) }
}

fn allowed(problem: &Problem, frozen_for: &[Option<usize>]) -> Vec<bool> {
    let mut allowed = Vec::with_capacity(problem.stops.len() * problem.workers.len());
    for (stop, &frozen_for) in problem.stops.iter().zip(frozen_for) {
        allowed.extend(problem.workers.iter().enumerate().map(|(index, worker)| {
            let only = frozen_for.or(stop.pinned_to);
            only.is_none_or(|only| only == index)
                && stop.skills.iter().all(|skill| worker.skills.contains(skill))
        }));
    }
    allowed
}

/// Who can walk the same routes for the same worth: of each worker the first such.
fn kinds(problem: &Problem, model: &Model) -> Vec<u16> {
    let workers = &problem.workers;
    let alike = |a: usize, b: usize| {
        let (one, other) = (&workers[a], &workers[b]);
        (one.start, one.end, one.shift, one.rest, one.travel)
            == (other.start, other.end, other.shift, other.rest, other.travel)
            && one.frozen.is_empty()
            && other.frozen.is_empty()
            && (0..model.stops as u32).all(|stop| {
                model.allows(stop, a) == model.allows(stop, b) && model.value(stop, a) == model.value(stop, b)
            })
    };
    (0..workers.len()).map(|w| (0..w).find(|&first| alike(first, w)).unwrap_or(w) as u16).collect()
}

fn legs(problem: &Problem, travel: &TravelTimes, service: &[i32]) -> Legs {
    let ends = problem.workers.iter().flat_map(|worker| [Some(worker.start), worker.end]);
    let places: Vec<Option<usize>> = problem.stops.iter().map(|stop| Some(stop.place)).chain(ends).collect();
    let nodes = places.len();
    let mut out = Vec::with_capacity(nodes * nodes);
    for (&from, &service) in places.iter().zip(service) {
        out.extend(places.iter().map(|&to| {
            let time = match (from, to) {
                // Whoever ends anywhere has no way to go at the end.
                (_, None) => 0,
                (None, _) => i64::from(FAR),
                (Some(from), Some(to)) => travel.time(from, to).unwrap_or(i64::MAX),
            };
            time.saturating_add(i64::from(service)).min(i64::from(FAR)) as i32
        }));
    }
    let mut into = vec![0; nodes * nodes];
    for from in 0..nodes {
        for to in 0..nodes {
            into[to * nodes + from] = out[from * nodes + to];
        }
    }
    Legs { out, into }
}
