//! What every list of places takes: a box, a part of the hierarchy, a few letters, and which page.

use serde::Deserialize;
use utoipa::IntoParams;

use super::{Bbox, Cursor, Paging};
use crate::message;
use crate::platform::code::PlaceCode;
use crate::platform::problem::Problem;

/// Most characters looked for.
const MAX_Q: usize = 100;

/// The query parameters shared by the lists of places.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Listing {
    /// Only what lies in this box: west,south,east,north in degrees.
    pub bbox: Option<String>,
    /// Only what lies in this grid, village or street: its code.
    pub grid: Option<String>,
    /// Only what contains these letters.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Rows in the page, 1 to 500; 100 unless given.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// The parameters, ready to bind; `K` is the key of a row in the list's order.
#[derive(Debug, Clone)]
pub struct Window<K = String> {
    /// West, south, east, north in degrees.
    pub bbox: Option<[f64; 4]>,
    /// The prefix of the codes of places; empty for all.
    pub within: String,
    /// A pattern for `ILIKE`.
    pub pattern: Option<String>,
    /// Rows in the page.
    pub limit: i64,
    /// The key of the last row of the page before.
    pub after: Option<K>,
}

impl Listing {
    /// Reads the parameters.
    ///
    /// # Errors
    /// 422 naming the parameter at fault.
    pub fn window<K: Cursor>(self) -> Result<Window<K>, Problem> {
        let paging = Paging { limit: self.limit, cursor: self.cursor };
        Ok(Window {
            bbox: Bbox::parse_option(self.bbox.as_deref())?,
            within: match self.grid {
                Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("grid"))?.to_string(),
                None => String::new(),
            },
            pattern: self.q.as_deref().map(Sought::parse).transpose()?.flatten().map(|q| q.containing()),
            limit: paging.limit()?,
            after: paging.after()?,
        })
    }
}

impl<K> Window<K> {
    /// The box as a query binds it.
    #[must_use]
    pub fn bbox(&self) -> Option<&[f64]> {
        self.bbox.as_ref().map(<[f64; 4]>::as_slice)
    }

    /// Rows to read: one more than the page holds, to know whether another follows.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.limit + 1
    }
}

/// Letters to look for: short, and without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought(String);

impl Sought {
    /// The letters of `q`; none when it is blank.
    ///
    /// # Errors
    /// 422 naming `q` when it is too long or has control characters.
    pub fn parse(q: &str) -> Result<Option<Self>, Problem> {
        let q = q.trim();
        if q.chars().count() > MAX_Q || q.chars().any(char::is_control) {
            return Err(Problem::invalid(
                "q",
                message!(
                    "最多 {MAX_Q} 个字符，不能含控制字符",
                    "at most {MAX_Q} characters, without control characters"
                ),
            ));
        }
        Ok((!q.is_empty()).then(|| Self(q.to_owned())))
    }

    /// The letters.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The pattern of `LIKE` for whatever starts with the letters.
    #[must_use]
    pub fn starting(&self) -> String {
        let mut pattern = String::with_capacity(self.0.len() + 2);
        for c in self.0.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        pattern
    }

    /// The pattern of `LIKE` for whatever contains the letters.
    #[must_use]
    pub fn containing(&self) -> String {
        format!("%{}", self.starting())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_letters_like_others() {
        let sought = |q: &str| Sought::parse(q).unwrap();
        assert_eq!(sought(" 50%_\\ ").unwrap().containing(), "%50\\%\\_\\\\%");
        assert_eq!(sought("冷库").unwrap().starting(), "冷库%");
        assert_eq!(sought("  "), None);
        assert!(Sought::parse("a\0").is_err());
        assert!(Sought::parse(&"长".repeat(101)).is_err());
    }
}
