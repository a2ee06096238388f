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

    fn rules(&self, place: &PlaceCode) -> &Rules {
        let village = place.village();
        village.and_then(|village| self.villages.get(village.as_str())).unwrap_or(&self.own)
    }
}
