//! Trying a round: nothing of it is kept.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::prepare::{PLANNERS, Prepared, numbered, prepare};
use crate::domain::patrols::courses::Told;
use crate::domain::patrols::model::{Course, LeftOut, Start, WalkFault, Worker};
use crate::domain::patrols::planning::NewPlan;
use crate::domain::patrols::round::{Laid, told_of};
use crate::domain::roads::{Maps, Mode};
use crate::domain::time_of_day::TimeOfDay;
use crate::kernel::routing::Assessment;
use crate::platform::accounts::Session;
use crate::platform::computing::Wanted;
use crate::platform::ground::Ground;
use crate::platform::http::Json;
use crate::platform::problem::{Problem, ProblemBody};

/// A round to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoundTrial {
    /// The round. With `orders`, these are followed as they are; without, the best ones are looked for.
    round: NewPlan,
    /// The orders to compare with: for each who walks, the targets.
    #[serde(default)]
    #[schema(max_items = 10)]
    before: Option<Vec<Vec<Uuid>>>,
}

/// What becomes of a round.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TriedRound {
    /// For each who walks, the walk.
    walks: Vec<TriedWalk>,
    /// Calls to choose from that are on no walk, and why, or what it would take.
    left_out: Vec<LeftOut>,
    /// What the calls on the walks are worth together.
    prize: u64,
    /// How far all walk, in metres.
    walk_m: f64,
    /// How long all walk, in seconds.
    walk_s: f64,
    /// Whether every walk can be walked as it is ordered.
    feasible: bool,
    /// What the orders cost against those of `before`; absent where none were given.
    change: Option<RoundChange>,
}

/// A walk of a round that is tried.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TriedWalk {
    /// Who walks.
    worker: Worker,
    /// How they move.
    mode: Mode,
    /// Where the walk begins and ends.
    start: Start,
    /// When the shift begins, time in China.
    #[schema(value_type = String, example = "08:30")]
    starts_at: TimeOfDay,
    /// How many minutes the shift has.
    shift_min: u32,
    /// The walk. Where something is in the way of the order, its times are those of somebody who goes on all the same.
    course: Course,
    /// What is in the way.
    faults: Vec<WalkFault>,
}

/// What a change costs: more is positive.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct RoundChange {
    /// What the calls are worth together.
    prize: i64,
    /// How far all walk, in metres.
    walk_m: f64,
    /// How long all walk, in seconds.
    walk_s: f64,
    /// For each who walks, by how many minutes later they are done.
    later_min: Vec<i64>,
}

/// Try a round, or a changed order of one. Nothing is kept.
///
/// For those who plan patrols. Gives what `POST /patrols/plan` would keep for the same round; with `orders` the times,
/// lengths and lines of exactly these, what is in their way, and against `before` what they cost: what somebody sees
/// who drags a stop to another place.
#[utoipa::path(post, path = "/api/v1/patrols/evaluate", tag = "patrols", request_body = RoundTrial, responses(
    (status = 200, body = TriedRound),
    (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn evaluate_round(
    State(ground): State<Ground>,
    Extension(maps): Extension<Arc<Maps>>,
    session: Session,
    Json(trial): Json<RoundTrial>,
) -> Result<Json<TriedRound>, Problem> {
    session.require(PLANNERS)?;
    let prepared = prepare(&ground, &maps, &session, &trial.round).await?;
    let walkers = prepared.walkers.len();
    let before = trial.before.as_ref();
    let before =
        before.map(|orders| numbered("before", orders, &prepared.round.calls, walkers)).transpose()?;
    let tried = ground.computing.run(move |wanted| try_round(&prepared, before.as_deref(), wanted)).await??;
    Ok(Json(tried))
}

fn try_round(
    prepared: &Prepared,
    before: Option<&[Vec<usize>]>,
    wanted: &Wanted,
) -> Result<TriedRound, Problem> {
    let laid = prepared.round.lay()?;
    let (prize, told, faults) = if let Some(orders) = &prepared.orders {
        let assessment = laid.assess(orders)?;
        let faults = faults(&laid, &assessment);
        let told = tell(&laid, &told_of(&assessment))?;
        (assessment.prize, told, faults)
    } else {
        let plan = laid.solve(wanted)?;
        let told = tell(&laid, &laid.told_of_plan(&plan))?;
        (plan.prize, told, vec![Vec::new(); prepared.walkers.len()])
    };
    let change = match before {
        None => None,
        Some(before) => {
            let assessment = laid.assess(before)?;
            let before = tell(&laid, &told_of(&assessment))?;
            Some(change(assessment.prize, &before, prize, &told))
        }
    };
    let left_out = told.first().map(|(course, _)| course.left_out.clone()).unwrap_or_default();
    let feasible = faults.iter().all(Vec::is_empty);
    let walks: Vec<TriedWalk> = told
        .into_iter()
        .zip(faults)
        .enumerate()
        .map(|(index, ((course, _), faults))| {
            let walk = &prepared.round.walks[index];
            TriedWalk {
                worker: prepared.walkers[index].worker.clone(),
                mode: prepared.modes[index],
                start: walk.start.clone(),
                starts_at: TimeOfDay(walk.shift.starts_at),
                shift_min: walk.shift.minutes,
                course: Course { left_out: Vec::new(), ..course },
                faults,
            }
        })
        .collect();
    let (walk_m, walk_s) = on_foot(walks.iter().map(|walk| &walk.course));
    Ok(TriedRound { walks, left_out, prize, walk_m, walk_s, feasible, change })
}

/// The walks, each with the second of the day at which it is over.
fn tell(laid: &Laid<'_>, told: &[Told<'_>]) -> Result<Vec<(Course, i64)>, Problem> {
    told.iter().map(|told| Ok((laid.course(told)?, laid.over_at(told)))).collect()
}

fn faults(laid: &Laid<'_>, assessment: &Assessment) -> Vec<Vec<WalkFault>> {
    let routes = assessment.routes.iter();
    routes.map(|it| it.hitches.iter().map(|hitch| laid.fault(&it.route.visits, hitch)).collect()).collect()
}

fn on_foot<'c>(courses: impl Iterator<Item = &'c Course>) -> (f64, f64) {
    courses.fold((0.0, 0.0), |(m, s), course| (m + course.walk_m, s + course.walk_s))
}

fn change(prize_before: u64, before: &[(Course, i64)], prize: u64, now: &[(Course, i64)]) -> RoundChange {
    let (m_before, s_before) = on_foot(before.iter().map(|(course, _)| course));
    let (m, s) = on_foot(now.iter().map(|(course, _)| course));
    let pairs = before.iter().zip(now);
    RoundChange {
        prize: prize.cast_signed() - prize_before.cast_signed(),
        walk_m: m - m_before,
        walk_s: s - s_before,
        later_min: pairs.map(|((_, before), (_, now))| (now - before).div_euclid(60)).collect(),
    }
}
