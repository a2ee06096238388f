//! Coverages: faces that share their borders, without gaps and without overlaps.
//!
//! - [`raw`] holds faces as a file gives them; [`defect`] finds what is wrong with one face on its own;
//! - [`snap`] makes vertices that mean the same place the same; [`check`](mod@check) finds gaps and overlaps between
//!   faces.
//!
//! Never here: repairs that nobody asked for. Checking changes nothing; what acceptance would move is reported.

pub mod check;
pub mod defect;
pub mod raw;
mod segments;
pub mod snap;

pub use check::{CheckOptions, CoverageReport, FaceDefects, Flaw, UnmatchedEdge, check};
pub use defect::{Defect, DefectKind};
pub use raw::RawFace;
