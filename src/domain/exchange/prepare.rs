//! Raw rows to rows that fit the layer, or everything that does not fit.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::columns::{Column, columns};
use super::fault::Faults;
use super::geometry::{self, Shape};
use super::layer::Layer;
use super::parse::parse;
use super::residents;
use super::table::{Cell, RawRow, Table};
use crate::kernel::geometry::Crs;
use crate::message;

/// A row whose every cell fits.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Where a person would find it.
    pub(super) number: usize,
    /// Its cells, typed.
    pub(super) fields: Map<String, Value>,
    /// Where it lies.
    pub(super) shape: Option<Shape>,
}

impl Row {
    /// A field's text.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.fields.get(key).and_then(Value::as_str)
    }
}

/// A file whose every row fits, not yet held against what is stored.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Which layer the rows are of.
    pub layer: Layer,
    pub(super) rows: Vec<Row>,
    pub(super) elsewhere_is_left_out: bool,
}

impl Prepared {
    /// The same, but rows outside every known area are left out and counted instead of refused: an extract covers
    /// a county or a country, and a village wants its own roads of it.
    #[must_use]
    pub fn without_elsewhere(self) -> Self {
        Self { elsewhere_is_left_out: true, ..self }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Checks every cell and geometry of `table`, whose coordinates are in `crs`.
///
/// # Errors
/// Every fault found, in the order of the rows.
pub fn prepare(layer: Layer, table: &Table, crs: Crs) -> Result<Prepared, Faults> {
    let mut faults = Faults::default();
    let mut rows = Vec::with_capacity(table.rows.len());
    for raw in &table.rows {
        let fields = fields(columns(layer), raw, &mut faults);
        let shape = match geometry::read(&raw.geometry, layer.geometry(), crs) {
            Ok(shape) => shape,
            Err((column, why)) => {
                faults.add(raw.number, column, why);
                continue;
            }
        };
        if shape.is_none() && layer.needs_geometry() {
            faults.add(raw.number, "geometry", message!("缺少位置或图形", "the place is missing"));
        }
        rows.push(Row { number: raw.number, fields, shape });
    }
    if layer == Layer::Households {
        rows = residents::gather(rows, &mut faults);
    }
    refuse_twins(layer, &rows, &mut faults);
    if faults.is_empty() { Ok(Prepared { layer, rows, elsewhere_is_left_out: false }) } else { Err(faults) }
}

/// The cells of a row as typed values; a column that is absent or empty is absent.
pub(super) fn fields(columns: &'static [Column], raw: &RawRow, faults: &mut Faults) -> Map<String, Value> {
    let cells: HashMap<&str, &Cell> = raw.cells.iter().map(|(column, cell)| (column.key, cell)).collect();
    let mut fields = Map::new();
    for column in columns {
        match parse(column.kind, cells.get(column.key).copied().unwrap_or(&Cell::Empty)) {
            Ok(Value::Null) if column.required => {
                faults.add(raw.number, column.key, message!("必填", "required"));
            }
            Ok(Value::Null) => {}
            Ok(value) => {
                fields.insert(column.key.to_owned(), value);
            }
            Err(why) => faults.add(raw.number, column.key, why),
        }
    }
    fields
}

fn refuse_twins(layer: Layer, rows: &[Row], faults: &mut Faults) {
    let mut first = HashMap::new();
    for row in rows {
        let Some(key) = row.text(layer.id_column()) else { continue };
        if let Some(earlier) = first.insert(key, row.number) {
            faults.add(
                row.number,
                layer.id_column(),
                message!("与第 {earlier} 行重复", "the same as in row {earlier}"),
            );
            first.insert(key, earlier);
        }
    }
}
