//! What a database error means to the caller.

use axum::http::StatusCode;

use crate::message;
use crate::platform::problem::Problem;

/// Row-level security or a missing grant refused the statement.
const INSUFFICIENT_PRIVILEGE: &str = "42501";
/// A value no column can hold, such as text with a NUL or a date before history.
const NO_SUCH_VALUE: [&str; 3] = ["22021", "22003", "22008"];
/// Two transactions could not both have gone first.
const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK: &str = "40P01";
/// The server is starting, stopping, or out of connections.
const NOT_NOW: [&str; 4] = ["57P01", "57P02", "57P03", "53300"];

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        let Some(refusal) = error.as_database_error() else {
            return match error {
                sqlx::Error::RowNotFound => Self::not_found(),
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                    Self::unavailable(&error)
                }
                _ => Self::internal(&error),
            };
        };
        let code = refusal.code().unwrap_or_default();
        let constraint = refusal.constraint().unwrap_or_default();
        match &*code {
            INSUFFICIENT_PRIVILEGE => Self::forbidden(),
            SERIALIZATION_FAILURE | DEADLOCK => Self::unavailable(&error),
            code if NOT_NOW.contains(&code) => Self::unavailable(&error),
            code if NO_SUCH_VALUE.contains(&code) => Self::invalid_fields(),
            _ if refusal.is_unique_violation() => {
                Self::conflict(message!("已存在相同的记录", "A record with the same key exists"))
                    .with("constraint", constraint.into())
            }
            _ if refusal.is_foreign_key_violation() => {
                Self::conflict(message!("所引用的记录不存在", "A record it refers to does not exist"))
                    .with("constraint", constraint.into())
            }
            // Constraints carry names that read as sentences; a room that wants better words checks first.
            _ if refusal.is_check_violation() => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid-fields",
                message!("部分内容不符合要求", "Some fields are not acceptable"),
            )
            .with("constraint", constraint.into()),
            _ => Self::internal(&error),
        }
    }
}
