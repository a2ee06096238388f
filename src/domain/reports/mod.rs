//! Reports (上报事件): anything a person files with a place and a time, and what becomes of it.
//!
//! A report belongs to the grid that was valid where and when it happened, for good. What a role may read is
//! decided by the policies on the tables; who may do what next, by the rules here.

mod api;
mod case;
mod desk;
mod found;
mod handover;
mod intake;
mod live;
mod model;
mod receipt;
mod store;

pub use api::router;
pub use case::Action;
pub use desk::Desk;
pub(crate) use found::{Found, file_found};
pub(crate) use handover::hand_over;
pub use model::{Deed, Person, Report, ReportKind, Status};
