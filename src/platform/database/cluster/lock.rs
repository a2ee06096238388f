//! One service per data directory.
//!
//! The kernel drops the lock with the process that holds it, however it ends. The process writes its number into
//! the file for whoever is refused.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;

use nix::fcntl::{Flock, FlockArg};

use super::ClusterError;
use super::home::Home;

/// The lock, held until dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: Flock<File>,
}

impl Lock {
    /// Takes the lock of `home`.
    pub(super) fn take(home: &Home) -> Result<Self, ClusterError> {
        let path = home.lock();
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(ClusterError::file(&path))?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(mut file) => {
                file.set_len(0)
                    .and_then(|()| writeln!(file, "{}", std::process::id()))
                    .map_err(ClusterError::file(&path))?;
                Ok(Self { _file: file })
            }
            Err((mut file, nix::errno::Errno::EWOULDBLOCK)) => {
                let mut holder = String::new();
                // Only for the message: a number that cannot be read is left out.
                let _ = file.read_to_string(&mut holder);
                Err(ClusterError::InUse {
                    directory: home.root().to_owned(),
                    holder: holder.trim().parse().ok(),
                })
            }
            Err((_, errno)) => Err(ClusterError::file(path)(errno.into())),
        }
    }
}
