//! A folder of files, and the program run in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should stop")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder that goes with this value.
pub(crate) struct Folder(TempDir);

/// How the program ended.
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `gridkeeper` with these arguments, separated by spaces, in the folder.
    pub(crate) fn run(&self, arguments: &str) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridkeeper"));
        command.args(["--lang", "en"]).args(arguments.split_whitespace()).current_dir(&self.0);
        let output = command.output().unwrap();
        Ended {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs `gridkeeper` and expects it to succeed.
    pub(crate) fn succeed(&self, arguments: &str) {
        let ended = self.run(arguments);
        assert_eq!(ended.status, 0, "{}", ended.stderr);
    }

    /// Runs `gridkeeper`, and expects it to say why it will not and to leave nothing behind at `out`.
    pub(crate) fn refuse(&self, arguments: &str, out: &str, because: &str) {
        let ended = self.run(arguments);
        assert!(ended.status == 1 || ended.status == 2, "{arguments} ended with {}", ended.status);
        assert!(ended.stderr.contains(because), "{arguments}: {}", ended.stderr);
        assert!(!self.path(out).exists(), "{arguments} left something behind");
    }
}

/// A file that is kept for reference.
pub(crate) fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reference/density").join(name)
}

/// The columns of a CSV, by heading.
pub(crate) struct Columns {
    headings: Vec<String>,
    cells: Vec<Vec<f64>>,
}

impl Columns {
    pub(crate) fn of(csv: &str) -> Self {
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let mut cells = vec![Vec::new(); headings.len()];
        for record in reader.records() {
            for (column, cell) in cells.iter_mut().zip(&record.unwrap()) {
                column.push(cell.parse().unwrap());
            }
        }
        Self { headings, cells }
    }

    pub(crate) fn headings(&self) -> String {
        self.headings.join(",")
    }

    pub(crate) fn get(&self, heading: &str) -> &[f64] {
        let place = self.headings.iter().position(|name| name == heading);
        &self.cells[place.unwrap_or_else(|| panic!("no column {heading}"))]
    }
}

/// Whether two columns agree to a share of `within` of each number.
pub(crate) fn agree(found: &[f64], expected: &[f64], within: f64) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("{} rows, not {}", found.len(), expected.len()));
    }
    let off = |(f, e): (&f64, &f64)| (f - e).abs() > within * e.abs() || f.is_nan();
    match found.iter().zip(expected).position(off) {
        Some(row) => Err(format!("row {row}: {} for {}", found[row], expected[row])),
        None => Ok(()),
    }
}
