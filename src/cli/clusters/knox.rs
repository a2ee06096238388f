//! `gridkeeper clusters knox`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use chrono::{Datelike, Days};

use super::read::{Happened, read};
use super::{Source, write};
use crate::cli::language::text;
use crate::cli::output;
use crate::kernel::spacetime::{Bands, Knox, KnoxCell, KnoxError, knox};
use crate::message;

/// What is no further apart than this is in the same place: positions come from telephones.
const SAME_PLACE_M: f64 = 1.0;

#[derive(Debug, clap::Args)]
pub(super) struct KnoxArgs {
    #[command(flatten)]
    source: Source,
    #[arg(
        long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=100_000), value_name = "M",
        help = text("每个距离段多宽（米）", "How wide a band of distance is, in metres")
    )]
    distance: u32,
    #[arg(
        long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=20), value_name = "N",
        help = text("同一地点之外的距离段数", "Bands of distance beside the same place")
    )]
    distances: u32,
    #[arg(
        long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=365), value_name = "N",
        help = text("每个时间段多少天", "How many days a band of time has")
    )]
    days: u32,
    #[arg(
        long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=20), value_name = "N",
        help = text("时间段数", "Bands of time")
    )]
    times: u32,
    #[arg(
        long, value_name = "FILE",
        help = text("另写一个 CSV：当日仍有可能再次发生之处", "Another CSV to write: where another is to be expected on the day")
    )]
    windows: Option<PathBuf>,
}

/// The ends of the bands.
struct Ends {
    metres: Vec<f64>,
    days: Vec<u32>,
}

pub(super) fn run(args: &KnoxArgs) -> anyhow::Result<()> {
    let happened = read(&args.source)?;
    let ends = Ends {
        metres: std::iter::once(SAME_PLACE_M)
            .chain((1..=args.distances).map(|band| f64::from(band * args.distance)))
            .collect(),
        days: (1..=args.times).map(|band| band * args.days).collect(),
    };
    let bands = Bands::new(ends.metres.clone(), ends.days.clone())?;
    let (permutations, seed) = (args.source.permutations as usize, args.source.seed);
    let found = match knox(&happened.incidents, &bands, permutations, seed, &|| true) {
        Ok(found) => found,
        Err(KnoxError::TooManyPairs { most }) => bail!(message!(
            "相距不远的点对超过 {most} 对，请缩小 --distance 或 --distances",
            "more than {most} pairs are near each other: shorten --distance or --distances"
        )),
        Err(KnoxError::TooManyDays { most }) => bail!(message!(
            "日期跨度超过 {most} 天，请核对时间列",
            "the days reach over more than {most}: look at the column of times"
        )),
        Err(KnoxError::Stopped(stopped)) => return Err(stopped.into()),
    };
    write(&args.source.out, |out| write_table(&found, &ends, out))?;
    if let Some(path) = &args.windows {
        write(path, |out| write_windows(&found, &bands, &ends, &happened, out))?;
    }
    let name = args.source.out.display();
    let raised = found.cells.iter().flatten().filter(|cell| cell.is_raised()).count();
    let (points, pairs, until) = (happened.incidents.len(), found.pairs, happened.until);
    output::line(message!(
        "{name}：截至 {until} 的 {points} 个点、{pairs} 对，{raised} 格超出偶然",
        "{name}: {points} points up to {until}, {pairs} pairs, {raised} cells beyond chance"
    ));
    Ok(())
}

/// A line for each band of distance and of time.
fn write_table(found: &Knox, ends: &Ends, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "from_m,to_m,from_days,to_days,observed,expected,ratio,p,raised")?;
    for (distance, row) in found.cells.iter().enumerate() {
        let from_m = if distance == 0 { 0.0 } else { ends.metres[distance - 1] };
        for (time, cell) in row.iter().enumerate() {
            let from_days = if time == 0 { 0 } else { ends.days[time - 1] + 1 };
            let KnoxCell { observed, expected, p } = cell;
            let ratio = cell.ratio().unwrap_or(f64::NAN);
            let (to_m, to_days, raised) =
                (ends.metres[distance], ends.days[time], u8::from(cell.is_raised()));
            writeln!(
                out,
                "{from_m},{to_m},{from_days},{to_days},{observed},{expected},{ratio},{p},{raised}"
            )?;
        }
    }
    Ok(())
}

/// A line for each point whose age is in a raised band on the day asked about, the latest first.
fn write_windows(
    found: &Knox,
    bands: &Bands,
    ends: &Ends,
    happened: &Happened,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    writeln!(out, "row,x,y,day,radius_m,until,ratio")?;
    let mut order: Vec<usize> = (0..happened.incidents.len()).collect();
    order.sort_by_key(|&incident| (-happened.incidents[incident].day, happened.numbers[incident]));
    for incident in order {
        let age = happened.until.num_days_from_ce() - happened.incidents[incident].day;
        let Some((distance, time, cell)) = u32::try_from(age).ok().and_then(|age| found.expects(bands, age))
        else {
            continue;
        };
        let point = happened.numbers[incident];
        let (x, y) = happened.points.given(point);
        let day = happened.until - Days::new(age.unsigned_abs().into());
        let (radius_m, ratio) = (ends.metres[distance], cell.ratio().unwrap_or(f64::NAN));
        let until = day + Days::new(ends.days[time].into());
        writeln!(out, "{},{x},{y},{day},{radius_m},{until},{ratio}", happened.points.row(point))?;
    }
    Ok(())
}
