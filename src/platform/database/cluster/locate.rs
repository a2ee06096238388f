//! Finding PostgreSQL on this machine: the newest installation that has PostGIS.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::ClusterError;

/// The oldest PostgreSQL that the migrations are written for.
const OLDEST_MAJOR: u32 = 15;
/// Where distributions keep several versions side by side: a directory, and how names in it begin.
const VERSIONED: [(&str, &str); 4] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql@"),
    ("/usr/local/opt", "postgresql@"),
];

/// An installation of PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Installation {
    pub(super) bin: PathBuf,
    pub(super) major: u32,
}

/// The newest installation with PostGIS; only of the version `made_by` when a cluster stands already, because
/// data files are not read by any other. `named` looks in one directory of programs only.
pub(super) fn find(made_by: Option<u32>, named: Option<&Path>) -> Result<Installation, ClusterError> {
    let candidates = named.map_or_else(directories, |bin| vec![bin.to_owned()]);
    let newest = candidates
        .iter()
        .filter_map(|bin| inspect(bin))
        .filter(|found| made_by.map_or(found.major >= OLDEST_MAJOR, |wanted| found.major == wanted))
        .max_by_key(|found| found.major);
    newest.ok_or(match made_by {
        Some(made_by) => ClusterError::VersionMissing { made_by },
        None => ClusterError::NotInstalled,
    })
}

/// Every directory that may hold PostgreSQL's programs.
fn directories() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (parent, prefix) in VERSIONED {
        for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(prefix) {
                found.push(entry.path().join("bin"));
            }
        }
    }
    found.push("/usr/local/pgsql/bin".into());
    found.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    found.retain(|bin| bin.join("postgres").is_file() && bin.join("initdb").is_file());
    found
}

/// The installation whose programs are in `bin`, if it has PostGIS.
fn inspect(bin: &Path) -> Option<Installation> {
    let major = major_version(&output_of(&bin.join("postgres"), "--version")?)?;
    let named = output_of(&bin.join("pg_config"), "--sharedir").map(PathBuf::from);
    // pg_config belongs to the development package on some distributions.
    let usual = ["../share", "../share/postgresql", "../share/pgsql"].map(|share| bin.join(share));
    let has_postgis =
        named.into_iter().chain(usual).any(|share| share.join("extension/postgis.control").is_file());
    has_postgis.then(|| Installation { bin: bin.to_owned(), major })
}

fn output_of(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_version(version: &str) -> Option<u32> {
    let number = version.split(' ').find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|other: char| !other.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_prints() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_version("no such program"), None);
    }

    #[test]
    fn a_cluster_of_a_version_that_is_gone_is_told_apart_from_no_postgresql() {
        assert!(matches!(find(Some(9), None), Err(ClusterError::VersionMissing { made_by: 9 })));
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(find(None, Some(empty.path())), Err(ClusterError::NotInstalled)));
    }
}
