//! The ways of the streets asked for lately, made into graphs once and remembered until the roads change.

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use moka::future::Cache;

use super::model::Mode;
use super::store;
use super::ways::Ways;
use crate::kernel::geometry::Wgs84;
use crate::platform::accounts::Session;
use crate::platform::events::Change;
use crate::platform::generation::Generation;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// The ways of the streets asked for lately. One per service.
#[derive(Debug)]
pub struct Maps {
    generation: Generation,
    ways: Cache<(u64, String, Mode), Arc<Ways>>,
}

/// Streets remembered at once; a service seldom has more than a dozen, in three modes.
const MOST_STREETS: u64 = 64;
const IDLE: Duration = Duration::from_secs(3600);

impl Default for Maps {
    fn default() -> Self {
        let ways = Cache::builder().max_capacity(MOST_STREETS).time_to_idle(IDLE).build();
        Self { generation: Generation::default(), ways }
    }
}

impl Maps {
    /// The ways of the street around the session's place on a day, closed roads aside. Everybody in a street may read
    /// its roads, so what was read for one serves all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ways(
        &self,
        ground: &Ground,
        session: &Session,
        mode: Mode,
        centre: Wgs84,
        day: NaiveDate,
    ) -> Result<Arc<Ways>, Problem> {
        let concerns = |change: &Change| matches!(change, Change::Layer { layer } if layer == "roads");
        let generation = self.generation.current(&ground.events, concerns);
        let street = session.place.street().to_string();
        let build = async {
            let mut transaction = ground.database.begin(&session.scope()).await?;
            let roads = store::roads(&mut transaction, &street).await?;
            transaction.commit().await?;
            let ways = tokio::task::spawn_blocking(move || Ways::new(&roads, mode, centre))
                .await
                .map_err(|error| Problem::internal(&error))?
                .map_err(|error| Problem::internal(&error))?;
            Ok(Arc::new(ways))
        };
        let key = (generation, street.clone(), mode);
        let ways = self.ways.try_get_with(key, build).await;
        let ways = ways.map_err(|problem: Arc<Problem>| (*problem).clone())?;

        let mut transaction = ground.database.begin(&session.scope()).await?;
        let closed = store::closed_on(&mut transaction, &street, day).await?;
        transaction.commit().await?;
        Ok(if closed.is_empty() { ways } else { Arc::new(ways.closed_at(&closed)) })
    }
}
