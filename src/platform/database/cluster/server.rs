//! The server's process: how it is started, when it is ready, how it is stopped.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::ClusterError;
use super::credentials::Credentials;
use super::directory::make_for;
use super::home::{Home, PORT};
use super::leftovers;
use super::locate::Installation;

/// Recovery after a crash replays what was not yet in place; a server that takes longer is stuck.
const READY_WITHIN: Duration = Duration::from_secs(300);
/// How long sessions and the last checkpoint may take to end.
const STOP_WITHIN: Duration = Duration::from_secs(60);
/// A log beyond this is set aside, in bytes.
const LOG_LIMIT: u64 = 16 * 1024 * 1024;
/// Lines of the log shown when the server does not start.
const LOG_TAIL_LINES: usize = 8;

/// Beside the defaults of PostgreSQL. Durability stays as it is.
const SETTINGS: [&str; 9] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "shared_buffers=256MB",
    "max_wal_size=2GB",
    "random_page_cost=1.1",
    // Compiling a query costs more than any of ours takes.
    "jit=off",
    "timezone=UTC",
    // Detail lines and failed statements may hold personal data, which has no place in a log.
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
];

/// A cluster and the programs that serve it.
#[derive(Debug)]
pub(super) struct Server {
    home: Home,
    installation: Installation,
}

impl Server {
    /// The server of `home`, not yet started.
    pub(super) fn new(home: Home, installation: Installation) -> Result<Self, ClusterError> {
        make_for(&home.socket_dir(), &home.user)?;
        Ok(Self { home, installation })
    }

    /// Where it listens.
    pub(super) fn connection(&self) -> PgConnectOptions {
        connection_at(&self.home.socket_dir())
    }

    /// Ends what an earlier server of this cluster left running.
    pub(super) async fn clear_leftovers(&self) -> Result<(), ClusterError> {
        leftovers::end(&self.home.cluster(), &self.home.socket_dir()).await
    }

    /// Starts the process, in a group of its own: an interrupt from the terminal is for the service, which has
    /// requests to finish before the database may go.
    pub(super) fn spawn(&self) -> Result<Child, ClusterError> {
        let log_path = self.home.log();
        if log_path.metadata().is_ok_and(|log| log.len() > LOG_LIMIT) {
            let aside = log_path.with_extension("log.1");
            std::fs::rename(&log_path, &aside).map_err(ClusterError::file(&log_path))?;
        }
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&log_path)
            .map_err(ClusterError::file(&log_path))?;
        let program = self.installation.bin.join("postgres");
        let mut command = Command::new(&program);
        clean_environment(&mut command);
        self.home.user.runs(&mut command);
        command.arg("-D").arg(self.home.cluster()).arg("-p").arg(PORT.to_string());
        let socket_dir = self.home.socket_dir().to_string_lossy().replace('"', "\"\"");
        command.arg("-c").arg(format!("unix_socket_directories=\"{socket_dir}\""));
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|source| ClusterError::Program { program, source })
    }

    /// Waits until the server takes connections.
    pub(super) async fn wait_until_ready(
        &self,
        process: &mut Child,
        credentials: &Credentials,
        interrupt: &CancellationToken,
    ) -> Result<(), ClusterError> {
        let superuser = credentials.superuser(&self.connection(), "postgres");
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            if let Ok(connection) = superuser.connect().await {
                return connection.close().await.map_err(ClusterError::Sql);
            }
            if !matches!(process.try_wait(), Ok(None)) || Instant::now() > deadline {
                return Err(ClusterError::NotStarted { log: self.home.log(), tail: self.log_tail() });
            }
            tokio::select! {
                () = interrupt.cancelled() => return Err(ClusterError::Interrupted),
                () = sleep(Duration::from_millis(25)) => {}
            }
        }
    }

    fn log_tail(&self) -> String {
        let log = std::fs::read(self.home.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
    }
}

/// A server that listens in `socket_dir`.
pub(super) fn connection_at(socket_dir: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass().socket(socket_dir).port(PORT).ssl_mode(PgSslMode::Disable)
}

/// Only what PostgreSQL needs of our environment: `PG…` variables meant for other servers must not reach it.
pub(super) fn clean_environment(command: &mut Command) {
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C.UTF-8").current_dir("/");
}

/// Ends the server: sessions are ended, the last checkpoint is written.
pub(super) async fn stop(process: &mut Child) {
    for signal in [Signal::SIGINT, Signal::SIGQUIT] {
        let Some(id) = process.id().and_then(|id| i32::try_from(id).ok()) else { return };
        // It may have ended this very moment; then waiting returns at once.
        let _ = kill(Pid::from_raw(id), signal);
        if timeout(STOP_WITHIN, process.wait()).await.is_ok() {
            return;
        }
        tracing::warn!(%signal, "the database does not stop");
    }
    if let Err(error) = process.kill().await {
        tracing::error!(%error, "the database could not be ended");
    }
}
