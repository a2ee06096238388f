//! Schedules against all there are in small months, and against their promises in large ones.

#![expect(clippy::cast_possible_wrap, reason = "the numbers are small")]

use proptest::prelude::*;

use super::random::Random;
use super::*;

/// Days 1 to 28, day 1 a Monday, Sundays free; `days_off` besides.
fn shifts(days_off: &[i64], length: i64) -> Vec<Shift> {
    (1..=28).filter(|day| day % 7 != 0 && !days_off.contains(day)).map(|day| Shift { day, length }).collect()
}

/// Doors here and there around a start in the middle; a place for each.
fn month(seed: u64, doors: Vec<(i64, i64, Option<i64>)>, shifts: Vec<Shift>) -> Month {
    let mut random = Random::new(seed);
    let points: Vec<(f64, f64)> = std::iter::once((500.0, 500.0))
        .chain((0..doors.len()).map(|_| (random.unit() * 1000.0, random.unit() * 1000.0)))
        .collect();
    let time = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).hypot(a.1 - b.1).ceil() as i64;
    let times = points.iter().flat_map(|a| points.iter().map(move |b| time(a, b))).collect();
    Month {
        travel: TravelTimes::new(points.len(), times).unwrap(),
        start: 0,
        doors: doors
            .into_iter()
            .enumerate()
            .map(|(index, (every, service, last))| Door {
                place: index + 1,
                service,
                every,
                least_gap: every * 2 / 3,
                last,
                pressing: 600.0,
            })
            .collect(),
        shifts,
        period: (1, 28),
    }
}

fn day_of(month: &Month, shift: usize) -> i64 {
    month.shifts[shift].day
}

#[test]
fn monthly_calls_are_spread_evenly_and_weekly_ones_keep_their_weekday() {
    let mut doors = vec![(30, 600, None); 96];
    doors.extend(vec![(7, 1200, None); 8]);
    let month = month(1, doors, shifts(&[], 14_400));
    let schedule = spread(&month, 40_000, 1, &|_| true).unwrap();
    for door in 0..96 {
        assert_eq!(schedule.shifts[door].len(), 1, "door {door}");
    }
    for door in 96..104 {
        let days: Vec<i64> = schedule.shifts[door].iter().map(|&shift| day_of(&month, shift)).collect();
        assert_eq!(days.len(), 4, "door {door}: {days:?}");
        assert!(days.windows(2).all(|pair| pair[1] - pair[0] == 7), "door {door}: {days:?}");
    }
    let loads: Vec<i64> = schedule.days.iter().map(|day| day.service + day.travel).collect();
    let mean = loads.iter().sum::<i64>() / 24;
    assert!(loads.iter().all(|load| (mean * 6 / 10..mean * 13 / 10).contains(load)), "{loads:?}");
    assert!(schedule.days.iter().all(|day| day.over == 0));
    assert_eq!(schedule.late.iter().sum::<i64>(), 0);
}

#[test]
fn each_days_doors_lie_near_one_another() {
    let month = month(2, vec![(30, 600, None); 144], shifts(&[], 14_400));
    let schedule = spread(&month, 60_000, 1, &|_| true).unwrap();
    let walked: i64 = schedule.days.iter().map(|day| day.travel).sum();
    // Six doors a day one after another as they come, each day's in the best order there is.
    let mut days = super::days::Days::new(&month);
    for door in 0..144_u32 {
        let slot = days.best_slot(door as usize / 6, door);
        days.put(door, slot);
    }
    let as_they_come: i64 = (0..24).map(|day| days.each[day].travel).sum();
    assert!(walked * 10 < as_they_come * 7, "{walked} against {as_they_come}");
}

#[test]
fn a_day_off_moves_the_call_and_only_that_one() {
    // Day 8 is the second Monday; its call goes to Tuesday, the next stays on Monday.
    let month = month(3, vec![(7, 600, Some(-6))], shifts(&[8], 14_400));
    let schedule = spread(&month, 100, 1, &|_| true).unwrap();
    let days: Vec<i64> = schedule.shifts[0].iter().map(|&shift| day_of(&month, shift)).collect();
    assert_eq!(days, [1, 9, 15, 22]);
}

