//! What a role may do, in words the web map asks for: it hides what would be refused anyway.
//!
//! A hint, never a right: the policies in `migrations/` decide, and `tests/api/roles.rs` holds the two together.

use crate::platform::accounts::Role;

use Role::{Administrator, Command, GridChief, GridMember, Inspector, Mediator, Planner, Police};

/// Each capability and the roles that have it.
const CAPABILITIES: &[(&str, &[Role])] = &[
    ("account.manage", &[Administrator]),
    ("area.write", &[Administrator]),
    ("audit.read", &[Administrator]),
    ("care.read", &[GridMember, GridChief]),
    ("enterprise.read", &[GridMember, GridChief, Planner, Police, Inspector, Command, Administrator]),
    ("enterprise.write", &[GridMember, GridChief, Inspector, Administrator]),
    ("figures.read", &[GridMember, GridChief, Planner, Inspector, Police, Command, Administrator]),
    ("grid.import", &[Planner, Administrator]),
    ("hazard.read", &[GridMember, GridChief, Planner, Police, Inspector, Command, Administrator]),
    ("hazard.write", &[GridMember, GridChief, Inspector, Command]),
    ("household.read", &[GridMember, GridChief, Police, Command, Administrator]),
    ("household.write", &[GridMember, GridChief]),
    ("identity.read", &[GridMember, GridChief, Police]),
    ("patrol.read", &[GridMember, GridChief]),
    ("ranking.read", &[GridMember, GridChief, Inspector, Command]),
    ("plan.decide", &[GridChief, Command]),
    ("plan.draw", &[Planner, Administrator]),
    ("plan.read", &[GridChief, Planner, Command, Administrator]),
    ("report.create", &[GridMember, GridChief, Mediator, Police, Inspector, Command]),
    ("report.dispatch", &[Command]),
    ("report.read", &[GridMember, GridChief, Mediator, Police, Inspector, Command]),
    ("report.work", &[GridMember, GridChief, Mediator, Police, Inspector, Command]),
    ("resident.write", &[GridMember, GridChief, Police]),
    ("risk.read", &[GridMember, GridChief, Mediator, Police, Inspector, Command]),
    ("visit.create", &[GridMember, GridChief, Police, Inspector]),
];

/// What `role` may do, in alphabetical order.
pub(super) fn of(role: Role) -> Vec<&'static str> {
    CAPABILITIES.iter().filter(|(_, roles)| roles.contains(&role)).map(|(name, _)| *name).collect()
}
