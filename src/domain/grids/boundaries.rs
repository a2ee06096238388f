//! The published boundaries in memory, read again whenever they change, here or on another instance.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};
use tokio::sync::Mutex;
use tokio::sync::broadcast::error::RecvError;

use super::boundary_map::{BoundaryMap, Located};
use super::store;
use crate::kernel::geometry::{BuildError, Wgs84};
use crate::message;
use crate::platform::clock::{Clock, china_date};
use crate::platform::database::{Database, Scope};
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// How long to wait before reading again when the database did not answer.
const RETRY: Duration = Duration::from_secs(1);

/// Answers which grid a place belonged to at a moment, without asking the database. Cheap to clone; handlers take
/// it as an axum `Extension`.
#[derive(Debug, Clone)]
pub struct Boundaries {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    database: Database,
    clock: Clock,
    current: ArcSwapOption<BoundaryMap>,
    /// How often a reading was asked for, and how many of those askings the last reading has answered.
    asked: AtomicU64,
    answered: AtomicU64,
    reading: Mutex<()>,
}

impl Boundaries {
    /// Starts keeping the boundaries: reads them soon, and again after every change, as long as this value or a
    /// clone of it lives.
    #[must_use]
    pub fn start(ground: &Ground) -> Self {
        let shared = Arc::new(Shared {
            database: ground.database.clone(),
            clock: ground.clock.clone(),
            current: ArcSwapOption::empty(),
            asked: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            reading: Mutex::new(()),
        });
        // Subscribed before the first reading, so that no change falls between the two.
        let mut changes = ground.events.subscribe();
        let watched = Arc::downgrade(&shared);
        tokio::spawn(async move {
            loop {
                let Some(shared) = watched.upgrade() else { return };
                if let Err(problem) = shared.read_again().await {
                    tracing::warn!(%problem, "could not read the boundaries; trying again");
                    drop(shared);
                    tokio::time::sleep(RETRY).await;
                    continue;
                }
                drop(shared);
                loop {
                    match changes.recv().await {
                        Ok(Change::Boundaries | Change::Missed) | Err(RecvError::Lagged(_)) => break,
                        Ok(Change::Layer { layer }) if layer == "areas" => break,
                        Ok(_) => {}
                        Err(RecvError::Closed) => return,
                    }
                }
            }
        });
        Self { shared }
    }

    /// Reads the boundaries again and returns when every change committed before this call can be seen. Callers
    /// that ask while a reading is going on share the next one.
    ///
    /// # Errors
    /// When the database does not answer; what was read before stays.
    pub async fn refresh(&self) -> Result<(), Problem> {
        self.shared.read_again().await.map(drop)
    }

    /// The boundaries as last read; waits for the first reading.
    ///
    /// # Errors
    /// When there has been no reading yet and the database does not answer.
    pub async fn current(&self) -> Result<Arc<BoundaryMap>, Problem> {
        match self.shared.current.load_full() {
            Some(map) => Ok(map),
            None => self.shared.read_again().await,
        }
    }

    /// Where `place` lay at `at`, by the boundaries valid on that date in China.
    ///
    /// # Errors
    /// 422 naming the field `place` when no grid and no area is known anywhere; 503 before the first reading.
    pub async fn locate(&self, place: Wgs84, at: DateTime<Utc>) -> Result<Located, Problem> {
        let located = self.current().await?.locate(place, china_date(at));
        located.map_err(|error| Problem::internal(&error))?.ok_or_else(|| {
            Problem::invalid(
                "place",
                message!(
                    "该时间尚无任何网格或区划边界，无法归属",
                    "no grid and no area has a boundary at that time: the place cannot be assigned"
                ),
            )
        })
    }
}

impl Shared {
    async fn read_again(&self) -> Result<Arc<BoundaryMap>, Problem> {
        let ticket = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let _reading = self.reading.lock().await;
        if self.answered.load(Ordering::SeqCst) >= ticket
            && let Some(map) = self.current.load_full()
        {
            return Ok(map);
        }
        let answers = self.asked.load(Ordering::SeqCst);
        let mut transaction = self.database.begin(&Scope::system()).await?;
        let boundaries = store::published_boundaries(&mut transaction).await?;
        let areas = store::outlines(&mut transaction).await?;
        transaction.commit().await?;
        let today = self.clock.today();
        let map = tokio::task::spawn_blocking(move || {
            let map = BoundaryMap::new(boundaries, &areas)?;
            map.on(today)?;
            Ok::<_, BuildError>(map)
        })
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::internal(&error))?;
        let map = Arc::new(map);
        self.current.store(Some(map.clone()));
        self.answered.store(answers, Ordering::SeqCst);
        Ok(map)
    }
}
