//! The answers as a file: CSV or Parquet, the points' names beside their grids'.

use std::io::Write;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::point_file::{Block, Ids, RawBlock};
use crate::kernel::geometry::FaceId;

/// The heading of the points' names, when they are row numbers.
const ROW: &str = "row";
/// The heading of the grids' names.
const GRID: &str = "grid";

/// A format to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// Comma-separated values, RFC 4180, in UTF-8.
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl OutputFormat {
    /// The format that a file's name ends in.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// Whether a column of this type can name points.
pub(super) fn can_name(kind: &DataType) -> bool {
    kind.is_integer() || matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// What goes beside the answers of a block.
pub(super) struct Answers<'a> {
    /// The block as it came.
    pub(super) raw: &'a RawBlock,
    pub(super) block: &'a Block,
    pub(super) owners: &'a [Option<FaceId>],
    /// The number of its first row, from 1.
    pub(super) first_row: u64,
}

/// How answers become output; made once, used from all threads.
pub(super) struct Shape {
    /// The grids' names, quoted for CSV where they need it.
    quoted: Vec<Vec<u8>>,
    labels: Vec<String>,
    schema: SchemaRef,
    heading: String,
    format: OutputFormat,
}

/// Appends the name of a point, given by its place in the block.
type NameWriter<'a> = Box<dyn FnMut(usize, &mut Vec<u8>) + 'a>;

/// A block as it will be written.
pub(super) enum Piece {
    Text(Vec<u8>),
    Batch(RecordBatch),
}

impl Shape {
    /// `id` is the heading of the column that names the points, and `kind` its type if they are not known by their rows.
    pub(super) fn new(
        labels: &[String],
        id: Option<&str>,
        kind: Option<DataType>,
        format: OutputFormat,
    ) -> Self {
        let heading = id.unwrap_or(ROW).to_owned();
        let kind = kind.unwrap_or(DataType::Int64);
        let fields = vec![Field::new(&heading, kind, true), Field::new(GRID, DataType::Utf8, true)];
        let quoted = labels.iter().map(|label| quoted(label.as_bytes())).collect();
        Self { quoted, labels: labels.to_vec(), schema: Arc::new(Schema::new(fields)), heading, format }
    }

    /// The line above the answers, in CSV.
    pub(super) fn heading(&self) -> Vec<u8> {
        let mut line = quoted(self.heading.as_bytes());
        line.push(b',');
        line.extend_from_slice(GRID.as_bytes());
        line.push(b'\n');
        line
    }

    /// The answers in the form of the output.
    pub(super) fn piece(&self, answers: &Answers<'_>) -> Result<Piece, arrow_schema::ArrowError> {
        match self.format {
            OutputFormat::Csv => Ok(Piece::Text(self.text(answers))),
            OutputFormat::Parquet => self.batch(answers).map(Piece::Batch),
        }
    }

    /// The answers as CSV.
    pub(super) fn text(&self, answers: &Answers<'_>) -> Vec<u8> {
        let mut out = Vec::with_capacity(answers.owners.len() * 24);
        let mut name = name_writer(answers);
        for (i, owner) in answers.owners.iter().enumerate() {
            name(i, &mut out);
            out.push(b',');
            if let Some(label) = owner.and_then(|face| self.quoted.get(face.0 as usize)) {
                out.extend_from_slice(label);
            }
            out.push(b'\n');
        }
        out
    }

    fn batch(&self, answers: &Answers<'_>) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let count = answers.owners.len();
        let names: ArrayRef = match &answers.block.ids {
            Ids::Rows => {
                let first = answers.first_row.cast_signed();
                Arc::new(Int64Array::from_iter_values((first..).take(count)))
            }
            Ids::Texts { text, ends } => {
                let starts = std::iter::once(&0).chain(ends);
                let texts = starts.zip(ends).map(|(&start, &end)| String::from_utf8_lossy(&text[start..end]));
                Arc::new(StringArray::from_iter_values(texts))
            }
            Ids::Column(column) => column.clone(),
        };
        let label = |owner: &Option<FaceId>| owner.and_then(|face| self.labels.get(face.0 as usize));
        let grids: StringArray = answers.owners.iter().map(label).collect();
        RecordBatch::try_new(self.schema.clone(), vec![names, Arc::new(grids)])
    }
}

/// Writes the name of a point of the block.
pub(super) fn name_writer<'a>(answers: &Answers<'a>) -> NameWriter<'a> {
    fn of<T: ArrowPrimitiveType>(column: &ArrayRef) -> NameWriter<'_>
    where
        T::Native: std::fmt::Display,
    {
        let numbers = column.as_primitive::<T>();
        Box::new(|i, out| {
            if numbers.is_valid(i) {
                // Writing to memory does not fail.
                let _ = write!(out, "{}", numbers.value(i));
            }
        })
    }
    let first_row = answers.first_row;
    match &answers.block.ids {
        Ids::Rows => Box::new(move |i, out| push_number(first_row + i as u64, out)),
        Ids::Texts { text, ends } => Box::new(move |i, out| {
            let start = if i == 0 { 0 } else { ends[i - 1] };
            push_quoted(&text[start..ends[i]], out);
        }),
        Ids::Column(column) => match column.data_type() {
            DataType::Int8 => of::<Int8Type>(column),
            DataType::Int16 => of::<Int16Type>(column),
            DataType::Int32 => of::<Int32Type>(column),
            DataType::Int64 => of::<Int64Type>(column),
            DataType::UInt8 => of::<UInt8Type>(column),
            DataType::UInt16 => of::<UInt16Type>(column),
            DataType::UInt32 => of::<UInt32Type>(column),
            DataType::UInt64 => of::<UInt64Type>(column),
            DataType::LargeUtf8 => {
                let texts = column.as_string::<i64>();
                Box::new(|i, out| push_quoted(texts.value(i).as_bytes(), out))
            }
            DataType::Utf8View => {
                let texts = column.as_string_view();
                Box::new(|i, out| push_quoted(texts.value(i).as_bytes(), out))
            }
            _ => {
                let texts = column.as_string::<i32>();
                Box::new(|i, out| push_quoted(texts.value(i).as_bytes(), out))
            }
        },
    }
}

