//! What changed, told to everybody who listens, on every instance.
//!
//! A change is published after its transaction has committed. Listeners in this process hear it at once; other
//! instances hear it through `NOTIFY`. Notifications are gathered for a moment and sent together, outside the
//! transactions that caused them: a `NOTIFY` inside a transaction takes a lock that makes commits queue behind
//! each other's disk flush. A crash in that moment loses a hint to refresh, never data.
//!
//! Never here: personal data. A payload names a row and its place; the listener's own rights decide the rest.

use std::collections::HashSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::postgres::PgListener;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::database::{Database, Scope};

/// The channel of `LISTEN` and `NOTIFY`.
pub const CHANNEL: &str = "gridkeeper_changes";
/// How long changes gather before they are sent to the other instances.
const GATHER: Duration = Duration::from_millis(20);
/// `NOTIFY` refuses payloads of 8,000 bytes.
const MAX_PAYLOAD_BYTES: usize = 7_500;
/// A listener further behind than this is told that it missed something.
const BACKLOG: usize = 4_096;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum Change {
    /// A report was filed or worked on.
    Report {
        /// Which.
        id: Uuid,
        /// Its kind, as stored.
        kind: String,
        /// 1 to 4.
        severity: i16,
        /// Its status, as stored.
        status: String,
        /// Where it lies.
        place_code: String,
        /// Who filed it: they follow it wherever it lies.
        reported_by: Option<Uuid>,
        /// True when it was just filed.
        created: bool,
    },
    /// Rows of a layer changed: what was drawn or computed from it is old.
    Layer {
        /// The layer's name, as in tiles and imports.
        layer: String,
    },
    /// The boundaries in force changed.
    Boundaries,
    /// What an account may do changed: forget what is remembered of it.
    Account {
        /// Which.
        id: Uuid,
    },
    /// Changes were missed: everything remembered may be old.
    Missed,
}

#[derive(Debug, Serialize, Deserialize)]
struct Envelope {
    from: Uuid,
    changes: Vec<Change>,
}

/// The bus. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Events {
    instance: Uuid,
    local: broadcast::Sender<Change>,
    outgoing: mpsc::UnboundedSender<Change>,
}

impl Events {
    /// Starts the bus: one task sends to other instances, one listens to them, until `stop`.
    #[must_use]
    pub fn start(database: Database, stop: CancellationToken) -> Self {
        let (local, _) = broadcast::channel(BACKLOG);
        let (outgoing, queue) = mpsc::unbounded_channel();
        let events = Self { instance: Uuid::new_v4(), local, outgoing };
        tokio::spawn(send(events.instance, database.clone(), queue));
        tokio::spawn(receive(events.clone(), database, stop));
        events
    }

    /// Tells everybody.
    pub fn publish(&self, change: Change) {
        // Nobody listening is no fault, and the sending task ends only with the process.
        let _ = self.local.send(change.clone());
        let _ = self.outgoing.send(change);
    }

    /// Listens from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.local.subscribe()
    }
}

async fn send(instance: Uuid, database: Database, mut queue: mpsc::UnboundedReceiver<Change>) {
    while let Some(first) = queue.recv().await {
        tokio::time::sleep(GATHER).await;
        let mut changes = HashSet::from([first]);
        while let Ok(change) = queue.try_recv() {
            changes.insert(change);
        }
        if let Err(error) = notify(&database, instance, changes.into_iter().collect()).await {
            tracing::warn!(%error, "could not tell other instances of a change");
        }
    }
}

/// Tells every running instance of `changes` when the caller's transaction commits: for the command line, which
/// runs beside the service.
///
/// # Errors
/// When the database fails.
pub async fn announce(connection: &mut PgConnection, changes: Vec<Change>) -> Result<(), sqlx::Error> {
    for payload in payloads(Uuid::new_v4(), changes) {
        sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, payload).fetch_one(&mut *connection).await?;
    }
    Ok(())
}

async fn notify(database: &Database, instance: Uuid, changes: Vec<Change>) -> Result<(), sqlx::Error> {
    let mut transaction = database.begin(&Scope::system()).await?;
    for payload in payloads(instance, changes) {
        sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, payload).fetch_one(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// `changes` in as few payloads as they fit.
fn payloads(instance: Uuid, changes: Vec<Change>) -> Vec<String> {
    let mut payloads = Vec::new();
    let mut rest = changes;
    while !rest.is_empty() {
        let mut take = rest.len();
        loop {
            let envelope = Envelope { from: instance, changes: rest[..take].to_vec() };
            let text = serde_json::to_string(&envelope).unwrap_or_default();
            if text.len() <= MAX_PAYLOAD_BYTES || take == 1 {
                payloads.push(text);
                break;
            }
            take = take.div_ceil(2);
        }
        rest.drain(..take);
    }
    payloads
}

async fn receive(events: Events, database: Database, stop: CancellationToken) {
    let mut pause = Duration::from_millis(100);
    loop {
        let listening = tokio::select! {
            // First of all: when the pool is closed because the service stops, nothing was lost.
            biased;
            () = stop.cancelled() => return,
            result = listen(&events, &database) => result,
        };
        if let Err(error) = listening {
            tracing::warn!(%error, "lost the channel of changes; listening again");
        }
        let _ = events.local.send(Change::Missed);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(Duration::from_secs(5)),
        }
    }
}

async fn listen(events: &Events, database: &Database) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(database.pool()).await?;
    listener.listen(CHANNEL).await?;
    // `try_recv` gives `None` when the connection was lost: changes may have been missed.
    while let Some(notification) = listener.try_recv().await? {
        let Ok(envelope) = serde_json::from_str::<Envelope>(notification.payload()) else {
            tracing::warn!("a notification on our channel was not ours");
            continue;
        };
        if envelope.from != events.instance {
            for change in envelope.changes {
                let _ = events.local.send(change);
            }
        }
    }
    Ok(())
}
