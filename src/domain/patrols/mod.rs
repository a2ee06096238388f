//! Patrols (巡查): which calls are due today in a grid, and the walk that makes the most of a shift.
//!
//! `round` puts the duties that are due together with the roads and the kernel's search. `planning` makes patrols that are `kept`, through check-ins and
//! skipped stops to their end; `track` is where their walkers were. Never here: what was done at a door; a call that
//! was made is a visit.

mod api;
mod kept;
mod model;
mod planning;
mod round;
mod store;
mod track;

pub use api::router;
pub use kept::{KeptPatrol, KeptStop, PatrolStatus, PatrolSummary, StopState};
pub use model::{Course, Direction, LeftOut, Patrol, Start, Stop, Worker};
pub use track::{keep_thin, thin};
