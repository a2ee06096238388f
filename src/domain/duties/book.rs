//! What duties answer to: the rules of each village, and the calendar.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::cadence::{Cadence, Due};
use super::calendar::Calendar;
use super::rules::{Rule, Rules};
use crate::domain::visits::TargetKind;
use crate::platform::accounts::Role;
use crate::platform::code::PlaceCode;

/// The rules of the villages of a place, and the calendar.
#[derive(Debug, Default)]
pub struct Book {
    /// By village code, of those that have rules of their own.
    villages: HashMap<String, Rules>,
    own: Rules,
    calendar: Calendar,
}

/// What a duty answers to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) place: &'a PlaceCode,
    pub(super) kind: TargetKind,
    /// Its hazard class or severity.
    pub(super) of: Option<&'a str>,
    pub(super) at_risk: bool,
}

/// A duty that is due, with what its rule says.
#[derive(Debug)]
pub(super) struct Ruled {
    pub(super) due: Due,
    pub(super) cadence: Cadence,
    pub(super) roles: Vec<Role>,
}

/// What calls cost in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Workload {
    /// How many there are.
    pub calls: f64,
    /// Hours at the door.
    pub hours: f64,
}

/// The mean length of a month of the Gregorian calendar.
const DAYS_A_MONTH: f64 = 30.436_875;

impl Book {
    /// The book with these villages' rules.
    pub(super) fn new(villages: HashMap<String, Rules>, calendar: Calendar) -> Self {
        Self { villages, own: Rules::default(), calendar }
    }

    /// The rule for a subject; none where the village's rules and the service's own say nothing.
    pub(super) fn rule(&self, subject: Subject<'_>) -> Option<&Rule> {
        self.rules(subject.place)
            .rule(subject.kind, subject.of)
            .or_else(|| self.own.rule(subject.kind, subject.of))
    }

    /// Whether a call is due `today` when the last was made on `last`, or the matter arose on `arose`.
    pub(super) fn due(
        &self,
        subject: Subject<'_>,
        last: Option<NaiveDate>,
        arose: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<Ruled> {
        let rule = self.rule(subject)?;
        let (rules, cadence) = (self.rules(subject.place), rule.cadence(subject.at_risk));
        let working_from =
            |day| self.calendar.working_from(day, &rules.rest_weekdays, rules.works_on_holidays);
        let due = cadence.due(last, arose, today, working_from)?;
        Some(Ruled { due, cadence, roles: rule.roles.clone() })
    }

    /// Whether somebody calls in a place on `day`: no day of rest and no public holiday there.
    #[must_use]
    pub fn works_on(&self, place: &PlaceCode, day: NaiveDate) -> bool {
        let rules = self.rules(place);
        self.calendar.is_working(day, &rules.rest_weekdays, rules.works_on_holidays)
    }

    /// The work that one target of a kind makes in a month, on average.
    #[must_use]
    pub fn monthly(&self, place: &PlaceCode, kind: TargetKind, of: Option<&str>) -> Workload {
        let subject = Subject { place, kind, of, at_risk: false };
        self.rule(subject).map_or_else(Workload::default, |rule| {
            let cadence = rule.cadence(false);
            let calls = DAYS_A_MONTH / cadence.every_days as f64;
            Workload { calls, hours: calls * f64::from(cadence.service_min) / 60.0 }
        })
    }

    fn rules(&self, place: &PlaceCode) -> &Rules {
        let village = place.village();
        village.and_then(|village| self.villages.get(village.as_str())).unwrap_or(&self.own)
    }
}
