//! Making directories that are ours alone, and writing files that survive a crash whole.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use nix::unistd::Uid;

use super::ClusterError;
use super::user::ServerUser;

/// Makes `path` and what is missing above it, for us alone; for root, open to pass through, as PostgreSQL's user
/// must. A directory that holds something already keeps its permissions: it may be more than ours.
pub(super) fn make_root(path: &Path) -> Result<(), ClusterError> {
    std::fs::create_dir_all(path).map_err(ClusterError::file(path))?;
    let is_empty = path.read_dir().map_err(ClusterError::file(path))?.next().is_none();
    if is_empty {
        let mode = if Uid::effective().is_root() { 0o711 } else { 0o700 };
        std::fs::set_permissions(path, Permissions::from_mode(mode)).map_err(ClusterError::file(path))?;
    }
    Ok(())
}

/// Makes `path` for PostgreSQL's user alone, or takes one that is there if nobody else could have laid it.
pub(super) fn make_for(path: &Path, user: &ServerUser) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(ClusterError::file(path)(error));
        }
        _ => {}
    }
    // A link is not followed: in /tmp anybody could have laid one.
    let metadata = path.symlink_metadata().map_err(ClusterError::file(path))?;
    let is_ours = [user.uid, Uid::effective().as_raw()].contains(&metadata.uid());
    if !metadata.is_dir() || !is_ours {
        return Err(ClusterError::Foreign { directory: path.to_owned() });
    }
    std::fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(ClusterError::file(path))?;
    user.owns(path)
}

/// Writes a file that only we may read, all of it or none of it, and durably.
pub(super) fn write_secret(path: &Path, content: &[u8]) -> Result<(), ClusterError> {
    let new = path.with_extension("new");
    let written = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new).and_then(
        |mut file| {
            file.write_all(content)?;
            file.sync_all()
        },
    );
    written.map_err(ClusterError::file(&new))?;
    put_in_place(&new, path)
}

/// Renames, and makes the renaming durable.
pub(super) fn put_in_place(from: &Path, to: &Path) -> Result<(), ClusterError> {
    std::fs::rename(from, to).map_err(ClusterError::file(to))?;
    let parent = to.parent().unwrap_or(to);
    File::open(parent).and_then(|directory| directory.sync_all()).map_err(ClusterError::file(parent))
}
