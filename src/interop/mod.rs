//! Doors: foreign formats over the domain. Never here: rules of their own.

pub mod tiles;
