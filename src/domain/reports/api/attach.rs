//! Photos of a report: adding them, and getting one.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use img_parts::Bytes;
use uuid::Uuid;

use super::read::case;
use crate::domain::photos::{PhotoForm, read_photos};
use crate::domain::reports::case::{Action, available};
use crate::domain::reports::model::Case;
use crate::domain::reports::store;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

/// Most photos of one report.
const MAX_PHOTOS: i64 = 20;

/// Add photos to a report.
///
/// For those who work on the report and whoever filed it. A photo that the report has already is not added twice.
#[utoipa::path(post, path = "/api/v1/reports/{id}/attachments", tag = "reports", params(("id" = Uuid, Path)),
    request_body(content = PhotoForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Added, now or before", body = Case, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn attach_photos(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    request: Request,
) -> Result<(StatusCode, Etag, Json<Case>), Problem> {
    let photos = read_photos(request, &ground).await?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let report = store::find(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    // Who may add words may add photos.
    if !available(&session, &report).contains(&Action::Note) {
        return Err(Problem::forbidden());
    }
    let now = ground.clock.now();
    let added = store::attach(&mut transaction, &report, &photos, session.account, now).await?;
    if report.photo_count + added > MAX_PHOTOS {
        let why = message!("一个事件最多 {MAX_PHOTOS} 张照片", "at most {MAX_PHOTOS} photos per report");
        return Err(Problem::invalid("photo", why));
    }
    if added > 0 {
        store::note_attached(&mut transaction, &report, session.account, now).await?;
        let subject = id.to_string();
        let entry = audit::Entry::changed("report", &subject, report.place_code.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    let case = case(&mut transaction, &session, id).await?;
    transaction.commit().await?;
    if added > 0 {
        ground.events.publish(case.report.change(false));
    }
    Ok((StatusCode::CREATED, Etag(case.report.version), Json(case)))
}

/// Get a photo.
///
/// For those who may read its report. A photo may show people: the audit log says who looked at it.
#[utoipa::path(get, path = "/api/v1/attachments/{id}", tag = "reports", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The photo", content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn get_attachment(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<(HeaderMap, Bytes), Problem> {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let photo = store::content(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let subject = id.to_string();
    let entry = audit::Entry::read("attachment", &subject, &photo.place_code);
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    Ok(photo.answer())
}
