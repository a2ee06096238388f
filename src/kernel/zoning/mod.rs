//! Zones: units with a load divided into contiguous zones of even load, near to today's plan, with short borders.
//!
//! - [`units`]: what is divided; [`ground`]: the land of each unit, and who borders on whom;
//! - [`propose()`]: looks for plans, by spanning trees ([`tree`]) and annealing ([`anneal`](mod@anneal));
//! - [`draw()`]: the polygons of a plan, a coverage without gaps; [`figures()`]: what it comes to; [`shape`]: how compact
//!   its zones are.
//!
//! Same input, same seed and same number of moves: the same plans, on any number of threads.
//!
//! Never here: I/O, clocks, what a zone is called, or what its load is made of.

mod anneal;
mod circle;
mod draw;
mod figures;
mod graph;
mod ground;
mod groups;
mod propose;
pub mod shape;
mod smooth;
mod start;
mod state;
mod task;
#[cfg(test)]
mod tests;
mod tree;
mod units;

pub use anneal::Budget;
pub use draw::draw;
pub use figures::{ZoneFigures, figures};
pub use ground::{Ground, GroundError, Setting};
pub use propose::{Aim, Effort, Proposal, Proposals, propose};
pub use task::{Impossible, Wanted};
pub use units::{Burden, Shape, ZoneId};
