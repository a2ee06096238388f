//! One cell to one typed JSON value, by its column's [`Kind`].

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::columns::Kind;
use super::table::Cell;
use crate::domain::roads::Barrier;
use crate::message;
use crate::platform::clock::china_offset;
use crate::platform::code::PlaceCode;
use crate::platform::locale::Message;

/// The largest number a spreadsheet holds to the last digit.
const LARGEST_EXACT: f64 = 9_007_199_254_740_991.0;

/// Reads `cell` as `kind`; `Null` for an empty cell.
///
/// # Errors
/// Why the cell does not fit.
pub(super) fn parse(kind: Kind, cell: &Cell) -> Result<Value, Message> {
    if *cell == Cell::Empty {
        return Ok(Value::Null);
    }
    match kind {
        Kind::Text { max } => {
            let text = text(cell)?;
            let length = text.chars().count();
            if length > max {
                return Err(message!(
                    "过长：{length} 字，上限 {max} 字",
                    "too long: {length} characters, at most {max}"
                ));
            }
            Ok(text.into())
        }
        Kind::Key => {
            let text = text(cell)?;
            if text.chars().count() > 64 || text.chars().any(char::is_control) {
                return Err(message!(
                    "编码过长或含不可见字符",
                    "the code is too long or has control characters"
                ));
            }
            Ok(text.into())
        }
        Kind::Place(levels) => {
            let code: PlaceCode =
                text(cell)?.parse().map_err(|error: crate::platform::code::CodeError| error.message())?;
            if !levels.contains(&code.as_str().len()) {
                let wanted = levels.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
                return Err(message!(
                    "此处编码应为 {wanted} 位",
                    "a code of {wanted} digits is expected here"
                ));
            }
            Ok(code.to_string().into())
        }
        Kind::Checked(check) => {
            let text = text(cell)?;
            check(&text)?;
            Ok(text.into())
        }
        Kind::Integer { min, max } => integer(cell, min, max),
        Kind::Real { min, max } => {
            let number = number(cell)?;
            if !(min..=max).contains(&number) {
                return Err(message!("应在 {min} 到 {max} 之间", "between {min} and {max}"));
            }
            Ok(number.into())
        }
        Kind::Bool => boolean(cell),
        Kind::Term(terms) => {
            let text = text(cell)?;
            let found = terms.iter().find(|(key, zh)| *zh == text || key.eq_ignore_ascii_case(&text));
            found.map(|(key, _)| Value::from(*key)).ok_or_else(|| {
                let zh = terms.iter().map(|(_, zh)| *zh).collect::<Vec<_>>().join("、");
                let en = terms.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
                message!("应为其中之一：{zh}", "one of: {en}")
            })
        }
        Kind::Date => date(cell).map(|date| date.to_string().into()),
        Kind::Timestamp => timestamp(cell).map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()),
        Kind::TimeOfDay => time(cell).map(|time| time.format("%H:%M").to_string().into()),
        Kind::Uuid => {
            let id: Uuid = text(cell)?.parse().map_err(|_| message!("不是有效的 UUID", "not a UUID"))?;
            Ok(id.to_string().into())
        }
        Kind::Barriers => match cell {
            Cell::Json(value) if Vec::<Barrier>::deserialize(value).is_ok() => Ok(value.clone()),
            _ => Err(message!(
                "应为路障列表：[{{\"vertex\": 3, \"stops\": [\"car\"]}}]",
                "a list of barriers is expected: [{{\"vertex\": 3, \"stops\": [\"car\"]}}]"
            )),
        },
        Kind::Json => match cell {
            Cell::Json(value) => Ok(value.clone()),
            _ => Err(message!("应为列表或对象", "a list or an object is expected")),
        },
    }
}

