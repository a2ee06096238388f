//! The unified social credit code (统一社会信用代码) of a legal person, GB 32100-2015.

use std::fmt;
use std::str::FromStr;

use crate::message;
use crate::platform::locale::Message;

/// The 31 characters of a code in the order of their values (GB 32100-2015, table 3): no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Powers of three modulo 31: the weights of the first 17 characters (GB 32100-2015, annex A).
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A code of 18 characters whose last one checks the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SocialCreditCode(String);

/// Why a code was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SocialCreditCodeError {
    /// Not 18 characters of the alphabet.
    #[error("a unified social credit code has 18 digits and capital letters, without I, O, S, V and Z")]
    Form,
    /// The last character does not follow from the others.
    #[error("the check character does not fit: a character is wrong or two are swapped")]
    Check,
}

impl SocialCreditCodeError {
    /// The reason in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Form => message!(
                "统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）",
                "a unified social credit code has 18 digits and capital letters, without I, O, S, V and Z"
            ),
            Self::Check => message!(
                "统一社会信用代码的校验位不符，请核对",
                "the check character does not fit: a character is wrong or two are swapped"
            ),
        }
    }
}

impl SocialCreditCode {
    /// The code's characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SocialCreditCode {
    type Err = SocialCreditCodeError;

    /// Reads a code, in capitals or not. The check character makes the weighted sum of all values a multiple
    /// of 31 (GB 32100-2015, annex A).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.trim().to_ascii_uppercase();
        let values: Vec<usize> = code
            .bytes()
            .map(|byte| ALPHABET.iter().position(|&known| known == byte))
            .collect::<Option<_>>()
            .ok_or(SocialCreditCodeError::Form)?;
        let Some((check, body)) = values.split_last().filter(|(_, body)| body.len() == WEIGHTS.len()) else {
            return Err(SocialCreditCodeError::Form);
        };
        let sum: usize = body.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        if (sum + check).is_multiple_of(31) { Ok(Self(code)) } else { Err(SocialCreditCodeError::Check) }
    }
}

impl fmt::Display for SocialCreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of well-known companies, as they publish them.
    const PUBLISHED: [&str; 3] = ["9144030071526726XG", "91110000802100433B", "914403001922038216"];

    #[test]
    fn published_codes_are_read() {
        for code in PUBLISHED {
            assert_eq!(code.parse::<SocialCreditCode>().map(|code| code.0), Ok(code.to_owned()));
            assert!(code.to_lowercase().parse::<SocialCreditCode>().is_ok());
        }
    }

    #[test]
    fn any_one_wrong_character_is_caught() {
        for code in PUBLISHED {
            for at in 0..18 {
                for &other in ALPHABET {
                    let mut wrong = code.as_bytes().to_vec();
                    if wrong[at] == other {
                        continue;
                    }
                    wrong[at] = other;
                    let wrong = String::from_utf8(wrong).unwrap();
                    assert_eq!(
                        wrong.parse::<SocialCreditCode>(),
                        Err(SocialCreditCodeError::Check),
                        "{wrong}"
                    );
                }
            }
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in
            ["", "9144030071526726X", "9144030071526726XGG", "9144030071526726XO", "９144030071526726XG"]
        {
            assert_eq!(text.parse::<SocialCreditCode>(), Err(SocialCreditCodeError::Form), "{text}");
        }
    }
}
