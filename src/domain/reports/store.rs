//! All SQL about reports.

mod attachments;
mod cases;
mod handover;
mod intake;
mod reading;

pub(super) use attachments::{attach, attachments, content, note_attached};
pub(super) use cases::{advance, events, note, recorded};
pub(super) use handover::{open_cases, take_over};
pub(super) use intake::{FileOutcome, file, replay};
pub(super) use reading::{Filter, find, list};
