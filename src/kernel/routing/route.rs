//! One worker's stops in order, ready to say in constant time where another stop fits. Never here: which stops
//! are worth it.

use super::model::{FAR, Model, NEVER, TOO_LATE};

/// A stop of a route, or its start or end.
///
/// `early` and `late` are the forward and backward bounds of Savelsbergh (1992, "The vehicle routing problem with
/// time windows: minimizing route duration", section 3) on the beginning of service, which make checking an
/// insertion a matter of one comparison; each is kept for the rest still to come and for the rest taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visit {
    pub(super) node: u32,
    /// The leg to the next visit, with the service here.
    pub(super) onward: i32,
    /// The soonest that service can begin.
    pub(super) early: i32,
    /// The latest arrival from which the rest of the route can be kept to.
    pub(super) late: i32,
    /// Both, where the worker has rested already.
    pub(super) rested: (i32, i32),
}

/// A worker's route: the start, stops, the end.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) worker: usize,
    visits: Vec<Visit>,
    /// The sum of the legs, services included.
    pub(super) length: i64,
}

/// A place in a route where a stop fits: after which visit, and by how much it lengthens the sum of the legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) after: u32,
    pub(super) longer: i32,
    /// How long one waits there before the call can begin.
    pub(super) waits: i32,
}

impl Route {
    /// The route of `worker` without a stop.
    pub(super) fn empty(model: &Model, worker: usize) -> Self {
        let crew = &model.crew[worker];
        let visit = |node| Visit { node, onward: 0, early: 0, late: 0, rested: (0, 0) };
        let mut route = Self { worker, visits: vec![visit(crew.start), visit(crew.end)], length: 0 };
        route.time(model);
        route
    }

