//! A place as a caller gives it: two numbers and the system they are in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::geometry::{CoordinateError, Crs, Wgs84, to_wgs84};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::code::PlaceCode;
use crate::platform::http::Fields;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

/// Where something is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenPlace {
    /// Longitude in degrees.
    #[schema(example = 116.309)]
    pub x: f64,
    /// Latitude in degrees.
    #[schema(example = 35.071)]
    pub y: f64,
    /// The system of the two numbers: `wgs84` (GPS), `cgcs2000`, `gcj02` (Amap, Tencent) or `bd09` (Baidu).
    #[schema(example = "wgs84")]
    pub crs: String,
}

impl GivenPlace {
    /// The place in WGS84; faults are noted under `field`.
    pub fn to_wgs84(&self, field: &str, fields: &mut Fields) -> Option<Wgs84> {
        let crs =
            self.crs.parse::<Crs>().map_err(|error| Message::new(error.to_chinese(), error.to_string()));
        let crs = fields.take(format!("{field}.crs"), crs)?;
        match to_wgs84(crs, self.x, self.y) {
            Ok(point) => Some(point),
            Err(error) => {
                let axis = match error {
                    CoordinateError::LongitudeOutOfRange { .. } => ".x",
                    CoordinateError::LatitudeOutOfRange { .. } => ".y",
                    _ => "",
                };
                fields.refuse(format!("{field}{axis}"), Message::new(error.to_chinese(), error.to_string()));
                None
            }
        }
    }
}

/// Says where the boundary of the caller's work lies, before row-level security says no more than no.
///
/// # Errors
/// 403 when `place` lies outside the session's scope.
pub(crate) fn refuse_outside(session: &Session, place: &PlaceCode) -> Result<(), Problem> {
    if session.place.covers(place.as_str()) {
        return Ok(());
    }
    let scope = &session.place;
    Err(Problem::forbidden().detail(message!(
        "该位置属于 {place}，不在您的辖区 {scope} 之内",
        "the place belongs to {place}, outside your area {scope}"
    )))
}
