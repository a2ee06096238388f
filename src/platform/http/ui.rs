//! The web map, as built into `map-ui/dist` and embedded in the program.
//!
//! Names under `assets/` hold a hash of their content and may be kept for ever; everything else is asked for
//! anew and answered by 304 while it is the same. Any other page a browser asks for is the app, which finds its
//! own way from the address.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{Embed, EmbeddedFile};

use crate::message;
use crate::platform::problem::Problem;

/// Paths that belong to the service: the app never stands in for them.
const SERVICE_PATHS: [&str; 7] = ["/api", "/tiles", "/ogc", "/open311", "/health", "/metrics", "/problems"];
/// Smaller files are sent as they are, in bytes.
const WORTH_COMPRESSING: usize = 1_024;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/map-ui/dist"]
#[allow_missing = true]
struct Dist;

/// Compressed once, at the level that is worth waiting for once; by the SHA-256 of what was compressed.
static COMPRESSED: LazyLock<Mutex<HashMap<[u8; 32], Bytes>>> = LazyLock::new(Mutex::default);

/// Answers what no route does: a file of the app, the app itself, or 404.
pub async fn serve(request: Request) -> Response {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    if is_for_the_service(uri) || !matches!(*method, Method::GET | Method::HEAD) {
        return Problem::not_found().into_response();
    }
    let name = uri.path().trim_start_matches('/');
    if let Some(file) = (!name.is_empty()).then(|| Dist::get(name)).flatten() {
        return send(name, file, headers).await;
    }
    if !name.is_empty() && !wants_a_page(headers) {
        return Problem::not_found().into_response();
    }
    match Dist::get("index.html") {
        Some(app) => send("index.html", app, headers).await,
        None => not_built(),
    }
}

fn is_for_the_service(uri: &Uri) -> bool {
    SERVICE_PATHS.iter().any(|prefix| {
        uri.path().strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn wants_a_page(headers: &HeaderMap) -> bool {
    header_text(headers, header::ACCEPT).contains("text/html")
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn send(name: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..16]));
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if header_text(asked, header::IF_NONE_MATCH)
        .split(',')
        .any(|known| known.trim().trim_start_matches("W/") == etag)
    {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    let body = Bytes::from(file.data.into_owned());
    let compressible = body.len() >= WORTH_COMPRESSING && !matches!(kind.type_().as_str(), "image" | "font")
        || kind.subtype() == "svg";
    if compressible
        && header_text(asked, header::ACCEPT_ENCODING).contains("gzip")
        && let Some(compressed) = compressed(hash, body.clone()).await
    {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return (headers, compressed).into_response();
    }
    (headers, body).into_response()
}

async fn compressed(hash: [u8; 32], body: Bytes) -> Option<Bytes> {
    let known = COMPRESSED.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned();
    if known.is_some() {
        return known;
    }
    let compress = move || {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&body).and_then(|()| encoder.finish()).map(Bytes::from)
    };
    let compressed = tokio::task::spawn_blocking(compress).await.ok()?.ok()?;
    COMPRESSED.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, compressed.clone());
    Some(compressed)
}

/// A program built without the web map still serves everything else.
fn not_built() -> Response {
    let title = message!("网页尚未构建", "The web map has not been built");
    let what = message!(
        "HTTP 接口可用。要使用网页，请运行 make ui 后重新构建程序。",
        "The HTTP API is there. For the web map, run make ui and build the program again."
    );
    let page = format!(
        "<!doctype html><meta charset=\"utf-8\"><title>Gridkeeper</title><h1>{title}</h1><p>{what}</p>"
    );
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, page).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_never_stands_in_for_the_service() {
        assert!(is_for_the_service(&Uri::from_static("/api/v1/nothing")));
        assert!(is_for_the_service(&Uri::from_static("/tiles")));
        assert!(!is_for_the_service(&Uri::from_static("/reports")));
        assert!(!is_for_the_service(&Uri::from_static("/apiary")));
    }
}
