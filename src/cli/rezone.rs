//! `gridkeeper rezone`: units in, zones and a report out, without a database.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use geo::LineString;
use indicatif::{ProgressBar, ProgressStyle};

use super::import::refuse;
use super::interrupt::Interrupt;
use super::language::text;
use super::output;
use super::whole_file::whole;
use crate::domain::rezoning::{Aims, Answer, Question, answer, zones_by_size};
use crate::interop::rezoning::{self, Columns, LoadColumn, UnitsError};
use crate::kernel::zoning::{Aim, Budget, Effort};
use crate::message;

#[derive(Debug, clap::Args)]
pub(super) struct RezoneArgs {
    #[arg(
        long, value_name = "U.geojson",
        help = text("单元：面或点，带属性", "The units: polygons or points with properties")
    )]
    units: PathBuf,
    #[arg(
        long, value_name = "COLUMN[:WEIGHT]", required = true, value_delimiter = ',',
        help = text("构成负荷的列，逗号分隔，可带权重", "The columns that make up the load, with commas, weights if need be")
    )]
    load: Vec<LoadColumn>,
    #[arg(long, value_name = "COLUMN", help = text("现有网格所在的列", "The column with today's zone"))]
    current: Option<String>,
    #[arg(
        long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..), required_unless_present = "size",
        help = text("要划几个网格", "How many zones to make")
    )]
    k: Option<u32>,
    #[arg(
        long, value_name = "LEAST:MOST", conflicts_with = "k", value_parser = size,
        help = text("按每个网格的负荷上下限确定网格数", "As many zones as keep the load of each between these on average")
    )]
    size: Option<(f64, f64)>,
    #[arg(
        long, value_name = "SHARE", default_value = "0.05", value_parser = share,
        help = text("容许的负荷偏差（占平均的比例）", "How far a load may be from the mean, as a share of it")
    )]
    tolerance: f64,
    #[arg(long, value_name = "COLUMN", help = text("人数所在的列", "The column with the number of people"))]
    people: Option<String>,
    #[arg(
        long, value_name = "COLUMN",
        help = text("单元名称所在的列（默认 id 或 code）", "The column with a unit's name (by default id or code)")
    )]
    id: Option<String>,
    #[arg(long, value_name = "R.geojson", help = text("道路：边界尽量沿路", "Roads: borders run along them where they can"))]
    roads: Option<PathBuf>,
    #[arg(long, value_name = "B.geojson", help = text("障碍：网格不可跨越", "Barriers: no zone crosses them"))]
    barriers: Option<PathBuf>,
    #[arg(
        long, value_name = "WHAT", value_delimiter = ',',
        help = text(
            "锁定的网格、单元、列，或现有边界的 GeoJSON 文件（可重复）",
            "A zone, unit or column to lock, or a GeoJSON file of borders of today that stay (repeatable)"
        )
    )]
    lock: Vec<String>,
    #[arg(
        long, value_name = "AIM", value_enum,
        help = text("采用哪个方案（默认见上）", "Which proposal to put forward (see above)")
    )]
    prefer: Option<Prefer>,
    #[arg(
        long, value_name = "N", default_value_t = 0,
        help = text("随机种子：种子相同则结果相同", "Where random choices start from: the same seed gives the same plan")
    )]
    seed: u64,
    #[arg(
        long, value_name = "N", conflicts_with = "time_limit", value_parser = clap::value_parser!(u64).range(1..),
        help = text("每次搜索尝试的步数（默认依单元数而定）", "Moves tried in each search (by default by the number of units)")
    )]
    iterations: Option<u64>,
    #[arg(
        long, value_name = "TIME", value_parser = duration,
        help = text("搜索多久，如 2s、1m；结果随机器快慢而异", "How long to search, such as 2s or 1m; the plan then depends on the machine")
    )]
    time_limit: Option<Duration>,
    #[arg(
        long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..),
        help = text("线程数（默认为处理器数；不影响结果）", "Threads (by default the processors; no effect on the plan)")
    )]
    threads: Option<u16>,
    #[arg(long, value_name = "ZONES.geojson", help = text("网格写到哪里", "Where the zones go"))]
    out: PathBuf,
    #[arg(long, value_name = "REPORT.json", help = text("报告写到哪里", "Where the report goes"))]
    report: PathBuf,
    #[arg(long, help = text("在标准错误上输出一行 JSON 统计", "Print one line of JSON statistics on standard error"))]
    stats: bool,
}

/// Which proposal to put forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Prefer {
    FewMoved,
    Even,
    Compact,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|share| (0.0..=10.0).contains(share)).ok_or_else(|| {
        message!("应为 0 至 10 的数，如 0.05", "a number from 0 to 10, such as 0.05").to_string()
    })
}

/// Reads two loads, the lesser first.
fn size(text: &str) -> Result<(f64, f64), String> {
    let both = text
        .split_once(':')
        .and_then(|(least, most)| Some((least.trim().parse().ok()?, most.trim().parse().ok()?)));
    both.filter(|&(least, most): &(f64, f64)| least >= 0.0 && most >= least && most > 0.0).ok_or_else(|| {
        message!("应为 最小:最大，如 300:500", "the least and the most, such as 300:500").to_string()
    })
}

/// Whether a lock is a file of borders.
fn is_file(lock: &str) -> bool {
    Path::new(lock)
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("geojson") || e.eq_ignore_ascii_case("json"))
}