#[test]
fn after_a_long_holiday_there_is_one_call_and_not_two() {
    let holiday: Vec<i64> = (8..=14).collect();
    let month = month(4, vec![(7, 600, Some(-2))], shifts(&holiday, 14_400));
    let schedule = spread(&month, 100, 1, &|_| true).unwrap();
    let days: Vec<i64> = schedule.shifts[0].iter().map(|&shift| day_of(&month, shift)).collect();
    assert!(days.windows(2).all(|pair| pair[1] - pair[0] >= 4), "{days:?}");
    assert!(days.iter().all(|day| !holiday.contains(day)), "{days:?}");
}

#[test]
fn what_is_overdue_comes_first_and_what_is_not_due_waits() {
    let doors = vec![(30, 600, Some(-60)), (30, 600, Some(-10)), (30, 600, Some(0))];
    let month = month(5, doors, shifts(&[], 14_400));
    let schedule = spread(&month, 2_000, 1, &|_| true).unwrap();
    let first = |door: usize| schedule.shifts[door].first().map(|&shift| day_of(&month, shift));
    assert_eq!(first(0), Some(1));
    // Called on the 10th before, due on the 20th, not within twenty days of the last call.
    assert!((10..=20).contains(&first(1).unwrap()), "{:?}", first(1));
    assert_eq!(first(2), None, "due on the 30th");
}

#[test]
fn too_much_is_spread_all_the_same_and_said() {
    let month = month(6, vec![(30, 3_600, None); 30], shifts(&[], 3_600));
    let schedule = spread(&month, 10_000, 1, &|_| true).unwrap();
    assert_eq!(schedule.shifts.iter().filter(|shifts| shifts.len() == 1).count(), 30);
    assert!(schedule.days.iter().any(|day| day.over > 0));
}

#[test]
fn nobody_is_sent_where_no_way_leads() {
    let mut month = month(7, vec![(7, 600, None), (7, 600, None)], shifts(&[], 14_400));
    let times = (0..9).map(|cell| if [1, 3, 5, 7].contains(&cell) { TravelTimes::NO_WAY } else { 10 });
    month.travel = TravelTimes::new(3, times.collect()).unwrap();
    let schedule = spread(&month, 500, 1, &|_| true).unwrap();
    assert_eq!(
        (&schedule.unreachable[..], schedule.shifts[0].len(), schedule.shifts[1].len()),
        (&[0][..], 0, 4)
    );
}

