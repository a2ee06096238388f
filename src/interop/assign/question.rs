//! What is asked over HTTP: which columns of which kind of body, on which date, and in which form the answer is wanted.
//!
//! Never here: the points themselves.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::Format;
use super::features::Framing;
use super::point_file::PointColumns;
use crate::kernel::geometry::{Crs, ParseCrsError};
use crate::message;
use crate::platform::locale::Message;
use crate::platform::problem::Problem;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AssignPoints {
    /// The column, or the property, that names the points in the answer; their row numbers, from 1, unless given.
    id: Option<String>,
    /// The column of longitudes, if not called lon, lng, longitude, long, 经度 or x. With `lat`.
    lon: Option<String>,
    /// The column of latitudes, if not called lat, latitude, 纬度 or y. With `lon`.
    lat: Option<String>,
    /// `wgs84`, `cgcs2000`, `gcj02` or `bd09`; `wgs84` unless given.
    crs: Option<String>,
    /// By the boundaries in force on this date in China; today unless given.
    pub(super) on: Option<NaiveDate>,
    /// `csv`, `geojson` or `geojsonseq`; without it, `Accept` decides.
    #[param(example = "csv")]
    format: Option<String>,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Csv,
    Features(Framing),
}

impl AssignPoints {
    pub(super) fn columns(&self) -> Result<PointColumns, Problem> {
        let crs = self.crs.as_deref().map_or(Ok(Crs::Wgs84), str::parse);
        let crs = crs.map_err(|error: ParseCrsError| {
            Problem::invalid("crs", Message::new(error.to_chinese(), error.to_string()))
        })?;
        let lon_lat = match (&self.lon, &self.lat) {
            (Some(lon), Some(lat)) => Some((lon.clone(), lat.clone())),
            (None, None) => None,
            (Some(_), None) => {
                return Err(Problem::invalid("lat", message!("须与 lon 同时给出", "goes with lon")));
            }
            (None, Some(_)) => {
                return Err(Problem::invalid("lon", message!("须与 lat 同时给出", "goes with lat")));
            }
        };
        Ok(PointColumns { id: self.id.clone(), lon_lat, crs })
    }

    pub(super) fn wanted(&self, headers: &HeaderMap) -> Result<Wanted, Problem> {
        match self.format.as_deref() {
            Some("csv") => Ok(Wanted::Csv),
            Some("geojson") => Ok(Wanted::Features(Framing::Collection)),
            Some("geojsonseq") => Ok(Wanted::Features(Framing::Sequence)),
            Some(_) => {
                let why = message!("应为 csv、geojson 或 geojsonseq", "csv, geojson or geojsonseq");
                Err(Problem::invalid("format", why))
            }
            None => Ok(match media_type(headers, header::ACCEPT).as_str() {
                "application/geo+json" => Wanted::Features(Framing::Collection),
                "application/geo+json-seq" => Wanted::Features(Framing::Sequence),
                _ => Wanted::Csv,
            }),
        }
    }
}

/// What kind of body a request has.
pub(super) fn format(request: &Request) -> Result<Format, Problem> {
    match media_type(request.headers(), header::CONTENT_TYPE).as_str() {
        "text/csv" => Ok(Format::Csv),
        "application/geo+json" | "application/geo+json-seq" | "application/json" | "application/x-ndjson" => {
            Ok(Format::GeoJson)
        }
        _ => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            message!(
                "内容类型应为 text/csv 或 application/geo+json",
                "The content type should be text/csv or application/geo+json"
            ),
        )),
    }
}

/// The first media type of a header, without parameters.
fn media_type(headers: &HeaderMap, name: HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split([',', ';']).next().unwrap_or_default().trim().to_ascii_lowercase()
}
