//! What there is to do and who can do it. Never here: how the best plan is found.

use super::travel::TravelTimes;

/// A span of time, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub from: i64,
    /// Its last moment.
    pub to: i64,
}

/// A call to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The place in the travel times.
    pub place: usize,
    /// How long the call takes.
    pub service: i64,
    /// What it is worth: a plan keeps the largest sum it can.
    pub prize: u64,
    /// Whether it goes before any number of optional stops.
    pub required: bool,
    /// When the call may begin; whoever comes earlier waits. None: at any time.
    pub windows: Vec<Span>,
    /// What a worker has to be able to do.
    pub skills: Vec<u32>,
    /// The only worker who may make it.
    pub pinned_to: Option<usize>,
    /// The worker to whom a published plan gave it: see [`Problem::change_penalty`].
    pub published_to: Option<usize>,
}

impl Stop {
    /// An optional call at `place` that anybody can make at any time.
    #[must_use]
    pub fn new(place: usize, service: i64, prize: u64) -> Self {
        Self {
            place,
            service,
            prize,
            required: false,
            windows: Vec::new(),
            skills: Vec::new(),
            pinned_to: None,
            published_to: None,
        }
    }
}

/// Somebody who makes calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// The place where the shift begins.
    pub start: usize,
    /// The place where it ends; wherever the last call was made when there is none.
    pub end: Option<usize>,
    /// Not away from the start before its first moment, done by its last.
    pub shift: Span,
    /// A rest within the shift.
    pub rest: Option<Rest>,
    /// What the worker is able to do.
    pub skills: Vec<u32>,
    /// Which of [`Problem::travel`] holds the worker's travel times.
    pub travel: usize,
    /// The stops that the route begins with, in order, whatever else is planned.
    pub frozen: Vec<usize>,
}

impl Worker {
    /// A worker who starts and ends at `place` and uses the first table of travel times.
    #[must_use]
    pub fn new(place: usize, shift: Span) -> Self {
        Self {
            start: place,
            end: Some(place),
            shift,
            rest: None,
            skills: Vec::new(),
            travel: 0,
            frozen: Vec::new(),
        }
    }
}

/// A rest that is due once in a shift: at a stop before or after the call, or at the start or the end, never on
/// the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// When it may begin.
    pub window: Span,
    /// How long it takes.
    pub length: i64,
}

/// What there is to do and who can do it. All times are in one unit and on one clock.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// Travel times by the way of moving.
    pub travel: Vec<TravelTimes>,
    /// The calls to choose from.
    pub stops: Vec<Stop>,
    /// Who can make them.
    pub workers: Vec<Worker>,
    /// What a published plan's stop loses of its prize when another worker makes the call.
    pub change_penalty: u64,
}

/// Why a problem cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProblem {
    /// A stop's place is not in the travel times.
    #[error("stop {stop} is at place {place}, which is not in the travel times")]
    StopNowhere {
        /// Which stop.
        stop: usize,
        /// Its place.
        place: usize,
    },
    /// A worker's start, end or table of travel times does not exist.
    #[error("worker {worker} starts or ends at a place that is not in the travel times")]
    WorkerNowhere {
        /// Which worker.
        worker: usize,
    },
    /// A length of time is negative, or a span ends before it begins.
    #[error("stop {stop} has a negative service time, or a window that ends before it begins")]
    StopTimes {
        /// Which stop.
        stop: usize,
    },
    /// A shift or rest ends before it begins.
    #[error("worker {worker} has a shift or break that ends before it begins")]
    WorkerTimes {
        /// Which worker.
        worker: usize,
    },
    /// A pin, a published plan or a frozen beginning names what is not there, or names it twice.
    #[error("stop {stop} is pinned to a worker who does not exist, or frozen twice or against its pin")]
    Promise {
        /// Which stop.
        stop: usize,
    },
    /// A given order names a stop that is not there, or names it twice.
    #[error("stop {stop} is not there, or in the orders twice")]
    Order {
        /// Which stop.
        stop: usize,
    },
    /// From the first shift's beginning to the last one's end there are too many units of time.
    #[error("the shifts span {span} units of time, more than {limit}: use coarser units")]
    TooLong {
        /// How many.
        span: i128,
        /// How many there may be.
        limit: i64,
    },
    /// Prizes add up to more than can be counted.
    #[error("the prizes are too large to be added up")]
    TooRich,
}

impl Problem {
    /// Shifts may not span more than this, so that times are added up without overflow.
    pub const LONGEST_SPAN: i64 = (1 << 28) - 1;
    /// The prizes of all stops, those of required ones counted once for each stop, may not add up to more.
    const RICHEST: u128 = 1 << 62;

    /// Whether the problem can be planned.
    ///
    /// # Errors
    /// When a place or worker does not exist, a time is negative, or numbers are too large.
    pub fn check(&self) -> Result<(), InvalidProblem> {
        let places = self.travel.iter().map(TravelTimes::places).min().unwrap_or(0);
        for (index, worker) in self.workers.iter().enumerate() {
            let known = worker.travel < self.travel.len() && worker.start < places;
            if !known || worker.end.is_some_and(|end| end >= places) {
                return Err(InvalidProblem::WorkerNowhere { worker: index });
            }
            let rest = worker.rest.is_some_and(|rest| rest.length < 0 || rest.window.to < rest.window.from);
            if worker.shift.to < worker.shift.from || rest {
                return Err(InvalidProblem::WorkerTimes { worker: index });
            }
        }
        for (index, stop) in self.stops.iter().enumerate() {
            if stop.place >= places && !self.travel.is_empty() {
                return Err(InvalidProblem::StopNowhere { stop: index, place: stop.place });
            }
            if stop.service < 0 || stop.windows.iter().any(|window| window.to < window.from) {
                return Err(InvalidProblem::StopTimes { stop: index });
            }
            let unknown = |worker: Option<usize>| worker.is_some_and(|worker| worker >= self.workers.len());
            if unknown(stop.pinned_to) || unknown(stop.published_to) {
                return Err(InvalidProblem::Promise { stop: index });
            }
        }
        self.check_frozen()?;
        self.check_numbers()
    }

    fn check_frozen(&self) -> Result<(), InvalidProblem> {
        let mut frozen = vec![false; self.stops.len()];
        for (index, worker) in self.workers.iter().enumerate() {
            for &stop in &worker.frozen {
                let pinned_elsewhere =
                    self.stops.get(stop).is_none_or(|it| it.pinned_to.is_some_and(|pin| pin != index));
                if pinned_elsewhere || std::mem::replace(&mut frozen[stop], true) {
                    return Err(InvalidProblem::Promise { stop });
                }
            }
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), InvalidProblem> {
        let begins = self.workers.iter().map(|worker| worker.shift.from).min().unwrap_or(0);
        let ends = self.workers.iter().map(|worker| worker.shift.to).max().unwrap_or(0);
        let span = i128::from(ends) - i128::from(begins);
        if span > i128::from(Self::LONGEST_SPAN) {
            return Err(InvalidProblem::TooLong { span, limit: Self::LONGEST_SPAN });
        }
        let penalty = u128::from(self.change_penalty);
        let total: u128 = self.stops.iter().map(|stop| u128::from(stop.prize) + penalty).sum();
        if (total + 1) * (self.stops.len() as u128 + 1) > Self::RICHEST {
            return Err(InvalidProblem::TooRich);
        }
        Ok(())
    }
}
