//! What a density is asked about.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::manner::{Manner, MannerQuery};
use crate::domain::hazards::HazardKind;
use crate::domain::reports::{ReportKind, Status};
use crate::kernel::density::{Kernel, recency};
use crate::message;
use crate::platform::clock::{Clock, china_date, china_offset};
use crate::platform::http::Several;
use crate::platform::problem::Problem;
use crate::platform::term::UnknownTerm;

/// What reports are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// All of a kind.
    Report(ReportKind),
    /// Hazards of a kind.
    Hazard(HazardKind),
}

impl Subject {
    /// The key that is stored and sent.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Report(kind) => kind.key(),
            Self::Hazard(kind) => kind.key(),
        }
    }
}

impl FromStr for Subject {
    type Err = UnknownTerm;

    /// Reads a key or a Chinese term of either kind.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::Report).or_else(|UnknownTerm| text.parse().map(Self::Hazard))
    }
}

/// Distances at which a report's influence may end, in metres.
pub(super) const BANDWIDTHS_M: RangeInclusive<u32> = 10..=1000;
const DEFAULT_BANDWIDTH_M: u32 = 150;
/// Times after which half of a report's weight may be left, in days.
const HALF_LIVES_DAYS: RangeInclusive<u32> = 1..=36_500;
const DEFAULT_HALF_LIFE_DAYS: u32 = 180;

/// The query of a density tile or legend.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DensityQuery {
    /// Only reports of this kind, or of this kind of hazard; several separated by commas.
    #[param(example = "fire")]
    pub kind: Option<String>,
    /// Only reports of what happened on or after this date, or at or after this time.
    #[param(example = "2022-01-01")]
    pub from: Option<String>,
    /// Only reports of what happened on or before this date, or before this time. Age is counted from here.
    #[param(example = "2022-09-26")]
    pub to: Option<String>,
    /// Only reports of this severity, 1 to 4; several separated by commas.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "3,4")]
    pub severity: Several<i16>,
    /// Only reports of this status; several separated by commas.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "open,dispatched")]
    pub status: Several<Status>,
    /// The kernel: `gaussian`, `epanechnikov`, `quartic` or `triweight`; quartic unless given.
    #[param(example = "quartic")]
    pub kernel: Option<String>,
    /// The bandwidth in metres, 10 to 1000; 150 unless given. How far a report's influence reaches, but for the
    /// Gaussian, of which it is the standard deviation.
    #[param(minimum = 10, maximum = 1000)]
    pub bandwidth_m: Option<u32>,
    /// After how many days half of a report's weight is left, 1 to 36500; 180 unless given.
    #[param(minimum = 1, maximum = 36500)]
    pub half_life_days: Option<u32>,
    /// How much a report counts once it is resolved or closed, in percent of what it counted before, 0 to 100; 100
    /// unless given.
    #[param(minimum = 0, maximum = 100)]
    pub done_percent: Option<u32>,
}

impl DensityQuery {
    /// Parses the query together with how the density is to be computed.
    ///
    /// # Errors
    /// 422 naming the parameters that are wrong.
    pub(super) fn in_manner(&self, manner: &MannerQuery, clock: &Clock) -> Result<Question, Problem> {
        Ok(Question { manner: manner.parse()?, ..self.parse(clock)? })
    }
}

/// What a density is computed from: equal questions have equal surfaces as long as no report changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    /// Kinds of report or of hazard; empty for all.
    pub subjects: Vec<Subject>,
    /// Happened at or after.
    pub from: Option<DateTime<Utc>>,
    /// Happened before.
    pub to: Option<DateTime<Utc>>,
    /// The day from which age is counted.
    pub as_of: NaiveDate,
    /// Of these severities, if any are given.
    pub severities: Option<Vec<i16>>,
    /// Of these statuses, if any are given.
    pub statuses: Option<Vec<String>>,
    /// How a report's weight is spread around it.
    pub kernel: Kernel,
    /// The kernel's bandwidth, in metres.
    pub bandwidth_m: u32,
    /// After how many days half of a report's weight is left.
    pub half_life_days: u32,
    /// What is left of a report's weight once it is done with, in percent.
    pub done_percent: u32,
    /// How it is computed.
    pub manner: Manner,
}

