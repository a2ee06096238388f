//! What a visit is, and what it settles.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::hazards::HazardKind;
use crate::domain::photos::{Attachment, Photo};
use crate::domain::places::GivenPlace;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::accounts::Role;
use crate::platform::clock::Clock;
use crate::platform::code::PlaceCode;
use crate::platform::http::{Fields, id_of_key};
use crate::platform::problem::Problem;
use crate::terms;

terms! {
    /// What kind of thing was called at.
    TargetKind {
        /// A household.
        Household = "household", "户";
        /// A person in special care.
        SpecialCare = "special_care", "重点关爱对象";
        /// An enterprise.
        Enterprise = "enterprise", "企业";
        /// A hazard point.
        Hazard = "hazard", "隐患点";
    }
}

terms! {
    /// How a call went.
    VisitResult {
        /// It was made.
        Done = "done", "已走访";
        /// Nobody was at home.
        NobodyHome = "nobody_home", "无人在家";
        /// The visitor was not let in.
        Refused = "refused", "被拒绝";
        /// It was made, and a hazard was found.
        HazardFound = "hazard_found", "发现隐患";
    }
}

impl VisitResult {
    /// Whether the call counts as made; a closed door leaves the duty as it was.
    #[must_use]
    pub fn settles(self) -> bool {
        matches!(self, Self::Done | Self::HazardFound)
    }
}

impl TargetKind {
    /// Who may record a call at such a target: as the policies on `visits` have it.
    pub(super) fn visitors(self) -> &'static [Role] {
        match self {
            Self::Household | Self::SpecialCare => &[Role::GridMember, Role::GridChief],
            Self::Enterprise | Self::Hazard => {
                &[Role::GridMember, Role::GridChief, Role::Inspector, Role::Police]
            }
        }
    }

    /// The layer whose rows a call at such a target changes.
    pub(super) fn layer(self) -> &'static str {
        match self {
            Self::Household | Self::SpecialCare => "households",
            Self::Enterprise => "enterprises",
            Self::Hazard => "hazards",
        }
    }
}

const MAX_PURPOSE: usize = 200;
const MAX_NOTE: usize = 4_000;
/// Of a hazard of which nobody said how severe it is: medium.
const USUAL_SEVERITY: i16 = 2;

/// A visit.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Visit {
    /// Which.
    pub id: Uuid,
    /// The narrowest place its target lies in.
    #[schema(value_type = String, example = "370828003218001")]
    pub place_code: PlaceCode,
    /// The account that made it; absent for visits from before the service.
    pub account_id: Option<Uuid>,
    /// What kind of thing was called at.
    pub target_kind: TargetKind,
    /// Which one.
    pub target_id: Uuid,
    /// What for.
    #[schema(example = "每周探望")]
    pub purpose: String,
    /// How it went.
    pub result: VisitResult,
    /// What else there is to say.
    pub note: Option<String>,
    /// When.
    pub visited_at: DateTime<Utc>,
    /// What the phone's clock said, where that was wrong.
    pub phone_at: Option<DateTime<Utc>>,
    /// Where the visitor stood, if they said: a GeoJSON point, WGS84 longitude and latitude.
    #[schema(value_type = Option<Object>)]
    pub geometry: Option<serde_json::Value>,
    /// The report of the hazard that was found.
    pub report_id: Option<Uuid>,
    /// The photos taken there.
    #[schema(value_type = Vec<Attachment>)]
    pub photos: Json<Vec<Attachment>>,
}

/// A visit to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewVisit {
    /// Made by the caller, so that sending twice records once; `UUIDv7` recommended.
    pub(super) id: Option<Uuid>,
    /// What kind of thing was called at.
    pub(super) target_kind: TargetKind,
    /// Which one.
    target_id: Uuid,
    /// What for.
    #[schema(max_length = 200, example = "每周探望")]
    purpose: String,
    /// How it went.
    result: VisitResult,
    /// What else there is to say.
    #[schema(max_length = 4000)]
    note: Option<String>,
    /// When.
    visited_at: DateTime<Utc>,
    /// What the phone's clock said, where the phone knows by now that it was wrong: the visit is marked.
    phone_at: Option<DateTime<Utc>>,
    /// Where the visitor stood.
    place: Option<GivenPlace>,
    /// The hazard, where one was found; told by `purpose` and `note` alone unless given.
    hazard: Option<FoundHazard>,
}

