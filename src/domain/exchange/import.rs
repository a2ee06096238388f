//! Rows that fit, into the database: all of them or none.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};
use sqlx::PgConnection;
use uuid::Uuid;

use super::fault::Faults;
use super::grids;
use super::layer::Layer;
use super::prepare::{Prepared, Row};
use super::residents::GATHERED;
use super::store;
use crate::domain::grids::BoundaryMap;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::clock::china_date;
use crate::platform::problem::Problem;

/// Rows written by one statement.
const BATCH: usize = 500;
/// What lies further than this from every grid, in metres, has wrong coordinates.
const STRAY_M: f64 = 5_000.0;

/// What came of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that are new.
    pub created: usize,
    /// Rows that were there under the same code.
    pub updated: usize,
    /// Rows left out because they lie outside every known area.
    pub elsewhere: usize,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Rows that do not fit what is stored.
    #[error("{} rows do not fit", .0.count())]
    Faults(Faults),
    /// The database refused or failed, or a boundary plan did.
    #[error(transparent)]
    Problem(#[from] Problem),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Problem(error.into())
    }
}

/// Writes `prepared` within the caller's transaction, which the caller commits.
///
/// Every row's place is computed from `boundaries`, never taken from the file: a report's as of its own time, all
/// others as of `now`. `progress` is told how many rows have been written so far.
///
/// # Errors
/// Every row that does not fit what is stored; or the database's refusal. The caller then rolls back.
pub async fn import(
    connection: &mut PgConnection,
    prepared: &Prepared,
    boundaries: &BoundaryMap,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Imported, ImportError> {
    let layer = prepared.layer;
    let mut faults = Faults::default();
    refuse_unknown_references(connection, prepared, &mut faults).await?;
    if layer == Layer::Grids {
        return if faults.is_empty() {
            grids::import(connection, prepared, boundaries, now, progress).await
        } else {
            Err(ImportError::Faults(faults))
        };
    }
    let mut rows = Vec::with_capacity(prepared.rows.len());
    let mut elsewhere = 0;
    for row in &prepared.rows {
        let mut fields = row.fields.clone();
        if !fields.contains_key("id") {
            fields.insert("id".into(), Uuid::now_v7().to_string().into());
        }
        if let Some(shape) = &row.shape {
            fields.insert("geom".into(), shape.hex_wkb().into());
        }
        if layer == Layer::Reports && moment(row, "happened_at").is_some_and(|at| at > now) {
            faults.add(row.number, "happened_at", message!("时间在将来", "the time is in the future"));
        }
        if layer != Layer::Areas {
            match place(row, layer, boundaries, now)? {
                Some(code) => {
                    fields.insert("place_code".into(), code.into());
                }
                None if prepared.elsewhere_is_left_out => {
                    elsewhere += 1;
                    continue;
                }
                None => faults.add(
                    row.number,
                    "geometry",
                    message!(
                        "不在任何已知区划之内（请先导入行政区划与网格）",
                        "outside every known area (import areas and grids first)"
                    ),
                ),
            }
        }
        rows.push(fields);
    }
    if !faults.is_empty() {
        return Err(ImportError::Faults(faults));
    }
    let imported = write(connection, layer, rows, progress).await?;
    Ok(Imported { elsewhere, ..imported })
}

async fn write(
    connection: &mut PgConnection,
    layer: Layer,
    rows: Vec<Map<String, Value>>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut done = 0;
    for batch in rows.chunks(BATCH) {
        let mut people = Vec::new();
        let batch: Vec<Value> = batch
            .iter()
            .map(|fields| {
                let mut fields = fields.clone();
                if let Some(Value::Array(gathered)) = fields.remove(GATHERED) {
                    people.extend(gathered.into_iter().map(with_ids));
                }
                Value::Object(fields)
            })
            .collect();
        done += batch.len();
        let batch = Value::Array(batch);
        let counts = store::upsert(connection, layer, &batch).await?;
        imported.created += usize::try_from(counts.created).unwrap_or_default();
        imported.updated += usize::try_from(counts.updated).unwrap_or_default();
        if layer == Layer::Enterprises {
            store::upsert_contacts(connection, &batch).await?;
        }
        if !people.is_empty() {
            store::upsert_residents(connection, &Value::Array(people)).await?;
        }
        progress(done);
    }
    Ok(imported)
}

fn with_ids(mut person: Value) -> Value {
    if let Value::Object(fields) = &mut person {
        fields.insert("id".into(), Uuid::now_v7().to_string().into());
        fields.insert("care_id".into(), Uuid::now_v7().to_string().into());
    }
    person
}

fn moment(row: &Row, key: &str) -> Option<DateTime<Utc>> {
    row.text(key)?.parse().ok()
}

/// Where a row lies: its grid, else the narrowest area around it.
fn place(
    row: &Row,
    layer: Layer,
    boundaries: &BoundaryMap,
    now: DateTime<Utc>,
) -> Result<Option<String>, Problem> {
    let Some(anchor) = row.shape.as_ref().and_then(super::geometry::Shape::anchor) else { return Ok(None) };
    let Ok(anchor) = Wgs84::new(anchor.x(), anchor.y()) else { return Ok(None) };
    let date: NaiveDate = match layer {
        Layer::Reports => china_date(moment(row, "happened_at").unwrap_or(now)),
        _ => china_date(now),
    };
    let located = boundaries.locate(anchor, date).map_err(|error| Problem::internal(&error))?;
    let near = located
        .filter(|located| located.nearest.as_ref().is_none_or(|(_, distance_m)| *distance_m < STRAY_M));
    Ok(near.map(|located| match layer {
        // A road or a ditch runs through many grids: it is filed under its street.
        Layer::Roads | Layer::Water => located.place_code.street().to_string(),
        _ => located.place_code.to_string(),
    }))
}

/// Refuses rows that name an enterprise, an account or an area that is not there.
async fn refuse_unknown_references(
    connection: &mut PgConnection,
    prepared: &Prepared,
    faults: &mut Faults,
) -> Result<(), ImportError> {
    let named = |key: &str| -> HashMap<String, Vec<usize>> {
        let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
        for row in &prepared.rows {
            if let Some(value) = row.text(key) {
                rows.entry(value.to_owned()).or_default().push(row.number);
            }
        }
        rows
    };
    let mut refuse =
        |key: &'static str, rows: &HashMap<String, Vec<usize>>, unknown: &[String], why: fn() -> _| {
            for value in unknown {
                for number in rows.get(value).into_iter().flatten() {
                    faults.add(*number, key, why());
                }
            }
        };
    let keys = |rows: &HashMap<String, Vec<usize>>| rows.keys().cloned().collect::<Vec<_>>();
    match prepared.layer {
        Layer::Hazards | Layer::Reports => {
            let enterprises = named("enterprise_code");
            let unknown = store::unknown_enterprises(connection, &keys(&enterprises)).await?;
            refuse("enterprise_code", &enterprises, &unknown, || {
                message!("没有这家企业", "there is no such enterprise")
            });
            let logins = named("reported_by");
            let unknown = store::unknown_logins(connection, &keys(&logins)).await?;
            refuse("reported_by", &logins, &unknown, || message!("没有这个账号", "there is no such account"));
        }
        Layer::Areas => {
            let parents = named("parent_code");
            let given: HashSet<&str> = prepared.rows.iter().filter_map(|row| row.text("code")).collect();
            let mut unknown = store::unknown_areas(connection, &keys(&parents)).await?;
            unknown.retain(|code| !given.contains(code.as_str()));
            refuse("parent_code", &parents, &unknown, || {
                message!("没有这个上级区划", "there is no such area")
            });
        }
        _ => {}
    }
    Ok(())
}
