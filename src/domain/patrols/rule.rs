//! How often a call is due, how long it takes and how pressing it is: the street's rules.
//!
//! A person in special care is called on weekly, every household monthly, an enterprise as often as its hazard
//! class asks, and an open hazard the sooner the graver it is. Never here: whom a call is for.

use chrono::{NaiveDate, TimeDelta};

use crate::domain::enterprises::HazardClass;
use crate::domain::households::{CARE_CALL_DAYS, HOUSEHOLD_CALL_DAYS};

/// How often a call is due, how long it takes, and how pressing it is when it is due.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) every_days: i64,
    pub(super) service_min: u32,
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

impl Rule {
    /// For an ordinary household.
    pub(super) const HOUSEHOLD: Self =
        Self { every_days: HOUSEHOLD_CALL_DAYS as i64, service_min: 10, priority: 1 };
    /// For a person in special care.
    pub(super) const CARE: Self = Self { every_days: CARE_CALL_DAYS as i64, service_min: 20, priority: 3 };

    /// For an open hazard of this severity, 1 to 4.
    pub(super) fn for_hazard(severity: i16) -> Self {
        match severity {
            4.. => Self { every_days: 1, service_min: 15, priority: 4 },
            3 => Self { every_days: 3, service_min: 10, priority: 3 },
            2 => Self { every_days: 7, service_min: 10, priority: 2 },
            _ => Self { every_days: 14, service_min: 10, priority: 1 },
        }
    }

    /// For an enterprise of this hazard class.
    pub(super) fn for_enterprise(class: HazardClass) -> Self {
        use HazardClass::{
            AmmoniaRefrigeration, Crowded, Dust, FlammableStore, FreonRefrigeration, General, OpenFlame,
            Pesticide, PressureVessel,
        };
        match class {
            AmmoniaRefrigeration => Self { every_days: 15, service_min: 40, priority: 3 },
            FlammableStore | Dust | Pesticide | PressureVessel => {
                Self { every_days: 30, service_min: 30, priority: 2 }
            }
            OpenFlame | Crowded => Self { every_days: 30, service_min: 20, priority: 2 },
            FreonRefrigeration => Self { every_days: 60, service_min: 20, priority: 1 },
            General => Self { every_days: 90, service_min: 15, priority: 1 },
        }
    }

    /// The day on which the next call is due after one on `last`.
    pub(super) fn next(self, last: NaiveDate) -> NaiveDate {
        last + TimeDelta::days(self.every_days)
    }

    /// Whether a call is due `today` when the last was made on `last`, or, when there was none, the matter
    /// arose on `arose`. A call that is late by another whole interval is one step more pressing.
    pub(super) fn due(
        self,
        last: Option<NaiveDate>,
        arose: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<Due> {
        let since = last.or(arose).map(|day| day + TimeDelta::days(self.every_days));
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

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_call_is_due_a_full_interval_after_the_last() {
        let last = Some(day("2022-09-19"));
        assert_eq!(Rule::CARE.due(last, None, day("2022-09-25")), None);
        let due = Rule::CARE.due(last, None, day("2022-09-26")).unwrap();
        assert_eq!((due.since, due.overdue_days, due.priority), (Some(day("2022-09-26")), 0, 3));
    }

    #[test]
    fn what_is_late_by_another_interval_is_more_pressing() {
        let last = Some(day("2022-09-01"));
        let on = |today| Rule::CARE.due(last, None, day(today)).unwrap();
        assert_eq!((on("2022-09-14").priority, on("2022-09-14").overdue_days), (3, 6));
        assert_eq!((on("2022-09-15").priority, on("2022-09-15").overdue_days), (4, 7));
        assert!(on("2022-09-08").prize < on("2022-09-09").prize);
        assert_eq!(on("2022-12-31").priority, 4);
        assert_eq!(on("2022-12-30").prize, on("2022-12-31").prize);
    }

    #[test]
    fn without_a_call_before_it_counts_from_when_the_matter_arose() {
        let grave = Rule::for_hazard(4);
        assert_eq!(grave.due(None, Some(day("2022-09-26")), day("2022-09-26")), None);
        assert_eq!(grave.due(None, Some(day("2022-09-25")), day("2022-09-26")).unwrap().overdue_days, 0);
        let never = Rule::HOUSEHOLD.due(None, None, day("2022-09-26")).unwrap();
        assert_eq!((never.since, never.overdue_days, never.priority), (None, 0, 1));
    }

    #[test]
    fn the_graver_the_hazard_the_sooner_and_dearer_the_call() {
        for pair in [1, 2, 3, 4].map(Rule::for_hazard).windows(2) {
            assert!(pair[0].every_days > pair[1].every_days && pair[0].priority < pair[1].priority);
        }
        assert!(PRIZES.windows(2).all(|pair| 2 * pair[0] < pair[1]));
    }
}
