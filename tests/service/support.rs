//! The program on a data directory of its own.

#![expect(clippy::expect_used, reason = "a test that cannot set itself up should say so and stop")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, chown};
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Executor};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

/// Making a cluster on a busy machine, with room to spare.
const STARTS_WITHIN: Duration = Duration::from_secs(120);

/// A data directory that PostgreSQL's user may enter. Whatever still runs in it ends with this value.
pub(crate) struct Place {
    _root: TempDir,
    data: PathBuf,
    program: PathBuf,
    user: Option<User>,
}

/// `gridkeeper serve`, running.
pub(crate) struct Service {
    child: Child,
    url: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::named("data")
    }

    /// With the data in `name` below a directory of its own.
    pub(crate) fn named(name: &str) -> Self {
        let root = tempfile::Builder::new().prefix("gridkeeper-test-").tempdir().expect("a directory");
        fs::set_permissions(root.path(), Permissions::from_mode(0o755))
            .expect("opens it to PostgreSQL's user");
        let program = env!("CARGO_BIN_EXE_gridkeeper").into();
        Self { data: root.path().join(name), program, user: None, _root: root }
    }

    /// Where everything runs as `user`, from a home of its own. Only root can make one.
    pub(crate) fn of(user: User) -> Self {
        let mut place = Self::named("home/data");
        let home = place.data.parent().expect("a home");
        fs::create_dir(home).expect("makes a home");
        chown(home, Some(user.uid), Some(user.gid)).expect("hands it over");
        // Where the program was built may be closed to others.
        let program = home.with_file_name("gridkeeper");
        fs::hard_link(&place.program, &program)
            .or_else(|_| fs::copy(&place.program, &program).map(drop))
            .expect("brings the program");
        place.program = program;
        place.user = Some(user);
        place
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// `gridkeeper ARGUMENTS --data-dir …`, speaking English, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        if let Some(User { uid, gid, .. }) = &self.user {
            command.uid(uid.as_raw()).gid(gid.as_raw()).current_dir("/");
            command.env("HOME", self.data.parent().expect("a home")).env_remove("XDG_DATA_HOME");
        }
        command.env_remove("DATABASE_URL").args(["--lang", "en"]).args(arguments);
        command.arg("--data-dir").arg(&self.data).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs a command to its end, with `input` on its standard input.
    pub(crate) async fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A command that never reads has no use for input.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        timeout(STARTS_WITHIN, child.wait_with_output()).await.expect("ends").expect("is waited for")
    }

    /// Starts the service and waits until it says where it is.
    pub(crate) async fn serve(&self) -> Service {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let ready =
            timeout(STARTS_WITHIN, lines.next_line()).await.expect("is ready in time").expect("speaks");
        let ready = ready.expect("did not end before it was ready");
        let url = ready.strip_prefix("Ready: ").expect("says where").trim_end_matches('/').to_owned();
        Service { child, url }
    }

    /// A connection to the private cluster as its owner, past row-level security.
    pub(crate) async fn owner(&self) -> PgConnection {
        self.owner_options().connect().await.expect("connects as owner")
    }

    pub(crate) fn owner_options(&self) -> PgConnectOptions {
        let passwords = fs::read(self.data.join("passwords.json")).expect("passwords");
        let passwords: Value = serde_json::from_slice(&passwords).expect("JSON");
        let password = passwords["owner"].as_str().expect("the owner's").to_owned();
        PgConnectOptions::new_without_pgpass()
            .socket(self.socket_dir())
            .username("gridkeeper_owner")
            .password(&password)
            .database("gridkeeper")
    }

    /// Where the server said its socket is: the fifth line of its pid file.
    pub(crate) fn socket_dir(&self) -> PathBuf {
        self.pid_file().lines().nth(4).expect("a socket directory").into()
    }

    /// The number of the database server.
    pub(crate) fn server(&self) -> Pid {
        Pid::from_raw(self.pid_file().lines().next().expect("a number").trim().parse().expect("a number"))
    }

    /// Waits until another server than `killed` says that it is ready.
    pub(crate) async fn replaces_within(&self, killed: Pid, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            let pid_file = fs::read_to_string(self.pid_path()).unwrap_or_default();
            let server = pid_file.lines().next().and_then(|number| number.trim().parse::<i32>().ok());
            let is_ready = pid_file.lines().nth(7).is_some_and(|status| status.trim() == "ready");
            if is_ready && server.is_some_and(|server| server != killed.as_raw()) {
                return true;
            }
            sleep(Duration::from_millis(20)).await;
        }
        false
    }

    fn pid_path(&self) -> PathBuf {
        self.data.join("cluster/postmaster.pid")
    }

    fn pid_file(&self) -> String {
        fs::read_to_string(self.pid_path()).expect("a running server")
    }

    /// With the small place of `tests/api/seed.sql`, whose accounts hold tokens.
    pub(crate) async fn seeded() -> Self {
        let place = Self::new();
        let service = place.serve().await;
        let seed = sqlx::raw_sql(include_str!("../api/seed.sql"));
        place.owner().await.execute(seed).await.expect("seeds");
        assert!(service.stop().await);
        place
    }

    /// The processes of the cluster.
    pub(crate) fn processes(&self) -> Vec<Pid> {
        let cluster = self.data.canonicalize().expect("the data directory").join("cluster");
        let in_cluster = |entry: fs::DirEntry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            (fs::read_link(entry.path().join("cwd")).ok()? == cluster).then(|| Pid::from_raw(number))
        };
        fs::read_dir("/proc").expect("/proc").flatten().filter_map(in_cluster).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.data.exists() {
            for process in self.processes() {
                let _ = kill(process, Signal::SIGKILL);
            }
        }
    }
}

impl Service {
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// `kill -9`.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("is killed");
    }

    /// Asks it to stop, and waits for it: true when it ended well.
    pub(crate) async fn stop(mut self) -> bool {
        let process = i32::try_from(self.child.id().expect("runs")).expect("a number");
        kill(Pid::from_raw(process), Signal::SIGTERM).expect("is asked");
        timeout(Duration::from_secs(60), self.child.wait())
            .await
            .expect("ends")
            .expect("is waited for")
            .success()
    }

    /// Reads `path` as the account `login` of the seed.
    pub(crate) async fn get(&self, login: &str, path: &str) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}{path}", self.url);
        reqwest::Client::new().get(url).bearer_auth(format!("token-of-{login}")).send().await
    }

    /// Waits until reads of the database succeed again.
    pub(crate) async fn recovers_within(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if self
                .get("member1", "/api/v1/areas?limit=1")
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return true;
            }
            sleep(Duration::from_millis(100)).await;
        }
        false
    }
}
