//! The database: a pool under row-level security, scoped transactions, provisioning and migrations, and the
//! private cluster used when no database is given.
//!
//! Never here: a query about any room.

pub mod cluster;
mod error;
pub mod geometry;
mod provision;
mod scope;
pub mod slate;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Postgres, Transaction};

pub use provision::{ProvisionError, provision};
pub use scope::{Scope, act_as_system};

/// A pool of connections as the application's role: it owns nothing and row-level security binds it.
#[derive(Debug, Clone)]
pub struct Database {
    pool: PgPool,
}

impl Database {
    /// Opens a pool of up to `connections` connections.
    ///
    /// # Errors
    /// When no connection can be made.
    pub async fn connect(options: PgConnectOptions, connections: u32) -> Result<Self, sqlx::Error> {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(std::time::Duration::from_secs(5))
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }

    /// Begins a transaction in which row-level security sees `scope`. One round trip.
    ///
    /// # Errors
    /// When no connection is free in time or the database is gone.
    pub async fn begin(&self, scope: &Scope) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin_with(scope.begin_statement()).await
    }

    /// The pool, for what needs a connection of its own, such as `LISTEN`.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}
