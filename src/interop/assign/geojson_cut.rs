//! Cutting GeoJSON into the texts of its features, looking at braces and quotes alone, while it arrives.
//!
//! Never here: what a feature says.

use std::ops::Range;

use memchr::{memchr_iter, memchr2, memchr3};

use super::refusal::{Fault, Spot};
use crate::message;

/// Cuts a text into the texts of its features.
///
/// # Errors
/// Where it stops being GeoJSON, by the feature, or as a whole.
pub(super) fn cut(text: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let mut cutter = Cutter::default();
    let mut features = Vec::new();
    while let Some(feature) = cutter.next(text, true)? {
        features.push(&text[feature]);
    }
    if cutter.has_begun() { Ok(features) } else { Err(empty()) }
}

/// The fault of a text with nothing in it.
pub(super) fn empty() -> Fault {
    Fault { spot: Spot::File, reason: message!("文件为空", "the file is empty") }
}

/// Where in a text the cutting is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Place {
    /// Between objects.
    #[default]
    Outside,
    /// Before a member of an object.
    Member,
    /// Behind one.
    MemberEnd,
    /// Before a feature of a collection: the first, or one behind a comma.
    Feature { first: bool },
    /// Behind one.
    FeatureEnd,
}

/// Cuts a text into features while it arrives.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    place: Place,
    /// Everything before is done with.
    at: usize,
    /// Where the outermost object begins.
    start: usize,
    is_collection: bool,
    /// Features found, and lines forgotten.
    features: usize,
    lines: usize,
}

impl Cutter {
    /// Where the next feature of the text is; none at its end, or, if it has not `ended`, when more must arrive first.
    ///
    /// # Errors
    /// Where it stops being GeoJSON.
    pub(super) fn next(&mut self, text: &[u8], ended: bool) -> Result<Option<Range<usize>>, Fault> {
        loop {
            let mut scanner = Scanner { text, at: self.at };
            if self.place == Place::Outside {
                scanner.skip_separators();
                self.at = scanner.at;
                if scanner.peek().is_none() {
                    return Ok(None);
                }
            }
            match self.step(&mut scanner) {
                Ok(found) => {
                    self.at = scanner.at;
                    if found.is_some() {
                        self.features += 1;
                        return Ok(found);
                    }
                }
                Err(Broken::Cut) if !ended => return Ok(None),
                Err(broken) => return Err(self.fault(&broken, text, scanner.at)),
            }
        }
    }

    /// Whether there has been anything but blanks.
    pub(super) fn has_begun(&self) -> bool {
        self.features > 0 || self.is_collection || self.place != Place::Outside
    }

    /// How much of the beginning of the text will not be looked at again.
    pub(super) fn done(&self) -> usize {
        match self.place {
            Place::Member | Place::MemberEnd if !self.is_collection => self.start,
            _ => self.at,
        }
    }

    /// To be told when what is [done](Self::done) with is dropped from the text.
    pub(super) fn forget(&mut self, dropped: &[u8]) {
        self.at -= dropped.len();
        self.start = self.start.saturating_sub(dropped.len());
        self.lines += memchr_iter(b'\n', dropped).count();
    }

    /// Passes over the next thing, and gives it if it was a feature.
    fn step(&mut self, scanner: &mut Scanner<'_>) -> Result<Option<Range<usize>>, Broken> {
        scanner.skip_blanks();
        let begin = scanner.at;
        match self.place {
            Place::Outside => {
                scanner.expect(b'{')?;
                (self.place, self.start, self.is_collection) = (Place::Member, begin, false);
            }
            Place::Member => {
                let key = scanner.string()?;
                scanner.skip_blanks();
                scanner.expect(b':')?;
                scanner.skip_blanks();
                if key == b"\"features\"" && scanner.peek() == Some(b'[') {
                    scanner.at += 1;
                    (self.place, self.is_collection) = (Place::Feature { first: true }, true);
                } else {
                    scanner.value()?;
                    self.place = Place::MemberEnd;
                }
            }
            Place::MemberEnd => {
                if scanner.comma_or(b'}')? {
                    self.place = Place::Member;
                } else {
                    self.place = Place::Outside;
                    return Ok((!self.is_collection).then_some(self.start..scanner.at));
                }
            }
            Place::Feature { first } => match scanner.peek() {
                Some(b']') if first => {
                    scanner.at += 1;
                    self.place = Place::MemberEnd;
                }
                Some(byte) if byte != b'{' => return Err(Broken::Unexpected),
                _ => {
                    scanner.balanced(b'{', b'}')?;
                    self.place = Place::FeatureEnd;
                    return Ok(Some(begin..scanner.at));
                }
            },
            Place::FeatureEnd => {
                self.place =
                    if scanner.comma_or(b']')? { Place::Feature { first: false } } else { Place::MemberEnd };
            }
        }
        Ok(None)
    }

