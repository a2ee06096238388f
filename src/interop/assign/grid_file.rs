//! A file of grids: its features, what each is called, and whether they can be assigned to.
//!
//! Never here: which point is in which grid.

use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;

use super::refusal::{Fault, Refusal};
use super::{flatgeobuf, geojson};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::coverage::{Defect, RawFace, RawRing, defects};
use crate::message;
use crate::platform::locale::Message;

/// Properties that name a grid, in the order in which they are looked for; after them comes the feature's own `id`.
pub const ID_PROPERTIES: [&str; 4] = ["code", "id", "grid", "polygon_id"];

/// One feature of a file.
#[derive(Debug)]
pub(super) struct Feature {
    /// What it has under each of the [`IdKeys`].
    pub(super) ids: Vec<Option<String>>,
    /// Polygons of rings, as in the file.
    pub(super) polygons: Vec<Vec<RawRing>>,
}

/// Where to look for the names of grids.
#[derive(Debug, Clone)]
pub(super) enum IdKeys {
    /// The first of [`ID_PROPERTIES`], or else the feature's own, that every feature has; or else their order.
    Usual,
    /// A property that every feature must have.
    Property(String),
}

impl IdKeys {
    #[cfg(test)]
    pub(super) fn usual() -> Self {
        Self::Usual
    }

    /// What a feature has under each key.
    pub(super) fn pick(
        &self,
        property: impl Fn(&str) -> Option<String>,
        own: impl FnOnce() -> Option<String>,
    ) -> Vec<Option<String>> {
        match self {
            Self::Usual => ID_PROPERTIES.iter().map(|key| property(key)).chain([own()]).collect(),
            Self::Property(key) => vec![property(key)],
        }
    }
}

/// A name from a JSON value: text, or a whole number however it is written.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number_text(number.as_f64().filter(|_| number.is_f64()), number)),
        _ => None,
    }
}

fn number_text(float: Option<f64>, otherwise: &impl ToString) -> String {
    match float {
        // A whole number that a program wrote as 12.0.
        Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => format!("{float:.0}"),
        _ => otherwise.to_string(),
    }
}

/// The grids of a file, in its order.
#[derive(Debug)]
pub struct Grids {
    /// What each is called. Several features of one name are parts of one grid.
    pub labels: Vec<String>,
    /// The shape of each, numbered by its place in the file.
    pub faces: Vec<RawFace>,
    /// What was put right without changing any shape: unclosed rings, repeated vertices.
    pub repairs: Vec<Fault>,
}

impl Grids {
    /// How many positions their rings have.
    #[must_use]
    pub fn vertices(&self) -> usize {
        self.faces.iter().flat_map(|face| &face.polygons).flatten().map(Vec::len).sum()
    }
}

/// Reads the grids of a file; `property` names the one that holds their names.
///
/// # Errors
/// When the file cannot be read, is none of the formats, or has features that are no sound grids.
pub fn read_grids(path: &Path, bytes: &[u8], property: Option<&str>) -> Result<Grids, Refusal> {
    let name = path.display().to_string();
    let keys = property.map_or(IdKeys::Usual, |key| IdKeys::Property(key.to_owned()));
    let read = if flatgeobuf::is_flatgeobuf(bytes) {
        flatgeobuf::read(bytes, &keys)
    } else {
        geojson::read(bytes, &keys)
    };
    let features = read.map_err(|faults| refuse(&name, faults))?;
    if features.is_empty() {
        return Err(Refusal::whole(&name, message!("文件中没有任何面", "the file has no polygons")));
    }
    let labels = labels(&features, &keys).map_err(|faults| refuse(&name, faults))?;
    let faces: Vec<RawFace> = features
        .into_iter()
        .enumerate()
        .map(|(i, feature)| RawFace::new(FaceId(i as u32), feature.polygons))
        .collect();
    let found: Vec<Vec<Defect>> = faces.par_iter().map(|face| defects(face, None)).collect();
    let found = || found.iter().enumerate().flat_map(|(i, list)| list.iter().map(move |defect| (i, defect)));
    let fault = |(i, defect): (usize, &Defect)| Fault::feature(i, reason(defect));
    let (blocking, repairs): (Vec<_>, Vec<_>) = found().partition(|(_, defect)| defect.kind.blocks());
    if !blocking.is_empty() {
        return Err(refuse(&name, blocking.into_iter().map(fault).collect()));
    }
    let repairs = repairs.into_iter().map(fault).collect();
    Ok(Grids { labels, faces, repairs })
}

