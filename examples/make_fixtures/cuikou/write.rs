//! The files, byte by byte: GeoJSON with one feature to a line, CSV, and the description of the package.
//!
//! Written by hand rather than through a serializer, so that neither the order of properties nor the form of a
//! number can change under us.

use std::fmt::Write as _;

use super::plane::{Pt, lonlat_e7};

/// What every file says about itself.
const NOTICE: &str = "合成数据：代码、名称和人口等总数真实，全部图形、人员、企业和事件均为虚构。\
    Synthetic: codes, names and totals are real; every geometry, person, enterprise and event is invented.";

/// A JSON value.
pub(crate) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    /// A number already in its decimal form.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Json {
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => out.push_str(&value.to_string()),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => quote(text, out),
            Self::List(items) => {
                out.push('[');
                for (n, item) in items.iter().enumerate() {
                    out.push_str(if n > 0 { "," } else { "" });
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (n, (name, value)) in members.iter().enumerate() {
                    out.push_str(if n > 0 { "," } else { "" });
                    quote(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

pub(crate) enum Geometry<'a> {
    None,
    Point(Pt),
    Line(&'a [Pt]),
    /// One closed ring.
    Polygon(&'a [Pt]),
}

/// A feature collection under construction.
pub(crate) struct Collection {
    text: String,
    empty: bool,
}

impl Collection {
    pub(crate) fn new(name: &str, title: &str) -> Self {
        let mut text = String::from("{\"type\":\"FeatureCollection\",\"name\":");
        quote(name, &mut text);
        text.push_str(",\"title\":");
        quote(title, &mut text);
        text.push_str(",\"synthetic\":true,\"notice\":");
        quote(NOTICE, &mut text);
        text.push_str(",\"features\":[\n");
        Self { text, empty: true }
    }

    /// Absent properties are left out.
    pub(crate) fn push(&mut self, geometry: &Geometry<'_>, properties: Vec<(&'static str, Json)>) {
        if !self.empty {
            self.text.push_str(",\n");
        }
        self.empty = false;
        self.text.push_str("{\"type\":\"Feature\",\"properties\":");
        let present = properties.into_iter().filter(|(_, value)| !matches!(value, Json::Null)).collect();
        Json::Object(present).write(&mut self.text);
        self.text.push_str(",\"geometry\":");
        match geometry {
            Geometry::None => self.text.push_str("null"),
            Geometry::Point(p) => {
                self.text.push_str("{\"type\":\"Point\",\"coordinates\":");
                position(*p, &mut self.text);
                self.text.push('}');
            }
            Geometry::Line(points) => {
                self.text.push_str("{\"type\":\"LineString\",\"coordinates\":");
                positions(points, &mut self.text);
                self.text.push('}');
            }
            Geometry::Polygon(ring) => {
                self.text.push_str("{\"type\":\"Polygon\",\"coordinates\":[");
                positions(ring, &mut self.text);
                self.text.push_str("]}");
            }
        }
        self.text.push('}');
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.text.push_str("\n]}\n");
        self.text.into_bytes()
    }
}

fn positions(points: &[Pt], out: &mut String) {
    out.push('[');
    for (n, &p) in points.iter().enumerate() {
        out.push_str(if n > 0 { "," } else { "" });
        position(p, out);
    }
    out.push(']');
}

fn position(p: Pt, out: &mut String) {
    let [lon, lat] = lonlat_e7(p);
    out.push('[');
    degrees(lon, out);
    out.push(',');
    degrees(lat, out);
    out.push(']');
}

/// Longitude and latitude as the two columns of a CSV row.
pub(crate) fn lon_lat(p: Pt) -> [String; 2] {
    lonlat_e7(p).map(|value| {
        let mut text = String::new();
        degrees(value, &mut text);
        text
    })
}

/// Seven decimals of a positive number of degrees.
fn degrees(e7: i64, out: &mut String) {
    let _ = write!(out, "{}.{:07}", e7 / 10_000_000, e7 % 10_000_000);
}

/// A CSV table (RFC 4180, line feeds).
pub(crate) struct Table(String);

impl Table {
    pub(crate) fn new(columns: &[&str]) -> Self {
        Self(columns.join(",") + "\n")
    }

    pub(crate) fn push(&mut self, cells: &[String]) {
        let quoted: Vec<String> = cells
            .iter()
            .map(|cell| {
                if cell.contains([',', '"', '\n']) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            })
            .collect();
        self.0.push_str(&quoted.join(","));
        self.0.push('\n');
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// datapackage.json (Frictionless Data Package, version 1): says for every file, CSV included, what it is.
pub(crate) fn package(resources: &[(&str, &str)]) -> Vec<u8> {
    let mut text =
        String::from("{\n  \"name\": \"cuikou\",\n  \"title\": \"崔口村合成数据 Cuikou, synthetic\",\n");
    text.push_str("  \"synthetic\": true,\n  \"description\": ");
    quote(NOTICE, &mut text);
    text.push_str(",\n  \"resources\": [\n");
    for (n, (path, title)) in resources.iter().enumerate() {
        let name = path.split('.').next().unwrap_or(path);
        let _ = write!(
            text,
            "    {{\"name\": \"{name}\", \"path\": \"{path}\", \"title\": \"{title}\", \"synthetic\": true}}"
        );
        text.push_str(if n + 1 < resources.len() { ",\n" } else { "\n" });
    }
    text.push_str("  ]\n}\n");
    text.into_bytes()
}
