//! `gridkeeper clusters`: what clusters in space and time together, from a file of points and without a database.

mod knox;
mod read;
mod scan;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::NaiveDate;

use super::language::text;
use super::manual;
use super::whole_file::whole;
use crate::message;

#[derive(Debug, clap::Args)]
pub(super) struct ClustersArgs {
    #[command(subcommand)]
    way: Way,
}

#[derive(Debug, clap::Subcommand)]
enum Way {
    #[command(
        about = text("新出现的聚集：时空置换扫描", "Emerging clusters: the space-time permutation scan"),
        long_about = manual::clusters_scan_about(),
        after_long_help = manual::clusters_scan_after(),
        help_template = manual::template()
    )]
    Scan(scan::ScanArgs),
    #[command(
        about = text("临近重复：诺克斯检验及其时间窗", "Near repeats: Knox's test, and where another is to be expected"),
        long_about = manual::clusters_knox_about(),
        after_long_help = manual::clusters_knox_after(),
        help_template = manual::template()
    )]
    Knox(knox::KnoxArgs),
}

/// What both take.
#[derive(Debug, clap::Args)]
struct Source {
    #[arg(long, value_name = "FILE", help = text("点文件（CSV）", "The points: a CSV"))]
    points: PathBuf,
    #[arg(long, value_name = "COLUMN", help = text("横坐标列（默认 x、lon 或经度）", "The column of x (x, lon or longitude unless given)"))]
    x: Option<String>,
    #[arg(long, value_name = "COLUMN", help = text("纵坐标列（默认 y、lat 或纬度）", "The column of y (y, lat or latitude unless given)"))]
    y: Option<String>,
    #[arg(long, value_name = "COLUMN", help = text("时间列（默认 time、date 或时间、日期）", "The column of times (time or date unless given)"))]
    time: Option<String>,
    #[arg(long, help = text("坐标是平面坐标，以米计", "The coordinates are metres of a plane"))]
    planar: bool,
    #[arg(
        long, value_name = "DATE",
        help = text("看到哪一天（默认文件中最后一天）", "The day it is asked on (the last one of the file unless given)")
    )]
    until: Option<NaiveDate>,
    #[arg(
        long, default_value_t = 999, value_parser = clap::value_parser!(u32).range(1..=1_000_000), value_name = "N",
        help = text("置换次数", "How often to permute")
    )]
    permutations: u32,
    #[arg(long, default_value_t = 0, value_name = "N", help = text("随机种子", "The seed of the permutations"))]
    seed: u64,
    #[arg(long, value_name = "FILE", help = text("要写的 CSV", "The CSV to write"))]
    out: PathBuf,
}

pub(super) fn run(args: &ClustersArgs) -> anyhow::Result<()> {
    match &args.way {
        Way::Scan(args) => scan::run(args),
        Way::Knox(args) => knox::run(args),
    }
}

/// Writes a file, or says which one cannot be written.
fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let name = path.display();
    whole(path, fill).with_context(|| message!("无法写入 {name}", "cannot write {name}").to_string())
}
