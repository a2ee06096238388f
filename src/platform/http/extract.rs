//! Extractors that answer with a [`Problem`] naming the field at fault, where axum's own answer with plain text.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::message;
use crate::platform::problem::Problem;

/// A JSON body, in or out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
            .is_some_and(|kind| kind == "application/json" || kind.ends_with("+json"));
        if !is_json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                message!("内容类型应为 application/json", "The content type should be application/json"),
            ));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| body_problem(rejection.status()))?;
        parse_json(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// A body that could not be read, from the status axum gave it.
#[must_use]
pub(crate) fn body_problem(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(status, "too-large", message!("内容过大", "The request is too large"))
    } else {
        Problem::malformed(message!("内容在传输中断开", "The body broke off"))
    }
}

/// Reads JSON, naming the path of the field that does not fit.
///
/// # Errors
/// 400 when it is not JSON, 422 when a field does not fit.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        json_problem(path, error.inner())
    })?;
    reader.end().map_err(|error| json_problem(".".into(), &error))?;
    Ok(value)
}

fn json_problem(path: String, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    if error.classify() == serde_json::error::Category::Data {
        let why = data_message(error);
        return Problem::invalid(if path == "." { "body".into() } else { path }, why);
    }
    Problem::malformed(message!(
        "第 {line} 行第 {column} 列不是有效的 JSON",
        "not valid JSON at line {line} column {column}"
    ))
}

/// serde speaks English; say the common cases in Chinese as well, and never echo what was sent.
fn data_message(error: &serde_json::Error) -> crate::platform::locale::Message {
    let text = error.to_string();
    let named =
        |prefix: &str| text.strip_prefix(prefix).and_then(|rest| rest.split('`').next()).map(str::to_owned);
    if let Some(field) = named("missing field `") {
        return message!("缺少字段 {field}", "the field {field} is missing");
    }
    if text.starts_with("unknown field") {
        return message!("未知字段", "there is no such field");
    }
    if let Some((_, expected)) = text.split_once("expected ") {
        let expected = expected.split(" at line").next().unwrap_or(expected).to_owned();
        return message!("类型或取值不符（应为 {expected}）", "wrong type or value: expected {expected}");
    }
    message!("取值不符合要求", "the value is not acceptable")
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        body_problem(rejection.status())
    }
}

/// The query string.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let axum::extract::Query(value) =
            axum::extract::Query::try_from_uri(&parts.uri).map_err(|rejection| {
                let text = rejection.body_text();
                let field = text.rsplit_once("string: ").map_or("query", |(_, rest)| rest);
                let field = field.split(':').next().unwrap_or("query").to_owned();
                let field = if field.contains(' ') { "query".to_owned() } else { field };
                Problem::invalid(
                    field,
                    message!("查询参数不符合要求", "the query parameter is not acceptable"),
                )
            })?;
        Ok(Self(value))
    }
}

/// A parameter in the path. What does not parse does not exist: 404.
#[derive(Debug, Clone, Copy, Default)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Path(value) =
            axum::extract::Path::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        Ok(Self(value))
    }
}