impl DensityQuery {
    /// Parses the query.
    ///
    /// # Errors
    /// 422 naming the parameters that are wrong.
    pub(super) fn parse(&self, clock: &Clock) -> Result<Question, Problem> {
        let mut subjects = Vec::new();
        for word in self.kind.as_deref().unwrap_or_default().split(',').map(str::trim) {
            match word.parse::<Subject>() {
                Ok(subject) => subjects.push(subject),
                Err(_) if word.is_empty() => {}
                Err(_) => {
                    let why = message!(
                        "应为上报类型或隐患类型，如 fire",
                        "a kind of report or of hazard, such as fire"
                    );
                    return Err(Problem::invalid("kind", why));
                }
            }
        }
        subjects.sort_unstable();
        subjects.dedup();

        let from = self.from.as_deref().map(|text| moment("from", text, 0)).transpose()?;
        let to = self.to.as_deref().map(|text| moment("to", text, 1)).transpose()?;
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(Problem::invalid(
                "to",
                message!("应晚于开始时间", "after the beginning of the period"),
            ));
        }
        let today = clock.today();
        let last_day = to.map(last_day);
        Ok(Question {
            subjects,
            from,
            to,
            as_of: last_day.map_or(today, |day| day.min(today)),
            severities: self.severity.any_of(|severity| *severity),
            statuses: self.status.any_of(|status| status.key().to_owned()),
            kernel: self.kernel.as_deref().map_or(Ok(Kernel::Quartic), kernel)?,
            bandwidth_m: within("bandwidth_m", self.bandwidth_m, DEFAULT_BANDWIDTH_M, &BANDWIDTHS_M)?,
            half_life_days: within(
                "half_life_days",
                self.half_life_days,
                DEFAULT_HALF_LIFE_DAYS,
                &HALF_LIVES_DAYS,
            )?,
            done_percent: within("done_percent", self.done_percent, 100, &(0..=100))?,
            manner: Manner::default(),
        })
    }
}

fn kernel(name: &str) -> Result<Kernel, Problem> {
    Kernel::ALL.into_iter().find(|kernel| kernel.key() == name).ok_or_else(|| {
        let known = Kernel::ALL.map(Kernel::key).join(", ");
        Problem::invalid("kernel", message!("应为 {known} 之一", "one of {known}"))
    })
}

/// The last day, in China, of a period that ends before `end`.
fn last_day(end: DateTime<Utc>) -> NaiveDate {
    china_date(end - TimeDelta::microseconds(1))
}

/// A moment given as a time with its offset, or as a date in China: the date's beginning and `days_on` days.
fn moment(field: &'static str, text: &str, days_on: i64) -> Result<DateTime<Utc>, Problem> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    text.parse::<NaiveDate>()
        .ok()
        .and_then(|date| date.checked_add_signed(TimeDelta::days(days_on)))
        .and_then(|date| date.and_time(NaiveTime::MIN).and_local_timezone(china_offset()).single())
        .map(|at| at.to_utc())
        .ok_or_else(|| {
            Problem::invalid(
                field,
                message!(
                    "应为日期（2022-09-26）或带时区的时间",
                    "a date (2022-09-26) or a time with its offset"
                ),
            )
        })
}

/// A period given by its ends, separated by a comma: from when, and until before when.
///
/// # Errors
/// 422 naming `field`.
pub(super) fn period(field: &'static str, text: &str) -> Result<(DateTime<Utc>, DateTime<Utc>), Problem> {
    let (from, to) = text.split_once(',').ok_or_else(|| {
        let why = message!("应为“开始,结束”", "a beginning and an end, separated by a comma");
        Problem::invalid(field, why)
    })?;
    let (from, to) = (moment(field, from.trim(), 0)?, moment(field, to.trim(), 1)?);
    if from >= to {
        return Err(Problem::invalid(field, message!("结束应晚于开始", "an end after the beginning")));
    }
    Ok((from, to))
}

fn within(
    field: &'static str,
    given: Option<u32>,
    default: u32,
    range: &RangeInclusive<u32>,
) -> Result<u32, Problem> {
    let value = given.unwrap_or(default);
    if range.contains(&value) {
        return Ok(value);
    }
    let (least, most) = (range.start(), range.end());
    Err(Problem::invalid(field, message!("应在 {least} 到 {most} 之间", "between {least} and {most}")))
}

impl Question {
    /// The kinds of report or of hazard, as SQL compares with them.
    pub(super) fn subject_keys(&self) -> Vec<String> {
        self.subjects.iter().map(|subject| subject.key().to_owned()).collect()
    }

    /// The first day in China that is asked about; none when all are up to the last.
    pub(super) fn first_day(&self) -> Option<NaiveDate> {
        self.from.map(china_date)
    }

    /// The last day in China that is asked about; none when all are from the first on.
    pub(super) fn last_day(&self) -> Option<NaiveDate> {
        self.to.map(last_day)
    }

