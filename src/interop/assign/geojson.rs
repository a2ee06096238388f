//! Grids from GeoJSON (RFC 7946): a `FeatureCollection`, or features one after another, with line breaks or record
//! separators between them (RFC 8142).
//!
//! The text is first cut into features, looking at braces and quotes alone; the features are then read in parallel.
//! Coordinates are read straight into lists of positions: a general tree of JSON values would take ten times the
//! memory.

use memchr::{memchr_iter, memchr2, memchr3};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::grid_file::{Feature, IdKeys, text_of};
use super::positions::Nest;
use super::refusal::{Fault, Spot};
use crate::message;
use crate::platform::locale::Message;

/// Reads every feature, or what is wrong with those that cannot be read.
pub(super) fn read(text: &[u8], keys: &IdKeys) -> Result<Vec<Feature>, Vec<Fault>> {
    let texts = cut(text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)).map_err(|fault| vec![fault])?;
    let read: Vec<_> = texts.into_par_iter().map(|text| feature(text, keys)).collect();
    let mut faults = Vec::new();
    let mut features = Vec::with_capacity(read.len());
    for (index, read) in read.into_iter().enumerate() {
        match read {
            Ok(feature) => features.push(feature),
            Err(reason) => faults.push(Fault::feature(index, reason)),
        }
    }
    if faults.is_empty() { Ok(features) } else { Err(faults) }
}

#[derive(Deserialize)]
struct FeatureText {
    r#type: String,
    #[serde(default)]
    id: Value,
    properties: Option<Map<String, Value>>,
    geometry: Option<GeometryText>,
}

#[derive(Deserialize)]
struct GeometryText {
    r#type: String,
    coordinates: Option<Nest>,
}

fn feature(text: &[u8], keys: &IdKeys) -> Result<Feature, Message> {
    let read: FeatureText = serde_json::from_slice(text)
        .map_err(|error| message!("不是有效的 GeoJSON：{error}", "not valid GeoJSON: {error}"))?;
    if read.r#type != "Feature" {
        let found = read.r#type;
        return Err(message!("应为 Feature，现为 {found}", "a Feature is expected, not a {found}"));
    }
    let geometry = read.geometry.ok_or_else(|| message!("没有图形", "it has no geometry"))?;
    let found = geometry.r#type;
    let polygons = match (found.as_str(), geometry.coordinates) {
        ("Polygon", Some(nest)) => nest.into_rings().map(|rings| vec![rings]),
        ("MultiPolygon", Some(nest)) => nest.into_polygons(),
        ("Polygon" | "MultiPolygon", None) => None,
        _ => {
            return Err(message!(
                "图形应为面（Polygon 或 MultiPolygon），现为 {found}",
                "a Polygon or MultiPolygon is expected, not a {found}"
            ));
        }
    };
    let polygons = polygons.ok_or_else(|| {
        message!("坐标的层次与 {found} 不符", "the coordinates are not nested as in a {found}")
    })?;
    let properties = read.properties.unwrap_or_default();
    let ids = keys.pick(|key| properties.get(key).and_then(text_of), || text_of(&read.id));
    Ok(Feature { ids, polygons })
}

/// Cuts a text into the texts of its features.
///
/// # Errors
/// Where it stops being GeoJSON, by the feature, or as a whole.
pub(super) fn cut(text: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let mut scanner = Scanner { text, at: 0, features: Vec::new() };
    scanner.skip_separators();
    if scanner.peek().is_none() {
        return Err(Fault { spot: Spot::File, reason: message!("文件为空", "the file is empty") });
    }
    while scanner.peek().is_some() {
        scanner.top_object().map_err(|broken| scanner.fault(&broken))?;
        scanner.skip_separators();
    }
    Ok(scanner.features)
}

/// How a text stops being JSON.
enum Broken {
    /// It ends too early.
    Cut,
    /// Something else stands where JSON would go on.
    Unexpected,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    features: Vec<&'a [u8]>,
}

impl<'a> Scanner<'a> {
    fn fault(&self, broken: &Broken) -> Fault {
        let line = memchr_iter(b'\n', &self.text[..self.at.min(self.text.len())]).count() + 1;
        let done = self.features.len();
        let reason = match broken {
            Broken::Cut => message!(
                "文件不完整：在第 {done} 个要素之后中断",
                "the file is cut short: it ends after feature {done}"
            ),
            Broken::Unexpected => message!(
                "第 {line} 行起不是有效的 GeoJSON（此前有 {done} 个要素）",
                "not valid GeoJSON from line {line} on (after {done} features)"
            ),
        };
        Fault { spot: Spot::File, reason }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Blanks, and the record separators of a sequence.
    fn skip_separators(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace() || b == 0x1e) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        match self.peek() {
            Some(found) if found == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(Broken::Unexpected),
            None => Err(Broken::Cut),
        }
    }

