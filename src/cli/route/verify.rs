//! `gridkeeper route --check`: a plan's file against its problem's. Never here: anything the solver uses.

use super::compile::Compiled;
use super::document::{PlanDocument, RouteDocument};
use crate::kernel::routing::{Claim, Fault, PlannedRoute, Visit, faults};
use crate::message;
use crate::platform::locale::Message;

/// What is wrong with a plan, in words; nothing when it can be walked as it says.
pub(super) fn verify(compiled: &Compiled, plan: &PlanDocument) -> anyhow::Result<Vec<Message>> {
    let routes = plan.routes.iter().map(|route| planned(compiled, route)).collect::<Result<Vec<_>, _>>()?;
    let left_out = plan.left_out.iter().map(|left_out| compiled.stop(&left_out.id));
    let left_out = left_out.collect::<Result<Vec<_>, _>>()?;
    let prize = plan.prize.as_f64().unwrap_or(f64::NAN) * compiled.prize_scale;
    let claim =
        Claim { routes: &routes, left_out: &left_out, prize: prize.round() as u64, travel: plan.travel };
    Ok(faults(&compiled.problem, &claim).iter().map(|fault| words(compiled, plan, fault)).collect())
}

fn planned(compiled: &Compiled, route: &RouteDocument) -> anyhow::Result<PlannedRoute> {
    let visits = route.stops.iter().map(|visit| {
        let stop = compiled.stop(&visit.id)?;
        anyhow::Ok(Visit { stop, arrive: visit.arrive, begin: visit.start, leave: visit.leave })
    });
    Ok(PlannedRoute {
        worker: compiled.worker(&route.worker)?,
        visits: visits.collect::<Result<_, _>>()?,
        start: route.start,
        end: route.end,
        rest: route.rest.as_ref().map(|rest| rest.start),
        travel: 0,
    })
}

fn words(compiled: &Compiled, plan: &PlanDocument, fault: &Fault) -> Message {
    let stop = |stop: usize| compiled.stops[stop].as_str();
    let worker = |worker: usize| compiled.workers[worker].as_str();
    match *fault {
        Fault::StopTwice { stop: it } => {
            let it = stop(it);
            message!("站点“{it}”出现不止一次", "stop \"{it}\" is in the plan more than once")
        }
        Fault::StopForgotten { stop: it } => {
            let it = stop(it);
            message!(
                "站点“{it}”既不在路线上，也不在 left_out 中",
                "stop \"{it}\" is neither on a route nor left out"
            )
        }
        Fault::WorkerTwice { worker: it } => {
            let it = worker(it);
            message!("人员“{it}”有多条路线", "worker \"{it}\" has more than one route")
        }
        Fault::NotAllowed { worker: who, stop: it } => {
            let (who, it) = (worker(who), stop(it));
            message!(
                "“{who}”不能去“{it}”：缺少技能，或该站点指定了他人",
                "\"{who}\" may not go to \"{it}\": a skill is missing, or it is pinned to another worker"
            )
        }
        Fault::NotAsFrozen { worker: it } => {
            let it = worker(it);
            message!(
                "“{it}”的路线没有以冻结的站点开头",
                "the route of \"{it}\" does not begin with what is frozen"
            )
        }
        Fault::OutsideShift { worker: it } => {
            let it = worker(it);
            message!("“{it}”的路线超出班次", "the route of \"{it}\" begins before the shift or ends after it")
        }
        Fault::TooSoon { worker: who, stop: it, soonest } => {
            let (who, it) = (worker(who), it.map_or("end", stop));
            match soonest {
                Some(soonest) => message!(
                    "“{who}”最早 {soonest} 才能到达“{it}”",
                    "\"{who}\" cannot be at \"{it}\" before {soonest}"
                ),
                None => message!("“{who}”没有路可到“{it}”", "there is no way for \"{who}\" to \"{it}\""),
            }
        }
        Fault::BadService { stop: it } => {
            let it = stop(it);
            message!(
                "站点“{it}”：服务开始早于到达、不在时间窗内，或时长不足",
                "stop \"{it}\": service begins before the arrival or outside the windows, or is too short"
            )
        }
        Fault::NoRest { worker: it } => {
            let it = worker(it);
            message!("“{it}”的休息时间没有着落", "\"{it}\" has no time for the break")
        }
        Fault::Prize { is } => {
            let (is, said) = (compiled.prize(is), &plan.prize);
            message!("prize 应为 {is}，而不是 {said}", "the prize is {is}, not {said}")
        }
        Fault::Travel { is } => {
            let said = plan.travel;
            message!("travel 应为 {is}，而不是 {said}", "the travel is {is}, not {said}")
        }
    }
}
