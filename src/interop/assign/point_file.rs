//! A file of points, read in blocks: where the coordinates are, and which rows they came from.
//!
//! Blocks are cut one after another and understood in parallel. Never here: which grid a point is in.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use arrow_array::{ArrayRef, RecordBatch};

use super::csv_points::{CsvPoints, CsvText};
use super::geojson_points::GeoJsonText;
use super::parquet_points::{Columns, ParquetPoints};
use super::refusal::{Fault, Refusal, Spot};
use crate::kernel::geometry::{Crs, Wgs84, to_wgs84};
use crate::message;
use crate::platform::locale::Message;

/// What Parquet files begin with.
const PARQUET_MAGIC: &[u8] = b"PAR1";

/// How much CSV is understood at a time.
const BLOCK: usize = 4 << 20;

/// Headings that mean a longitude, in lower case; the first of these that a file has is taken.
pub const LONGITUDES: [&str; 6] = ["lon", "lng", "longitude", "long", "经度", "x"];
/// Headings that mean a latitude.
pub const LATITUDES: [&str; 4] = ["lat", "latitude", "纬度", "y"];

/// Which columns to read, and how.
#[derive(Debug, Clone)]
pub struct PointColumns {
    /// The heading of the column that names the points; without one they are known by their rows.
    pub id: Option<String>,
    /// The headings of longitude and latitude, if not one of [`LONGITUDES`] and [`LATITUDES`].
    pub lon_lat: Option<(String, String)>,
    /// The coordinates' system.
    pub crs: Crs,
}

/// Where the wanted columns are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Positions {
    pub(super) lon: usize,
    pub(super) lat: usize,
    pub(super) id: Option<usize>,
}

impl PointColumns {
    /// Finds the columns among a file's headings.
    pub(super) fn find(&self, headings: &[String]) -> Result<Positions, Message> {
        let named = |wanted: &str| {
            headings.iter().position(|heading| heading.trim() == wanted.trim()).ok_or_else(|| {
                let all = headings.join(", ");
                message!("没有 {wanted} 列，现有：{all}", "there is no column {wanted}; there are {all}")
            })
        };
        let usual = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| headings.iter().position(|h| h.trim().to_lowercase() == *name))
                .ok_or_else(|| {
                    let (all, wanted) = (headings.join(", "), names.join(", "));
                    message!(
                        "没有 {wanted} 中的任何一列，现有：{all}；可用 --lon 与 --lat 指明",
                        "there is none of the columns {wanted}; there are {all}. Say --lon and --lat"
                    )
                })
        };
        let (lon, lat) = match &self.lon_lat {
            Some((lon, lat)) => (named(lon)?, named(lat)?),
            None => (usual(&LONGITUDES)?, usual(&LATITUDES)?),
        };
        Ok(Positions { lon, lat, id: self.id.as_deref().map(named).transpose()? })
    }
}

/// What the points of a block are called.
#[derive(Debug)]
pub(super) enum Ids {
    /// By their rows.
    Rows,
    /// Texts one behind the other: where each ends.
    Texts { text: Vec<u8>, ends: Vec<usize> },
    /// A column of a Parquet file.
    Column(ArrayRef),
}

/// Points that follow each other in the file.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) places: Vec<Wgs84>,
    pub(super) ids: Ids,
    /// Rows read, those with faults included.
    pub(super) rows: u64,
    /// What is wrong with rows, counted from 1 within the block.
    pub(super) faults: Vec<Fault>,
}

impl Block {
    /// Takes the coordinates of the next row, or notes what is wrong with them.
    pub(super) fn push(&mut self, crs: Crs, coordinates: Result<(f64, f64), Message>) {
        self.rows += 1;
        let place = coordinates.and_then(|(x, y)| {
            to_wgs84(crs, x, y).map_err(|error| Message::new(error.to_chinese(), error.to_string()))
        });
        match place {
            Ok(place) => self.places.push(place),
            Err(reason) => self.faults.push(Fault { spot: Spot::Row(self.rows), reason }),
        }
    }
}

/// A block that has been cut from its file, and not been understood yet.
#[derive(Debug)]
pub(super) enum RawBlock {
    Csv(CsvText),
    GeoJson(GeoJsonText),
    Parquet(RecordBatch, Columns),
}

