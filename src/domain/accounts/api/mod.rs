//! Accounts over HTTP.

mod account;
mod demo;
mod session;
mod token;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::ground::Ground;

pub use demo::router as demo_router;
pub use session::signed_in;

/// The room's routes.
#[must_use]
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().merge(session::router()).merge(account::router()).merge(token::router())
}
