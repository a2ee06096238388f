//! A hazard found on a visit: a report by itself, filed in the visit's own transaction. Never here: what a visit is.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::desk::{Entry, file_one};
use super::intake::{Filing, Given};
use super::model::ReportKind;
use super::store::{self, FileOutcome};
use crate::domain::grids::Boundaries;
use crate::domain::hazards::HazardKind;
use crate::domain::photos::Photo;
use crate::kernel::geometry::{Crs, Wgs84};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::problem::Problem;
use crate::platform::request_id;

/// What was found, with every field checked.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) id: Uuid,
    pub(crate) hazard_kind: Option<HazardKind>,
    pub(crate) severity: i16,
    pub(crate) words: String,
    pub(crate) place: Wgs84,
    pub(crate) at: DateTime<Utc>,
    pub(crate) enterprise_id: Option<Uuid>,
}

/// Files what was found, with photos of it, within the transaction of `connection`: it is durable when that is. Gives what to tell others
/// then; nothing when the same was filed before.
///
/// # Errors
/// 409 when the id is taken by other content; what filing a report can be refused for.
pub(crate) async fn file_found(
    connection: &mut PgConnection,
    ground: &Ground,
    boundaries: &Boundaries,
    session: &Session,
    found: Found,
    photos: &[Photo],
) -> Result<Option<Change>, Problem> {
    let located = boundaries.locate(found.place, found.at).await?;
    let (x, y) = (found.place.lon(), found.place.lat());
    let filing = Filing {
        id: found.id,
        kind: ReportKind::Hazard,
        hazard_kind: found.hazard_kind,
        severity: found.severity,
        words: found.words,
        place: found.place,
        given: Given { crs: Crs::Wgs84, x, y, accuracy_m: None },
        happened_at: found.at,
        resolved_on_spot: false,
        enterprise_id: found.enterprise_id,
    };
    let digests: Vec<_> = photos.iter().map(|photo| photo.sha256).collect();
    let content_hash = filing.content_hash(session.account, &digests)?;
    let entry = Entry {
        scope: session.scope(),
        filing,
        content_hash,
        located,
        received_at: ground.clock.now(),
        request_id: request_id::current(),
    };
    match file_one(connection, &entry).await? {
        FileOutcome::Filed(_) => {
            let report = store::find(connection, entry.filing.id).await?.ok_or_else(Problem::not_found)?;
            store::attach(connection, &report, photos, session.account, entry.received_at).await?;
            Ok(Some(report.change(true)))
        }
        FileOutcome::Taken => match store::replay(connection, &entry).await? {
            Some(_) => Ok(None),
            None => Err(Problem::conflict(message!(
                "隐患的编号已用于内容不同的上报",
                "the hazard's id is taken by a report with other content"
            ))),
        },
        FileOutcome::UnknownEnterprise => Err(Problem::invalid(
            "enterprise_id",
            message!("没有此企业，或不在您的辖区", "there is no such enterprise in your area"),
        )),
    }
}
