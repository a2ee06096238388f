//! Being asked to stop: an interrupt from the keyboard, a service manager, or a terminal that closes.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What the operator has asked for so far.
#[derive(Debug, Clone)]
pub(super) struct Interrupt {
    /// Cancelled at the first signal: finish what is begun, then stop.
    pub(super) stop: CancellationToken,
    /// Cancelled at the second: do not wait.
    pub(super) hurry: CancellationToken,
}

impl Interrupt {
    /// Listens from now on; the signals no longer end the process by themselves.
    pub(super) fn listen() -> anyhow::Result<Self> {
        let interrupt = Self { stop: CancellationToken::new(), hurry: CancellationToken::new() };
        for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
            let mut signals = signal(kind).context("cannot listen for signals")?;
            let interrupt = interrupt.clone();
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    if interrupt.stop.is_cancelled() {
                        interrupt.hurry.cancel();
                    }
                    interrupt.stop.cancel();
                }
            });
        }
        Ok(interrupt)
    }
}
