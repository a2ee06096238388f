//! Redrawing zones: units with loads and today's zones in, compared proposals with their polygons and a report out.
//!
//! The search is [`crate::kernel::zoning`]; here its numbers get names and words. Never here: files, HTTP or SQL.

mod answer;
mod name;
mod question;
mod refusal;
mod report;
mod words;

pub use answer::{Answer, Drawn, DrawnPlan, answer};
pub use name::Name;
pub use question::{Aims, Question, zones_by_size};
pub use refusal::Refusal;
pub use report::{Assigned, Overall, ProposalReport, Report, ZoneReport};
pub(crate) use words::summary;