/// Reads seconds, or a number with `ms`, `s`, `m` or `h`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds_each = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => f64::NAN,
    };
    let seconds = number.trim().parse::<f64>().map_or(f64::NAN, |n| n * seconds_each);
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| message!("应为时长，如 500ms、2s、1m", "a time, such as 500ms, 2s or 1m").to_string())
}

pub(super) async fn run(args: RezoneArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    let started = Instant::now();
    let stop = interrupt.stop.clone();
    let work = move || -> anyhow::Result<()> {
        let question = question(&args)?;
        let read_s = started.elapsed().as_secs_f64();
        let answer = search(&args, &question, &|| !stop.is_cancelled())?;
        let search_s = started.elapsed().as_secs_f64() - read_s;
        if answer.stopped {
            bail!(text("已中断，未写入任何内容", "interrupted; nothing was written"));
        }
        write(&args, &answer)?;
        for note in &answer.report.notes {
            output::remark(note);
        }
        for proposal in &answer.report.proposals {
            output::line(&proposal.summary);
        }
        if args.stats {
            let overall = &answer.report.overall;
            output::remark(serde_json::json!({
                "units": question.units.len(),
                "places": answer.report.places,
                "borders": answer.report.borders,
                "zones": question.zones,
                "moves": answer.moves,
                "max_deviation": overall.max_deviation,
                "people_moved": overall.people_moved,
                "cut_edges": overall.cut_edges,
                "read_s": read_s,
                "search_s": search_s,
                "total_s": started.elapsed().as_secs_f64(),
            }));
        }
        Ok(())
    };
    tokio::task::spawn_blocking(work).await?
}

/// Reads all files into the question.
fn question(args: &RezoneArgs) -> anyhow::Result<Question> {
    let columns = Columns {
        load: args.load.clone(),
        current: args.current.clone(),
        people: args.people.clone(),
        id: args.id.clone(),
        locks: args.lock.iter().filter(|lock| !is_file(lock)).cloned().collect(),
    };
    let name = args.units.display().to_string();
    let (mut question, remarks) = match rezoning::units(&read(&args.units)?, &columns) {
        Ok(read) => read,
        Err(UnitsError::Features(faults)) => return refuse(&name, &faults),
        Err(UnitsError::File(why)) => return Err(anyhow!("{name}: {why}")),
    };
    for remark in remarks {
        output::remark(format_args!("{name}: {remark}"));
    }
    question.roads = lines(args.roads.as_deref())?;
    question.barriers = lines(args.barriers.as_deref())?;
    for borders in args.lock.iter().filter(|lock| is_file(lock)) {
        if args.current.is_none() {
            bail!(text("--lock 边界文件需要 --current", "--lock with a file of borders needs --current"));
        }
        question.kept.extend(lines(Some(Path::new(borders)))?);
    }
    question.zones = match (args.k, args.size) {
        (Some(k), _) => k as usize,
        (None, Some((least, most))) => {
            let total = question.burdens.iter().map(|burden| burden.load).sum();
            zones_by_size(total, least, most, question.today.len())
        }
        (None, None) => bail!(text("请给出 --k 或 --size", "give --k or --size")),
    };
    question.tolerance = args.tolerance;
    question.prefer = match args.prefer {
        None => Aims::Usual,
        Some(Prefer::FewMoved) if args.current.is_none() => {
            bail!(text("--prefer few-moved 需要 --current", "--prefer few-moved needs --current"))
        }
        Some(Prefer::FewMoved) => Aims::This(Aim::FewMoved),
        Some(Prefer::Even) => Aims::This(Aim::Even),
        Some(Prefer::Compact) => Aims::This(Aim::Compact),
    };
    Ok(question)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = path.display();
    std::fs::read(path).with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())
}

fn lines(path: Option<&Path>) -> anyhow::Result<Vec<LineString<f64>>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    rezoning::lines(&read(path)?).with_context(|| path.display().to_string())
}

fn search(
    args: &RezoneArgs,
    question: &Question,
    go_on: &(dyn Fn() -> bool + Sync),
) -> anyhow::Result<Answer> {
    let bar = ProgressBar::new(1000);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent} % {eta}") {
        bar.set_style(style);
    }
    let progress = |share: f64| {
        bar.set_position((share * 1000.0) as u64);
        go_on()
    };
    let begun = Instant::now();
    let limit = args.time_limit.unwrap_or(Duration::MAX);
    let gone = || begun.elapsed().as_secs_f64() / limit.as_secs_f64();
    let budget = match (args.iterations, args.time_limit) {
        (Some(moves), _) => Budget::Moves(moves),
        (None, Some(_)) => Budget::Share(&gone),
        (None, None) => Budget::for_sites(question.units.len()),
    };
    let threads = rayon::ThreadPoolBuilder::new().num_threads(args.threads.map_or(0, usize::from)).build()?;
    let found =
        threads.install(|| answer(question, &Effort { seed: args.seed, budget, progress: &progress }));
    bar.finish_and_clear();
    Ok(found?)
}

/// Writes both files, or neither.
fn write(args: &RezoneArgs, answer: &Answer) -> anyhow::Result<()> {
    let name = |path: &Path| {
        let name = path.display();
        message!("无法写入 {name}", "cannot write {name}").to_string()
    };
    whole(&args.report, |out| {
        serde_json::to_writer(&mut *out, &answer.report)?;
        writeln!(out)?;
        whole(&args.out, |out| Ok(rezoning::write(answer, out)?)).with_context(|| name(&args.out))
    })
    .with_context(|| name(&args.report))
}