/// Text, or a whole number as its digits: spreadsheets turn codes and telephone numbers into numbers.
fn text(cell: &Cell) -> Result<String, Message> {
    match cell {
        Cell::Text(text) => Ok(unguarded(text).to_owned()),
        Cell::Number(number) if number.fract() == 0.0 && number.abs() <= LARGEST_EXACT => {
            Ok(format!("{number:.0}"))
        }
        Cell::Number(number) if number.fract() == 0.0 => Err(message!(
            "数字过长，表格软件已丢失末位，请将该列设为文本格式重新填写",
            "the spreadsheet has lost the last digits of this number: format the column as text and enter it again"
        )),
        Cell::Number(number) => Ok(number.to_string()),
        Cell::Bool(value) => Ok(value.to_string()),
        Cell::DateTime(at) => Ok(at.to_string()),
        Cell::Empty | Cell::Json(_) => Err(message!("应为文字", "text is expected")),
    }
}

/// An apostrophe before a character that would start a formula is the mark our own export leaves.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

fn number(cell: &Cell) -> Result<f64, Message> {
    let refuse = || message!("应为数字", "a number is expected");
    let number = match cell {
        Cell::Number(number) => *number,
        Cell::Text(text) => text.replace([',', '，'], "").parse().map_err(|_| refuse())?,
        _ => return Err(refuse()),
    };
    if number.is_finite() { Ok(number) } else { Err(refuse()) }
}

