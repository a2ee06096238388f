//! The order of stops: which of them to visit in one shift, and which way round costs the least travel.
//!
//! A [`Walk`] says what there is to do; [`Walk::plan`] answers with a [`Plan`]: visits in order with their
//! times, and every stop left out with the reason. The plan keeps the largest sum of prizes that the search
//! finds and, among equals, the least travel. Same walk, same [`Search`], same plan.
//!
//! Never here: roads or maps (travel times come as a [`TravelTimes`] table, which need not be symmetric nor
//! obey the triangle inequality), clocks (times are seconds from the start of the shift), or why a stop matters
//! (that is its prize).

#[cfg(test)]
mod benchmark;
mod construct;
mod improve;
#[cfg(test)]
mod oracle;
mod plan;
mod route;
mod search;
mod travel;
mod walk;

use super::random;

pub use plan::{LeftOut, Plan, Reason, Visit};
pub use search::Search;
pub use travel::{InvalidTravel, TravelTimes};
pub use walk::{InvalidWalk, Stop, Walk};
