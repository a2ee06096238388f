//! What a household is, who lives in it, and which roles may know what about them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::visibility::Visibility;
use crate::platform::accounts::Role;
use crate::platform::code::{GridCode, PlaceCode};
use crate::terms;

/// Who may record and change households: as the policies on `households` have it.
pub(super) const WRITERS: &[Role] = &[Role::GridMember, Role::GridChief];
/// Who may register residents, and read and write what identifies them: as the policies on `residents` and
/// `resident_identities` have it.
pub(super) const RESIDENT_WRITERS: &[Role] = &[Role::GridMember, Role::GridChief, Role::Police];
/// Who may know who needs care, and write it: as the policies on `special_care` have it.
pub(super) const CARERS: &[Role] = &[Role::GridMember, Role::GridChief];

/// Days after which another call at a household is due.
pub const HOUSEHOLD_CALL_DAYS: i32 = 30;
/// Days after which another call at somebody in special care is due.
pub const CARE_CALL_DAYS: i32 = 7;

/// True when `role` may know who needs care.
#[must_use]
pub fn knows_care(role: Role) -> bool {
    CARERS.contains(&role)
}

terms! {
    /// A resident's sex, as registered.
    Sex {
        /// 男.
        Male = "male", "男";
        /// 女.
        Female = "female", "女";
    }
}

terms! {
    /// What a resident is to the head of the household.
    Relation {
        /// 户主.
        Head = "head", "户主";
        /// 配偶.
        Spouse = "spouse", "配偶";
        /// 子女.
        Child = "child", "子女";
        /// 父母.
        Parent = "parent", "父母";
        /// 孙辈.
        Grandchild = "grandchild", "孙辈";
        /// 兄弟姐妹.
        Sibling = "sibling", "兄弟姐妹";
        /// 其他.
        Other = "other", "其他";
    }
}

terms! {
    /// Why a resident is visited every week.
    CareKind {
        /// 空巢老人.
        EmptyNestElder = "empty_nest_elder", "空巢老人";
        /// 重度残疾.
        SevereDisability = "severe_disability", "重度残疾";
    }
}

/// A household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Household {
    /// Which.
    pub id: Uuid,
    /// Its code: the village's, and its number there.
    #[schema(example = "370828003218-H0001")]
    pub code: String,
    /// The narrowest place it lies in.
    #[schema(value_type = String)]
    pub place_code: PlaceCode,
    /// The grid it lies in, if in one.
    #[schema(value_type = Option<String>)]
    pub grid_code: Option<GridCode>,
    /// Its address.
    pub address: String,
    /// The code of the building it is in.
    pub building_code: Option<String>,
    /// How many people live there.
    pub resident_count: i32,
    /// People without local registration live there.
    pub floating: bool,
    /// Somebody there needs special care; absent when the caller's role may not know.
    pub special_care: Option<bool>,
    /// When it was last visited.
    pub last_visited_at: Option<DateTime<Utc>>,
    /// Where: a GeoJSON point, WGS84 longitude and latitude.
    #[schema(value_type = Object)]
    pub geometry: serde_json::Value,
    /// Rises with each change, of its residents too; the `ETag`.
    pub version: i32,
}

/// A household with its people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct HouseholdWithResidents {
    #[serde(flatten)]
    pub(super) household: Household,
    /// The people on record.
    pub(super) residents: Vec<Resident>,
    /// Whether the caller's role may see telephone and identity numbers.
    pub(super) identities: Visibility,
}

/// A resident.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Resident {
    /// Which.
    pub id: Uuid,
    /// Their code: the household's, and a number.
    #[schema(example = "370828003218-H0001-1")]
    pub code: String,
    /// Their household.
    pub household_id: Uuid,
    /// Their name.
    pub name: String,
    /// Their sex.
    pub sex: Sex,
    /// When they were born.
    pub birth_year: Option<i16>,
    /// What they are to the head of the household.
    pub relation: Relation,
    /// Member of the party.
    pub party_member: bool,
    /// Lives here without local registration.
    pub floating: bool,
    /// Their telephone number, for roles that may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Their telephone number with asterisks.
    pub phone_masked: Option<String>,
    /// Their identity number, for roles that may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// Their identity number with asterisks.
    pub id_number_masked: Option<String>,
    /// The care they need, for roles that may know.
    pub care: Option<Care>,
    /// Rises with each change; the `ETag`.
    pub version: i32,
}

/// The care somebody needs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Care {
    /// The record's code.
    pub code: String,
    /// Why they are visited.
    pub kind: CareKind,
    /// What to know before knocking.
    pub details: Option<String>,
    /// Since when.
    pub since: NaiveDate,
    /// When they were last visited.
    pub last_visited_at: Option<DateTime<Utc>>,
}

impl Resident {
    /// True when it shows what identifies a person or why they need care: to be written to the audit log.
    pub(super) fn shows_personal_data(&self) -> bool {
        self.phone.is_some() || self.id_number.is_some() || self.care.is_some()
    }
}
