//! HTTP plumbing shared by every room: extractors that refuse with problems, paging, versions; and the shell
//! around them all.

mod client_address;
mod config;
mod cross_origin;
mod edit;
mod extract;
mod fields;
mod health;
mod idempotency;
mod limits;
mod listing;
mod metrics;
mod observe;
mod openapi;
mod page;
mod problem_pages;
mod repeat;
mod security;
pub mod server;
mod several;
mod shell;
mod tile_id;
pub mod ui;
mod version;

pub use client_address::ClientAddress;
pub use edit::Edit;
pub use extract::{Json, Path, Query, parse_json};
pub use fields::Fields;
pub use idempotency::{IdempotencyKey, Once};
pub use limits::drain;
pub use listing::{Listing, Sought, Window};
pub use openapi::{complete, description, openapi_router};
pub use page::{Bbox, Cursor, Page, Paging};
pub use repeat::{ContentHash, id_of_key};
pub use several::Several;
pub use shell::{service_router, shell};
pub use tile_id::TileId;
pub use version::{Etag, IfMatch, has_version};
