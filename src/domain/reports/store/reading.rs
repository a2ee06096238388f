//! Reading reports.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::hazards::HazardKind;
use crate::domain::reports::model::{Person, Report, ReportKind, Status};
use crate::platform::accounts::Department;
use crate::platform::code::PlaceCode;
use crate::platform::http::{Several, Window};
use crate::platform::problem::Problem;

struct Row {
    id: Uuid,
    kind: ReportKind,
    hazard_kind: Option<HazardKind>,
    severity: i16,
    words: String,
    status: Status,
    resolved_on_spot: bool,
    department: Option<Department>,
    happened_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    place_code: String,
    handler_code: Option<String>,
    near_boundary: bool,
    boundary_m: Option<f32>,
    reported_by: Option<Uuid>,
    reporter_name: Option<String>,
    enterprise_id: Option<Uuid>,
    geometry: serde_json::Value,
    photo_count: i64,
    version: i32,
}

impl TryFrom<Row> for Report {
    type Error = Problem;

    fn try_from(row: Row) -> Result<Self, Problem> {
        let place_code: PlaceCode = row.place_code.parse().map_err(|error| Problem::internal(&error))?;
        Ok(Self {
            id: row.id,
            kind: row.kind,
            hazard_kind: row.hazard_kind,
            severity: row.severity,
            words: row.words,
            status: row.status,
            resolved_on_spot: row.resolved_on_spot,
            department: row.department,
            happened_at: row.happened_at,
            received_at: row.received_at,
            closed_at: row.closed_at,
            handler_code: row
                .handler_code
                .map(|code| code.parse().map_err(|error| Problem::internal(&error)))
                .transpose()?,
            grid_code: place_code.grid(),
            place_code,
            near_boundary: row.near_boundary,
            boundary_m: row.boundary_m,
            reporter: row
                .reported_by
                .zip(row.reporter_name)
                .map(|(id, display_name)| Person { id, display_name }),
            enterprise_id: row.enterprise_id,
            geometry: row.geometry,
            photo_count: row.photo_count,
            version: row.version,
        })
    }
}

/// Which reports to list; what is not given does not matter.
#[derive(Debug, Default)]
pub(in crate::domain::reports) struct Filter {
    pub(in crate::domain::reports) from: Option<DateTime<Utc>>,
    pub(in crate::domain::reports) to: Option<DateTime<Utc>>,
    pub(in crate::domain::reports) kind: Several<ReportKind>,
    pub(in crate::domain::reports) hazard_kind: Option<HazardKind>,
    pub(in crate::domain::reports) severity: Several<i16>,
    pub(in crate::domain::reports) status: Several<Status>,
    pub(in crate::domain::reports) mine: bool,
}

/// Reports in `window` that the caller may read and `filter` lets through, latest first.
pub(in crate::domain::reports) async fn list(
    connection: &mut PgConnection,
    window: &Window<(DateTime<Utc>, Uuid)>,
    filter: &Filter,
) -> Result<Vec<Report>, Problem> {
    let kinds = filter.kind.any_of(ToString::to_string);
    let severities = filter.severity.any_of(|severity| *severity);
    let statuses = filter.status.any_of(ToString::to_string);
    sqlx::query_file_as!(
        Row,
        "src/domain/reports/store/list.sql",
        window.after.map(|(at, _)| at),
        window.after.map(|(_, id)| id),
        filter.from,
        filter.to,
        window.within,
        window.bbox(),
        kinds.as_deref(),
        severities.as_deref(),
        statuses.as_deref(),
        window.pattern,
        filter.mine,
        filter.hazard_kind.map(HazardKind::key),
        window.rows()
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(Report::try_from)
    .collect()
}

/// One report, if the caller may read it.
pub(in crate::domain::reports) async fn find(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Report>, Problem> {
    sqlx::query_file_as!(Row, "src/domain/reports/store/find.sql", id)
        .fetch_optional(connection)
        .await?
        .map(Report::try_from)
        .transpose()
}
