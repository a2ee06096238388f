//! Recording and changing an enterprise: what callers send, and its checks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Category, Contact, Enterprise, EnterpriseStatus, HazardClass};
use crate::domain::phone::Phone;
use crate::domain::places::GivenPlace;
use crate::domain::social_credit_code::SocialCreditCode;
use crate::domain::time_of_day::TimeOfDay;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::clock::Clock;
use crate::platform::http::{Edit, Fields};
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

const MAX_NAME: usize = 200;
const MAX_ADDRESS: usize = 300;
const MAX_CODE: usize = 40;
const MAX_PERSON: usize = 100;
/// The largest building in the world has less.
const MAX_FLOOR_AREA_M2: f32 = 2_000_000.0;
const STAFF: std::ops::RangeInclusive<i32> = 0..=1_000_000;

/// An enterprise to record.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEnterprise {
    /// Made by the caller, so that sending twice records once; `UUIDv7` recommended.
    pub(super) id: Option<Uuid>,
    /// Its unified social credit code (GB 32100-2015).
    #[schema(example = "91370828MA3TET1007")]
    code: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it does.
    category: Category,
    /// What is dangerous about it.
    hazard_class: HazardClass,
    /// Floor area in square metres.
    floor_area_m2: Option<f32>,
    /// People who work there.
    staff: Option<i32>,
    /// When it opens, `HH:MM`.
    opens: Option<String>,
    /// When it closes, `HH:MM`.
    closes: Option<String>,
    /// Its address.
    address: Option<String>,
    /// The code of the building it is in.
    building_code: Option<String>,
    /// Whether it is at work; active unless given.
    status: Option<EnterpriseStatus>,
    /// When it was last inspected.
    last_inspected_at: Option<DateTime<Utc>>,
    /// The name of the person in charge.
    contact_name: Option<String>,
    /// Their telephone number.
    phone: Option<String>,
    /// Where.
    place: GivenPlace,
}

/// A new enterprise whose every field has been checked.
pub(super) struct CheckedEnterprise {
    pub(super) id: Uuid,
    pub(super) code: SocialCreditCode,
    pub(super) name: String,
    pub(super) category: Category,
    pub(super) hazard_class: HazardClass,
    pub(super) floor_area_m2: Option<f32>,
    pub(super) staff: Option<i32>,
    pub(super) opens: Option<TimeOfDay>,
    pub(super) closes: Option<TimeOfDay>,
    pub(super) address: Option<String>,
    pub(super) building_code: Option<String>,
    pub(super) status: EnterpriseStatus,
    pub(super) last_inspected_at: Option<DateTime<Utc>>,
    pub(super) contact: Option<Contact>,
    pub(super) point: Wgs84,
}

impl NewEnterprise {
    /// Checks every field.
    pub(super) fn check(&self, id: Uuid, clock: &Clock) -> Result<CheckedEnterprise, Problem> {
        let mut fields = Fields::default();
        let code =
            fields.take("code", self.code.parse::<SocialCreditCode>().map_err(|error| error.message()));
        let name = fields.text("name", &self.name, 1..=MAX_NAME);
        check_sizes(&mut fields, self.floor_area_m2, self.staff);
        let opens = fields.take_option("opens", self.opens.as_deref().map(time_of_day));
        let closes = fields.take_option("closes", self.closes.as_deref().map(time_of_day));
        let address = fields.text_option("address", self.address.as_deref(), MAX_ADDRESS);
        let building_code = fields.text_option("building_code", self.building_code.as_deref(), MAX_CODE);
        if let Some(at) = self.last_inspected_at {
            fields.past("last_inspected_at", at, clock);
        }
        let contact_name = fields.text_option("contact_name", self.contact_name.as_deref(), MAX_PERSON);
        let phone = fields.take_option("phone", self.phone.as_deref().map(Phone::stored));
        let point = self.place.to_wgs84("place", &mut fields);
        let Some((code, point)) = code.zip(point) else { return Err(fields.problem()) };
        fields.finish()?;
        let contact = Contact { contact_name, phone };
        Ok(CheckedEnterprise {
            id,
            code,
            name,
            category: self.category,
            hazard_class: self.hazard_class,
            floor_area_m2: self.floor_area_m2,
            staff: self.staff,
            opens,
            closes,
            address,
            building_code,
            status: self.status.unwrap_or(EnterpriseStatus::Active),
            last_inspected_at: self.last_inspected_at,
            contact: (contact.contact_name.is_some() || contact.phone.is_some()).then_some(contact),
            point,
        })
    }
}

