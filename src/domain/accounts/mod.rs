//! Accounts over HTTP: signing in and out, what a signed-in person may do and where, accounts kept by
//! administrators, API tokens.
//!
//! The mechanism (passwords, sessions, throttling) is `platform::accounts`.

mod api;
mod capability;
mod model;
mod store;

pub use api::{demo_router, router, signed_in};
pub use model::SessionView;
