//! What each kind of problem means, at the address its `type` names: a page for people, JSON for programs.

use std::fmt::Write;

use axum::http::header::{ACCEPT, CACHE_CONTROL};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Json, Path};
use crate::platform::ground::Ground;
use crate::platform::problem::{Problem, ProblemBody};
use crate::platform::problem_types::{PROBLEM_TYPES, ProblemType, problem_type};

pub(super) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(list_problem_types)).routes(routes!(show_problem_type))
}

/// A kind of problem.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemType)]
struct ProblemTypeView {
    /// The problem's `type`.
    #[serde(rename = "type")]
    kind: String,
    /// The HTTP status it comes with.
    status: u16,
    /// What it means and what to do, in Chinese.
    zh: &'static str,
    /// The same in English.
    en: &'static str,
}

/// All kinds of problems.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemTypes {
    /// By status.
    items: Vec<ProblemTypeView>,
}

impl From<&ProblemType> for ProblemTypeView {
    fn from(kind: &ProblemType) -> Self {
        Self { kind: format!("/problems/{}", kind.slug), status: kind.status, zh: kind.zh, en: kind.en }
    }
}

/// List the kinds of problems.
#[utoipa::path(get, path = "/problems", tag = "service", security(()), responses((status = 200, body = ProblemTypes)))]
async fn list_problem_types(headers: HeaderMap) -> Response {
    let all: Vec<&ProblemType> = PROBLEM_TYPES.iter().collect();
    answer(&headers, &all, || ProblemTypes { items: all.iter().map(|kind| (*kind).into()).collect() })
}

/// Say what a kind of problem means.
#[utoipa::path(get, path = "/problems/{slug}", tag = "service", security(()), params(("slug" = String, Path)), responses(
    (status = 200, body = ProblemTypeView),
    (status = 404, body = ProblemBody, content_type = "application/problem+json"),
))]
async fn show_problem_type(Path(slug): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let kind = problem_type(&slug).ok_or_else(Problem::not_found)?;
    Ok(answer(&headers, &[kind], || ProblemTypeView::from(kind)))
}

fn answer<T: Serialize>(headers: &HeaderMap, kinds: &[&ProblemType], json: impl FnOnce() -> T) -> Response {
    let wants_page = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let mut response =
        if wants_page { Html(page(kinds)).into_response() } else { Json(json()).into_response() };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

/// Everything on the page is from [`PROBLEM_TYPES`]: nothing needs escaping.
fn page(kinds: &[&ProblemType]) -> String {
    let mut text = String::from(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>问题类型 Problem types</title>\
         <style>body{font:16px/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}\
         h2{font-family:ui-monospace,monospace;font-size:1.1rem}</style><h1>问题类型 Problem types</h1>",
    );
    for ProblemType { slug, status, zh, en } in kinds {
        // Writing to a string cannot fail.
        let _ = write!(text, "<h2 id=\"{slug}\">{status} {slug}</h2><p>{zh}</p><p lang=\"en\">{en}</p>");
    }
    text
}
