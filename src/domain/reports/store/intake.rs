//! Filing a report.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::hazards::HazardKind;
use crate::domain::reports::desk::Entry;
use crate::domain::reports::model::Person;
use crate::domain::reports::receipt::{Assignment, Duplicate};
use crate::platform::database::Scope;
use crate::platform::http::ContentHash;
use crate::platform::problem::Problem;

/// Reports of one kind closer than this may be about the same thing. Metres.
const ALIKE_WITHIN_M: f64 = 100.0;
/// And no further apart in time than this, in hours.
const ALIKE_WITHIN_H: i32 = 72;

/// What became of filing a report.
#[derive(Debug)]
pub(in crate::domain::reports) enum FileOutcome {
    /// It is filed.
    Filed(Assignment),
    /// The id is taken.
    Taken,
    /// The caller knows no such enterprise; nothing was filed.
    UnknownEnterprise,
}

/// One report as `file_reports` in the database takes it.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    scope: &'a Scope,
    id: Uuid,
    content_hash: String,
    place_code: &'a str,
    plan_id: Option<Uuid>,
    kind: &'static str,
    hazard_kind: Option<&'static str>,
    severity: i16,
    words: &'a str,
    resolved_on_spot: bool,
    happened_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    enterprise_id: Option<Uuid>,
    accuracy_m: Option<f64>,
    boundary_m: Option<f64>,
    near_boundary: bool,
    nearest_grid: Option<&'a str>,
    crs: &'static str,
    x: f64,
    y: f64,
    lon: f64,
    lat: f64,
    filed_id: Uuid,
    resolved_id: Uuid,
    audit_id: Uuid,
    request_id: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(entry: &'a Entry) -> Self {
        let Entry { scope, filing, content_hash, located, received_at, request_id } = entry;
        Self {
            scope,
            id: filing.id,
            content_hash: content_hash.to_bytea(),
            place_code: located.place_code.as_str(),
            plan_id: located.plan_id,
            kind: filing.kind.key(),
            hazard_kind: filing.hazard_kind.map(HazardKind::key),
            severity: filing.severity,
            words: &filing.words,
            resolved_on_spot: filing.resolved_on_spot,
            happened_at: filing.happened_at,
            received_at: *received_at,
            enterprise_id: filing.enterprise_id,
            accuracy_m: filing.given.accuracy_m,
            boundary_m: located.boundary_m,
            near_boundary: located.near_boundary(filing.tolerance_m()),
            nearest_grid: located.nearest.as_ref().map(|(grid, _)| grid.as_str()),
            crs: filing.given.crs.as_str(),
            x: filing.given.x,
            y: filing.given.y,
            lon: filing.place.lon(),
            lat: filing.place.lat(),
            filed_id: Uuid::now_v7(),
            resolved_id: Uuid::now_v7(),
            audit_id: Uuid::now_v7(),
            request_id: request_id.as_deref(),
        }
    }
}

/// Files `entries`, each under its own scope, and says what became of each: in one round trip and, when `connection`
/// is in no transaction, in one of its own. Fails as a whole when one of them is refused.
pub(in crate::domain::reports) async fn file(
    connection: &mut PgConnection,
    entries: &[&Entry],
) -> Result<Vec<FileOutcome>, sqlx::Error> {
    let rows: Vec<_> = entries.iter().copied().map(Row::of).collect();
    let filings = serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let rows = sqlx::query!(
        r#"SELECT outcome AS "outcome!", grid_name, nearest_name,
                  members AS "members: Json<Vec<Person>>",
                  duplicates AS "duplicates: Json<Vec<Duplicate>>"
             FROM file_reports($1::text::json, $2, make_interval(hours => $3))"#,
        filings,
        ALIKE_WITHIN_M,
        ALIKE_WITHIN_H
    )
    .fetch_all(connection)
    .await?;
    let outcomes = rows.into_iter().zip(entries).map(|(row, entry)| match &*row.outcome {
        "filed" => FileOutcome::Filed(Assignment {
            grid_name: row.grid_name.unwrap_or_default(),
            members: row.members.map(|members| members.0).unwrap_or_default(),
            nearest: entry.located.nearest.as_ref().map(|(grid, distance_m)| {
                (grid.clone(), row.nearest_name.unwrap_or_else(|| grid.to_string()), *distance_m)
            }),
            duplicates: row.duplicates.map(|duplicates| duplicates.0).unwrap_or_default(),
        }),
        "taken" => FileOutcome::Taken,
        _ => FileOutcome::UnknownEnterprise,
    });
    Ok(outcomes.collect())
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
