//! Filing a report.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::grids::Located;
use crate::domain::hazards::HazardKind;
use crate::domain::reports::intake::Filing;
use crate::domain::reports::model::Person;
use crate::domain::reports::receipt::{Assignment, Duplicate};
use crate::platform::http::ContentHash;
use crate::platform::problem::Problem;

/// Reports of one kind closer than this may be about the same thing. Metres.
const ALIKE_WITHIN_M: f64 = 100.0;
/// And no further apart in time than this, in hours.
const ALIKE_WITHIN_H: i32 = 72;

/// What became of filing a report.
pub(in crate::domain::reports) enum FileOutcome {
    /// It is filed.
    Filed(Assignment),
    /// The id is taken.
    Taken,
    /// The caller knows no such enterprise; nothing was filed.
    UnknownEnterprise,
}

/// Files a report at `received_at` as `account`. One round trip.
pub(in crate::domain::reports) async fn file(
    connection: &mut PgConnection,
    filing: &Filing,
    content_hash: ContentHash,
    located: &Located,
    account: Uuid,
    received_at: DateTime<Utc>,
) -> Result<FileOutcome, Problem> {
    let row = sqlx::query_file!(
        "src/domain/reports/store/file_report.sql",
        filing.id,
        content_hash.as_bytes(),
        located.place_code.as_str(),
        located.plan_id,
        filing.kind.key(),
        filing.hazard_kind.map(HazardKind::key),
        filing.severity,
        filing.words,
        filing.resolved_on_spot,
        filing.happened_at,
        received_at,
        account,
        filing.enterprise_id,
        filing.given.accuracy_m,
        located.boundary_m,
        located.near_boundary(filing.tolerance_m()),
        located.nearest.as_ref().map(|(grid, _)| grid.as_str()),
        filing.given.crs.as_str(),
        filing.given.x,
        filing.given.y,
        filing.place.lon(),
        filing.place.lat(),
        Uuid::now_v7(),
        filing.resolved_on_spot.then(Uuid::now_v7),
        ALIKE_WITHIN_M,
        ALIKE_WITHIN_H
    )
    .fetch_optional(connection)
    .await?;
    Ok(match row {
        None => FileOutcome::Taken,
        Some(row) if !row.enterprise_found => FileOutcome::UnknownEnterprise,
        Some(row) => FileOutcome::Filed(Assignment {
            grid_name: row.grid_name,
            members: row.members.map(|members| members.0).unwrap_or_default(),
            nearest: located.nearest.as_ref().map(|(grid, distance_m)| {
                (grid.clone(), row.nearest_name.unwrap_or_else(|| grid.to_string()), *distance_m)
            }),
            duplicates: row.duplicates.map(|duplicates| duplicates.0).unwrap_or_default(),
        }),
    })
}

/// What was answered when the report `id` was filed with this content; nothing when the id is not the caller's to
/// see or holds other content.
pub(in crate::domain::reports) async fn replay(
    connection: &mut PgConnection,
    id: Uuid,
    content_hash: ContentHash,
) -> Result<Option<Assignment>, Problem> {
    let row = sqlx::query_file!("src/domain/reports/store/replay.sql", id, ALIKE_WITHIN_M, ALIKE_WITHIN_H)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row.filter(|row| row.content_hash == content_hash.as_bytes()) else { return Ok(None) };
    let nearest = match (row.nearest_grid_code, row.nearest_name, row.nearest_m) {
        (Some(code), Some(name), Some(distance_m)) => {
            Some((code.parse().map_err(|error| Problem::internal(&error))?, name, distance_m))
        }
        _ => None,
    };
    Ok(Some(Assignment {
        grid_name: row.grid_name,
        members: row.members.map(|members| members.0).unwrap_or_default(),
        nearest,
        duplicates: row.duplicates.map(|duplicates| duplicates.0).unwrap_or_default(),
    }))
}
