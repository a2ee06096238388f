//! Doors: foreign formats over the domain.
//!
//! Never here: rules of their own. A door asks the database in the caller's scope and writes what it gets in the
//! format the caller reads.

pub mod assign;
pub mod network;
pub mod osm;
pub mod rezoning;
pub mod tables;
pub mod tiles;
