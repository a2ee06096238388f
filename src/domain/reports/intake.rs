//! From what somebody sent to a report that can be filed: every field checked, all faults named at once.
//!
//! Never here: SQL, HTTP, or which grid the place lies in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::ReportKind;
use crate::domain::hazards::HazardKind;
use crate::domain::places::GivenPlace;
use crate::kernel::geometry::{Crs, Wgs84};
use crate::message;
use crate::platform::clock::Clock;
use crate::platform::http::{ContentHash, Fields, id_of_key};
use crate::platform::problem::Problem;

/// The map ends where Web Mercator does, near enough: degrees of latitude.
const MAP_LIMIT_LAT: f64 = 85.0;
/// Most characters in words and notes.
pub(super) const MAX_WORDS: usize = 4_000;
/// Largest radius of error anybody may state, in metres.
const MAX_ACCURACY_M: f64 = 100_000.0;
/// The radius of error of a phone outdoors that did not state one, in metres.
const USUAL_ACCURACY_M: f64 = 10.0;
/// A place known worse than this is near every boundary; saying so helps nobody. Metres.
const WORST_ACCURACY_M: f64 = 100.0;

/// A report as sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReport {
    /// Made by the caller, once per report: sending it again with the same content has no second effect. `UUIDv7`
    /// is best. May be left out when an `Idempotency-Key` is given.
    pub id: Option<Uuid>,
    /// What it is about.
    pub kind: ReportKind,
    /// What kind of danger; for hazards only.
    pub hazard_kind: Option<HazardKind>,
    /// 1 low (低), 2 medium (中), 3 high (高), 4 major (重大).
    #[schema(minimum = 1, maximum = 4)]
    pub severity: i16,
    /// What was seen or said, at most 4,000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    pub words: String,
    /// Where.
    pub place: Place,
    /// When it happened; not in the future.
    pub happened_at: DateTime<Utc>,
    /// True when it was closed there and then.
    #[serde(default)]
    pub resolved_on_spot: bool,
    /// The enterprise it is about.
    pub enterprise_id: Option<Uuid>,
}

/// A place as sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReportPlace)]
pub(super) struct Place {
    /// Longitude in degrees.
    #[schema(example = 116.305)]
    pub x: f64,
    /// Latitude in degrees.
    #[schema(example = 35.075)]
    pub y: f64,
    /// The coordinate system: `wgs84`, `cgcs2000`, `gcj02` or `bd09`.
    #[schema(example = "wgs84")]
    pub crs: String,
    /// The radius of error in metres, as the phone states it.
    pub accuracy_m: Option<f64>,
}

/// A report that can be filed.
#[derive(Debug, Clone)]
pub(super) struct Filing {
    pub(super) id: Uuid,
    pub(super) kind: ReportKind,
    pub(super) hazard_kind: Option<HazardKind>,
    pub(super) severity: i16,
    pub(super) words: String,
    pub(super) place: Wgs84,
    pub(super) given: Given,
    pub(super) happened_at: DateTime<Utc>,
    pub(super) resolved_on_spot: bool,
    pub(super) enterprise_id: Option<Uuid>,
}

/// The place in the words of whoever gave it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub(super) crs: Crs,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) accuracy_m: Option<f64>,
}

impl Filing {
    /// Checks a report sent by `account`, with `key` in `Idempotency-Key` if it had one.
    ///
    /// # Errors
    /// 422 naming every field at fault.
    pub(super) fn parse(
        sent: &NewReport,
        account: Uuid,
        key: Option<&str>,
        clock: &Clock,
    ) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        let id = sent.id.or_else(|| key.map(|key| id_of_key(account, key))).filter(|id| !id.is_nil());
        if id.is_none() {
            fields.refuse("id", message!("须由客户端给出一个 UUID", "the client makes one: a UUID"));
        }
        if sent.kind != ReportKind::Hazard && sent.hazard_kind.is_some() {
            let why = message!("只有隐患才有隐患类别", "only a hazard has a hazard kind");
            fields.refuse("hazard_kind", why);
        }
        fields.within("severity", sent.severity, &(1..=4));
        let words = fields.text("words", &sent.words, 1..=MAX_WORDS);
        fields.past("happened_at", sent.happened_at, clock);
        let place = sent.place.check(&mut fields);
        let (Some(id), Some((place, crs))) = (id, place) else { return Err(fields.problem()) };
        fields.finish()?;
        Ok(Self {
            id,
            kind: sent.kind,
            hazard_kind: sent.hazard_kind,
            severity: sent.severity,
            words,
            place,
            given: Given { crs, x: sent.place.x, y: sent.place.y, accuracy_m: sent.place.accuracy_m },
            happened_at: sent.happened_at,
            resolved_on_spot: sent.resolved_on_spot,
            enterprise_id: sent.enterprise_id,
        })
    }

    /// What tells this report, filed by `account` with photos of these digests, from any other content under the
    /// same id.
    ///
    /// # Errors
    /// As [`ContentHash::of`].
    pub(super) fn content_hash(&self, account: Uuid, photos: &[[u8; 32]]) -> Result<ContentHash, Problem> {
        #[derive(Serialize)]
        struct Content<'a> {
            account: Uuid,
            kind: ReportKind,
            hazard_kind: Option<HazardKind>,
            severity: i16,
            words: &'a str,
            place: (&'a str, f64, f64, Option<f64>),
            happened_at: DateTime<Utc>,
            resolved_on_spot: bool,
            enterprise_id: Option<Uuid>,
            photos: &'a [[u8; 32]],
        }
        let Given { crs, x, y, accuracy_m } = self.given;
        ContentHash::of(&Content {
            account,
            kind: self.kind,
            hazard_kind: self.hazard_kind,
            severity: self.severity,
            words: &self.words,
            place: (crs.as_str(), x, y, accuracy_m),
            happened_at: self.happened_at,
            resolved_on_spot: self.resolved_on_spot,
            enterprise_id: self.enterprise_id,
            photos,
        })
    }

    /// How far the place may be from where it says, in metres, for the question whether a boundary is near.
    pub(super) fn tolerance_m(&self) -> f64 {
        self.given.accuracy_m.unwrap_or(USUAL_ACCURACY_M).clamp(USUAL_ACCURACY_M, WORST_ACCURACY_M)
    }
}

