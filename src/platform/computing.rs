//! Long sums on threads of their own: so many at a time that there is always a thread left to answer everybody else, and
//! each for as long as somebody waits for it. When a client goes away, a request takes too long or the service stops,
//! the sum ends. Never here: what is computed.

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::problem::Problem;

/// Where long sums are done in turns. Clones share them.
#[derive(Debug, Clone)]
pub struct Computing {
    turns: Arc<Semaphore>,
}

/// Whether somebody still waits for what is being computed.
#[derive(Debug, Clone)]
pub struct Wanted(CancellationToken);

impl Wanted {
    /// False once nobody does: what is computed from here on goes nowhere.
    #[must_use]
    pub fn still(&self) -> bool {
        !self.0.is_cancelled()
    }
}

impl Default for Computing {
    /// As many sums at a time as there are processors, but one.
    fn default() -> Self {
        Self::with_turns(available_parallelism().map_or(1, |processors| processors.get() - 1))
    }
}

impl Computing {
    /// So many sums at a time, at least one.
    #[must_use]
    pub fn with_turns(turns: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(turns.max(1))) }
    }

    /// Computes when it is this one's turn, where blocking is allowed: `work` asks now and then whether it is still
    /// wanted, and may give anything once it is not.
    ///
    /// # Errors
    /// When `work` panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Wanted) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn =
            Arc::clone(&self.turns).acquire_owned().await.map_err(|error| Problem::internal(&error))?;
        let gone = CancellationToken::new();
        let wanted = Wanted(gone.clone());
        // A request that is given up drops this future, and with it the guard.
        let _guard = gone.drop_guard();
        let work = move || {
            let answer = work(&wanted);
            // The turn is over when the work is, whether or not somebody waited for it.
            drop(turn);
            answer
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn what_is_waited_for_is_computed() {
        let computing = Computing::default();
        assert_eq!(computing.run(|wanted| (wanted.still(), 42)).await.unwrap(), (true, 42));
    }

    #[tokio::test]
    async fn work_learns_that_nobody_waits_any_more_and_the_next_has_its_turn() {
        let computing = Computing::with_turns(1);
        let (ended, has_ended) = mpsc::channel();
        let endless = computing.run(move |wanted| {
            while wanted.still() {
                thread::sleep(Duration::from_millis(1));
            }
            ended.send(()).unwrap();
        });
        assert!(tokio::time::timeout(Duration::from_millis(50), endless).await.is_err());
        let next = computing.run(|_| ());
        tokio::time::timeout(Duration::from_secs(30), next).await.expect("it has its turn").unwrap();
        has_ended.try_recv().expect("the one before has ended");
    }

    #[tokio::test]
    async fn who_gives_up_while_waiting_for_a_turn_takes_none() {
        let computing = Computing::with_turns(1);
        let (go_on, goes_on) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let computing = computing.clone();
            async move { computing.run(move |_| goes_on.recv().is_ok()).await }
        });
        while computing.turns.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let second = computing.run(|_| panic!("nobody waits for this"));
        assert!(tokio::time::timeout(Duration::from_millis(20), second).await.is_err());
        go_on.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        computing.run(|_| ()).await.unwrap();
    }
}
