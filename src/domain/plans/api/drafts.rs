//! Beginning plans, reading them, and saying what they are about.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::detail::{detail, hold, opened};
use crate::domain::grids::{Drawing, DrawnGrids, surroundings};
use crate::domain::plans::model::{DRAWERS, Detail, Handover, Head, PlanStatus, READERS, SizeRule};
use crate::domain::plans::sheet::face_of;
use crate::domain::plans::unit::Unit;
use crate::domain::plans::{start, store};
use crate::message;
use crate::platform::accounts::Session;
use crate::platform::audit;
use crate::platform::code::VillageCode;
use crate::platform::ground::Ground;
use crate::platform::http::{Edit, Etag, Fields, IdempotencyKey, IfMatch, Json, Path, Query};
use crate::platform::problem::{Problem, ProblemBody};
use crate::platform::repeat::Sent;

const LONGEST_NAME: usize = 200;
const LONGEST_NOTICE: usize = 4000;

/// Where a new plan begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, ToSchema)]
#[schema(as = PlanStart)]
#[serde(rename_all = "snake_case")]
pub(super) enum From {
    /// With the boundaries published last.
    #[default]
    Published,
    /// With the whole village as one grid: for a village that has none yet.
    Whole,
    /// With `grids`, from a file.
    Grids,
}

/// A plan to begin.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = NewPlan)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPlan {
    /// Made by the caller, so that sending twice begins one plan; `UUIDv7` is best. Made here when absent.
    id: Option<Uuid>,
    /// The village.
    #[schema(value_type = String, example = "370828003218")]
    village_code: VillageCode,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Where it begins.
    #[serde(default)]
    from: From,
    /// Every grid of the village, when it begins with a file.
    grids: Option<Drawing>,
}

/// What to say about a draft; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = PlanChange)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanChange {
    /// What it is called.
    name: Option<String>,
    /// The first date it is to be in force, in China; today or later.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    effective_from: Edit<NaiveDate>,
    /// What the villagers are told.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    notice: Edit<String>,
    /// What becomes of open cases in places that change hands.
    handover: Option<Handover>,
    /// What becomes of calls that are due there: `follow` unless said otherwise; `stay` leaves the next one of each with
    /// whoever has it.
    duty_handover: Option<Handover>,
    /// How large a grid should be.
    size: Option<SizeRule>,
}

/// Plans, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanList)]
pub(super) struct Plans {
    items: Vec<Head>,
}

/// What a plan is weighed by.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanUnits)]
pub(super) struct Units {
    items: Vec<Unit>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only plans of this village, or of the villages of this street.
    village: Option<String>,
    /// Only plans that have come so far.
    status: Option<PlanStatus>,
}

/// List boundary plans.
///
/// For those who draw and decide: drafts and published plans in their scope, the newest first, at most 500.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans", params(Which), responses(
    (status = 200, body = Plans),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list_plans(
    State(ground): State<Ground>,
    session: Session,
    Query(Which { village, status }): Query<Which>,
) -> Result<Json<Plans>, Problem> {
    session.require(&READERS)?;
    let within = match village {
        Some(code) => {
            let code: crate::platform::code::PlaceCode =
                code.parse().map_err(|error: crate::platform::code::CodeError| error.problem("village"))?;
            code.to_string()
        }
        None => session.place.to_string(),
    };
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let items = store::heads(&mut transaction, &within, status).await?;
    transaction.commit().await?;
    Ok(Json(Plans { items }))
}