impl RawBlock {
    pub(super) fn understand(&self) -> Block {
        match self {
            Self::Csv(text) => text.understand(),
            Self::GeoJson(text) => text.understand(),
            Self::Parquet(batch, columns) => columns.understand(batch),
        }
    }
}

/// An open file of points.
pub struct PointFile {
    source: Source,
    /// The heading of the column that names the points.
    id: Option<String>,
    length: u64,
}

enum Source {
    Csv(CsvFile),
    Parquet(ParquetPoints),
}

/// CSV, and where it is read from.
struct CsvFile {
    input: Box<dyn Read + Send>,
    name: String,
    points: CsvPoints,
}

impl CsvFile {
    /// Reads on until there is as much as wanted, or no more.
    fn fill(&mut self) -> Result<(), Refusal> {
        let missing = self.points.missing();
        if missing > 0 {
            let arrived = self.points.arrived();
            let read = self.input.by_ref().take(missing as u64).read_to_end(&mut arrived.text);
            arrived.ended = read.map_err(|error| Refusal::unreadable(&self.name, error))? < missing;
        }
        Ok(())
    }

    /// The next whole rows; none at the end.
    fn next_text(&mut self) -> Result<Option<CsvText>, Refusal> {
        loop {
            self.fill()?;
            let text = self.points.next_text()?;
            if text.is_some() || self.points.missing() == 0 {
                return Ok(text);
            }
        }
    }
}

impl PointFile {
    /// Opens a CSV or Parquet file.
    ///
    /// # Errors
    /// When it cannot be read or lacks a column.
    pub fn open(path: &Path, columns: &PointColumns) -> Result<Self, Refusal> {
        let name = path.display().to_string();
        let unreadable = |error| Refusal::unreadable(&name, error);
        let mut file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let mut start = Vec::new();
        file.by_ref().take(PARQUET_MAGIC.len() as u64).read_to_end(&mut start).map_err(unreadable)?;
        if start == PARQUET_MAGIC || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) {
            let points = ParquetPoints::open(file, &name, columns)?;
            let length = points.rows();
            return Ok(Self { source: Source::Parquet(points), id: columns.id.clone(), length });
        }
        let whole = std::io::Cursor::new(start).chain(file);
        Ok(Self { length, ..Self::csv(Box::new(whole), &name, columns)? })
    }

    /// Reads CSV from anywhere.
    ///
    /// # Errors
    /// When it cannot be read or lacks a column.
    pub fn csv(input: Box<dyn Read + Send>, name: &str, columns: &PointColumns) -> Result<Self, Refusal> {
        let points = CsvPoints::new(name, columns, BLOCK);
        let mut file = CsvFile { input, name: name.to_owned(), points };
        file.fill()?;
        file.points.headings()?;
        Ok(Self { source: Source::Csv(file), id: columns.id.clone(), length: 0 })
    }

    /// What [`super::Progress`] counts up to: bytes of CSV or rows of Parquet; 0 when nobody knows.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The heading of the column that names the points, if one does.
    pub(super) fn id_heading(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The type of the column that names the points, if it has one of its own.
    pub(super) fn id_type(&self) -> Option<arrow_schema::DataType> {
        match &self.source {
            Source::Csv(_) => self.id.as_ref().map(|_| arrow_schema::DataType::Utf8),
            Source::Parquet(points) => points.id_type(),
        }
    }

    /// Up to `count` blocks more; none at the end.
    pub(super) fn next_blocks(&mut self, count: usize) -> Result<Vec<RawBlock>, Refusal> {
        let mut blocks = Vec::with_capacity(count);
        while blocks.len() < count {
            let block = match &mut self.source {
                Source::Csv(file) => file.next_text()?.map(RawBlock::Csv),
                Source::Parquet(points) => {
                    points.next_batch()?.map(|(batch, columns)| RawBlock::Parquet(batch, columns))
                }
            };
            match block {
                Some(block) => blocks.push(block),
                None => break,
            }
        }
        Ok(blocks)
    }

    /// How far along the length everything handed out so far is.
    pub(super) fn position(&self) -> u64 {
        match &self.source {
            Source::Csv(file) => file.points.position(),
            Source::Parquet(points) => points.position(),
        }
    }
}