/// A hazard found on a visit. It becomes a report.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FoundHazard {
    /// The report's id, made by the caller; made from the visit's unless given.
    id: Option<Uuid>,
    /// What kind of danger.
    hazard_kind: Option<HazardKind>,
    /// 1 low to 4 grave; 2 unless given.
    #[schema(minimum = 1, maximum = 4)]
    severity: Option<i16>,
    /// What was seen; the visit's note unless given.
    #[schema(max_length = 4000)]
    words: Option<String>,
}

/// A hazard to report, checked but for its place.
#[derive(Debug, Clone)]
pub(super) struct CheckedHazard {
    pub(super) id: Uuid,
    pub(super) hazard_kind: Option<HazardKind>,
    pub(super) severity: i16,
    pub(super) words: String,
}

/// A new visit whose every field has been checked.
#[derive(Debug)]
pub(super) struct CheckedVisit {
    pub(super) id: Uuid,
    pub(super) target_kind: TargetKind,
    pub(super) target_id: Uuid,
    pub(super) purpose: String,
    pub(super) result: VisitResult,
    pub(super) note: Option<String>,
    pub(super) visited_at: DateTime<Utc>,
    pub(super) phone_at: Option<DateTime<Utc>>,
    pub(super) point: Option<Wgs84>,
    /// What was found.
    pub(super) hazard: Option<CheckedHazard>,
}

impl NewVisit {
    /// Checks every field of what is to be recorded as `id` by `account`.
    ///
    /// # Errors
    /// 422 naming every field at fault.
    pub(super) fn check(self, id: Uuid, account: Uuid, clock: &Clock) -> Result<CheckedVisit, Problem> {
        let mut fields = Fields::default();
        let purpose = fields.text("purpose", &self.purpose, 1..=MAX_PURPOSE);
        let note = fields.text_option("note", self.note.as_deref(), MAX_NOTE);
        fields.past("visited_at", self.visited_at, clock);
        let point = self.place.and_then(|place| place.to_wgs84("place", &mut fields));
        let found = self.result == VisitResult::HazardFound;
        if self.hazard.is_some() && !found {
            fields.refuse("hazard", message!("结果不是“发现隐患”", "the result is not that one was found"));
        }
        let hazard = found.then(|| {
            let given = self.hazard.unwrap_or_default();
            let severity = given.severity.unwrap_or(USUAL_SEVERITY);
            fields.within("hazard.severity", severity, &(1..=4));
            let words = fields.text_option("hazard.words", given.words.as_deref(), MAX_NOTE);
            CheckedHazard {
                // The same for the same visit: sent twice, it is one report.
                id: given.id.unwrap_or_else(|| id_of_key(account, &format!("hazard of visit {id}"))),
                hazard_kind: given.hazard_kind,
                severity,
                words: words.or_else(|| note.clone()).unwrap_or_else(|| purpose.clone()),
            }
        });
        fields.finish()?;
        // What PostgreSQL keeps, so that the same visit sent again is found to be the same.
        let microseconds = |at: DateTime<Utc>| DateTime::from_timestamp_micros(at.timestamp_micros());
        Ok(CheckedVisit {
            id,
            target_kind: self.target_kind,
            target_id: self.target_id,
            purpose,
            result: self.result,
            note,
            visited_at: microseconds(self.visited_at).unwrap_or(self.visited_at),
            phone_at: self.phone_at.map(believable).and_then(microseconds),
            point,
            hazard,
        })
    }
}

/// What a clock can say that was set in our time; one that says more is as wrong as this.
fn believable(at: DateTime<Utc>) -> DateTime<Utc> {
    at.clamp(DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TimeDelta::days(366 * 200))
}

impl CheckedVisit {
    /// Whether `stored` is this visit with these photos, recorded before.
    pub(super) fn is(&self, photos: &[Photo], stored: &Visit) -> bool {
        let sent: BTreeSet<_> = photos.iter().map(|photo| photo.id_of(self.id)).collect();
        let kept: BTreeSet<_> = stored.photos.iter().map(|photo| photo.id).collect();
        sent == kept
            && (self.target_kind, self.target_id, self.result)
                == (stored.target_kind, stored.target_id, stored.result)
            && (&self.purpose, &self.note, self.visited_at, self.phone_at)
                == (&stored.purpose, &stored.note, stored.visited_at, stored.phone_at)
    }
}
