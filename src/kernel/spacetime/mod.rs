//! Space and time together: whether what happened clusters in both at once, beyond what either does alone.
//!
//! [`knox`] asks whether one thing is followed by another nearby soon after, more often than chance has it (near
//! repeats); [`scan`] looks for places where more has happened lately than before and elsewhere (emerging clusters).
//! Both compare with the same places and the same days in another pairing, so that neither a busy street nor a busy
//! month is a cluster by itself. The same seed gives the same answer on any number of threads.
//!
//! Never here: what happened, or calendars: days are numbers.

mod knox;
mod scan;

pub use knox::{Bands, InvalidBands, Knox, KnoxCell, KnoxError, knox};
pub use scan::{Cluster, ScanPlan, scan};

use super::plane::PlanePoint;
use super::random::Random;

/// Something that happened at a place on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incident {
    /// Where.
    pub at: PlanePoint,
    /// On which day, counted from any.
    pub day: i32,
}

/// Whether the answer is still wanted.
pub type Wanted<'a> = &'a (dyn Fn() -> bool + Sync);

/// It was no longer wanted before there was an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no longer wanted before there was an answer")]
pub struct Stopped;

/// A stream of its own for each permutation, so that it does not matter which thread makes it.
fn stream(seed: u64, permutation: usize) -> Random {
    Random::new(seed ^ (permutation as u64 + 1).wrapping_mul(0xD605_BBB5_8C8A_BC2B))
}

/// Deals `values` out anew (Fisher and Yates).
fn shuffle<T>(values: &mut [T], random: &mut Random) {
    for last in (1..values.len()).rev() {
        values.swap(last, random.below(last + 1));
    }
}
