//! The calls that are due in a grid. Never here: how often, which is a matter of rules, or in which order.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use uuid::Uuid;

use super::book::{Book, Ruled, Subject};
use crate::domain::enterprises::{Category, HazardClass};
use crate::domain::hazards::HazardKind;
use crate::domain::households::CareKind;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::accounts::Role;
use crate::platform::code::PlaceCode;
use crate::platform::locale::Message;

/// A call that is due.
#[derive(Debug, Clone)]
pub struct Duty {
    pub(in crate::domain) place: PlaceCode,
    /// Who makes such calls.
    pub(in crate::domain) roles: Vec<Role>,
    pub(in crate::domain) target_kind: TargetKind,
    pub(in crate::domain) target_id: Uuid,
    /// The household behind whose door the call is, or the target itself.
    pub(in crate::domain) door: Uuid,
    /// The day of the last call; none where there was none.
    pub(in crate::domain) last: Option<NaiveDate>,
    pub(in crate::domain) label: String,
    pub(in crate::domain) sublabel: String,
    pub(in crate::domain) at: Wgs84,
    pub(in crate::domain) purposes: Vec<Message>,
    /// The day on which it came due, if there was a call before.
    pub(in crate::domain) due_since: Option<NaiveDate>,
    pub(in crate::domain) overdue_days: i64,
    /// 1 low to 4 grave.
    pub(in crate::domain) priority: u8,
    /// What the call is worth against others.
    pub(in crate::domain) prize: u32,
    /// The same on the day it is due.
    plain_prize: u32,
    plain_priority: u8,
    /// Days from one call to the next.
    pub(in crate::domain) every_days: i64,
    /// It is not yet due.
    early: bool,
    pub(in crate::domain) service_min: u32,
    /// Open from, to.
    pub(in crate::domain) hours: Option<(NaiveTime, NaiveTime)>,
    /// Of an enterprise, what it does.
    pub(in crate::domain) category: Option<&'static str>,
    /// Of an enterprise, what is dangerous about it.
    pub(in crate::domain) hazard_class: Option<&'static str>,
    /// Of a hazard.
    pub(in crate::domain) severity: Option<i16>,
}

/// Everything in a place that is called at regularly.
#[derive(Debug, Default)]
pub struct Targets {
    pub(super) households: Vec<Household>,
    pub(super) care: Vec<Care>,
    pub(super) enterprises: Vec<Enterprise>,
    pub(super) hazards: Vec<Hazard>,
}

#[derive(Debug)]
pub(super) struct Household {
    pub(super) id: Uuid,
    pub(super) place: PlaceCode,
    pub(super) code: String,
    pub(super) address: String,
    pub(super) last: Option<NaiveDate>,
    pub(super) at: Wgs84,
}

/// A person in special care.
#[derive(Debug)]
pub(super) struct Care {
    pub(super) id: Uuid,
    pub(super) place: PlaceCode,
    pub(super) household: Uuid,
    pub(super) name: String,
    pub(super) kind: CareKind,
    pub(super) address: String,
    pub(super) since: NaiveDate,
    pub(super) last: Option<NaiveDate>,
    pub(super) at: Wgs84,
}

#[derive(Debug)]
pub(super) struct Enterprise {
    pub(super) id: Uuid,
    pub(super) place: PlaceCode,
    pub(super) name: String,
    pub(super) sublabel: String,
    pub(super) category: Category,
    pub(super) class: HazardClass,
    /// Whether it has an open hazard of severity 3 or 4.
    pub(super) at_risk: bool,
    pub(super) hours: Option<(NaiveTime, NaiveTime)>,
    pub(super) last: Option<NaiveDate>,
    pub(super) at: Wgs84,
}

/// An open hazard.
#[derive(Debug)]
pub(super) struct Hazard {
    pub(super) id: Uuid,
    pub(super) place: PlaceCode,
    pub(super) code: String,
    pub(super) kind: HazardKind,
    pub(super) severity: i16,
    pub(super) description: String,
    pub(super) found_on: NaiveDate,
    pub(super) last: Option<NaiveDate>,
    pub(super) at: Wgs84,
}

