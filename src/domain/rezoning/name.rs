//! What a unit or a zone is called: a number or a text, as its file has it.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A name that is written back in the type it came in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Name {
    /// A whole number.
    Number(i64),
    /// Any other.
    Text(String),
}

impl Name {
    /// The name that a value is, if it is one: a whole number or a text that is not blank.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_i64().map(Self::Number).or_else(|| {
                let float = number.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9e15)?;
                Some(Self::Number(float as i64))
            }),
            Value::String(text) if !text.trim().is_empty() => Some(Self::Text(text.trim().to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}
