//! Reports per day, week or month.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::Tally;
use crate::domain::risk::question::Question;
use crate::terms;

terms! {
    /// How long a period is.
    Span {
        /// A day in China.
        Day = "day", "日";
        /// From Monday to Sunday.
        Week = "week", "周";
        /// A month of the calendar.
        Month = "month", "月";
    }
}

/// Periods listed at most.
pub(super) const MOST_PERIODS: usize = 1_000;

/// How many reports there are in each period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RiskPeriods)]
pub(super) struct Periods {
    /// How long the periods are.
    pub(super) by: Span,
    /// All periods from the first report, or `from`, to the last, or `to`; those without reports too.
    pub(super) items: Vec<Period>,
    /// Reports in all of them.
    pub(super) count: i64,
    /// Their weight.
    pub(super) weight: f64,
}

/// The reports of one period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RiskPeriod)]
pub(super) struct Period {
    /// The first day.
    pub(super) from: NaiveDate,
    /// The last day.
    pub(super) to: NaiveDate,
    /// How many reports.
    pub(super) count: i64,
    /// How many plain events they count as: by severity, age and status.
    pub(super) weight: f64,
}

impl Span {
    /// The first day of the period around `day`.
    pub(super) fn start(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// The first day of the period after the one that starts on `start`.
    pub(super) fn next(self, start: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => start + Days::new(1),
            Self::Week => start + Days::new(7),
            Self::Month => start + Months::new(1),
        }
    }

    /// The first days of the periods from one day to another, and of one more than are listed at most if they are more.
    pub(super) fn starts(self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        let starts = std::iter::successors(Some(self.start(first)), |&start| Some(self.next(start)));
        starts.take_while(|&start| start <= last).take(MOST_PERIODS + 1).collect()
    }
}

/// The first and the last day that a question asks about, or that tallies have; none without either.
pub(super) fn days(tallies: &[Tally], question: &Question) -> Option<(NaiveDate, NaiveDate)> {
    let days = || tallies.iter().map(|tally| tally.day);
    let first = question.first_day().or_else(|| days().min())?;
    let last = question.last_day().or_else(|| days().max())?;
    (first <= last).then_some((first, last))
}

impl Periods {
    /// The tallies period by period; `None` when there are too many periods.
    pub(super) fn of(tallies: &[Tally], question: &Question, by: Span) -> Option<Self> {
        let starts = days(tallies, question).map_or_else(Vec::new, |(first, last)| by.starts(first, last));
        if starts.len() > MOST_PERIODS {
            return None;
        }
        let mut items: Vec<Period> = starts
            .iter()
            .map(|&from| Period { from, to: by.next(from) - Days::new(1), count: 0, weight: 0.0 })
            .collect();
        for tally in tallies {
            let period = starts.partition_point(|&start| start <= tally.day).checked_sub(1);
            if let Some(period) = period.and_then(|period| items.get_mut(period)) {
                period.count += tally.count;
                period.weight += tally.weight(question);
            }
        }
        let count = items.iter().map(|period| period.count).sum();
        let weight = items.iter().map(|period| period.weight).sum();
        Some(Self { by, items, count, weight })
    }
}

impl Tally {
    /// How many plain events the reports count as.
    pub(super) fn weight(&self, question: &Question) -> f64 {
        self.count as f64 * question.weight_on(self.severity, self.status, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reports::Status;
    use crate::domain::risk::question::DensityQuery;
    use crate::platform::clock::Clock;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn tally(on: &str, count: i64) -> Tally {
        Tally { unit: String::new(), day: day(on), severity: 2, status: Status::Open, count }
    }

    fn question(from: Option<&str>, to: Option<&str>) -> Question {
        let query = DensityQuery {
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            half_life_days: Some(36_500),
            ..DensityQuery::default()
        };
        query.parse(&Clock::system()).unwrap()
    }

    #[test]
    fn months_without_reports_are_listed() {
        let tallies = [tally("2022-01-31", 3), tally("2022-04-01", 1), tally("2022-04-30", 1)];
        let found = Periods::of(&tallies, &question(None, None), Span::Month).unwrap();
        let counts: Vec<(String, i64)> =
            found.items.iter().map(|period| (period.from.to_string(), period.count)).collect();
        let expected = [("2022-01-01", 3), ("2022-02-01", 0), ("2022-03-01", 0), ("2022-04-01", 2)];
        assert_eq!(counts, expected.map(|(from, count)| (from.to_owned(), count)));
        assert_eq!((found.count, found.items[1].to), (5, day("2022-02-28")));
    }

    #[test]
    fn weeks_begin_on_monday() {
        // A Sunday and the Monday after it.
        let tallies = [tally("2022-05-29", 1), tally("2022-05-30", 1)];
        let found = Periods::of(&tallies, &question(None, None), Span::Week).unwrap();
        let starts: Vec<NaiveDate> = found.items.iter().map(|period| period.from).collect();
        assert_eq!(starts, [day("2022-05-23"), day("2022-05-30")]);
    }

    #[test]
    fn the_period_asked_for_is_listed_whole() {
        let asked = question(Some("2022-01-01"), Some("2022-12-31"));
        let found = Periods::of(&[tally("2022-06-01", 2)], &asked, Span::Month).unwrap();
        assert_eq!((found.items.len(), found.items[5].count, found.count), (12, 2, 2));
        assert!(Periods::of(&[], &question(None, None), Span::Day).unwrap().items.is_empty());
        assert_eq!(Periods::of(&[], &question(Some("2000-01-01"), Some("2022-12-31")), Span::Day), None);
    }
}
