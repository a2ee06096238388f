//! Photos: what comes with a report or a visit. Recognised, stripped of everything but the picture, read out of forms
//! and given out again.
//!
//! Never here: SQL. Each room keeps the photos of its own records, under its own policies.

mod form;
mod model;
mod photo;

pub(crate) use form::{Form, read_photos};
pub(crate) use model::{Attachment, Content};
pub use model::{MediaType, PhotoForm};
pub(crate) use photo::Photo;
