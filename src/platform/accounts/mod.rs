//! Accounts: who may sign in, how, and what they are once they have.

mod model;
mod session;
mod store;

pub use model::{Department, Role};
pub use session::{Accounts, SESSION_COOKIE, Session};
