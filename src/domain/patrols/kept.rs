//! A patrol that is kept: planned, published, walked; with what became of each of its stops.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Course, Start, Stop, Worker, position_of};
use crate::domain::roads::Mode;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;
use crate::platform::code::PlaceCode;
use crate::terms;

terms! {
    /// How far a patrol has come.
    PatrolStatus {
        /// Planned; its walker may still see another plan.
        Draft = "draft", "草案";
        /// Its walker can rely on it.
        Published = "published", "已发布";
        /// Being walked.
        UnderWay = "under_way", "进行中";
        /// Over.
        Finished = "finished", "已结束";
    }
}

terms! {
    /// What became of a stop.
    StopState {
        /// Nothing yet.
        Planned = "planned", "待走访";
        /// The walker was there.
        CheckedIn = "checked_in", "已签到";
        /// Left out on the way, with a reason.
        Skipped = "skipped", "已跳过";
    }
}

/// A patrol.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptPatrol {
    /// Which.
    pub id: Uuid,
    /// The grid, or where an inspector's round goes.
    #[schema(value_type = String, example = "370828003218001")]
    pub place_code: PlaceCode,
    /// Who walks it.
    pub worker: Worker,
    /// The day.
    pub date: NaiveDate,
    /// How the walker moves.
    pub mode: Mode,
    /// How far it has come.
    pub status: PatrolStatus,
    /// When the shift begins.
    pub shift_from: DateTime<Utc>,
    /// When it ends.
    pub shift_to: DateTime<Utc>,
    /// Where the walk begins and ends.
    pub start: Start,
    /// The walk as it is planned now: line, lengths, what is left out and why; its stops are those of `stops`
    /// that were still planned when it was made.
    #[schema(value_type = Course)]
    pub course: serde_json::Value,
    /// The stops in order, with what became of them.
    pub stops: Vec<KeptStop>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was begun, by the phone's clock put right.
    pub started_at: Option<DateTime<Utc>>,
    /// When we were told.
    pub started_received_at: Option<DateTime<Utc>>,
    /// When it was over, by the phone's clock put right.
    pub finished_at: Option<DateTime<Utc>>,
    /// When we were told.
    pub finished_received_at: Option<DateTime<Utc>>,
    /// Its version, as in the `ETag`.
    pub version: i32,
}

/// A stop of a patrol.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptStop {
    /// Which.
    pub id: Uuid,
    /// Its number in the walk, from 1.
    pub no: i32,
    /// What kind of thing to call at.
    pub target_kind: TargetKind,
    /// Which one.
    pub target_id: Uuid,
    /// When one is to be there.
    pub arrive: DateTime<Utc>,
    /// When one is to go on.
    pub leave: DateTime<Utc>,
    /// What is planned: label, place, purposes, directions.
    #[schema(value_type = Stop)]
    pub plan: serde_json::Value,
    /// What became of it.
    pub state: StopState,
    /// The check-in or the skipping, by the id the phone made.
    pub deed_id: Option<Uuid>,
    /// When that was, by the phone's clock put right.
    pub happened_at: Option<DateTime<Utc>>,
    /// What the phone's clock said.
    pub phone_at: Option<DateTime<Utc>>,
    /// When we were told.
    pub received_at: Option<DateTime<Utc>>,
    /// How far from the door the phone was, in metres; absent where it did not know.
    pub distance_m: Option<f32>,
    /// How well the phone knew, in metres.
    pub accuracy_m: Option<f32>,
    /// Checked in from further away than the phone's accuracy explains, or from nobody knows where.
    pub distant: bool,
    /// Why it was skipped, or checked in from afar.
    pub reason: Option<String>,
}

/// A patrol in a list: no stop of it, and so nobody's name but the walker's.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PatrolSummary {
    /// Which.
    pub id: Uuid,
    /// The grid, or where an inspector's round goes.
    #[schema(value_type = String, example = "370828003218001")]
    pub place_code: PlaceCode,
    /// Who walks it: the account.
    pub worker_id: Uuid,
    /// The name.
    pub worker_name: String,
    /// The day.
    pub date: NaiveDate,
    /// How the walker moves.
    pub mode: Mode,
    /// How far it has come.
    pub status: PatrolStatus,
    /// How many stops it has.
    pub stops: i64,
    /// At how many the walker has been.
    pub checked_in: i64,
    /// How many were skipped.
    pub skipped: i64,
    /// When the shift begins.
    pub shift_from: DateTime<Utc>,
    /// When it ends.
    pub shift_to: DateTime<Utc>,
    /// When it was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
    /// Where the walker was last, for those who may see the track: a GeoJSON point.
    #[schema(value_type = Option<Object>)]
    pub last_seen: Option<serde_json::Value>,
    /// When that was.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
}

