//! Duties (应访任务): which calls are due, since when, how late and with what weight; and how many were met.
//!
//! `rules` say how often whom, by whom, editable for each village; `calendar` knows the days of rest; `book` is both
//! for a place; `duty` says which calls are due now, `rhythm` how often each door is called at at all, `coverage` which were made in a month. Never here: in which
//! order they are made, which is a patrol's business, or what was said at the door, which is a visit's.

mod api;
mod book;
mod cadence;
mod calendar;
mod coverage;
mod duty;
mod rhythm;
mod rules;
mod store;

pub use api::router;
pub use book::{Book, Workload};
pub use calendar::{Calendar, DayKind, Holiday};
pub use duty::{Duty, Targets};
pub use rhythm::Rhythm;
pub use rules::{Rule, Rules};
pub(in crate::domain) use store::calls;
pub use store::{book, targets};

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use self::book::Subject;
use self::coverage::{Coverage, of_target};
use crate::domain::visits::TargetKind;

/// The days on which calls were made, by target.
type Calls = HashMap<(TargetKind, Uuid), Vec<NaiveDate>>;

/// Duties met in `from..=to` by grid and kind of target.
fn coverage_of(
    targets: &Targets,
    book: &Book,
    calls: &Calls,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<Coverage> {
    let mut rows: BTreeMap<(String, TargetKind), Coverage> = BTreeMap::new();
    let mut add = |subject: Subject<'_>, arose: Option<NaiveDate>, calls: &[NaiveDate]| {
        let Some(rule) = book.rule(subject) else { return };
        let every_days = rule.cadence(subject.at_risk).every_days;
        let (duties, met) = of_target(every_days, arose, calls, from, to);
        let row = rows.entry((subject.place.to_string(), subject.kind)).or_insert_with(|| Coverage {
            place_code: subject.place.clone(),
            target_kind: subject.kind,
            duties: 0,
            met: 0,
        });
        row.duties += duties;
        row.met += met;
    };
    let days = targets.days_of_calls(calls);
    let of = |door: Uuid| days.get(&door).map_or(&[][..], Vec::as_slice);
    for household in &targets.households {
        add(household.subject(), None, of(household.id));
    }
    for person in &targets.care {
        add(person.subject(), Some(person.since), of(person.household));
    }
    for enterprise in &targets.enterprises {
        add(enterprise.subject(), None, of(enterprise.id));
    }
    for hazard in &targets.hazards {
        add(hazard.subject(), Some(hazard.found_on), of(hazard.id));
    }
    rows.into_values().collect()
}
