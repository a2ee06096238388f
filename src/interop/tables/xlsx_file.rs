//! XLSX: read from the first sheet that has headings, written with headings that stay in view.

use std::io::{Cursor, Write};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{Format as CellFormat, FormatAlign, Workbook, Worksheet};

use super::format::{Headings, ReadError, WriteError};
use super::heading::{Header, LAT, LON, WKT};
use crate::domain::exchange::{Cell, Exported, GeometryKind, Layer, Table, columns};
use crate::message;

pub(super) fn read(layer: Layer, bytes: &[u8]) -> Result<Table, ReadError> {
    let broken = || ReadError::new(message!("不是有效的 XLSX 文件", "not an XLSX file"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let sheets = workbook.sheet_names();
    for sheet in &sheets {
        let range = workbook.worksheet_range(sheet).map_err(|_| broken())?;
        let Some(start) = range.start() else { continue };
        let merged = workbook.merge_cells_by_sheet_name(sheet).map_err(|_| broken())?;
        if merged.iter().any(|region| region.start.0 <= start.0 && start.0 <= region.end.0) {
            return Err(ReadError::new(message!(
                "工作表“{sheet}”的表头有合并单元格，请取消合并，使第一行每列各有一个表头",
                "the headings of sheet {sheet:?} have merged cells: unmerge them, one heading per column in the first row"
            )));
        }
        let mut lines = range.rows();
        let Some(first) = lines.next() else { continue };
        let headings: Vec<String> = first.iter().map(ToString::to_string).collect();
        let header = Header::understand(layer, &headings)?;
        let mut rows = Vec::new();
        for (index, line) in lines.enumerate() {
            let number = start.0 as usize + index + 2;
            rows.extend(header.row(number, line.iter().map(cell).collect()));
        }
        if let Some(region) = merged.iter().find(|region| region.end.0 > start.0) {
            let number = region.start.0 + 1;
            return Err(ReadError::new(message!(
                "第 {number} 行有合并单元格，请取消合并后逐行填写",
                "row {number} has merged cells: unmerge them and fill in each row"
            )));
        }
        return Ok(Table { rows, ignored: header.ignored });
    }
    Err(ReadError::new(message!("文件为空", "the file is empty")))
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty | Data::Error(_) => Cell::Empty,
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet's own numbers are floats")]
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::Bool(value) => Cell::Bool(*value),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(text),
        // Below one, a serial number is a time of day without a date.
        Data::DateTime(at) if at.as_f64() < 1.0 => Cell::Number(at.as_f64()),
        Data::DateTime(at) => at.as_datetime().map_or(Cell::Empty, Cell::DateTime),
    }
}

/// The headings of a layer's table: its columns, then where a row lies.
pub(super) fn headings_of(layer: Layer, headings: Headings) -> Vec<&'static str> {
    let pick = |(en, zh): (&'static str, &'static str)| if headings == Headings::Zh { zh } else { en };
    let place: &[(&str, &str)] = if layer.geometry() == GeometryKind::Point { &[LON, LAT] } else { &[WKT] };
    columns(layer)
        .iter()
        .filter(|column| column.in_tables())
        .map(|column| (column.key, column.zh))
        .chain(place.iter().copied())
        .map(pick)
        .collect()
}

/// Writes the headings into the first row and keeps them in view.
pub(super) fn write_headings(sheet: &mut Worksheet, names: &[&str]) -> Result<(), WriteError> {
    let style = CellFormat::new().set_bold().set_align(FormatAlign::Center).set_background_color(0x00E8_EEF4);
    for (index, name) in names.iter().enumerate() {
        let column = u16::try_from(index).unwrap_or(u16::MAX);
        sheet.write_string_with_format(0, column, *name, &style)?;
        sheet.set_column_width(column, 16.0)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

pub(super) fn write(
    layer: Layer,
    headings: Headings,
    rows: &[Exported],
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(layer.zh())?;
    write_headings(sheet, &headings_of(layer, headings))?;
    for (index, row) in rows.iter().enumerate() {
        let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
        for (index, cell) in row.cells(layer).iter().enumerate() {
            let column = u16::try_from(index).unwrap_or(u16::MAX);
            match cell {
                Cell::Text(text) => sheet.write_string(line, column, text)?,
                Cell::Number(number) => sheet.write_number(line, column, *number)?,
                Cell::Bool(value) => sheet.write_string(line, column, if *value { "是" } else { "否" })?,
                Cell::Json(value) => sheet.write_string(line, column, value.to_string())?,
                Cell::Empty | Cell::DateTime(_) => continue,
            };
        }
    }
    out.write_all(&workbook.save_to_buffer()?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
        let mut workbook = Workbook::new();
        fill(workbook.add_worksheet());
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn a_clerks_sheet_is_read() {
        let bytes = book(|sheet| {
            for (column, heading) in ["编码*", "类型", "名称", "图形（WKT）", "备注"].into_iter().enumerate()
            {
                sheet.write_string(0, u16::try_from(column).unwrap(), heading).unwrap();
            }
            sheet.write_number(1, 0, 12.0).unwrap();
            sheet.write_string(1, 1, "坑塘").unwrap();
            sheet.write_string(1, 3, "POLYGON((0 0,1 0,1 1,0 0))").unwrap();
        });
        let table = read(Layer::Water, &bytes).unwrap();
        assert_eq!((table.rows.len(), table.rows[0].number), (1, 2));
        assert_eq!(table.rows[0].cells[0].1, Cell::Number(12.0));
        assert_eq!(table.ignored, ["备注"]);
    }

    #[test]
    fn merged_headings_are_refused_with_a_way_out() {
        let bytes = book(|sheet| {
            sheet.merge_range(0, 0, 0, 2, "崔口村水系", &CellFormat::new()).unwrap();
            sheet.write_string(1, 0, "编码").unwrap();
        });
        let error = read(Layer::Water, &bytes).unwrap_err();
        assert!(error.0.zh.contains("合并单元格"), "{}", error.0.zh);
    }

    #[test]
    fn what_is_no_spreadsheet_is_refused() {
        assert!(read(Layer::Water, b"PK\x03\x04 not really").is_err());
    }
}
