//! Space and time (时空): where more has been reported lately than before, and whether one report is followed by
//! another nearby.
//!
//! Never here: the statistics themselves, which are `kernel::spacetime`.

mod api;
mod clusters;
mod near_repeats;
mod plane;

pub(super) use api::router;
