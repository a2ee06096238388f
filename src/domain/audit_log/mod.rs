//! The audit log (审计日志) as administrators read it. Never here: writing it, which is [`crate::platform::audit`].

mod api;
mod model;
mod store;

pub use api::router;
pub use model::AuditEntry;
