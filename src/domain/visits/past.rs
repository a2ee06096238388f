//! Visits made before the service was there: many at once, naming their targets by code.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{TargetKind, VisitResult};
use super::store;
use crate::platform::problem::Problem;

/// A visit as an older log has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PastVisit {
    /// Which.
    pub id: Uuid,
    /// What kind of thing was called at.
    pub target_kind: TargetKind,
    /// The code of the household, care, enterprise or hazard.
    pub target_code: String,
    /// What for.
    pub purpose: String,
    /// How it went.
    pub result: VisitResult,
    /// What else there is to say.
    pub note: Option<String>,
    /// When.
    pub visited_at: DateTime<FixedOffset>,
    /// The visitor's login.
    pub visited_by: String,
    /// Where the visitor stood: WGS84 longitude, degrees.
    pub lon: f64,
    /// WGS84 latitude, degrees.
    pub lat: f64,
}

/// Records visits; gives the number of those that are new and whose target and visitor are known. They settle
/// nothing: an older log comes with the dates it led to.
///
/// # Errors
/// When the database refuses.
pub async fn record_past(connection: &mut PgConnection, visits: &[PastVisit]) -> Result<usize, Problem> {
    let visits = serde_json::to_value(visits).map_err(|error| Problem::internal(&error))?;
    let recorded = store::insert_past(connection, &visits).await?;
    Ok(usize::try_from(recorded).unwrap_or(usize::MAX))
}
