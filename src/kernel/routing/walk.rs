//! What there is to do in one shift. Never here: how the best order is found.

use super::plan::Plan;
use super::search::{Search, search};
use super::travel::TravelTimes;

/// A call to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The place in the travel times.
    pub place: usize,
    /// How long the call takes, in seconds.
    pub service_s: f64,
    /// What it is worth: a plan keeps the largest sum it can.
    pub prize: u32,
    /// The earliest time the call can begin, in seconds from the start of the shift; whoever comes earlier
    /// waits. 0 when there is none.
    pub opens_s: f64,
    /// The latest time the call can begin; infinite when there is none.
    pub closes_s: f64,
}

impl Stop {
    /// A call at `place` that can begin at any time.
    #[must_use]
    pub fn new(place: usize, service_s: f64, prize: u32) -> Self {
        Self { place, service_s, prize, opens_s: 0.0, closes_s: f64::INFINITY }
    }

    /// The same call, to begin between `opens_s` and `closes_s` seconds from the start of the shift.
    #[must_use]
    pub fn between(self, opens_s: f64, closes_s: f64) -> Self {
        Self { opens_s, closes_s, ..self }
    }
}

/// One worker's shift: a start, the stops to choose from, perhaps a place to end at, and a time to be done by.
#[derive(Debug, Clone)]
pub struct Walk<'a> {
    travel: &'a TravelTimes,
    start: usize,
    end: Option<usize>,
    stops: Vec<Stop>,
    shift_s: f64,
}

/// Why a walk cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWalk {
    /// A place is not in the travel times.
    #[error("place {place} is not in the travel times")]
    UnknownPlace {
        /// The place.
        place: usize,
    },
    /// A length of time is negative or not a number, or a stop opens at no finite time.
    #[error("a time is negative, not a number, or never comes")]
    NotATime,
    /// One cannot even go from the start to the end within the shift.
    #[error("the end cannot be reached from the start within the shift")]
    EndOutOfReach,
}

impl<'a> Walk<'a> {
    /// A walk from `start` over some of `stops`, ending within `shift_s` seconds: at the place `end`, or, when
    /// that is `None`, wherever the last call was made.
    ///
    /// # Errors
    /// When a place is not in `travel`, a time is not one, or the end is out of reach even without a stop.
    pub fn new(
        travel: &'a TravelTimes,
        start: usize,
        end: Option<usize>,
        stops: Vec<Stop>,
        shift_s: f64,
    ) -> Result<Self, InvalidWalk> {
        let places = stops.iter().map(|stop| stop.place).chain([start]).chain(end);
        if let Some(place) = places.into_iter().find(|&place| place >= travel.places()) {
            return Err(InvalidWalk::UnknownPlace { place });
        }
        let is_time = |seconds: f64| seconds.is_finite() && seconds >= 0.0;
        let sound = |stop: &Stop| is_time(stop.service_s) && is_time(stop.opens_s) && !stop.closes_s.is_nan();
        if !is_time(shift_s) || !stops.iter().all(sound) {
            return Err(InvalidWalk::NotATime);
        }
        if end.is_some_and(|end| travel.seconds(start, end) > shift_s) {
            return Err(InvalidWalk::EndOutOfReach);
        }
        Ok(Self { travel, start, end, stops, shift_s })
    }

    /// The best plan the search finds.
    ///
    /// An iteration takes O(k·(n + k)) for n stops of which k are visited, and there are a few restarts of the
    /// local search in each; a hundred stops and a few hundred iterations are planned well within a second.
    #[must_use]
    pub fn plan(&self, effort: &Search) -> Plan {
        Plan::new(self, &search(self, effort))
    }

    /// The stops to choose from.
    #[must_use]
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// The time to be done by, in seconds from the start.
    #[must_use]
    pub fn shift_s(&self) -> f64 {
        self.shift_s
    }

    /// Seconds from the start to `stop`.
    pub(super) fn outward_s(&self, stop: usize) -> f64 {
        self.travel.seconds(self.start, self.stops[stop].place)
    }

    /// Seconds from `stop` to `next`.
    pub(super) fn between_s(&self, stop: usize, next: usize) -> f64 {
        self.travel.seconds(self.stops[stop].place, self.stops[next].place)
    }

    /// Seconds from `stop` to the end; none when the walk ends at its last stop.
    pub(super) fn homeward_s(&self, stop: usize) -> f64 {
        self.end.map_or(0.0, |end| self.travel.seconds(self.stops[stop].place, end))
    }

    /// Seconds from the start to the end without any stop.
    pub(super) fn empty_s(&self) -> f64 {
        self.end.map_or(0.0, |end| self.travel.seconds(self.start, end))
    }

    /// Seconds between two neighbours of a route, where `None` before is the start and `None` after the end.
    pub(super) fn leg_s(&self, before: Option<usize>, after: Option<usize>) -> f64 {
        match (before, after) {
            (Some(stop), Some(next)) => self.between_s(stop, next),
            (None, Some(stop)) => self.outward_s(stop),
            (Some(stop), None) => self.homeward_s(stop),
            (None, None) => self.empty_s(),
        }
    }
}
