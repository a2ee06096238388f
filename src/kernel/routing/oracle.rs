//! Plans against brute force, and against the checker.

#![expect(clippy::cast_possible_wrap, reason = "the numbers are small")]

use proptest::prelude::*;

use super::brute_force::{Measure, brute_force, is_must, worth};
use super::random::Random;
use super::*;

/// How a case's travel times come about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Times {
    /// Straight distances.
    Plane,
    /// Any number each way; some pairs without a way.
    Arbitrary,
}

/// A case with up to three workers, with windows, rests, skills, pins and a published plan here and there.
pub(super) fn case(seed: u64, stops: usize, workers: usize, times: Times) -> Problem {
    let mut random = Random::new(seed);
    let places = 1 + stops;
    let points: Vec<(f64, f64)> =
        (0..places).map(|_| (random.unit() * 1000.0, random.unit() * 1000.0)).collect();
    let mut table = |slower: f64| {
        let mut times_between = Vec::new();
        for (row, a) in points.iter().enumerate() {
            for (column, b) in points.iter().enumerate() {
                times_between.push(match times {
                    _ if row == column => 0,
                    Times::Plane => ((a.0 - b.0).hypot(a.1 - b.1) * slower).ceil() as i64,
                    Times::Arbitrary if random.below(12) == 0 => TravelTimes::NO_WAY,
                    Times::Arbitrary => random.below(1000) as i64,
                });
            }
        }
        TravelTimes::new(places, times_between).unwrap()
    };
    let travel = vec![table(1.0), table(1.5)];
    let clock = -500;
    let workers: Vec<Worker> = (0..workers).map(|_| worker(&mut random, places, clock)).collect();
    let longest = 6000;
    let stops = (1..places)
        .map(|place| {
            let mut stop = Stop::new(place, random.below(600) as i64, random.below(10) as u64);
            stop.required = random.below(6) == 0;
            for _ in 0..random.below(4) {
                let from = clock + random.below(longest) as i64;
                stop.windows.push(Span { from, to: from + random.below(1200) as i64 });
            }
            if random.below(4) == 0 {
                stop.skills.push(random.below(3) as u32);
            }
            if random.below(10) == 0 {
                stop.pinned_to = Some(random.below(workers.len()));
            }
            if random.below(3) == 0 {
                stop.published_to = Some(random.below(workers.len()));
            }
            stop
        })
        .collect();
    let mut problem = Problem { travel, stops, workers, change_penalty: random.below(4) as u64 };
    if random.below(4) == 0 && places > 1 {
        let worker = random.below(problem.workers.len());
        let stop = random.below(problem.stops.len());
        problem.stops[stop].pinned_to = None;
        problem.stops[stop].windows.clear();
        problem.stops[stop].skills.clear();
        problem.workers[worker].frozen.push(stop);
    }
    problem
}

fn worker(random: &mut Random, places: usize, clock: i64) -> Worker {
    let from = clock + random.below(500) as i64;
    let shift = Span { from, to: from + 1200 + random.below(4000) as i64 };
    let mut worker = Worker::new(random.below(places), shift);
    worker.end = [None, Some(worker.start), Some(random.below(places))][random.below(3)];
    worker.travel = random.below(2);
    worker.skills = (0..3).filter(|_| random.below(2) == 0).collect();
    if random.below(2) == 0 {
        let from = from + random.below(2500) as i64;
        let window = Span { from, to: from + random.below(900) as i64 };
        worker.rest = Some(Rest { window, length: random.below(700) as i64 });
    }
    worker
}

fn measure(problem: &Problem, plan: &Plan) -> Measure {
    let planned =
        || plan.routes.iter().flat_map(|route| route.visits.iter().map(|visit| (route.worker, visit.stop)));
    let must = planned().filter(|&(_, stop)| is_must(problem, stop)).count();
    (must, planned().map(|(worker, stop)| worth(problem, worker, stop)).sum(), -plan.travel)
}

/// Whether each frozen route can be kept and each worker can get to the end, so that brute force and search mean
/// the same.
fn is_plain(problem: &Problem) -> bool {
    let plan = solve(problem, &Effort::iterations(0, 0)).unwrap();
    let kept = |worker: usize| {
        plan.routes.iter().any(|route| {
            let order: Vec<usize> = route.visits.iter().map(|visit| visit.stop).collect();
            route.worker == worker && order.starts_with(&problem.workers[worker].frozen)
        })
    };
    (0..problem.workers.len()).all(kept)
}

fn check(problem: &Problem, plan: &Plan) {
    let left_out: Vec<usize> = plan.left_out.iter().map(|left_out| left_out.stop).collect();
    let claim = Claim { routes: &plan.routes, left_out: &left_out, prize: plan.prize, travel: plan.travel };
    let mut faults = faults(problem, &claim);
    // What could not be frozen any more is planned anew.
    faults.retain(|fault| !matches!(fault, Fault::NotAsFrozen { .. }) || is_plain(problem));
    assert_eq!(faults, []);
    for left_out in &plan.left_out {
        check_reason(problem, plan, left_out);
    }
}

