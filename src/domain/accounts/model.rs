//! What a signed-in person is told about themselves, and API tokens.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::accounts::{Account, Department, Language, Password, Role};
use crate::platform::code::PlaceCode;
use crate::platform::locale::Message;

/// Credentials as typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    /// The account's login.
    #[schema(example = "member1")]
    pub login: String,
    /// Its password.
    #[schema(value_type = String, format = Password)]
    pub password: Password,
}

/// A signed-in person: who, where, and what they may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// The account.
    pub account: Account,
    /// The name of the place it is responsible for.
    #[schema(example = "崔口村第1网格")]
    pub scope_name: String,
    /// The middle of that place: longitude, latitude (WGS84 degrees).
    pub map_center: [f64; 2],
    /// Its bounding box: west, south, east, north (WGS84 degrees).
    pub map_bbox: [f64; 4],
    /// True on a demonstration with made-up data.
    pub demo: bool,
    /// What the role may do, such as `report.create`.
    #[schema(value_type = Vec<String>)]
    pub may: Vec<&'static str>,
}

/// Somebody a visitor of the demonstration can be.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DemoRole {
    /// The account's login.
    #[schema(example = "member1")]
    pub login: String,
    /// Its name.
    pub display_name: String,
    /// What it is.
    pub role: Role,
    /// The place it is responsible for.
    #[schema(value_type = String, example = "370828003218001")]
    pub scope_code: PlaceCode,
    /// That place's name.
    pub scope_name: String,
    /// What to write on the door.
    pub label: Message,
}

/// Whom a visitor of the demonstration wants to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoChoice {
    /// The account's login.
    #[schema(example = "member1")]
    pub login: String,
}

/// The place an account is responsible for.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub name: String,
    pub bbox: [f64; 4],
}

/// An account to be made.
///
/// Serialised only to be hashed, so that a repeated request is known again.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAccount)]
pub(super) struct AccountRequest {
    /// The name it signs in with.
    #[schema(example = "member4", min_length = 2, max_length = 63)]
    pub login: String,
    /// The name shown to others.
    #[schema(min_length = 1, max_length = 100)]
    pub display_name: String,
    /// What it is.
    pub role: Role,
    /// The place it is responsible for; within the administrator's own.
    #[schema(value_type = String, example = "370828003218003")]
    pub scope_code: PlaceCode,
    /// Of which department.
    pub department: Option<Department>,
    /// The language it works in; Chinese unless given.
    pub locale: Option<Language>,
    /// Its first password. Without one it can be used by API token only.
    #[schema(value_type = Option<String>, format = Password, min_length = 10, max_length = 256)]
    pub password: Option<Password>,
}

/// A change of one's own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// The password until now.
    #[schema(value_type = String, format = Password)]
    pub current_password: Password,
    /// The password from now on.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 256)]
    pub new_password: Password,
}

/// An API token, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ApiToken {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An API token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewApiToken {
    /// What it is for.
    #[schema(example = "QGIS", min_length = 1, max_length = 100)]
    pub name: String,
    /// When it ends; never unless given.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An API token just made: the only time its secret is shown.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ApiTokenMade {
    /// The token.
    #[serde(flatten)]
    pub token: ApiToken,
    /// Its secret: `Authorization: Bearer <secret>`, or the password of `Basic`.
    pub secret: String,
}