/// A file being written, piece by piece.
pub(super) enum Output<W: Write + Send> {
    Csv(W),
    Parquet(Box<ArrowWriter<W>>),
}

impl<W: Write + Send> Output<W> {
    /// Begins with what comes before the first piece.
    pub(super) fn begin(shape: &Shape, mut out: W) -> std::io::Result<Self> {
        match shape.format {
            OutputFormat::Csv => {
                out.write_all(&shape.heading())?;
                Ok(Self::Csv(out))
            }
            OutputFormat::Parquet => {
                let level = ZstdLevel::default();
                let properties =
                    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
                let writer = ArrowWriter::try_new(out, shape.schema.clone(), Some(properties))
                    .map_err(std::io::Error::other)?;
                Ok(Self::Parquet(Box::new(writer)))
            }
        }
    }

    pub(super) fn write(&mut self, piece: &Piece) -> std::io::Result<()> {
        match (self, piece) {
            (Self::Csv(out), Piece::Text(text)) => out.write_all(text),
            (Self::Parquet(writer), Piece::Batch(batch)) => {
                writer.write(batch).map_err(std::io::Error::other)
            }
            _ => Err(std::io::Error::other("a piece of another format")),
        }
    }

    /// Ends with what comes after the last piece.
    pub(super) fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Csv(mut out) => out.flush(),
            Self::Parquet(writer) => writer.close().map(drop).map_err(std::io::Error::other),
        }
    }
}

/// A decimal number; `write!` would take as long as finding the grid.
fn push_number(mut number: u64, out: &mut Vec<u8>) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Text as a cell of CSV.
fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    push_quoted(text, &mut out);
    out
}

fn push_quoted(text: &[u8], out: &mut Vec<u8>) {
    if !text.iter().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r')) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for &byte in text {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
