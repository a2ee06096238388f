//! Files to assign, and the program run on them.

#![expect(clippy::expect_used, reason = "a test that cannot set itself up should say so and stop")]

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with files in it.
pub(crate) struct Folder {
    root: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { root: tempfile::tempdir().expect("a directory") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("writes");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("reads")
    }

    /// What stands in the folder, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.path()).expect("lists");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// `gridkeeper assign ARGUMENTS` in this folder, speaking English.
    pub(crate) fn assign(&self, arguments: &str) -> Done {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridkeeper"));
        command.current_dir(self.root.path()).args(["--lang", "en", "assign"]);
        let output = command.args(arguments.split_whitespace()).output().expect("runs");
        Done { output }
    }
}

/// A program that has ended.
pub(crate) struct Done {
    output: Output,
}

impl Done {
    pub(crate) fn errors(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    pub(crate) fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    pub(crate) fn succeeded(self) -> Self {
        assert!(self.output.status.success(), "{}", self.errors());
        self
    }

    /// The line of figures.
    pub(crate) fn stats(&self) -> Value {
        let errors = self.errors();
        let mut lines = errors.lines().filter(|line| line.starts_with('{'));
        let line = lines.next().expect("a line of figures");
        assert!(lines.next().is_none(), "one line of figures");
        serde_json::from_str(line).expect("JSON")
    }
}

/// A reference coverage and its points with their answers: see `fixtures/reference`.
pub(crate) fn reference(name: &str) -> String {
    let path = format!("{}/fixtures/reference/coverage/{name}.gz", env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    let file = fs::File::open(path).expect("a fixture");
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("a gzipped fixture");
    text
}

/// A square as a feature; its south-western corner is at (west, 0) and its side one degree.
pub(crate) fn square(properties: &str, west: f64) -> String {
    let east = west + 1.0;
    feature(properties, &format!("[[[{west},0],[{east},0],[{east},1],[{west},1],[{west},0]]]"))
}

pub(crate) fn feature(properties: &str, rings: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Polygon","coordinates":{rings}}}}}"#
    )
}

pub(crate) fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}
