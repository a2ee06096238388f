//! Enterprises (企业): what they do, what is dangerous about it, when they are open, whom to call.

mod api;
mod change;
mod model;
mod store;

pub use api::router;
pub use model::{Category, Enterprise, EnterpriseStatus, HazardClass};
