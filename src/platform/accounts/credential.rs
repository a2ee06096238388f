//! Credentials as they travel: opaque random secrets, in a cookie, as `Bearer`, or as the password of `Basic`.
//!
//! Only the SHA-256 of a secret is kept. A secret has 256 random bits, so a plain hash is enough: there is
//! nothing to guess from it.

use std::fmt;
use std::time::Duration;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::platform::config::Config;

/// How long a browser is remembered as known to an account: a year.
const DEVICE_COOKIE_S: u64 = 365 * 24 * 3600;
const SECONDS_PER_HOUR: u64 = 3600;

/// A secret just made: shown to its holder once, kept only as a hash.
pub struct Secret(String);

impl Secret {
    /// 256 bits from the operating system, after `prefix`.
    #[must_use]
    pub fn random(prefix: &str) -> Self {
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())))
    }

    /// The text to hand to the holder.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        secret_hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is kept of a secret.
pub(super) fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// A credential as it arrived, hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Credential {
    Cookie([u8; 32]),
    Token([u8; 32]),
}

impl Credential {
    /// The credential of a request. `Authorization` goes before the cookie, and a header we cannot read is no
    /// reason to fall back on one.
    pub(super) fn of(parts: &Parts, names: CookieNames) -> Option<Self> {
        if let Some(header) = parts.headers.get(AUTHORIZATION) {
            let (scheme, rest) = header.to_str().ok()?.split_once(' ')?;
            if scheme.eq_ignore_ascii_case("bearer") {
                return Some(Self::Token(secret_hash(rest.trim())));
            }
            if scheme.eq_ignore_ascii_case("basic") {
                let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
                return Some(Self::Token(secret_hash(decoded.split_once(':')?.1)));
            }
            return None;
        }
        let jar = CookieJar::from_headers(&parts.headers);
        jar.get(names.session()).map(|cookie| Self::Cookie(secret_hash(cookie.value())))
    }
}

/// The cookies' names and attributes. Over HTTPS the names carry `__Host-`: the browser then takes them from this
/// host only, over HTTPS only (RFC 6265bis, section 4.1.3.2).
#[derive(Debug, Clone, Copy)]
pub struct CookieNames {
    https: bool,
}

impl CookieNames {
    /// As `config` has it.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { https: config.https }
    }

    /// The session cookie's name.
    #[must_use]
    pub fn session(self) -> &'static str {
        if self.https { "__Host-gk_session" } else { "gk_session" }
    }

    /// The name of the cookie by which an account knows a browser again.
    #[must_use]
    pub fn device(self) -> &'static str {
        if self.https { "__Host-gk_device" } else { "gk_device" }
    }

    /// The session cookie holding `value`, for as long as a session lasts.
    #[must_use]
    pub fn session_cookie(self, value: String, config: &Config) -> Cookie<'static> {
        let hours = u64::try_from(config.session_hours).unwrap_or_default();
        self.cookie(self.session(), value, hours.saturating_mul(SECONDS_PER_HOUR))
    }

    /// The device cookie holding `value`.
    #[must_use]
    pub fn device_cookie(self, value: String) -> Cookie<'static> {
        self.cookie(self.device(), value, DEVICE_COOKIE_S)
    }

    /// What makes the browser drop the session cookie.
    #[must_use]
    pub fn no_session(self) -> Cookie<'static> {
        self.cookie(self.session(), String::new(), 0)
    }

    fn cookie(self, name: &'static str, value: String, max_age_s: u64) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .max_age(Duration::from_secs(max_age_s).try_into().unwrap_or_default())
            .build()
    }
}
