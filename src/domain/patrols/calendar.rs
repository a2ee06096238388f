//! A grid's calls on the days of a month: spread once, kept, and taken in by each day's walk. Never here: in which
//! order a day's calls are made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::Start;
use crate::domain::duties::{Duty, Rhythm};
use crate::domain::roads::Ways;
use crate::domain::visits::TargetKind;
use crate::kernel::rota::{Door, Month, Schedule, Shift, spread};
use crate::platform::computing::Wanted;
use crate::platform::problem::Problem;

/// A call on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scheduled {
    pub(super) day: NaiveDate,
    pub(super) target_kind: TargetKind,
    /// The household behind whose door it is, or the target itself.
    pub(super) door: Uuid,
}

/// How full a day is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DayLoad {
    pub(super) day: NaiveDate,
    pub(super) service_s: i64,
    pub(super) travel_s: i64,
    /// How much of that is beyond the shift.
    pub(super) over_s: i64,
}

/// A calendar as it is kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) shift_min: i32,
    pub(super) loads: Vec<DayLoad>,
    pub(super) made_at: DateTime<Utc>,
    pub(super) made_by: Option<String>,
    pub(super) version: i32,
    pub(super) calls: Vec<Scheduled>,
}

/// What a month is spread over.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) start: Start,
    /// The days on which somebody works, in order.
    pub(super) days: Vec<NaiveDate>,
    /// The first and the last day to spread over.
    pub(super) period: (NaiveDate, NaiveDate),
    pub(super) shift_min: u32,
}

/// A month that was spread.
#[derive(Debug)]
pub(super) struct Spread {
    pub(super) calls: Vec<Scheduled>,
    pub(super) loads: Vec<DayLoad>,
    /// Doors that no road leads to, by their numbers.
    pub(super) unreachable: Vec<usize>,
}

/// Two calls at one door are at least this share of its rhythm apart.
const LEAST_GAP: (i64, i64) = (2, 3);
/// A day's delay costs so many seconds for each point of what a call is worth.
const DELAY_S: f64 = 15.0;
/// How often each door's days are thought over.
const ITERATIONS_A_DOOR: u64 = 200;
const MOST_ITERATIONS: u64 = 200_000;

/// The first day of a day's month, and the last.
pub(super) fn month_of(day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let first = day.with_day(1)?;
    Some((first, first.checked_add_months(Months::new(1))? - TimeDelta::days(1)))
}

/// The fewest days between two calls that come every so many days.
pub(super) fn least_gap(every_days: i64) -> i64 {
    every_days * LEAST_GAP.0 / LEAST_GAP.1
}

/// Spreads the calls of a month. The same rhythms, days and roads give the same days.
///
/// Computing takes up to some seconds for thousands of doors: call it where blocking is allowed.
pub(super) fn make(
    rhythms: &[Rhythm],
    frame: &Frame,
    ways: &Ways,
    wanted: &Wanted,
) -> Result<Spread, Problem> {
    let points: Vec<_> = std::iter::once(frame.start.at).chain(rhythms.iter().map(|it| it.at)).collect();
    let travel = ways.find(&points, 1).matrix().times().map_err(|error| Problem::internal(&error))?;
    let number = |day: NaiveDate| i64::from(day.num_days_from_ce());
    let month = Month {
        travel,
        start: 0,
        doors: rhythms
            .iter()
            .enumerate()
            .map(|(index, rhythm)| Door {
                place: index + 1,
                service: i64::from(rhythm.service_min) * 60,
                every: rhythm.every_days,
                least_gap: least_gap(rhythm.every_days),
                last: rhythm.last.map(number),
                pressing: f64::from(rhythm.prize) * DELAY_S,
            })
            .collect(),
        shifts: frame
            .days
            .iter()
            .map(|&day| Shift { day: number(day), length: i64::from(frame.shift_min) * 60 })
            .collect(),
        period: (number(frame.period.0), number(frame.period.1)),
    };
    let iterations = (rhythms.len() as u64 * ITERATIONS_A_DOOR).min(MOST_ITERATIONS);
    let schedule =
        spread(&month, iterations, 0, &|_| wanted.still()).map_err(|error| Problem::internal(&error))?;
    Ok(told(schedule, rhythms, &frame.days))
}

