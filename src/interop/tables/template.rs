//! The table a clerk fills in: headings, lists to choose from, and a sheet that explains every column.

use rust_xlsxwriter::{DataValidation, Format as CellFormat, Workbook};

use super::format::{Headings, WriteError};
use super::xlsx_file::{headings_of, write_headings};
use crate::domain::exchange::{Column, GeometryKind, Kind, Layer, columns};

/// Rows with a list to choose from.
const ROWS: u32 = 2_000;
/// A spreadsheet's list to choose from holds no more characters.
const MAX_LIST: usize = 255;

/// An empty table of `layer`, ready to fill in.
///
/// # Errors
/// When the spreadsheet cannot be assembled.
pub fn template(layer: Layer) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let names = headings_of(layer, Headings::Zh);
    let sheet = workbook.add_worksheet();
    sheet.set_name(layer.zh())?;
    write_headings(sheet, &names)?;
    let text = CellFormat::new().set_num_format("@");
    let shown = || columns(layer).iter().filter(|column| column.in_tables());
    for (index, column) in shown().enumerate() {
        let position = u16::try_from(index).unwrap_or(u16::MAX);
        if column.kind.is_text() {
            // Or codes and telephone numbers lose their last digits and leading zeros.
            sheet.set_column_format(position, &text)?;
        }
        let choices: Vec<&str> = match column.kind {
            Kind::Term(terms) => terms.iter().map(|(_, zh)| *zh).collect(),
            Kind::Bool => vec!["是", "否"],
            _ => continue,
        };
        if choices.join(",").chars().count() <= MAX_LIST {
            let list = DataValidation::new().allow_list_strings(&choices)?;
            sheet.add_data_validation(1, position, ROWS, position, &list)?;
        }
    }
    let guide = workbook.add_worksheet();
    guide.set_name("填写说明")?;
    write_headings(guide, &["表头", "英文表头", "必填", "说明"])?;
    guide.set_column_width(3, 80.0)?;
    for (index, column) in shown().enumerate() {
        let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
        guide.write_string(line, 0, column.zh)?;
        guide.write_string(line, 1, column.key)?;
        guide.write_string(line, 2, if column.required { "是" } else { "否" })?;
        guide.write_string(line, 3, explanation(column))?;
    }
    let last = u32::try_from(shown().count() + 2).unwrap_or(u32::MAX);
    let place = match layer.geometry() {
        GeometryKind::Point => {
            "经度、纬度为十进制度数，如 116.305000、35.070000；坐标系默认 WGS84（与 CGCS2000 相差不到一米），导入时可用 --crs 指定 gcj02 或 bd09。"
        }
        _ => {
            "图形列为 WKT 文本，如 POLYGON((116.30 35.07, 116.31 35.07, 116.31 35.08, 116.30 35.07))，经度在前。"
        }
    };
    guide.write_string(last, 0, "位置")?;
    guide.write_string(last, 3, place)?;
    Ok(workbook.save_to_buffer()?)
}

fn explanation(column: &Column) -> String {
    match column.kind {
        Kind::Text { max } => format!("文字，最多 {max} 字"),
        Kind::Key => "本表内唯一的编码；再次导入同一编码即为更新".into(),
        Kind::Place(digits) => {
            format!(
                "区划编码，{} 位数字",
                digits.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
            )
        }
        Kind::Checked(_) => "按国家标准校验".into(),
        Kind::Integer { min, max } => format!("整数，{min} 到 {max}"),
        Kind::Real { min, max } => format!("数字，{min} 到 {max}"),
        Kind::Bool => "是 或 否".into(),
        Kind::Term(terms) => format!(
            "选填其一：{}",
            terms.iter().map(|(key, zh)| format!("{zh}（{key}）")).collect::<Vec<_>>().join("、")
        ),
        Kind::Date => "日期，如 2022-09-26".into(),
        Kind::Timestamp => "时间，如 2022-09-26 08:30（北京时间）".into(),
        Kind::TimeOfDay => "时刻，如 08:30".into(),
        Kind::Uuid => "UUID；留空则新建".into(),
        Kind::Json | Kind::Barriers => "仅用于 GeoJSON".into(),
    }
}