fn refuse(file: &str, faults: Vec<Fault>) -> Refusal {
    let count = faults.len();
    Refusal::listing(
        file,
        faults,
        message!("共 {count} 处错误，未写入任何内容", "{count} faults; nothing was written"),
    )
}

fn labels(features: &[Feature], keys: &IdKeys) -> Result<Vec<String>, Vec<Fault>> {
    if let IdKeys::Property(key) = keys {
        let named = |(i, feature): (usize, &Feature)| {
            let reason = || message!("没有属性 {key}", "it has no property {key}");
            feature.ids[0].clone().ok_or_else(|| Fault::feature(i, reason()))
        };
        let (named, faults): (Vec<_>, Vec<_>) =
            features.iter().enumerate().map(named).partition(Result::is_ok);
        let faults: Vec<Fault> = faults.into_iter().filter_map(Result::err).collect();
        return if faults.is_empty() { Ok(named.into_iter().flatten().collect()) } else { Err(faults) };
    }
    let all = |key: usize| features.iter().map(|feature| feature.ids[key].clone()).collect();
    let found: Option<Vec<String>> = (0..=ID_PROPERTIES.len()).find_map(all);
    Ok(found.unwrap_or_else(|| (0..features.len()).map(|i| i.to_string()).collect()))
}

fn reason(defect: &Defect) -> Message {
    let (zh, en) = (defect.kind.to_chinese(), defect.kind.to_string());
    let (polygon, ring) = (defect.polygon + 1, defect.ring + 1);
    match defect.at {
        Some(at) => {
            let (x, y) = (at.x, at.y);
            message!(
                "第 {polygon} 个面第 {ring} 个环，位于 {x},{y}：{zh}",
                "polygon {polygon}, ring {ring}, at {x},{y}: {en}"
            )
        }
        None => message!("{zh}", "{en}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grids(text: &str, property: Option<&str>) -> Result<Grids, Refusal> {
        read_grids(Path::new("grids.geojson"), text.as_bytes(), property)
    }

    fn square(properties: &str, west: f64) -> String {
        let east = west + 1.0;
        format!(
            r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Polygon","coordinates":[[[{west},0],[{east},0],[{east},1],[{west},1],[{west},0]]]}}}}"#
        )
    }

    #[test]
    fn the_first_property_that_all_have_names_the_grids() {
        let lines = |a: &str, b: &str| format!("{}\n{}", square(a, 0.0), square(b, 1.0));
        let labels = |text: &str| grids(text, None).unwrap().labels;
        assert_eq!(labels(&lines(r#"{"code":"a","id":1}"#, r#"{"code":"b","id":2}"#)), ["a", "b"]);
        assert_eq!(labels(&lines(r#"{"code":"a","id":1}"#, r#"{"id":2.0}"#)), ["1", "2"]);
        assert_eq!(labels(&lines("{}", r#"{"id":2}"#)), ["0", "1"]);
        let named = lines(r#"{"name":"x"}"#, r#"{"name":null}"#);
        let refusal = grids(&named, Some("name")).unwrap_err();
        assert_eq!(refusal.faults.len(), 1);
        assert_eq!(refusal.faults[0].in_file("g").en, "g: feature 2: it has no property name");
    }

    #[test]
    fn each_defect_names_its_feature_and_place() {
        let bow = r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}"#;
        let refusal = grids(&format!("{}\n{bow}", square("{}", 5.0)), None).unwrap_err();
        assert_eq!(
            refusal.faults[0].in_file("g").en,
            "g: feature 2: polygon 1, ring 1, at 0.5,0.5: a ring crosses or touches itself"
        );
    }
}
