//! All SQL about patrols.

pub(super) mod calendar;
pub(super) mod kept;
mod start;
pub(super) mod team;
pub(super) mod track;

pub(super) use start::{start, worker};
