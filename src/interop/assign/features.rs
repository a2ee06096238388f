//! The answers as GeoJSON (RFC 7946): a feature for each point, with the code of its grid among its properties.
//!
//! What came as features goes back as it came, foreign members and order included, but for that property, which is
//! null outside of all grids. Coordinates are WGS84 on the way out (RFC 7946, section 4): those of another system are
//! written anew. Rows of a table become features whose `id` is their name.

use std::fmt;
use std::io::Write;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::assigned::{Answers, name_writer};
use super::point_file::{Ids, RawBlock};
use super::refusal::{Fault, Spot};
use crate::kernel::geometry::Wgs84;
use crate::message;

/// The property that the grid's code goes into.
const GRID: &str = "grid";

/// What keeps features apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// One `FeatureCollection`.
    Collection,
    /// A text sequence (RFC 8142): each feature behind a record separator.
    Sequence,
}

/// How answers become features; made once, used from all threads.
pub(super) struct Features {
    framing: Framing,
    /// The grids' codes as JSON.
    grids: Vec<Vec<u8>>,
}

impl Features {
    /// An empty label is a grid that nobody may know of.
    pub(super) fn new(framing: Framing, labels: &[String]) -> Self {
        let json = |label: &String| if label.is_empty() { b"null".to_vec() } else { json_text(label) };
        Self { framing, grids: labels.iter().map(json).collect() }
    }

    pub(super) fn media_type(&self) -> &'static str {
        match self.framing {
            Framing::Collection => "application/geo+json",
            Framing::Sequence => "application/geo+json-seq",
        }
    }

    /// What comes before the first feature.
    pub(super) fn beginning(&self) -> &'static [u8] {
        match self.framing {
            Framing::Collection => b"{\"type\":\"FeatureCollection\",\"features\":[",
            Framing::Sequence => b"",
        }
    }

    /// What comes after the last one.
    pub(super) fn ending(&self) -> &'static [u8] {
        match self.framing {
            Framing::Collection => b"\n]}\n",
            Framing::Sequence => b"",
        }
    }

    /// The features of a block. At fault is what passes for a point, and is not JSON elsewhere in its feature.
    pub(super) fn text(&self, answers: &Answers<'_>) -> Result<Vec<u8>, Vec<Fault>> {
        let mut out = Vec::with_capacity(answers.owners.len() * 128);
        let mut name = name_writer(answers);
        for (i, (owner, &place)) in answers.owners.iter().zip(&answers.block.places).enumerate() {
            let row = answers.first_row + i as u64;
            match self.framing {
                Framing::Collection if row > 1 => out.extend_from_slice(b",\n"),
                Framing::Collection => out.push(b'\n'),
                Framing::Sequence => out.push(0x1e),
            }
            let grid = owner.and_then(|face| self.grids.get(face.0 as usize));
            let grid = grid.map_or(&b"null"[..], Vec::as_slice);
            if let RawBlock::GeoJson(text) = answers.raw {
                let place = (!text.is_wgs84()).then_some(place);
                with_grid(text.feature(i), place, grid, &mut out).map_err(|error| {
                    let reason = message!("不是有效的 GeoJSON：{error}", "not valid GeoJSON: {error}");
                    vec![Fault { spot: Spot::Row(row), reason }]
                })?;
            } else {
                out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
                if matches!(answers.block.ids, Ids::Rows) {
                    push(&mut out, format_args!("{row}"));
                } else {
                    let mut text = Vec::new();
                    name(i, &mut text);
                    out.extend_from_slice(&json_text(&String::from_utf8_lossy(&text)));
                }
                out.extend_from_slice(b",\"geometry\":");
                push_point(&mut out, place);
                push(&mut out, format_args!(",\"properties\":{{\"{GRID}\":"));
                out.extend_from_slice(grid);
                out.extend_from_slice(b"}}");
            }
            if self.framing == Framing::Sequence {
                out.push(b'\n');
            }
        }
        Ok(out)
    }
}

