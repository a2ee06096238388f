//! How many long answers are under way at once: each may lie on disk, gigabytes of it, until its reader has it.
//!
//! A turn lasts from the second block of a body to the last byte that is read of its answer. Bodies of one block need
//! none, so a handful of points never waits. Of all turns one account has half at most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::message;
use crate::platform::problem::Problem;

/// How long to wait for a turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// When to come back, in seconds.
const RETRY_AFTER_S: u64 = 30;

/// The turns there are, shared by all requests. Cheap to clone; the route takes it as an axum `Extension`.
#[derive(Debug, Clone)]
pub struct Turns {
    free: Arc<Semaphore>,
    share: usize,
    accounts: Arc<Accounts>,
    patience: Duration,
}

/// Turns by account, had or waited for.
#[derive(Debug, Default)]
struct Accounts(Mutex<HashMap<Uuid, usize>>);

impl Accounts {
    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        // What is left behind by a panic is whole: nothing in here is changed in two steps.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One account's claim to one turn, given back when dropped.
#[derive(Debug)]
struct Claim {
    accounts: Arc<Accounts>,
    account: Uuid,
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut accounts = self.accounts.lock();
        if let Some(count) = accounts.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                accounts.remove(&self.account);
            }
        }
    }
}

/// Leave to go on, until dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _permit: OwnedSemaphorePermit,
    _claim: Claim,
}

impl Turns {
    /// So many turns for all together.
    #[must_use]
    pub fn new(count: usize) -> Self {
        let accounts = Arc::new(Accounts::default());
        Self { free: Arc::new(Semaphore::new(count)), share: count.div_ceil(2), accounts, patience: PATIENCE }
    }

    /// Waits for a turn of an account.
    ///
    /// # Errors
    /// 429 when the account has its share already, 503 when there is none for a while.
    pub(super) async fn take(&self, account: Uuid) -> Result<Turn, Problem> {
        let claim = self.claim(account)?;
        match tokio::time::timeout(self.patience, self.free.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn { _permit: permit, _claim: claim }),
            _ => Err(Problem::busy(RETRY_AFTER_S).detail(message!(
                "正在处理的大批量归属过多，请稍后再试",
                "too many long lists of points are being answered: try again later"
            ))),
        }
    }

    fn claim(&self, account: Uuid) -> Result<Claim, Problem> {
        let mut accounts = self.accounts.lock();
        let count = accounts.entry(account).or_default();
        if *count >= self.share {
            let share = self.share;
            return Err(Problem::too_many(RETRY_AFTER_S).detail(message!(
                "您已有 {share} 批大量的点正在处理，请等其完成",
                "{share} long lists of points of yours are being answered: wait for one of them"
            )));
        }
        *count += 1;
        Ok(Claim { accounts: self.accounts.clone(), account })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_account_has_half_and_all_together_no_more_than_there_are() {
        let turns = Turns { patience: Duration::from_millis(10), ..Turns::new(3) };
        let [one, two, three] = [1, 2, 3].map(Uuid::from_u128);
        let first = turns.take(one).await.unwrap();
        let second = turns.take(one).await.unwrap();
        assert_eq!(turns.take(one).await.unwrap_err().status, 429);
        let third = turns.take(two).await.unwrap();
        assert_eq!(turns.take(three).await.unwrap_err().status, 503);
        drop(first);
        let fourth = turns.take(three).await.unwrap();
        drop((second, third, fourth));
        assert!(turns.accounts.lock().is_empty());
        assert_eq!(turns.free.available_permits(), 3);
    }

    #[tokio::test]
    async fn who_waits_is_served_when_somebody_leaves() {
        let turns = Turns { patience: Duration::from_secs(600), ..Turns::new(1) };
        let first = turns.take(Uuid::from_u128(1)).await.unwrap();
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(Uuid::from_u128(2)).await }
        });
        tokio::task::yield_now().await;
        drop(first);
        waiting.await.unwrap().unwrap();
    }
}
