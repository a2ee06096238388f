//! Columns out of any CSV, for computations that need no layer.

use super::csv_file::{decode, delimiter};
use super::format::ReadError;
use crate::message;

/// Columns of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// The line of the file that each row begins on.
    pub rows: Vec<u64>,
    /// The numbers, column by column.
    pub columns: Vec<Vec<f64>>,
}

/// Columns of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// The line of the file that each row begins on.
    pub rows: Vec<u64>,
    /// The heading of each column, as the file has it.
    pub headings: Vec<String>,
    /// The text, column by column, without the white space around it.
    pub columns: Vec<Vec<String>>,
}

/// Reads one column for each of `wanted`, which lists the headings that it may have; the first that the file has is
/// taken, in capitals or not.
///
/// # Errors
/// When the file is no CSV, or lacks a column.
pub fn read_cells(bytes: &[u8], wanted: &[&[&str]]) -> Result<Cells, ReadError> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(&text)).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| broken(&error))?.clone();
    let places = wanted.iter().map(|names| place(&headings, names)).collect::<Result<Vec<_>, _>>()?;

    let mut rows = Vec::new();
    let mut columns = vec![Vec::new(); wanted.len()];
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        rows.push(record.position().map_or(0, csv::Position::line));
        for (column, &place) in columns.iter_mut().zip(&places) {
            column.push(record.get(place).unwrap_or_default().trim().to_owned());
        }
    }
    let headings = places.iter().map(|&place| headings[place].to_owned()).collect();
    Ok(Cells { rows, headings, columns })
}

/// As [`read_cells`], of numbers.
///
/// # Errors
/// As there, and when a cell is not a finite number.
pub fn read_numbers(bytes: &[u8], wanted: &[&[&str]]) -> Result<Numbers, ReadError> {
    let Cells { rows, headings, columns } = read_cells(bytes, wanted)?;
    let numbers = |(heading, column): (&String, Vec<String>)| {
        column.iter().zip(&rows).map(|(cell, &row)| number(cell, row, heading)).collect::<Result<Vec<_>, _>>()
    };
    let columns = headings.iter().zip(columns).map(numbers).collect::<Result<Vec<_>, _>>()?;
    Ok(Numbers { rows, columns })
}

/// A finite number in a cell.
///
/// # Errors
/// When it is none, naming the row and the heading.
pub fn number(cell: &str, row: u64, heading: &str) -> Result<f64, ReadError> {
    cell.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| {
        ReadError::new(message!(
            "第 {row} 行，{heading}：“{cell}”不是有限的数值",
            "row {row}, {heading}: \"{cell}\" is not a finite number"
        ))
    })
}

fn place(headings: &csv::StringRecord, names: &[&str]) -> Result<usize, ReadError> {
    let found = names
        .iter()
        .find_map(|name| headings.iter().position(|heading| heading.trim().eq_ignore_ascii_case(name)));
    found.ok_or_else(|| {
        let (wanted, given) = (names.join(" / "), headings.iter().collect::<Vec<_>>().join(", "));
        ReadError::new(message!(
            "没有 {wanted} 列；现有：{given}",
            "there is no column {wanted}; there are: {given}"
        ))
    })
}

fn broken(error: &csv::Error) -> ReadError {
    let line = error.position().map_or(0, csv::Position::line);
    ReadError::new(message!(
        "第 {line} 行无法按 CSV 读取（列数与表头不同？）",
        "line {line} cannot be read as CSV (another number of cells than the headings?)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_heading_that_fits_is_taken() {
        let csv = "\u{feff}name,Lon,lat,w\na,116.3,35.1,2\n\"b, c\",116.4,35.2,1e-3\n";
        let numbers = read_numbers(csv.as_bytes(), &[&["x", "lon"], &["w"]]).unwrap();
        assert_eq!(numbers.columns, [vec![116.3, 116.4], vec![2.0, 1e-3]]);
        assert_eq!(numbers.rows, [2, 3]);
        assert_eq!(read_numbers(b"x\n", &[&["x"]]).unwrap().columns, [Vec::<f64>::new()]);
    }

    #[test]
    fn faults_name_row_and_column() {
        let fault = |csv: &str| read_numbers(csv.as_bytes(), &[&["x"], &["y"]]).unwrap_err().0.en.to_string();
        assert_eq!(fault("x,y\n1,2\n3,abc\n"), "row 3, y: \"abc\" is not a finite number");
        assert_eq!(fault("x,y\n1,inf\n"), "row 2, y: \"inf\" is not a finite number");
        assert_eq!(fault("x,y\n,2\n"), "row 2, x: \"\" is not a finite number");
        assert_eq!(fault("x,z\n1,2\n"), "there is no column y; there are: x, z");
        assert!(fault("x,y\n1,2\n1\n").starts_with("line 3 cannot be read as CSV"));
    }
}
