//! `gridkeeper clusters scan`.

use std::io::Write;

use chrono::{Datelike, Days};

use super::read::{Happened, read};
use super::{Source, write};
use crate::cli::language::text;
use crate::cli::output;
use crate::cli::plane::Plane;
use crate::kernel::plane::PlanePoint;
use crate::kernel::spacetime::{Cluster, ScanPlan, scan};
use crate::message;

/// Windows of time tried at most.
const MOST_STEPS: u32 = 30;

#[derive(Debug, clap::Args)]
pub(super) struct ScanArgs {
    #[command(flatten)]
    source: Source,
    #[arg(
        long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000), value_name = "M",
        help = text("最大半径（米）", "The radius of the largest circle, in metres")
    )]
    radius: u32,
    #[arg(
        long, default_value_t = 28, value_parser = clap::value_parser!(u32).range(1..=3650), value_name = "N",
        help = text("“近来”最多多少天", "How many days back \"lately\" may begin")
    )]
    days: u32,
    #[arg(
        long, default_value_t = 0.05, value_parser = level, value_name = "P",
        help = text("偶然至多多常见：大于 0、不超过 1", "How often chance may do as much: above 0, and 1 at most")
    )]
    level: f64,
}

fn level(given: &str) -> Result<f64, String> {
    given
        .parse()
        .ok()
        .filter(|level| *level > 0.0 && *level <= 1.0)
        .ok_or_else(|| text("应大于 0，不超过 1", "above 0, and 1 at most").to_owned())
}

pub(super) fn run(args: &ScanArgs) -> anyhow::Result<()> {
    let happened = read(&args.source)?;
    let step_days = args.days.div_ceil(MOST_STEPS);
    let plan = ScanPlan {
        last_day: happened.until.num_days_from_ce(),
        step_days,
        most_steps: (args.days / step_days) as usize,
        most_radius_m: f64::from(args.radius),
        permutations: args.source.permutations as usize,
        seed: args.source.seed,
    };
    let mut clusters = scan(&happened.incidents, &plan, &|| true)?;
    clusters.retain(|cluster| cluster.p <= args.level);
    write(&args.source.out, |out| write_clusters(&clusters, &happened, out))?;
    let name = args.source.out.display();
    let (found, points, until) = (clusters.len(), happened.incidents.len(), happened.until);
    output::line(message!(
        "{name}：截至 {until} 的 {points} 个点中有 {found} 处聚集",
        "{name}: {found} clusters among {points} points up to {until}"
    ));
    Ok(())
}

/// A line for each cluster, the strongest first.
fn write_clusters(clusters: &[Cluster], happened: &Happened, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "cluster,x,y,radius_m,from,to,count,expected,ratio,p,rows")?;
    for (number, cluster) in (1..).zip(clusters) {
        writeln!(out, "{number},{}", line(cluster, happened))?;
    }
    Ok(())
}

fn line(cluster: &Cluster, happened: &Happened) -> String {
    let [x, y] = given(happened.plane, cluster.centre);
    let Cluster { radius_m, expected, p, days, incidents, .. } = cluster;
    let from = happened.until - Days::new(u64::from(days.saturating_sub(1)));
    let (until, count) = (happened.until, incidents.len());
    let ratio = count as f64 / expected;
    let rows: Vec<String> = incidents
        .iter()
        .map(|&incident| happened.points.row(happened.numbers[incident as usize]).to_string())
        .collect();
    format!("{x},{y},{radius_m:.1},{from},{until},{count},{expected},{ratio},{p},{}", rows.join(" "))
}

/// A position as the file would have it: longitude and latitude to a centimetre, or metres.
fn given(plane: Plane, at: PlanePoint) -> [f64; 2] {
    let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
    match plane {
        Plane::AsGiven => at.to_array(),
        // What came out of the zone goes back into it.
        Plane::Zone(zone) => at.in_projection(zone).map_or([f64::NAN; 2], |at| {
            let place = at.to_wgs84();
            [rounded(place.lon()), rounded(place.lat())]
        }),
    }
}
