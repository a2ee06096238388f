//! Patrols (巡查): which calls are due today in a grid, and the walk that makes the most of a shift.
//!
//! `rule` says how often a call is due and how much it matters, `duty` which calls are due now; `ways` walks the
//! roads; `round` puts them together with the kernel's search. Never here: what was done; a call that was made is
//! a visit.

mod api;
mod duty;
mod model;
mod round;
mod rule;
mod store;

pub use api::router;
pub use model::{LeftOut, Patrol, Start, Stop, Worker};
