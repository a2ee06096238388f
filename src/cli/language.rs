//! The language that the command line speaks.

use std::env;

use crate::platform::locale::Locale;

/// The form of a sentence in the process's language.
pub(super) fn text(zh: &'static str, en: &'static str) -> &'static str {
    match Locale::current() {
        Locale::Zh => zh,
        Locale::En => en,
    }
}

/// The language asked for: by `--lang`, else by `GRIDKEEPER_LANG`, else by the locale's variables (POSIX.1-2017,
/// section 8.2). Looked up before the arguments are parsed, because help speaks it too.
pub(super) fn from_surroundings() -> Locale {
    let arguments: Vec<String> = env::args_os().map(|argument| argument.to_string_lossy().into()).collect();
    let variables = ["GRIDKEEPER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    let named = flag(&arguments)
        .or_else(|| variables.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty())));
    of_tag(&named.unwrap_or_default())
}

fn flag(arguments: &[String]) -> Option<String> {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--lang" {
            return arguments.next().cloned();
        }
        if let Some(value) = argument.strip_prefix("--lang=") {
            return Some(value.to_owned());
        }
    }
    None
}

/// Chinese, unless English is asked for: `C` and `POSIX` ask for nothing.
fn of_tag(tag: &str) -> Locale {
    if tag.to_ascii_lowercase().starts_with("en") { Locale::En } else { Locale::Zh }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_found_in_both_its_forms() {
        let arguments = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(flag(&arguments("gridkeeper serve --lang en")), Some("en".into()));
        assert_eq!(flag(&arguments("gridkeeper --lang=zh serve")), Some("zh".into()));
        assert_eq!(flag(&arguments("gridkeeper serve --lang")), None);
    }

    #[test]
    fn chinese_is_spoken_unless_english_is_asked_for() {
        assert_eq!(of_tag("en_GB.UTF-8"), Locale::En);
        assert_eq!(of_tag("zh_CN.UTF-8"), Locale::Zh);
        assert_eq!(of_tag("C.UTF-8"), Locale::Zh);
    }
}
