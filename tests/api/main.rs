//! The service over HTTP: the real router on a real PostGIS database, one database per test.

mod areas;
mod enterprises;
mod figures;
mod hazards;
mod risk;
mod row_level_security;
mod support;
mod visits;
