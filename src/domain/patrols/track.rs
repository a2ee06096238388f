//! Where a walker was, while on patrol and not otherwise.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::kept::{KeptPatrol, PhoneTime};
use super::store::track as store;
use crate::domain::places::GivenPlace;
use crate::kernel::geometry::Wgs84;
use crate::platform::database::Scope;
use crate::platform::ground::Ground;
use crate::platform::http::Fields;
use crate::platform::problem::Problem;

/// Points of a track.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTrack {
    /// What the phone's clock says as it sends this.
    pub(super) sent_at: Option<DateTime<Utc>>,
    /// The points.
    #[schema(max_items = 5000)]
    pub(super) points: Vec<NewPoint>,
}

/// Where a walker was.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPoint {
    /// When, by the phone's clock.
    pub(super) at: DateTime<Utc>,
    /// Where.
    pub(super) place: GivenPlace,
    /// How well the phone knew, in metres.
    #[schema(minimum = 0, maximum = 100_000)]
    pub(super) accuracy_m: Option<f64>,
}

/// What came of points that were sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrackReceipt {
    /// Points that are new.
    pub(super) recorded: u64,
    /// Points from before the patrol began or after it ended: nobody's business, and not kept.
    pub(super) outside: usize,
}

/// A point of a track.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct TrackPoint {
    /// When, by the phone's clock put right.
    pub(super) at: DateTime<Utc>,
    /// When we were told.
    pub(super) received_at: DateTime<Utc>,
    /// Longitude, WGS84.
    pub(super) lon: f64,
    /// Latitude.
    pub(super) lat: f64,
    /// How well the phone knew, in metres.
    pub(super) accuracy_m: Option<f32>,
}

/// A point that is to be kept.
#[derive(Debug)]
pub(super) struct WalkedPoint {
    pub(super) at: DateTime<Utc>,
    pub(super) place: Wgs84,
    pub(super) accuracy_m: Option<f64>,
}

/// Points at once; a phone that records one every ten seconds has walked for half a day.
pub(super) const MOST_POINTS: usize = 5_000;
/// A patrol's ends are known to about as much.
const LEEWAY: TimeDelta = TimeDelta::minutes(2);

impl NewTrack {
    /// The points that lie within the patrol, and how many do not.
    ///
    /// # Errors
    /// 422 when a place or an accuracy makes no sense, or there are too many points.
    pub(super) fn within(
        self,
        patrol: &KeptPatrol,
        now: DateTime<Utc>,
    ) -> Result<(Vec<WalkedPoint>, usize), Problem> {
        let mut fields = Fields::default();
        fields.within("points", self.points.len(), &(0..=MOST_POINTS));
        let sent_at = self.sent_at;
        let mut walked = Vec::with_capacity(self.points.len());
        for point in self.points {
            if let Some(accuracy_m) = point.accuracy_m {
                fields.within("points.accuracy_m", accuracy_m, &(0.0..=100_000.0));
            }
            let place = point.place.to_wgs84("points.place", &mut fields);
            let at = PhoneTime { at: point.at, sent_at, phone_at: None }.received(now).at;
            walked.extend(place.map(|place| WalkedPoint { at, place, accuracy_m: point.accuracy_m }));
        }
        fields.finish()?;
        let count = walked.len();
        let from = patrol.started_at.map(|at| at - LEEWAY);
        let to = patrol.finished_at.map(|at| at + LEEWAY);
        walked
            .retain(|point| from.is_some_and(|from| point.at >= from) && to.is_none_or(|to| point.at <= to));
        let outside = count - walked.len();
        Ok((walked, outside))
    }
}

/// How often tracks whose time is over are looked for.
const THIN_EVERY: Duration = Duration::from_secs(3600);

/// Thins tracks when their time is over, for as long as the service runs.
pub async fn keep_thin(ground: Ground, stop: CancellationToken) {
    let mut tick = tokio::time::interval(THIN_EVERY);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        if let Err(problem) = thin(&ground).await {
            tracing::warn!(%problem, "tracks could not be thinned");
        }
    }
}

/// Thins the tracks whose time is over; gives the number of patrols.
///
/// # Errors
/// When the database refuses.
pub async fn thin(ground: &Ground) -> Result<u64, Problem> {
    let now = ground.clock.now();
    let mut transaction = ground.database.begin(&Scope::system()).await?;
    let ended_before = now - TimeDelta::days(ground.config.track_days);
    let thinned = store::thin(&mut transaction, ended_before, now).await?;
    transaction.commit().await?;
    Ok(thinned)
}