/// What a reason says, found out by planning the stop alone, and beside the rest without what it names.
fn check_reason(problem: &Problem, plan: &Plan, left_out: &LeftOut) {
    let stop = left_out.stop;
    let alone = |change: &dyn Fn(&mut Problem)| {
        let mut alone = problem.clone();
        alone.stops = vec![problem.stops[stop].clone()];
        alone.stops[0].prize = 1_000_000;
        for worker in &mut alone.workers {
            worker.frozen.clear();
        }
        change(&mut alone);
        solve(&alone, &Effort::iterations(0, 0)).unwrap().left_out.is_empty()
    };
    let frozen = problem.workers.iter().any(|worker| worker.frozen.contains(&stop));
    if frozen {
        return;
    }
    match &left_out.reason {
        Reason::NoWorker => assert!(problem.workers.is_empty()),
        Reason::SkillMissing => assert!(!alone(&|_| {})),
        Reason::Unreachable | Reason::ShiftTooShort { .. } => {
            assert!(!alone(&|it| it.stops[0].windows.clear()));
        }
        Reason::Closed { .. } => {
            assert!(!alone(&|_| {}));
            assert!(
                !problem.stops[stop].windows.is_empty() || problem.workers.iter().any(|it| it.rest.is_some())
            );
        }
        Reason::WorthNothing => {
            assert!(problem.stops[stop].prize <= problem.change_penalty);
        }
        Reason::Displaced(displacement) => {
            assert!(alone(&|_| {}));
            let route = plan.routes.iter().find(|route| route.worker == displacement.worker).unwrap();
            assert!(displacement.by.iter().all(|gone| route.visits.iter().any(|visit| visit.stop == *gone)));
            assert!(!displacement.by.is_empty());
            let prize: u64 = displacement.by.iter().map(|&gone| problem.stops[gone].prize).sum();
            assert_eq!(displacement.prize, prize);
        }
    }
}

#[test]
fn small_plans_are_the_best_there_are() {
    let mut planned = 0;
    for seed in 0..150 {
        let workers = 1 + seed as usize % 3;
        let stops = 1 + seed as usize % [8, 6, 5][workers - 1];
        let problem = case(seed, stops, workers, Times::Plane);
        if !is_plain(&problem) {
            continue;
        }
        let plan = solve(&problem, &Effort::iterations(6_000, seed)).unwrap();
        check(&problem, &plan);
        assert_eq!(measure(&problem, &plan), brute_force(&problem), "seed {seed}");
        planned += 1;
    }
    assert!(planned > 75, "{planned}");
}

#[test]
fn small_plans_over_times_without_reason_are_seldom_short_of_the_best() {
    let (mut planned, mut best) = (0, 0);
    for seed in 0..150 {
        let problem = case(seed, 1 + seed as usize % 6, 1 + seed as usize % 2, Times::Arbitrary);
        if !is_plain(&problem) {
            continue;
        }
        let plan = solve(&problem, &Effort::iterations(6_000, seed)).unwrap();
        check(&problem, &plan);
        planned += 1;
        best += i32::from(measure(&problem, &plan) == brute_force(&problem));
    }
    assert!(planned >= 50 && best * 100 >= planned * 95, "{best} of {planned}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn plans_keep_their_promises_on_any_number_of_threads(
        seed: u64, stops in 1_usize..60, workers in 1_usize..5, plane: bool,
    ) {
        let problem = case(seed, stops, workers, if plane { Times::Plane } else { Times::Arbitrary });
        let effort = Effort::iterations(300, seed);
        let plan = solve(&problem, &effort).unwrap();
        check(&problem, &plan);
        for threads in [2, 3, 4, 7] {
            prop_assert_eq!(&plan, &solve(&problem, &Effort { threads, ..effort }).unwrap());
        }
    }

    #[test]
    fn no_stop_left_out_fits_where_the_plan_has_room(seed: u64, stops in 1_usize..40, workers in 1_usize..4) {
        let problem = case(seed, stops, workers, Times::Plane);
        let plan = solve(&problem, &Effort::iterations(400, seed)).unwrap();
        let frozen = |stop: usize| problem.workers.iter().any(|worker| worker.frozen.contains(&stop));
        for left_out in plan.left_out.iter().filter(|left_out| !frozen(left_out.stop)) {
            for route in &plan.routes {
                for place in 0..=route.visits.len() {
                    let mut order: Vec<usize> = route.visits.iter().map(|visit| visit.stop).collect();
                    order.insert(place, left_out.stop);
                    let worker = route.worker;
                    let allowed = order.starts_with(&problem.workers[worker].frozen)
                        && worth(&problem, worker, left_out.stop) > 0;
                    prop_assert!(!allowed || !can_be_kept(&problem, worker, &order), "{left_out:?} {route:?}");
                }
            }
        }
    }
}

