//! The citizen identification number (公民身份号码), GB 11643-1999.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::message;
use crate::platform::locale::Message;

/// Powers of two modulo 11: the weights of the first 17 digits (GB 11643-1999, annex A).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The last character for each remainder of the weighted sum (ISO 7064, MOD 11-2).
const CHECKS: &[u8; 11] = b"10X98765432";

/// A number of 18 characters: division, date of birth, serial number, check character.
///
/// It prints as asterisks: a number that ends up in a log by mistake says nothing there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdNumber(String);

/// Why a number was refused. Never says which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Not 17 digits and a digit or X.
    #[error("an identity number has 17 digits and a last digit or X")]
    Form,
    /// Characters 7 to 14 are no date.
    #[error("the date of birth in the identity number is no date")]
    Birth,
    /// The last character does not follow from the others.
    #[error("the check character does not fit: a digit is wrong or two are swapped")]
    Check,
}

impl IdNumberError {
    /// The reason in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Form => message!(
                "身份证号应为 17 位数字加一位数字或 X",
                "an identity number has 17 digits and a last digit or X"
            ),
            Self::Birth => {
                message!("身份证号中的出生日期无效", "the date of birth in the identity number is no date")
            }
            Self::Check => message!(
                "身份证号校验位不符，请核对",
                "the check character does not fit: a digit is wrong or two are swapped"
            ),
        }
    }
}

impl IdNumber {
    /// The number's characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as it is stored, or why there is none.
    ///
    /// # Errors
    /// The reason in both languages.
    pub fn stored(text: &str) -> Result<String, Message> {
        text.parse::<Self>().map(|number| number.0).map_err(|error| error.message())
    }
}

impl FromStr for IdNumber {
    type Err = IdNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim().to_ascii_uppercase();
        let Some((body, check)) = number.as_bytes().split_at_checked(WEIGHTS.len()) else {
            return Err(IdNumberError::Form);
        };
        if !body.iter().all(u8::is_ascii_digit) || !matches!(check, [b'0'..=b'9' | b'X']) {
            return Err(IdNumberError::Form);
        }
        NaiveDate::parse_from_str(&number[6..14], "%Y%m%d").map_err(|_| IdNumberError::Birth)?;
        let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        if check == [CHECKS[(sum % 11) as usize]] { Ok(Self(number)) } else { Err(IdNumberError::Check) }
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNumber(******)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of GB 11643-1999.
    const EXAMPLES: [&str; 2] = ["11010519491231002X", "440524188001010014"];

    #[test]
    fn the_examples_of_the_standard_are_read() {
        for number in EXAMPLES {
            assert_eq!(number.parse::<IdNumber>().map(|number| number.0), Ok(number.to_owned()));
        }
        assert!("11010519491231002x".parse::<IdNumber>().is_ok());
    }

    #[test]
    fn any_one_wrong_digit_is_caught() {
        for number in EXAMPLES {
            for at in 0..17 {
                for other in b'0'..=b'9' {
                    let mut wrong = number.as_bytes().to_vec();
                    if wrong[at] == other {
                        continue;
                    }
                    wrong[at] = other;
                    assert!(String::from_utf8(wrong).unwrap().parse::<IdNumber>().is_err());
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_apart_and_never_shown() {
        assert_eq!("1101051949123100".parse::<IdNumber>(), Err(IdNumberError::Form));
        assert_eq!("1101051949123100XX".parse::<IdNumber>(), Err(IdNumberError::Form));
        assert_eq!("１10105194912310021".parse::<IdNumber>(), Err(IdNumberError::Form));
        assert_eq!("110105194913310021".parse::<IdNumber>(), Err(IdNumberError::Birth));
        assert_eq!("110105194912310021".parse::<IdNumber>(), Err(IdNumberError::Check));
        assert!(!format!("{:?}", EXAMPLES[0].parse::<IdNumber>()).contains("1949"));
    }
}
