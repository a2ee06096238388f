//! What becomes of orders that somebody else decided: the times of each route, what keeps it from being walked, and
//! what is left out. Never here: changing an order.

use super::model::Model;
use super::plan::{LeftOut, PlannedRoute, Visit, timetable};
use super::problem::{InvalidProblem, Problem};
use super::reasons::reasons;
use super::tour::Tour;

/// What becomes of given orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// A route for each worker, in order.
    pub routes: Vec<AssessedRoute>,
    /// The stops in no order. One that would fit is [`Reason::Displaced`](super::Reason::Displaced) by nothing.
    pub left_out: Vec<LeftOut>,
    /// What the stops in the orders are worth together, whether they can be kept or not.
    pub prize: u64,
    /// The travel of all workers; a leg that is no way counts nothing.
    pub travel: i64,
}

/// One worker's order with its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessedRoute {
    /// The calls with their times. Where something is in the way, the times are those of somebody who goes on all the
    /// same: without waiting for what does not open any more, without a rest.
    pub route: PlannedRoute,
    /// What keeps the order from being walked; nothing where it can be.
    pub hitches: Vec<Hitch>,
}

/// Something that keeps an order from being walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hitch {
    /// At which call of the route; none for the end.
    pub visit: Option<usize>,
    /// What it is.
    pub obstacle: Obstacle,
}

/// What can be in the way of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// There is no way from the place before.
    NoWay,
    /// The worker lacks a skill, or the call is pinned to another.
    NotAllowed,
    /// It is closed by the time one can be there.
    Closed {
        /// How much too late; none where it never opens.
        late: Option<i64>,
    },
    /// The shift is over before the end is reached.
    AfterShift {
        /// By how much.
        late: i64,
    },
    /// Everything else fits, but the rest that is owed does not.
    NoRest,
}

/// The times of `orders`, one for each worker, and why the other stops are in none: O(n) for n stops in the orders,
/// and for each stop left out as much as they are long.
///
/// # Errors
/// When the problem makes no sense, there are more orders than workers, or a stop is unknown or in them twice.
pub fn assess(problem: &Problem, orders: &[Vec<usize>]) -> Result<Assessment, InvalidProblem> {
    problem.check()?;
    let mut seen = vec![false; problem.stops.len()];
    for &stop in orders.iter().flatten() {
        if seen.get(stop).is_none_or(|&seen| seen) {
            return Err(InvalidProblem::Order { stop });
        }
        seen[stop] = true;
    }
    if orders.len() > problem.workers.len() {
        return Err(InvalidProblem::WorkerNowhere { worker: problem.workers.len() });
    }
    let model = Model::new(problem);
    let mut orders = orders.to_vec();
    orders.resize(problem.workers.len(), Vec::new());
    let tour = Tour::of(&model, &orders);
    let routes: Vec<AssessedRoute> = orders
        .iter()
        .enumerate()
        .map(|(worker, order)| {
            let mut followed = follow(problem, worker, order);
            if followed.hitches.is_empty() {
                let route = &tour.routes[worker];
                if route.is_sound() {
                    followed.route = timetable(&model, route);
                } else {
                    followed.hitches.push(Hitch { visit: None, obstacle: Obstacle::NoRest });
                }
            }
            followed
        })
        .collect();
    Ok(Assessment {
        prize: orders.iter().flatten().map(|&stop| problem.stops[stop].prize).sum(),
        travel: routes.iter().map(|assessed| assessed.route.travel).sum(),
        left_out: reasons(problem, &model, &tour),
        routes,
    })
}

