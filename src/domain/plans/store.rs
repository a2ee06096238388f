//! All SQL about plans.

mod decisions;
mod drafts;
mod grounds;
mod hands;
mod heads;
mod searches;

pub(super) use decisions::{Decision, decide};
pub(super) use drafts::{
    NewStep, Stored, append, begin_again, draft, insert_draft, repeated, save, snapshot_before, steps,
    steps_between,
};
pub(super) use grounds::{grids_published_by, highest_number, published_grids, survey, units};
pub(super) use hands::{enterprises, households, members, open_cases};
pub(super) use heads::{NewPlan, change, head, heads, insert, touch};
pub(super) use searches::{
    Ended, NewSearch, StoredSearch, beat, begin_search, end_search, is_searching, proposal, searches,
    stop_search,
};
