//! Starting a server again that died.

use std::time::Duration;

use tokio::process::Child;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::ClusterError;
use super::server::{self, Server};

/// A server that lived this long died of something new.
const LIVED: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Keeps the server running until `stop`, then stops it. Requests meet 503 while it is away.
pub(super) async fn watch(server: Server, mut process: Child, stop: CancellationToken) {
    let mut pause = FIRST_PAUSE;
    loop {
        let started = Instant::now();
        tokio::select! {
            () = stop.cancelled() => return server::stop(&mut process).await,
            status = process.wait() => match status {
                Ok(status) => tracing::error!(%status, "the database ended; starting it again"),
                Err(error) => tracing::error!(%error, "lost sight of the database; starting it again"),
            },
        }
        if started.elapsed() > LIVED {
            pause = FIRST_PAUSE;
        }
        process = loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(pause) => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            match start_again(&server).await {
                Ok(process) => break process,
                Err(error) => tracing::error!(%error, "the database does not start"),
            }
        };
    }
}

/// Workers of the dead server still hold its memory: a new one starts when they are gone.
async fn start_again(server: &Server) -> Result<Child, ClusterError> {
    server.clear_leftovers().await?;
    server.spawn()
}
