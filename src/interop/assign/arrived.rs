//! Text that has arrived and not been understood yet.
//!
//! Never here: where it comes from, or what it says.

/// The text, and whether there will be more.
#[derive(Debug, Default)]
pub(super) struct Arrived {
    pub(super) text: Vec<u8>,
    pub(super) ended: bool,
}

impl Arrived {
    /// How many bytes more are needed for as many as wanted; none after the end.
    pub(super) fn missing(&self, wanted: usize) -> usize {
        if self.ended { 0 } else { wanted.saturating_sub(self.text.len()) }
    }

    /// Takes the first bytes out, and makes room for `room` behind the rest.
    pub(super) fn take(&mut self, end: usize, room: usize) -> Vec<u8> {
        let mut rest = Vec::with_capacity(room.max(self.text.len() - end));
        rest.extend_from_slice(&self.text[end..]);
        let mut text = std::mem::replace(&mut self.text, rest);
        text.truncate(end);
        text
    }
}
