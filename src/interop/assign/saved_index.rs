//! An index kept in a file between assignments, with the names of its grids and what it was made from.
//!
//! It is a cache: when the grids change, or this program's layout does, it is made anew. A file that is no index, or a
//! damaged one, is refused and left alone: it may be something else that somebody needs.

use std::io::Write;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use super::refusal::Refusal;
use crate::kernel::geometry::{GridIndex, OpenError};
use crate::message;
use crate::platform::locale::Message;
use crate::platform::mapped_file;

/// The grids' file is hashed in blocks, on all threads.
const BLOCK: usize = 1 << 22;

/// An index, and what else an assignment needs to know of its grids.
#[derive(Debug)]
pub struct IndexedGrids {
    /// The index; a face's number is the place of its name in `labels`.
    pub index: GridIndex,
    /// What the grids are called.
    pub labels: Vec<String>,
    /// How many positions their rings have.
    pub vertices: usize,
}

/// What an index was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The length of the grids' file and a hash of its bytes.
    length: u64,
    hash: u64,
    /// The property that names the grids, if one was named.
    property: Option<String>,
}

/// What is kept beside the index.
#[derive(Serialize, Deserialize)]
struct Notes {
    origin: Origin,
    /// Whether it is known that no grids overlap.
    is_partition: bool,
    labels: Vec<String>,
    vertices: usize,
}

/// What a file had to offer.
#[derive(Debug)]
pub enum Kept {
    /// The index wanted.
    Index(Box<IndexedGrids>),
    /// None that can be used, and why, if there was a file at all.
    Nothing(Option<Message>),
}

impl Origin {
    /// The origin of an index of a file with these bytes.
    #[must_use]
    pub fn new(bytes: &[u8], property: Option<&str>) -> Self {
        let hashes: Vec<u8> =
            bytes.par_chunks(BLOCK).flat_map_iter(|block| XxHash3_64::oneshot(block).to_le_bytes()).collect();
        Self {
            length: bytes.len() as u64,
            hash: XxHash3_64::oneshot(&hashes),
            property: property.map(str::to_owned),
        }
    }
}

/// Opens the index in a file, if it is of these grids. Overlapping grids will do only if `overlaps_allowed`.
///
/// # Errors
/// When there is a file and it is no index, a damaged one, or cannot be read.
pub fn open(path: &Path, origin: &Origin, overlaps_allowed: bool) -> Result<Kept, Refusal> {
    let name = path.display().to_string();
    let bytes = match mapped_file::map(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Kept::Nothing(None)),
        Err(error) => return Err(Refusal::unreadable(&name, error)),
    };
    let index = match GridIndex::open(bytes) {
        Ok(index) => index,
        Err(OpenError::Version(_)) => {
            return Ok(Kept::Nothing(Some(message!(
                "{name}：由另一版本写成，重新建立",
                "{name}: written by another version; built anew"
            ))));
        }
        Err(error) => {
            let why = match error {
                OpenError::NotAnIndex => message!("不是网格索引文件，未改动", "not a grid index; left alone"),
                _ => message!(
                    "索引文件已损坏，未改动；删除后可重新建立",
                    "the index is damaged; left alone. Delete it to have it built anew"
                ),
            };
            return Err(Refusal::because(&name, why, error));
        }
    };
    let notes: Notes = serde_json::from_slice(index.notes()).map_err(|error| {
        let why = message!(
            "索引不是由 gridkeeper assign 写成，未改动",
            "not an index of gridkeeper assign; left alone"
        );
        Refusal::because(&name, why, error)
    })?;
    if notes.origin != *origin || !(notes.is_partition || overlaps_allowed) {
        return Ok(Kept::Nothing(Some(message!(
            "{name}：属于另外的网格，重新建立",
            "{name}: made of other grids; built anew"
        ))));
    }
    let Notes { labels, vertices, .. } = notes;
    if labels.len() != index.len() {
        return Err(Refusal::whole(&name, message!("索引内容不一致", "the index does not fit its notes")));
    }
    Ok(Kept::Index(Box::new(IndexedGrids { index, labels, vertices })))
}

/// Writes an index into a file, which appears when it is complete.
///
/// # Errors
/// When it cannot be written.
pub fn save(path: &Path, grids: &IndexedGrids, origin: &Origin, is_partition: bool) -> Result<(), Refusal> {
    let name = path.display().to_string();
    let unwritable =
        |error: std::io::Error| Refusal::because(&name, message!("无法写入", "cannot be written"), error);
    let notes = Notes {
        origin: origin.clone(),
        is_partition,
        labels: grids.labels.clone(),
        vertices: grids.vertices,
    };
    let notes = serde_json::to_vec(&notes).map_err(|error| unwritable(error.into()))?;
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".gridkeeper-").tempfile_in(folder).map_err(unwritable)?;
    file.write_all(&grids.index.save(&notes)).map_err(unwritable)?;
    file.as_file().sync_all().map_err(unwritable)?;
    file.persist(path).map_err(|error| unwritable(error.error))?;
    Ok(())
}
