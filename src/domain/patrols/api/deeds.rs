//! What happens to a patrol: published, begun, stops checked in at or skipped, ended.
//!
//! Phones repeat what they are not sure was heard, and send it late: every deed can be sent twice, and none is
//! refused because a clock is wrong.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::prepare::PLANNERS;
use crate::domain::patrols::kept::{KeptPatrol, PhoneTime, StopState, is_at_door};
use crate::domain::patrols::store::kept::{self, Deed};
use crate::domain::places::GivenPlace;
use crate::kernel::geometry::Wgs84;
use crate::kernel::geometry::measure::distance_m;
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::events::Change;
use crate::platform::ground::Ground;
use crate::platform::http::{Etag, Fields, Json, Path};
use crate::platform::problem::{Problem, ProblemBody};

pub(super) type Answer = Result<(Etag, Json<KeptPatrol>), Problem>;

/// When a patrol begins or ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PatrolMoment)]
pub(super) struct Moment {
    /// When, by the phone's clock.
    at: DateTime<Utc>,
    /// What the phone's clock says as it sends this: how we know that it is wrong.
    sent_at: Option<DateTime<Utc>>,
    /// What the phone's clock said then, where the phone has put `at` right by itself.
    phone_at: Option<DateTime<Utc>>,
}

/// A check-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckIn {
    /// Made by the phone, so that sending twice checks in once; `UUIDv7` recommended.
    id: Uuid,
    /// At which stop.
    stop_id: Uuid,
    /// When, by the phone's clock.
    at: DateTime<Utc>,
    /// What the phone's clock says as it sends this.
    sent_at: Option<DateTime<Utc>>,
    /// What the phone's clock said then, where the phone has put `at` right by itself.
    phone_at: Option<DateTime<Utc>>,
    /// Where the phone is; absent where it does not know.
    place: Option<GivenPlace>,
    /// How well it knows, in metres.
    #[schema(minimum = 0, maximum = 100_000)]
    accuracy_m: Option<f64>,
    /// Why from here: needed when the phone is further from the door than its accuracy explains, or knows no place.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// A stop that is left out on the way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Skip {
    /// Made by the phone, so that sending twice skips once.
    id: Uuid,
    /// Which stop.
    stop_id: Uuid,
    /// Why: `blocked`, `no_time` or `later`, which readers see in their own language, or other words.
    #[schema(max_length = 500, example = "家中无人，邻居说明天回来")]
    reason: String,
    /// When, by the phone's clock.
    at: DateTime<Utc>,
    /// What the phone's clock says as it sends this.
    sent_at: Option<DateTime<Utc>>,
    /// What the phone's clock said then, where the phone has put `at` right by itself.
    phone_at: Option<DateTime<Utc>>,
}

const MOST_REASON: usize = 500;

