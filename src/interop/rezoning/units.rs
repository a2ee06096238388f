//! The units of a GeoJSON file: polygons or points with properties.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Area, MultiPolygon, Polygon};
use geojson::{Feature, GeometryValue, JsonObject, Position};
use serde_json::Value;

use super::columns::{Columns, LoadColumn, PEOPLE};
use super::lines::{line, place};
use super::locks::lock;
use crate::domain::exchange::Faults;
use crate::domain::rezoning::{Name, Question};
use crate::interop::tables::{ReadError, features};
use crate::kernel::zoning::{Burden, Shape, ZoneId};
use crate::message;
use crate::platform::locale::Message;

/// Why a file's units cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnitsError {
    /// As a whole.
    #[error("{0}")]
    File(Message),
    /// For what is wrong with some of its features.
    #[error("{} faults", .0.count())]
    Features(Faults),
}

impl From<ReadError> for UnitsError {
    fn from(error: ReadError) -> Self {
        Self::File(error.0)
    }
}

/// What was read, and what a reader should know of it.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) question: Question,
    pub(super) properties: Vec<JsonObject>,
}

/// Reads units into a question that has no number of zones yet, with remarks on what was left out.
///
/// # Errors
/// When the file is not GeoJSON, a column is missing, a value is not what its column needs, or a lock names nothing.
pub fn units(bytes: &[u8], columns: &Columns) -> Result<(Question, Vec<Message>), UnitsError> {
    let features = features(bytes)?;
    let mut remarks = Vec::new();
    let is_line = |f: &Feature| {
        f.geometry.as_ref().is_some_and(|g| {
            matches!(g.value, GeometryValue::LineString { .. } | GeometryValue::MultiLineString { .. })
        })
    };
    let lines = features.iter().filter(|f| is_line(f)).count();
    if lines > 0 {
        remarks.push(message!(
            "忽略了 {lines} 个线要素：单元应为面或点",
            "leaving out {lines} lines: units are polygons or points"
        ));
    }
    if features.len() == lines {
        return Err(UnitsError::File(message!("文件里没有任何面或点", "the file has no polygons or points")));
    }
    for name in
        columns.load.iter().map(|c| &c.name).chain(&columns.current).chain(&columns.people).chain(&columns.id)
    {
        has_column(&features, name)?;
    }
    let people = columns.people.clone().or_else(|| {
        let has = |name: &&&str| features.iter().any(|f| f.property(name).is_some());
        PEOPLE.iter().find(has).map(|name| (*name).to_owned())
    });
    let mut read = Read { question: Question::default(), properties: Vec::new() };
    let mut faults = Faults::default();
    let mut zones: BTreeMap<Name, u32> = BTreeMap::new();
    for (index, feature) in features.into_iter().enumerate().filter(|(_, f)| !is_line(f)) {
        let row = index + 1;
        let unit = name(&feature, columns.id.as_deref(), index);
        let properties = feature.properties.unwrap_or_default();
        let shape = feature.geometry.map_or_else(
            || Err(message!("没有图形", "there is no geometry")),
            |geometry| shape(&geometry.value),
        );
        let mut good = |column: &str, value: Result<f64, Message>| {
            value.map_err(|why| faults.add(row, column, why)).unwrap_or_default()
        };
        let load = columns.load.iter().map(|c| good(&c.name, number(&properties, &c.name)) * c.weight).sum();
        let people = match &people {
            Some(column) => good(column, number(&properties, column)),
            None => load,
        };
        let current = columns.current.as_ref().and_then(|column| zone(&properties, column, row, &mut faults));
        let next = zones.len() as u32;
        let current = current.map(|name| ZoneId(*zones.entry(name).or_insert(next)));
        match shape {
            Ok(shape) => read.question.shapes.push(shape),
            Err(why) => faults.add(row, "geometry", why),
        }
        read.question.burdens.push(Burden { load, people, current, locked: false });
        read.question.indexes.push(index);
        read.question.units.push(unit);
        read.properties.push(properties);
    }
    if !faults.is_empty() {
        return Err(UnitsError::Features(faults));
    }
    let mut today: Vec<(u32, Name)> = zones.into_iter().map(|(name, zone)| (zone, name)).collect();
    today.sort();
    read.question.today = today.into_iter().map(|(_, name)| name).collect();
    for wanted in &columns.locks {
        lock(&mut read, wanted).map_err(UnitsError::File)?;
    }
    if people.is_none() && columns.current.is_some() {
        remarks.push(message!(
            "没有人数列（可用 --people 指明），更换网格的“人数”按负荷计",
            "no column of people (name one with --people): people moved are counted by load"
        ));
    }
    Ok((read.question, remarks))
}

