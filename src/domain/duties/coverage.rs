//! The share of duties that were met in a month.
//!
//! A duty is met when a call was made before the interval after it was due was over: a call a little late is a call,
//! one that is another interval late has left one out. Two calls on one day are one.

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::visits::TargetKind;
use crate::platform::code::PlaceCode;

/// Duties met in one grid, for one kind of target.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DutyCoverage)]
pub(super) struct Coverage {
    /// The grid, or the area of what lies in none.
    #[schema(value_type = String, example = "370828003218001")]
    pub(super) place_code: PlaceCode,
    /// What kind of target.
    pub(super) target_kind: TargetKind,
    /// Duties that fell into the month so far.
    pub(super) duties: u32,
    /// Of those, duties met.
    pub(super) met: u32,
}

/// How many duties at one target fell due in `from..=to`, and how many were met, with a call every `every_days`.
///
/// `calls` are the days on which calls were made, in order, each once; `arose` the day from which the first interval
/// counts where there was no call before it. Without either the target has been waiting since before the month.
pub(super) fn of_target(
    every_days: i64,
    arose: Option<NaiveDate>,
    calls: &[NaiveDate],
    from: NaiveDate,
    to: NaiveDate,
) -> (u32, u32) {
    let every = TimeDelta::days(every_days.max(1));
    let before = calls.iter().copied().take_while(|&day| day < from).last();
    let mut calls = calls.iter().copied().skip_while(|&day| day < from).peekable();
    // An interval that began long ago is not counted again for every month since.
    let mut since = before.or(arose).unwrap_or(from - every).max(from - every);
    let (mut duties, mut met) = (0, 0);
    loop {
        let due = since + every;
        match calls.peek().copied() {
            Some(day) if day < due + every && day <= to => {
                calls.next();
                duties += 1;
                met += 1;
                since = day;
            }
            _ if due > to => return (duties, met),
            _ => {
                duties += 1;
                since = due;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(of_september: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 9, of_september).unwrap()
    }

    fn september(every_days: i64, calls: &[u32]) -> (u32, u32) {
        let calls: Vec<NaiveDate> = calls.iter().map(|&call| day(call)).collect();
        of_target(every_days, None, &calls, day(1), day(30))
    }

    #[test]
    fn weekly_calls_made_weekly_are_all_met() {
        assert_eq!(september(7, &[1, 8, 15, 22, 29]), (5, 5));
    }

    #[test]
    fn without_any_call_every_duty_is_missed() {
        assert_eq!(september(7, &[]), (5, 0));
        assert_eq!(september(30, &[]), (1, 0));
    }

    #[test]
    fn a_call_a_little_late_counts_and_a_call_two_weeks_late_leaves_one_out() {
        assert_eq!(september(7, &[3, 10, 17, 24]), (4, 4));
        assert_eq!(september(7, &[1, 15, 22, 29]), (5, 4));
    }

    #[test]
    fn what_arose_within_the_month_is_due_an_interval_later() {
        let found = Some(day(20));
        assert_eq!(of_target(7, found, &[], day(1), day(30)), (1, 0));
        assert_eq!(of_target(7, found, &[day(25)], day(1), day(30)), (1, 1));
        assert_eq!(of_target(14, found, &[], day(1), day(30)), (0, 0));
    }

    #[test]
    fn the_future_owes_nothing() {
        assert_eq!(of_target(7, None, &[day(1)], day(1), day(6)), (1, 1));
    }
}
