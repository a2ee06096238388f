//! A telephone number, mobile or landline.

use std::fmt;
use std::str::FromStr;

use crate::message;
use crate::platform::locale::Message;

/// Fewest and most digits of a number: a short service number, and the longest of ITU-T E.164.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=15;
/// Most characters with the separators people write between the digits.
const MAX_CHARACTERS: usize = 20;

/// A number as people write it: digits, with spaces, hyphens and a leading plus.
///
/// It prints as asterisks: a number that ends up in a log by mistake says nothing there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// Why a number was refused. Never says which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a telephone number has 5 to 15 digits, with spaces, hyphens and a leading +")]
pub struct PhoneError;

impl PhoneError {
    /// The reason in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        message!(
            "电话号码应为 5 到 15 位数字，可含空格、连字符和开头的 +",
            "a telephone number has 5 to 15 digits, with spaces, hyphens and a leading +"
        )
    }
}

impl Phone {
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
        text.parse::<Self>().map(|phone| phone.0).map_err(|error| error.message())
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim();
        let rest = number.strip_prefix('+').unwrap_or(number);
        let digits = rest.bytes().filter(u8::is_ascii_digit).count();
        let sound = number.len() <= MAX_CHARACTERS
            && DIGITS.contains(&digits)
            && rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-'));
        if sound { Ok(Self(number.to_owned())) } else { Err(PhoneError) }
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(******)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them_are_read() {
        for text in ["19900000001", "0537-8721234", "+86 199 0000 0001", "12345"] {
            assert_eq!(format!(" {text} ").parse::<Phone>().map(|phone| phone.0), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_number_is_refused_and_never_shown() {
        for text in ["", "110", "电话19900000001", "1990000000100000", "199+0000", "1 2 3 4 5 6 7 8 9 0 1"]
        {
            assert_eq!(text.parse::<Phone>(), Err(PhoneError), "{text}");
        }
        assert!(!format!("{:?}", "19900000001".parse::<Phone>()).contains("199"));
    }
}