impl Targets {
    /// The calls that are due on `today`, the most pressing first.
    #[must_use]
    pub fn due(&self, today: NaiveDate, book: &Book) -> Vec<Duty> {
        let mut duties = self.doors(today, book);
        duties.extend(self.enterprises.iter().filter_map(|enterprise| enterprise.due(today, book)));
        duties.extend(self.hazards.iter().filter_map(|hazard| hazard.due(today, book)));
        duties.sort_by(|a, b| b.prize.cmp(&a.prize).then(a.target_id.cmp(&b.target_id)));
        duties
    }

    /// The calls that are due on `today`; also, if asked, the enterprises and hazards whose next call is still to
    /// come, at a quarter of what the call is worth on the day it is due.
    #[must_use]
    pub fn due_or(&self, today: NaiveDate, not_yet_due: bool, book: &Book) -> Vec<Duty> {
        if !not_yet_due {
            return self.due(today, book);
        }
        let mut duties = self.all(today, book);
        let door = |kind| matches!(kind, TargetKind::Household | TargetKind::SpecialCare);
        duties.retain(|duty| !(duty.is_early() && door(duty.target_kind)));
        duties
    }

    /// Every call that there is, those that are still to come as if they were only just due, but at a quarter of the
    /// worth.
    #[must_use]
    pub fn all(&self, today: NaiveDate, book: &Book) -> Vec<Duty> {
        let mut duties = self.due(today, book);
        let due: HashSet<Uuid> = duties.iter().map(|duty| duty.door).collect();
        // No rule waits longer: on that day the call is due, and reckoned as if only just.
        let later = self.due(today + TimeDelta::days(LONGEST_WAIT_DAYS), book);
        duties.extend(later.into_iter().filter(|duty| !due.contains(&duty.door)).map(Duty::early));
        duties.sort_by(|a, b| b.prize.cmp(&a.prize).then(a.target_id.cmp(&b.target_id)));
        duties
    }

    /// Calls at front doors: one per household, whoever it is for.
    fn doors(&self, today: NaiveDate, book: &Book) -> Vec<Duty> {
        let mut doors: BTreeMap<Uuid, Duty> = BTreeMap::new();
        for person in &self.care {
            let Some(duty) = person.due(today, book) else { continue };
            match doors.entry(person.household) {
                Entry::Vacant(door) => {
                    door.insert(duty);
                }
                Entry::Occupied(mut door) => {
                    door.get_mut().label.push('、');
                    door.get_mut().label.push_str(&duty.label);
                    door.get_mut().add(duty);
                }
            }
        }
        for household in &self.households {
            let Some(duty) = household.due(today, book) else { continue };
            match doors.get_mut(&household.id) {
                Some(door) => door.add(duty),
                None => {
                    doors.insert(household.id, duty);
                }
            }
        }
        doors.into_values().collect()
    }
}

/// Longer than any interval of a rule, and any rest after it.
const LONGEST_WAIT_DAYS: i64 = 400;

impl Duty {
    /// Whether somebody of `role` makes such calls; chiefs and the command centre see to all of them.
    #[must_use]
    pub fn is_for(&self, role: Role) -> bool {
        matches!(role, Role::GridChief | Role::Command) || self.roles.contains(&role)
    }

    /// Whether the call is not yet due.
    #[must_use]
    pub fn is_early(&self) -> bool {
        self.early
    }

    /// The same before it is due.
    fn early(self) -> Self {
        let (prize, priority) = ((self.plain_prize / 4).max(1), self.plain_priority);
        Self { prize, priority, due_since: None, overdue_days: 0, early: true, ..self }
    }

    /// The same on a day that was chosen for it.
    #[must_use]
    pub fn on_its_day(self) -> Self {
        if self.early { Self { prize: self.plain_prize, early: false, ..self } } else { self }
    }

    /// Takes on another duty at the same door.
    fn add(&mut self, other: Duty) {
        self.plain_prize += other.plain_prize;
        self.plain_priority = self.plain_priority.max(other.plain_priority);
        self.every_days = self.every_days.min(other.every_days);
        self.last = self.last.max(other.last);
        for purpose in other.purposes {
            if !self.purposes.contains(&purpose) {
                self.purposes.push(purpose);
            }
        }
        for role in other.roles {
            if !self.roles.contains(&role) {
                self.roles.push(role);
            }
        }
        self.priority = self.priority.max(other.priority);
        self.prize += other.prize;
        self.service_min = self.service_min.max(other.service_min);
        if other.overdue_days > self.overdue_days {
            (self.due_since, self.overdue_days) = (other.due_since, other.overdue_days);
        }
    }
}

