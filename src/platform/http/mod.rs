//! HTTP plumbing shared by every room: extractors that refuse with problems, paging, versions.

mod client_address;
mod config;
mod cross_origin;
mod edit;
mod extract;
mod fields;
mod listing;
mod page;
mod repeat;
pub mod server;
pub mod ui;
mod version;

pub use client_address::ClientAddress;
pub use config::config_router;
pub use cross_origin::cross_origin_layer;
pub use edit::Edit;
pub use extract::{Json, Path, Query, parse_json};
pub use fields::Fields;
pub use listing::{Listing, Window, containing};
pub use page::{Bbox, Cursor, Page, Paging};
pub use repeat::ContentHash;
pub use version::{Etag, IfMatch};