    /// The start, the stops and the end.
    #[inline]
    pub(super) fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// The stops in order.
    #[inline]
    pub(super) fn stops(&self) -> impl ExactSizeIterator<Item = u32> + DoubleEndedIterator + '_ {
        self.visits[1..self.visits.len() - 1].iter().map(|visit| visit.node)
    }

    /// How many stops there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.visits.len() - 2
    }

    /// Whether the route can be kept to.
    #[inline]
    pub(super) fn is_sound(&self) -> bool {
        self.visits[0].early <= self.visits[0].late
    }

    /// Makes this route a copy of `other`.
    pub(super) fn copy(&mut self, other: &Self) {
        self.worker = other.worker;
        self.length = other.length;
        self.visits.clone_from(&other.visits);
    }

    /// Puts other stops in the place of all that are there.
    pub(super) fn replace(&mut self, model: &Model, stops: impl IntoIterator<Item = u32>) {
        let end = self.visits[self.visits.len() - 1];
        self.visits.truncate(1);
        self.visits.extend(stops.into_iter().map(|node| Visit { node, ..end }));
        self.visits.push(end);
        self.time(model);
    }

    /// Takes out the stops for which `goes` says so.
    pub(super) fn take_out(&mut self, model: &Model, goes: impl Fn(u32) -> bool) {
        let last = self.visits.len() - 1;
        let mut kept = 1;
        for index in 1..=last {
            if index == last || !goes(self.visits[index].node) {
                self.visits[kept] = self.visits[index];
                kept += 1;
            }
        }
        self.visits.truncate(kept);
        self.time(model);
    }

    /// Puts `stop` after the visit `after`.
    pub(super) fn insert(&mut self, model: &Model, stop: u32, after: usize) {
        let visit = Visit { node: stop, ..self.visits[after] };
        self.visits.insert(after + 1, visit);
        let next = self.visits[after + 2].node;
        self.length -= i64::from(self.visits[after].onward);
        self.visits[after].onward = model.into(self.worker, stop)[self.visits[after].node as usize];
        self.visits[after + 1].onward = model.out(self.worker, stop)[next as usize];
        self.length += i64::from(self.visits[after].onward) + i64::from(self.visits[after + 1].onward);
        self.time_forward(model, after + 1);
        self.time_backward(model, after + 1);
    }

    fn time(&mut self, model: &Model) {
        self.length = 0;
        for index in 0..self.visits.len() - 1 {
            let onward =
                model.out(self.worker, self.visits[index].node)[self.visits[index + 1].node as usize];
            self.visits[index].onward = onward;
            self.length += i64::from(onward);
        }
        let crew = &model.crew[self.worker];
        let last = self.visits.len() - 1;
        self.visits[0].early = crew.begins;
        self.visits[0].rested.0 = NEVER;
        // At the end the rest can follow, as long as it is within the shift.
        self.visits[last].late = crew.rest.map_or(crew.finishes, |rest| rest.to);
        self.visits[last].rested.1 = crew.finishes;
        self.time_forward(model, 1);
        self.time_backward(model, last - 1);
    }

    /// Reckons the earliest times from the visit `from` on.
    fn time_forward(&mut self, model: &Model, from: usize) {
        if model.crew[self.worker].rest.is_some() {
            return self.time_forward_resting(model, from);
        }
        let mut arrival = self.visits[from - 1].early + self.visits[from - 1].onward;
        for visit in &mut self.visits[from..] {
            visit.early = model.soonest(visit.node, arrival);
            arrival = visit.early + visit.onward;
        }
    }

    /// Reckons the latest times from the visit `from` back.
    fn time_backward(&mut self, model: &Model, from: usize) {
        if model.crew[self.worker].rest.is_some() {
            return self.time_backward_resting(model, from);
        }
        let mut late = self.visits[from + 1].late;
        for visit in self.visits[..=from].iter_mut().rev() {
            late = model.latest(visit.node, late - visit.onward);
            visit.late = late;
        }
    }

    fn time_forward_resting(&mut self, model: &Model, from: usize) {
        let Some(rest) = model.crew[self.worker].rest else { return };
        for index in from..self.visits.len() {
            let before = self.visits[index - 1];
            let service = model.service(before.node);
            let visit = &mut self.visits[index];
            visit.early = model.soonest(visit.node, before.early + before.onward);
            let rested = (before.rested.0 + before.onward)
                .min(rest.ready(before.early + service, before.onward - service));
            visit.rested.0 = model.soonest(visit.node, rested);
        }
    }

    fn time_backward_resting(&mut self, model: &Model, from: usize) {
        let Some(rest) = model.crew[self.worker].rest else { return };
        for index in (0..=from).rev() {
            let next = self.visits[index + 1];
            let visit = &mut self.visits[index];
            let service = model.service(visit.node);
            visit.rested.1 = model.latest(visit.node, next.rested.1 - visit.onward);
            let resting = rest.latest_leave(next.rested.1, visit.onward - service) - service;
            visit.late = model.latest(visit.node, (next.late - visit.onward).max(resting));
        }
    }

    /// Whether `stop` fits between the visits `before` and `next` when everything between them is taken out, and
    /// how.
    #[inline]
    pub(super) fn fits(&self, model: &Model, stop: u32, before: usize, next: usize) -> bool {
        let (before, next) = (&self.visits[before], &self.visits[next]);
        let there = model.into(self.worker, stop)[before.node as usize];
        let onward = model.out(self.worker, stop)[next.node as usize];
        fits(model, self.worker, stop, (before, there), (next, onward))
    }

    /// By how much the route becomes shorter without `stop`; nothing where it is not there.
    pub(super) fn saves_without(&self, model: &Model, stop: u32) -> i32 {
        let triples = self.visits.windows(3);
        triples.map(|triple| [triple[0], triple[1], triple[2]]).find(|[_, it, _]| it.node == stop).map_or(
            0,
            |[before, it, next]| {
                before.onward + it.onward - model.out(self.worker, before.node)[next.node as usize]
            },
        )
    }

    /// Calls `found` for each place in which `stop` fits when at most `longest` stops in a row go, with the visits
    /// before and after, and what those that go weigh. Of runs from the same place on only the shortest counts.
    pub(super) fn exchanges(
        &self,
        model: &Model,
        stop: u32,
        longest: usize,
        mut found: impl FnMut(usize, usize, f64),
    ) {
        let last = self.visits.len() - 1;
        let (opens, closes) = model.hours(stop);
        let rests = model.crew[self.worker].rest.is_some();
        for before in model.crew[self.worker].frozen.len()..last {
            if self.visits[before].early > closes {
                break;
            }
            let mut lost = 0.0;
            for next in before + 1..=last.min(before + 1 + longest) {
                let after = &self.visits[next];
                let in_time = after.late >= opens || (rests && after.rested.1 >= opens);
                if in_time && self.fits(model, stop, before, next) {
                    found(before, next, lost);
                    break;
                }
                lost += if next < last { model.weight(after.node, self.worker) } else { 0.0 };
            }
        }
    }

    /// By how much the travel grows when `stop` takes the place of everything between two visits.
    pub(super) fn longer_with(&self, model: &Model, stop: u32, before: usize, next: usize) -> i64 {
        let replaced = &self.visits[before..next];
        let old: i64 = replaced.iter().map(|visit| i64::from(visit.onward)).sum();
        let services: i64 = replaced[1..].iter().map(|visit| i64::from(model.service(visit.node))).sum();
        let there = model.into(self.worker, stop)[self.visits[before].node as usize];
        let onward = model.out(self.worker, stop)[self.visits[next].node as usize];
        i64::from(there) + i64::from(onward) - i64::from(model.service(stop)) - (old - services)
    }

    /// Calls `found` for each gap after the first `frozen` stops in which `stop` fits.
    #[inline]
    pub(super) fn gaps(&self, model: &Model, stop: u32, mut found: impl FnMut(Gap)) {
        let into = model.into(self.worker, stop);
        let out = model.out(self.worker, stop);
        let (opens, closes) = model.hours(stop);
        let frozen = model.crew[self.worker].frozen.len();
        if model.crew[self.worker].rest.is_some() {
            for after in frozen..self.visits.len() - 1 {
                let (before, next) = (&self.visits[after], &self.visits[after + 1]);
                let (there, onward) = (into[before.node as usize], out[next.node as usize]);
                if fits(model, self.worker, stop, (before, there), (next, onward)) {
                    let waits = (opens - before.early - there).max(0);
                    found(Gap { after: after as u32, longer: there + onward - before.onward, waits });
                }
            }
            return;
        }
        let visits = &self.visits[frozen..];
        // Before a visit that has to begin before the stop opens it does not fit, nor after one that begins when it
        // has closed.
        let skipped = visits[1..].iter().take_while(|next| next.late < opens).count();
        for (index, pair) in visits[skipped..].windows(2).enumerate() {
            let [before, next] = pair else { return };
            if before.early > closes {
                break;
            }
            let (there, onward) = (into[before.node as usize], out[next.node as usize]);
            let arrival = before.early + there;
            let begin = model.soonest(stop, arrival);
            if begin + onward <= next.late {
                found(Gap {
                    after: (frozen + skipped + index) as u32,
                    longer: there + onward - before.onward,
                    waits: begin - arrival,
                });
            }
        }
    }
}

/// Whether `stop` fits between two visits, with the leg from the one and to the other.
#[inline]
fn fits(
    model: &Model,
    worker: usize,
    stop: u32,
    (before, there): (&Visit, i32),
    (next, onward): (&Visit, i32),
) -> bool {
    let begin = model.soonest(stop, before.early + there);
    if begin + onward <= next.late {
        return true;
    }
    let Some(rest) = model.crew[worker].rest else { return false };
    // Rested before; rest before this call; rest after it.
    let service = model.service(before.node);
    let rested = (before.rested.0 + there).min(rest.ready(before.early + service, there - service));
    let service = model.service(stop);
    model.soonest(stop, rested) + onward <= next.rested.1
        || rest.ready(begin + service, onward - service) <= next.rested.1
}

const _: () = assert!(NEVER as i64 + 2 * FAR as i64 <= i32::MAX as i64 && TOO_LATE - 2 * FAR < 0);
