//! The wet ground: database, HTTP plumbing, accounts and sessions, events, clock.
//!
//! Never here: knowledge of any room of the domain.

pub mod accounts;
pub mod audit;
pub mod clock;
pub mod code;
pub mod computing;
pub mod config;
pub mod database;
pub mod events;
pub mod generation;
pub mod ground;
pub mod housekeeping;
pub mod http;
pub mod locale;
pub mod mapped_file;
pub mod problem;
pub mod problem_types;
pub mod raster;
pub mod repeat;
pub mod request_id;
pub mod spool;
pub mod telemetry;
pub mod term;
