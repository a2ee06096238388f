//! What is wrong with a file, row by row.

use crate::platform::locale::Message;

/// Faults listed one by one; the rest are counted.
pub const MAX_LISTED: usize = 100;

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row's number as a person would find it.
    pub row: usize,
    /// The column's key, or `geometry`.
    pub column: String,
    /// Why it was refused.
    pub reason: Message,
}

/// Everything wrong with a file.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    listed: Vec<Fault>,
    count: usize,
}

impl Faults {
    /// Adds a fault.
    pub fn add(&mut self, row: usize, column: impl Into<String>, reason: Message) {
        self.count += 1;
        if self.listed.len() < MAX_LISTED {
            self.listed.push(Fault { row, column: column.into(), reason });
        }
    }

    /// True when nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The first [`MAX_LISTED`], in the order of their rows.
    #[must_use]
    pub fn listed(&self) -> Vec<&Fault> {
        let mut faults: Vec<&Fault> = self.listed.iter().collect();
        faults.sort_by_key(|fault| fault.row);
        faults
    }

    /// How many there are, listed or not.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}