impl Household {
    fn due(&self, today: NaiveDate, book: &Book) -> Option<Duty> {
        let ruled = book.due(self.subject(), self.last, None, today)?;
        let purpose = match ruled.cadence.every_days {
            28..=31 => message!("每月走访", "monthly call"),
            days => message!("每 {days} 天走访", "call every {days} days"),
        };
        let door =
            Door { id: self.id, last: self.last, label: &self.address, sublabel: &self.code, at: self.at };
        Some(door.duty(self.subject(), ruled, purpose))
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { place: &self.place, kind: TargetKind::Household, of: None, at_risk: false }
    }
}

impl Care {
    fn due(&self, today: NaiveDate, book: &Book) -> Option<Duty> {
        let ruled = book.due(self.subject(), self.last, Some(self.since), today)?;
        let (zh, en) = match self.kind {
            CareKind::EmptyNestElder => ("空巢老人", "an empty-nest elder"),
            CareKind::SevereDisability => ("重度残疾人", "a severely disabled person"),
        };
        let purpose = match ruled.cadence.every_days {
            7 => message!("每周探望{zh}", "weekly call on {en}"),
            days => message!("每 {days} 天探望{zh}", "call every {days} days on {en}"),
        };
        let door =
            Door { id: self.id, last: self.last, label: &self.name, sublabel: &self.address, at: self.at };
        Some(Duty { door: self.household, ..door.duty(self.subject(), ruled, purpose) })
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { place: &self.place, kind: TargetKind::SpecialCare, of: None, at_risk: false }
    }
}

impl Enterprise {
    fn due(&self, today: NaiveDate, book: &Book) -> Option<Duty> {
        let ruled = book.due(self.subject(), self.last, None, today)?;
        let (days, zh, en) = (ruled.cadence.every_days, self.class.zh(), self.class.key().replace('_', " "));
        let purpose = message!("{zh}企业每 {days} 天检查", "inspection due every {days} days ({en})");
        let door =
            Door { id: self.id, last: self.last, label: &self.name, sublabel: &self.sublabel, at: self.at };
        Some(Duty {
            hours: self.hours,
            category: Some(self.category.key()),
            hazard_class: Some(self.class.key()),
            ..door.duty(self.subject(), ruled, purpose)
        })
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        let (kind, of) = (TargetKind::Enterprise, Some(self.class.key()));
        Subject { place: &self.place, kind, of, at_risk: self.at_risk }
    }
}

impl Hazard {
    fn due(&self, today: NaiveDate, book: &Book) -> Option<Duty> {
        let ruled = book.due(self.subject(), self.last, Some(self.found_on), today)?;
        let (zh, en, severity) = (self.kind.zh(), self.kind.key(), self.severity);
        let degree = ["低", "中", "高", "重大"][severity.clamp(1, 4) as usize - 1];
        let purpose =
            message!("复查{zh}隐患（{degree}）", "look at the {en} hazard again (severity {severity})");
        let door = Door {
            id: self.id,
            last: self.last,
            label: &self.description,
            sublabel: &self.code,
            at: self.at,
        };
        Some(Duty { severity: Some(severity), ..door.duty(self.subject(), ruled, purpose) })
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        let of = match self.severity {
            4.. => "4",
            3 => "3",
            2 => "2",
            _ => "1",
        };
        Subject { place: &self.place, kind: TargetKind::Hazard, of: Some(of), at_risk: false }
    }
}

/// Where to call, and how to find it.
struct Door<'a> {
    id: Uuid,
    last: Option<NaiveDate>,
    label: &'a str,
    sublabel: &'a str,
    at: Wgs84,
}

