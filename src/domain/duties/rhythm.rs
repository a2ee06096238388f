//! How often each door is called at, whether a call is due or not: what a month is made of. Never here: on which days.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::Calls;
use super::book::{Book, Subject};
use super::duty::Targets;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;
use crate::platform::accounts::Role;

/// A door, an enterprise or a hazard, and the rhythm of its calls.
#[derive(Debug, Clone)]
pub struct Rhythm {
    /// A household, whoever behind its door a call is for; an enterprise; a hazard.
    pub(in crate::domain) kind: TargetKind,
    pub(in crate::domain) door: Uuid,
    pub(in crate::domain) label: String,
    pub(in crate::domain) at: Wgs84,
    pub(in crate::domain) every_days: i64,
    pub(in crate::domain) service_min: u32,
    /// What a call is worth on the day it is due.
    pub(in crate::domain) prize: u32,
    /// The day of the last call, or on which the matter arose.
    pub(in crate::domain) last: Option<NaiveDate>,
}

impl Targets {
    /// Everything that somebody of `role` calls at, with its rhythm; of those behind one door the quickest.
    #[must_use]
    pub fn rhythms(&self, book: &Book, role: Role) -> Vec<Rhythm> {
        let rhythm = |subject: Subject<'_>, door, label: &str, at, last| {
            let rule = book.rule(subject).filter(|rule| rule.roles.contains(&role))?;
            let cadence = rule.cadence(subject.at_risk);
            Some(Rhythm {
                kind: subject.kind,
                door,
                label: label.to_owned(),
                at,
                every_days: cadence.every_days.max(1),
                service_min: cadence.service_min,
                prize: cadence.plain_prize(),
                last,
            })
        };
        let mut doors: BTreeMap<Uuid, Rhythm> = BTreeMap::new();
        for it in &self.households {
            doors.extend(
                rhythm(it.subject(), it.id, &it.address, it.at, it.last).map(|rhythm| (it.id, rhythm)),
            );
        }
        for it in &self.care {
            let last = it.last.or(Some(it.since));
            let Some(new) = rhythm(it.subject(), it.household, &it.name, it.at, last) else { continue };
            let new = Rhythm { kind: TargetKind::Household, ..new };
            let Some(known) = doors.get_mut(&it.household) else {
                doors.insert(it.household, new);
                continue;
            };
            // Who is called on more often sets the pace; among equals, who has waited longest.
            let quicker = (new.every_days, new.last) < (known.every_days, known.last);
            known.service_min = known.service_min.max(new.service_min);
            known.prize = known.prize.max(new.prize);
            if quicker {
                (known.every_days, known.last, known.label) = (new.every_days, new.last, new.label);
            }
        }
        let enterprises = self.enterprises.iter();
        let enterprises = enterprises.filter_map(|it| rhythm(it.subject(), it.id, &it.name, it.at, it.last));
        let hazards = self.hazards.iter().filter_map(|it| {
            rhythm(it.subject(), it.id, &it.description, it.at, it.last.or(Some(it.found_on)))
        });
        let mut all: Vec<Rhythm> = doors.into_values().collect();
        all.extend(enterprises);
        all.extend(hazards);
        all
    }

    /// The days on which somebody called at each door, enterprise and hazard, in order and each once: a call at a door is
    /// a call at everybody behind it.
    pub(in crate::domain) fn days_of_calls(&self, calls: &Calls) -> HashMap<Uuid, Vec<NaiveDate>> {
        let mut doors: HashMap<Uuid, Vec<NaiveDate>> = HashMap::new();
        let mut add = |door, kind, id| {
            doors.entry(door).or_default().extend(calls.get(&(kind, id)).into_iter().flatten());
        };
        self.households.iter().for_each(|it| add(it.id, TargetKind::Household, it.id));
        self.care.iter().for_each(|it| add(it.household, TargetKind::SpecialCare, it.id));
        self.enterprises.iter().for_each(|it| add(it.id, TargetKind::Enterprise, it.id));
        self.hazards.iter().for_each(|it| add(it.id, TargetKind::Hazard, it.id));
        for days in doors.values_mut() {
            days.sort_unstable();
            days.dedup();
        }
        doors
    }
}
