//! The system user that PostgreSQL runs as: ourselves, or, as it refuses to run as root, another.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::{Gid, Uid, User};
use tokio::process::Command;

use super::ClusterError;

/// Who runs PostgreSQL, and owns its files.
#[derive(Debug, Clone)]
pub(super) struct ServerUser {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// We are root, and this is somebody else.
    pub(super) is_other: bool,
}

impl ServerUser {
    /// Ourselves; for root, the owner of the cluster when there is one, else the user `postgres` that comes with
    /// the distribution's packages.
    pub(super) fn choose(cluster: Option<&Metadata>) -> Result<Self, ClusterError> {
        let own = Uid::effective();
        if !own.is_root() {
            return Ok(Self::with_uid(own, false));
        }
        match cluster {
            Some(metadata) if metadata.uid() != 0 => Ok(Self::with_uid(Uid::from_raw(metadata.uid()), true)),
            _ => match User::from_name("postgres") {
                Ok(Some(user)) => Ok(Self::with_uid(user.uid, true)),
                _ => Err(ClusterError::NoServerUser),
            },
        }
    }

    /// The user `uid`. One without an account, common in containers, goes by its number and has no group but ours.
    fn with_uid(uid: Uid, is_other: bool) -> Self {
        let (name, gid) = match User::from_uid(uid) {
            Ok(Some(user)) => (user.name, user.gid),
            _ => (uid.to_string(), Gid::effective()),
        };
        Self { name, uid: uid.as_raw(), gid: gid.as_raw(), is_other }
    }

    /// Makes `command` run as this user.
    pub(super) fn runs(&self, command: &mut Command) {
        if self.is_other {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Gives a file or directory to this user.
    pub(super) fn owns(&self, path: &Path) -> Result<(), ClusterError> {
        if self.is_other {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
                .map_err(ClusterError::file(path))?;
        }
        Ok(())
    }

    /// Checks that this user may pass through `directory` and everything above it.
    pub(super) fn may_enter(&self, directory: &Path) -> Result<(), ClusterError> {
        for step in directory.ancestors() {
            let metadata = step.metadata().map_err(ClusterError::file(step))?;
            let enter = if metadata.uid() == self.uid {
                0o100
            } else if metadata.gid() == self.gid {
                0o010
            } else {
                0o001
            };
            if metadata.mode() & enter == 0 {
                return Err(ClusterError::Closed { directory: step.to_owned(), user: self.name.clone() });
            }
        }
        Ok(())
    }
}
