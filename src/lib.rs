//! Gridkeeper: a spatial service for village grid governance (网格化治理).
//!
//! The tree is the architecture. A file imports its own floor or a lower one:
//!
//! - [`cli`] and [`app`]: the roof. The command line; assembly of router, state and background work.
//! - [`interop`]: doors for foreign formats over the domain.
//! - [`domain`]: one room per thing people talk about, each with `model`, `store` (all of its SQL) and `api`.
//! - [`platform`]: database, HTTP plumbing, accounts, events, clock. Knows no room.
//! - [`kernel`]: the algorithms the project exists for. Plain data in, plain data out; no I/O, no clock.

pub mod app;
pub mod cli;
pub mod domain;
pub mod interop;
pub mod kernel;
pub mod platform;
