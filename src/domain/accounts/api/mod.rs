//! Accounts over HTTP.

mod account;
mod session;
mod token;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::ground::Ground;

pub use session::signed_in;

/// The room's routes.
#[must_use]
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().merge(session::router()).merge(account::router()).merge(token::router())
}
