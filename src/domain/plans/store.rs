//! All SQL about plans.

mod decisions;
mod drafts;
mod grounds;
mod hands;
mod heads;

pub(super) use decisions::{Decision, decide};
pub(super) use drafts::{
    NewStep, Stored, append, begin_again, draft, insert_draft, repeated, save, snapshot_before, steps,
    steps_between,
};
pub(super) use grounds::{buildings, grids_published_by, highest_number, published_grids, units};
pub(super) use hands::{enterprises, households, members, open_cases};
pub(super) use heads::{NewPlan, change, head, heads, insert, touch};
