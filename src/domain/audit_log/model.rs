//! A line of the audit log.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::accounts::Role;

/// Somebody did something, or read somebody's personal data.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Which line.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, if it was an account.
    pub account_id: Option<Uuid>,
    /// The name they sign in with, as far as the caller may know.
    pub login: Option<String>,
    /// The name shown to others.
    pub display_name: Option<String>,
    /// In which role: an account's, or `system`.
    #[schema(value_type = String)]
    pub role: String,
    /// What they did: `create`, `change`, `read`, and others.
    pub action: String,
    /// To what kind of thing.
    pub subject: String,
    /// To which: its code or id.
    pub subject_id: Option<String>,
    /// Where it lies.
    pub place_code: Option<String>,
    /// The request that did it.
    pub request_id: Option<String>,
}

/// Who may read the log: as the policy on `audit_log` has it.
pub(super) const READERS: &[Role] = &[Role::Administrator];
