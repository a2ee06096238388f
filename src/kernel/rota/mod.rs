//! On which day whom: calls that come again and again, spread over the shifts of a month.
//!
//! A [`Month`] says at which doors somebody calls how often, and which shifts there are; [`spread`] answers with a
//! [`Schedule`]: for each door its days. Each call falls on a shift, so that days of rest stay free; calls at one door
//! keep their distance and their rhythm (a weekly call stays on its weekday); each day's doors lie near one another; and
//! the shifts are as evenly full as all that allows.
//!
//! This is the period vehicle routing problem (Beltrami and Bodin 1974, "Networks and vehicle routing for municipal
//! waste collection"; Christofides and Beasley 1984, "The period routing problem"): choose for each door one of the
//! patterns of days that its rhythm allows, so that the tours of all days together are short. Patterns are chosen by
//! simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) with each day's tour kept by cheapest insertion, as
//! Cordeau, Gendreau and Laporte (1997, "A tabu search heuristic for periodic and multi-depot vehicle routing problems",
//! section 3) do; evenness comes in as the square of each
//! shift's load.
//!
//! Never here: roads or maps (travel times come as a table), clocks (days are numbers), what a call is for, or in which
//! order a day's calls are really made: that is `kernel::routing`'s, which knows opening hours and what is worth what.

mod days;
mod pattern;
mod problem;
mod spread;
#[cfg(test)]
mod tests;

use super::random;
use super::routing::TravelTimes;

pub use problem::{Door, InvalidMonth, Month, Shift};
pub use spread::{DayOfCalls, Schedule, spread};