#[test]
fn a_month_without_doors_or_shifts_is_a_schedule_too() {
    let empty = spread(&month(8, vec![], shifts(&[], 14_400)), 100, 1, &|_| true).unwrap();
    assert!(empty.days.iter().all(|day| day.doors.is_empty() && day.travel == 0));
    let idle = spread(&month(8, vec![(7, 600, None)], vec![]), 100, 1, &|_| true).unwrap();
    assert_eq!(idle.shifts, [Vec::<usize>::new()]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let good = month(9, vec![(7, 600, None)], shifts(&[], 14_400));
    let broken = |change: fn(&mut Month)| {
        let mut month = good.clone();
        change(&mut month);
        spread(&month, 1, 1, &|_| true).unwrap_err()
    };
    assert_eq!(broken(|month| month.start = 9), InvalidMonth::StartNowhere);
    assert_eq!(broken(|month| month.doors[0].place = 9), InvalidMonth::DoorNowhere { door: 0 });
    assert_eq!(broken(|month| month.doors[0].every = 0), InvalidMonth::Rhythm { door: 0 });
    assert_eq!(broken(|month| month.doors[0].least_gap = 8), InvalidMonth::Rhythm { door: 0 });
    assert_eq!(broken(|month| month.shifts[1].day = 1), InvalidMonth::Shift { shift: 1 });
    assert_eq!(broken(|month| month.period = (1, 5)), InvalidMonth::Shift { shift: 5 });
}

/// The least cost over all choices of patterns, each day's tour in the best of all orders.
fn least_cost(month: &Month) -> f64 {
    let patterns: Vec<_> = month.doors.iter().map(|door| super::pattern::patterns(month, door)).collect();
    let mut best = f64::INFINITY;
    let mut choice = vec![0; patterns.len()];
    loop {
        let mut calls = vec![Vec::new(); month.shifts.len()];
        let mut cost = 0.0;
        for (door, &chosen) in choice.iter().enumerate() {
            let pattern = &patterns[door][chosen];
            cost += pattern.cost(&month.doors[door]);
            pattern.shifts.iter().for_each(|&shift| calls[shift].push(door));
        }
        for (shift, doors) in calls.iter().enumerate() {
            let service: i64 = doors.iter().map(|&door| month.doors[door].service).sum();
            let travel = shortest(month, month.start, doors);
            let (load, length) = ((service + travel) as f64, month.shifts[shift].length as f64);
            cost += travel as f64 + 2.0 * load * load / length + 4.0 * (load - length).max(0.0);
        }
        best = best.min(cost);
        let Some(door) = (0..choice.len()).find(|&door| choice[door] + 1 < patterns[door].len()) else {
            return best;
        };
        choice[..door].fill(0);
        choice[door] += 1;
    }
}

fn shortest(month: &Month, from: usize, doors: &[usize]) -> i64 {
    let leg = |to| month.travel.time(from, to).unwrap();
    if doors.is_empty() {
        return leg(month.start);
    }
    (0..doors.len())
        .map(|next| {
            let rest: Vec<usize> = doors.iter().copied().filter(|&door| door != doors[next]).collect();
            let place = month.doors[doors[next]].place;
            leg(place) + shortest(month, place, &rest)
        })
        .min()
        .unwrap()
}

#[test]
fn small_months_are_spread_as_well_as_can_be() {
    for seed in 0..16 {
        let mut random = Random::new(seed);
        let doors: Vec<_> = (0..4)
            .map(|_| {
                let every = 3 + random.below(4) as i64;
                let last = (random.below(2) == 0).then(|| -(random.below(6) as i64));
                (every, 300 + random.below(900) as i64, last)
            })
            .collect();
        let mut month = month(seed, doors, Vec::new());
        month.period = (1, 7);
        month.shifts = (1..=6).map(|day| Shift { day, length: 3_000 }).collect();
        let found = spread(&month, 6_000, seed, &|_| true).unwrap();
        let least = least_cost(&month);
        assert!(found.cost <= least * 1.03 + 1e-6, "seed {seed}: {} against {least}", found.cost);
        assert!(found.cost >= least - 1e-6, "seed {seed}: {} is less than is possible, {least}", found.cost);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn schedules_keep_their_promises(seed in 0_u64..1_000_000) {
        let mut random = Random::new(seed);
        let doors: Vec<_> = (0..30)
            .map(|_| {
                let every = [1, 7, 15, 30, 90][random.below(5)];
                let last = (random.below(3) > 0).then(|| -(random.below(100) as i64));
                (every, 60 + random.below(900) as i64, last)
            })
            .collect();
        let off: Vec<i64> = (0..random.below(6)).map(|_| 1 + random.below(28) as i64).collect();
        let month = month(seed, doors, shifts(&off, 9_000));
        let schedule = spread(&month, 2_000, seed, &|_| true).unwrap();
        prop_assert_eq!(&schedule, &spread(&month, 2_000, seed, &|_| true).unwrap());
        let mut listed = vec![Vec::new(); month.doors.len()];
        for (shift, day) in schedule.days.iter().enumerate() {
            day.doors.iter().for_each(|&door| listed[door].push(shift));
            let service: i64 = day.doors.iter().map(|&door| month.doors[door].service).sum();
            let stops: Vec<usize> = day.doors.iter().map(|&door| month.doors[door].place).collect();
            let tour: Vec<usize> = [0].into_iter().chain(stops).chain([0]).collect();
            let travel: i64 = tour.windows(2).map(|pair| month.travel.time(pair[0], pair[1]).unwrap()).sum();
            prop_assert_eq!((day.service, day.travel), (service, travel));
            prop_assert_eq!(day.over, (service + travel - 9_000).max(0));
        }
        prop_assert_eq!(&listed, &schedule.shifts);
        for (door, shifts) in month.doors.iter().zip(&schedule.shifts) {
            let days: Vec<i64> = door.last.into_iter().chain(shifts.iter().map(|&it| month.shifts[it].day)).collect();
            prop_assert!(days.windows(2).all(|pair| pair[1] - pair[0] >= door.least_gap.max(1)), "{:?}", days);
            let due = door.last.map_or(door.every, |last| last + door.every);
            let last_shift = month.shifts.last().map_or(0, |shift| shift.day);
            prop_assert!(due > last_shift || !shifts.is_empty(), "{:?} is called at", door);
        }
    }
}
