//! HTTP plumbing shared by every room: extractors that refuse with problems, paging, versions.

mod extract;
mod page;
mod version;

pub use extract::{Json, Path, Query, parse_json};
pub use page::{Bbox, Cursor, Page, Paging};
pub use version::{Etag, IfMatch};
