//! When boundaries take effect, what stands in the village goes to its new grid. Reports stay where they were; who
//! works on the open ones, and who makes the next call at a door, is for the plan to say.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;

use super::boundaries::Boundaries;
use super::boundary_map::BoundaryMap;
use super::store::{self, Shelf};
use crate::domain::reports::hand_over;
use crate::kernel::geometry::Wgs84;
use crate::platform::code::VillageCode;
use crate::platform::database::Scope;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;

/// How often to look whether a plan has taken effect.
const INTERVAL: Duration = Duration::from_secs(600);
/// A service that was down for longer than this finds its rows filed late only after the next publication.
const LOOK_BACK_DAYS: u64 = 60;

/// Files the households, enterprises, hazards and buildings of `village` under the grids of `date`, and hands open
/// cases over if the plan in force then says so. Gives the layers that changed. For the system's scope.
///
/// # Errors
/// When the database fails; the caller then rolls back.
pub async fn refile(
    connection: &mut PgConnection,
    boundaries: &BoundaryMap,
    village: &VillageCode,
    date: NaiveDate,
) -> Result<Vec<&'static str>, Problem> {
    let mut changed = Vec::new();
    let kept_since = store::calls_stay(connection, village, date).await?.then_some(date);
    for shelf in Shelf::ALL {
        let (mut ids, mut places, mut before) = (Vec::new(), Vec::new(), Vec::new());
        for row in store::filed(connection, shelf, village).await? {
            let Ok(at) = Wgs84::new(row.lon, row.lat) else { continue };
            let located = boundaries.locate(at, date).map_err(|error| Problem::internal(&error))?;
            let Some(located) = located else { continue };
            if located.place_code.as_str() != row.place_code {
                ids.push(row.id);
                places.push(located.place_code.to_string());
                before.push(row.place_code);
            }
        }
        if !ids.is_empty() {
            store::file(connection, shelf, &ids, &places).await?;
            store::keep_calls(connection, shelf, &ids, &before, &places, kept_since).await?;
            changed.push(shelf.layer());
        }
    }
    if store::cases_follow(connection, village, date).await?
        && hand_over(connection, boundaries, village, date).await? > 0
    {
        changed.push("reports");
    }
    Ok(changed)
}

/// Tells everybody of boundaries that were published, to begin on `from`; files the village anew if they have begun.
/// For after the commit.
///
/// # Errors
/// When the database fails; the publication stands.
pub async fn take_effect(
    ground: &Ground,
    boundaries: &Boundaries,
    village: &VillageCode,
    from: NaiveDate,
) -> Result<(), Problem> {
    ground.events.publish(Change::Boundaries);
    // The publisher's next report is to find the new boundaries; other instances hear of them in a moment.
    boundaries.refresh().await?;
    let today = ground.clock.today();
    if from > today {
        return Ok(());
    }
    // A planner may not see a household; the service does this in its own name.
    let map = boundaries.current().await?;
    let mut transaction = ground.database.begin(&Scope::system()).await?;
    let changed = refile(&mut transaction, &map, village, today).await?;
    transaction.commit().await?;
    for layer in changed {
        ground.events.publish(Change::Layer { layer: layer.into() });
    }
    Ok(())
}

/// Refiles villages as their plans take effect, until `stop`. Filing what is filed already changes nothing, so
/// every instance may do this.
pub async fn keep_filed(ground: Ground, stop: CancellationToken) {
    let mut done_until: Option<NaiveDate> = None;
    loop {
        let today = ground.clock.today();
        if done_until != Some(today) {
            let since = done_until
                .unwrap_or_else(|| today.checked_sub_days(Days::new(LOOK_BACK_DAYS)).unwrap_or(today));
            match catch_up(&ground, since, today).await {
                Ok(()) => done_until = Some(today),
                Err(problem) => tracing::warn!(%problem, "could not file villages under their new grids yet"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn catch_up(ground: &Ground, since: NaiveDate, today: NaiveDate) -> Result<(), Problem> {
    let mut transaction = ground.database.begin(&Scope::system()).await?;
    let villages = store::villages_with_new_boundaries(&mut transaction, since, today).await?;
    if villages.is_empty() {
        return Ok(());
    }
    let boundaries = BoundaryMap::load(&mut transaction).await?;
    let mut changed = Vec::new();
    for village in villages {
        changed.extend(refile(&mut transaction, &boundaries, &village, today).await?);
    }
    transaction.commit().await?;
    changed.sort_unstable();
    changed.dedup();
    for layer in changed {
        ground.events.publish(Change::Layer { layer: layer.into() });
    }
    Ok(())
}
