//! What comes with a report: the JSON alone, or a form of it and photos (RFC 7578).

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use img_parts::Bytes;
use utoipa::ToSchema;

use crate::domain::reports::intake::NewReport;
use crate::domain::reports::photo::{MAX_BYTES, Photo, PhotoError};
use crate::message;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, parse_json};
use crate::platform::problem::Problem;

/// Most photos in one form.
const MAX_PHOTOS: usize = 5;
/// Longest JSON of a report, in bytes.
const MAX_REPORT_BYTES: usize = 64 * 1024;

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

/// Photos alone.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the OpenAPI document")]
pub(super) struct PhotoForm {
    /// JPEG, PNG or WebP, at most 10 MB each.
    #[schema(value_type = Vec<String>, format = Binary, min_items = 1, max_items = 5)]
    photo: Vec<Vec<u8>>,
}

/// What was sent, read whole; photos are stripped already.
#[derive(Debug, Default)]
pub(super) struct Upload {
    pub(super) report: Option<NewReport>,
    pub(super) photos: Vec<Photo>,
}

impl Upload {
    /// Reads a request.
    ///
    /// # Errors
    /// 400 when it cannot be read, 415 when it is neither JSON nor a form, 413 and 422 naming the part at fault.
    pub(super) async fn read(request: Request, ground: &Ground) -> Result<Self, Problem> {
        let is_form =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|kind| {
                kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
            });
        if !is_form {
            let Json(report) = Json::from_request(request, ground).await?;
            return Ok(Self { report: Some(report), photos: Vec::new() });
        }
        let form = Multipart::from_request(request, ground)
            .await
            .map_err(|_| Problem::malformed(message!("表单缺少分隔标记", "the form has no boundary")))?;
        Self::read_form(form).await
    }

    /// Reads a request that brings photos and nothing else.
    ///
    /// # Errors
    /// As [`Upload::read`].
    pub(super) async fn read_photos(request: Request, ground: &Ground) -> Result<Vec<Photo>, Problem> {
        let form = Multipart::from_request(request, ground).await.map_err(|_| {
            Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                message!(
                    "内容类型应为 multipart/form-data",
                    "The content type should be multipart/form-data"
                ),
            )
        })?;
        match Self::read_form(form).await? {
            Self { report: None, photos } if !photos.is_empty() => Ok(photos),
            _ => Err(Problem::invalid("photo", message!("应有照片，且只有照片", "photos, and nothing else"))),
        }
    }

    async fn read_form(mut form: Multipart) -> Result<Self, Problem> {
        let mut upload = Self::default();
        while let Some(part) = form.next_field().await.map_err(|error| broken(&error))? {
            match part.name() {
                Some("report") if upload.report.is_none() => {
                    let json = read_part(part, MAX_REPORT_BYTES)
                        .await?
                        .ok_or_else(|| Problem::invalid("report", message!("内容过长", "too long")))?;
                    upload.report = Some(parse_json(&json)?);
                }
                Some("photo") => {
                    let number = upload.photos.len();
                    if number >= MAX_PHOTOS {
                        let why = message!("最多 {MAX_PHOTOS} 张照片", "at most {MAX_PHOTOS} photos");
                        return Err(Problem::invalid("photo", why));
                    }
                    upload.photos.push(photo(part, number).await?);
                }
                name => {
                    let name = name.unwrap_or("form").chars().take(40).collect::<String>();
                    return Err(Problem::invalid(name, message!("未知的部分", "there is no such part")));
                }
            }
        }
        Ok(upload)
    }
}

async fn photo(part: Field<'_>, number: usize) -> Result<Photo, Problem> {
    let refuse = |error: PhotoError| Problem::invalid(format!("photo[{number}]"), error.message());
    let bytes = read_part(part, MAX_BYTES).await?.ok_or(PhotoError::Bytes).map_err(refuse)?;
    let parsed = tokio::task::spawn_blocking(move || Photo::parse(bytes)).await;
    parsed.map_err(|error| Problem::internal(&error))?.map_err(refuse)
}

/// The content of a part, unless it is longer than `limit` bytes.
async fn read_part(mut part: Field<'_>, limit: usize) -> Result<Option<Bytes>, Problem> {
    let mut content = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| broken(&error))? {
        if content.len() + chunk.len() > limit {
            return Ok(None);
        }
        content.extend_from_slice(&chunk);
    }
    Ok(Some(content.into()))
}

fn broken(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            message!("内容过大", "The request is too large"),
        );
    }
    Problem::malformed(message!("表单不完整", "the form broke off or is damaged"))
}
