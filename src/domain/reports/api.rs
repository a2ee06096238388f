//! Reports over HTTP: one file per thing people do.

mod act;
mod attach;
mod file;
mod read;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::ground::Ground;

/// The room's routes.
pub fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(read::list_reports, file::file_report))
        .routes(routes!(read::get_report))
        .routes(routes!(act::act_on_report))
        .routes(routes!(attach::attach_photos))
        .routes(routes!(attach::get_attachment))
        .merge(super::live::router())
}
