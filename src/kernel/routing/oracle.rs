//! Plans against brute force: every subset of the stops in every order.

use proptest::prelude::*;

use super::random::Random;
use super::*;

/// The best prize and, for it, the least travel over all plans; by depth-first enumeration.
fn brute_force(walk: &Case) -> (u64, f64) {
    fn visit(
        case: &Case,
        at: usize,
        now_s: f64,
        travel_s: f64,
        prize: u64,
        left: u32,
        best: &mut (u64, f64),
    ) {
        let home_s = case.end.map_or(0.0, |end| case.travel.seconds(at, end));
        if now_s + home_s <= case.shift_s {
            let total_s = travel_s + home_s;
            if prize > best.0 || (prize == best.0 && total_s < best.1) {
                *best = (prize, total_s);
            }
        }
        for (index, stop) in case.stops.iter().enumerate() {
            let leg_s = case.travel.seconds(at, stop.place);
            let begin_s = f64::max(now_s + leg_s, stop.opens_s);
            if left & (1 << index) == 0 || begin_s > stop.closes_s || begin_s + stop.service_s > case.shift_s
            {
                continue;
            }
            let prize = prize + u64::from(stop.prize);
            visit(
                case,
                stop.place,
                begin_s + stop.service_s,
                travel_s + leg_s,
                prize,
                left & !(1 << index),
                best,
            );
        }
    }
    let mut best = (0, f64::INFINITY);
    visit(walk, 0, 0.0, 0.0, 0, (1 << walk.stops.len()) - 1, &mut best);
    best
}

#[derive(Debug)]
struct Case {
    travel: TravelTimes,
    end: Option<usize>,
    stops: Vec<Stop>,
    shift_s: f64,
}

/// How a case's travel times come about.
#[derive(Debug, Clone, Copy)]
enum Times {
    /// Straight distances.
    Plane,
    /// Any number each way; some pairs without a way.
    Arbitrary,
}

/// A case with `stops` stops at places 1 and up, the start at place 0; the end there too, elsewhere or open.
fn case(seed: u64, stops: usize, times: Times) -> Case {
    let mut random = Random::new(seed);
    let places: Vec<(f64, f64)> =
        (0..=stops).map(|_| (random.unit() * 1000.0, random.unit() * 1000.0)).collect();
    let mut seconds = Vec::new();
    for (row, a) in places.iter().enumerate() {
        for (column, b) in places.iter().enumerate() {
            seconds.push(match times {
                _ if row == column => 0.0,
                Times::Plane => (a.0 - b.0).hypot(a.1 - b.1),
                Times::Arbitrary if random.below(12) == 0 && row + column != stops => f64::INFINITY,
                Times::Arbitrary => random.unit() * 1000.0,
            });
        }
    }
    let end = [None, Some(0), Some(stops)][random.below(3)];
    let shift_s = 1200.0 + random.unit() * 5000.0;
    let mut stop = |place| {
        let stop = Stop::new(place, 60.0 + random.unit() * 600.0, 1 + random.below(9) as u32);
        let opens_s = random.unit() * shift_s / 2.0;
        if random.below(3) == 0 { stop.between(opens_s, opens_s + random.unit() * shift_s) } else { stop }
    };
    Case {
        stops: (1..=stops).map(&mut stop).collect(),
        travel: TravelTimes::new(stops + 1, seconds).unwrap(),
        end,
        shift_s,
    }
}

fn plan(case: &Case, effort: &Search) -> Result<Plan, InvalidWalk> {
    Ok(Walk::new(&case.travel, 0, case.end, case.stops.clone(), case.shift_s)?.plan(effort))
}

/// Everything a plan promises, checked without the kernel's own route.
fn check(case: &Case, plan: &Plan) {
    let (mut at, mut now_s, mut travel_s, mut prize) = (0, 0.0, 0.0, 0);
    for visit in &plan.visits {
        let stop = &case.stops[visit.stop];
        let leg_s = case.travel.seconds(at, stop.place);
        let begin_s = f64::max(now_s + leg_s, stop.opens_s);
        assert_eq!((visit.travel_s, visit.arrive_s, visit.begin_s), (leg_s, now_s + leg_s, begin_s));
        assert!(begin_s <= stop.closes_s);
        now_s = begin_s + stop.service_s;
        assert!((visit.leave_s - now_s).abs() < 1e-9);
        travel_s += leg_s;
        prize += u64::from(stop.prize);
        at = stop.place;
    }
    let home_s = case.end.map_or(0.0, |end| case.travel.seconds(at, end));
    assert!((plan.done_s - now_s - home_s).abs() < 1e-9 && plan.done_s <= case.shift_s);
    assert!((plan.travel_s - travel_s - home_s).abs() < 1e-6);
    assert_eq!(plan.prize, prize);
    let mut seen: Vec<usize> =
        plan.visits.iter().map(|v| v.stop).chain(plan.left_out.iter().map(|l| l.stop)).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..case.stops.len()).collect::<Vec<_>>(), "every stop is visited or left out, once");
    for left_out in &plan.left_out {
        check_reason(case, left_out);
    }
}

