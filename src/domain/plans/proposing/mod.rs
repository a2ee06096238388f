//! Proposals: what would even out the load while few people change hands.
//!
//! - [`ask`]: what a planner asks for; [`land`]: the draft, and what stands on it, as a question to `rezoning`;
//! - [`outcome`]: what came back as drawings that pass the draft's own checks, with figures;
//! - [`search`]: doing it beside the requests, with progress, until somebody stops it.
//!
//! Never here: the search itself, which is `kernel::zoning`'s; or SQL.

pub(super) mod ask;
pub(super) mod land;
pub(super) mod outcome;
pub(super) mod search;

pub use search::Searches;

use crate::kernel::zoning::Aim;
use crate::terms;

terms! {
    /// What a proposal puts first.
    ProposalAim {
        /// The fewest people who change hands.
        FewMoved = "few_moved", "变动最少";
        /// The smallest deviation from the mean load.
        Even = "even", "负荷最均衡";
        /// The shortest borders.
        Compact = "compact", "边界最短";
    }
}

impl From<Aim> for ProposalAim {
    fn from(aim: Aim) -> Self {
        match aim {
            Aim::FewMoved => Self::FewMoved,
            Aim::Even => Self::Even,
            Aim::Compact => Self::Compact,
        }
    }
}
