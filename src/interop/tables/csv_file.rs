//! CSV: UTF-8, or GB 18030 as Excel in China writes it.

use std::borrow::Cow;
use std::io::Write;

use super::format::{Headings, ReadError, WriteError};
use super::heading::Header;
use super::xlsx_file::headings_of;
use crate::domain::exchange::{Cell, Exported, Layer, Table};
use crate::message;

/// Excel reads a CSV as UTF-8 only when it starts with this.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) fn read(layer: Layer, bytes: &[u8]) -> Result<Table, ReadError> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let broken = |error: &csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        ReadError::new(message!("第 {line} 行无法按 CSV 读取", "line {line} cannot be read as CSV"))
    };
    let headings = match records.next() {
        Some(record) => record.map_err(|error| broken(&error))?.iter().map(str::to_owned).collect::<Vec<_>>(),
        None => return Err(ReadError::new(message!("文件为空", "the file is empty"))),
    };
    let header = Header::understand(layer, &headings)?;
    let mut rows = Vec::new();
    for record in records {
        let record = record.map_err(|error| broken(&error))?;
        let number = record.position().map_or(0, csv::Position::line);
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        if record.len() > headings.len()
            && record.iter().skip(headings.len()).any(|cell| !cell.trim().is_empty())
        {
            let (found, wanted) = (record.len(), headings.len());
            return Err(ReadError::new(message!(
                "第 {number} 行有 {found} 列，表头只有 {wanted} 列（文字中的逗号须加引号）",
                "line {number} has {found} cells under {wanted} headings (a comma in text needs quotes)"
            )));
        }
        rows.extend(header.row(number, record.iter().map(Cell::text).collect()));
    }
    Ok(Table { rows, ignored: header.ignored })
}

pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return if text.contains('\0') { Err(not_text()) } else { Ok(Cow::Borrowed(text)) };
    }
    // UTF-16 carries its mark; what is neither is GB 18030 or nothing we know.
    let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
    if broken || text.contains('\0') { Err(not_text()) } else { Ok(text) }
}

fn not_text() -> ReadError {
    ReadError::new(message!(
        "不是 UTF-8、UTF-16 或 GB18030 编码的文本",
        "not text in UTF-8, UTF-16 or GB 18030"
    ))
}

/// A tab or semicolon where the first line has more of them than commas.
pub(super) fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    [(',', b','), ('\t', b'\t'), (';', b';')]
        .into_iter()
        .max_by_key(|(c, byte)| (count(*c), *byte == b','))
        .map_or(b',', |(_, byte)| byte)
}

pub(super) fn write(
    layer: Layer,
    headings: Headings,
    rows: &[Exported],
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(headings_of(layer, headings))?;
    for row in rows {
        writer.write_record(row.cells(layer).into_iter().map(|cell| match cell {
            Cell::Text(text) => guarded(text),
            Cell::Number(number) => number.to_string(),
            Cell::Bool(value) => value.to_string(),
            Cell::Json(value) => value.to_string(),
            Cell::Empty | Cell::DateTime(_) => String::new(),
        }))?;
    }
    writer.flush()?;
    Ok(())
}

/// Text that a spreadsheet would run as a formula, made plain by an apostrophe that the importer takes off again.
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "编码,类型,名称,图形\nW1,坑塘,村塘,\"POLYGON((0 0,1 0,1 1,0 0))\"\n";

    #[test]
    fn every_encoding_gives_the_same_rows() {
        let gb = encoding_rs::GB18030.encode(PLAIN).0.into_owned();
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(PLAIN.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let with_mark = [BYTE_ORDER_MARK, PLAIN.as_bytes()].concat();
        for bytes in [PLAIN.as_bytes().to_vec(), gb, utf16, with_mark] {
            let table = read(Layer::Water, &bytes).unwrap();
            assert_eq!(table.rows.len(), 1);
            assert_eq!(table.rows[0].number, 2);
            assert_eq!(table.rows[0].cells[2].1, Cell::Text("村塘".into()));
        }
    }

    #[test]
    fn a_missing_heading_is_named() {
        let error = read(Layer::Water, "code,name\nW1,x\n".as_bytes()).unwrap_err();
        assert_eq!(error.0.en, "the first row lacks the headings kind, wkt");
    }

    #[test]
    fn a_stray_comma_is_found() {
        let error = read(Layer::Water, "code,kind,wkt\nW1,pond,POINT(1 1),x\n".as_bytes()).unwrap_err();
        assert!(error.0.en.starts_with("line 2 has 4 cells"), "{}", error.0.en);
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert!(read(Layer::Water, &[0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xff]).is_err());
    }
}