/// Follows an order to its end, whatever is in the way.
fn follow(problem: &Problem, index: usize, order: &[usize]) -> AssessedRoute {
    let worker = &problem.workers[index];
    let table = &problem.travel[worker.travel];
    let mut hitches = Vec::new();
    let (mut place, mut free, mut travel) = (worker.start, worker.shift.from, 0);
    let mut visits = Vec::with_capacity(order.len());
    for (at, &stop) in order.iter().enumerate() {
        let call = &problem.stops[stop];
        let mut note = |obstacle| hitches.push(Hitch { visit: Some(at), obstacle });
        let lacks = call.skills.iter().any(|skill| !worker.skills.contains(skill));
        if lacks || call.pinned_to.is_some_and(|pin| pin != index) {
            note(Obstacle::NotAllowed);
        }
        let leg = table.time(place, call.place).unwrap_or_else(|| {
            note(Obstacle::NoWay);
            0
        });
        let arrive = free.saturating_add(leg);
        let open = call.windows.iter().filter(|window| window.to >= arrive);
        let begin = match open.map(|window| window.from.max(arrive)).min() {
            Some(begin) => begin,
            None if call.windows.is_empty() => arrive,
            None => {
                let closes = call.windows.iter().map(|window| window.to).max();
                note(Obstacle::Closed {
                    late: closes.filter(|&closes| closes >= worker.shift.from).map(|closes| arrive - closes),
                });
                arrive
            }
        };
        travel += leg;
        (place, free) = (call.place, begin.saturating_add(call.service));
        visits.push(Visit { stop, arrive, begin, leave: free });
    }
    let leg = worker.end.map_or(Some(0), |end| table.time(place, end)).unwrap_or_else(|| {
        hitches.push(Hitch { visit: None, obstacle: Obstacle::NoWay });
        0
    });
    let end = free.saturating_add(leg);
    if end > worker.shift.to {
        let late = end - worker.shift.to;
        hitches.push(Hitch { visit: None, obstacle: Obstacle::AfterShift { late } });
    }
    let route = PlannedRoute {
        worker: index,
        visits,
        start: worker.shift.from,
        end,
        rest: None,
        travel: travel + leg,
    };
    AssessedRoute { route, hitches }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    /// Places 0, 1, 2, 3 on a line, ten apart; no way from 3 back.
    fn line() -> Problem {
        let times = (0..16_i64).map(|cell| (cell / 4 - cell % 4).abs() * 10);
        let times = times.enumerate().map(|(cell, time)| if cell == 12 { TravelTimes::NO_WAY } else { time });
        Problem {
            travel: vec![TravelTimes::new(4, times.collect()).unwrap()],
            stops: (1..4).map(|place| Stop::new(place, 5, 10 * place as u64)).collect(),
            workers: vec![Worker::new(0, Span { from: 0, to: 60 })],
            change_penalty: 0,
        }
    }

    #[test]
    fn an_order_gets_its_times_and_what_would_fit_is_said() {
        let assessed = assess(&line(), &[vec![1]]).unwrap();
        let route = &assessed.routes[0];
        assert_eq!(route.hitches, []);
        assert_eq!(route.route.visits, [Visit { stop: 1, arrive: 20, begin: 20, leave: 25 }]);
        assert_eq!((route.route.end, assessed.travel, assessed.prize), (45, 40, 20));
        let [near, far] = &assessed.left_out[..] else { panic!("{:?}", assessed.left_out) };
        assert!(
            matches!(&near.reason, Reason::Displaced(by) if by.by.is_empty() && by.travel == 0),
            "{near:?}"
        );
        assert_eq!(far.reason, Reason::Unreachable);
    }

    #[test]
    fn what_is_in_the_way_is_named_and_the_rest_goes_on() {
        let mut problem = line();
        problem.stops[0].windows = vec![Span { from: 0, to: 12 }];
        problem.stops[1].skills = vec![7];
        let assessed = assess(&problem, &[vec![2, 0, 1]]).unwrap();
        let route = &assessed.routes[0];
        // Thirty out, five there, twenty back to the first, five there, ten out again, five there, twenty home.
        assert_eq!((route.route.end, route.route.travel), (95, 80));
        let hitch = |visit, obstacle| Hitch { visit, obstacle };
        assert_eq!(
            route.hitches,
            [
                hitch(Some(1), Obstacle::Closed { late: Some(43) }),
                hitch(Some(2), Obstacle::NotAllowed),
                hitch(None, Obstacle::AfterShift { late: 35 }),
            ]
        );
        let stranded = assess(&problem, &[vec![2]]).unwrap();
        assert_eq!(stranded.routes[0].hitches, [hitch(None, Obstacle::NoWay)]);
    }

    #[test]
    fn a_rest_that_does_not_fit_is_in_the_way() {
        let mut problem = line();
        problem.workers[0].rest = Some(Rest { window: Span { from: 0, to: 60 }, length: 20 });
        let assessed = assess(&problem, &[vec![0, 1]]).unwrap();
        assert_eq!(assessed.routes[0].hitches, [Hitch { visit: None, obstacle: Obstacle::NoRest }]);
        assert_eq!(assess(&problem, &[vec![0]]).unwrap().routes[0].hitches, []);
    }

    #[test]
    fn orders_name_each_stop_once() {
        let problem = line();
        for orders in [vec![vec![0, 0]], vec![vec![9]]] {
            assert!(matches!(assess(&problem, &orders), Err(InvalidProblem::Order { .. })));
        }
        assert!(assess(&problem, &[vec![], vec![]]).is_err());
    }

    #[test]
    fn the_searchs_own_plans_are_assessed_as_it_times_them() {
        for seed in 0..20 {
            let problem = super::super::oracle::case(seed, 8, 2, super::super::oracle::Times::Plane);
            let plan = solve(&problem, &Effort::iterations(300, seed)).unwrap();
            if plan.routes.len() < problem.workers.len() {
                continue;
            }
            let orders: Vec<Vec<usize>> = plan
                .routes
                .iter()
                .map(|route| route.visits.iter().map(|visit| visit.stop).collect())
                .collect();
            let assessed = assess(&problem, &orders).unwrap();
            let routes: Vec<PlannedRoute> = assessed.routes.iter().map(|it| it.route.clone()).collect();
            assert_eq!(routes, plan.routes, "seed {seed}");
            assert_eq!((assessed.prize, assessed.travel), (plan.prize, plan.travel));
            assert_eq!(assessed.left_out, plan.left_out);
        }
    }
}
