//! Patrols (巡查): which calls are due today in a grid, and the walk that makes the most of a shift.
//!
//! `choice` limits the calls that are due to as many as can be weighed, `round` puts them together with the roads and the
//! kernel's search, `courses` tells the walks that come of it. `planning` says what can be asked for; patrols that are
//! `kept` go through check-ins and skipped stops to their end, and what is left of them can be planned `anew`, the
//! `changes` of which are told; `calendar` spreads a month's calls over its days, which a day's walk then takes in;
//! `team` says who can be sent; `track` is where walkers were. Never here: what was done at a door; a call that was
//! made is a visit.

mod anew;
mod api;
mod calendar;
mod changes;
mod choice;
mod courses;
mod kept;
mod model;
mod planning;
mod round;
mod store;
mod team;
mod track;

pub use api::router;
pub use kept::{KeptPatrol, KeptStop, PatrolStatus, PatrolSummary, StopState};
pub use model::{Course, Direction, LeftOut, Patrol, Start, Stop, WalkFault, Worker};
pub use team::{Busy, Candidate};
pub use track::{keep_thin, thin};
