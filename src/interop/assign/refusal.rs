//! Why files cannot be assigned: in a sentence, then place by place.
//!
//! Never here: how it is printed.

use std::error::Error;
use std::fmt;

use crate::message;
use crate::platform::locale::Message;

/// Faults listed one by one; the rest are counted.
pub const MOST_LISTED: usize = 100;

/// Where in a file a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The file as a whole.
    File,
    /// A feature, counted from 1.
    Feature(u64),
    /// A row of data, counted from 1 and without the heading.
    Row(u64),
}

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Where.
    pub spot: Spot,
    /// Why.
    pub reason: Message,
}

impl Fault {
    /// A fault of a feature, counted from 0 as the features are read.
    pub(super) fn feature(index: usize, reason: Message) -> Self {
        Self { spot: Spot::Feature(index as u64 + 1), reason }
    }

    /// The fault as a line to print.
    #[must_use]
    pub fn in_file(&self, file: &str) -> Message {
        let (zh, en) = (&self.reason.zh, &self.reason.en);
        match self.spot {
            Spot::File => message!("{file}：{zh}", "{file}: {en}"),
            Spot::Feature(n) => message!("{file}：第 {n} 个要素：{zh}", "{file}: feature {n}: {en}"),
            Spot::Row(n) => message!("{file}：第 {n} 行：{zh}", "{file}: row {n}: {en}"),
        }
    }
}

/// A file that was refused. Nothing has been written.
#[derive(Debug)]
pub struct Refusal {
    /// The file at fault.
    pub file: String,
    /// What is wrong with it as a whole.
    pub summary: Message,
    /// The first [`MOST_LISTED`] faults, in the order of the file.
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub more: usize,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Refusal {
    /// A refusal of the whole file.
    pub(super) fn whole(file: &str, summary: Message) -> Self {
        Self { file: file.to_owned(), summary, faults: Vec::new(), more: 0, source: None }
    }

    /// A refusal because of what the system, or a library, said.
    pub(super) fn because(
        file: &str,
        summary: Message,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { source: Some(source.into()), ..Self::whole(file, summary) }
    }

    /// A file that cannot be read.
    pub(super) fn unreadable(file: &str, source: std::io::Error) -> Self {
        Self::because(file, message!("无法读取", "cannot be read"), source)
    }

    /// A refusal for the faults listed, of which there are `count` in all.
    pub(super) fn listing(file: &str, mut faults: Vec<Fault>, summary: Message) -> Self {
        faults.sort_by_key(|fault| fault.spot);
        let more = faults.len().saturating_sub(MOST_LISTED);
        faults.truncate(MOST_LISTED);
        Self { faults, more, ..Self::whole(file, summary) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, zh, en) = (&self.file, &self.summary.zh, &self.summary.en);
        message!("{file}：{zh}", "{file}: {en}").fmt(f)
    }
}

impl Error for Refusal {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as &(dyn Error + 'static))
    }
}
