//! Response headers that tell a browser what our pages may do, and what may be kept.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::platform::config::Config;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The headers of every response, made once.
#[derive(Debug, Clone)]
pub(super) struct SecurityHeaders(HeaderMap);

impl SecurityHeaders {
    pub(super) fn of(config: &Config) -> Self {
        let mut headers = HeaderMap::new();
        let policy = content_security_policy(config.base_layer.as_ref().and_then(|layer| origin(&layer.url)));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(
            PERMISSIONS_POLICY,
            HeaderValue::from_static(
                "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), interest-cohort=()",
            ),
        );
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
        if config.https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
        Self(headers)
    }
}

/// Adds the headers a handler has not set itself. What the API answers is personal more often than not, so no
/// cache keeps it unless the handler says so.
pub(super) async fn add_headers(
    State(SecurityHeaders(ours)): State<SecurityHeaders>,
    request: Request,
    next: Next,
) -> Response {
    let is_api = request.uri().path().starts_with("/api/v1/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &ours {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if is_api {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// MapLibre GL JS needs `blob:` workers and images and sets styles on elements; nothing else is let in. A base
/// layer adds its own host for tiles.
fn content_security_policy(base_layer: Option<String>) -> String {
    let tiles = base_layer.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:{tiles}; \
         worker-src 'self' blob:; connect-src 'self'{tiles}; object-src 'none'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'self'"
    )
}

/// The origin of a tile URL template. A placeholder in the host, such as `t{s}.tianditu.gov.cn`, makes its label
/// a wildcard.
fn origin(template: &str) -> Option<String> {
    let (scheme, rest) = template.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    let host = match host.split_once('.') {
        Some((first, rest)) if first.contains('{') => format!("*.{rest}"),
        _ => host.to_owned(),
    };
    let plain = host.chars().all(|c| c.is_ascii_alphanumeric() || "*.-:[]".contains(c));
    (matches!(scheme, "http" | "https") && plain).then(|| format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_layer_lets_in_its_own_host_only() {
        assert_eq!(
            origin("https://t{s}.tianditu.gov.cn/vec_w/{z}/{x}/{y}?tk=KEY"),
            Some("https://*.tianditu.gov.cn".into())
        );
        assert_eq!(origin("http://10.0.0.3:8081/{z}/{x}/{y}.png"), Some("http://10.0.0.3:8081".into()));
        assert_eq!(origin("/tiles/{z}/{x}/{y}"), None);
        assert_eq!(origin("https://evil; script-src *"), None);
        let policy = content_security_policy(origin("https://t{s}.tianditu.gov.cn/x"));
        assert!(policy.contains("connect-src 'self' https://*.tianditu.gov.cn;"));
        assert!(!policy.contains("script-src"));
    }
}
