//! Coverages: faces that share their borders, without gaps and without overlaps.
//!
//! - [`raw`] holds faces as a file gives them; [`defect`] finds what is wrong with one face on its own;
//! - [`snap`] makes vertices that mean the same place the same; [`check`](mod@check) finds gaps and overlaps between
//!   faces;
//! - [`partition`] holds sound faces by shared vertices; [`edit`] changes them without opening a seam, as a
//!   [`patch`] that can be taken back;
//! - [`topology`] is how a partition is kept and sent: each shared border once;
//! - [`repair`] cuts faces that do not fit into pieces, so that somebody can say whose each is.
//!
//! Never here: repairs that nobody asked for. Checking changes nothing; what acceptance would move is reported.

pub mod check;
mod cut;
pub mod defect;
pub mod edit;
pub mod overlap;
pub mod partition;
pub mod patch;
pub mod raw;
pub mod repair;
mod reshape;
mod segments;
pub mod snap;
mod sweep;
pub mod topology;
mod trace;

pub use check::{CheckOptions, CoverageReport, FaceDefects, Flaw, UnmatchedEdge, check};
pub use defect::{Defect, DefectKind, defects};
pub use edit::Edit;
pub use overlap::overlaps;
pub use partition::{Arc, Built, Coverage, Rim, VertexId};
pub use patch::{EditError, Patch};
pub use raw::{RawFace, RawRing};
pub use repair::{Doubt, Piece, Repair};
pub use topology::Topology;
pub(in crate::kernel) use trace::polygons_left_of;
