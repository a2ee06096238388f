//! The people of households: a list within a GeoJSON feature, or one line each in a table whose household columns
//! repeat.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::columns::{RESIDENT_LIST, RESIDENTS};
use super::fault::Faults;
use super::parse::parse;
use super::prepare::Row;
use super::table::Cell;
use crate::message;

/// The field in which a household's people travel on from here: rows for `upsert_residents.sql`.
pub(super) const GATHERED: &str = "residents_gathered";

/// Gathers the people of each household into its first row.
pub(super) fn gather(rows: Vec<Row>, faults: &mut Faults) -> Vec<Row> {
    let mut first_of: HashMap<String, usize> = HashMap::new();
    let mut households: Vec<Row> = Vec::new();
    for mut row in rows {
        let Some(code) = row.text("code").map(str::to_owned) else {
            households.push(row);
            continue;
        };
        let mut people = listed(&mut row, &code, faults);
        people.extend(in_line(&mut row, &code));
        match first_of.get(&code) {
            // A table's next line of the same household: only its resident counts.
            Some(&index) if !people.is_empty() => add(&mut households[index], people),
            _ => {
                first_of.entry(code).or_insert(households.len());
                add(&mut row, people);
                households.push(row);
            }
        }
    }
    for row in &mut households {
        count(row, faults);
    }
    households
}

fn add(row: &mut Row, people: Vec<Value>) {
    if people.is_empty() {
        return;
    }
    if let Value::Array(gathered) = row.fields.entry(GATHERED).or_insert_with(|| Value::Array(Vec::new())) {
        gathered.extend(people);
    }
}

/// The household has as many residents as are listed; a number that says otherwise is a mistake somewhere.
fn count(row: &mut Row, faults: &mut Faults) {
    let Some(listed) = row.fields.get(GATHERED).and_then(Value::as_array).map(Vec::len) else { return };
    match row.fields.get("resident_count").and_then(Value::as_u64) {
        Some(stated) if stated != listed as u64 => faults.add(
            row.number,
            "resident_count",
            message!(
                "人数为 {stated}，但列出了 {listed} 人",
                "{stated} stated, but {listed} residents are listed"
            ),
        ),
        _ => {
            row.fields.insert("resident_count".into(), listed.into());
        }
    }
}

/// The residents of a GeoJSON feature's list.
fn listed(row: &mut Row, household: &str, faults: &mut Faults) -> Vec<Value> {
    let list = match row.fields.remove(RESIDENT_LIST) {
        Some(Value::Array(list)) => list,
        Some(_) => {
            faults.add(row.number, RESIDENT_LIST, message!("应为列表", "a list is expected"));
            return Vec::new();
        }
        None => return Vec::new(),
    };
    list.into_iter()
        .enumerate()
        .filter_map(|(index, given)| resident(row.number, index, given, household, faults))
        .collect()
}

fn resident(
    number: usize,
    index: usize,
    given: Value,
    household: &str,
    faults: &mut Faults,
) -> Option<Value> {
    let mut at_fault = |column: &str, why| faults.add(number, format!("residents[{index}].{column}"), why);
    let Value::Object(given) = given else {
        at_fault("", message!("应为对象", "an object is expected"));
        return None;
    };
    let care = given.get("care").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut fields = Map::new();
    for column in RESIDENTS {
        // `resident_code` in a table is `code` within a list, `care_kind` is `care.kind`.
        let (source, key) = match column.key.strip_prefix("care_") {
            Some(rest) => (&care, rest),
            None => (&given, column.key.strip_prefix("resident_").unwrap_or(column.key)),
        };
        let cell = match source.get(key) {
            None | Some(Value::Null) => Cell::Empty,
            Some(Value::String(text)) => Cell::text(text),
            Some(Value::Number(number)) => number.as_f64().map_or(Cell::Empty, Cell::Number),
            Some(Value::Bool(value)) => Cell::Bool(*value),
            Some(other) => Cell::Json(other.clone()),
        };
        match parse(column.kind, &cell) {
            Ok(Value::Null) if column.required => at_fault(key, message!("必填", "required")),
            Ok(Value::Null) => {}
            Ok(value) => {
                fields.insert(column.key.to_owned(), value);
            }
            Err(why) => at_fault(key, why),
        }
    }
    Some(record(fields, household))
}

/// The resident in the row's own cells, if it names one.
fn in_line(row: &mut Row, household: &str) -> Option<Value> {
    let mut fields = Map::new();
    for column in RESIDENTS {
        if let Some(value) = row.fields.remove(column.key) {
            fields.insert(column.key.to_owned(), value);
        }
    }
    fields.contains_key("resident_name").then(|| record(fields, household))
}

/// The fields under the names that the statements know.
fn record(fields: Map<String, Value>, household: &str) -> Value {
    let mut record: Map<String, Value> = fields
        .into_iter()
        .map(|(key, value)| (key.strip_prefix("resident_").map_or_else(|| key.clone(), str::to_owned), value))
        .collect();
    record.insert("household_code".into(), household.into());
    Value::Object(record)
}
