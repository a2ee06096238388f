//! All SQL about grids and their boundaries.

mod boundaries;
mod filed;
mod grids;
mod plans;

pub(super) use boundaries::{outlines, published_boundaries};
pub(super) use filed::{
    Shelf, calls_stay, cases_follow, file, filed, keep_calls, villages_with_new_boundaries,
};
pub use grids::visible_grids;
pub(super) use grids::{change, get, list};
pub(super) use plans::{
    end_boundaries, insert_boundaries, insert_plan, latest_begun, lock_village, neighbours, plan,
    publish_approved, supersede_plans, upsert_grids, village_outline, withdraw_boundaries,
};