/// Refuses a column that no feature has, with those there are.
fn has_column(features: &[Feature], name: &str) -> Result<(), UnitsError> {
    if features.iter().any(|f| f.property(name).is_some()) {
        return Ok(());
    }
    let known: BTreeSet<&str> = features
        .iter()
        .take(1000)
        .flat_map(|f| f.properties.iter().flat_map(|p| p.keys().map(String::as_str)))
        .collect();
    let known = known.into_iter().take(40).collect::<Vec<_>>().join(", ");
    Err(UnitsError::File(message!(
        "没有“{name}”这一列；有：{known}",
        "there is no column {name:?}; there are: {known}"
    )))
}

fn name(feature: &Feature, column: Option<&str>, index: usize) -> Name {
    let by_column = |column: &str| feature.property(column).and_then(Name::of);
    let id = || match &feature.id {
        Some(geojson::feature::Id::Number(number)) => Name::of(&Value::Number(number.clone())),
        Some(geojson::feature::Id::String(text)) => Name::of(&Value::String(text.clone())),
        None => None,
    };
    let usual = || id().or_else(|| by_column("id")).or_else(|| by_column("code"));
    column.map_or_else(usual, by_column).unwrap_or(Name::Number(i64::try_from(index).unwrap_or(i64::MAX)))
}

/// A number from 0 up; text that is one will do.
fn number(properties: &JsonObject, column: &str) -> Result<f64, Message> {
    let value = properties.get(column).unwrap_or(&Value::Null);
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null => return Err(message!("缺少数值", "the number is missing")),
        _ => None,
    };
    match number {
        Some(number) if number.is_finite() && number >= 0.0 => Ok(number),
        Some(number) if number < 0.0 => Err(message!(
            "{number} 为负，负荷和人数不能为负",
            "{number} is negative; loads and people are not"
        )),
        _ => Err(message!("{value} 不是数", "{value} is not a number")),
    }
}

/// The zone of today; none if the property is null or missing.
fn zone(properties: &JsonObject, column: &str, row: usize, faults: &mut Faults) -> Option<Name> {
    let value = properties.get(column).filter(|value| !value.is_null())?;
    let name = Name::of(value);
    if name.is_none() {
        faults.add(
            row,
            column,
            message!("{value} 不是网格的编号或名称", "{value} is neither a zone's number nor its name"),
        );
    }
    name
}

fn shape(value: &GeometryValue) -> Result<Shape, Message> {
    let polygon = |rings: &Vec<Vec<Position>>| -> Result<Polygon<f64>, Message> {
        let mut rings = rings.iter().map(|ring| line(ring)).collect::<Result<Vec<_>, _>>()?.into_iter();
        let shell = rings.next().ok_or_else(|| message!("面没有边界", "a polygon has no ring"))?;
        // `Polygon::new` closes rings.
        Ok(Polygon::new(shell, rings.collect()))
    };
    let polygons = match value {
        GeometryValue::Point { coordinates } => return place(coordinates).map(Shape::Point),
        GeometryValue::MultiPoint { coordinates } if coordinates.len() == 1 => {
            return place(&coordinates[0]).map(Shape::Point);
        }
        GeometryValue::Polygon { coordinates } => MultiPolygon(vec![polygon(coordinates)?]),
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().map(polygon).collect::<Result<MultiPolygon<f64>, _>>()?
        }
        other => {
            let found = other.type_name();
            return Err(message!(
                "图形应为面或点，而不是 {found}",
                "a polygon or a point is expected, not a {found}"
            ));
        }
    };
    if polygons.unsigned_area() > 0.0 {
        Ok(Shape::Polygons(polygons))
    } else {
        Err(message!("面没有面积", "the polygon has no area"))
    }
}

impl LoadColumn {
    /// As it is written on the command line.
    #[must_use]
    pub fn label(&self) -> String {
        if (self.weight - 1.0).abs() < f64::EPSILON {
            self.name.clone()
        } else {
            format!("{}:{}", self.name, self.weight)
        }
    }
}
