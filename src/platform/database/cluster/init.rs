//! Making a cluster: `initdb` in a directory aside, then one rename. A start that is killed in between leaves
//! nothing that could be taken for a cluster.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::Command;

use super::ClusterError;
use super::credentials::{Credentials, SUPERUSER};
use super::directory::{make_for, put_in_place, write_secret};
use super::home::Home;
use super::locate::Installation;
use super::server::clean_environment;

/// Makes the cluster of `home`.
pub(super) async fn make(
    home: &Home,
    installation: &Installation,
    credentials: &Credentials,
) -> Result<(), ClusterError> {
    tracing::info!(directory = %home.root().display(), version = installation.major, "making a database cluster");
    let unfinished = home.unfinished();
    match std::fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(ClusterError::file(unfinished)(error));
        }
        _ => {}
    }
    make_for(&unfinished, &home.user)?;
    let password = PasswordFile::write(home, credentials)?;
    let program = installation.bin.join("initdb");
    let mut command = Command::new(&program);
    clean_environment(&mut command);
    home.user.runs(&mut command);
    let output = command
        .arg("--pgdata")
        .arg(&unfinished)
        .arg("--pwfile")
        .arg(&password.path)
        .args(["--username", SUPERUSER, "--auth", "scram-sha-256", "--encoding", "UTF8"])
        // Code point order, and letters known beyond ASCII: trigrams of Chinese words need the latter.
        .args(["--locale", "C.UTF-8", "--data-checksums"])
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(|source| ClusterError::Program { program, source })?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(ClusterError::Init { output: String::from_utf8_lossy(&said).trim().to_owned() });
    }
    put_in_place(&unfinished, &home.cluster())
}

/// The superuser's password in a file, as `initdb` wants it, gone with this value.
struct PasswordFile {
    path: PathBuf,
}

impl PasswordFile {
    fn write(home: &Home, credentials: &Credentials) -> Result<Self, ClusterError> {
        let file = Self { path: home.root().join("initial-password") };
        write_secret(&file.path, credentials.superuser.as_bytes())?;
        home.user.owns(&file.path)?;
        Ok(file)
    }
}

impl Drop for PasswordFile {
    fn drop(&mut self) {
        // The same password lies beside it, as well protected: a file that stays behind tells nobody more.
        let _ = std::fs::remove_file(&self.path);
    }
}
