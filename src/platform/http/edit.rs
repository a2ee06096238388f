//! A field of a change to something stored.

use serde::{Deserialize, Deserializer};

/// Kept when the field is absent, cleared when it is `null`, else set (RFC 7396).
///
/// Needs `#[serde(default)]` on the field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Edit<T> {
    /// As it was.
    #[default]
    Keep,
    /// None from now on.
    Clear,
    /// This from now on.
    Set(T),
}

impl<T> Edit<T> {
    /// What there is once it has been edited.
    pub fn apply(self, stored: Option<T>) -> Option<T> {
        match self {
            Self::Keep => stored,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The value that is set, if one is.
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Edit<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Change {
        #[serde(default)]
        name: Edit<String>,
    }

    #[test]
    fn absent_null_and_given_are_told_apart() {
        let edit = |json: &str| serde_json::from_str::<Change>(json).unwrap().name;
        assert_eq!(edit("{}").apply(Some("a".into())), Some("a".to_owned()));
        assert_eq!(edit(r#"{"name":null}"#).apply(Some("a".into())), None);
        assert_eq!(edit(r#"{"name":"b"}"#).apply(Some("a".into())), Some("b".to_owned()));
    }
}
