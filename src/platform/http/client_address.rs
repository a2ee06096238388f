//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::platform::ground::Ground;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The caller's address: of the socket, or, behind a proxy of ours, the one that proxy wrote last into
/// `X-Forwarded-For`. What stands before it in that header is the caller's own invention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address of the request that has `parts`.
    #[must_use]
    pub fn of(parts: &Parts, trust_proxy: bool) -> Self {
        let forwarded = || {
            let last = parts.headers.get_all(FORWARDED_FOR).iter().next_back()?;
            last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        let socket = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let address = if trust_proxy { forwarded().or_else(socket) } else { socket() };
        // A router called without a socket, in a test, has no address: all such calls count as one caller.
        Self(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }
}

impl FromRequestParts<Ground> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, ground: &Ground) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, ground.config.trust_proxy))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn address(header: Option<&str>, trust_proxy: bool) -> String {
        let mut request = Request::builder();
        if let Some(header) = header {
            request = request.header(FORWARDED_FOR, header);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 1))));
        ClientAddress::of(&parts, trust_proxy).0.to_string()
    }

    #[test]
    fn only_a_trusted_proxys_word_counts() {
        assert_eq!(address(Some("203.0.113.9"), false), "192.0.2.7");
        assert_eq!(address(Some("198.51.100.1, 203.0.113.9"), true), "203.0.113.9");
        assert_eq!(address(Some("nonsense"), true), "192.0.2.7");
        assert_eq!(address(None, true), "192.0.2.7");
    }
}