/// The members of an object as they are written, in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Writes a feature with the grid's code among its properties, at `place` if its own geometry is in another system.
fn with_grid(
    feature: &[u8],
    place: Option<Wgs84>,
    grid: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let Members(members) = serde_json::from_slice(feature)?;
    let mut has_properties = false;
    out.push(b'{');
    for (name, value) in &members {
        match (name.as_str(), place) {
            ("properties", _) => {
                has_properties = true;
                let properties: Option<Members<'_>> = serde_json::from_str(value.get())?;
                push_properties(properties, grid, out);
            }
            ("geometry", Some(place)) => {
                out.extend_from_slice(b"\"geometry\":");
                push_point(out, place);
            }
            _ => push_member(name, value, out),
        }
        out.push(b',');
    }
    if has_properties {
        out.pop();
    } else {
        push_properties(None, grid, out);
    }
    out.push(b'}');
    Ok(())
}

fn push_properties(properties: Option<Members<'_>>, grid: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"properties\":{");
    let Members(properties) = properties.unwrap_or(Members(Vec::new()));
    for (name, value) in properties.iter().filter(|(name, _)| name != GRID) {
        push_member(name, value, out);
        out.push(b',');
    }
    push(out, format_args!("\"{GRID}\":"));
    out.extend_from_slice(grid);
    out.push(b'}');
}

fn push_member(name: &str, value: &RawValue, out: &mut Vec<u8>) {
    out.extend_from_slice(&json_text(name));
    out.push(b':');
    out.extend_from_slice(value.get().as_bytes());
}

fn push_point(out: &mut Vec<u8>, place: Wgs84) {
    let (lon, lat) = (place.lon(), place.lat());
    push(out, format_args!("{{\"type\":\"Point\",\"coordinates\":[{lon},{lat}]}}"));
}

fn push(out: &mut Vec<u8>, text: fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = out.write_fmt(text);
}

fn json_text(text: &str) -> Vec<u8> {
    // Nor does writing text as JSON.
    serde_json::to_vec(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(feature: &str, place: Option<Wgs84>) -> Result<String, serde_json::Error> {
        let mut out = Vec::new();
        with_grid(feature.as_bytes(), place, b"\"7\"", &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_feature_goes_back_as_it_came() {
        for (came, goes) in [
            (
                r#"{ "type":"Feature","z":[1, 2],"geometry": {"a":1.50} , "properties":{"b":1e3,"a":"\u00e9\"}"},"id":7}"#,
                r#"{"type":"Feature","z":[1, 2],"geometry":{"a":1.50},"properties":{"b":1e3,"a":"\u00e9\"}","grid":"7"},"id":7}"#,
            ),
            (r#"{"geometry":1,"properties":null}"#, r#"{"geometry":1,"properties":{"grid":"7"}}"#),
            (r#"{"geometry":1}"#, r#"{"geometry":1,"properties":{"grid":"7"}}"#),
            (r"{}", r#"{"properties":{"grid":"7"}}"#),
            (r#"{"properties":{"grid":"old","n":1}}"#, r#"{"properties":{"n":1,"grid":"7"}}"#),
        ] {
            assert_eq!(written(came, None).unwrap(), goes);
        }
    }

    #[test]
    fn another_system_becomes_wgs84() {
        let place = Some(Wgs84::new(116.25, 35.5).unwrap());
        assert_eq!(
            written(r#"{"geometry":{"type":"Point","coordinates":[1,2]},"bbox":[]}"#, place).unwrap(),
            r#"{"geometry":{"type":"Point","coordinates":[116.25,35.5]},"bbox":[],"properties":{"grid":"7"}}"#
        );
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for feature in [r#"{"properties":[]}"#, r#"{"properties":{"a":}}"#, "[]"] {
            assert!(written(feature, None).is_err(), "{feature}");
        }
    }
}