fn told(schedule: Schedule, rhythms: &[Rhythm], days: &[NaiveDate]) -> Spread {
    let calls = schedule.days.iter().zip(days).flat_map(|(of_day, &day)| {
        of_day.doors.iter().map(move |&door| Scheduled {
            day,
            target_kind: rhythms[door].kind,
            door: rhythms[door].door,
        })
    });
    let loads = schedule.days.iter().zip(days).map(|(of_day, &day)| DayLoad {
        day,
        service_s: of_day.service,
        travel_s: of_day.travel,
        over_s: of_day.over,
    });
    Spread { calls: calls.collect(), loads: loads.collect(), unreachable: schedule.unreachable }
}

/// The days of each door in a calendar.
#[derive(Debug, Default)]
pub(super) struct DaysOfDoors(HashMap<Uuid, BTreeSet<NaiveDate>>);

impl DaysOfDoors {
    pub(super) fn new(calls: &[Scheduled]) -> Self {
        let mut days: HashMap<Uuid, BTreeSet<NaiveDate>> = HashMap::new();
        for call in calls {
            days.entry(call.door).or_default().insert(call.day);
        }
        Self(days)
    }

    /// The calls of `today`, out of all that there are: those that the calendar puts on it, those it put on a day
    /// before on which nobody called, those it does not know that are due, and whatever is grave and due.
    pub(super) fn calls_of(&self, today: NaiveDate, all: Vec<Duty>) -> Vec<Duty> {
        all.into_iter()
            .filter_map(|duty| {
                let due = !duty.is_early();
                let Some(days) = self.0.get(&duty.door) else { return due.then_some(duty) };
                let its_day = days.range(..=today).next_back();
                let waiting = its_day.is_some_and(|&day| duty.last.is_none_or(|last| last < day));
                let rested =
                    duty.last.is_none_or(|last| today - last >= TimeDelta::days(least_gap(duty.every_days)));
                let grave = due && duty.priority >= GRAVE;
                (grave || (waiting && rested)).then(|| duty.on_its_day())
            })
            .collect()
    }

    /// For each call of a door whether it was made, given the days of all calls there: each counts for the latest of its
    /// days that is not after it, and one before all of them for the first.
    pub(super) fn made(&self, door: Uuid, made: &[NaiveDate]) -> BTreeMap<NaiveDate, bool> {
        let Some(days) = self.0.get(&door) else { return BTreeMap::new() };
        let mut answered: BTreeMap<NaiveDate, bool> = days.iter().map(|&day| (day, false)).collect();
        for &day in made {
            let its_day = days.range(..=day).next_back().or_else(|| days.first());
            if let Some(it) = its_day.and_then(|day| answered.get_mut(day)) {
                *it = true;
            }
        }
        answered
    }
}

/// What is so pressing is called at when it is due, whatever the calendar says.
const GRAVE: u8 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(days: &[&str]) -> DaysOfDoors {
        let calls: Vec<Scheduled> = days
            .iter()
            .map(|text| Scheduled { day: day(text), target_kind: TargetKind::Household, door: Uuid::nil() })
            .collect();
        DaysOfDoors::new(&calls)
    }

    #[test]
    fn a_month_has_a_first_and_a_last_day() {
        assert_eq!(month_of(day("2024-02-11")), Some((day("2024-02-01"), day("2024-02-29"))));
        assert_eq!(month_of(day("2026-12-31")), Some((day("2026-12-01"), day("2026-12-31"))));
    }

    #[test]
    fn each_call_counts_for_one_day() {
        let calendar = calendar(&["2022-09-05", "2022-09-12", "2022-09-19"]);
        let made = |days: &[&str]| {
            let days: Vec<NaiveDate> = days.iter().map(|text| day(text)).collect();
            calendar.made(Uuid::nil(), &days).into_values().collect::<Vec<bool>>()
        };
        assert_eq!(made(&[]), [false, false, false]);
        assert_eq!(made(&["2022-09-02", "2022-09-14", "2022-09-15"]), [true, true, false]);
        assert!(calendar.made(Uuid::max(), &[]).is_empty());
    }
}
