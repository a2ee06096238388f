//! The zones of an answer as a GeoJSON file.

use std::io::Write;

use geojson::{Geometry, GeometryValue};

use crate::domain::rezoning::Answer;

/// Writes the proposal put forward, one feature a zone, with its figures and its units: their places in the units' file, from 0, and their names.
///
/// # Errors
/// When the output refuses.
pub fn write(answer: &Answer, out: &mut dyn Write) -> std::io::Result<()> {
    write!(out, "{{\"type\":\"FeatureCollection\",\"name\":\"zones\",\"features\":[")?;
    for (index, zone) in answer.plans.iter().take(1).flat_map(|plan| &plan.zones).enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        let mut properties = serde_json::to_value(&zone.report)?;
        if let Some(properties) = properties.as_object_mut() {
            let units = || zone.units.iter().map(|&unit| &answer.report.assignment[unit]);
            properties.insert("unit_indexes".into(), units().map(|unit| unit.index).collect());
            let names: Vec<_> = units().map(|unit| &unit.unit).collect();
            properties.insert("unit_names".into(), serde_json::to_value(names)?);
        }
        let value = match zone.shape.0.as_slice() {
            [polygon] => GeometryValue::from(polygon),
            _ => GeometryValue::from(&zone.shape),
        };
        let feature = serde_json::json!({
            "type": "Feature",
            "properties": properties,
            "geometry": Geometry::new(value),
        });
        serde_json::to_writer(&mut *out, &feature)?;
    }
    out.write_all(b"\n]}\n")?;
    out.flush()
}
