//! When to forget: the count of changes heard so far that make something remembered old.
//!
//! A cache puts the generation into its keys. What was computed from older rows, even by a computation that was
//! still running when the rows changed, then stays under a key that nobody asks for any more.

use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

use super::events::{Change, Events};

/// Counts the changes that concern one cache. Listens from its first use on.
#[derive(Debug, Default)]
pub struct Generation {
    heard: Mutex<Option<(Receiver<Change>, u64)>>,
}

impl Generation {
    /// The number of changes heard so far for which `concerns` holds; [`Change::Missed`] always counts.
    ///
    /// Take it before reading the rows: a change that commits later raises it.
    pub fn current(&self, events: &Events, concerns: impl Fn(&Change) -> bool) -> u64 {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let (changes, generation) = heard.get_or_insert_with(|| (events.subscribe(), 0));
        loop {
            match changes.try_recv() {
                Ok(change) => *generation += u64::from(change == Change::Missed || concerns(&change)),
                Err(TryRecvError::Lagged(_)) => *generation += 1,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return *generation,
            }
        }
    }
}
