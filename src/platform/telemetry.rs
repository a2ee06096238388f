//! The log: lines for a person, or JSON for a collector. Written to standard error.
//!
//! Never in it: personal data. Events name rows by id and requests by their number.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// What is logged unless the operator says otherwise.
pub const DEFAULT_FILTER: &str = "info,sqlx=warn";

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For a person.
    Human,
    /// One JSON object a line.
    Json,
}

/// Starts the log of this process. Later calls change nothing.
///
/// # Errors
/// When `filter` is not a filter (`info`, `gridkeeper=debug,sqlx=warn`).
pub fn start(filter: &str, format: LogFormat) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A process that already logs, such as a test, keeps the log it has.
    let _ = match format {
        LogFormat::Human => log.with_ansi(io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(true).try_init(),
    };
    Ok(())
}
