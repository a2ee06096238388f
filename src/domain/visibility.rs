//! Whether an answer shows what identifies a person.

use serde::Serialize;
use utoipa::ToSchema;

/// What the caller's role may see of what identifies a person. Row-level security withholds it; this says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// All of it.
    Full,
    /// With asterisks, or not at all.
    Masked,
}

impl Visibility {
    /// Full when `may`.
    #[must_use]
    pub const fn full_if(may: bool) -> Self {
        if may { Self::Full } else { Self::Masked }
    }
}
