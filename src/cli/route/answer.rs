//! From the solver's plan to the plan's file, with reasons in words. Never here: finding plans.

use serde_json::{Value, json};

use super::compile::Compiled;
use super::document::{LeftOutDocument, PlanDocument, RestDocument, RouteDocument, VisitDocument};
use super::ground::Ground;
use crate::kernel::routing::{LeftOut, Plan, PlannedRoute, Reason};
use crate::message;
use crate::platform::locale::Message;

/// The plan's file.
pub(super) fn document(
    compiled: &Compiled,
    ground: &Ground,
    plan: &Plan,
    seed: u64,
) -> anyhow::Result<PlanDocument> {
    let routes = plan.routes.iter().map(|route| {
        let geometry = ground.geometry(&compiled.problem, route)?;
        anyhow::Ok(RouteDocument { geometry, ..route_document(compiled, route) })
    });
    Ok(PlanDocument {
        prize: compiled.prize(plan.prize),
        travel: plan.travel,
        routes: routes.collect::<Result<_, _>>()?,
        left_out: plan.left_out.iter().map(|left_out| left_out_document(compiled, left_out)).collect(),
        iterations: plan.iterations,
        seed,
    })
}

fn route_document(compiled: &Compiled, route: &PlannedRoute) -> RouteDocument {
    let length = compiled.problem.workers[route.worker].rest.map_or(0, |rest| rest.length);
    RouteDocument {
        worker: compiled.workers[route.worker].clone(),
        stops: route
            .visits
            .iter()
            .map(|visit| VisitDocument {
                id: compiled.stops[visit.stop].clone(),
                arrive: visit.arrive,
                start: visit.begin,
                leave: visit.leave,
            })
            .collect(),
        start: route.start,
        end: route.end,
        rest: route.rest.map(|start| RestDocument { start, end: start + length }),
        geometry: None,
    }
}

fn left_out_document(compiled: &Compiled, left_out: &LeftOut) -> LeftOutDocument {
    let (reason, mut detail) = match &left_out.reason {
        Reason::NoWorker => ("no_worker", json!({})),
        Reason::SkillMissing => ("skill_missing", json!({})),
        Reason::Unreachable => ("unreachable", json!({})),
        Reason::Closed { soonest } => ("closed", json!({ "soonest": soonest })),
        Reason::ShiftTooShort { lacks } => ("shift_too_short", json!({ "lacks": lacks })),
        Reason::WorthNothing => ("no_prize", json!({})),
        Reason::Displaced(it) => (
            "displaced",
            json!({
                "worker": compiled.workers[it.worker],
                "by": it.by.iter().map(|&stop| compiled.stops[stop].as_str()).collect::<Vec<_>>(),
                "prize": compiled.prize(it.prize),
                "travel": it.travel,
            }),
        ),
    };
    detail["text"] = Value::String(words(compiled, left_out).to_string());
    LeftOutDocument { id: compiled.stops[left_out.stop].clone(), reason: reason.to_owned(), detail }
}

/// Why a stop is left out.
pub(super) fn words(compiled: &Compiled, left_out: &LeftOut) -> Message {
    match &left_out.reason {
        Reason::NoWorker => message!("没有人员", "there is nobody to go"),
        Reason::SkillMissing => {
            message!("可派的人员都不具备所需技能", "nobody who may go has the skills it needs")
        }
        Reason::Unreachable => {
            message!("没有路可达，或到达后无法返回", "there is no way to it, or none back")
        }
        Reason::Closed { soonest } => message!(
            "最早 {soonest} 到达，此后的开放时段都来不及",
            "one can be there at {soonest} at the soonest; it is not open when there would be time"
        ),
        Reason::ShiftTooShort { lacks } => {
            message!("单独前往也超出班次 {lacks}", "even alone it takes {lacks} more than the shift has")
        }
        Reason::WorthNothing => message!("没有价值（prize 为 0）", "it adds nothing to the prize"),
        Reason::Displaced(it) => {
            let by: Vec<&str> = it.by.iter().map(|&stop| compiled.stops[stop].as_str()).collect();
            let (by, prize, travel) = (by.join(", "), compiled.prize(it.prize), it.travel);
            let worker = &compiled.workers[it.worker];
            message!(
                "已排满：若由 {worker} 前往，须放弃 {by}（共值 {prize}），行程增加 {travel}",
                "no room: for {worker} to go, {by} would have to go (worth {prize}), and travel grow by {travel}"
            )
        }
    }
}
