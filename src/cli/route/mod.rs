//! `gridkeeper route`: plans routes from a file, and checks plans, without a database.

mod answer;
mod compile;
mod document;
mod ground;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::de::DeserializeOwned;
use serde_json::json;

use self::compile::{Compiled, compile};
use self::document::{PlanDocument, ProblemDocument};
use self::ground::Ground;
use super::interrupt::Interrupt;
use super::language::text;
use super::output;
use super::whole_file::whole;
use crate::kernel::routing::{Budget, Effort, Plan, Progress, solve};
use crate::message;

#[derive(Debug, clap::Args)]
pub(super) struct RouteArgs {
    #[arg(
        long, value_name = "FILE",
        help = text("问题文件（JSON）", "The problem, in JSON")
    )]
    problem: PathBuf,
    #[arg(
        long, value_name = "FILE",
        help = text(
            "路网文件（.osm.pbf 或线的 GeoJSON），问题没有 matrix 时用",
            "Roads (.osm.pbf, or GeoJSON lines) for a problem without a matrix"
        )
    )]
    network: Option<PathBuf>,
    #[arg(
        long, value_name = "FILE", conflicts_with = "check",
        help = text("方案写入的文件；不给则输出到屏幕", "Where to write the plan; to standard output unless given")
    )]
    out: Option<PathBuf>,
    #[arg(
        long, value_name = "PLAN",
        help = text("不规划，只检验此方案：可行为 0，有误为 1", "Check this plan instead: status 0 if it can be walked, 1 if not")
    )]
    check: Option<PathBuf>,
    #[arg(
        long, default_value_t = 0, value_name = "N",
        help = text("随机种子：同一种子、同样迭代次数，同一结果", "Seed: with the same number of iterations, the same plan")
    )]
    seed: u64,
    #[arg(
        long, value_name = "N", conflicts_with = "time_limit",
        help = text("迭代次数；结果与线程数无关", "How many iterations; the plan does not depend on the threads")
    )]
    iterations: Option<u64>,
    #[arg(
        long, value_name = "TIME", value_parser = duration, default_value = "1s",
        help = text("搜索时长，如 500ms、1s、2m", "How long to search, such as 500ms, 1s or 2m")
    )]
    time_limit: Duration,
    #[arg(
        long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256),
        help = text("线程数（默认为可用核数）", "How many threads (by default one for each core at hand)")
    )]
    threads: Option<u16>,
    #[arg(
        long,
        help = text("在标准错误输出一行 JSON 统计", "Write a line of JSON with figures to standard error")
    )]
    stats: bool,
}

/// A length of time such as `500ms`, `1.5s`, `2m`, or a number of seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let refuse = || message!("应如 500ms、1s、2m", "say it like 500ms, 1s or 2m").to_string();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().map_err(|_| refuse())?;
    let unit = match &text[digits..] {
        "ms" => 1e-3,
        "s" | "" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(refuse()),
    };
    Duration::try_from_secs_f64(number * unit).map_err(|_| refuse())
}

pub(super) fn run(args: &RouteArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    let begun = Instant::now();
    let document: ProblemDocument = read(&args.problem)?;
    let name = args.problem.display();
    let refused = || message!("无法使用 {name}", "{name} cannot be used").to_string();
    let ground = Ground::new(&document, args.network.as_deref()).with_context(refused)?;
    let compiled = compile(&document, &ground).with_context(refused)?;
    if let Some(plan) = &args.check {
        return check(&compiled, plan);
    }
    for remark in ground.remarks.iter().chain(&compiled.remarks) {
        output::remark(format_args!("{}{remark}", text("注意：", "note: ")));
    }
    let plan = search(args, &compiled, interrupt, begun)?;
    report(&compiled, &plan);
    let answer = answer::document(&compiled, &ground, &plan, args.seed)?;
    let json = serde_json::to_string(&answer).context("cannot write the plan")?;
    match &args.out {
        Some(path) => {
            whole(path, |out| Ok(writeln!(out, "{json}")?))
                .with_context(|| message!("无法写入 {}", "cannot write {}", path.display()).to_string())?;
        }
        None => output::line(json),
    }
    if args.stats {
        output::remark(stats(&compiled, &plan, begun.elapsed()));
    }
    Ok(())
}

fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let name = path.display();
    let bytes =
        fs::read(path).with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())?;
    if let Ok(document) = serde_json::from_slice(&bytes) {
        return Ok(document);
    }
    // Keeping track of where one is takes longer than reading a large matrix.
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (place, why) = (error.path().to_string(), error.into_inner());
        anyhow::anyhow!("{place}: {why}")
            .context(message!("{name} 的内容无法理解", "{name} was not understood"))
    })
}

fn check(compiled: &Compiled, path: &Path) -> anyhow::Result<()> {
    let plan: PlanDocument = read(path)?;
    let faults = verify::verify(compiled, &plan)?;
    for fault in &faults {
        output::line(fault);
    }
    let name = path.display();
    if !faults.is_empty() {
        bail!(message!("{name} 有 {} 处错误", "{name} has {} faults", faults.len()));
    }
    output::line(message!("{name} 无误", "{name} can be walked as it says"));
    Ok(())
}

fn search(
    args: &RouteArgs,
    compiled: &Compiled,
    interrupt: &Interrupt,
    begun: Instant,
) -> anyhow::Result<Plan> {
    let limit = args.time_limit.as_secs_f64().max(f64::MIN_POSITIVE);
    let share = move || begun.elapsed().as_secs_f64() / limit;
    let bar = progress_bar(args);
    let watch = |progress: Progress| {
        // To tell the bar each time would take longer than the search.
        if progress.iterations.is_multiple_of(1024) {
            bar.set_position((progress.share * 100.0) as u64);
        }
        !interrupt.stop.is_cancelled()
    };
    let threads =
        args.threads.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let budget = args.iterations.map_or(Budget::Share(&share), Budget::Iterations);
    let plan = solve(&compiled.problem, &Effort { seed: args.seed, threads, budget, watch: &watch })?;
    bar.finish_and_clear();
    Ok(plan)
}

fn progress_bar(args: &RouteArgs) -> ProgressBar {
    // Nobody watches what is over at once.
    if args.iterations.is_none() && args.time_limit < Duration::from_secs(3) {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(100);
    let style = ProgressStyle::with_template("{wide_bar} {pos} %");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// Says loudly what had to be there and is not.
fn report(compiled: &Compiled, plan: &Plan) {
    let must = |stop: usize| {
        let it = &compiled.problem.stops[stop];
        it.required
            || it.pinned_to.is_some()
            || compiled.problem.workers.iter().any(|worker| worker.frozen.contains(&stop))
    };
    for left_out in plan.left_out.iter().filter(|left_out| must(left_out.stop)) {
        let (id, why) = (&compiled.stops[left_out.stop], answer::words(compiled, left_out));
        let (zh, en) = (&why.zh, &why.en);
        output::remark(message!(
            "警告：必访站点“{id}”未能排入：{zh}",
            "WARNING: required stop \"{id}\" is not in the plan: {en}"
        ));
    }
    for (index, worker) in compiled.workers.iter().enumerate() {
        if !plan.routes.iter().any(|route| route.worker == index) {
            output::remark(message!(
                "警告：人员“{worker}”来不及从起点到终点，没有路线",
                "WARNING: worker \"{worker}\" cannot get from the start to the end within the shift, and has no route"
            ));
        }
    }
}

fn stats(compiled: &Compiled, plan: &Plan, taken: Duration) -> serde_json::Value {
    let visited: usize = plan.routes.iter().map(|route| route.visits.len()).sum();
    let seconds = taken.as_secs_f64();
    json!({
        "stops": compiled.stops.len(),
        "workers": compiled.workers.len(),
        "visited": visited,
        "left_out": plan.left_out.len(),
        "prize": compiled.prize(plan.prize),
        "travel": plan.travel,
        "iterations": plan.iterations,
        "seconds": (seconds * 1e3).round() / 1e3,
    })
}