impl Place {
    /// The place in WGS84 and the system it was given in; faults are noted.
    fn check(&self, fields: &mut Fields) -> Option<(Wgs84, Crs)> {
        if let Some(accuracy_m) = self.accuracy_m {
            fields.within("place.accuracy_m", accuracy_m, &(0.0..=MAX_ACCURACY_M));
        }
        let given = GivenPlace { x: self.x, y: self.y, crs: self.crs.clone() };
        let place = given.to_wgs84("place", fields)?;
        if place.lat().abs() > MAP_LIMIT_LAT {
            let why = message!("纬度超出地图范围（±85 度）", "beyond the map, which ends at 85 degrees");
            fields.refuse("place.y", why);
            return None;
        }
        Some((place, self.crs.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn sound() -> NewReport {
        NewReport {
            id: Some(Uuid::from_u128(1)),
            kind: ReportKind::Hazard,
            hazard_kind: Some(HazardKind::Fire),
            severity: 3,
            words: " 消防通道堵塞 ".into(),
            place: Place { x: 116.305, y: 35.075, crs: "wgs84".into(), accuracy_m: Some(8.0) },
            happened_at: "2022-09-26T12:00:00Z".parse().unwrap(),
            resolved_on_spot: false,
            enterprise_id: None,
        }
    }

    fn parse(sent: &NewReport) -> Result<Filing, Vec<String>> {
        Filing::parse(sent, Uuid::nil(), None, &Clock::system())
            .map_err(|problem| problem.fields.iter().map(|fault| fault.field.to_string()).collect())
    }

    #[test]
    fn a_sound_report_passes_with_its_words_trimmed() {
        assert_eq!(parse(&sound()).unwrap().words, "消防通道堵塞");
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let sent = NewReport {
            id: None,
            kind: ReportKind::Help,
            severity: 5,
            words: " \n".into(),
            happened_at: Clock::system().now() + TimeDelta::hours(1),
            place: Place { x: 35.07, y: 116.3, crs: "wgs84".into(), accuracy_m: Some(-1.0) },
            ..sound()
        };
        assert_eq!(
            parse(&sent).unwrap_err(),
            ["id", "hazard_kind", "severity", "words", "happened_at", "place.accuracy_m", "place"]
        );
    }

    #[test]
    fn places_that_are_none_are_refused() {
        let fault = |x, y, crs: &str| {
            let place = Place { x, y, crs: crs.into(), accuracy_m: None };
            parse(&NewReport { place, ..sound() }).unwrap_err().concat()
        };
        assert_eq!(fault(f64::NAN, 35.0, "wgs84"), "place");
        assert_eq!(fault(200.0, 35.0, "gcj02"), "place.x");
        assert_eq!(fault(35.0, 116.0, "bd09"), "place");
        assert_eq!(fault(116.0, 86.0, "wgs84"), "place.y");
        assert_eq!(fault(116.0, 35.0, "epsg:3857"), "place.crs");
    }

    #[test]
    fn the_content_hash_tells_contents_apart() {
        let (one, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let hash =
            |sent, account, photos: &[[u8; 32]]| parse(&sent).unwrap().content_hash(account, photos).unwrap();
        let base = hash(sound(), one, &[]);
        assert_eq!(base, hash(NewReport { words: "消防通道堵塞".into(), ..sound() }, one, &[]));
        assert_ne!(base, hash(sound(), other, &[]));
        assert_ne!(base, hash(sound(), one, &[[0; 32]]));
        assert_ne!(base, hash(NewReport { severity: 2, ..sound() }, one, &[]));
        assert_ne!(base, hash(NewReport { resolved_on_spot: true, ..sound() }, one, &[]));
    }

    #[test]
    fn a_key_stands_in_for_an_id() {
        let sent = NewReport { id: None, ..sound() };
        let filed = |account, key| Filing::parse(&sent, account, Some(key), &Clock::system()).unwrap().id;
        let (one, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        assert_eq!(filed(one, "a"), filed(one, "a"));
        assert_ne!(filed(one, "a"), filed(one, "b"));
        assert_ne!(filed(one, "a"), filed(other, "a"));
    }
}