    /// The same question about another period.
    pub(super) fn during(&self, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Self {
        Self { from: Some(from), ..self.until(to) }
    }

    /// The same question as it would have been asked at `moment`.
    pub(super) fn until(&self, moment: DateTime<Utc>) -> Self {
        Self { to: Some(moment), as_of: last_day(moment), ..self.clone() }
    }

    /// Whether the half-life is the longest there is: over a century, in which nothing fades that anybody asks about.
    pub(super) fn never_fades(&self) -> bool {
        self.half_life_days == *HALF_LIVES_DAYS.end()
    }

    /// How many plain events a report counts as: its severity, 1 (低) to 4 (重大), less what age and being done with
    /// take away.
    pub(super) fn weight(&self, severity: i16, status: Status, happened_at: DateTime<Utc>) -> f64 {
        self.weight_on(severity, status, china_date(happened_at))
    }

    /// As [`Question::weight`], of what happened on a day in China.
    pub(super) fn weight_on(&self, severity: i16, status: Status, day: NaiveDate) -> f64 {
        let age_days = (self.as_of - day).num_days() as f64;
        let done = matches!(status, Status::Resolved | Status::Closed);
        let share = if done { f64::from(self.done_percent) / 100.0 } else { 1.0 };
        f64::from(severity.max(0)) * recency(age_days, f64::from(self.half_life_days)) * share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &DensityQuery) -> Result<Question, String> {
        query.parse(&Clock::system()).map_err(|problem| problem.fields[0].field.to_string())
    }

    #[test]
    fn dates_are_whole_days_in_china() {
        let period = DensityQuery {
            from: Some("2022-01-01".into()),
            to: Some("2022-09-26".into()),
            ..DensityQuery::default()
        };
        let question = parse(&period).unwrap();
        assert_eq!(question.from.unwrap().to_rfc3339(), "2021-12-31T16:00:00+00:00");
        assert_eq!(question.to.unwrap().to_rfc3339(), "2022-09-26T16:00:00+00:00");
        assert_eq!(question.as_of.to_string(), "2022-09-26");
    }

    #[test]
    fn age_is_never_counted_from_the_future() {
        let clock = Clock::system();
        let question = DensityQuery { to: Some("2999-01-01".into()), ..DensityQuery::default() };
        assert_eq!(question.parse(&clock).unwrap().as_of, clock.today());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let query = DensityQuery::default;
        assert_eq!(parse(&DensityQuery { kind: Some("fire,aliens".into()), ..query() }).unwrap_err(), "kind");
        assert_eq!(parse(&DensityQuery { from: Some("yesterday".into()), ..query() }).unwrap_err(), "from");
        assert_eq!(parse(&DensityQuery { bandwidth_m: Some(9), ..query() }).unwrap_err(), "bandwidth_m");
        assert_eq!(
            parse(&DensityQuery { half_life_days: Some(0), ..query() }).unwrap_err(),
            "half_life_days"
        );
        let backwards =
            DensityQuery { from: Some("2022-02-02".into()), to: Some("2022-02-01".into()), ..query() };
        assert_eq!(parse(&backwards).unwrap_err(), "to");
        assert_eq!(parse(&DensityQuery { kernel: Some("box".into()), ..query() }).unwrap_err(), "kernel");
        assert_eq!(parse(&DensityQuery { done_percent: Some(101), ..query() }).unwrap_err(), "done_percent");
    }

    #[test]
    fn severity_age_and_status_make_the_weight() {
        let query = DensityQuery {
            to: Some("2022-06-01".into()),
            half_life_days: Some(30),
            done_percent: Some(25),
            ..DensityQuery::default()
        };
        let question = parse(&query).unwrap();
        let weight = |severity, status, day: &str| {
            let at = DateTime::parse_from_rfc3339(&format!("{day}T09:00:00+08:00")).unwrap().to_utc();
            question.weight(severity, status, at)
        };
        for (found, expected) in [
            (weight(4, Status::Open, "2022-06-01"), 4.0),
            (weight(4, Status::Open, "2022-05-02"), 2.0),
            (weight(2, Status::Dispatched, "2022-06-03"), 2.0),
            (weight(2, Status::Closed, "2022-06-01"), 0.5),
            (weight(2, Status::Resolved, "2022-05-02"), 0.25),
        ] {
            assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        }
    }

    #[test]
    fn the_order_of_kinds_does_not_matter() {
        let of = |kinds: &str| {
            parse(&DensityQuery { kind: Some(kinds.into()), ..DensityQuery::default() }).unwrap().subjects
        };
        assert_eq!(of("gas, fire,gas"), of("fire,gas"));
        assert_eq!(of(""), []);
    }
}
