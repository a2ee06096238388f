//! Several values in one query parameter.

use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Values separated by commas, as in `?status=open,escalated`; none when the parameter is absent or empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<T>(Vec<T>);

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Several<T> {
    /// The values as SQL compares with them, `= ANY (…)`; `None` when any will do.
    #[must_use]
    pub fn any_of<K>(&self, key: impl Fn(&T) -> K) -> Option<Vec<K>> {
        (!self.0.is_empty()).then(|| self.0.iter().map(key).collect())
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| word.parse().map_err(|_| D::Error::custom("not one of the known values")))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    fn read(text: &str) -> Result<Option<Vec<i16>>, Error> {
        let deserializer: StrDeserializer<'_, Error> = text.into_deserializer();
        Several::<i16>::deserialize(deserializer).map(|several| several.any_of(|value| *value))
    }

    #[test]
    fn values_are_separated_by_commas() {
        assert_eq!(read("3, 4").unwrap(), Some(vec![3, 4]));
        assert_eq!(read("2").unwrap(), Some(vec![2]));
    }

    #[test]
    fn no_value_means_any() {
        assert_eq!(read("").unwrap(), None);
        assert_eq!(read(",").unwrap(), None);
    }

    #[test]
    fn one_bad_value_spoils_the_list() {
        assert!(read("3,high").is_err());
    }
}
