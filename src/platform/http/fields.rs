//! Gathers what is wrong with the fields of a request, so that one answer names them all.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Edit;
use crate::message;
use crate::platform::clock::{Clock, china_date};
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

/// How far a caller's clock may run ahead of ours.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);
/// No record of a village's life is older; what is, is a slip of the pen.
const EARLIEST_YEAR: i32 = 1900;

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Fields {
    faults: Vec<(Cow<'static, str>, Message)>,
}

impl Fields {
    /// Notes that `field` is wrong.
    pub fn refuse(&mut self, field: impl Into<Cow<'static, str>>, why: Message) {
        self.faults.push((field.into(), why));
    }

    /// The value, or a note of why there is none.
    pub fn take<T>(&mut self, field: impl Into<Cow<'static, str>>, parsed: Result<T, Message>) -> Option<T> {
        parsed.map_err(|why| self.refuse(field, why)).ok()
    }

    /// The value of a field that may be absent.
    pub fn take_option<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        parsed: Option<Result<T, Message>>,
    ) -> Option<T> {
        parsed.and_then(|parsed| self.take(field, parsed))
    }

    /// `text` without the white space around it, of a length within `characters`.
    pub fn text(&mut self, field: &'static str, text: &str, characters: RangeInclusive<usize>) -> String {
        self.take(field, short_text(text, characters)).unwrap_or_default()
    }

    /// As [`Fields::text`]; what is blank is absent.
    pub fn text_option(&mut self, field: &'static str, text: Option<&str>, most: usize) -> Option<String> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        self.take(field, short_text(text, 1..=most))
    }

    /// What `edit` makes of `stored`, once what it sets has been parsed.
    pub fn edit<T>(
        &mut self,
        field: &'static str,
        edit: Edit<String>,
        stored: Option<T>,
        parse: impl FnOnce(&str) -> Result<T, Message>,
    ) -> Option<T> {
        match edit {
            Edit::Keep => stored,
            Edit::Clear => None,
            Edit::Set(text) => self.take(field, parse(&text)),
        }
    }

    /// As [`Fields::text_option`], for a change to what is `stored`.
    pub fn edit_text(
        &mut self,
        field: &'static str,
        edit: Edit<String>,
        stored: Option<String>,
        most: usize,
    ) -> Option<String> {
        match edit {
            Edit::Keep => stored,
            Edit::Clear => None,
            Edit::Set(text) => self.text_option(field, Some(&text), most),
        }
    }

    /// A number within `range`.
    pub fn within<T: PartialOrd + std::fmt::Display + Copy>(
        &mut self,
        field: &'static str,
        number: T,
        range: &RangeInclusive<T>,
    ) {
        if !range.contains(&number) {
            let (least, most) = (range.start(), range.end());
            self.refuse(field, message!("应在 {least} 到 {most} 之间", "between {least} and {most}"));
        }
    }

    /// A moment that has passed.
    pub fn past(&mut self, field: &'static str, at: DateTime<Utc>, clock: &Clock) {
        if at > clock.now() + CLOCK_SKEW {
            self.refuse(field, message!("不能晚于现在", "not in the future"));
        } else {
            self.not_ancient(field, china_date(at));
        }
    }

    /// A date that has come.
    pub fn past_date(&mut self, field: &'static str, date: NaiveDate, clock: &Clock) {
        if date > clock.today() {
            self.refuse(field, message!("不能晚于今天", "not in the future"));
        } else {
            self.not_ancient(field, date);
        }
    }

    fn not_ancient(&mut self, field: &'static str, date: NaiveDate) {
        if NaiveDate::from_ymd_opt(EARLIEST_YEAR, 1, 1).is_some_and(|earliest| date < earliest) {
            self.refuse(
                field,
                message!("不能早于 {EARLIEST_YEAR} 年", "not before the year {EARLIEST_YEAR}"),
            );
        }
    }

    /// Everything found, as one problem.
    #[must_use]
    pub fn problem(self) -> Problem {
        self.faults
            .into_iter()
            .fold(Problem::invalid_fields(), |problem, (field, why)| problem.field(field, why))
    }

    /// Goes on when nothing was found.
    ///
    /// # Errors
    /// 422 naming every field at fault.
    pub fn finish(self) -> Result<(), Problem> {
        if self.faults.is_empty() { Ok(()) } else { Err(self.problem()) }
    }
}

fn short_text(text: &str, characters: RangeInclusive<usize>) -> Result<String, Message> {
    let text = text.trim();
    // PostgreSQL has no NUL in text; the other control characters have no business in a name or an address.
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(message!("不能含控制字符", "no control characters"));
    }
    if characters.contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    let (least, most) = (characters.start(), characters.end());
    Err(message!("长度应为 {least} 到 {most} 个字符", "between {least} and {most} characters"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_once() {
        let mut fields = Fields::default();
        assert_eq!(fields.text("name", "  崔口冷库 ", 1..=10), "崔口冷库");
        fields.text("address", "", 1..=10);
        fields.text("words", "a\0b", 1..=10);
        fields.within("severity", 5, &(1..=4));
        let problem = fields.finish().unwrap_err();
        let named: Vec<_> = problem.fields.iter().map(|fault| &*fault.field).collect();
        assert_eq!(named, ["address", "words", "severity"]);
    }

    #[test]
    fn tomorrow_has_not_come_and_the_bronze_age_is_a_slip() {
        let clock = Clock::system();
        let mut fields = Fields::default();
        fields.past("now", clock.now(), &clock);
        fields.past_date("today", clock.today(), &clock);
        fields.past("later", clock.now() + TimeDelta::hours(1), &clock);
        fields.past_date("tomorrow", clock.today() + TimeDelta::days(1), &clock);
        fields.past_date("ancient", NaiveDate::from_ymd_opt(-2000, 1, 1).unwrap(), &clock);
        let named: Vec<_> = fields.problem().fields.into_iter().map(|fault| fault.field).collect();
        assert_eq!(named, ["later", "tomorrow", "ancient"]);
    }
}
