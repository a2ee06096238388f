//! The language of the person on the other end: Chinese unless they ask for English.
//!
//! A middleware sets the language of a request for everything that runs within it; the command line sets it for
//! the whole process.

use std::borrow::Cow;
use std::future::Future;
use std::sync::atomic::{AtomicU8, Ordering};

tokio::task_local! {
    static REQUEST_LOCALE: Locale;
}

static PROCESS_LOCALE: AtomicU8 = AtomicU8::new(0);

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// Chinese, simplified.
    #[default]
    Zh,
    /// English.
    En,
}

impl Locale {
    /// The language of the request being served, else of the process.
    #[must_use]
    pub fn current() -> Self {
        REQUEST_LOCALE.try_with(|locale| *locale).unwrap_or_else(|_| {
            match PROCESS_LOCALE.load(Ordering::Relaxed) {
                1 => Self::En,
                _ => Self::Zh,
            }
        })
    }

    /// Sets the language used outside requests.
    pub fn set_for_process(self) {
        PROCESS_LOCALE.store(u8::from(self == Self::En), Ordering::Relaxed);
    }

    /// The better of our two languages for an `Accept-Language` header (RFC 9110, section 12.5.4).
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (0.0_f32, Self::Zh);
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality = pieces
                .find_map(|piece| piece.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
                .unwrap_or(1.0);
            let locale = match tag.split('-').next() {
                Some("zh" | "*") => Self::Zh,
                Some("en") => Self::En,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, locale);
            }
        }
        best.1
    }

    /// The language's tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Runs `work` in this language.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        REQUEST_LOCALE.scope(self, work).await
    }
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Message {
    /// Chinese, simplified.
    pub zh: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Message {
    /// A sentence from its two forms, Chinese first.
    pub fn new(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The form in `locale`.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> &str {
        match locale {
            Locale::Zh => &self.zh,
            Locale::En => &self.en,
        }
    }
}

impl std::fmt::Display for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.in_locale(Locale::current()))
    }
}

/// A [`Message`] with both forms formatted: `message!("共 {n} 行", "{n} rows")`.
#[macro_export]
macro_rules! message {
    ($zh:literal, $en:literal $(, $($arg:tt)*)?) => {
        $crate::platform::locale::Message::new(
            ::std::format!($zh $(, $($arg)*)?), ::std::format!($en $(, $($arg)*)?))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_language_of_ours_wins() {
        assert_eq!(Locale::from_accept_language("en-GB,en;q=0.9,zh;q=0.8"), Locale::En);
        assert_eq!(Locale::from_accept_language("zh-CN,zh;q=0.9,en;q=0.8"), Locale::Zh);
        assert_eq!(Locale::from_accept_language("fr,de;q=0.5"), Locale::Zh);
        assert_eq!(Locale::from_accept_language("fr, en;q=0.1"), Locale::En);
        assert_eq!(Locale::from_accept_language(";;q=,"), Locale::Zh);
    }
}
