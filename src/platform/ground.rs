//! What every room stands on, handed to handlers as axum state.

use std::sync::Arc;

use super::accounts::Accounts;
use super::clock::Clock;
use super::computing::Computing;
use super::config::Config;
use super::database::Database;
use super::events::Events;

/// The state of every router. Cheap to clone. What a room keeps in memory for itself travels beside it as an
/// axum `Extension`, so that the ground knows no room.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The database, under row-level security.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// What changed, to everybody who listens.
    pub events: Events,
    /// Where long sums are done.
    pub computing: Computing,
    /// Who is signed in.
    pub accounts: Accounts,
    /// What the operator decided.
    pub config: Arc<Config>,
}