/// Whether a worker can make these calls in this order, found by freezing them.
fn can_be_kept(problem: &Problem, worker: usize, order: &[usize]) -> bool {
    let mut only = problem.clone();
    for (index, it) in only.workers.iter_mut().enumerate() {
        it.frozen = if index == worker { order.to_vec() } else { Vec::new() };
    }
    only.check().is_ok()
        && order.iter().all(|&stop| {
            let skills = &problem.stops[stop].skills;
            skills.iter().all(|skill| problem.workers[worker].skills.contains(skill))
        })
        && {
            for stop in (0..only.stops.len()).filter(|stop| !order.contains(stop)) {
                only.stops[stop].prize = 0;
                only.stops[stop].required = false;
                only.stops[stop].pinned_to = None;
            }
            let plan = solve(&only, &Effort::iterations(0, 0)).unwrap();
            plan.routes.iter().any(|route| {
                route.worker == worker
                    && route.visits.iter().map(|visit| visit.stop).take(order.len()).eq(order.iter().copied())
            })
        }
}

#[test]
fn a_short_shift_keeps_what_matters_most_and_says_what_it_would_cost_to_keep_the_rest() {
    // Ten poor stops on the way, one precious one the other way; time for one side only.
    let position = |place: usize| if place == 11 { -500 } else { place as i64 * 50 };
    let times = (0..144).map(|i| (position(i / 12) - position(i % 12)).abs()).collect();
    let mut stops: Vec<Stop> = (1..11).map(|place| Stop::new(place, 10, 1)).collect();
    stops.push(Stop::new(11, 10, 100));
    let problem = Problem {
        travel: vec![TravelTimes::new(12, times).unwrap()],
        stops,
        workers: vec![Worker::new(0, Span { from: 0, to: 1020 })],
        change_penalty: 0,
    };
    let plan = solve(&problem, &Effort::iterations(100, 1)).unwrap();
    assert_eq!(plan.routes[0].visits.iter().map(|visit| visit.stop).collect::<Vec<_>>(), [10]);
    assert_eq!(plan.left_out.len(), 10);
    let displaced = Displacement { worker: 0, by: vec![10], prize: 100, travel: 100 - 1000 };
    assert_eq!(plan.left_out[0].reason, Reason::Displaced(displaced));
}

#[test]
fn nothing_to_do_and_nobody_to_do_it_are_plans_too() {
    let travel = vec![TravelTimes::new(2, vec![0, 5, 5, 0]).unwrap()];
    let shift = Span { from: 0, to: 100 };
    let idle = Problem { travel: travel.clone(), workers: vec![Worker::new(0, shift)], ..Problem::default() };
    let plan = solve(&idle, &Effort::iterations(100, 1)).unwrap();
    assert_eq!((plan.routes.len(), plan.prize, plan.travel), (1, 0, 0));
    let unmanned = Problem { travel, stops: vec![Stop::new(1, 5, 1)], ..Problem::default() };
    let plan = solve(&unmanned, &Effort::iterations(100, 1)).unwrap();
    assert_eq!(plan.left_out, [LeftOut { stop: 0, reason: Reason::NoWorker }]);
}

#[test]
fn problems_that_make_no_sense_are_refused() {
    let sound = Problem {
        travel: vec![TravelTimes::new(2, vec![0, 5, 5, 0]).unwrap()],
        stops: vec![Stop::new(1, 5, 1)],
        workers: vec![Worker::new(0, Span { from: 0, to: 100 })],
        change_penalty: 0,
    };
    let refused = |change: &dyn Fn(&mut Problem)| {
        let mut problem = sound.clone();
        change(&mut problem);
        problem.check().unwrap_err()
    };
    assert_eq!(sound.check(), Ok(()));
    assert_eq!(refused(&|it| it.stops[0].place = 2), InvalidProblem::StopNowhere { stop: 0, place: 2 });
    assert_eq!(refused(&|it| it.workers[0].end = Some(9)), InvalidProblem::WorkerNowhere { worker: 0 });
    assert_eq!(refused(&|it| it.stops[0].service = -1), InvalidProblem::StopTimes { stop: 0 });
    assert_eq!(refused(&|it| it.workers[0].shift.to = -1), InvalidProblem::WorkerTimes { worker: 0 });
    assert_eq!(refused(&|it| it.workers[0].frozen = vec![0, 0]), InvalidProblem::Promise { stop: 0 });
    assert_eq!(refused(&|it| it.stops[0].pinned_to = Some(3)), InvalidProblem::Promise { stop: 0 });
    assert!(matches!(refused(&|it| it.workers[0].shift.to = 1 << 40), InvalidProblem::TooLong { .. }));
    assert_eq!(refused(&|it| it.stops[0].prize = u64::MAX), InvalidProblem::TooRich);
}
