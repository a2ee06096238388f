//! Throws away, once an hour, what has had its time: ended sessions and the answers kept for repeated writes.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::database::{Database, Scope};

const EVERY: Duration = Duration::from_secs(3600);

/// Starts the work, until `stop`.
pub fn start(database: Database, stop: CancellationToken) {
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if let Err(error) = clean(&database).await {
                tracing::warn!(%error, "could not clean up");
            }
        }
    });
}

/// Deletes sessions that have ended and answers kept for longer than a day.
///
/// # Errors
/// When the database is away.
pub async fn clean(database: &Database) -> Result<(), sqlx::Error> {
    let mut transaction = database.begin(&Scope::system()).await?;
    sqlx::query!("DELETE FROM sessions WHERE expires_at <= now()").execute(&mut *transaction).await?;
    sqlx::query!("DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'")
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}
