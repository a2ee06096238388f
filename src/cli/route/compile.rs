//! From the problem's file to the solver's problem: names become numbers, and what makes no sense is refused with
//! its place in the file. Never here: solving.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, bail, ensure};

use super::document::{Pins, ProblemDocument, Promises, StopDocument, WorkerDocument};
use super::ground::Ground;
use crate::kernel::routing::{Problem, Rest, Span, Stop, Worker};
use crate::message;
use crate::platform::locale::Message;

/// A problem with the names that its file uses.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) problem: Problem,
    pub(super) stops: Vec<String>,
    pub(super) workers: Vec<String>,
    /// So many of the solver's units make up a prize of 1.
    pub(super) prize_scale: f64,
    pub(super) stop_numbers: HashMap<String, usize>,
    pub(super) worker_numbers: HashMap<String, usize>,
    /// What the person who asked should know about the file.
    pub(super) remarks: Vec<Message>,
}

/// Prizes with more decimals than this are rounded.
const MOST_DECIMALS: i32 = 6;
/// Prizes may not be larger, so that their sums stay exact.
const LARGEST_PRIZE: f64 = 1e9;

/// Makes sense of a problem, on its own matrix or on `ground`.
pub(super) fn compile(document: &ProblemDocument, ground: &Ground) -> anyhow::Result<Compiled> {
    let stop_numbers = numbered("stops", document.stops.iter().map(|stop| &stop.id))?;
    let worker_numbers = numbered("workers", document.workers.iter().map(|worker| &worker.id))?;
    let prize_scale = prize_scale(document)?;

    let mut skills = Skills::default();
    let stops = document.stops.iter().map(|stop| {
        compile_stop(stop, &mut skills, ground, prize_scale)
            .with_context(|| message!("站点“{}”", "stop \"{}\"", stop.id).to_string())
    });
    let stops = stops.collect::<Result<Vec<_>, _>>()?;
    let workers = document.workers.iter().enumerate().map(|(index, worker)| {
        compile_worker(worker, &mut skills, ground, ground.of_worker[index])
            .with_context(|| message!("人员“{}”", "worker \"{}\"", worker.id).to_string())
    });
    let workers = workers.collect::<Result<Vec<_>, _>>()?;
    let mut compiled = Compiled {
        problem: Problem { travel: ground.tables.clone(), stops, workers, change_penalty: 0 },
        stops: document.stops.iter().map(|stop| stop.id.clone()).collect(),
        workers: document.workers.iter().map(|worker| worker.id.clone()).collect(),
        prize_scale,
        stop_numbers,
        worker_numbers,
        remarks: unknown_fields(document),
    };
    match &document.pins {
        None => {}
        Some(Pins::Stops(stops)) => {
            promise(&mut compiled, &Promises { stops: stops.clone(), ..Promises::default() })?;
        }
        Some(Pins::All(promises)) => promise(&mut compiled, promises)?,
    }
    compiled.problem.check()?;
    Ok(compiled)
}

fn numbered<'a>(what: &str, ids: impl Iterator<Item = &'a String>) -> anyhow::Result<HashMap<String, usize>> {
    let mut numbers = HashMap::new();
    for (index, id) in ids.enumerate() {
        if let Some(first) = numbers.insert(id.clone(), index) {
            bail!(message!(
                "{what}[{first}] 与 {what}[{index}] 的 id 都是“{id}”",
                "{what}[{first}] and {what}[{index}] have the same id, \"{id}\""
            ));
        }
    }
    Ok(numbers)
}

/// Fields that were written for nothing, perhaps by a slip of the pen; each name once.
fn unknown_fields(document: &ProblemDocument) -> Vec<Message> {
    let stops = document.stops.iter().map(|stop| ("stops", &stop.unknown));
    let workers = document.workers.iter().map(|worker| ("workers", &worker.unknown));
    let names: BTreeSet<(&str, &String)> = stops
        .chain(workers)
        .flat_map(|(list, unknown)| unknown.keys().map(move |name| (list, name)))
        .collect();
    names
        .into_iter()
        .map(|(list, name)| {
            message!(
                "{list} 中的“{name}”含义不明，已忽略",
                "\"{name}\" in {list} means nothing here and is ignored"
            )
        })
        .collect()
}

