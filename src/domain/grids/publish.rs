//! Publishing a boundary plan: what the HTTP API and the importer both call.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use geo::MultiPolygon;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::check::{self, CoverageCheck, Surroundings};
use super::drawing::DrawnGrids;
use super::model::MAX_NAME;
use super::store;
use crate::message;
use crate::platform::code::{GridCode, VillageCode};
use crate::platform::http::Fields;
use crate::platform::locale::Locale;
use crate::platform::problem::Problem;

/// A plan to publish.
#[derive(Debug)]
pub struct Plan {
    /// Made by the caller.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// The first date it is in force, in China.
    pub effective_from: NaiveDate,
    /// Whether it was drawn and approved under its id; else it is new.
    pub approved: bool,
    /// Every grid of the village.
    pub grids: DrawnGrids,
}

/// A plan that was published.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoundaryPlan)]
pub struct Published {
    /// The plan.
    pub id: Uuid,
    /// The village.
    #[schema(value_type = String)]
    pub village_code: VillageCode,
    /// What it is called.
    pub name: String,
    /// `published`, or `superseded` when a later plan has replaced all of it.
    pub status: String,
    /// The first date it is in force.
    pub effective_from: NaiveDate,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Its grids.
    #[schema(value_type = Vec<String>)]
    pub grids: Vec<GridCode>,
}

/// Publishes `plan` in the caller's transaction, on behalf of `account`, at `now` on the date `today`.
///
/// The village's boundaries in force end on the date the plan begins; earlier dates keep theirs. A plan begins today
/// or later; only a village's first plan may begin on any date. A plan that was to begin on that date or later, and has
/// not begun, is superseded whole. Once the transaction has committed, the caller tells
/// everybody ([`Change::Boundaries`]) and, where it serves requests itself, refreshes its [`Boundaries`].
///
/// # Errors
/// 422 when the plan does not fit its village, with the findings as `coverage`, or begins too early; 409 when a
/// plan of the village began today already; 403 when the transaction's scope does not allow it.
///
/// [`Change::Boundaries`]: crate::platform::events::Change::Boundaries
/// [`Boundaries`]: super::Boundaries
pub async fn publish(
    connection: &mut PgConnection,
    plan: Plan,
    account: Option<Uuid>,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Published, Problem> {
    let mut fields = Fields::default();
    let name = fields.text("name", &plan.name, 1..=MAX_NAME);
    fields.finish()?;
    let village = plan.grids.village.clone();
    store::lock_village(connection, &village).await?;
    refuse_dates(connection, &village, plan.effective_from, today).await?;
    let around = surroundings(connection, &village, plan.effective_from).await?;
    let (drawn, shapes) = accepted(plan.grids, around).await?;

    let published = Published {
        id: plan.id,
        village_code: village,
        name,
        status: "published".into(),
        effective_from: plan.effective_from,
        published_at: now,
        grids: drawn.grids.iter().map(|grid| grid.code.clone()).collect(),
    };
    if plan.approved {
        if !store::publish_approved(connection, &published).await? {
            return Err(Problem::stale());
        }
    } else {
        store::insert_plan(connection, &published, account).await?;
    }
    store::upsert_grids(connection, &drawn).await?;
    store::withdraw_boundaries(connection, &published).await?;
    store::end_boundaries(connection, &published).await?;
    store::insert_boundaries(connection, &published, &shapes).await?;
    store::supersede_plans(connection, &published.village_code, today).await?;
    Ok(published)
}

/// What drawn grids of the village are held against on `date`.
///
/// # Errors
/// 422 when there is no such village.
pub(crate) async fn surroundings(
    connection: &mut PgConnection,
    village: &VillageCode,
    date: NaiveDate,
) -> Result<Surroundings, Problem> {
    let Some(outline) = store::village_outline(connection, village).await? else {
        return Err(Problem::invalid(
            "grids",
            message!("没有编码为 {village} 的村", "there is no village {village}"),
        ));
    };
    Ok(Surroundings { outline, neighbours: store::neighbours(connection, village, date).await? })
}

/// The check of `drawn` against `around`, off the async threads.
pub(super) async fn checked(drawn: DrawnGrids, around: Surroundings) -> Result<CoverageCheck, Problem> {
    let locale = Locale::current();
    let work = move || check::check(&drawn, &around, locale);
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))
}

async fn accepted(
    drawn: DrawnGrids,
    around: Surroundings,
) -> Result<(DrawnGrids, Vec<MultiPolygon<f64>>), Problem> {
    let locale = Locale::current();
    let work = move || (check::accept(&drawn, &around, locale), drawn);
    let (outcome, drawn) =
        tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?;
    match outcome {
        Ok(shapes) => Ok((drawn, shapes)),
        Err(findings) => Err(does_not_fit(&findings)),
    }
}

pub(crate) fn does_not_fit(findings: &CoverageCheck) -> Problem {
    let (gaps, overlaps) = (findings.gaps.len(), findings.overlaps.len());
    let (outside, defects) = (findings.outside.len(), findings.defects.len());
    let why = message!(
        "空隙 {gaps} 处，重叠 {overlaps} 处，越界 {outside} 处，图形缺陷 {defects} 处",
        "{gaps} gaps, {overlaps} overlaps, {outside} parts outside the village, {defects} defects"
    );
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "boundaries-do-not-fit",
        message!("网格边界不能无缝覆盖本村", "The grids do not cover the village without seams"),
    )
    .detail(why.clone())
    .field("grids", why)
    .with("coverage", serde_json::to_value(findings).unwrap_or_default())
}

async fn refuse_dates(
    connection: &mut PgConnection,
    village: &VillageCode,
    from: NaiveDate,
    today: NaiveDate,
) -> Result<(), Problem> {
    let (any, begun) = store::latest_begun(connection, village, today).await?;
    if any && from < today {
        return Err(Problem::invalid(
            "effective_from",
            message!("生效日期不能早于今天（{today}）", "not before today, {today}: history stays as it was"),
        ));
    }
    if let Some(latest) = begun.filter(|latest| *latest >= from) {
        return Err(Problem::conflict(message!(
            "该村已有方案于 {latest} 生效，新方案须在其后生效",
            "a plan of this village began on {latest}: a new one begins after it"
        ))
        .field("effective_from", message!("须晚于 {latest}", "later than {latest}")));
    }
    Ok(())
}
