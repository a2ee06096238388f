//! Cursor paging and the bounding box, the same in every list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::message;
use crate::platform::problem::Problem;

/// Rows in a page unless asked otherwise.
const DEFAULT_LIMIT: u32 = 100;
/// Most rows in a page.
const MAX_LIMIT: u32 = 500;

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give it as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Rows in the page, 1 to 500; 100 unless given.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// The key of the last row of a page, opaque to the caller.
pub trait Cursor: Serialize + DeserializeOwned {
    /// The text the caller carries.
    fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads the text back.
    ///
    /// # Errors
    /// 422 when it is not a cursor of ours.
    fn decode(text: &str) -> Result<Self, Problem> {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| Problem::invalid("cursor", message!("翻页标记无效", "not a cursor of this list")))
    }
}

impl<T: Serialize + DeserializeOwned> Cursor for T {}

impl Paging {
    /// The number of rows asked for.
    ///
    /// # Errors
    /// 422 when it is out of range.
    pub fn limit(&self) -> Result<i64, Problem> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=MAX_LIMIT => Ok(i64::from(limit)),
            _ => Err(Problem::invalid(
                "limit",
                message!("应在 1 到 {MAX_LIMIT} 之间", "between 1 and {MAX_LIMIT}"),
            )),
        }
    }

    /// The row after which to start.
    ///
    /// # Errors
    /// 422 when the cursor is not of this list.
    pub fn after<C: Cursor>(&self) -> Result<Option<C>, Problem> {
        self.cursor.as_deref().map(C::decode).transpose()
    }
}

impl<T> Page<T> {
    /// A page of at most `limit` of `rows`, which were read one further to know whether there is more.
    pub fn cut<C: Cursor>(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> C) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = more.then(|| rows.last().map(|row| key(row).encode())).flatten();
        Self { items: rows, next_cursor }
    }
}

/// A bounding box in WGS84 degrees: west, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl Bbox {
    /// Parses `west,south,east,north`, the order of GeoJSON (RFC 7946, section 5).
    ///
    /// # Errors
    /// 422 when it is not four finite numbers within the world, in order.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let refuse = || {
            Problem::invalid(
                "bbox",
                message!("应为“西,南,东,北”四个经纬度数字", "four numbers in degrees: west,south,east,north"),
            )
        };
        let numbers: Vec<f64> = text
            .split(',')
            .map(|part| part.trim().parse().map_err(|_| refuse()))
            .collect::<Result<_, _>>()?;
        let &[west, south, east, north] = numbers.as_slice() else { return Err(refuse()) };
        let sound = numbers.iter().all(|number| number.is_finite())
            && (-180.0..=180.0).contains(&west)
            && (-180.0..=180.0).contains(&east)
            && (-90.0..=90.0).contains(&south)
            && (-90.0..=90.0).contains(&north)
            && west <= east
            && south <= north;
        if sound { Ok(Self { west, south, east, north }) } else { Err(refuse()) }
    }

    /// Parses the optional query parameter into the four numbers a query binds, all or none.
    ///
    /// # Errors
    /// As [`Bbox::parse`].
    pub fn parse_option(text: Option<&str>) -> Result<Option<[f64; 4]>, Problem> {
        text.map(Self::parse).transpose().map(|bbox| bbox.map(|b| [b.west, b.south, b.east, b.north]))
    }
}
