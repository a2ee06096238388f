//! Filing a report.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::hazards::HazardKind;
use crate::domain::reports::desk::Entry;
use crate::domain::reports::model::Person;
use crate::domain::reports::receipt::{Assignment, Duplicate};
use crate::kernel::geometry::measure::LocalPlane;
use crate::platform::database::Scope;
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

/// What `answers_to` in the database needs to know of a report: who asks, and where and when it was.
#[derive(Serialize)]
struct Question<'a> {
    #[serde(flatten)]
    scope: &'a Scope,
    id: Uuid,
    place_code: &'a str,
    nearest_grid: Option<&'a str>,
    kind: &'static str,
    happened_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    lon: f64,
    lat: f64,
    /// Metres per degree of longitude and of latitude, there.
    lon_m: f64,
    lat_m: f64,
}

/// One report as `file_reports` in the database takes it.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    question: Question<'a>,
    content_hash: String,
    plan_id: Option<Uuid>,
    hazard_kind: Option<&'static str>,
    severity: i16,
    words: &'a str,
    resolved_on_spot: bool,
    enterprise_id: Option<Uuid>,
    accuracy_m: Option<f64>,
    boundary_m: Option<f64>,
    near_boundary: bool,
    crs: &'static str,
    x: f64,
    y: f64,
    filed_id: Uuid,
    resolved_id: Uuid,
    audit_id: Uuid,
    request_id: Option<&'a str>,
}

impl<'a> Question<'a> {
    fn of(entry: &'a Entry) -> Self {
        let Entry { scope, filing, located, received_at, .. } = entry;
        let (lon_m, lat_m) = LocalPlane::at_latitude(filing.place.lat()).metres_per_degree();
        Self {
            scope,
            id: filing.id,
            place_code: located.place_code.as_str(),
            nearest_grid: located.nearest.as_ref().map(|(grid, _)| grid.as_str()),
            kind: filing.kind.key(),
            happened_at: filing.happened_at,
            received_at: *received_at,
            lon: filing.place.lon(),
            lat: filing.place.lat(),
            lon_m,
            lat_m,
        }
    }
}

impl<'a> Row<'a> {
    fn of(entry: &'a Entry) -> Self {
        let Entry { filing, content_hash, located, request_id, .. } = entry;
        Self {
            question: Question::of(entry),
            content_hash: content_hash.to_bytea(),
            plan_id: located.plan_id,
            hazard_kind: filing.hazard_kind.map(HazardKind::key),
            severity: filing.severity,
            words: &filing.words,
            resolved_on_spot: filing.resolved_on_spot,
            enterprise_id: filing.enterprise_id,
            accuracy_m: filing.given.accuracy_m,
            boundary_m: located.boundary_m,
            near_boundary: located.near_boundary(filing.tolerance_m()),
            crs: filing.given.crs.as_str(),
            x: filing.given.x,
            y: filing.given.y,
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
        r#"SELECT id AS "id!", outcome AS "outcome!", grid_name, nearest_name,
                  members AS "members: Json<Vec<Person>>",
                  duplicates AS "duplicates: Json<Vec<Duplicate>>"
             FROM file_reports($1::text::json, $2, make_interval(hours => $3))"#,
        filings,
        ALIKE_WITHIN_M,
        ALIKE_WITHIN_H
    )
    .fetch_all(connection)
    .await?;
    // The rows come in no particular order.
    let mut outcomes: HashMap<Uuid, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let outcome = |entry: &&Entry| {
        let row = outcomes.remove(&entry.filing.id).ok_or(sqlx::Error::RowNotFound)?;
        Ok(match &*row.outcome {
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
        })
    };
    entries.iter().map(outcome).collect()
}

/// What was answered when the report of `entry` was filed with this content; nothing when its id is not the caller's
/// to see or holds other content.
pub(in crate::domain::reports) async fn replay(
    connection: &mut PgConnection,
    entry: &Entry,
) -> Result<Option<Assignment>, Problem> {
    let kept = sqlx::query_file!("src/domain/reports/store/replay.sql", entry.filing.id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(kept) = kept.filter(|kept| kept.content_hash == entry.content_hash.as_bytes()) else {
        return Ok(None);
    };
    let question = Question {
        place_code: &kept.place_code,
        nearest_grid: kept.nearest_grid_code.as_deref(),
        received_at: kept.received_at,
        ..Question::of(entry)
    };
    let question = serde_json::to_string(&[question]).map_err(|error| Problem::internal(&error))?;
    let answer = sqlx::query!(
        r#"SELECT grid_name AS "grid_name!", nearest_name,
                  members AS "members: Json<Vec<Person>>",
                  duplicates AS "duplicates: Json<Vec<Duplicate>>"
             FROM answers_to(ARRAY(SELECT f FROM json_populate_recordset(NULL::filing, $1::text::json) AS f), $2,
                             make_interval(hours => $3))"#,
        question,
        ALIKE_WITHIN_M,
        ALIKE_WITHIN_H
    )
    .fetch_one(connection)
    .await?;
    let nearest = match (&kept.nearest_grid_code, answer.nearest_name, kept.nearest_m) {
        (Some(code), Some(name), Some(distance_m)) => {
            Some((code.parse().map_err(|error| Problem::internal(&error))?, name, distance_m))
        }
        _ => None,
    };
    Ok(Some(Assignment {
        grid_name: answer.grid_name,
        members: answer.members.map(|members| members.0).unwrap_or_default(),
        nearest,
        duplicates: answer.duplicates.map(|duplicates| duplicates.0).unwrap_or_default(),
    }))
}
