//! What a density is asked about, and how its map is read.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::hazards::HazardKind;
use crate::domain::reports::ReportKind;
use crate::kernel::density::ramp;
use crate::message;
use crate::platform::clock::{Clock, china_date, china_offset};
use crate::platform::locale::Message;
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
const BANDWIDTHS_M: RangeInclusive<u32> = 10..=1000;
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
    /// How far a report's influence reaches, in metres, 10 to 1000; 150 unless given.
    #[param(minimum = 10, maximum = 1000)]
    pub bandwidth_m: Option<u32>,
    /// After how many days half of a report's weight is left, 1 to 36500; 180 unless given.
    #[param(minimum = 1, maximum = 36500)]
    pub half_life_days: Option<u32>,
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
    /// How far a report's influence reaches, in metres.
    pub bandwidth_m: u32,
    /// After how many days half of a report's weight is left.
    pub half_life_days: u32,
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
        let last_day = to.map(|to| china_date(to - TimeDelta::microseconds(1)));
        Ok(Question {
            subjects,
            from,
            to,
            as_of: last_day.map_or(today, |day| day.min(today)),
            bandwidth_m: within("bandwidth_m", self.bandwidth_m, DEFAULT_BANDWIDTH_M, &BANDWIDTHS_M)?,
            half_life_days: within(
                "half_life_days",
                self.half_life_days,
                DEFAULT_HALF_LIFE_DAYS,
                &HALF_LIVES_DAYS,
            )?,
        })
    }
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

/// How many plain events a report counts as when it is fresh: its severity, 1 (低) to 4 (重大).
pub(super) fn severity_weight(severity: i16) -> f64 {
    f64::from(severity.max(0))
}

/// How to read the density map.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DensityLegend {
    /// The unit of the breaks.
    #[schema(example = "events/km²")]
    pub unit: &'static str,
    /// The lower bound of each class, rising. What lies below the first is not coloured.
    pub breaks: Vec<f64>,
    /// The colour of each class, `#rrggbb`.
    pub colors: Vec<String>,
    /// The words for each class, in both languages.
    pub labels: Labels,
    /// How an event is weighted.
    pub weighting: Message,
    /// How many reports the map is made of.
    pub events: usize,
    /// How far a report's influence reaches, in metres.
    pub bandwidth_m: u32,
    /// After how many days half of a report's weight is left.
    pub half_life_days: u32,
    /// The day from which age is counted.
    pub as_of: NaiveDate,
}

/// One label per class.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Labels {
    /// Chinese.
    pub zh: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

impl DensityLegend {
    /// The legend of a surface over `events` reports.
    pub(super) fn new(question: &Question, events: usize) -> Self {
        let breaks = ramp::BREAKS_PER_KM2;
        let ranges = || breaks.iter().zip(breaks.iter().skip(1).map(Some).chain([None]));
        let label = |unit: &str| {
            ranges()
                .map(|(from, to)| match to {
                    Some(to) => format!("{from}–{to} {unit}"),
                    None => format!("≥ {from} {unit}"),
                })
                .collect()
        };
        let days = question.half_life_days;
        Self {
            unit: "events/km²",
            breaks: breaks.to_vec(),
            colors: ramp::COLOURS.iter().map(|[r, g, b]| format!("#{r:02x}{g:02x}{b:02x}")).collect(),
            labels: Labels { zh: label("起/平方公里"), en: label("events/km²") },
            weighting: message!(
                "按严重程度（1–4）加权，每 {days} 天减半",
                "weighted by severity (1 to 4), half after every {days} days"
            ),
            events,
            bandwidth_m: question.bandwidth_m,
            half_life_days: question.half_life_days,
            as_of: question.as_of,
        }
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
