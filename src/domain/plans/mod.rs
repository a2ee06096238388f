//! Boundary plans (网格划分方案) while they are being drawn, weighed, decided on and published.
//!
//! - [`draft`]: the grids as a partition, and what an [`operation`] does to it: refused with a reason, or made without
//!   opening a seam. Every step is kept, so undo has no limit.
//! - [`unit`]: what a plan is weighed by, place by place; [`figures`]: what that makes per grid; [`finding`] and [`reach`]: what a
//!   planner should look at before anybody is asked to approve;
//! - [`compare`]: what changes hands between two plans;
//! - [`proposing`]: plans that even out the load, searched for by `rezoning` and taken over by [`adopt`].
//!
//! Never here: how boundaries come into force, which is `grids::publish`'s alone.

mod adopt;
mod api;
mod compare;
mod draft;
mod figures;
mod finding;
mod model;
mod numbering;
mod operation;
mod proposing;
mod reach;
mod sheet;
mod start;
mod store;
mod unit;

pub use api::router;
pub use finding::FindingKind;
pub use model::{Handover, PlanStatus, SearchState};
pub use proposing::{ProposalAim, Searches};
