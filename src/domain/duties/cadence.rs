//! When a call is due, how late it is, and what it is worth. Never here: how often, which is a matter of rules.

use chrono::{NaiveDate, TimeDelta};

/// How often a call is made, how long it takes, and how pressing it is when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cadence {
    pub(super) every_days: i64,
    pub(super) service_min: u32,
    /// 1 low to 4 grave.
    pub(super) priority: u8,
}

/// What calls of each priority are worth: one grave call outweighs a morning of ordinary ones.
const PRIZES: [u32; 4] = [10, 40, 120, 600];
const GRAVEST: u8 = PRIZES.len() as u8;

/// When a call came due, and how pressing it is by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    /// The day on which it came due; none where there was no call before.
    pub(super) since: Option<NaiveDate>,
    pub(super) overdue_days: i64,
    /// 1 low to 4 grave.
    pub(super) priority: u8,
    /// What the call is worth against others.
    pub(super) prize: u32,
}

impl Cadence {
    /// What a call is worth on the day it is due.
    pub(super) fn plain_prize(self) -> u32 {
        PRIZES[usize::from(self.priority.clamp(1, GRAVEST)) - 1]
    }

    /// The day on which the next call is due after one on `last`.
    fn next(self, last: NaiveDate) -> NaiveDate {
        last + TimeDelta::days(self.every_days)
    }

    /// Whether a call is due `today` when the last was made on `last`, or, when there was none, the matter
    /// arose on `arose`; `working_from` moves a day to the first on which somebody calls. A call that is late by
    /// another whole interval is one step more pressing.
    pub(super) fn due(
        self,
        last: Option<NaiveDate>,
        arose: Option<NaiveDate>,
        today: NaiveDate,
        working_from: impl Fn(NaiveDate) -> NaiveDate,
    ) -> Option<Due> {
        let since = last.or(arose).map(|day| working_from(self.next(day)));
        let overdue_days = since.map_or(0, |since| (today - since).num_days());
        if overdue_days < 0 {
            return None;
        }
        let priority = (self.priority + u8::from(overdue_days >= self.every_days)).min(GRAVEST);
        let late_percent = (overdue_days * 100 / self.every_days).min(100);
        let prize = PRIZES[usize::from(priority - 1)] * (100 + late_percent as u32) / 100;
        Some(Due { since, overdue_days, priority, prize })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARE: Cadence = Cadence { every_days: 7, service_min: 20, priority: 3 };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn due(cadence: Cadence, last: Option<&str>, arose: Option<&str>, today: &str) -> Option<Due> {
        cadence.due(last.map(day), arose.map(day), day(today), |day| day)
    }

    #[test]
    fn a_call_is_due_a_full_interval_after_the_last() {
        assert_eq!(due(CARE, Some("2022-09-19"), None, "2022-09-25"), None);
        let due = due(CARE, Some("2022-09-19"), None, "2022-09-26").unwrap();
        assert_eq!((due.since, due.overdue_days, due.priority), (Some(day("2022-09-26")), 0, 3));
    }

    #[test]
    fn what_falls_due_on_a_day_of_rest_is_due_on_the_next() {
        let on = |today| CARE.due(Some(day("2022-09-18")), None, day(today), |due| due + TimeDelta::days(1));
        assert_eq!(on("2022-09-25"), None);
        assert_eq!(on("2022-09-26").unwrap().overdue_days, 0);
    }

    #[test]
    fn what_is_late_by_another_interval_is_more_pressing() {
        let on = |today| due(CARE, Some("2022-09-01"), None, today).unwrap();
        assert_eq!((on("2022-09-14").priority, on("2022-09-14").overdue_days), (3, 6));
        assert_eq!((on("2022-09-15").priority, on("2022-09-15").overdue_days), (4, 7));
        assert!(on("2022-09-08").prize < on("2022-09-09").prize);
        assert_eq!(on("2022-12-31").priority, 4);
        assert_eq!(on("2022-12-30").prize, on("2022-12-31").prize);
    }

    #[test]
    fn without_a_call_before_it_counts_from_when_the_matter_arose() {
        let grave = Cadence { every_days: 1, service_min: 15, priority: 4 };
        assert_eq!(due(grave, None, Some("2022-09-26"), "2022-09-26"), None);
        assert_eq!(due(grave, None, Some("2022-09-25"), "2022-09-26").unwrap().overdue_days, 0);
        let never = due(Cadence { priority: 1, ..CARE }, None, None, "2022-09-26").unwrap();
        assert_eq!((never.since, never.overdue_days, never.priority), (None, 0, 1));
    }

    #[test]
    fn one_grave_call_is_worth_more_than_two_lesser_ones() {
        assert!(PRIZES.windows(2).all(|pair| 2 * pair[0] < pair[1]));
    }
}
