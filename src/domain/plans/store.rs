//! All SQL about plans.

mod decisions;
mod drafts;
mod grounds;
mod heads;

pub(super) use decisions::{Decision, decide};
pub(super) use drafts::{
    NewStep, Stored, append, draft, insert_draft, repeated, save, snapshot_before, steps, steps_between,
};
pub(super) use grounds::{buildings, highest_number, published_grids, units};
pub(super) use heads::{NewPlan, change, head, heads, insert, touch};
