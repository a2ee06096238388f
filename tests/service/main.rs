//! The real program, started, used, killed and stopped.

mod account;
mod cluster;
mod durability;
mod rezone;
mod route;
mod support;
