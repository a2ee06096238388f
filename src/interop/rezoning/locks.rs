//! What a lock names. In this order, unless its prefix says which is meant:
//!
//! 1. `zone:NAME`: a zone of today stays exactly as it is;
//! 2. `unit:ID`: a unit stays in its zone of today;
//! 3. `column:NAME`: so does every unit for which the property is true, not 0 and not empty.

use geojson::JsonObject;
use serde_json::Value;

use super::units::Read;
use crate::kernel::zoning::ZoneId;
use crate::message;
use crate::platform::locale::Message;

/// Locks what `wanted` names.
///
/// # Errors
/// When it names nothing.
pub(super) fn lock(read: &mut Read, wanted: &str) -> Result<(), Message> {
    let done = match wanted.split_once(':') {
        Some(("zone", name)) => lock_zone(read, name),
        Some(("unit", name)) => lock_unit(read, name),
        Some(("column", name)) => lock_column(read, name),
        _ => lock_zone(read, wanted) || lock_unit(read, wanted) || lock_column(read, wanted),
    };
    if done {
        return Ok(());
    }
    Err(message!(
        "--lock {wanted}：没有这样的网格、单元或列（锁定网格和单元需要 --current）",
        "--lock {wanted}: there is no such zone, unit or column (locks need --current)"
    ))
}

fn lock_zone(read: &mut Read, name: &str) -> bool {
    let zone = (0..).zip(&read.question.today).find(|(_, zone)| zone.to_string() == name);
    let Some(zone) = zone.map(|(zone, _)| ZoneId(zone)) else { return false };
    read.question.locked_zones.push(zone);
    true
}

fn lock_unit(read: &mut Read, name: &str) -> bool {
    let mut found = false;
    for (unit, burden) in read.question.units.iter().zip(&mut read.question.burdens) {
        if unit.to_string() == name {
            (burden.locked, found) = (true, true);
        }
    }
    found
}

fn lock_column(read: &mut Read, name: &str) -> bool {
    let set = |properties: &JsonObject| match properties.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::Bool(value)) => *value,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !matches!(text.trim(), "" | "0" | "false" | "no" | "否"),
        Some(_) => true,
    };
    for (properties, burden) in read.properties.iter().zip(&mut read.question.burdens) {
        burden.locked |= set(properties);
    }
    read.properties.iter().any(|properties| properties.contains_key(name))
}