fn integer(cell: &Cell, min: i64, max: i64) -> Result<Value, Message> {
    let number = number(cell)?;
    if number.fract() != 0.0 {
        return Err(message!("应为整数", "a whole number is expected"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole, and compared with its range")]
    let whole = number as i64;
    if (min..=max).contains(&whole) {
        Ok(whole.into())
    } else {
        Err(message!("应在 {min} 到 {max} 之间", "between {min} and {max}"))
    }
}

fn boolean(cell: &Cell) -> Result<Value, Message> {
    let refuse = || message!("应为“是”或“否”", "yes or no is expected");
    match cell {
        Cell::Bool(value) => Ok((*value).into()),
        Cell::Number(number) if [0.0, 1.0].contains(number) => Ok((*number > 0.5).into()),
        Cell::Text(text) => match text.to_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "是" | "有" | "√" => Ok(true.into()),
            "false" | "no" | "n" | "0" | "否" | "无" | "×" => Ok(false.into()),
            _ => Err(refuse()),
        },
        _ => Err(refuse()),
    }
}

fn date(cell: &Cell) -> Result<NaiveDate, Message> {
    let refuse = || message!("应为日期，如 2022-09-26", "a date is expected, such as 2022-09-26");
    match cell {
        Cell::DateTime(at) => Ok(at.date()),
        Cell::Text(text) => ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
            .iter()
            .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
            .or_else(|| timestamp(cell).ok().map(|at| at.with_timezone(&china_offset()).date_naive()))
            .ok_or_else(refuse),
        _ => Err(refuse()),
    }
}

/// A moment: RFC 3339, or a local time without a zone, which is China's.
fn timestamp(cell: &Cell) -> Result<DateTime<Utc>, Message> {
    let refuse = || {
        message!(
            "应为时间，如 2022-09-26 08:30 或 2022-09-26T08:30:00+08:00",
            "a time is expected, such as 2022-09-26T08:30:00+08:00"
        )
    };
    let local = |at: &NaiveDateTime| {
        china_offset().from_local_datetime(at).single().map(|at| at.with_timezone(&Utc)).ok_or_else(refuse)
    };
    match cell {
        Cell::DateTime(at) => local(at),
        Cell::Text(text) => {
            if let Ok(at) = DateTime::parse_from_rfc3339(text) {
                return Ok(at.with_timezone(&Utc));
            }
            let formats = [
                "%Y-%m-%d %H:%M:%S",
                "%Y-%m-%d %H:%M",
                "%Y/%m/%d %H:%M:%S",
                "%Y/%m/%d %H:%M",
                "%Y-%m-%dT%H:%M:%S",
            ];
            let found = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
            let day = || {
                ["%Y-%m-%d", "%Y/%m/%d"]
                    .iter()
                    .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
                    .and_then(|date| date.and_hms_opt(0, 0, 0))
            };
            local(&found.or_else(day).ok_or_else(refuse)?)
        }
        _ => Err(refuse()),
    }
}

fn time(cell: &Cell) -> Result<NaiveTime, Message> {
    let refuse = || message!("应为时刻，如 08:30", "a time of day is expected, such as 08:30");
    match cell {
        Cell::DateTime(at) => Ok(at.time()),
        // A spreadsheet's time of day is a fraction of a day.
        Cell::Number(number) if (0.0..1.0).contains(number) => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 86,400")]
            let seconds = (number * 86_400.0).round() as u32;
            NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).ok_or_else(refuse)
        }
        Cell::Text(text) => ["%H:%M", "%H:%M:%S"]
            .iter()
            .find_map(|format| NaiveTime::parse_from_str(&text.replace('：', ":"), format).ok())
            .ok_or_else(refuse),
        _ => Err(refuse()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(kind: Kind, cell: &Cell) -> Value {
        parse(kind, cell).unwrap()
    }

    #[test]
    fn spreadsheets_turn_text_into_numbers_and_back() {
        assert_eq!(ok(Kind::Text { max: 30 }, &Cell::Number(13_800_000_000.0)), "13800000000");
        assert_eq!(ok(Kind::Place(&[15]), &Cell::Number(370_828_003_218_001.0)), "370828003218001");
        assert!(parse(Kind::Text { max: 30 }, &Cell::Number(370_828_194_501_010_020.0)).is_err());
    }

    #[test]
    fn both_languages_of_a_truth_value_and_a_term_are_read() {
        for yes in ["是", "true", "1", "√"] {
            assert_eq!(ok(Kind::Bool, &Cell::text(yes)), true);
        }
        let terms = Kind::Term(&[("pond", "坑塘"), ("river", "河")]);
        assert_eq!(ok(terms, &Cell::text("坑塘")), "pond");
        assert_eq!(ok(terms, &Cell::text("River")), "river");
        let refused = parse(terms, &Cell::text("海")).unwrap_err();
        assert_eq!((&*refused.zh, &*refused.en), ("应为其中之一：坑塘、河", "one of: pond, river"));
    }

    #[test]
    fn a_time_without_a_zone_is_chinas() {
        assert_eq!(ok(Kind::Timestamp, &Cell::text("2022-09-26 08:30")), "2022-09-26T00:30:00Z");
        assert_eq!(ok(Kind::Timestamp, &Cell::text("2022-09-26T08:30:00+09:00")), "2022-09-25T23:30:00Z");
        assert_eq!(ok(Kind::Date, &Cell::text("2022年9月26日")), "2022-09-26");
        assert_eq!(ok(Kind::TimeOfDay, &Cell::Number(0.25)), "06:00");
        assert_eq!(ok(Kind::TimeOfDay, &Cell::text("8：30")), "08:30");
    }

    #[test]
    fn numbers_keep_to_their_range() {
        let severity = Kind::Integer { min: 1, max: 4 };
        assert_eq!(ok(severity, &Cell::text("3")), 3);
        assert!(parse(severity, &Cell::Number(5.0)).is_err());
        assert!(parse(severity, &Cell::Number(1.5)).is_err());
        assert!(parse(Kind::Real { min: 0.0, max: 1e6 }, &Cell::text("NaN")).is_err());
        assert_eq!(ok(Kind::Real { min: 0.0, max: 1e6 }, &Cell::text("1,500")), 1500.0);
    }

    #[test]
    fn the_guard_of_an_exported_formula_is_taken_off_again() {
        assert_eq!(ok(Kind::Text { max: 30 }, &Cell::text("'=1+1")), "=1+1");
        assert_eq!(ok(Kind::Text { max: 30 }, &Cell::text("'quoted'")), "'quoted'");
    }
}