/// The smallest power of ten by which all prizes become whole numbers.
fn prize_scale(document: &ProblemDocument) -> anyhow::Result<f64> {
    let penalty = match &document.pins {
        Some(Pins::All(Promises { published: Some(published), .. })) => Some(published.penalty),
        _ => None,
    };
    for stop in &document.stops {
        ensure!(
            (0.0..=LARGEST_PRIZE).contains(&stop.prize),
            message!(
                "站点“{}”的 prize 应在 0 与 {LARGEST_PRIZE} 之间，而不是 {}",
                "stop \"{}\": its prize has to be between 0 and {LARGEST_PRIZE}, not {}",
                stop.id,
                stop.prize
            )
        );
    }
    if let Some(penalty) = penalty {
        ensure!(
            (0.0..=LARGEST_PRIZE).contains(&penalty),
            message!("penalty 不能是 {penalty}", "the penalty for changes cannot be {penalty}")
        );
    }
    let prizes = || document.stops.iter().map(|stop| stop.prize).chain(penalty);
    let whole =
        |scale: f64| prizes().all(|prize| (prize * scale - (prize * scale).round()).abs() < 1e-9 * scale);
    let decimals = (0..MOST_DECIMALS).find(|&decimals| whole(10_f64.powi(decimals)));
    Ok(10_f64.powi(decimals.unwrap_or(MOST_DECIMALS)))
}

/// The names of skills, numbered as they come.
#[derive(Default)]
struct Skills(HashMap<String, u32>);

impl Skills {
    fn numbers(&mut self, names: Option<&Vec<String>>) -> Vec<u32> {
        let names = names.into_iter().flatten();
        names
            .map(|name| {
                let next = self.0.len() as u32;
                *self.0.entry(name.clone()).or_insert(next)
            })
            .collect()
    }
}

fn span(what: &str, [from, to]: [i64; 2]) -> anyhow::Result<Span> {
    ensure!(
        from <= to,
        message!("{what} [{from}, {to}] 的结束早于开始", "{what} [{from}, {to}] ends before it begins")
    );
    Ok(Span { from, to })
}

fn length(what: &str, length: i64) -> anyhow::Result<i64> {
    ensure!(length >= 0, message!("{what} 不能为负：{length}", "{what} cannot be negative: {length}"));
    Ok(length)
}

fn compile_stop(
    document: &StopDocument,
    skills: &mut Skills,
    ground: &Ground,
    prize_scale: f64,
) -> anyhow::Result<Stop> {
    let mut stop = Stop::new(
        ground.door(document.at)?,
        length("service", document.service)?,
        (document.prize * prize_scale).round() as u64,
    );
    stop.required = document.required;
    let windows = document.windows.iter().flatten();
    stop.windows = windows.map(|&window| span("windows", window)).collect::<Result<_, _>>()?;
    stop.skills = skills.numbers(document.skills.as_ref());
    Ok(stop)
}

fn compile_worker(
    document: &WorkerDocument,
    skills: &mut Skills,
    ground: &Ground,
    travel: usize,
) -> anyhow::Result<Worker> {
    let rest = document.rest.map(|rest| {
        anyhow::Ok(Rest { window: span("break", rest.window)?, length: length("break", rest.length)? })
    });
    Ok(Worker {
        start: ground.end(document.start)?,
        end: document.end.map(|end| ground.end(end)).transpose()?,
        shift: span("shift", document.shift)?,
        rest: rest.transpose()?,
        skills: skills.numbers(document.skills.as_ref()),
        travel,
        frozen: Vec::new(),
    })
}

fn promise(compiled: &mut Compiled, promises: &Promises) -> anyhow::Result<()> {
    for pin in &promises.stops {
        let (stop, worker) = (compiled.stop(&pin.stop)?, compiled.worker(&pin.worker)?);
        compiled.problem.stops[stop].pinned_to = Some(worker);
    }
    for order in &promises.frozen {
        let worker = compiled.worker(&order.worker)?;
        for id in &order.stops {
            let stop = compiled.stop(id)?;
            compiled.problem.workers[worker].frozen.push(stop);
        }
    }
    if let Some(published) = &promises.published {
        compiled.problem.change_penalty = (published.penalty * compiled.prize_scale).round() as u64;
        for order in &published.routes {
            let worker = compiled.worker(&order.worker)?;
            for id in &order.stops {
                let stop = compiled.stop(id)?;
                compiled.problem.stops[stop].published_to = Some(worker);
            }
        }
    }
    Ok(())
}

impl Compiled {
    /// The number of the stop called `id`.
    pub(super) fn stop(&self, id: &str) -> anyhow::Result<usize> {
        let number = self.stop_numbers.get(id).copied();
        number.with_context(|| message!("没有站点“{id}”", "there is no stop \"{id}\"").to_string())
    }

    /// The number of the worker called `id`.
    pub(super) fn worker(&self, id: &str) -> anyhow::Result<usize> {
        let number = self.worker_numbers.get(id).copied();
        number.with_context(|| message!("没有人员“{id}”", "there is no worker \"{id}\"").to_string())
    }

    /// A sum of prizes as the file counts them.
    pub(super) fn prize(&self, units: u64) -> serde_json::Number {
        let whole = self.prize_scale as u64;
        if units.is_multiple_of(whole) {
            return (units / whole).into();
        }
        serde_json::Number::from_f64(units as f64 / self.prize_scale).unwrap_or_else(|| 0.into())
    }
}
