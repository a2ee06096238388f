//! Who calls where, in which order: prize-collecting routes for a team.
//!
//! A [`Problem`] says what there is to do and who can do it; [`solve`] answers with a [`Plan`]: a route for each
//! worker with its times, and every stop left out with the reason. The plan keeps the largest sum of prizes that
//! the search finds, required stops before all others, and among equals the least travel. Same problem, seed and
//! number of iterations, same plan, on any number of threads.
//!
//! Never here: roads or maps (travel times come as [`TravelTimes`], which need not be symmetric nor obey the
//! triangle inequality), clocks (times are numbers on one scale; a time limit is the caller's [`Budget::Share`]),
//! or why a stop matters (that is its prize).

mod assess;
#[cfg(test)]
mod benchmark;
#[cfg(test)]
mod brute_force;
mod check;
mod finish;
mod islands;
mod model;
mod nearness;
#[cfg(test)]
mod oracle;
mod plan;
mod problem;
mod reasons;
mod recombine;
mod recreate;
mod route;
mod ruin;
mod search;
mod tour;
mod travel;

use super::random;

pub use assess::{AssessedRoute, Assessment, Hitch, Obstacle, assess};
pub use check::{Claim, Fault, faults};
pub use islands::{Budget, Effort, Progress, solve};
pub use plan::{Displacement, LeftOut, Plan, PlannedRoute, Reason, Visit};
pub use problem::{InvalidProblem, Problem, Rest, Span, Stop, Worker};
pub use travel::{Detour, InvalidTravel, TravelTimes};
