//! Points from Parquet: any file whose coordinates are columns of numbers.

use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::point_file::{Block, Ids, PointColumns, Positions};
use super::refusal::Refusal;
use crate::kernel::geometry::Crs;
use crate::message;
use crate::platform::locale::Message;

/// How many rows are understood at a time.
const BLOCK: usize = 1 << 17;

/// Where the columns are in a batch that has only those.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    at: Positions,
    crs: Crs,
}

/// A Parquet file being read.
pub(super) struct ParquetPoints {
    reader: ParquetRecordBatchReader,
    name: String,
    columns: Columns,
    id_type: Option<DataType>,
    rows: u64,
    position: u64,
}

impl ParquetPoints {
    pub(super) fn open(file: File, name: &str, columns: &PointColumns) -> Result<Self, Refusal> {
        let broken = |error| {
            let why = message!("不是完整的 Parquet 文件", "not a whole Parquet file");
            Refusal::because(name, why, error)
        };
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(broken)?;
        let fields = builder.schema().fields().clone();
        let headings: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
        let at = columns.find(&headings).map_err(|why| Refusal::whole(name, why))?;
        for column in [at.lon, at.lat] {
            let (heading, found) = (&headings[column], fields[column].data_type());
            if !found.is_integer() && !matches!(found, DataType::Float32 | DataType::Float64) {
                let why = message!(
                    "{heading} 列不是数字，而是 {found}",
                    "column {heading} holds {found}, not numbers"
                );
                return Err(Refusal::whole(name, why));
            }
        }
        let id_type = at.id.map(|column| fields[column].data_type().clone());
        if let (Some(found), Some(column)) = (&id_type, at.id)
            && !super::assigned::can_name(found)
        {
            let heading = &headings[column];
            let why = message!(
                "{heading} 列的类型 {found} 不能作编号，可用文本或整数",
                "column {heading} holds {found}, which names nothing: texts and whole numbers do"
            );
            return Err(Refusal::whole(name, why));
        }
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let wanted: Vec<usize> = [Some(at.lon), Some(at.lat), at.id].into_iter().flatten().collect();
        // The batches have the wanted columns in the order of the file.
        let in_batch = |column: usize| {
            let mut before: Vec<usize> = wanted.iter().copied().filter(|&other| other < column).collect();
            before.sort_unstable();
            before.dedup();
            before.len()
        };
        let positions = Positions { lon: in_batch(at.lon), lat: in_batch(at.lat), id: at.id.map(in_batch) };
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
        let reader = builder.with_projection(mask).with_batch_size(BLOCK).build().map_err(broken)?;
        let columns = Columns { at: positions, crs: columns.crs };
        Ok(Self { reader, name: name.to_owned(), columns, id_type, rows, position: 0 })
    }

    pub(super) fn id_type(&self) -> Option<DataType> {
        self.id_type.clone()
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn next_batch(&mut self) -> Result<Option<(RecordBatch, Columns)>, Refusal> {
        let Some(batch) = self.reader.next() else { return Ok(None) };
        let batch = batch.map_err(|error| {
            let row = self.position;
            let why = message!(
                "第 {row} 行之后无法读取（文件可能已损坏）",
                "cannot be read after row {row} (the file may be damaged)"
            );
            Refusal::because(&self.name, why, error)
        })?;
        self.position += batch.num_rows() as u64;
        Ok(Some((batch, self.columns)))
    }
}

impl Columns {
    /// Reads the rows of a batch.
    pub(super) fn understand(&self, batch: &RecordBatch) -> Block {
        let ids = self.at.id.map_or(Ids::Rows, |column| Ids::Column(batch.column(column).clone()));
        let places = Vec::with_capacity(batch.num_rows());
        let mut block = Block { places, ids, rows: 0, faults: Vec::new() };
        let lons = numbers(batch.column(self.at.lon), ("经度", "longitude"));
        let lats = numbers(batch.column(self.at.lat), ("纬度", "latitude"));
        for (lon, lat) in lons.into_iter().zip(lats) {
            block.push(self.crs, lon.and_then(|lon| Ok((lon, lat?))));
        }
        block
    }
}

type Number = Result<f64, Message>;

fn numbers(column: &dyn Array, name: (&'static str, &'static str)) -> Vec<Number> {
    fn of<T: ArrowPrimitiveType>(
        column: &dyn Array,
        (zh, en): (&str, &str),
        to_f64: impl Fn(T::Native) -> f64,
    ) -> Vec<Number> {
        let cells = column.as_primitive::<T>().iter();
        cells.map(|cell| cell.map(&to_f64).ok_or_else(|| message!("{zh}为空", "the {en} is empty"))).collect()
    }
    match column.data_type() {
        DataType::Float64 => of::<Float64Type>(column, name, |x| x),
        DataType::Float32 => of::<Float32Type>(column, name, f64::from),
        DataType::Int8 => of::<Int8Type>(column, name, f64::from),
        DataType::Int16 => of::<Int16Type>(column, name, f64::from),
        DataType::Int32 => of::<Int32Type>(column, name, f64::from),
        DataType::Int64 => of::<Int64Type>(column, name, |x| x as f64),
        DataType::UInt8 => of::<UInt8Type>(column, name, f64::from),
        DataType::UInt16 => of::<UInt16Type>(column, name, f64::from),
        DataType::UInt32 => of::<UInt32Type>(column, name, f64::from),
        DataType::UInt64 => of::<UInt64Type>(column, name, |x| x as f64),
        // Checked when the file was opened.
        _ => Vec::new(),
    }
}
