//! The real program, on files and without a database.

mod clusters;
mod density;
mod hotspots;
mod support;