/// When something happened, as a phone tells it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(super) struct PhoneTime {
    /// When, by the phone's clock.
    pub(super) at: DateTime<Utc>,
    /// What the phone's clock says now, as it sends this: how we know that it is wrong.
    pub(super) sent_at: Option<DateTime<Utc>>,
    /// What the phone's clock said then, where `at` is the phone's own correction of it.
    pub(super) phone_at: Option<DateTime<Utc>>,
}

/// A phone's time beside ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Happened {
    /// When it was: the phone's time put right by how wrong its clock is, never in the future.
    pub(super) at: DateTime<Utc>,
    /// What the phone's clock said.
    pub(super) phone_at: DateTime<Utc>,
    /// When we were told.
    pub(super) received_at: DateTime<Utc>,
}

/// A clock that is off by less is right: the way of a request takes time, too.
const RIGHT_WITHIN: TimeDelta = TimeDelta::seconds(30);

/// No clock is further ahead; what says more is no time that can be kept. Nor is any from before 1970.
const FASTEST_CLOCK: TimeDelta = TimeDelta::days(366 * 100);

impl PhoneTime {
    pub(super) fn received(self, now: DateTime<Utc>) -> Happened {
        let kept = |at| microseconds(at).max(DateTime::UNIX_EPOCH).min(now + FASTEST_CLOCK);
        let told = kept(self.at);
        let wrong_by = self.sent_at.map_or(TimeDelta::zero(), |sent_at| now - sent_at);
        let put_right = if wrong_by.abs() <= RIGHT_WITHIN {
            told
        } else {
            told.checked_add_signed(wrong_by).unwrap_or(now)
        };
        let at = microseconds(put_right.min(now)).max(DateTime::UNIX_EPOCH);
        Happened { at, phone_at: self.phone_at.map_or(told, kept), received_at: now }
    }
}

/// What PostgreSQL keeps.
fn microseconds(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// A phone further from a door than it can be wrong by, and this, is not at the door: doors are drawn to a few
/// metres, and people stand before them.
const AT_THE_DOOR_M: f64 = 30.0;
/// A phone that is less sure than this knows nothing.
const WORST_ACCURACY_M: f64 = 100.0;

/// Whether a phone so far from a door, which knows its place so well, may be at it.
pub(super) fn is_at_door(distance_m: f64, accuracy_m: Option<f64>) -> bool {
    distance_m <= AT_THE_DOOR_M + accuracy_m.unwrap_or(0.0).clamp(0.0, WORST_ACCURACY_M)
}

/// A stop that is to be kept.
#[derive(Debug)]
pub(super) struct NewStop {
    pub(super) id: Uuid,
    pub(super) no: i32,
    pub(super) target_kind: TargetKind,
    pub(super) target_id: Uuid,
    pub(super) at: Wgs84,
    pub(super) arrive: DateTime<Utc>,
    pub(super) leave: DateTime<Utc>,
    pub(super) plan: serde_json::Value,
}

impl KeptPatrol {
    /// As GeoJSON (RFC 7946): the line, then a point for each stop.
    pub(super) fn to_geojson(&self) -> serde_json::Value {
        let line = serde_json::json!({
            "type": "Feature",
            "geometry": self.course["line"],
            "properties": {"patrol_id": self.id, "date": self.date, "walk_m": self.course["walk_m"]},
        });
        let stops = self.stops.iter().map(|stop| {
            serde_json::json!({
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": stop.plan["at"]},
                "properties": {
                    "no": stop.no, "label": stop.plan["label"], "sublabel": stop.plan["sublabel"],
                    "target_kind": stop.target_kind, "arrive": stop.arrive, "leave": stop.leave,
                    "state": stop.state,
                },
            })
        });
        let features: Vec<serde_json::Value> = std::iter::once(line).chain(stops).collect();
        serde_json::json!({"type": "FeatureCollection", "features": features})
    }

    /// As GPX 1.1 (<https://www.topografix.com/GPX/1/1/>): way points for the stops, a route for the line.
    pub(super) fn to_gpx(&self) -> String {
        use std::fmt::Write;
        let mut gpx = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" creator=\"Gridkeeper\" \
             xmlns=\"http://www.topografix.com/GPX/1/1\">\n",
        );
        let coordinates = |position: &serde_json::Value| (position[0].as_f64(), position[1].as_f64());
        for stop in &self.stops {
            if let (Some(lon), Some(lat)) = coordinates(&stop.plan["at"]) {
                let (label, sublabel) = (&stop.plan["label"], &stop.plan["sublabel"]);
                let name = xml(label.as_str().unwrap_or_default());
                let note = xml(sublabel.as_str().unwrap_or_default());
                let (no, time) = (stop.no, stop.arrive.to_rfc3339());
                // Writing to a string does not fail.
                let _ = writeln!(
                    gpx,
                    "  <wpt lat=\"{lat}\" lon=\"{lon}\"><time>{time}</time><name>{no}. {name}</name>\
                     <desc>{note}</desc></wpt>"
                );
            }
        }
        let [lon, lat] = position_of(self.start.at);
        let start = xml(&self.start.label);
        let _ = writeln!(gpx, "  <wpt lat=\"{lat}\" lon=\"{lon}\"><name>{start}</name></wpt>");
        let _ = writeln!(gpx, "  <rte>");
        for position in self.course["line"]["coordinates"].as_array().into_iter().flatten() {
            if let (Some(lon), Some(lat)) = coordinates(position) {
                let _ = writeln!(gpx, "    <rtept lat=\"{lat}\" lon=\"{lon}\"/>");
            }
        }
        gpx.push_str("  </rte>\n</gpx>\n");
        gpx
    }
}

