//! A file as memory: read where it lies in the system's cache, without a copy.
//!
//! The only unsafe code of this crate. It earns its place: reading a province's index into memory of its own takes
//! several times as long as mapping it, and the time to reopen an index is a target (see `docs/BENCHMARKS.md`).
//!
//! Never here: what a file means.

use std::fs::File;
use std::io;
use std::path::Path;

use bytes::Bytes;
use memmap2::Mmap;

/// Maps a file that is replaced as a whole when it changes, and never written to in place.
///
/// # Errors
/// When it cannot be opened or mapped.
#[expect(unsafe_code, reason = "mapping a file is unsafe in itself; see below for why it holds")]
pub fn map(path: &Path) -> io::Result<Bytes> {
    let file = File::open(path)?;
    // SAFETY: the bytes must not change while they are mapped. Gridkeeper writes its index files under a temporary
    // name and renames them, so a file that has been opened keeps its bytes until it is closed, even when another takes
    // its name. Against a stranger who writes into the file nothing in this process can help; then too, every index
    // into the bytes is checked when it is used, so that a lookup may stop the process but reads nothing else.
    let map = unsafe { Mmap::map(&file)? };
    Ok(Bytes::from_owner(map))
}
