//! Visits (走访): calls made at doors, and the duties they settle.
//!
//! Never here: which calls are due. That is the business of patrols.

mod api;
mod model;
mod past;
mod store;

pub use api::router;
pub use model::{TargetKind, Visit, VisitResult};
pub use past::{PastVisit, record_past};
