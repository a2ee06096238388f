//! Plans over HTTP.

mod actions;
mod compare;
mod detail;
mod drafts;
mod edits;
mod proposals;
mod rebase;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::ground::Ground;

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(drafts::list_plans, drafts::begin_plan))
        .routes(routes!(drafts::read_plan, drafts::change_plan))
        .routes(routes!(drafts::units_of_plan))
        .routes(routes!(drafts::grids_of_plan))
        .routes(routes!(edits::edit_plan, edits::steps_of_plan))
        .routes(routes!(edits::undo_edit))
        .routes(routes!(edits::redo_edit))
        .routes(routes!(actions::act_on_plan))
        .routes(routes!(compare::compare_plan))
        .routes(routes!(proposals::ask_for_proposals, proposals::list_searches))
        .routes(routes!(proposals::read_search, proposals::stop_search))
        .routes(routes!(rebase::rebase_plan))
}