/// Publish a patrol: its walker can rely on it.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/publish", tag = "patrols", params(("id" = Uuid, Path)), responses(
    (status = 200, body = KeptPatrol, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn publish_patrol(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Answer {
    session.require(PLANNERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    kept::get(&mut transaction, id, true).await?.ok_or_else(Problem::not_found)?;
    kept::publish(&mut transaction, id, ground.clock.now()).await?;
    done(&ground, &session, transaction, id).await
}

/// Begin a patrol. For its walker; beginning it again changes nothing.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/start", tag = "patrols", params(("id" = Uuid, Path)),
    request_body = Moment, responses(
    (status = 200, body = KeptPatrol, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn start_patrol(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    Json(moment): Json<Moment>,
) -> Answer {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    own(kept::get(&mut transaction, id, true).await?, &session)?;
    kept::start(&mut transaction, id, moment.phone_time().received(ground.clock.now())).await?;
    done(&ground, &session, transaction, id).await
}

/// Check in at a stop.
///
/// For the walker, while on patrol, or afterwards for what was done without a signal. The phone's place is compared
/// with the door within its accuracy; a check-in from further away needs a reason, and is marked.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/check-in", tag = "patrols", params(("id" = Uuid, Path)),
    request_body = CheckIn, responses(
    (status = 200, body = KeptPatrol, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn check_in(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    Json(new): Json<CheckIn>,
) -> Answer {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let patrol = own(kept::get(&mut transaction, id, true).await?, &session)?;
    if !still_planned(&patrol, new.stop_id, new.id, StopState::CheckedIn)? {
        return done(&ground, &session, transaction, id).await;
    }
    let mut fields = Fields::default();
    if let Some(accuracy_m) = new.accuracy_m {
        fields.within("accuracy_m", accuracy_m, &(0.0..=100_000.0));
    }
    let at = new.place.and_then(|place| place.to_wgs84("place", &mut fields));
    let reason = fields.text_option("reason", new.reason.as_deref(), MOST_REASON);
    fields.finish()?;
    let door = door(&patrol, new.stop_id)?;
    let from_door_m = at.map(|at| distance_m(at, door));
    let distant = !from_door_m.is_some_and(|metres| is_at_door(metres, new.accuracy_m));
    if distant && reason.is_none() {
        let problem = match from_door_m {
            Some(metres) => {
                let metres = metres.round();
                Problem::invalid(
                    "reason",
                    message!("距门口 {metres} 米，请说明原因", "{metres} m from the door: say why"),
                )
            }
            None => Problem::invalid("reason", message!("没有定位，请说明原因", "without a place, say why")),
        };
        return Err(problem);
    }
    let deed = Deed {
        id: new.id,
        stop: new.stop_id,
        state: StopState::CheckedIn,
        happened: PhoneTime { at: new.at, sent_at: new.sent_at, phone_at: new.phone_at }
            .received(ground.clock.now()),
        at,
        accuracy_m: new.accuracy_m,
        distance_m: from_door_m,
        distant,
        reason: reason.as_deref(),
    };
    kept::write_deed(&mut transaction, id, &deed).await?;
    done(&ground, &session, transaction, id).await
}

/// Skip a stop, with a reason. For the walker.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/skip", tag = "patrols", params(("id" = Uuid, Path)),
    request_body = Skip, responses(
    (status = 200, body = KeptPatrol, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn skip_stop(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    Json(new): Json<Skip>,
) -> Answer {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let patrol = own(kept::get(&mut transaction, id, true).await?, &session)?;
    if !still_planned(&patrol, new.stop_id, new.id, StopState::Skipped)? {
        return done(&ground, &session, transaction, id).await;
    }
    let mut fields = Fields::default();
    let reason = fields.text("reason", &new.reason, 1..=MOST_REASON);
    fields.finish()?;
    let deed = Deed {
        id: new.id,
        stop: new.stop_id,
        state: StopState::Skipped,
        happened: PhoneTime { at: new.at, sent_at: new.sent_at, phone_at: new.phone_at }
            .received(ground.clock.now()),
        at: None,
        accuracy_m: None,
        distance_m: None,
        distant: false,
        reason: Some(&reason),
    };
    kept::write_deed(&mut transaction, id, &deed).await?;
    done(&ground, &session, transaction, id).await
}

/// End a patrol. For its walker; ending it again changes nothing.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/finish", tag = "patrols", params(("id" = Uuid, Path)),
    request_body = Moment, responses(
    (status = 200, body = KeptPatrol, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn finish_patrol(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    Json(moment): Json<Moment>,
) -> Answer {
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let patrol = own(kept::get(&mut transaction, id, true).await?, &session)?;
    if patrol.started_at.is_none() {
        return Err(not_begun());
    }
    kept::finish(&mut transaction, id, moment.phone_time().received(ground.clock.now())).await?;
    done(&ground, &session, transaction, id).await
}

impl Moment {
    fn phone_time(&self) -> PhoneTime {
        PhoneTime { at: self.at, sent_at: self.sent_at, phone_at: self.phone_at }
    }
}

/// A patrol that is the caller's to walk.
pub(super) fn own(patrol: Option<KeptPatrol>, session: &Session) -> Result<KeptPatrol, Problem> {
    session.require(PLANNERS)?;
    let patrol = patrol.ok_or_else(Problem::not_found)?;
    if patrol.worker.id == session.account { Ok(patrol) } else { Err(Problem::forbidden()) }
}

fn not_begun() -> Problem {
    Problem::conflict(message!("巡查尚未开始", "the patrol has not begun"))
}

/// Whether a stop still waits for a deed; false when this very deed was heard before.
fn still_planned(patrol: &KeptPatrol, stop: Uuid, deed: Uuid, state: StopState) -> Result<bool, Problem> {
    let stop = patrol.stops.iter().find(|other| other.id == stop).ok_or_else(|| {
        Problem::invalid("stop_id", message!("巡查中没有这一站", "there is no such stop in the patrol"))
    })?;
    if patrol.started_at.is_none() {
        return Err(not_begun());
    }
    match stop.state {
        StopState::Planned => Ok(true),
        before if before == state && stop.deed_id == Some(deed) => Ok(false),
        before => {
            let (zh, en) = (before.zh(), before.key().replace('_', " "));
            Err(Problem::conflict(message!("此站{zh}", "the stop is {en} already")))
        }
    }
}

fn door(patrol: &KeptPatrol, stop: Uuid) -> Result<Wgs84, Problem> {
    let at = patrol.stops.iter().find(|other| other.id == stop).map(|stop| &stop.plan["at"]);
    let degrees = at.and_then(|at| Some((at[0].as_f64()?, at[1].as_f64()?)));
    let (lon, lat) = degrees.ok_or_else(Problem::not_found)?;
    Wgs84::new(lon, lat).map_err(|error| Problem::internal(&error))
}

/// Writes the deed down and answers with the patrol as it is now.
pub(super) async fn done(
    ground: &Ground,
    session: &Session,
    mut transaction: sqlx::Transaction<'_, sqlx::Postgres>,
    id: Uuid,
) -> Answer {
    let patrol = kept::get(&mut transaction, id, false).await?.ok_or_else(Problem::not_found)?;
    let subject = id.to_string();
    let entry = audit::Entry::changed("patrol", &subject, patrol.place_code.as_str());
    audit::record(&mut transaction, session, entry).await?;
    transaction.commit().await?;
    ground.events.publish(Change::Layer { layer: "patrols".into() });
    Ok((Etag(patrol.version), Json(patrol)))
}
