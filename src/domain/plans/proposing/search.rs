//! Searching beside the requests: one search after the other on each instance, with its progress where every instance
//! finds it.
//!
//! Never here: what is searched for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::outcome::Search;
use crate::domain::plans::store::{self, Ended};
use crate::platform::database::Scope;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// How often progress is written down, and somebody's wish to stop is looked for.
const BEAT: Duration = Duration::from_millis(500);

/// The searches of this instance: one at a time, since each takes all processors. Cheap to clone; handlers take it as an
/// axum `Extension`.
#[derive(Debug, Clone)]
pub struct Searches {
    turn: Arc<Semaphore>,
}

impl Searches {
    /// No search yet.
    #[must_use]
    pub fn new() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)) }
    }

    /// Begins a search that has been written down under `id`; returns at once.
    pub(in crate::domain::plans) fn begin(&self, ground: &Ground, scope: Scope, id: Uuid, search: Search) {
        let turn = Arc::clone(&self.turn);
        let desk = Desk { ground: ground.clone(), scope, id };
        tokio::spawn(async move {
            if let Err(problem) = desk.carry_out(&turn, search).await {
                // The row goes without a beat, and is told as lost.
                tracing::warn!(search = %id, %problem, "a search for proposals was not kept");
            }
        });
    }
}

impl Default for Searches {
    fn default() -> Self {
        Self::new()
    }
}

struct Desk {
    ground: Ground,
    scope: Scope,
    id: Uuid,
}

impl Desk {
    async fn carry_out(&self, turn: &Semaphore, search: Search) -> Result<(), Problem> {
        let state = Arc::new(State { share: AtomicU64::new(0), stop: AtomicBool::new(false) });
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let turn = turn.acquire();
        tokio::pin!(turn);
        let turn = loop {
            tokio::select! {
                turn = &mut turn => break turn.map_err(|error| Problem::internal(&error))?,
                _ = beat.tick() => if self.beat(0.0).await? { return Ok(()) },
            }
        };
        let told = Arc::clone(&state);
        let work = move || {
            search.run(&|share| {
                told.share.store(share.to_bits(), Ordering::Relaxed);
                !told.stop.load(Ordering::Relaxed)
            })
        };
        let work = tokio::task::spawn_blocking(work);
        tokio::pin!(work);
        let found = loop {
            tokio::select! {
                found = &mut work => break found.map_err(|error| Problem::internal(&error))?,
                _ = beat.tick() => {
                    // A beat that fails once is tried again: the search goes on.
                    let share = f64::from_bits(state.share.load(Ordering::Relaxed));
                    match self.beat(share).await {
                        Ok(stop) => state.stop.store(stop, Ordering::Relaxed),
                        Err(problem) => tracing::warn!(search = %self.id, %problem, "progress was not kept"),
                    }
                }
            }
        };
        drop(turn);
        let ended = match found {
            Ok(None) => return Ok(()),
            Ok(Some(outcome)) => {
                Ended::Done(serde_json::to_value(&outcome).map_err(|error| Problem::internal(&error))?)
            }
            Err(why) => Ended::Refused(why),
        };
        let mut transaction = self.ground.database.begin(&self.scope).await?;
        store::end_search(&mut transaction, self.id, &ended).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Writes progress down; true when somebody has stopped the search.
    async fn beat(&self, share: f64) -> Result<bool, Problem> {
        let mut transaction = self.ground.database.begin(&self.scope).await?;
        let runs = store::beat(&mut transaction, self.id, share, self.ground.clock.now()).await?;
        transaction.commit().await?;
        Ok(!runs)
    }
}

struct State {
    /// The bits of the share done.
    share: AtomicU64,
    stop: AtomicBool,
}
