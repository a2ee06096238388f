//! Grids from `FlatGeobuf` (<https://flatgeobuf.org>, version 3).

use std::io::Cursor;

use ::flatgeobuf::geozero::{ColumnValue, FeatureProperties, PropertyProcessor, error};
use ::flatgeobuf::{FallibleStreamingIterator, FgbFeature, FgbReader, Geometry, GeometryType};
use geo::Coord;

use super::grid_file::{Feature, IdKeys};
use super::refusal::{Fault, Spot};
use crate::kernel::geometry::coverage::RawRing;
use crate::message;
use crate::platform::locale::Message;

/// What such a file begins with.
const MAGIC: &[u8] = b"fgb";

pub(super) fn is_flatgeobuf(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads every feature, or what is wrong with those that cannot be read.
pub(super) fn read(bytes: &[u8], keys: &IdKeys) -> Result<Vec<Feature>, Vec<Fault>> {
    let broken = |done: usize, error: &dyn std::fmt::Display| {
        let reason = message!(
            "第 {done} 个要素之后无法按 FlatGeobuf 读取（文件可能不完整）：{error}",
            "cannot be read as FlatGeobuf after feature {done} (the file may be cut short): {error}"
        );
        vec![Fault { spot: Spot::File, reason }]
    };
    let reader = FgbReader::open(Cursor::new(bytes)).map_err(|error| broken(0, &error))?;
    let kind = reader.header().geometry_type();
    let mut iterator = reader.select_all_seq().map_err(|error| broken(0, &error))?;
    let expected = iterator.features_count();
    let (mut features, mut faults) = (Vec::new(), Vec::new());
    loop {
        let index = features.len() + faults.len();
        match iterator.next().map_err(|error| broken(index, &error))? {
            Some(read) => match feature(read, kind, keys) {
                Ok(feature) => features.push(feature),
                Err(reason) => faults.push(Fault::feature(index, reason)),
            },
            None => break,
        }
    }
    let found = features.len() + faults.len();
    if let Some(expected) = expected.filter(|&expected| expected != found) {
        return Err(broken(found, &message!("应有 {expected} 个要素", "{expected} are announced")));
    }
    if faults.is_empty() { Ok(features) } else { Err(faults) }
}

fn feature(read: &FgbFeature, kind: GeometryType, keys: &IdKeys) -> Result<Feature, Message> {
    let geometry = read.geometry().ok_or_else(|| message!("没有图形", "it has no geometry"))?;
    let own = geometry.type_();
    // A file of one kind does not repeat it in every feature.
    let kind = if kind == GeometryType::Unknown || own != GeometryType::Unknown { own } else { kind };
    let polygons = match kind {
        GeometryType::Polygon => rings(&geometry).map(|rings| vec![rings]),
        GeometryType::MultiPolygon => geometry
            .parts()
            .map(|parts| parts.iter().map(|part| rings(&part)).collect::<Option<_>>())
            .unwrap_or_default(),
        other => {
            let found = other.variant_name().unwrap_or("?");
            return Err(message!(
                "图形应为面（Polygon 或 MultiPolygon），现为 {found}",
                "a Polygon or MultiPolygon is expected, not a {found}"
            ));
        }
    };
    let polygons = polygons.ok_or_else(|| message!("图形不完整", "its geometry is not whole"))?;
    let mut properties = Properties::default();
    read.process_properties(&mut properties)
        .map_err(|error| message!("属性无法读取：{error}", "its properties cannot be read: {error}"))?;
    let property =
        |key: &str| properties.0.iter().find(|(name, _)| name == key).map(|(_, text)| text.clone());
    Ok(Feature { ids: keys.pick(property, || None), polygons })
}

/// The rings of one polygon: all positions in one list, cut at the ends. Without ends there is one ring.
fn rings(geometry: &Geometry<'_>) -> Option<Vec<RawRing>> {
    let flat = geometry.xy()?;
    let count = flat.len() / 2;
    let ends: Vec<usize> = match geometry.ends() {
        Some(ends) if !ends.is_empty() => ends.iter().map(|end| end as usize).collect(),
        _ => vec![count],
    };
    let mut start = 0;
    let mut rings = Vec::with_capacity(ends.len());
    for end in ends {
        if end < start || end > count {
            return None;
        }
        rings.push((start..end).map(|i| Coord { x: flat.get(2 * i), y: flat.get(2 * i + 1) }).collect());
        start = end;
    }
    Some(rings)
}

/// The properties of a feature that can be names.
#[derive(Default)]
struct Properties(Vec<(String, String)>);

impl PropertyProcessor for Properties {
    fn property(&mut self, _: usize, name: &str, value: &ColumnValue<'_>) -> error::Result<bool> {
        let text = match value {
            ColumnValue::Byte(_)
            | ColumnValue::UByte(_)
            | ColumnValue::Short(_)
            | ColumnValue::UShort(_)
            | ColumnValue::Int(_)
            | ColumnValue::UInt(_)
            | ColumnValue::Long(_)
            | ColumnValue::ULong(_)
            | ColumnValue::Float(_)
            | ColumnValue::Double(_) => value.to_string(),
            ColumnValue::String(text) => text.trim().to_owned(),
            _ => return Ok(false),
        };
        if !text.is_empty() {
            self.0.push((name.to_owned(), text));
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use ::flatgeobuf::geozero::{self, GeomProcessor, GeozeroGeometry};
    use ::flatgeobuf::{ColumnType, FgbWriter};

    use super::*;

    /// Two squares, the second with a hole.
    struct Squares;

    impl GeozeroGeometry for Squares {
        fn process_geom<P: GeomProcessor>(&self, out: &mut P) -> geozero::error::Result<()> {
            let square = |out: &mut P, west: f64, side: f64, index| {
                out.linestring_begin(false, 5, index)?;
                for (i, (x, y)) in
                    [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)].into_iter().enumerate()
                {
                    out.xy(west + x * side, y * side, i)?;
                }
                out.linestring_end(false, index)
            };
            out.multipolygon_begin(2, 0)?;
            out.polygon_begin(false, 1, 0)?;
            square(out, 0.0, 1.0, 0)?;
            out.polygon_end(false, 0)?;
            out.polygon_begin(false, 2, 1)?;
            square(out, 10.0, 5.0, 0)?;
            square(out, 11.0, 1.0, 1)?;
            out.polygon_end(false, 1)?;
            out.multipolygon_end(0)
        }
    }

    fn file(features: i32) -> Vec<u8> {
        let mut writer = FgbWriter::create("grids", GeometryType::MultiPolygon).unwrap();
        writer.add_column("code", ColumnType::Int, |_, _| {});
        for i in 0..features {
            writer
                .add_feature_geom(Squares, |feature| {
                    feature.property(0, "code", &ColumnValue::Int(7 + i)).unwrap();
                })
                .unwrap();
        }
        let mut bytes = Vec::new();
        writer.write(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn multipolygons_come_with_their_holes_and_names() {
        let features = read(&file(2), &IdKeys::usual()).unwrap();
        assert_eq!(features.len(), 2);
        let shape: Vec<Vec<usize>> =
            features[0].polygons.iter().map(|rings| rings.iter().map(Vec::len).collect()).collect();
        assert_eq!(shape, [vec![5], vec![5, 5]]);
        assert_eq!(features[0].polygons[1][1][2], Coord { x: 12.0, y: 1.0 });
        let mut codes: Vec<_> = features.iter().map(|feature| feature.ids[0].clone().unwrap()).collect();
        codes.sort();
        assert_eq!(codes, ["7", "8"]);
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        let bytes = file(2);
        for end in (3..bytes.len()).step_by(7) {
            assert!(
                read(&bytes[..end], &IdKeys::usual()).is_err(),
                "accepted {end} of {} bytes",
                bytes.len()
            );
        }
    }
}
