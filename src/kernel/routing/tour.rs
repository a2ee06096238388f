//! A plan during the search: all routes, and which route each stop is on. Never here: what to change.

use super::model::Model;
use super::route::Route;

/// The route of a stop that is on none.
pub(super) const NOWHERE: u16 = u16::MAX;

/// A route for each worker.
#[derive(Debug, Clone)]
pub(super) struct Tour {
    pub(super) routes: Vec<Route>,
    /// For each stop its route, or [`NOWHERE`].
    pub(super) route_of: Vec<u16>,
    /// What the stops count together.
    pub(super) value: i64,
    /// What they count in steering the search.
    pub(super) weight: f64,
    /// The travel of all routes.
    pub(super) travel: i64,
}

impl Tour {
    /// Every worker with the stops that the route is bound to begin with, as far as they can be kept.
    pub(super) fn begin(model: &Model) -> Self {
        let frozen = model.crew.iter().map(|crew| crew.frozen.iter().copied());
        Self::with(model, frozen)
    }

    /// Every worker with the stops of an order, whether they can be kept or not.
    pub(super) fn of(model: &Model, orders: &[Vec<usize>]) -> Self {
        Self::with(model, orders.iter().map(|order| order.iter().map(|&stop| stop as u32)))
    }

    fn with(model: &Model, orders: impl Iterator<Item = impl Iterator<Item = u32>>) -> Self {
        let mut tour = Self {
            routes: Vec::with_capacity(model.crew.len()),
            route_of: vec![NOWHERE; model.stops],
            value: 0,
            weight: 0.0,
            travel: 0,
        };
        for (worker, order) in orders.enumerate() {
            let mut route = Route::empty(model, worker);
            route.replace(model, order);
            tour.travel += route.length;
            for stop in route.stops() {
                tour.route_of[stop as usize] = worker as u16;
                tour.value += model.value(stop, worker);
                tour.weight += model.weight(stop, worker);
                tour.travel -= i64::from(model.service(stop));
            }
            tour.routes.push(route);
        }
        tour
    }

    /// How many stops are on no route.
    pub(super) fn left_out(&self) -> usize {
        self.route_of.iter().filter(|&&route| route == NOWHERE).count()
    }

    /// Whether this plan is worth more than `other`, or as much with less travel.
    #[inline]
    pub(super) fn beats(&self, other: &Self) -> bool {
        (self.value, -self.travel) > (other.value, -other.travel)
    }

    /// Makes this a copy of `other`.
    pub(super) fn copy(&mut self, other: &Self) {
        for (route, original) in self.routes.iter_mut().zip(&other.routes) {
            route.copy(original);
        }
        self.route_of.clone_from(&other.route_of);
        (self.value, self.weight, self.travel) = (other.value, other.weight, other.travel);
    }

    /// Makes the routes named, and the stops on them, what they are in `other`, where the rest is the same.
    pub(super) fn copy_routes(&mut self, other: &Self, named: &[u16]) {
        for &index in named {
            for stop in self.routes[index as usize].stops() {
                self.route_of[stop as usize] = NOWHERE;
            }
        }
        for &index in named {
            self.routes[index as usize].copy(&other.routes[index as usize]);
            for stop in self.routes[index as usize].stops() {
                self.route_of[stop as usize] = index;
            }
        }
        (self.value, self.weight, self.travel) = (other.value, other.weight, other.travel);
    }

    /// Puts `stop` into a route, after the visit `after`.
    pub(super) fn insert(&mut self, model: &Model, stop: u32, index: u16, after: usize) {
        let route = &mut self.routes[index as usize];
        let before = route.length;
        route.insert(model, stop, after);
        self.travel += route.length - before - i64::from(model.service(stop));
        self.value += model.value(stop, route.worker);
        self.weight += model.weight(stop, route.worker);
        self.route_of[stop as usize] = index;
    }

    /// Takes out of a route the stops for which `goes` says so.
    pub(super) fn take_out(&mut self, model: &Model, index: u16, goes: impl Fn(u32) -> bool) {
        let route = &mut self.routes[index as usize];
        self.travel -= route.length;
        for stop in route.stops().filter(|&stop| goes(stop)) {
            self.route_of[stop as usize] = NOWHERE;
            self.value -= model.value(stop, route.worker);
            self.weight -= model.weight(stop, route.worker);
            self.travel += i64::from(model.service(stop));
        }
        route.take_out(model, goes);
        self.travel += route.length;
    }
}
