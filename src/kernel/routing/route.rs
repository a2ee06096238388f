//! A route while it is being worked on: its order, its times, and what an insertion would do to them.
//! Never here: which insertion to choose.

use super::walk::Walk;

/// How much shorter a route must be to count as shorter, in seconds: more than rounding makes of sums of times.
pub(super) const NOTICEABLE_S: f64 = 1e-6;

/// Stops in order, always within the shift and every stop's hours.
#[derive(Debug, Clone)]
pub(super) struct Route {
    order: Vec<usize>,
    prize: u64,
    travel_s: f64,
    /// When one leaves each stop.
    leave_s: Vec<f64>,
    /// The latest time each call can begin so that all later ones can be made (forward time slack: Savelsbergh
    /// 1992, "The vehicle routing problem with time windows: minimizing route duration"); one more for the end.
    latest_s: Vec<f64>,
}

/// A place in a route for one more stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Insertion {
    /// Before which of the route's stops.
    pub(super) position: usize,
    /// How much longer the travel gets, in seconds; negative where the triangle inequality fails.
    pub(super) travel_s: f64,
}

impl Route {
    /// The route without a stop.
    pub(super) fn empty(walk: &Walk<'_>) -> Self {
        Self {
            order: Vec::new(),
            prize: 0,
            travel_s: walk.empty_s(),
            leave_s: Vec::new(),
            latest_s: vec![walk.shift_s()],
        }
    }

    /// The route over `order`, or `None` when it cannot be kept to.
    pub(super) fn new(walk: &Walk<'_>, order: Vec<usize>) -> Option<Self> {
        let mut leave_s = Vec::with_capacity(order.len());
        let (mut now_s, mut travel_s, mut prize) = (0.0, 0.0, 0);
        let mut before = None;
        for &stop in &order {
            let leg_s = walk.leg_s(before, Some(stop));
            let call = &walk.stops()[stop];
            let begin_s = f64::max(now_s + leg_s, call.opens_s);
            if begin_s > call.closes_s || begin_s.is_infinite() {
                return None;
            }
            now_s = begin_s + call.service_s;
            travel_s += leg_s;
            prize += u64::from(call.prize);
            leave_s.push(now_s);
            before = Some(stop);
        }
        let last_s = walk.leg_s(before, None);
        if now_s + last_s > walk.shift_s() {
            return None;
        }
        travel_s += last_s;

        let mut latest_s = vec![walk.shift_s(); order.len() + 1];
        for position in (0..order.len()).rev() {
            let call = &walk.stops()[order[position]];
            let onward_s = walk.leg_s(Some(order[position]), order.get(position + 1).copied());
            latest_s[position] = call.closes_s.min(latest_s[position + 1] - onward_s - call.service_s);
        }
        Some(Self { order, prize, travel_s, leave_s, latest_s })
    }

    /// The stops in order.
    pub(super) fn order(&self) -> &[usize] {
        &self.order
    }

    /// Whether this route is worth more than `other`, or as much with noticeably less travel.
    pub(super) fn is_better_than(&self, other: &Self) -> bool {
        (self.prize, other.travel_s - NOTICEABLE_S) > (other.prize, self.travel_s)
    }

    /// What the stops are worth together.
    pub(super) fn prize(&self) -> u64 {
        self.prize
    }

    /// The travel in seconds.
    pub(super) fn travel_s(&self) -> f64 {
        self.travel_s
    }

    /// The stop before `position`, if there is one.
    pub(super) fn before(&self, position: usize) -> Option<usize> {
        position.checked_sub(1).map(|before| self.order[before])
    }

    /// The places where `stop` can be put without breaking the route, front to back.
    pub(super) fn insertions(&self, walk: &Walk<'_>, stop: usize) -> impl Iterator<Item = Insertion> {
        let call = &walk.stops()[stop];
        (0..=self.order.len()).filter_map(move |position| {
            let (before, after) = (self.before(position), self.order.get(position).copied());
            let (there_s, onward_s) = (walk.leg_s(before, Some(stop)), walk.leg_s(Some(stop), after));
            let left_s = if position == 0 { 0.0 } else { self.leave_s[position - 1] };
            let begin_s = f64::max(left_s + there_s, call.opens_s);
            let fits =
                begin_s <= call.closes_s && begin_s + call.service_s + onward_s <= self.latest_s[position];
            let travel_s = there_s + onward_s - walk.leg_s(before, after);
            fits.then_some(Insertion { position, travel_s })
        })
    }
}
