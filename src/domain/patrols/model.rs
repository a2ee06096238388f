//! A patrol as its walker reads it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::time_of_day::TimeOfDay;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;
use crate::platform::code::GridCode;
use crate::platform::locale::Message;

/// A walk for one day in one grid.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Patrol {
    /// The day.
    pub date: NaiveDate,
    /// The grid.
    #[schema(value_type = String, example = "370828003218001")]
    pub grid_code: GridCode,
    /// Whose grid it is; absent while nobody's.
    pub worker: Option<Worker>,
    /// Where the walk begins and ends.
    pub start: Start,
    /// The walk.
    #[serde(flatten)]
    pub course: Course,
    /// When the shift begins, time in China.
    #[schema(value_type = String, example = "08:30")]
    pub starts_at: TimeOfDay,
}

/// A walk over calls, and the calls that did not fit.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatrolCourse)]
pub struct Course {
    /// The calls to make, in order.
    pub stops: Vec<Stop>,
    /// Calls that are due but not part of the walk.
    pub left_out: Vec<LeftOut>,
    /// The way from the start over all stops and back: a GeoJSON line, WGS84 longitude and latitude.
    #[schema(value_type = Object)]
    pub line: serde_json::Value,
    /// False where no roads are on record, and the way is straight from stop to stop.
    pub on_roads: bool,
    /// How far the walk is, in metres.
    pub walk_m: f64,
    /// How long the walking takes, in seconds.
    pub walk_s: f64,
    /// How long the calls take, in seconds.
    pub service_s: f64,
    /// When the walk is over, time in China.
    #[schema(value_type = String, example = "12:10")]
    pub ends_at: TimeOfDay,
}

/// Who walks.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatrolWorker)]
pub struct Worker {
    /// The account.
    pub id: Uuid,
    /// The name.
    pub display_name: String,
}

/// Where a walk begins and ends.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatrolStart)]
pub struct Start {
    /// Longitude and latitude, WGS84.
    #[serde(serialize_with = "position")]
    #[schema(value_type = [f64; 2], example = json!([116.309, 35.071]))]
    pub at: Wgs84,
    /// What is there.
    #[schema(example = "崔口村党群服务中心")]
    pub label: String,
}

/// One call of a walk.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatrolStop)]
pub struct Stop {
    /// Its number in the walk, from 1.
    pub no: usize,
    /// What kind of thing to call at.
    pub target_kind: TargetKind,
    /// Which one.
    pub target_id: Uuid,
    /// What it is called.
    pub label: String,
    /// Where to find it, or its code.
    pub sublabel: String,
    /// Longitude and latitude, WGS84.
    #[serde(serialize_with = "position")]
    #[schema(value_type = [f64; 2], example = json!([116.309, 35.071]))]
    pub at: Wgs84,
    /// What for, in both languages.
    pub purposes: Vec<Message>,
    /// How pressing it is: 1 low to 4 grave.
    pub priority: u8,
    /// The day on which it came due; absent where there was no call before.
    pub due_since: Option<NaiveDate>,
    /// Days since then.
    pub overdue_days: i64,
    /// When one gets there, time in China; where it opens later, when it opens.
    #[schema(value_type = String, example = "08:42")]
    pub arrive: TimeOfDay,
    /// When one goes on.
    #[schema(value_type = String, example = "09:02")]
    pub leave: TimeOfDay,
    /// How far it is from the stop before, in metres.
    pub walk_m: f64,
    /// The vertex of the walk's line at which one is there, from 0: the leg to it ends here, the next begins.
    pub vertex: usize,
    /// How to get there from the stop before.
    pub directions: Vec<Direction>,
}

/// One thing to do on the way to a stop.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatrolDirection)]
pub struct Direction {
    /// What to do, in both languages.
    pub words: Message,
    /// How far it is until the next, in metres.
    pub length_m: f64,
    /// Where: longitude and latitude, WGS84.
    #[schema(value_type = Option<[f64; 2]>, example = json!([116.309, 35.071]))]
    pub at: Option<[f64; 2]>,
}

/// A call that is due but not part of the walk.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatrolLeftOut)]
pub struct LeftOut {
    /// What kind of thing to call at.
    pub target_kind: TargetKind,
    /// Which one.
    pub target_id: Uuid,
    /// What it is called.
    pub label: String,
    /// Longitude and latitude, WGS84.
    #[serde(serialize_with = "position")]
    #[schema(value_type = [f64; 2], example = json!([116.309, 35.071]))]
    pub at: Wgs84,
    /// How pressing it is: 1 low to 4 grave.
    pub priority: u8,
    /// It was to be part of the walk whatever else is: somebody should know that it is not.
    pub required: bool,
    /// Why, in both languages.
    pub reason: Message,
}

/// Something that keeps a walk from being walked as it is ordered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WalkFault {
    /// The target of the call that it is about; absent where it is about the end of the shift.
    pub target_id: Option<Uuid>,
    /// What it is, in both languages.
    pub words: Message,
}

/// Longitude and latitude to a hundred-millionth of a degree, a millimetre.
pub(super) fn position_of(at: Wgs84) -> [f64; 2] {
    [at.lon(), at.lat()].map(|degrees| (degrees * 1e8).round() / 1e8)
}

fn position<S: serde::Serializer>(at: &Wgs84, serializer: S) -> Result<S::Ok, S::Error> {
    position_of(*at).serialize(serializer)
}