/// Begin a boundary plan.
///
/// For planners and administrators. It is a draft: nobody's grid changes until it has been approved and published. One
/// that begins with a file whose grids do not fit is refused with the findings of the check as `coverage`; see
/// `POST /api/v1/grids/repair`. The same id with the same content begins nothing new and gives the plan as it stands.
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans",
    params(("Idempotency-Key" = Option<String>, Header, description = "Stands in for `id`")),
    request_body = NewPlan,
    responses(
        (status = 201, body = Detail, headers(("ETag" = String))),
        (status = 200, description = "Begun before", body = Detail, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn begin_plan(
    State(ground): State<Ground>,
    session: Session,
    key: IdempotencyKey,
    Json(new): Json<NewPlan>,
) -> Result<(StatusCode, Etag, Json<Detail>), Problem> {
    session.require(&DRAWERS)?;
    let mut fields = Fields::default();
    let name = fields.text("name", &new.name, 1..=LONGEST_NAME);
    fields.finish()?;
    let id = key.id(session.account, new.id);
    let sent = Sent::new(&session, "boundary_plan", id, &new)?;
    let village = new.village_code.clone();
    if !session.place.covers(village.as_str()) {
        return Err(Problem::forbidden());
    }
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let (base, published) = store::published_grids(&mut transaction, &village).await?;
    let plan = store::NewPlan {
        id,
        village: &village,
        name: &name,
        base,
        account: session.account,
        now: ground.clock.now(),
    };
    let today = ground.clock.today();
    let begun = store::insert(&mut transaction, &plan).await?;
    let status = sent.status(&mut transaction, begun).await?;
    if begun {
        let around = surroundings(&mut transaction, &village, today).await?;
        let drawn = match new.from {
            From::Published if published.is_empty() => {
                return Err(Problem::invalid(
                    "from",
                    message!(
                        "该村尚无网格：请从整村（whole）或文件（grids）开始",
                        "the village has no grids yet: begin with the whole of it, or with a file"
                    ),
                ));
            }
            From::Published => DrawnGrids::new(published)?,
            From::Whole => {
                let whole = around.outline.clone().and_then(|outline| start::whole(&village, outline));
                DrawnGrids::new(Some(whole.ok_or_else(|| {
                    let why = message!("该村没有村界", "the village has no outline");
                    Problem::invalid("from", why)
                })?))?
            }
            From::Grids => {
                let missing = || Problem::invalid("grids", message!("缺少网格", "the grids are missing"));
                let drawn = new.grids.ok_or_else(missing)?.parse("grids")?;
                if drawn.village != village {
                    let why = message!("网格属于另一个村", "the grids are another village's");
                    return Err(Problem::invalid("grids", why));
                }
                drawn
            }
        };
        let next = store::highest_number(&mut transaction, &village).await? + 1;
        let sheet = start::sheet(drawn, around, next).await?;
        store::insert_draft(&mut transaction, id, &village, &sheet).await?;
        let subject = id.to_string();
        let entry = audit::Entry::created("boundary_plan", &subject, village.as_str());
        audit::record(&mut transaction, &session, entry).await?;
    }
    let detail = detail(&mut transaction, id, today).await?;
    transaction.commit().await?;
    Ok((status, Etag(detail.head.version), Json(detail)))
}

/// Get a boundary plan.
///
/// For those who draw and decide: its drawing, figures per grid, and findings.
#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "plans", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Detail, headers(("ETag" = String))),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn read_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<(Etag, Json<Detail>), Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let detail = detail(&mut transaction, id, ground.clock.today()).await?;
    transaction.commit().await?;
    Ok((Etag(detail.head.version), Json(detail)))
}

/// Say what a draft is called, from when it is to count, what the villagers are told, and how large grids should be.
#[utoipa::path(patch, path = "/api/v1/plans/{id}", tag = "plans",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = PlanChange,
    responses(
        (status = 200, body = Detail, headers(("ETag" = String))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn change_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(change): Json<PlanChange>,
) -> Result<(Etag, Json<Detail>), Problem> {
    session.require(&DRAWERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let mut head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        head.name = fields.text("name", &name, 1..=LONGEST_NAME);
    }
    head.effective_from = change.effective_from.apply(head.effective_from);
    let today = ground.clock.today();
    if change.effective_from.as_set().is_some_and(|date| *date < today) {
        let why = message!("生效日期不能早于今天（{today}）", "not before today, {today}");
        fields.refuse("effective_from", why);
    }
    head.notice = fields.edit_text("notice", change.notice, head.notice, LONGEST_NOTICE);
    head.handover = change.handover.or(head.handover);
    head.duty_handover = change.duty_handover.unwrap_or(head.duty_handover);
    head.size = change.size.unwrap_or(head.size);
    check_size(&head.size, &mut fields);
    fields.finish()?;
    hold(&mut transaction, &ground, &session, &head, version).await?;
    store::change(&mut transaction, &head).await?;
    let subject = id.to_string();
    let entry = audit::Entry::changed("boundary_plan", &subject, head.village_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    let detail = detail(&mut transaction, id, today).await?;
    transaction.commit().await?;
    Ok((Etag(detail.head.version), Json(detail)))
}

fn check_size(size: &SizeRule, fields: &mut Fields) {
    fields.within("size.least_households", size.least_households, &(0..=100_000));
    fields.within("size.most_households", size.most_households, &(0..=100_000));
    fields.within("size.enterprise_weight", size.enterprise_weight, &(0.0..=1000.0));
    if size.least_households > size.most_households {
        let why = message!("上限不能低于下限", "not fewer than the fewest");
        fields.refuse("size.most_households", why);
    }
}

/// What a plan is weighed by.
///
/// For those who draw and decide: places with how many live there, enterprises by hazard class, open hazards and the
/// calls they make. No names, addresses or identifiers; the reading is written to the audit log.
#[utoipa::path(get, path = "/api/v1/plans/{id}/units", tag = "plans", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Units),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn units_of_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<Json<Units>, Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let mut items = store::units(&mut transaction, &head.village_code).await?;
    items.retain(|unit| unit.load.calls > 0.0);
    let subject = id.to_string();
    let entry = audit::Entry::read("planning_units", &subject, head.village_code.as_str());
    audit::record(&mut transaction, &session, entry).await?;
    transaction.commit().await?;
    Ok(Json(Units { items }))
}

/// Get a plan's grids as GeoJSON.
///
/// For those who draw and decide: a feature collection (RFC 7946) that QGIS and ogr2ogr read, every coordinate as it is
/// stored.
#[utoipa::path(get, path = "/api/v1/plans/{id}/grids", tag = "plans", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Object, content_type = "application/geo+json"),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn grids_of_plan(
    State(ground): State<Ground>,
    session: Session,
    Path(id): Path<Uuid>,
) -> Result<([(HeaderName, &'static str); 1], Json<geojson::FeatureCollection>), Problem> {
    session.require(&READERS)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let head = store::head(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    let stored = store::draft(&mut transaction, id).await?.ok_or_else(Problem::not_found)?;
    transaction.commit().await?;
    let draft = opened(&head.village_code, &stored.state)?;
    let features = draft.shapes().into_iter().map(|(code, shape)| {
        let mut feature = geojson::Feature::from(geojson::Geometry::from(&shape));
        feature.set_property("code", code.as_str());
        if let Some(grid) = draft.grids.get(&face_of(&code)) {
            feature.set_property("name", grid.name.as_str());
            feature.set_property("kind", grid.kind.key());
        }
        feature
    });
    Ok(([(CONTENT_TYPE, "application/geo+json")], Json(features.collect())))
}
