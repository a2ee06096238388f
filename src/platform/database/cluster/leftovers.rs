//! Processes of a server whose service was killed.
//!
//! PostgreSQL outlives a service that is killed outright, and a worker of PostgreSQL may outlive a server that is.
//! Every process of a cluster has the cluster's directory as its working directory, which names it more surely
//! than the number in `postmaster.pid`: numbers are used again. Systems without `/proc` are left to PostgreSQL's
//! own care.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::{Instant, sleep};

use super::ClusterError;
use super::home::SOCKET_LOCK_NAME;

/// PostgreSQL's "fast" shutdown, then "immediate", then no asking; and how long each is given.
const ASKING: [(Signal, Duration); 3] = [
    (Signal::SIGINT, Duration::from_secs(20)),
    (Signal::SIGQUIT, Duration::from_secs(10)),
    (Signal::SIGKILL, Duration::from_secs(10)),
];

/// Ends every process of the cluster in `cluster`, and removes what would keep a new server off `socket_dir`.
/// Call it with the lock held only.
pub(super) async fn end(cluster: &Path, socket_dir: &Path) -> Result<(), ClusterError> {
    for (signal, patience) in ASKING {
        let Some(processes) = processes_in(cluster) else { return Ok(()) };
        if processes.is_empty() {
            return remove_stale_files(cluster, socket_dir);
        }
        tracing::warn!(?processes, %signal, "ending what a killed service or server left running");
        // The server takes its workers with it; workers without a server have to be asked themselves.
        let server = server_among(cluster, &processes);
        for process in server.map_or_else(|| processes.clone(), |server| vec![server]) {
            // A process that has just ended by itself is what we want.
            let _ = kill(Pid::from_raw(process), signal);
        }
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline && processes_in(cluster).is_some_and(|rest| !rest.is_empty()) {
            sleep(Duration::from_millis(20)).await;
        }
    }
    match processes_in(cluster) {
        Some(processes) if !processes.is_empty() => Err(ClusterError::LeftoversRemain { processes }),
        _ => remove_stale_files(cluster, socket_dir),
    }
}

/// The processes whose working directory is `cluster`; nothing on systems without `/proc`.
fn processes_in(cluster: &Path) -> Option<Vec<i32>> {
    let processes = fs::read_dir("/proc").ok()?.flatten().filter_map(|entry| {
        let process: i32 = entry.file_name().to_str()?.parse().ok()?;
        let directory = fs::read_link(entry.path().join("cwd")).ok()?;
        (directory == cluster).then_some(process)
    });
    Some(processes.collect())
}

/// The server's own process: the one that `postmaster.pid` names, if it is among them.
fn server_among(cluster: &Path, processes: &[i32]) -> Option<i32> {
    let pid_file = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let server = pid_file.lines().next()?.trim().parse().ok()?;
    processes.contains(&server).then_some(server)
}

/// With no process left, these files name nobody. PostgreSQL would still refuse to start should the number in them
/// have gone to a stranger, or belong to a process that has ended and that nobody has asked after.
/// The socket itself stays: connecting to it is refused, which callers wait out, until the new server lays its own.
fn remove_stale_files(cluster: &Path, socket_dir: &Path) -> Result<(), ClusterError> {
    let socket_lock = socket_dir.join(SOCKET_LOCK_NAME);
    for file in [cluster.join("postmaster.pid"), socket_lock] {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(ClusterError::file(file)(error)),
            _ => {}
        }
    }
    Ok(())
}