/// What may change about an enterprise. `null` clears what may be absent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EnterpriseChange {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// What it does.
    category: Option<Category>,
    /// What is dangerous about it.
    hazard_class: Option<HazardClass>,
    /// Floor area in square metres.
    #[serde(default)]
    #[schema(value_type = Option<f32>)]
    floor_area_m2: Edit<f32>,
    /// People who work there.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    staff: Edit<i32>,
    /// When it opens, `HH:MM`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    opens: Edit<String>,
    /// When it closes, `HH:MM`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    closes: Edit<String>,
    /// Its address.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    address: Edit<String>,
    /// The code of the building it is in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    building_code: Edit<String>,
    /// Whether it is at work.
    status: Option<EnterpriseStatus>,
    /// When it was last inspected.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    last_inspected_at: Edit<DateTime<Utc>>,
    /// The name of the person in charge.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    contact_name: Edit<String>,
    /// Their telephone number.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Edit<String>,
    /// Where.
    place: Option<GivenPlace>,
}

impl EnterpriseChange {
    /// True when the change is about whom to call.
    pub(super) fn touches_contact(&self) -> bool {
        self.contact_name != Edit::Keep || self.phone != Edit::Keep
    }

    /// Makes the change to `enterprise` and `contact`; gives the place it moves to, if it moves.
    pub(super) fn apply(
        self,
        enterprise: &mut Enterprise,
        contact: &mut Contact,
        clock: &Clock,
    ) -> Result<Option<Wgs84>, Problem> {
        let mut fields = Fields::default();
        if let Some(name) = &self.name {
            enterprise.name = fields.text("name", name, 1..=MAX_NAME);
        }
        enterprise.category = self.category.unwrap_or(enterprise.category);
        enterprise.hazard_class = self.hazard_class.unwrap_or(enterprise.hazard_class);
        enterprise.status = self.status.unwrap_or(enterprise.status);
        check_sizes(&mut fields, self.floor_area_m2.as_set().copied(), self.staff.as_set().copied());
        enterprise.floor_area_m2 = self.floor_area_m2.apply(enterprise.floor_area_m2);
        enterprise.staff = self.staff.apply(enterprise.staff);
        enterprise.opens = fields.edit("opens", self.opens, enterprise.opens, time_of_day);
        enterprise.closes = fields.edit("closes", self.closes, enterprise.closes, time_of_day);
        enterprise.address =
            fields.edit_text("address", self.address, enterprise.address.take(), MAX_ADDRESS);
        enterprise.building_code =
            fields.edit_text("building_code", self.building_code, enterprise.building_code.take(), MAX_CODE);
        if let Some(at) = self.last_inspected_at.as_set() {
            fields.past("last_inspected_at", *at, clock);
        }
        enterprise.last_inspected_at = self.last_inspected_at.apply(enterprise.last_inspected_at);
        contact.contact_name =
            fields.edit_text("contact_name", self.contact_name, contact.contact_name.take(), MAX_PERSON);
        contact.phone = fields.edit("phone", self.phone, contact.phone.take(), Phone::stored);
        let point = self.place.and_then(|place| place.to_wgs84("place", &mut fields));
        fields.finish()?;
        Ok(point)
    }
}

fn check_sizes(fields: &mut Fields, floor_area_m2: Option<f32>, staff: Option<i32>) {
    if floor_area_m2.is_some_and(|area| !(area > 0.0 && area <= MAX_FLOOR_AREA_M2)) {
        fields.refuse(
            "floor_area_m2",
            message!("应大于 0，不超过 {MAX_FLOOR_AREA_M2}", "more than 0, at most {MAX_FLOOR_AREA_M2}"),
        );
    }
    if let Some(staff) = staff {
        fields.within("staff", staff, &STAFF);
    }
}

fn time_of_day(text: &str) -> Result<TimeOfDay, Message> {
    text.parse::<TimeOfDay>().map_err(|error| error.message())
}
