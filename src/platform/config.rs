//! What the operator decided: parsed once from flags and environment by the command line.

use std::net::SocketAddr;

/// The service's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// True when reached over HTTPS: cookies are then marked `Secure`.
    pub https: bool,
    /// Believe the client's address in `X-Forwarded-For`, because a reverse proxy of ours writes it.
    pub trust_proxy: bool,
    /// Largest body accepted, in bytes.
    pub max_body_bytes: usize,
    /// How long a request may take, in seconds.
    pub request_timeout_s: u64,
    /// How long a sign-in lasts without use, in hours.
    pub session_hours: i64,
    /// How long the track of a patrol is kept whole, in days.
    pub track_days: i64,
    /// How many long lists of points are assigned at once.
    pub assign_at_once: u16,
    /// One-click sign-in exists and the map is synthetic.
    pub demo: bool,
    /// A base layer below our own map, as a raster tile URL template, and its coordinate system.
    pub base_layer: Option<BaseLayer>,
}

/// A raster base layer, such as Tianditu.
#[derive(Debug, Clone)]
pub struct BaseLayer {
    /// URL template with `{z}`, `{x}`, `{y}`.
    pub url: String,
    /// `wgs84`, `cgcs2000` or `gcj02`.
    pub crs: String,
    /// What to credit.
    pub attribution: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            https: false,
            trust_proxy: false,
            max_body_bytes: 64 * 1024 * 1024,
            request_timeout_s: 60,
            session_hours: 24 * 7,
            track_days: 30,
            assign_at_once: 4,
            demo: false,
            base_layer: None,
        }
    }
}
