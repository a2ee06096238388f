//! The form of an answer over HTTP: text that is sent piece by piece.
//!
//! Never here: which piece comes when.

use super::assigned::{Answers, OutputFormat, Shape};
use super::features::Features;
use super::question::Wanted;
use super::refusal::Fault;

/// How answers become text; made once, used from all threads.
pub(super) enum Form {
    Csv(Shape),
    Features(Features),
}

impl Form {
    /// `id` is the heading of the names, if the points are not known by their rows. An empty label is a grid that nobody may
    /// know of.
    pub(super) fn new(wanted: Wanted, labels: &[String], id: Option<&str>) -> Self {
        match wanted {
            Wanted::Csv => Self::Csv(Shape::new(labels, id, None, OutputFormat::Csv)),
            Wanted::Features(framing) => Self::Features(Features::new(framing, labels)),
        }
    }

    pub(super) fn media_type(&self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8",
            Self::Features(features) => features.media_type(),
        }
    }

    /// What comes before the first point.
    pub(super) fn beginning(&self) -> Vec<u8> {
        match self {
            Self::Csv(shape) => shape.heading(),
            Self::Features(features) => features.beginning().to_vec(),
        }
    }

    /// The points of a block.
    pub(super) fn text(&self, answers: &Answers<'_>) -> Result<Vec<u8>, Vec<Fault>> {
        match self {
            Self::Csv(shape) => Ok(shape.text(answers)),
            Self::Features(features) => features.text(answers),
        }
    }

    /// What comes after the last one.
    pub(super) fn ending(&self) -> &'static [u8] {
        match self {
            Self::Csv(_) => b"",
            Self::Features(features) => features.ending(),
        }
    }
}
