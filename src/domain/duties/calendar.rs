//! On which days nobody is asked to call: the weekly rest day and the public holidays of the year.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::message;
use crate::platform::http::Fields;
use crate::platform::problem::Problem;
use crate::terms;

terms! {
    /// What is special about a day.
    DayKind {
        /// Nobody works who otherwise would.
        Off = "off", "放假";
        /// Everybody works, though it is a weekend.
        Work = "work", "上班";
    }
}

/// A day that is not like others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Which.
    pub day: NaiveDate,
    /// What is special about it.
    pub kind: DayKind,
    /// What for.
    #[schema(example = "国庆节", max_length = 50)]
    pub name: String,
}

/// The public holidays of a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayYear {
    /// The days, each once.
    #[schema(max_items = 366)]
    pub(super) days: Vec<Holiday>,
    /// Who says so.
    #[schema(example = "国办发明电〔2025〕7号", max_length = 200)]
    pub(super) source: String,
}

impl HolidayYear {
    /// # Errors
    /// 422 when a day is of another year or there twice, or a text has no sense.
    pub(super) fn check(self, year: i32) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        fields.text("source", &self.source, 1..=200);
        let mut days: Vec<NaiveDate> = self.days.iter().map(|holiday| holiday.day).collect();
        days.sort_unstable();
        days.dedup();
        if days.len() < self.days.len() {
            fields.refuse("days", message!("同一天出现多次", "a day is there twice"));
        }
        if days.iter().any(|day| day.year() != year) {
            fields.refuse("days", message!("有不属于 {year} 年的日期", "a day is not of {year}"));
        }
        for holiday in &self.days {
            fields.text("days.name", &holiday.name, 1..=50);
        }
        fields.finish()?;
        Ok(self)
    }
}

/// The days on which calls are made.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, DayKind>,
}

/// No rest is longer: after so many days off a call is due whatever the calendar says.
const LONGEST_REST_DAYS: i64 = 31;

impl Calendar {
    /// The calendar with these special days.
    #[must_use]
    pub fn new(holidays: impl IntoIterator<Item = Holiday>) -> Self {
        Self { days: holidays.into_iter().map(|holiday| (holiday.day, holiday.kind)).collect() }
    }

    /// Whether somebody who rests on `rest_weekdays` (1 Monday to 7 Sunday) works on `day`.
    #[must_use]
    pub fn is_working(&self, day: NaiveDate, rest_weekdays: &[u8], works_on_holidays: bool) -> bool {
        match self.days.get(&day) {
            Some(DayKind::Work) => true,
            Some(DayKind::Off) => works_on_holidays,
            None => !rest_weekdays.contains(&(day.weekday().number_from_monday() as u8)),
        }
    }

    /// `day`, or the first working day after it.
    #[must_use]
    pub fn working_from(&self, day: NaiveDate, rest_weekdays: &[u8], works_on_holidays: bool) -> NaiveDate {
        (0..LONGEST_REST_DAYS)
            .map(|days| day + TimeDelta::days(days))
            .find(|&day| self.is_working(day, rest_weekdays, works_on_holidays))
            .unwrap_or(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        let holiday = |text, kind| Holiday { day: day(text), kind, name: "国庆节".into() };
        Calendar::new([
            holiday("2022-10-01", DayKind::Off),
            holiday("2022-10-02", DayKind::Off),
            holiday("2022-10-03", DayKind::Off),
            holiday("2022-10-09", DayKind::Work),
        ])
    }

    #[test]
    fn sundays_are_free_unless_worked_in_return() {
        let calendar = calendar();
        assert!(calendar.is_working(day("2022-09-26"), &[7], false));
        assert!(!calendar.is_working(day("2022-09-25"), &[7], false));
        assert!(calendar.is_working(day("2022-10-09"), &[7], false));
        assert!(calendar.is_working(day("2022-09-25"), &[], false));
    }

    #[test]
    fn what_falls_on_a_holiday_is_due_when_it_is_over() {
        let calendar = calendar();
        assert_eq!(calendar.working_from(day("2022-10-01"), &[7], false), day("2022-10-04"));
        assert_eq!(calendar.working_from(day("2022-10-01"), &[7], true), day("2022-10-01"));
        assert_eq!(calendar.working_from(day("2022-09-25"), &[1, 7], false), day("2022-09-27"));
    }

    #[test]
    fn who_never_works_is_still_asked() {
        let every = [1, 2, 3, 4, 5, 6, 7];
        assert_eq!(Calendar::default().working_from(day("2022-09-25"), &every, false), day("2022-09-25"));
    }

    #[test]
    fn a_year_holds_its_own_days_once() {
        let holiday = |text| Holiday { day: day(text), kind: DayKind::Off, name: "元旦".into() };
        let year = |days| HolidayYear { days, source: "通知".into() };
        assert!(year(vec![holiday("2027-01-01")]).check(2027).is_ok());
        assert!(year(vec![holiday("2026-12-31")]).check(2027).is_err());
        assert!(year(vec![holiday("2027-01-01"), holiday("2027-01-01")]).check(2027).is_err());
    }
}
