//! Codes: a place in the hierarchy (province 2, city 4, county 6, street 9, village 12, grid 15 digits).
//!
//! Parsed at the edge, never checked again inside. The first 12 digits follow the statistical division code of
//! the National Bureau of Statistics (统计用区划代码); the grid's last three are numbered within its village from
//! the north-west, west to east, then north to south.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::locale::Message;
use super::problem::Problem;
use crate::message;

/// How deep in the hierarchy a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 省, 2 digits.
    Province,
    /// 市, 4 digits.
    City,
    /// 县, 6 digits.
    County,
    /// 街道 or 镇, 9 digits.
    Street,
    /// 村 or 社区, 12 digits.
    Village,
    /// 网格, 15 digits.
    Grid,
}

/// Why a code was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not all digits.
    #[error("a code has digits only")]
    NotDigits,
    /// No level has this many digits.
    #[error("a code has 2, 4, 6, 9, 12 or 15 digits, not {0}")]
    Length(usize),
    /// A code of another level was expected.
    #[error("expected a code of {expected} digits, not {found}")]
    Level {
        /// Digits of the level that was expected.
        expected: usize,
        /// Digits found.
        found: usize,
    },
}

impl CodeError {
    /// The reason in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::NotDigits => message!("编码只能由数字组成", "a code has digits only"),
            Self::Length(n) => message!(
                "编码应为 2、4、6、9、12 或 15 位数字，现为 {n} 位",
                "a code has 2, 4, 6, 9, 12 or 15 digits, not {n}"
            ),
            Self::Level { expected, found } => message!(
                "此处编码应为 {expected} 位数字，现为 {found} 位",
                "expected a code of {expected} digits, not {found}"
            ),
        }
    }

    /// The reason as a problem with `field`.
    #[must_use]
    pub fn problem(&self, field: &'static str) -> Problem {
        Problem::invalid(field, self.message())
    }
}

/// The code of a place at any level.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct PlaceCode(Box<str>);

impl PlaceCode {
    /// The code's digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How deep in the hierarchy it stands.
    #[must_use]
    pub fn level(&self) -> Level {
        match self.0.len() {
            2 => Level::Province,
            4 => Level::City,
            6 => Level::County,
            9 => Level::Street,
            12 => Level::Village,
            _ => Level::Grid,
        }
    }

    /// True when `other` is this place or lies within it.
    #[must_use]
    pub fn covers(&self, other: &str) -> bool {
        other.starts_with(&*self.0)
    }

    /// The street this place lies in, or the place itself above street level.
    #[must_use]
    pub fn street(&self) -> Self {
        Self(self.0[..self.0.len().min(9)].into())
    }

    /// The village this place lies in, when it is a village or a grid.
    #[must_use]
    pub fn village(&self) -> Option<VillageCode> {
        (self.0.len() >= 12).then(|| VillageCode(self.0[..12].into()))
    }

    /// This code as a grid's.
    #[must_use]
    pub fn grid(&self) -> Option<GridCode> {
        (self.level() == Level::Grid).then(|| GridCode(self.0.clone()))
    }
}

impl From<GridCode> for PlaceCode {
    fn from(grid: GridCode) -> Self {
        Self(grid.0)
    }
}

impl FromStr for PlaceCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CodeError::NotDigits);
        }
        match text.len() {
            2 | 4 | 6 | 9 | 12 | 15 => Ok(Self(text.into())),
            n => Err(CodeError::Length(n)),
        }
    }
}

macro_rules! code_of_one_level {
    ($(#[$doc:meta])* $name:ident, $digits:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(try_from = "String", into = "String")]
        #[sqlx(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// The code's digits.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The same code among codes of all levels.
            #[must_use]
            pub fn place(&self) -> PlaceCode {
                PlaceCode(self.0.clone())
            }
        }

        impl FromStr for $name {
            type Err = CodeError;

            fn from_str(text: &str) -> Result<Self, CodeError> {
                if text.len() == $digits {
                    text.parse::<PlaceCode>().map(|code| Self(code.0))
                } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
                    Err(CodeError::Level { expected: $digits, found: text.len() })
                } else {
                    Err(CodeError::NotDigits)
                }
            }
        }
        code_conversions!($name);
    };
}

macro_rules! code_conversions {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = CodeError;

            fn try_from(text: String) -> Result<Self, CodeError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

code_conversions!(PlaceCode);
code_of_one_level!(
    /// The code of a village or community, 12 digits.
    VillageCode,
    12
);
code_of_one_level!(
    /// The code of a grid, 15 digits: its village's and three more.
    GridCode,
    15
);

impl GridCode {
    /// The village the grid belongs to.
    #[must_use]
    pub fn village(&self) -> VillageCode {
        VillageCode(self.0[..12].into())
    }

    /// The grid's number within its village.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.0[12..].parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn levels_follow_the_number_of_digits() {
        for (text, level) in
            [("37", Level::Province), ("370828003", Level::Street), ("370828003218001", Level::Grid)]
        {
            assert_eq!(text.parse::<PlaceCode>().unwrap().level(), level);
        }
        assert_eq!("3708280032181".parse::<PlaceCode>(), Err(CodeError::Length(13)));
        assert_eq!("37082800321８".parse::<PlaceCode>(), Err(CodeError::NotDigits));
        assert_eq!("370828003218".parse::<GridCode>(), Err(CodeError::Level { expected: 15, found: 12 }));
    }

    proptest! {
        #[test]
        fn a_place_covers_its_descendants_only(a in "[0-9]{9}", b in "[0-9]{6}", other in "[0-9]{15}") {
            let street: PlaceCode = a.parse().unwrap();
            let inside = format!("{a}{b}");
            prop_assert!(street.covers(&inside));
            prop_assert_eq!(street.covers(&other), other.starts_with(&a));
            prop_assert_eq!(inside.parse::<PlaceCode>().unwrap().street(), street);
        }
    }
}
