//! A plan with everything a planner works with, and taking hold of it for a change.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::grids::{DrawnGrids, Surroundings, check, surroundings};
use crate::domain::plans::draft::Draft;
use crate::domain::plans::figures::{figures, index};
use crate::domain::plans::finding::Grounds;
use crate::domain::plans::model::{Detail, Head, PlanStatus};
use crate::domain::plans::sheet::Sheet;
use crate::domain::plans::store::Stored;
use crate::domain::plans::{start, store};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::code::VillageCode;
use crate::platform::ground::Ground;
use crate::platform::locale::Locale;
use crate::platform::problem::Problem;

/// Takes hold of a draft for a change from `version`.
///
/// # Errors
/// 403 outside the scope that may draw, 409 when it is no draft any more, 412 when somebody changed it first.
pub(super) async fn hold(
    transaction: &mut PgConnection,
    ground: &Ground,
    session: &Session,
    head: &Head,
    version: i32,
) -> Result<(), Problem> {
    if store::touch(transaction, head.id, version, ground.clock.now()).await? {
        return Ok(());
    }
    if !session.place.covers(head.village_code.as_str()) {
        return Err(Problem::forbidden());
    }
    if head.status != PlanStatus::Draft {
        let status = head.status.zh();
        let key = head.status.key();
        return Err(Problem::conflict(message!(
            "方案{status}，不能再修改",
            "the plan is {key} and is not changed any more"
        )));
    }
    Err(Problem::stale())
}

/// The plan with everything a planner works with.
///
/// # Errors
/// 404 when there is no such plan to the caller.
pub(super) async fn detail(
    connection: &mut PgConnection,
    id: Uuid,
    today: NaiveDate,
) -> Result<Detail, Problem> {
    let head = store::head(connection, id).await?.ok_or_else(Problem::not_found)?;
    let around = surroundings(connection, &head.village_code, today).await?;
    let stored = match store::draft(connection, id).await? {
        Some(stored) => stored,
        None => published_from_file(connection, &head, around.clone()).await?,
    };
    let surveyed = store::survey(connection, &head.village_code).await?;
    let locale = Locale::current();
    let work = move || {
        let draft = opened(&head.village_code, &stored.state)?;
        let grids = draft.shapes();
        let index = index(&grids).map_err(|error| Problem::internal(&error))?;
        let figures = figures(&grids, &surveyed.units).map_err(|error| Problem::internal(&error))?;
        let drawn =
            DrawnGrids::new(grids.iter().map(|(code, shape)| (code.clone(), None, None, shape.clone())))?;
        let fit = check(&drawn, &around, locale);
        let grounds = Grounds {
            draft: &draft,
            grids: &grids,
            index: &index,
            figures: &figures,
            surveyed: &surveyed,
            size: head.size,
            fit: &fit,
            locale,
        };
        let findings = grounds.findings();
        Ok(Detail {
            head,
            sheet: stored.state,
            position: stored.position,
            steps: stored.steps,
            figures,
            findings,
        })
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?
}

/// A plan that was published without having been drawn here, as if it were a draft without steps.
async fn published_from_file(
    connection: &mut PgConnection,
    head: &Head,
    around: Surroundings,
) -> Result<Stored, Problem> {
    let grids = store::grids_published_by(connection, head.id).await?;
    let sheet = start::sheet(DrawnGrids::new(grids)?, around, 1).await?;
    Ok(Stored { start: sheet.clone(), state: sheet, position: 0, steps: 0 })
}

/// The draft that a stored sheet holds.
///
/// # Errors
/// 500 if the sheet was not written by us.
pub(super) fn opened(village: &VillageCode, sheet: &Sheet) -> Result<Draft, Problem> {
    Draft::open(village.clone(), sheet).ok_or_else(|| Problem::internal(&Unreadable))
}

#[derive(Debug, thiserror::Error)]
#[error("a stored sheet does not describe a partition")]
struct Unreadable;
