//! The database that a command works on: the one it is given, or the private cluster.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};
use sqlx::postgres::PgConnectOptions;

use super::interrupt::Interrupt;
use super::language::text;
use crate::platform::database::cluster::{Cluster, ClusterSettings, default_data_dir};
use crate::platform::database::{Database, provision};

/// How to reach the database.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = text("数据库", "Database"))]
pub(super) struct DatabaseArgs {
    #[arg(
        long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL",
        help = text(
            "PostgreSQL 数据库属主的连接地址；不给则用数据目录里的私有数据库",
            "PostgreSQL, as the database's owner; without it, a private cluster in the data directory"
        )
    )]
    database_url: Option<String>,
    #[arg(
        long, global = true, env = "GRIDKEEPER_APP_DATABASE_URL", hide_env_values = true, value_name = "URL", requires = "database_url",
        help = text(
            "服务角色的连接地址；不给则由属主自动建立角色 gridkeeper_app",
            "PostgreSQL, as the role that serves; without it, the owner makes the role gridkeeper_app"
        )
    )]
    app_database_url: Option<String>,
    #[arg(
        long, global = true, env = "GRIDKEEPER_DATA_DIR", value_name = "DIR",
        help = text(
            "私有数据库的数据目录（默认 ~/.local/share/gridkeeper，root 为 /var/lib/gridkeeper）",
            "Where the private cluster is kept (by default ~/.local/share/gridkeeper; for root /var/lib/gridkeeper)"
        )
    )]
    data_dir: Option<PathBuf>,
    #[arg(
        long, global = true, env = "GRIDKEEPER_POSTGRESQL_BIN", value_name = "DIR",
        help = text("PostgreSQL 程序所在目录（默认自动查找）", "Where PostgreSQL's programs are (found by default)")
    )]
    postgresql_bin: Option<PathBuf>,
    #[arg(
        long, global = true, env = "GRIDKEEPER_DATABASE_CONNECTIONS", default_value_t = 16, value_name = "N",
        value_parser = clap::value_parser!(u32).range(2..=1000),
        help = text("数据库连接数上限", "Most connections to the database at once")
    )]
    database_connections: u32,
}

/// A database, migrated, as the role that serves. [`Connection::close`] it.
#[derive(Debug)]
pub(super) struct Connection {
    /// The database under row-level security.
    pub(super) database: Database,
    cluster: Option<Cluster>,
}

impl DatabaseArgs {
    /// Opens the database for a service, which holds the private cluster alone.
    pub(super) async fn open_to_serve(&self, interrupt: &Interrupt) -> anyhow::Result<Connection> {
        if let Some(url) = &self.database_url {
            return self.open_url(url).await;
        }
        self.open_cluster(Cluster::start(&self.settings()?, &interrupt.stop).await?).await
    }

    /// Opens the database for a command that may run beside a service.
    pub(super) async fn open(&self, interrupt: &Interrupt) -> anyhow::Result<Connection> {
        if let Some(url) = &self.database_url {
            return self.open_url(url).await;
        }
        self.open_cluster(Cluster::start_or_borrow(&self.settings()?, &interrupt.stop).await?).await
    }

    fn settings(&self) -> anyhow::Result<ClusterSettings> {
        let data_dir = match &self.data_dir {
            Some(data_dir) => data_dir.clone(),
            None => default_data_dir("gridkeeper")?,
        };
        Ok(ClusterSettings { data_dir, postgresql_bin: self.postgresql_bin.clone() })
    }

    async fn open_url(&self, url: &str) -> anyhow::Result<Connection> {
        let owner = PgConnectOptions::from_str(url)
            .context(text("--database-url 不是 PostgreSQL 地址", "--database-url is not a PostgreSQL URL"))?;
        let app = self.app_database_url.as_deref().map(PgConnectOptions::from_str).transpose().context(
            text("--app-database-url 不是 PostgreSQL 地址", "--app-database-url is not a PostgreSQL URL"),
        )?;
        let password = password_of(url);
        if password.is_none() && app.is_none() {
            bail!(text(
                "--database-url 中没有口令，无从推出服务角色的口令：请同时给出 --app-database-url",
                "--database-url has no password to derive that of the serving role from: give --app-database-url as well"
            ));
        }
        let app = provision(&owner, password.as_deref().unwrap_or_default(), app).await?;
        Ok(Connection { database: self.connect(app).await?, cluster: None })
    }

    async fn open_cluster(&self, cluster: Cluster) -> anyhow::Result<Connection> {
        let opened = async {
            let app = provision(cluster.owner(), cluster.owner_password(), None).await?;
            self.connect(app).await
        };
        match opened.await {
            Ok(database) => Ok(Connection { database, cluster: Some(cluster) }),
            Err(error) => {
                cluster.stop().await;
                Err(error)
            }
        }
    }

    async fn connect(&self, app: PgConnectOptions) -> anyhow::Result<Database> {
        Database::connect(app, self.database_connections)
            .await
            .context(text("服务角色无法连接数据库", "the serving role cannot connect to the database"))
    }
}

impl Connection {
    /// A database on the private cluster that this process runs.
    pub(super) fn to_own_cluster(database: Database, cluster: Cluster) -> Self {
        Self { database, cluster: Some(cluster) }
    }

    /// Closes the pool, and stops the private cluster if this process runs it.
    pub(super) async fn close(self) {
        self.database.pool().close().await;
        if let Some(cluster) = self.cluster {
            cluster.stop().await;
        }
    }
}

/// The password in a PostgreSQL URL, as it is written there.
fn password_of(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let in_query =
        || url.query_pairs().find(|(name, _)| name == "password").map(|(_, value)| value.into_owned());
    url.password().map(str::to_owned).or_else(in_query).filter(|password| !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owners_password_is_found_wherever_a_url_holds_it() {
        assert_eq!(password_of("postgres://owner:secret@host/db"), Some("secret".into()));
        assert_eq!(password_of("postgres:///db?host=/run&password=secret"), Some("secret".into()));
        assert_eq!(password_of("postgres://owner@host/db"), None);
        assert_eq!(password_of("postgres://owner:@host/db"), None);
    }
}