fn check_reason(case: &Case, left_out: &LeftOut) {
    let stop = &case.stops[left_out.stop];
    let there_s = case.travel.seconds(0, stop.place);
    let home_s = case.end.map_or(0.0, |end| case.travel.seconds(stop.place, end));
    let alone_s = there_s.max(stop.opens_s) + stop.service_s + home_s;
    let open = there_s.max(stop.opens_s) <= stop.closes_s;
    match left_out.reason {
        Reason::Unreachable => assert!(alone_s.is_infinite()),
        Reason::ClosesTooEarly { .. } => assert!(!open),
        Reason::OpensTooLate { opens_s } => assert!(opens_s > there_s && alone_s > case.shift_s),
        Reason::LongerThanTheShift { alone_s } => {
            assert!(alone_s.is_finite() && there_s + stop.service_s + home_s > case.shift_s);
        }
        Reason::NoTimeLeft { .. } => assert!(open && alone_s <= case.shift_s),
    }
}

#[test]
fn small_plans_are_the_best_there_are() {
    for seed in 0..200 {
        let case = case(seed, 1 + seed as usize % 8, Times::Plane);
        let plan = plan(&case, &Search::default()).unwrap();
        check(&case, &plan);
        let (prize, travel_s) = brute_force(&case);
        assert_eq!(plan.prize, prize, "seed {seed}");
        assert!((plan.travel_s - travel_s).abs() < 1e-6, "seed {seed}: {} for {travel_s}", plan.travel_s);
    }
}

#[test]
fn small_plans_over_times_without_reason_are_seldom_short_of_the_best() {
    let (mut planned, mut best) = (0, 0);
    for seed in 0..200 {
        let case = case(seed, 1 + seed as usize % 8, Times::Arbitrary);
        let Ok(plan) = plan(&case, &Search::default()) else { continue };
        check(&case, &plan);
        let (prize, travel_s) = brute_force(&case);
        assert!(plan.prize <= prize);
        planned += 1;
        best += i32::from(plan.prize == prize && plan.travel_s < travel_s + 1e-6);
    }
    assert!(planned >= 150 && best * 100 >= planned * 97, "{best} of {planned}");
}

proptest! {
    #[test]
    fn plans_keep_their_promises_and_come_out_the_same_again(seed: u64, stops in 0_usize..40, plane: bool) {
        let case = case(seed, stops, if plane { Times::Plane } else { Times::Arbitrary });
        let effort = Search { iterations: 15, seed };
        if let Ok(found) = plan(&case, &effort) {
            check(&case, &found);
            prop_assert_eq!(&found, &plan(&case, &effort).unwrap());
        }
    }
}

#[test]
fn a_short_shift_keeps_what_matters_most() {
    // Ten poor stops on the way, one precious one the other way; time for one side only.
    let places = 12_usize;
    let position = |place: usize| if place == 11 { -500.0 } else { place as f64 * 50.0 };
    let seconds =
        (0..places * places).map(|i| f64::abs(position(i / places) - position(i % places))).collect();
    let travel = TravelTimes::new(places, seconds).unwrap();
    let mut stops: Vec<Stop> = (1..11).map(|place| Stop::new(place, 10.0, 1)).collect();
    stops.push(Stop::new(11, 10.0, 100));
    let plan = Walk::new(&travel, 0, Some(0), stops, 1020.0).unwrap().plan(&Search::default());
    assert_eq!(plan.visits.iter().map(|visit| visit.stop).collect::<Vec<_>>(), [10]);
    assert_eq!(plan.left_out.len(), 10);
    assert_eq!(plan.left_out[0].reason, Reason::NoTimeLeft { needs_s: 110.0, spare_s: 10.0 });
}

#[test]
fn walks_that_make_no_sense_are_refused() {
    let travel = TravelTimes::new(2, vec![0.0, 100.0, f64::INFINITY, 0.0]).unwrap();
    let walk =
        |start, end, stop: Stop, shift_s| Walk::new(&travel, start, end, vec![stop], shift_s).map(|_| ());
    let stop = || Stop::new(1, 5.0, 1);
    assert_eq!(walk(2, None, stop(), 9.0), Err(InvalidWalk::UnknownPlace { place: 2 }));
    assert_eq!(walk(0, Some(7), stop(), 9.0), Err(InvalidWalk::UnknownPlace { place: 7 }));
    assert_eq!(walk(0, None, Stop::new(3, 5.0, 1), 9.0), Err(InvalidWalk::UnknownPlace { place: 3 }));
    assert_eq!(walk(0, None, Stop::new(1, f64::NAN, 1), 9.0), Err(InvalidWalk::NotATime));
    assert_eq!(walk(0, None, stop(), -1.0), Err(InvalidWalk::NotATime));
    assert_eq!(walk(0, Some(1), stop(), 99.0), Err(InvalidWalk::EndOutOfReach));
    assert_eq!(walk(1, Some(0), stop(), 1e9), Err(InvalidWalk::EndOutOfReach));
    assert_eq!(walk(0, Some(1), stop(), 100.0), Ok(()));
}
