//! Places as callers give them, and the code of the grid or area they lie in.

mod locate;
mod model;

pub(crate) use locate::place_of;
pub use model::GivenPlace;
pub(crate) use model::refuse_outside;
