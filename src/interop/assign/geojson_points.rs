//! Points from GeoJSON (RFC 7946) as it arrives: a `FeatureCollection`, or features one after another (RFC 8142).

use std::ops::Range;

use geo::Coord;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::arrived::Arrived;
use super::geojson_cut::{Cutter, empty};
use super::grid_file::text_of;
use super::point_file::{Block, Ids, PointColumns};
use super::positions::Nest;
use super::refusal::Refusal;
use crate::kernel::geometry::Crs;
use crate::message;
use crate::platform::locale::Message;

/// A feature longer than this many blocks is no point.
const LONGEST_FEATURE: usize = 16;

/// Whole features of a text.
#[derive(Debug)]
pub(super) struct GeoJsonText {
    text: Vec<u8>,
    features: Vec<Range<usize>>,
    /// The property that names the points.
    id: Option<String>,
    crs: Crs,
}

/// GeoJSON as it arrives, cut into features.
#[derive(Debug)]
pub(super) struct GeoJsonPoints {
    name: String,
    id: Option<String>,
    crs: Crs,
    /// How much text is understood at a time.
    block: usize,
    arrived: Arrived,
    /// How much has to be there before it is looked at.
    wanted: usize,
    cutter: Cutter,
}

impl GeoJsonPoints {
    pub(super) fn new(name: &str, columns: &PointColumns, block: usize) -> Self {
        Self {
            name: name.to_owned(),
            id: columns.id.clone(),
            crs: columns.crs,
            block,
            arrived: Arrived::default(),
            wanted: block,
            cutter: Cutter::default(),
        }
    }

    pub(super) fn arrived(&mut self) -> &mut Arrived {
        &mut self.arrived
    }

    /// How many bytes more there should be before it is worth asking for features.
    pub(super) fn missing(&self) -> usize {
        self.arrived.missing(self.wanted)
    }

    /// The next whole features; none when more text is wanted first, or after the last.
    pub(super) fn next_text(&mut self) -> Result<Option<GeoJsonText>, Refusal> {
        if self.missing() > 0 {
            return Ok(None);
        }
        let refuse = |why| Refusal::whole(&self.name, why);
        // A byte order mark, which only ever comes first.
        if !self.cutter.has_begun() && self.arrived.text.starts_with("\u{feff}".as_bytes()) {
            self.arrived.text.drain(.."\u{feff}".len());
        }
        let Arrived { text, ended } = &self.arrived;
        let mut features = Vec::new();
        while let Some(feature) = self.cutter.next(text, *ended).map_err(|fault| refuse(fault.reason))? {
            features.push(feature);
        }
        if *ended && !self.cutter.has_begun() {
            return Err(refuse(empty().reason));
        }
        let done = self.cutter.done();
        self.cutter.forget(&text[..done]);
        if features.is_empty() && text.len() - done >= self.wanted {
            self.wanted *= 2;
            if self.wanted > LONGEST_FEATURE * self.block {
                return Err(refuse(message!("某个要素过长", "a feature is too long")));
            }
        }
        let text = self.arrived.take(done, self.block);
        if features.is_empty() {
            return Ok(None);
        }
        self.wanted = self.block;
        Ok(Some(GeoJsonText { text, features, id: self.id.clone(), crs: self.crs }))
    }
}

impl GeoJsonText {
    /// A feature as it came, by its place in the text.
    pub(super) fn feature(&self, number: usize) -> &[u8] {
        self.features.get(number).map_or(&[], |feature| &self.text[feature.clone()])
    }

    /// Whether the coordinates are WGS84 as they stand, or CGCS2000, which is the same to within a metre.
    pub(super) fn is_wgs84(&self) -> bool {
        matches!(self.crs, Crs::Wgs84 | Crs::Cgcs2000)
    }

    /// Reads the points.
    pub(super) fn understand(&self) -> Block {
        let count = self.features.len();
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        let mut block =
            Block { places: Vec::with_capacity(count), ids: Ids::Rows, rows: 0, faults: Vec::new() };
        for feature in &self.features {
            let (id, coordinates) = match point(&self.text[feature.clone()], self.id.as_deref()) {
                Ok((id, at)) => (id, Ok((at.x, at.y))),
                Err(why) => (String::new(), Err(why)),
            };
            block.push(self.crs, coordinates);
            text.extend_from_slice(id.as_bytes());
            ends.push(text.len());
        }
        if self.id.is_some() {
            block.ids = Ids::Texts { text, ends };
        }
        block
    }
}

#[derive(Deserialize)]
struct FeatureText {
    #[serde(default)]
    id: Value,
    properties: Option<Map<String, Value>>,
    geometry: Option<PointText>,
}

#[derive(Deserialize)]
struct PointText {
    r#type: String,
    coordinates: Option<Nest>,
}

/// What a feature is called, by a property or else by its own `id`, and where it is.
fn point(text: &[u8], property: Option<&str>) -> Result<(String, Coord<f64>), Message> {
    let read: FeatureText = serde_json::from_slice(text)
        .map_err(|error| message!("不是有效的 GeoJSON：{error}", "not valid GeoJSON: {error}"))?;
    let geometry = read.geometry.ok_or_else(|| message!("没有图形", "it has no geometry"))?;
    let at = match (geometry.r#type.as_str(), geometry.coordinates) {
        ("Point", Some(Nest::Position(at))) => at,
        ("Point", _) => {
            return Err(message!("点的坐标应为两个数字", "the coordinates of a Point are two numbers"));
        }
        (found, _) => {
            return Err(message!("应为点（Point），现为 {found}", "a Point is expected, not a {found}"));
        }
    };
    let named = |key: &str| read.properties.as_ref().and_then(|all| all.get(key)).and_then(text_of);
    let id = property.and_then(named).or_else(|| text_of(&read.id)).unwrap_or_default();
    Ok((id, at))
}
