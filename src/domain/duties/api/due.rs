//! Which calls are due.

use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{READERS, place_of};
use crate::domain::duties::duty::Duty;
use crate::domain::duties::store;
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::visits::TargetKind;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::PlaceCode;
use crate::platform::ground::Ground;
use crate::platform::http::{Json, Page, Paging, Query};
use crate::platform::locale::Message;
use crate::platform::problem::{Problem, ProblemBody};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListDuties {
    /// The day; today unless given.
    on: Option<NaiveDate>,
    /// Only duties in this grid, village or street: its code.
    grid: Option<String>,
    /// Only duties of this kind of target.
    target_kind: Option<TargetKind>,
    /// Rows in the page, 1 to 500; 100 unless given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A call that is due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DueCall)]
pub(super) struct DueCall {
    /// What kind of thing to call at.
    target_kind: TargetKind,
    /// Which one.
    target_id: Uuid,
    /// The narrowest place it lies in.
    #[schema(value_type = String, example = "370828003218001")]
    place_code: PlaceCode,
    /// What it is called.
    label: String,
    /// Where to find it, or its code.
    sublabel: String,
    /// Longitude, WGS84.
    lon: f64,
    /// Latitude.
    lat: f64,
    /// What for, in both languages.
    purposes: Vec<Message>,
    /// Who makes such calls.
    roles: Vec<Role>,
    /// The day on which it came due; absent where there was no call before.
    due_since: Option<NaiveDate>,
    /// Days since then.
    overdue_days: i64,
    /// How pressing it is: 1 low to 4 grave.
    priority: u8,
    /// What it is worth against others.
    weight: u32,
    /// Minutes it takes.
    service_min: u32,
    /// When an enterprise opens, time in China.
    #[schema(value_type = Option<String>, example = "08:30")]
    opens: Option<TimeOfDay>,
    /// When it closes.
    #[schema(value_type = Option<String>, example = "18:00")]
    closes: Option<TimeOfDay>,
}

impl From<Duty> for DueCall {
    fn from(duty: Duty) -> Self {
        Self {
            target_kind: duty.target_kind,
            target_id: duty.target_id,
            place_code: duty.place,
            label: duty.label,
            sublabel: duty.sublabel,
            lon: duty.at.lon(),
            lat: duty.at.lat(),
            purposes: duty.purposes,
            roles: duty.roles,
            due_since: duty.due_since,
            overdue_days: duty.overdue_days,
            priority: duty.priority,
            weight: duty.prize,
            service_min: duty.service_min,
            opens: duty.hours.map(|(opens, _)| TimeOfDay(opens)),
            closes: duty.hours.map(|(_, closes)| TimeOfDay(closes)),
        }
    }
}

/// List the calls that are due.
///
/// The weightiest first: since when, how late, with what weight. Grid members and inspectors see those that are
/// theirs to make; calls at one door are one. What falls due on a rest day or a public holiday is due on the next
/// working day.
#[utoipa::path(get, path = "/api/v1/duties", tag = "duties", params(ListDuties), responses(
    (status = 200, body = Page<DueCall>),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list_duties(
    State(ground): State<Ground>,
    session: Session,
    Query(query): Query<ListDuties>,
) -> Result<Json<Page<DueCall>>, Problem> {
    session.require(READERS)?;
    let paging = Paging { limit: query.limit, cursor: query.cursor };
    let (limit, after) = (paging.limit()?, paging.after::<(u32, Uuid)>()?);
    let place = place_of(&session, query.grid.as_deref())?;
    let on = query.on.unwrap_or_else(|| ground.clock.today());
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let book = store::book(&mut transaction, place.as_str()).await?;
    let mut duties = store::targets(&mut transaction, place.as_str()).await?.due(on, &book);
    audit::record(&mut transaction, &session, audit::Entry::read("duties", place.as_str(), place.as_str()))
        .await?;
    transaction.commit().await?;
    duties.retain(|duty| {
        duty.is_for(session.role)
            && query.target_kind.is_none_or(|kind| duty.target_kind == kind)
            && after.is_none_or(|(weight, id)| {
                duty.prize < weight || (duty.prize == weight && duty.target_id > id)
            })
    });
    let rows = duties.into_iter().take(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    let rows: Vec<DueCall> = rows.map(DueCall::from).collect();
    Ok(Json(Page::cut(rows, limit, |call| (call.weight, call.target_id))))
}
