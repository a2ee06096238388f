//! From what is asked for to a round that can be planned: who may plan for whom, where, and over which calls.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::calendar::duties_of_day;
use super::shift;
use crate::domain::duties;
use crate::domain::patrols::choice::{Chosen, MOST_WEIGHED, most_pressing};
use crate::domain::patrols::courses::start_at;
use crate::domain::patrols::model::Start;
use crate::domain::patrols::planning::{NewPlan, NewWalker, Walker, moment};
use crate::domain::patrols::round::{Call, Round, Shift, Walk};
use crate::domain::patrols::store;
use crate::domain::patrols::store::kept;
use crate::domain::patrols::team::may_send;
use crate::domain::places::GivenPlace;
use crate::domain::roads::{Maps, Mode};
use crate::domain::time_of_day::TimeOfDay;
use crate::message;
use crate::platform::accounts::{Role, Session};
use crate::platform::audit;
use crate::platform::code::PlaceCode;
use crate::platform::ground::Ground;
use crate::platform::http::Fields;
use crate::platform::problem::Problem;

/// Who plans patrols: as the policies on `patrols` have it.
pub(super) const PLANNERS: &[Role] = &[Role::GridMember, Role::GridChief, Role::Inspector, Role::Command];
pub(super) const MOST_WALKERS: usize = 10;
/// Plans are made for the past week, to be walked late, and for two months ahead.
const DAYS_BACK: TimeDelta = TimeDelta::days(7);
const DAYS_AHEAD: TimeDelta = TimeDelta::days(62);
/// Targets that can be named.
const MOST_NAMED: usize = 500;

/// A round that can be planned.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) walkers: Vec<Walker>,
    /// How each of them moves.
    pub(super) modes: Vec<Mode>,
    pub(super) place: PlaceCode,
    pub(super) date: NaiveDate,
    pub(super) round: Round,
    /// For each walker the numbers of the calls, where the caller has decided.
    pub(super) orders: Option<Vec<Vec<usize>>>,
}

impl Prepared {
    /// When a walker's shift begins and ends.
    pub(super) fn shift(&self, walker: usize) -> (DateTime<Utc>, DateTime<Utc>) {
        let shift = self.round.walks[walker].shift;
        let from = moment(self.date, TimeOfDay(shift.starts_at));
        (from, from + TimeDelta::minutes(i64::from(shift.minutes)))
    }
}

/// Makes sense of what is asked for. That the calls of a place were read is written down: they show who needs care.
pub(super) async fn prepare(
    ground: &Ground,
    maps: &Maps,
    session: &Session,
    new: &NewPlan,
) -> Result<Prepared, Problem> {
    let date = date_of(new, ground.clock.today())?;
    let common = shift(new.starts_at.as_deref(), new.hours)?;
    let mut transaction = ground.database.begin(&session.scope()).await?;
    let walkers = walkers(&mut transaction, session, new).await?;
    let place = place_of(session, new, &walkers)?;
    let alone = [NewWalker::default()];
    let asked = if new.workers.is_empty() { &alone[..] } else { &new.workers };
    let mut walks = Vec::with_capacity(asked.len());
    let mut modes: Vec<Mode> = Vec::with_capacity(asked.len());
    let mut kinds: Vec<Mode> = Vec::new();
    for walker in asked {
        let start = match (&walker.start, &new.start) {
            (Some(given), _) => given_start("workers.start", given)?,
            (None, Some(given)) => given_start("start", given)?,
            (None, None) => village_start(&mut transaction, &place, date).await?,
        };
        let mode = walker.mode.or(new.mode).unwrap_or(Mode::Foot);
        let ways = kinds.iter().position(|&kind| kind == mode).unwrap_or_else(|| {
            kinds.push(mode);
            kinds.len() - 1
        });
        modes.push(mode);
        let shift = shift_of(walker, new, common)?;
        walks.push(Walk { end: start.clone(), start, shift, ways, frozen: Vec::new() });
    }
    let role = walkers.first().map_or(session.role, |walker| walker.role);
    let book = duties::book(&mut transaction, place.as_str()).await?;
    let targets = duties::targets(&mut transaction, place.as_str()).await?;
    let day = duties_of_day(&mut transaction, &place, role, date, &targets, &book).await?;
    let calls = new.only.calls(day, &targets, date, &book, role);
    audit::record(&mut transaction, session, audit::Entry::read("duties", place.as_str(), place.as_str()))
        .await?;
    transaction.commit().await?;

    refuse_unknown(new, &calls)?;
    let Chosen { calls, beyond } = most_pressing(calls, MOST_WEIGHED);
    let orders =
        new.orders.as_ref().map(|orders| numbered("orders", orders, &calls, walks.len())).transpose()?;
    let centre = walks[0].start.at;
    let mut ways = Vec::with_capacity(kinds.len());
    for mode in kinds {
        ways.push(maps.ways(ground, session, mode, centre, date).await?);
    }
    Ok(Prepared {
        walkers,
        modes,
        place,
        date,
        round: Round { walks, calls, beyond, ways: ways as Vec<Arc<_>>, change_penalty: 0 },
        orders,
    })
}

