//! Points of a file, in the plane that distances are measured in.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use super::language::text;
use crate::interop::tables::{Cells, number, read_cells};
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::message;
use crate::platform::locale::Message;

/// The headings that columns of coordinates have, if nothing else is said.
const X_NAMES: [&str; 5] = ["x", "lon", "lng", "longitude", "经度"];
const Y_NAMES: [&str; 4] = ["y", "lat", "latitude", "纬度"];
/// How far from its central meridian a projection is used, in degrees: distances are then within 2 % of the ground.
const WIDEST_DEGREES: f64 = 10.0;

/// Which plane distances are measured in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Plane {
    /// That of the coordinates themselves.
    AsGiven,
    /// A projection of longitude and latitude.
    Zone(GaussKruger),
}

impl Plane {
    /// The zone of the middle of a box of longitudes and latitudes (west, south, east, north) out of `source`.
    pub(super) fn zone([west, south, east, north]: [f64; 4], source: &str) -> anyhow::Result<Self> {
        let place = |lon, lat| {
            Wgs84::new(lon, lat).map_err(|error| {
                let why = Message::new(error.to_chinese(), error.to_string());
                let hint = text("平面坐标请加 --planar", "for coordinates of a plane say --planar");
                anyhow::anyhow!("{source}: {why} ({hint})")
            })
        };
        let (south_west, north_east) = (place(west, south)?, place(east, north)?);
        let middle = place(
            f64::midpoint(south_west.lon(), north_east.lon()),
            f64::midpoint(south_west.lat(), north_east.lat()),
        )?;
        let zone = GaussKruger::for_place(middle);
        if east - zone.central_meridian() > WIDEST_DEGREES || zone.central_meridian() - west > WIDEST_DEGREES
        {
            bail!(message!(
                "{source}：东西跨度过大，一个投影带内距离失真，请分块计算",
                "{source}: too wide from west to east for distances in one projection; compute it in parts"
            ));
        }
        Ok(Self::Zone(zone))
    }

    pub(super) fn place(self, x: f64, y: f64) -> Result<PlanePoint, Message> {
        match self {
            Self::AsGiven => Ok(PlanePoint::new(x, y)),
            Self::Zone(zone) => Wgs84::new(x, y)
                .map(|place| zone.project(place).into())
                .map_err(|error| Message::new(error.to_chinese(), error.to_string())),
        }
    }
}

/// A file of points: their coordinates, and whatever else of each was wanted.
pub(super) struct Points {
    /// The name of the file, for what is said of it.
    name: String,
    cells: Cells,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Points {
    /// Reads a CSV: columns of coordinates by the headings given or else by those that are usual, then `more`.
    pub(super) fn read(
        path: &Path,
        x: Option<&str>,
        y: Option<&str>,
        more: &[&[&str]],
    ) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let bytes =
            fs::read(path).with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())?;
        let (x, y) = (names(x, &X_NAMES), names(y, &Y_NAMES));
        let wanted: Vec<&[&str]> = [x.as_slice(), &y].into_iter().chain(more.iter().copied()).collect();
        let cells = read_cells(&bytes, &wanted).with_context(|| name.clone())?;
        let mut points = Self { name, cells, x: Vec::new(), y: Vec::new() };
        (points.x, points.y) = (points.numbers(0)?, points.numbers(1)?);
        Ok(points)
    }

    pub(super) fn len(&self) -> usize {
        self.x.len()
    }

    /// West, south, east and north of all; `None` without any.
    pub(super) fn extent(&self) -> Option<[f64; 4]> {
        let least = |of: &[f64]| of.iter().copied().reduce(f64::min);
        let most = |of: &[f64]| of.iter().copied().reduce(f64::max);
        Some([least(&self.x)?, least(&self.y)?, most(&self.x)?, most(&self.y)?])
    }

    /// Where a point is, as the file has it.
    pub(super) fn given(&self, point: usize) -> (f64, f64) {
        (self.x[point], self.y[point])
    }

    /// Where all points are in a plane.
    pub(super) fn places(&self, plane: Plane) -> anyhow::Result<Vec<PlanePoint>> {
        let place = |point: usize| {
            let (x, y) = self.given(point);
            plane.place(x, y).map_err(|why| self.fault(point, &why))
        };
        (0..self.len()).map(place).collect()
    }

    /// A column of text, counted from 0 after those of the coordinates.
    pub(super) fn text(&self, column: usize) -> &[String] {
        &self.cells.columns[2 + column]
    }

    /// A column of numbers, counted as that of a text.
    pub(super) fn more_numbers(&self, column: usize) -> anyhow::Result<Vec<f64>> {
        self.numbers(2 + column)
    }

    /// The heading of such a column, as the file has it.
    pub(super) fn heading(&self, column: usize) -> &str {
        &self.cells.headings[2 + column]
    }

    /// The line of the file that a point begins on.
    pub(super) fn row(&self, point: usize) -> u64 {
        self.cells.rows[point]
    }

    /// What is wrong with a point: file, row, reason.
    pub(super) fn fault(&self, point: usize, why: &Message) -> anyhow::Error {
        let (name, row) = (&self.name, self.row(point));
        let (zh, en) = (&why.zh, &why.en);
        anyhow::anyhow!(message!("{name}：第 {row} 行：{zh}", "{name}: row {row}: {en}"))
    }

    fn numbers(&self, column: usize) -> anyhow::Result<Vec<f64>> {
        let heading = &self.cells.headings[column];
        let cells = self.cells.columns[column].iter().zip(&self.cells.rows);
        let numbers = cells.map(|(cell, &row)| number(cell, row, heading)).collect::<Result<Vec<_>, _>>();
        numbers.with_context(|| self.name.clone())
    }
}

/// The name given, or else those that are usual.
fn names<'a>(given: Option<&'a str>, usual: &[&'a str]) -> Vec<&'a str> {
    given.map_or_else(|| usual.to_vec(), |name| vec![name])
}
