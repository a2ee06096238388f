//! All SQL about patrols.

mod due;
pub(super) mod kept;
pub(super) mod track;

pub(super) use due::{start, targets, worker};
