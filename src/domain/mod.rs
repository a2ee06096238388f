//! One room per thing people talk about. Each has `model` (types and rules), `store` (all of its SQL) and `api`
//! (its HTTP). A room may use another room's `model`, never its SQL.

pub mod accounts;
pub mod areas;
pub mod audit_log;
pub mod basemap;
pub mod duties;
pub mod enterprises;
pub mod exchange;
pub mod figures;
pub mod grids;
pub mod hazards;
pub mod households;
pub mod id_number;
pub mod patrols;
pub mod phone;
pub mod photos;
pub mod places;
pub mod plans;
pub mod ranking;
pub mod reports;
pub mod rezoning;
pub mod risk;
pub mod roads;
pub mod search;
pub mod social_credit_code;
pub mod time_of_day;
pub mod visibility;
pub mod visits;