/// Text as XML takes it; what XML cannot hold is left out.
fn xml(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_is_wrong_is_put_right_and_its_own_time_kept() {
        let now = at("2022-09-26T02:00:00Z");
        // The phone is a day behind; the call was an hour before it was sent.
        let told = PhoneTime {
            at: at("2022-09-25T01:00:00Z"),
            sent_at: Some(at("2022-09-25T02:00:00Z")),
            phone_at: None,
        };
        let happened = told.received(now);
        assert_eq!(happened.at, at("2022-09-26T01:00:00Z"));
        assert_eq!((happened.phone_at, happened.received_at), (told.at, now));
    }

    #[test]
    fn nothing_happens_in_the_future() {
        let now = at("2022-09-26T02:00:00Z");
        let told = PhoneTime { at: at("2023-01-01T00:00:00Z"), sent_at: None, phone_at: None };
        assert_eq!(told.received(now).at, now);
        let far = PhoneTime {
            at: DateTime::<Utc>::MAX_UTC,
            sent_at: Some(at("2022-01-01T00:00:00Z")),
            phone_at: None,
        };
        assert_eq!(far.received(now).at, now);
        let ancient = PhoneTime {
            at: DateTime::<Utc>::MIN_UTC,
            sent_at: Some(DateTime::<Utc>::MAX_UTC),
            phone_at: None,
        };
        assert_eq!(ancient.received(now).at, DateTime::UNIX_EPOCH);
    }

    #[test]
    fn a_few_seconds_on_the_way_change_nothing() {
        let now = at("2022-09-26T02:00:05Z");
        let told = PhoneTime {
            at: at("2022-09-26T01:00:00Z"),
            sent_at: Some(at("2022-09-26T02:00:00Z")),
            phone_at: None,
        };
        assert_eq!(told.received(now).at, told.at);
    }

    #[test]
    fn an_unsure_phone_may_be_at_the_door_and_a_blind_one_is_not_believed() {
        assert!(is_at_door(25.0, None));
        assert!(!is_at_door(70.0, Some(15.0)));
        assert!(is_at_door(70.0, Some(50.0)));
        assert!(!is_at_door(500.0, Some(5_000.0)));
    }

    #[test]
    fn names_cannot_break_out_of_the_document() {
        assert_eq!(xml("a<b>&\"c\u{0}"), "a&lt;b&gt;&amp;&quot;c");
    }
}