    /// A collection, whose features are taken; or else one feature.
    fn top_object(&mut self) -> Result<(), Broken> {
        let start = self.at;
        let mut is_collection = false;
        self.expect(b'{')?;
        self.skip_blanks();
        if self.peek() == Some(b'}') {
            return Err(Broken::Unexpected);
        }
        loop {
            self.skip_blanks();
            let key = self.string()?;
            self.skip_blanks();
            self.expect(b':')?;
            self.skip_blanks();
            if key == b"\"features\"" && self.peek() == Some(b'[') {
                is_collection = true;
                self.features()?;
            } else {
                self.value()?;
            }
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                Some(_) => return Err(Broken::Unexpected),
                None => return Err(Broken::Cut),
            }
        }
        self.at += 1;
        if !is_collection {
            self.features.push(&self.text[start..self.at]);
        }
        Ok(())
    }

    fn features(&mut self) -> Result<(), Broken> {
        self.at += 1;
        self.skip_blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.skip_blanks();
            let start = self.at;
            if self.peek().is_some_and(|b| b != b'{') {
                return Err(Broken::Unexpected);
            }
            self.balanced(b'{', b'}')?;
            self.features.push(&self.text[start..self.at]);
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                Some(_) => return Err(Broken::Unexpected),
                None => return Err(Broken::Cut),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Passes over a value.
    fn value(&mut self) -> Result<(), Broken> {
        match self.peek() {
            Some(b'{') => self.balanced(b'{', b'}'),
            Some(b'[') => self.balanced(b'[', b']'),
            Some(b'"') => self.string().map(drop),
            Some(_) => {
                let rest = &self.text[self.at..];
                let length = rest.iter().position(|b| matches!(b, b',' | b'}' | b']')).ok_or(Broken::Cut)?;
                self.at += length;
                if length == 0 { Err(Broken::Unexpected) } else { Ok(()) }
            }
            None => Err(Broken::Cut),
        }
    }

    /// Passes over a string; gives it with its quotes.
    fn string(&mut self) -> Result<&'a [u8], Broken> {
        let start = self.at;
        self.expect(b'"')?;
        loop {
            let found = memchr2(b'"', b'\\', &self.text[self.at..]).ok_or(Broken::Cut)?;
            self.at += found;
            if self.text[self.at] == b'"' {
                self.at += 1;
                return Ok(&self.text[start..self.at]);
            }
            self.at += 2;
            if self.at > self.text.len() {
                return Err(Broken::Cut);
            }
        }
    }

    /// Passes over what an opening bracket begins, to the closing one that belongs to it.
    fn balanced(&mut self, open: u8, close: u8) -> Result<(), Broken> {
        let mut depth = 0_usize;
        loop {
            let found = memchr3(b'"', open, close, &self.text[self.at..]).ok_or(Broken::Cut)?;
            self.at += found;
            let byte = self.text[self.at];
            if byte == b'"' {
                self.string()?;
                continue;
            }
            self.at += 1;
            if byte == open {
                depth += 1;
            } else {
                depth -= 1;
                if depth == 0 {
                    return Ok(());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"{"type":"Feature","id":7,"properties":{"code":"a}\"]","n":{"x":[1]}},"geometry":{"coordinates":[[[0,0],[1,0,5],[1,1],[0,0]]],"type":"Polygon"}}"#;

    fn read_all(text: &str) -> Result<Vec<Feature>, Vec<Fault>> {
        read(text.as_bytes(), &IdKeys::usual())
    }

    #[test]
    fn every_arrangement_gives_the_same_features() {
        let texts = [
            format!(
                r#"{{"type":"FeatureCollection","crs":{{"a":["]"]}},"features":[{SQUARE} , {SQUARE}],"x":1}}"#
            ),
            format!("{SQUARE}\n{SQUARE}\n"),
            format!("\u{1e}{SQUARE}\n\u{1e}{SQUARE}"),
            format!("\u{feff}{SQUARE}\r\n\r\n{SQUARE}"),
        ];
        for text in texts {
            let features = read_all(&text).unwrap();
            assert_eq!(features.len(), 2, "{text}");
            assert_eq!(features[1].ids[0].as_deref(), Some("a}\"]"));
            assert_eq!(features[1].polygons[0][0].len(), 4);
        }
    }

    #[test]
    fn what_is_cut_short_is_said_to_be() {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{SQUARE},{SQUARE}]}}"#);
        for end in 1..text.len() {
            let Err(faults) = read_all(&text[..end]) else { panic!("accepted {}", &text[..end]) };
            assert!(faults[0].reason.en.contains("cut short"), "{end}: {}", faults[0].reason.en);
        }
    }

    #[test]
    fn what_is_not_geojson_is_refused() {
        for text in
            ["", "  ", "[]", "{}", "x", "{\"features\":[1]}", "{\"features\":[{}]}", "{\"a\":}", "{\"a\":1}}"]
        {
            assert!(read_all(text).is_err(), "accepted {text:?}");
        }
        for (geometry, reason) in [
            ("null", "it has no geometry"),
            (r#"{"type":"Point","coordinates":[1,2]}"#, "a Polygon or MultiPolygon is expected, not a Point"),
            (r#"{"type":"Polygon","coordinates":[[1,2]]}"#, "the coordinates are not nested as in a Polygon"),
        ] {
            let text = format!(r#"{{"type":"Feature","properties":{{}},"geometry":{geometry}}}"#);
            assert_eq!(read_all(&text).unwrap_err()[0].reason.en, reason);
        }
    }

    #[test]
    fn coordinates_come_as_the_doubles_they_were() {
        let (x, y) = ("113.999999999999986", "28.000022592641834");
        let features = read_all(&SQUARE.replace("[1,1]", &format!("[{x},{y}]"))).unwrap();
        let place = features[0].polygons[0][0][2];
        assert_eq!((place.x, place.y), (x.parse().unwrap(), y.parse().unwrap()));
    }
}