/// The numbers of the calls at the targets named for each of so many walkers.
pub(super) fn numbered(
    field: &'static str,
    orders: &[Vec<Uuid>],
    calls: &[Call],
    walkers: usize,
) -> Result<Vec<Vec<usize>>, Problem> {
    if orders.len() > walkers {
        return Err(Problem::invalid(field, message!("顺序多于人员", "more orders than people")));
    }
    let known: HashMap<Uuid, usize> =
        calls.iter().enumerate().map(|(number, call)| (call.duty.target_id, number)).collect();
    let mut seen = HashSet::new();
    orders
        .iter()
        .map(|order| {
            order
                .iter()
                .map(|target| match known.get(target) {
                    None => Err(Problem::invalid(
                        field,
                        message!(
                            "可选的对象中没有 {target}",
                            "{target} is not among the calls to choose from"
                        ),
                    )),
                    Some(_) if !seen.insert(*target) => {
                        Err(Problem::invalid(field, message!("{target} 出现多次", "{target} is there twice")))
                    }
                    Some(&number) => Ok(number),
                })
                .collect()
        })
        .collect()
}

/// Targets that have to be part of the round have to exist.
fn refuse_unknown(new: &NewPlan, calls: &[Call]) -> Result<(), Problem> {
    if new.only.must.len() > MOST_NAMED || new.only.targets.len() > MOST_NAMED {
        return Err(Problem::invalid(
            "only",
            message!("最多 {MOST_NAMED} 个对象", "{MOST_NAMED} targets at most"),
        ));
    }
    let known: HashSet<Uuid> = calls.iter().map(|call| call.duty.target_id).collect();
    match new.only.must.iter().find(|target| !known.contains(target)) {
        None => Ok(()),
        Some(target) => Err(Problem::invalid(
            "only.must",
            message!(
                "{target} 不在此范围内，或不由此类人员走访",
                "{target} is not in this place, or not for such people to call at"
            ),
        )),
    }
}

fn given_start(field: &'static str, given: &GivenPlace) -> Result<Start, Problem> {
    let mut fields = Fields::default();
    let at = given.to_wgs84(field, &mut fields);
    fields.finish()?;
    at.map(start_at).ok_or_else(Problem::not_found)
}

async fn village_start(
    connection: &mut PgConnection,
    place: &PlaceCode,
    date: NaiveDate,
) -> Result<Start, Problem> {
    store::start(connection, place.as_str(), date)
        .await?
        .ok_or_else(|| Problem::invalid("start", message!("请指明出发地点", "say where to begin")))
}

fn shift_of(walker: &NewWalker, new: &NewPlan, common: Shift) -> Result<Shift, Problem> {
    if walker.starts_at.is_none() && walker.hours.is_none() {
        return Ok(common);
    }
    shift(walker.starts_at.as_deref().or(new.starts_at.as_deref()), walker.hours.or(new.hours))
}

fn date_of(new: &NewPlan, today: NaiveDate) -> Result<NaiveDate, Problem> {
    let date = new.date.unwrap_or(today);
    if (today - DAYS_BACK..=today + DAYS_AHEAD).contains(&date) {
        return Ok(date);
    }
    Err(Problem::invalid(
        "date",
        message!("只能规划前一周至后两个月内的日期", "from a week ago to two months ahead"),
    ))
}

/// Who walks; each once, and all alike.
async fn walkers(
    connection: &mut PgConnection,
    session: &Session,
    new: &NewPlan,
) -> Result<Vec<Walker>, Problem> {
    let refuse = |why| Err(Problem::invalid("workers", why));
    if new.workers.len() > MOST_WALKERS {
        return refuse(message!("最多 {MOST_WALKERS} 人", "{MOST_WALKERS} at most"));
    }
    let mut accounts: Vec<Uuid> =
        new.workers.iter().map(|walker| walker.account.unwrap_or(session.account)).collect();
    if accounts.is_empty() {
        accounts.push(session.account);
    }
    let mut walkers: Vec<Walker> = Vec::with_capacity(accounts.len());
    for account in accounts {
        let known = kept::walker(connection, account).await?;
        let Some((walker, scope)) = known else {
            return refuse(message!("没有这个账号", "there is no such account"));
        };
        if !may_send(session, account, walker.role, &scope) {
            return refuse(message!("不能为此账号规划巡查", "not somebody whose patrols you plan"));
        }
        if walkers.iter().any(|other| other.worker.id == account || other.role != walker.role) {
            return refuse(message!("人员重复或角色不同", "somebody twice, or people of different roles"));
        }
        walkers.push(walker);
    }
    Ok(walkers)
}

/// Where the patrol goes.
fn place_of(session: &Session, new: &NewPlan, walkers: &[Walker]) -> Result<PlaceCode, Problem> {
    let place = match &new.place {
        Some(code) => code.parse::<PlaceCode>().map_err(|error| error.problem("place"))?,
        None => session.place.clone(),
    };
    if !session.place.covers(place.as_str()) {
        return Err(Problem::forbidden());
    }
    let inspects = walkers.iter().any(|walker| walker.role == Role::Inspector);
    if !inspects && place.grid().is_none() {
        return Err(Problem::invalid("place", message!("请指明网格", "say which grid")));
    }
    if place.as_str().len() < 9 {
        return Err(Problem::invalid("place", message!("不能大于街道", "no larger than a street")));
    }
    Ok(place)
}
