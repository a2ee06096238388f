//! The real program, on files and without a database.

mod density;
mod hotspots;
mod support;
