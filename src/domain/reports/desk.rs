//! The desk where reports are filed: those that wait at the same moment go into one transaction.
//!
//! A transaction of its own for each report costs the database more than the report does. Nobody waits for company by
//! the clock: a writer lets requests that are already under way come along, takes what is there, and what arrives
//! meanwhile is the next writer's, or its own next armful. Each is answered after its transaction has committed. When an armful is refused, its reports are filed one by one, so
//! that only whoever sent the bad one hears of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::timeout;

use super::intake::Filing;
use super::store::{self, FileOutcome};
use crate::domain::grids::Located;
use crate::platform::database::{Database, Scope};
use crate::platform::http::ContentHash;
use crate::platform::problem::Problem;

/// Who write: while one waits for the database, the other takes what has arrived.
const WRITERS: usize = 2;
/// Most reports in one transaction: the last to arrive waits for all of them.
const ARMFUL: usize = 32;
/// How often a writer gives way to requests that are ready to run before it leaves with what it has: no time at all
/// when there are none.
const GIVES_WAY: usize = 4;
/// Reports that may wait; whoever comes later waits to be let in.
const QUEUE: usize = 1024;
/// How long a writer without work keeps its connection.
const KEEPS_CONNECTION: Duration = Duration::from_secs(1);

/// A report with all that is known of it, ready to be filed.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) scope: Scope,
    pub(super) filing: Filing,
    pub(super) content_hash: ContentHash,
    pub(super) located: Located,
    pub(super) received_at: DateTime<Utc>,
    /// The request it came with, for the audit log.
    pub(super) request_id: Option<String>,
}

/// Takes reports from every request. Cheap to clone; handlers take it as an axum `Extension`.
#[derive(Debug, Clone)]
pub struct Desk {
    waiting: mpsc::Sender<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    entry: Arc<Entry>,
    answer: oneshot::Sender<Result<FileOutcome, Problem>>,
}

impl Desk {
    /// Opens the desk, for as long as this value or a clone of it lives.
    #[must_use]
    pub fn open(database: &Database) -> Self {
        let (waiting, queue) = mpsc::channel(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..WRITERS {
            tokio::spawn(Writer { database: database.clone(), connection: None }.work(queue.clone()));
        }
        Self { waiting }
    }

    /// Files a report; returns when that is durable.
    ///
    /// # Errors
    /// What the database refused it for.
    pub(super) async fn file(&self, entry: Arc<Entry>) -> Result<FileOutcome, Problem> {
        let (answer, answered) = oneshot::channel();
        self.waiting.send(Waiting { entry, answer }).await.map_err(|error| Problem::unavailable(&error))?;
        answered.await.map_err(|error| Problem::unavailable(&error))?
    }
}

struct Writer {
    database: Database,
    /// Kept while there is work: the pool asks the server whether it is alive whenever a connection changes hands.
    connection: Option<PoolConnection<Postgres>>,
}

impl Writer {
    async fn work(mut self, queue: Arc<Mutex<mpsc::Receiver<Waiting>>>) {
        let mut armful = Vec::new();
        loop {
            let mut queue = queue.lock().await;
            if self.connection.is_some() {
                if timeout(KEEPS_CONNECTION, queue.recv_many(&mut armful, ARMFUL)).await.is_err() {
                    self.connection = None;
                    continue;
                }
            } else {
                queue.recv_many(&mut armful, ARMFUL).await;
            }
            for _ in 0..GIVES_WAY {
                yield_now().await;
            }
            let room = ARMFUL - armful.len();
            armful.extend(std::iter::from_fn(|| queue.try_recv().ok()).take(room));
            drop(queue);
            if armful.is_empty() {
                return;
            }
            self.file(&mut armful).await;
        }
    }

    async fn file(&mut self, armful: &mut Vec<Waiting>) {
        // In one order everywhere: writers that hold ids the other wants would wait for each other.
        armful.sort_unstable_by_key(|waiting| waiting.entry.filing.id);
        let entries: Vec<&Entry> = armful.iter().map(|waiting| &*waiting.entry).collect();
        match self.file_together(&entries).await {
            Ok(outcomes) => {
                for (waiting, outcome) in armful.drain(..).zip(outcomes) {
                    // Whoever asked may have gone.
                    let _ = waiting.answer.send(Ok(outcome));
                }
            }
            Err(error) => {
                tracing::debug!(%error, "filing one by one");
                self.connection = None;
                for waiting in armful.drain(..) {
                    let outcome = self.file_alone(&waiting.entry).await;
                    let _ = waiting.answer.send(outcome);
                }
            }
        }
    }

    async fn file_together(&mut self, entries: &[&Entry]) -> Result<Vec<FileOutcome>, sqlx::Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            vacant => vacant.insert(self.database.pool().acquire().await?),
        };
        store::file(connection, entries).await
    }

    /// Files a report that was refused in company, or whose connection broke. If it was filed after all, its id is
    /// now taken, by itself.
    async fn file_alone(&self, entry: &Entry) -> Result<FileOutcome, Problem> {
        file_one(&mut *self.database.pool().acquire().await?, entry).await
    }
}

/// Files one report through `connection`.
///
/// # Errors
/// What the database refused it for.
pub(super) async fn file_one(connection: &mut PgConnection, entry: &Entry) -> Result<FileOutcome, Problem> {
    Ok(store::file(connection, &[entry]).await?.pop().ok_or(sqlx::Error::RowNotFound)?)
}
