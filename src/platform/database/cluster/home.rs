//! What lies where in the data directory.

use std::env;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nix::unistd::Uid;
use sha2::{Digest, Sha256};

use super::ClusterError;
use super::directory;
use super::user::ServerUser;

/// The address of a unix socket holds 108 bytes on Linux and 104 elsewhere, with the closing zero.
const SOCKET_PATH_BYTES: usize = 103;
/// The name PostgreSQL gives its socket, for the port [`PORT`].
const SOCKET_NAME: &str = ".s.PGSQL.5432";
/// Beside it, the number of the server that listens.
pub(super) const SOCKET_LOCK_NAME: &str = ".s.PGSQL.5432.lock";
/// There is no port on a unix socket; PostgreSQL wants the number for the socket's name.
pub(super) const PORT: u16 = 5432;

/// A data directory, and the user that PostgreSQL runs as in it.
#[derive(Debug, Clone)]
pub(super) struct Home {
    root: PathBuf,
    pub(super) user: ServerUser,
}

/// Where data lives unless the operator says otherwise: `/var/lib/<name>` for root, else `<name>` in the user's
/// data directory (XDG Base Directory Specification).
///
/// # Errors
/// When there is no home directory.
pub fn default_data_dir(name: &str) -> Result<PathBuf, ClusterError> {
    if Uid::effective().is_root() {
        return Ok(Path::new("/var/lib").join(name));
    }
    let absolute = |variable| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map(|data| data.join(name))
        .ok_or(ClusterError::NoHome)
}

impl Home {
    /// Opens a data directory, making it if it is not there.
    pub(super) fn open(data_dir: &Path) -> Result<Self, ClusterError> {
        directory::make_root(data_dir)?;
        let root = data_dir.canonicalize().map_err(ClusterError::file(data_dir))?;
        let user = ServerUser::choose(cluster_metadata(&root)?.as_ref())?;
        user.may_enter(&root)?;
        Ok(Self { root, user })
    }

    /// The data directory itself.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// PostgreSQL's own directory.
    pub(super) fn cluster(&self) -> PathBuf {
        self.root.join("cluster")
    }

    /// Where a new cluster grows before it takes its place.
    pub(super) fn unfinished(&self) -> PathBuf {
        self.root.join("cluster.unfinished")
    }

    /// The lock that one service holds.
    pub(super) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// The roles' passwords.
    pub(super) fn passwords(&self) -> PathBuf {
        self.root.join("passwords.json")
    }

    /// PostgreSQL's log.
    pub(super) fn log(&self) -> PathBuf {
        self.root.join("postgresql.log")
    }

    /// Where the socket lies: beside the data, unless the path is too long for a socket's address.
    pub(super) fn socket_dir(&self) -> PathBuf {
        let beside = self.root.join("socket");
        if beside.join(SOCKET_NAME).as_os_str().len() <= SOCKET_PATH_BYTES {
            return beside;
        }
        let digest = Sha256::digest(self.root.as_os_str().as_bytes());
        let name = URL_SAFE_NO_PAD.encode(&digest[..9]);
        Path::new("/tmp").join(format!("gridkeeper-{}-{name}", self.user.uid))
    }

    /// True when the cluster is there, whole.
    pub(super) fn is_made(&self) -> bool {
        self.cluster().exists()
    }

    /// The major version of PostgreSQL that made the cluster, if there is one.
    pub(super) fn made_by(&self) -> Result<Option<u32>, ClusterError> {
        let file = self.cluster().join("PG_VERSION");
        match std::fs::read_to_string(&file) {
            Ok(version) => Ok(version.trim().parse().ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ClusterError::file(file)(error)),
        }
    }
}

fn cluster_metadata(root: &Path) -> Result<Option<Metadata>, ClusterError> {
    let cluster = root.join("cluster");
    match cluster.metadata() {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::file(cluster)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_leaves_a_directory_whose_name_is_too_long() {
        let short = tempfile::tempdir().unwrap();
        let long = short.path().join("很长的目录".repeat(12));
        let user = ServerUser { name: "nobody".into(), uid: 65_534, gid: 65_534, is_other: false };
        let near = Home { root: short.path().into(), user: user.clone() };
        let far = Home { root: long, user };
        assert_eq!(near.socket_dir(), short.path().join("socket"));
        assert!(far.socket_dir().join(SOCKET_NAME).as_os_str().len() <= SOCKET_PATH_BYTES);
        assert!(far.socket_dir().starts_with("/tmp"));
    }
}
