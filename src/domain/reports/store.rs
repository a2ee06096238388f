//! All SQL about reports.

mod intake;
mod reading;

pub(super) use intake::{FileOutcome, file, replay};
pub(super) use reading::{Filter, find, list};