impl Door<'_> {
    fn duty(&self, subject: Subject<'_>, ruled: Ruled, purpose: Message) -> Duty {
        let Ruled { due, cadence, roles } = ruled;
        Duty {
            place: subject.place.clone(),
            roles,
            target_kind: subject.kind,
            target_id: self.id,
            door: self.id,
            last: self.last,
            label: self.label.to_owned(),
            sublabel: self.sublabel.to_owned(),
            at: self.at,
            purposes: vec![purpose],
            due_since: due.since,
            overdue_days: due.overdue_days,
            priority: due.priority,
            prize: due.prize,
            plain_prize: cadence.plain_prize(),
            plain_priority: cadence.priority,
            every_days: cadence.every_days,
            early: false,
            service_min: cadence.service_min,
            hours: None,
            category: None,
            hazard_class: None,
            severity: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2022-09-26";

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    fn grid() -> PlaceCode {
        "370828003218001".parse().unwrap()
    }

    fn place() -> Wgs84 {
        Wgs84::new(116.3, 35.07).unwrap()
    }

    fn household(id: u128, last: Option<NaiveDate>) -> Household {
        let (code, address) = ("370828003218-H0001".into(), "崔口村北1巷1号".into());
        Household { place: grid(), id: Uuid::from_u128(id), code, address, last, at: place() }
    }

    fn care(id: u128, household: u128, kind: CareKind, last: Option<NaiveDate>) -> Care {
        Care {
            id: Uuid::from_u128(id),
            place: grid(),
            household: Uuid::from_u128(household),
            name: format!("老人{id}"),
            kind,
            address: "崔口村北1巷1号".into(),
            since: "2021-07-01".parse().unwrap(),
            last,
            at: place(),
        }
    }

    #[test]
    fn calls_at_one_door_are_one_call() {
        let targets = Targets {
            households: vec![household(1, day("2022-08-20")), household(2, day("2022-08-20"))],
            care: vec![
                care(11, 1, CareKind::EmptyNestElder, day("2022-09-18")),
                care(12, 1, CareKind::SevereDisability, day("2022-09-10")),
                care(13, 2, CareKind::EmptyNestElder, day("2022-09-25")),
            ],
            ..Targets::default()
        };
        let duties = targets.due(TODAY.parse().unwrap(), &Book::default());
        assert_eq!(duties.len(), 2);
        let both = &duties[0];
        assert_eq!((both.target_kind, both.target_id), (TargetKind::SpecialCare, Uuid::from_u128(11)));
        assert_eq!(both.label, "老人11、老人12");
        let purposes: Vec<&str> = both.purposes.iter().map(|purpose| &*purpose.zh).collect();
        assert_eq!(purposes, ["每周探望空巢老人", "每周探望重度残疾人", "每月走访"]);
        assert_eq!((both.priority, both.overdue_days, both.service_min), (4, 9, 20));
        // The elder next door was called on yesterday; only the household itself is due.
        assert_eq!((duties[1].target_kind, duties[1].overdue_days), (TargetKind::Household, 7));
    }

    #[test]
    fn what_is_not_due_is_not_listed_and_the_most_pressing_comes_first() {
        let hazard = |id, severity, last| Hazard {
            id: Uuid::from_u128(id),
            place: grid(),
            code: "370828003218-Y0001".into(),
            kind: HazardKind::Fire,
            severity,
            description: "消防通道堵塞".into(),
            found_on: "2022-09-01".parse().unwrap(),
            last,
            at: place(),
        };
        let enterprise = |id, class, last| Enterprise {
            id: Uuid::from_u128(id),
            place: grid(),
            name: "测试冷库".into(),
            sublabel: String::new(),
            category: Category::Other,
            at_risk: false,
            class,
            hours: None,
            last,
            at: place(),
        };
        let targets = Targets {
            households: vec![household(1, day("2022-09-01"))],
            enterprises: vec![
                enterprise(2, HazardClass::AmmoniaRefrigeration, day("2022-09-11")),
                enterprise(3, HazardClass::AmmoniaRefrigeration, day("2022-09-12")),
                enterprise(4, HazardClass::General, None),
            ],
            hazards: vec![hazard(5, 4, day("2022-09-25")), hazard(6, 4, day(TODAY)), hazard(7, 1, None)],
            ..Targets::default()
        };
        let due: Vec<u128> = targets
            .due(TODAY.parse().unwrap(), &Book::default())
            .iter()
            .map(|d| d.target_id.as_u128())
            .collect();
        assert_eq!(due, [5, 2, 7, 4]);
    }
}
