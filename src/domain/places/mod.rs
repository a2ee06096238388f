//! Places as callers give them, and the code of the grid or area they lie in.

mod model;
mod store;

pub use model::GivenPlace;
pub(crate) use model::refuse_outside;
pub(crate) use store::place_of;
