//! The passwords of the cluster's roles, generated once and kept in a file that only we may read.

use std::fmt;
use std::io::ErrorKind;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use super::ClusterError;
use super::directory::write_secret;
use super::home::Home;

/// Makes the other roles and the extensions; used for nothing else.
pub(super) const SUPERUSER: &str = "postgres";
/// Owns the database and migrates it.
pub(super) const OWNER: &str = "gridkeeper_owner";
/// The database.
pub(super) const DATABASE: &str = "gridkeeper";

/// The passwords, in base64url: they can stand in an SQL literal as they are.
#[derive(Serialize, Deserialize)]
pub(super) struct Credentials {
    pub(super) superuser: String,
    pub(super) owner: String,
}

impl Credentials {
    /// The passwords of `home`; new ones when nothing has been made there yet.
    pub(super) fn load_or_make(home: &Home) -> Result<Self, ClusterError> {
        let path = home.passwords();
        match std::fs::read(&path) {
            Ok(content) => serde_json::from_slice(&content).map_err(|error| {
                ClusterError::file(path)(std::io::Error::new(ErrorKind::InvalidData, error))
            }),
            Err(error) if error.kind() == ErrorKind::NotFound && home.is_made() => {
                Err(ClusterError::PasswordsMissing { file: path })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let credentials = Self { superuser: password(), owner: password() };
                let content = serde_json::to_vec_pretty(&credentials)
                    .map_err(|error| ClusterError::file(&path)(error.into()))?;
                write_secret(&path, &content)?;
                Ok(credentials)
            }
            Err(error) => Err(ClusterError::file(path)(error)),
        }
    }

    /// `server` as the superuser, in `database`.
    pub(super) fn superuser(&self, server: &PgConnectOptions, database: &str) -> PgConnectOptions {
        // Making an extension takes a second, and nobody need be told.
        server
            .clone()
            .username(SUPERUSER)
            .password(&self.superuser)
            .database(database)
            .disable_statement_logging()
    }

    /// `server` as the owner, in our database.
    pub(super) fn owner(&self, server: &PgConnectOptions) -> PgConnectOptions {
        server.clone().username(OWNER).password(&self.owner).database(DATABASE)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// 192 random bits.
fn password() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>())
}
