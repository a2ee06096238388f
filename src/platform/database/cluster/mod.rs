//! The service's private PostgreSQL: made, started, watched and stopped with the service, on the machine's own
//! PostgreSQL binaries.
//!
//! It listens on a unix socket only and its roles have generated passwords, so nobody else reaches it; nothing
//! about its durability is loosened. One service holds a data directory at a time ([`lock`]); what a killed
//! service left running is stopped before a new server starts ([`leftovers`]); a server that dies is started
//! again ([`watch`]).
//!
//! Never here: anything the service stores.

mod credentials;
mod directory;
mod error;
mod home;
mod init;
mod leftovers;
mod locate;
mod lock;
mod roles;
mod server;
mod user;
mod watch;

use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use credentials::Credentials;
pub use error::ClusterError;
use home::Home;
pub use home::default_data_dir;
use lock::Lock;
use server::Server;

/// What the operator decided about the cluster.
#[derive(Debug, Clone)]
pub struct ClusterSettings {
    /// Where it is kept.
    pub data_dir: PathBuf,
    /// The directory of PostgreSQL's programs, when not to be found by looking.
    pub postgresql_bin: Option<PathBuf>,
}

/// A running cluster and how its owner connects. [`Cluster::stop`] it: dropping it leaves the server running.
#[derive(Debug)]
pub struct Cluster {
    owner: PgConnectOptions,
    owner_password: String,
    /// Absent when the cluster was borrowed from the service that runs it.
    held: Option<Held>,
}

#[derive(Debug)]
struct Held {
    stop: CancellationToken,
    watcher: JoinHandle<()>,
    _lock: Lock,
}

impl Cluster {
    /// Starts the cluster in its data directory, making it first if there is none. `interrupt` gives up waiting.
    ///
    /// # Errors
    /// When PostgreSQL with PostGIS is not installed, the directory cannot be used or is held by another
    /// instance, or the server does not start.
    pub async fn start(
        settings: &ClusterSettings,
        interrupt: &CancellationToken,
    ) -> Result<Self, ClusterError> {
        let home = Home::open(&settings.data_dir)?;
        let lock = Lock::take(&home)?;
        let credentials = Credentials::load_or_make(&home)?;
        let installation = locate::find(home.made_by()?, settings.postgresql_bin.as_deref())?;
        if !home.is_made() {
            init::make(&home, &installation, &credentials).await?;
        }
        let server = Server::new(home, installation)?;
        server.clear_leftovers().await?;
        let mut process = server.spawn()?;
        let prepared = async {
            server.wait_until_ready(&mut process, &credentials, interrupt).await?;
            roles::prepare(&server.connection(), &credentials).await
        };
        if let Err(error) = prepared.await {
            server::stop(&mut process).await;
            return Err(error);
        }
        let owner = credentials.owner(&server.connection());
        let stop = CancellationToken::new();
        let watcher = tokio::spawn(watch::watch(server, process, stop.clone()));
        Ok(Self { owner, owner_password: credentials.owner, held: Some(Held { stop, watcher, _lock: lock }) })
    }

    /// As [`Cluster::start`]; but when a service holds the directory, connects to the cluster it runs.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub async fn start_or_borrow(
        settings: &ClusterSettings,
        interrupt: &CancellationToken,
    ) -> Result<Self, ClusterError> {
        match Self::start(settings, interrupt).await {
            Err(ClusterError::InUse { .. }) => Self::borrow_running(&settings.data_dir),
            other => other,
        }
    }

    fn borrow_running(data_dir: &Path) -> Result<Self, ClusterError> {
        let home = Home::open(data_dir)?;
        let credentials = Credentials::load_or_make(&home)?;
        let owner = credentials.owner(&server::connection_at(&home.socket_dir()));
        Ok(Self { owner, owner_password: credentials.owner, held: None })
    }

    /// How the database's owner connects.
    #[must_use]
    pub fn owner(&self) -> &PgConnectOptions {
        &self.owner
    }

    /// The owner's password, from which the application's is derived.
    #[must_use]
    pub fn owner_password(&self) -> &str {
        &self.owner_password
    }

    /// Stops the server, if this process runs it: sessions are ended, everything acknowledged is on disk.
    pub async fn stop(self) {
        let Some(held) = self.held else { return };
        held.stop.cancel();
        if let Err(error) = held.watcher.await {
            tracing::error!(%error, "the database's watcher failed");
        }
    }
}
