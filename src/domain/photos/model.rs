//! What is said of a photo, and how it is given out.

use axum::http::{HeaderMap, HeaderValue, header};
use img_parts::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::terms;

terms! {
    /// What kind of picture a photo is.
    MediaType {
        /// JPEG.
        Jpeg = "image/jpeg", "JPEG 照片";
        /// PNG.
        Png = "image/png", "PNG 图片";
        /// WebP.
        Webp = "image/webp", "WebP 图片";
    }
}

/// A photo of a report or a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// Which.
    pub id: Uuid,
    /// What kind of picture it is.
    pub media_type: MediaType,
    /// Where to get it.
    pub url: String,
}

/// Photos alone.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to readers of the OpenAPI document")]
pub struct PhotoForm {
    /// JPEG, PNG or WebP, at most 10 MB each.
    #[schema(value_type = Vec<String>, format = Binary, min_items = 1, max_items = 5)]
    photo: Vec<Vec<u8>>,
}

/// A photo as it is kept, and where what it belongs to lies.
pub(crate) struct Content {
    pub(crate) media_type: MediaType,
    pub(crate) bytes: Vec<u8>,
    pub(crate) place_code: String,
}

impl Content {
    /// The photo as an answer.
    pub(crate) fn answer(self) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type.key()));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
        // A photo never changes; whoever may see it may keep it for an hour, and no proxy may.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
        (headers, self.bytes.into())
    }
}
