//! All SQL about reports.

mod cases;
mod intake;
mod reading;

pub(super) use cases::{advance, attachments, events, note, recorded};
pub(super) use intake::{FileOutcome, file, replay};
pub(super) use reading::{Filter, find, list};
