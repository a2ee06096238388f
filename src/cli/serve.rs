//! `gridkeeper serve`: the service, from an open database to the last answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, DatabaseArgs};
use super::interrupt::Interrupt;
use super::language::text;
use super::output;
use crate::app;
use crate::domain::grids::keep_filed;
use crate::domain::patrols::keep_thin;
use crate::message;
use crate::platform::accounts::Accounts;
use crate::platform::clock::Clock;
use crate::platform::computing::Computing;
use crate::platform::config::{BaseLayer, Config};
use crate::platform::events::Events;
use crate::platform::ground::Ground;
use crate::platform::housekeeping;
use crate::platform::http::server;

#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    pub(super) http: HttpArgs,
    #[command(flatten)]
    pub(super) database: DatabaseArgs,
    #[command(flatten)]
    base_layer: BaseLayerArgs,
}

/// How the service is reached.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = text("服务", "Service"))]
pub(super) struct HttpArgs {
    #[arg(
        long, env = "GRIDKEEPER_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT",
        help = text("监听地址；端口 0 为任选空闲端口", "Where to listen; port 0 picks a free one")
    )]
    pub(super) listen: SocketAddr,
    #[arg(
        long, env = "GRIDKEEPER_HTTPS",
        help = text("用户经 HTTPS 访问（反向代理终结 TLS）：会话 Cookie 标记 Secure", "People reach it over HTTPS, by a proxy that ends TLS: session cookies are Secure")
    )]
    https: bool,
    #[arg(
        long, env = "GRIDKEEPER_TRUST_PROXY",
        help = text("信任反向代理写入的 X-Forwarded-For", "Believe the X-Forwarded-For that a proxy of ours writes")
    )]
    trust_proxy: bool,
    #[arg(
        long, env = "GRIDKEEPER_MAX_BODY_MB", default_value_t = 64, value_name = "MB",
        value_parser = clap::value_parser!(u16).range(1..=1024),
        help = text("请求内容大小上限", "Largest request body")
    )]
    max_body_mb: u16,
    #[arg(
        long, env = "GRIDKEEPER_REQUEST_TIMEOUT", default_value_t = 60, value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=3600),
        help = text("单个请求的时限", "How long a request may take")
    )]
    request_timeout: u64,
    #[arg(
        long, env = "GRIDKEEPER_DRAIN", default_value_t = 10, value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(0..=600),
        help = text("停止时等待未完成请求的时限", "How long requests in flight may take when stopping")
    )]
    drain: u64,
    #[arg(
        long, env = "GRIDKEEPER_SESSION_HOURS", default_value_t = 168, value_name = "HOURS",
        value_parser = clap::value_parser!(i64).range(1..=8760),
        help = text("登录闲置多久后失效", "How long a sign-in lasts without use")
    )]
    session_hours: i64,
    #[arg(
        long, env = "GRIDKEEPER_TRACK_DAYS", default_value_t = 30, value_name = "DAYS",
        value_parser = clap::value_parser!(i64).range(0..=3650),
        help = text("巡查轨迹完整保留多少天，之后只留走过的格子", "How many days the track of a patrol is kept whole; then only the cells it went through")
    )]
    track_days: i64,
    #[arg(
        long, env = "GRIDKEEPER_ASSIGN_AT_ONCE", default_value_t = 4, value_name = "COUNT",
        value_parser = clap::value_parser!(u16).range(1..=1024),
        help = text("同时处理多少批大量的点（每批至多占 4 GiB 临时空间），每个账号至多占一半", "How many long lists of points are assigned at once, each in up to 4 GiB of temporary files; of one account at most half as many")
    )]
    assign_at_once: u16,
}

/// A map of somebody else's below ours.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = text("底图", "Base layer"))]
struct BaseLayerArgs {
    #[arg(
        id = "base_layer_url", long = "base-layer-url", env = "GRIDKEEPER_BASE_LAYER_URL", value_name = "URL",
        help = text("栅格底图瓦片地址，含 {z}、{x}、{y}（如天地图）", "Raster tiles below our map, with {z}, {x} and {y}, such as Tianditu's")
    )]
    url: Option<String>,
    #[arg(
        id = "base_layer_crs", long = "base-layer-crs", env = "GRIDKEEPER_BASE_LAYER_CRS", default_value = "cgcs2000", value_name = "CRS",
        value_parser = ["wgs84", "cgcs2000", "gcj02"],
        help = text("底图的坐标系", "Its coordinate system")
    )]
    crs: String,
    #[arg(
        id = "base_layer_attribution", long = "base-layer-attribution", env = "GRIDKEEPER_BASE_LAYER_ATTRIBUTION", default_value = "", value_name = "TEXT",
        help = text("底图版权说明", "Whom to credit for it")
    )]
    attribution: String,
}

impl HttpArgs {
    /// The configuration these flags ask for.
    pub(super) fn config(&self) -> Config {
        Config {
            listen: self.listen,
            https: self.https,
            trust_proxy: self.trust_proxy,
            max_body_bytes: usize::from(self.max_body_mb) * 1024 * 1024,
            request_timeout_s: self.request_timeout,
            session_hours: self.session_hours,
            track_days: self.track_days,
            assign_at_once: self.assign_at_once,
            ..Config::default()
        }
    }

    /// How long requests in flight may take when stopping.
    pub(super) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain)
    }
}

impl BaseLayerArgs {
    fn base_layer(self) -> Option<BaseLayer> {
        self.url.map(|url| BaseLayer { url, crs: self.crs, attribution: self.attribution })
    }
}

pub(super) async fn run(args: ServeArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    // A port that is taken should be known before a database is made and migrated.
    let listener = listen(args.http.listen).await?;
    let connection = args.database.open_to_serve(interrupt).await?;
    let config = Config { base_layer: args.base_layer.base_layer(), ..args.http.config() };
    serve(listener, connection, config, args.http.drain(), Clock::system(), interrupt).await
}

/// Takes the address.
pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| message!("无法监听 {address}", "cannot listen on {address}").to_string())
}

/// Serves until interrupted, then finishes what is in flight and closes the database.
pub(super) async fn serve(
    listener: TcpListener,
    connection: Connection,
    config: Config,
    drain: Duration,
    clock: Clock,
    interrupt: &Interrupt,
) -> anyhow::Result<()> {
    let background = CancellationToken::new();
    let address = listener.local_addr()?;
    let events = Events::start(connection.database.clone(), background.clone());
    housekeeping::start(connection.database.clone(), background.clone());
    let ground = Ground {
        accounts: Accounts::start(&events),
        events,
        database: connection.database.clone(),
        computing: Computing::default(),
        clock,
        config: Arc::new(Config { listen: address, ..config }),
    };
    tokio::spawn(keep_filed(ground.clone(), background.clone()));
    tokio::spawn(keep_thin(ground.clone(), background.clone()));
    output::line(message!("服务已就绪：http://{address}/", "Ready: http://{address}/"));
    let served = server::serve(listener, app::router(ground), drain, &interrupt.stop, &interrupt.hurry).await;
    background.cancel();
    connection.close().await;
    tracing::info!("stopped");
    Ok(served?)
}
