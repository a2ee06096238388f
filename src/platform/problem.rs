//! What goes wrong, as the caller sees it: problem details for HTTP APIs (RFC 9457).
//!
//! Say [`Problem`] for everything a caller can mend; turn everything else into [`Problem::internal`], which logs
//! the cause once and tells the caller nothing but the request's id. Never here: causes in a 5xx body.

use std::borrow::Cow;
use std::fmt;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::locale::{Locale, Message};
use super::problem_types::problem_type;
use super::request_id;
use crate::message;

/// A refusal, with its reason.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable last part of the problem's `type`, such as `unknown-crs`.
    pub slug: &'static str,
    /// What this kind of problem is, the same each time.
    pub title: Message,
    /// What happened this time.
    pub detail: Option<Message>,
    /// The fields at fault.
    pub fields: Vec<FieldProblem>,
    /// Further members of the body (RFC 9457, section 3.2).
    pub extra: Option<(&'static str, serde_json::Value)>,
    retry_after_s: Option<u64>,
}

/// One field at fault: its path in the request (`place.x`, `grids[2].geometry`) and why.
#[derive(Debug, Clone)]
pub struct FieldProblem {
    /// The field's path, dots between names.
    pub field: Cow<'static, str>,
    /// Why it was refused.
    pub message: Message,
}

/// The body of a problem (`application/problem+json`).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `/problems/<slug>`, stable.
    #[serde(rename = "type")]
    pub kind: String,
    /// What this kind of problem is.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request's id, as in its `x-request-id` header and in our logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "urn:uuid:01931f7c-5a0e-7cc1-9d6c-0f1f3c5d2b11")]
    pub instance: Option<String>,
    /// The fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblemBody>,
    /// Further members that this kind of problem has.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// One field at fault.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = FieldProblem)]
pub struct FieldProblemBody {
    /// The field's path in the request.
    pub field: String,
    /// Why it was refused.
    pub message: String,
}

impl Problem {
    /// A problem of the kind `slug`, one of [`PROBLEM_TYPES`](super::problem_types::PROBLEM_TYPES).
    #[must_use]
    pub fn new(status: StatusCode, slug: &'static str, title: Message) -> Self {
        debug_assert!(problem_type(slug).is_some(), "add {slug} to platform/problem_types.rs");
        Self { status, slug, title, detail: None, fields: Vec::new(), extra: None, retry_after_s: None }
    }

    /// Says what happened this time.
    #[must_use]
    pub fn detail(mut self, detail: Message) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Names a field at fault.
    #[must_use]
    pub fn field(mut self, field: impl Into<Cow<'static, str>>, message: Message) -> Self {
        self.fields.push(FieldProblem { field: field.into(), message });
        self
    }

    /// Adds a member to the body.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: serde_json::Value) -> Self {
        self.extra = Some((name, value));
        self
    }

    /// 400: the request could not be read at all.
    #[must_use]
    pub fn malformed(detail: Message) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed-request",
            message!("无法读取请求", "The request could not be read"),
        )
        .detail(detail)
    }

    /// 422: the request was read, and `field` is wrong.
    #[must_use]
    pub fn invalid(field: impl Into<Cow<'static, str>>, why: Message) -> Self {
        Self::invalid_fields().field(field, why)
    }

    /// 422 without a field yet.
    #[must_use]
    pub fn invalid_fields() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-fields",
            message!("部分内容不符合要求", "Some fields are not acceptable"),
        )
    }

    /// 401.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign-in-needed", message!("请先登录", "Sign in first"))
    }

    /// 403.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "not-permitted",
            message!("您的角色或辖区不允许此操作", "Your role or area does not permit this"),
        )
    }

    /// 404, for what does not exist and for what the caller may not know of alike.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", message!("没有找到", "Not found"))
    }

    /// 409.
    #[must_use]
    pub fn conflict(detail: Message) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "conflict",
            message!("与已有内容冲突", "Conflicts with what is stored"),
        )
        .detail(detail)
    }

    /// 428: a change without `If-Match`.
    #[must_use]
    pub fn precondition_required() -> Self {
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "if-match-needed",
            message!("修改时须带 If-Match 版本号", "A change needs If-Match with the version it starts from"),
        )
    }

    /// 412: somebody else changed it first.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "stale-version",
            message!(
                "他人已先行修改，请刷新后再试",
                "Somebody else changed this first: reload and try again"
            ),
        )
    }

    /// 413.
    #[must_use]
    pub fn too_large(limit_bytes: usize) -> Self {
        let limit_mb = limit_bytes / 1_048_576;
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            message!("内容过大", "The request is too large"),
        )
        .detail(message!("上限为 {limit_mb} MB", "The limit is {limit_mb} MB"))
    }

    /// 429.
    #[must_use]
    pub fn too_many(retry_after_s: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            message!("请求过于频繁，请稍后再试", "Too many requests: wait a little"),
        );
        problem.retry_after_s = Some(retry_after_s);
        problem
    }

    /// 503: the database cannot be reached or is overloaded; the same request may succeed in a moment.
    #[must_use]
    pub fn unavailable(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::warn!(error = chain(error), "unavailable");
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            message!("服务暂时不可用，请稍后再试", "The service is unavailable for a moment: try again"),
        );
        problem.retry_after_s = Some(1);
        problem
    }

    /// 503: as much of this as can goes on already.
    #[must_use]
    pub fn busy(retry_after_s: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            message!("服务繁忙，请稍后再试", "The service is busy: try again later"),
        );
        problem.retry_after_s = Some(retry_after_s);
        problem
    }

    /// 503: it took too long.
    #[must_use]
    pub fn timed_out() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timed-out",
            message!("处理超时，已中止", "It took too long and was stopped"),
        )
    }

    /// 500. Logs the chain of causes; the body says nothing of it.
    #[must_use]
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = chain(error), "internal error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            message!("服务内部错误，已记录", "Something went wrong on our side and was recorded"),
        )
    }

    /// The body in the current language.
    #[must_use]
    pub fn body(&self) -> ProblemBody {
        let locale = Locale::current();
        ProblemBody {
            kind: format!("/problems/{}", self.slug),
            title: self.title.in_locale(locale).to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.as_ref().map(|detail| detail.in_locale(locale).to_owned()),
            instance: request_id::current().map(|id| format!("urn:uuid:{id}")),
            errors: self
                .fields
                .iter()
                .map(|field| FieldProblemBody {
                    field: field.field.clone().into_owned(),
                    message: field.message.in_locale(locale).to_owned(),
                })
                .collect(),
            extra: self.extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.title)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        for field in &self.fields {
            write!(f, "; {}: {}", field.field, field.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(Locale::current().tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(HeaderName::from_static("www-authenticate"), HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// An error with its causes, on one line.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
