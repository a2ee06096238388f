//! A record as it is sent: its JSON alone, or a form of it and photos (RFC 7578).

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use img_parts::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::photo::{MAX_BYTES, Photo, PhotoError};
use crate::message;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, parse_json};
use crate::platform::problem::Problem;

/// Most photos in one form.
const MAX_PHOTOS: usize = 5;
/// Longest JSON of a record, in bytes.
const MAX_RECORD_BYTES: usize = 64 * 1024;

/// What was sent, read whole; photos are stripped already.
#[derive(Debug)]
pub(crate) struct Form<T> {
    /// The record, if there was one.
    pub(crate) record: Option<T>,
    pub(crate) photos: Vec<Photo>,
}

impl<T: DeserializeOwned> Form<T> {
    /// Reads a request whose record is its whole body, or the part `name` of a form.
    ///
    /// # Errors
    /// 400 when it cannot be read, 415 when it is neither JSON nor a form, 413 and 422 naming the part at fault.
    pub(crate) async fn read(request: Request, ground: &Ground, name: &'static str) -> Result<Self, Problem> {
        let is_form =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|kind| {
                kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
            });
        if !is_form {
            let Json(record) = Json::from_request(request, ground).await?;
            return Ok(Self { record: Some(record), photos: Vec::new() });
        }
        let form = Multipart::from_request(request, ground)
            .await
            .map_err(|_| Problem::malformed(message!("表单缺少分隔标记", "the form has no boundary")))?;
        Self::read_parts(form, Some(name)).await
    }

    /// The record, which a form may have been sent without, and the photos.
    ///
    /// # Errors
    /// 422 when the part `name` is missing.
    pub(crate) fn whole(self, name: &'static str) -> Result<(T, Vec<Photo>), Problem> {
        let missing =
            || Problem::invalid(name, message!("缺少 {name} 部分", "the part named {name} is missing"));
        Ok((self.record.ok_or_else(missing)?, self.photos))
    }

    async fn read_parts(mut form: Multipart, name: Option<&'static str>) -> Result<Self, Problem> {
        let mut read = Self { record: None, photos: Vec::new() };
        while let Some(part) = form.next_field().await.map_err(|error| broken(&error))? {
            match (part.name(), name) {
                (Some(given), Some(name)) if given == name && read.record.is_none() => {
                    let json = read_part(part, MAX_RECORD_BYTES)
                        .await?
                        .ok_or_else(|| Problem::invalid(name, message!("内容过长", "too long")))?;
                    read.record = Some(parse_json(&json)?);
                }
                (Some("photo"), _) => {
                    let number = read.photos.len();
                    if number >= MAX_PHOTOS {
                        let why = message!("最多 {MAX_PHOTOS} 张照片", "at most {MAX_PHOTOS} photos");
                        return Err(Problem::invalid("photo", why));
                    }
                    read.photos.push(photo(part, number).await?);
                }
                (other, _) => {
                    let other = other.unwrap_or("form").chars().take(40).collect::<String>();
                    return Err(Problem::invalid(other, message!("未知的部分", "there is no such part")));
                }
            }
        }
        Ok(read)
    }
}

/// Reads a request that brings photos and nothing else.
///
/// # Errors
/// As [`Form::read`].
pub(crate) async fn read_photos(request: Request, ground: &Ground) -> Result<Vec<Photo>, Problem> {
    let form = Multipart::from_request(request, ground).await.map_err(|_| {
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            message!("内容类型应为 multipart/form-data", "The content type should be multipart/form-data"),
        )
    })?;
    let Form { photos, .. } = Form::<IgnoredAny>::read_parts(form, None).await?;
    if photos.is_empty() {
        return Err(Problem::invalid("photo", message!("应有照片，且只有照片", "photos, and nothing else")));
    }
    Ok(photos)
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
