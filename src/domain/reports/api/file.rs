//! Filing a report.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::grids::{Boundaries, Located};
use crate::domain::photos::Form;
use crate::domain::reports::desk::{Desk, Entry, file_one};
use crate::domain::reports::intake::{Filing, NewReport};
use crate::domain::reports::model::{Person, Report, Status};
use crate::domain::reports::receipt::{PhotoPlace, Receipt};
use crate::domain::reports::store::{self, FileOutcome};
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::ground::Ground;
use crate::platform::http::{IdempotencyKey, Json};
use crate::platform::problem::{Problem, ProblemBody};
use crate::platform::request_id;

/// Those who handle reports may file them; planners and administrators see no case and file none.
const FILERS: [Role; 6] =
    [Role::GridMember, Role::GridChief, Role::Mediator, Role::Police, Role::Inspector, Role::Command];
/// No street reaches farther than this from its grids.
const FARTHEST_M: f64 = 20_000.0;

/// A report with photos.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the OpenAPI document")]
pub(super) struct ReportForm {
    /// The report.
    report: NewReport,
    /// JPEG, PNG or WebP, at most 10 MB each.
    #[schema(value_type = Vec<String>, format = Binary, max_items = 5)]
    photo: Vec<Vec<u8>>,
}

/// File a report.
///
/// The place is converted to WGS84 and the report goes to the grid that owned it when it happened. A place in no
/// grid is kept as well, with the nearest grid named. Filing the same report again answers 200 with the same
/// assignment; the same id with other content is refused with 409. Photos come along in a form: a part `report` with
/// the JSON, and up to five parts `photo`.
#[utoipa::path(post, path = "/api/v1/reports", tag = "reports",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body(content((NewReport = "application/json"), (ReportForm = "multipart/form-data"))),
    responses(
        (status = 201, description = "Filed", body = Receipt),
        (status = 200, description = "Was filed before with the same content", body = Receipt),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn file_report(
    State(ground): State<Ground>,
    Extension(boundaries): Extension<Boundaries>,
    Extension(desk): Extension<Desk>,
    session: Session,
    key: IdempotencyKey,
    request: Request,
) -> Result<(StatusCode, Json<Receipt>), Problem> {
    session.require(&FILERS)?;
    let (sent, photos) = Form::<NewReport>::read(request, &ground, "report").await?.whole("report")?;
    let filing = Filing::parse(&sent, session.account, key.as_deref(), &ground.clock)?;
    let located = boundaries.locate(filing.place, filing.happened_at).await?;
    refuse_outside_the_street(&session, &located)?;
    refuse_far_away(&located)?;
    let digests: Vec<_> = photos.iter().map(|photo| photo.sha256).collect();
    let content_hash = filing.content_hash(session.account, &digests)?;
    let photo_place = photos
        .iter()
        .find_map(|photo| photo.taken_at)
        .map(|place| PhotoPlace { lon: place.lon(), lat: place.lat() });

    let received_at = ground.clock.now();
    let scope = session.scope();
    let entry =
        Entry { scope, filing, content_hash, located, received_at, request_id: request_id::current() };
    let entry = Arc::new(entry);
    let mut report = as_filed(&entry, &session);
    let outcome = if photos.is_empty() {
        desk.file(entry.clone()).await?
    } else {
        let mut transaction = ground.database.begin(&entry.scope).await?;
        let outcome = file_one(&mut transaction, &entry).await?;
        if let FileOutcome::Filed(_) = outcome {
            report.photo_count =
                store::attach(&mut transaction, &report, &photos, session.account, received_at).await?;
        }
        transaction.commit().await?;
        outcome
    };
    match outcome {
        FileOutcome::Filed(assignment) => {
            ground.events.publish(report.change(true));
            Ok((StatusCode::CREATED, Json(Receipt::new(report, assignment, photo_place))))
        }
        FileOutcome::Taken => {
            let mut transaction = ground.database.begin(&entry.scope).await?;
            let assignment = store::replay(&mut transaction, &entry).await?;
            let report = store::find(&mut transaction, report.id).await?;
            transaction.commit().await?;
            let (assignment, report) = assignment.zip(report).ok_or_else(|| {
                Problem::conflict(message!(
                    "此编号已用于内容不同的上报",
                    "This id is taken by a report with other content"
                ))
            })?;
            Ok((StatusCode::OK, Json(Receipt::new(report, assignment, photo_place))))
        }
        FileOutcome::UnknownEnterprise => Err(Problem::invalid(
            "enterprise_id",
            message!("没有此企业，或不在您的辖区", "there is no such enterprise in your area"),
        )),
    }
}

/// The policies would refuse as well, without saying why.
fn refuse_outside_the_street(session: &Session, located: &Located) -> Result<(), Problem> {
    if session.place.street().covers(located.place_code.as_str()) {
        return Ok(());
    }
    Err(Problem::forbidden().field(
        "place",
        message!(
            "地点在您所在街道之外，请向当地上报",
            "the place lies outside your street: report it to the people there"
        ),
    ))
}

/// A place far from every grid is a slip of the coordinates, whichever street it would go to for want of another.
fn refuse_far_away(located: &Located) -> Result<(), Problem> {
    match &located.nearest {
        Some((_, distance_m)) if *distance_m > FARTHEST_M => {
            let km = (distance_m / 1000.0).round();
            Err(Problem::invalid(
                "place",
                message!(
                    "离最近的网格有 {km} 公里，请核对坐标及坐标系",
                    "{km} km from the nearest grid: check the coordinates and their system"
                ),
            ))
        }
        _ => Ok(()),
    }
}

/// The report as the statement that files it leaves it.
fn as_filed(entry: &Entry, session: &Session) -> Report {
    let Entry { filing, located, received_at, .. } = entry;
    // As the store gives it back: seven decimals, about a centimetre.
    let degrees = |value: f64| (value * 1e7).round() / 1e7;
    Report {
        id: filing.id,
        kind: filing.kind,
        hazard_kind: filing.hazard_kind,
        severity: filing.severity,
        words: filing.words.clone(),
        status: if filing.resolved_on_spot { Status::Resolved } else { Status::Open },
        resolved_on_spot: filing.resolved_on_spot,
        department: None,
        happened_at: filing.happened_at,
        received_at: *received_at,
        closed_at: None,
        grid_code: located.grid.clone(),
        handler_code: None,
        place_code: located.place_code.clone(),
        near_boundary: located.near_boundary(filing.tolerance_m()),
        boundary_m: located.boundary_m.map(|metres| metres as f32),
        reporter: Some(Person { id: session.account, display_name: session.display_name.clone() }),
        enterprise_id: filing.enterprise_id,
        geometry: json!({
            "type": "Point",
            "coordinates": [degrees(filing.place.lon()), degrees(filing.place.lat())],
        }),
        photo_count: 0,
        version: 1,
    }
}
