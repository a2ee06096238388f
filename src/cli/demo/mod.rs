//! `gridkeeper demo`: the whole service on an invented village, in a data directory of its own, with open doors.
//!
//! The village is the one of `fixtures/`, compiled into the program; its story is moved in time so that it ended
//! yesterday, and told again from the beginning on the first start of another day. Never here: a database that is
//! not the demonstration's own.

mod load;
mod story;

use std::path::PathBuf;

use anyhow::{Context, bail};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{ConnectOptions, Connection as _};

use super::connection::Connection;
use super::interrupt::Interrupt;
use super::language::text;
use super::output;
use super::serve::{self, HttpArgs};
use crate::message;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::database::cluster::{Cluster, ClusterSettings, default_data_dir};
use crate::platform::database::slate::{self, Slate};
use crate::platform::database::{Database, provision};

pub use load::load;

/// Most connections to the demonstration's database.
const CONNECTIONS: u32 = 16;

#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    http: HttpArgs,
    #[arg(
        long, env = "GRIDKEEPER_DEMO_DATA_DIR", value_name = "DIR",
        help = text(
            "演示数据的目录（默认 ~/.local/share/gridkeeper-demo，root 为 /var/lib/gridkeeper-demo）",
            "Where the demonstration is kept (by default ~/.local/share/gridkeeper-demo; for root /var/lib/gridkeeper-demo)"
        )
    )]
    data_dir: Option<PathBuf>,
    #[arg(
        long, env = "GRIDKEEPER_POSTGRESQL_BIN", value_name = "DIR",
        help = text("PostgreSQL 程序所在目录（默认自动查找）", "Where PostgreSQL's programs are (found by default)")
    )]
    postgresql_bin: Option<PathBuf>,
    #[arg(long, help = text("从头开始，丢弃演示中所做的改动", "Start over, and forget what visitors changed"))]
    fresh: bool,
    #[arg(
        long, value_name = "N", default_value_t = 0, hide = true, value_parser = clap::value_parser!(u16).range(..=3650),
        help = text("如同已是 N 天之后", "As if it were so many days later")
    )]
    days_ahead: u16,
}

pub(super) async fn run(args: DemoArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    if !args.http.listen.ip().is_loopback() {
        bail!(text(
            "演示无需口令即可登录，只能监听本机地址（如 127.0.0.1:8080）",
            "the demonstration lets anybody in without a password: it listens on this machine only, such as 127.0.0.1:8080"
        ));
    }
    let listener = serve::listen(args.http.listen).await?;
    let data_dir = match args.data_dir {
        Some(data_dir) => data_dir,
        None => default_data_dir("gridkeeper-demo")?,
    };
    let settings = ClusterSettings { data_dir, postgresql_bin: args.postgresql_bin };
    let cluster = Cluster::start(&settings, &interrupt.stop).await?;
    let database = match prepare(&cluster, args.fresh, Utc::now()).await {
        Ok(database) => database,
        Err(error) => {
            cluster.stop().await;
            return Err(error);
        }
    };
    let config = Config { demo: true, ..args.http.config() };
    greet(listener.local_addr()?);
    let connection = Connection::to_own_cluster(database, cluster);
    let clock = Clock::system();
    clock.set_shift(TimeDelta::days(args.days_ahead.into()));
    serve::serve(listener, connection, config, args.http.drain(), clock, interrupt).await
}

/// The demonstration's database, holding today's story.
async fn prepare(cluster: &Cluster, fresh: bool, now: DateTime<Utc>) -> anyhow::Result<Database> {
    let app = provision(cluster.owner(), cluster.owner_password(), None).await?;
    let database = Database::connect(app, CONNECTIONS)
        .await
        .context(text("服务角色无法连接数据库", "the serving role cannot connect to the database"))?;
    let mut owner = cluster.owner().connect().await?;
    let today = load::edition(now);
    match slate::read(&mut owner).await? {
        Slate::Demonstration(held) if held == today && !fresh => return Ok(database),
        Slate::InUse => bail!(text(
            "该数据目录里存有正式数据，演示不会动它：请另选 --data-dir",
            "this data directory holds real work, which the demonstration will not touch: choose another --data-dir"
        )),
        Slate::Clean | Slate::Demonstration(_) => {}
    }
    output::remark(text("正在载入演示村……", "Loading the demonstration village ..."));
    // Until the story is told whole, the note matches no edition.
    slate::note(&mut owner, "unfinished").await?;
    slate::wipe(&mut owner).await?;
    load(&database, now)
        .await
        .context(text("无法载入演示数据", "the demonstration's data cannot be loaded"))?;
    slate::note(&mut owner, &today).await?;
    owner.close().await?;
    Ok(database)
}

fn greet(address: std::net::SocketAddr) {
    output::line(message!(
        "演示已就绪：http://{address}/\n打开网页，点选一个身份即可进入，无需口令。地图为合成，仅编码、名称与数量真实。",
        "The demonstration is ready: http://{address}/\nOpen it and choose who to be; no password is needed. The map is \
         synthetic: only codes, names and totals are real."
    ));
}
