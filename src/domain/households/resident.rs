//! Registering and changing a resident: what callers send, and its checks.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{CareKind, Relation, Resident, Sex};
use crate::domain::id_number::IdNumber;
use crate::domain::phone::Phone;
use crate::platform::clock::Clock;
use crate::platform::http::{Edit, Fields};
use crate::platform::problem::Problem;

const MAX_NAME: usize = 100;
const MAX_DETAILS: usize = 1_000;
const EARLIEST_BIRTH: i16 = 1900;

/// A resident to register.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewResident {
    /// Made by the caller, so that sending twice registers once; `UUIDv7` recommended.
    pub(super) id: Option<Uuid>,
    /// Their name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Their sex.
    sex: Sex,
    /// When they were born; from the identity number unless given.
    birth_year: Option<i16>,
    /// What they are to the head of the household.
    relation: Option<Relation>,
    /// Member of the party.
    #[serde(default)]
    party_member: bool,
    /// Lives here without local registration.
    #[serde(default)]
    floating: bool,
    /// Their telephone number.
    phone: Option<String>,
    /// Their identity number (GB 11643-1999).
    id_number: Option<String>,
    /// The care they need.
    care: Option<GivenCare>,
}

/// The care somebody needs, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenCare {
    /// Why they are visited.
    pub(super) kind: CareKind,
    /// What to know before knocking.
    #[schema(max_length = 1000)]
    pub(super) details: Option<String>,
    /// Since when; today unless given.
    pub(super) since: Option<NaiveDate>,
}

/// A new resident whose every field has been checked.
pub(super) struct CheckedResident {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) sex: Sex,
    pub(super) birth_year: Option<i16>,
    pub(super) relation: Relation,
    pub(super) party_member: bool,
    pub(super) floating: bool,
    pub(super) phone: Option<String>,
    pub(super) id_number: Option<String>,
    pub(super) care: Option<GivenCare>,
}

impl NewResident {
    /// Checks every field.
    pub(super) fn check(&self, id: Uuid, clock: &Clock) -> Result<CheckedResident, Problem> {
        let mut fields = Fields::default();
        let name = fields.text("name", &self.name, 1..=MAX_NAME);
        let phone = fields.take_option("phone", self.phone.as_deref().map(Phone::stored));
        let id_number = fields.take_option("id_number", self.id_number.as_deref().map(IdNumber::stored));
        let birth_year = self.birth_year.or_else(|| id_number.as_deref()?.get(6..10)?.parse().ok());
        check_birth_year(&mut fields, birth_year, clock);
        let care = self.care.clone().map(|care| care.check(&mut fields, clock));
        fields.finish()?;
        Ok(CheckedResident {
            id,
            name,
            sex: self.sex,
            birth_year,
            relation: self.relation.unwrap_or(Relation::Other),
            party_member: self.party_member,
            floating: self.floating,
            phone,
            id_number,
            care,
        })
    }
}

impl GivenCare {
    fn check(mut self, fields: &mut Fields, clock: &Clock) -> Self {
        self.details = fields.text_option("care.details", self.details.as_deref(), MAX_DETAILS);
        let since = self.since.unwrap_or_else(|| clock.today());
        fields.past_date("care.since", since, clock);
        self.since = Some(since);
        self
    }
}

/// What may change about a resident. `null` clears what may be absent; `"care": null` ends the care.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResidentChange {
    /// Their name.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Their sex.
    sex: Option<Sex>,
    /// When they were born.
    #[serde(default)]
    #[schema(value_type = Option<i16>)]
    birth_year: Edit<i16>,
    /// What they are to the head of the household.
    relation: Option<Relation>,
    /// Member of the party.
    party_member: Option<bool>,
    /// Lives here without local registration.
    floating: Option<bool>,
    /// Their telephone number.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Edit<String>,
    /// Their identity number (GB 11643-1999).
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    id_number: Edit<String>,
    /// The care they need.
    #[serde(default)]
    #[schema(value_type = Option<GivenCare>)]
    care: Edit<GivenCare>,
}

impl ResidentChange {
    /// True when the change is about what identifies the person.
    pub(super) fn touches_identity(&self) -> bool {
        self.phone != Edit::Keep || self.id_number != Edit::Keep
    }

    /// True when the change is about care.
    pub(super) fn touches_care(&self) -> bool {
        self.care != Edit::Keep
    }

    /// Makes the change to `resident`; gives what is to become of their care.
    pub(super) fn apply(self, resident: &mut Resident, clock: &Clock) -> Result<Edit<GivenCare>, Problem> {
        let mut fields = Fields::default();
        if let Some(name) = &self.name {
            resident.name = fields.text("name", name, 1..=MAX_NAME);
        }
        resident.sex = self.sex.unwrap_or(resident.sex);
        check_birth_year(&mut fields, self.birth_year.as_set().copied(), clock);
        resident.birth_year = self.birth_year.apply(resident.birth_year);
        resident.relation = self.relation.unwrap_or(resident.relation);
        resident.party_member = self.party_member.unwrap_or(resident.party_member);
        resident.floating = self.floating.unwrap_or(resident.floating);
        resident.phone = fields.edit("phone", self.phone, resident.phone.take(), Phone::stored);
        resident.id_number =
            fields.edit("id_number", self.id_number, resident.id_number.take(), IdNumber::stored);
        let care = match self.care {
            Edit::Set(care) => Edit::Set(care.check(&mut fields, clock)),
            Edit::Clear => Edit::Clear,
            Edit::Keep => Edit::Keep,
        };
        fields.finish()?;
        Ok(care)
    }
}

fn check_birth_year(fields: &mut Fields, year: Option<i16>, clock: &Clock) {
    let this_year = i16::try_from(clock.today().year()).unwrap_or(i16::MAX);
    if let Some(year) = year {
        fields.within("birth_year", year, &(EARLIEST_BIRTH..=this_year));
    }
}
