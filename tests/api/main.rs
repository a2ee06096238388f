//! The service over HTTP: the real router on a real PostGIS database, one database per test.

mod accounts;
mod areas;
mod audit;
mod boundaries;
mod cases;
mod demo;
mod enterprises;
mod events;
mod exchange;
mod figures;
mod grids;
mod hazards;
mod households;
mod http;
mod openapi;
mod patrols;
mod refile;
mod reports;
mod risk;
mod row_level_security;
mod search;
mod session;
mod support;
mod tiles;
mod tokens;
mod visits;
