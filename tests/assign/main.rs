//! `gridkeeper assign`: the real binary on files, good and bad.

mod answers;
mod bad_input;
mod saved_index;
mod support;
