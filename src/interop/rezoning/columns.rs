//! Which properties of a unit mean what.

use std::str::FromStr;

/// A property that counts towards the load.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadColumn {
    /// The property.
    pub name: String,
    /// How much one of it counts.
    pub weight: f64,
}

impl FromStr for LoadColumn {
    type Err = &'static str;

    /// `households`, or `enterprises:3` to count each three times. A name may hold colons itself.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let weighted = text.rsplit_once(':').and_then(|(name, weight)| Some((name, weight.parse().ok()?)));
        let (name, weight) = weighted.unwrap_or((text, 1.0));
        if name.trim().is_empty() {
            return Err("a column has no name");
        }
        if !(f64::is_finite(weight) && weight >= 0.0) {
            return Err("a weight is not a number from 0 up");
        }
        Ok(Self { name: name.trim().to_owned(), weight })
    }
}

/// The properties to read.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The load is the weighted sum of these.
    pub load: Vec<LoadColumn>,
    /// The zone of today.
    pub current: Option<String>,
    /// The number of people; by default the first of [`PEOPLE`] that the units have, else the load.
    pub people: Option<String>,
    /// What a unit is called; by default the feature's id, its `id` or its `code`, else its number.
    pub id: Option<String>,
    /// What is locked: see [`super::locks`].
    pub locks: Vec<String>,
}

/// The properties that people are looked for in.
pub(super) const PEOPLE: [&str; 4] = ["people", "population", "residents", "persons"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_a_number_after_the_last_colon() {
        let column = |text: &str| text.parse::<LoadColumn>().map(|c| (c.name, c.weight));
        assert_eq!(column("households"), Ok(("households".into(), 1.0)));
        assert_eq!(column("enterprises:2.5"), Ok(("enterprises".into(), 2.5)));
        assert_eq!(column("building:levels"), Ok(("building:levels".into(), 1.0)));
        assert_eq!(column("building:levels:2"), Ok(("building:levels".into(), 2.0)));
        assert!(column(":2").is_err());
        assert!(column("a:-1").is_err());
    }
}