    fn fault(&self, broken: &Broken, text: &[u8], at: usize) -> Fault {
        let line = self.lines + memchr_iter(b'\n', &text[..at.min(text.len())]).count() + 1;
        let done = self.features;
        let reason = match broken {
            Broken::Cut => message!(
                "文件不完整：在第 {done} 个要素之后中断",
                "the file is cut short: it ends after feature {done}"
            ),
            Broken::Unexpected => message!(
                "第 {line} 行起不是有效的 GeoJSON（此前有 {done} 个要素）",
                "not valid GeoJSON from line {line} on (after {done} features)"
            ),
        };
        Fault { spot: Spot::File, reason }
    }
}

/// How a text stops being JSON.
enum Broken {
    /// It ends too early.
    Cut,
    /// Something else stands where JSON would go on.
    Unexpected,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Blanks, and the record separators of a sequence.
    fn skip_separators(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace() || b == 0x1e) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        match self.peek() {
            Some(found) if found == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(Broken::Unexpected),
            None => Err(Broken::Cut),
        }
    }

    /// Passes over a comma, or the byte that ends the list; tells whether it was the comma.
    fn comma_or(&mut self, end: u8) -> Result<bool, Broken> {
        match self.peek() {
            Some(byte) if byte == b',' || byte == end => {
                self.at += 1;
                Ok(byte == b',')
            }
            Some(_) => Err(Broken::Unexpected),
            None => Err(Broken::Cut),
        }
    }

    /// Passes over a value.
    fn value(&mut self) -> Result<(), Broken> {
        match self.peek() {
            Some(b'{') => self.balanced(b'{', b'}'),
            Some(b'[') => self.balanced(b'[', b']'),
            Some(b'"') => self.string().map(drop),
            Some(_) => {
                let rest = &self.text[self.at..];
                let length = rest.iter().position(|b| matches!(b, b',' | b'}' | b']')).ok_or(Broken::Cut)?;
                self.at += length;
                if length == 0 { Err(Broken::Unexpected) } else { Ok(()) }
            }
            None => Err(Broken::Cut),
        }
    }

    /// Passes over a string; gives it with its quotes.
    fn string(&mut self) -> Result<&'a [u8], Broken> {
        let start = self.at;
        self.expect(b'"')?;
        loop {
            let found = memchr2(b'"', b'\\', &self.text[self.at..]).ok_or(Broken::Cut)?;
            self.at += found;
            if self.text[self.at] == b'"' {
                self.at += 1;
                return Ok(&self.text[start..self.at]);
            }
            self.at += 2;
            if self.at > self.text.len() {
                return Err(Broken::Cut);
            }
        }
    }

    /// Passes over what an opening bracket begins, to the closing one that belongs to it.
    fn balanced(&mut self, open: u8, close: u8) -> Result<(), Broken> {
        let mut depth = 0_usize;
        loop {
            let found = memchr3(b'"', open, close, &self.text[self.at..]).ok_or(Broken::Cut)?;
            self.at += found;
            let byte = self.text[self.at];
            if byte == b'"' {
                self.string()?;
                continue;
            }
            self.at += 1;
            if byte == open {
                depth += 1;
            } else {
                depth -= 1;
                if depth == 0 {
                    return Ok(());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The features of a text that arrives in pieces of a length, and is forgotten as soon as can be.
    fn in_pieces(text: &str, length: usize) -> Result<Vec<String>, Fault> {
        let mut cutter = Cutter::default();
        let (mut arrived, mut features) = (Vec::new(), Vec::new());
        let mut pieces = text.as_bytes().chunks(length);
        loop {
            let piece = pieces.next();
            arrived.extend_from_slice(piece.unwrap_or_default());
            while let Some(feature) = cutter.next(&arrived, piece.is_none())? {
                features.push(String::from_utf8(arrived[feature].to_vec()).unwrap());
            }
            let done = cutter.done();
            cutter.forget(&arrived[..done]);
            arrived.drain(..done);
            if piece.is_none() {
                return Ok(features);
            }
        }
    }

    const FEATURE: &str = r#"{"type":"Feature","id":7,"properties":{"code":"a}\"]","n":{"x":[1]}}}"#;

    #[test]
    fn pieces_do_not_matter() {
        let texts = [
            format!(r#"{{"type":"x","crs":{{"a":["]"]}},"features":[{FEATURE} , {FEATURE}],"x":1}}"#),
            format!("{FEATURE}\n{FEATURE}\n"),
            format!("\u{1e}{FEATURE}\n\u{1e}{FEATURE}"),
            format!(r#"{{"features":[]}}{{"features":[{FEATURE},{FEATURE}]}}"#),
        ];
        for text in texts {
            for length in 1..text.len() {
                assert_eq!(in_pieces(&text, length).unwrap(), [FEATURE, FEATURE], "{text} by {length}");
            }
        }
    }

    #[test]
    fn the_line_of_a_fault_is_that_of_the_whole_text() {
        let text = format!("{FEATURE}\n\n{FEATURE}\noops");
        for length in 1..text.len() {
            let fault = in_pieces(&text, length).unwrap_err();
            assert_eq!(fault.reason.en, "not valid GeoJSON from line 4 on (after 2 features)", "{length}");
        }
        let cut = in_pieces(&text[..text.len() - 9], 10).unwrap_err();
        assert_eq!(cut.reason.en, "the file is cut short: it ends after feature 1");
    }
}
