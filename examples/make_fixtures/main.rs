//! Writes the synthetic village into a folder: `cargo run --example make_fixtures [-- FOLDER]`, by default
//! `fixtures/cuikou`. `tests/fixtures.rs` checks that what is committed is what this writes.

mod cuikou;

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cuikou");
    let folder = env::args_os().nth(1).map_or_else(|| PathBuf::from(committed), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for (name, content) in cuikou::files() {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}
