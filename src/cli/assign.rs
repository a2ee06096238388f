//! `gridkeeper assign`: which point is in which grid, for whole files.

use std::fs;
use std::io::{BufWriter, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use geo::MultiPolygon;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use tokio_util::sync::CancellationToken;

use super::import::crs;
use super::interrupt::Interrupt;
use super::language::text;
use super::output;
use crate::interop::assign::{
    Grids, IndexedGrids, Kept, MOST_LISTED, Origin, OutputFormat, PointColumns, PointFile, Progress, Refusal,
    Tally, assign, open_index, read_grids, save_index,
};
use crate::kernel::geometry::coverage::{Flaw, overlaps};
use crate::kernel::geometry::{Crs, FaceId, GridIndex};
use crate::message;

#[derive(Debug, clap::Args)]
pub(super) struct AssignArgs {
    #[arg(
        long, value_name = "FILE",
        help = text("网格：GeoJSON、逐行 GeoJSON 或 FlatGeobuf", "The grids: GeoJSON, GeoJSON by lines, or FlatGeobuf")
    )]
    grids: PathBuf,
    #[arg(long, value_name = "FILE", help = text("点：CSV 或 Parquet", "The points: CSV or Parquet"))]
    points: PathBuf,
    #[arg(
        long, value_name = "FILE", value_parser = out,
        help = text("结果：.csv 或 .parquet，写完才出现", "The answers, .csv or .parquet; the file appears when it is complete")
    )]
    out: Out,
    #[arg(
        long, value_name = "COLUMN",
        help = text("点的编号列，写入结果（默认写行号，自 1 起）", "The column that names the points in the answers (else their row numbers, from 1)")
    )]
    id: Option<String>,
    #[arg(
        long, value_name = "COLUMN", requires = "lat",
        help = text("经度列（默认 lon、lng、longitude、long、经度、x 之一）", "The column of longitudes (else one of lon, lng, longitude, long, 经度, x)")
    )]
    lon: Option<String>,
    #[arg(
        long, value_name = "COLUMN", requires = "lon",
        help = text("纬度列（默认 lat、latitude、纬度、y 之一）", "The column of latitudes (else one of lat, latitude, 纬度, y)")
    )]
    lat: Option<String>,
    #[arg(
        long, default_value = "wgs84", value_parser = crs, value_name = "CRS",
        help = text("点的坐标系：wgs84、cgcs2000、gcj02、bd09", "The system of the points: wgs84, cgcs2000, gcj02 or bd09")
    )]
    crs: Crs,
    #[arg(
        long, value_name = "PROPERTY",
        help = text("网格的编号属性（默认 code、id、grid、polygon_id，再为要素 id，再为序号）", "The property that names the grids (else code, id, grid or polygon_id, the feature's id, or its place from 0)")
    )]
    grid_id: Option<String>,
    #[arg(
        long, value_name = "FILE",
        help = text("索引文件：没有则建立并存入，有则直接使用", "A file to keep the index in: made if it is not there, used if it is")
    )]
    index: Option<PathBuf>,
    #[arg(long, help = text("网格重叠时取文件中靠前者（默认拒绝）", "Where grids overlap, take the first in the file (else they are refused)"))]
    first: bool,
    #[arg(
        long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..),
        help = text("线程数（默认全部处理器）", "How many threads (else one per processor)")
    )]
    threads: Option<u16>,
    #[arg(long, help = text("在标准错误上以一行 JSON 给出统计", "One line of JSON with figures, on standard error"))]
    stats: bool,
}

/// A file to write, in a format its name tells.
#[derive(Debug, Clone)]
struct Out {
    path: PathBuf,
    format: OutputFormat,
}

fn out(name: &str) -> Result<Out, String> {
    match OutputFormat::of_name(name) {
        Some(format) => Ok(Out { path: name.into(), format }),
        None => {
            Err(text("文件名应以 .csv 或 .parquet 结尾", "its name should end in .csv or .parquet")
                .to_owned())
        }
    }
}

/// What `--stats` prints.
#[derive(serde::Serialize)]
struct Stats {
    grids: usize,
    vertices: usize,
    points: u64,
    assigned: u64,
    outside: u64,
    build_s: f64,
    assign_s: f64,
    total_s: f64,
    threads: usize,
    index_bytes: usize,
}

pub(super) async fn run(args: AssignArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    let stop = interrupt.stop.clone();
    tokio::task::spawn_blocking(move || on_threads(&args, &stop)).await?
}

fn on_threads(args: &AssignArgs, stop: &CancellationToken) -> anyhow::Result<()> {
    let threads = args.threads.map_or(0, usize::from);
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| work(args, stop)).map_err(|error| match error.downcast::<Refusal>() {
        Ok(refusal) => {
            list(&refusal);
            refusal.into()
        }
        Err(error) => error,
    })
}

fn list(refusal: &Refusal) {
    for fault in &refusal.faults {
        output::remark(fault.in_file(&refusal.file));
    }
    let more = refusal.more;
    if more > 0 {
        output::remark(message!("……另有 {more} 处", "... and {more} more"));
    }
}

fn work(args: &AssignArgs, stop: &CancellationToken) -> anyhow::Result<()> {
    let start = Instant::now();
    // Opened first: a column that is not there should not wait for the index.
    let columns =
        PointColumns { id: args.id.clone(), lon_lat: args.lon.clone().zip(args.lat.clone()), crs: args.crs };
    let points = PointFile::open(&args.points, &columns)?;
    let (grids, build_s) = indexed(args)?;
    let IndexedGrids { index, labels, vertices } = &grids;
    let tally = write(args, stop, index, labels, points)?;
    let Tally { points, assigned, lookup } = tally;
    let outside = points - assigned;
    let name = args.out.path.display();
    output::line(message!(
        "{name}：{points} 个点，{assigned} 个在网格内，{outside} 个在外",
        "{name}: {points} points, {assigned} in a grid, {outside} outside"
    ));
    if args.stats {
        let stats = Stats {
            grids: labels.len(),
            vertices: *vertices,
            points,
            assigned,
            outside,
            build_s,
            assign_s: lookup.as_secs_f64(),
            total_s: start.elapsed().as_secs_f64(),
            threads: rayon::current_num_threads(),
            index_bytes: index.bytes(),
        };
        output::remark(serde_json::to_string(&stats)?);
    }
    Ok(())
}

/// The grids ready for points, and how many seconds it took to build the index, or to open it.
fn indexed(args: &AssignArgs) -> anyhow::Result<(IndexedGrids, f64)> {
    let name = args.grids.display();
    let bytes = fs::read(&args.grids)
        .with_context(|| message!("{name}：无法读取", "{name}: cannot be read").to_string())?;
    let Some(path) = &args.index else { return build(args, &bytes) };
    let origin = Origin::new(&bytes, args.grid_id.as_deref());
    let opening = Instant::now();
    match open_index(path, &origin, args.first)? {
        Kept::Index(grids) => return Ok((*grids, opening.elapsed().as_secs_f64())),
        Kept::Nothing(why) => why.into_iter().for_each(output::remark),
    }
    let (grids, build_s) = build(args, &bytes)?;
    save_index(path, &grids, &origin, !args.first)?;
    Ok((grids, build_s))
}

fn build(args: &AssignArgs, bytes: &[u8]) -> anyhow::Result<(IndexedGrids, f64)> {
    let grids = grids(args, bytes)?;
    let vertices = grids.vertices();
    let Grids { labels, faces, .. } = grids;
    let faces: Vec<(FaceId, MultiPolygon<f64>)> =
        faces.into_par_iter().map(|face| (face.id, face.to_multi_polygon())).collect();
    if !args.first {
        refuse_overlaps(&args.grids, &labels, &overlaps(&faces))?;
    }
    let building = Instant::now();
    let index = GridIndex::build(faces).with_context(|| args.grids.display().to_string())?;
    let build_s = building.elapsed().as_secs_f64();
    Ok((IndexedGrids { index, labels, vertices }, build_s))
}

fn grids(args: &AssignArgs, bytes: &[u8]) -> anyhow::Result<Grids> {
    let name = args.grids.display();
    let grids = read_grids(&args.grids, bytes, args.grid_id.as_deref())?;
    for repair in grids.repairs.iter().take(MOST_LISTED) {
        output::remark(repair.in_file(&name.to_string()));
    }
    if !grids.repairs.is_empty() {
        let count = grids.repairs.len();
        output::remark(message!(
            "{name}：以上共 {count} 处，形状不受影响，已照常使用",
            "{name}: {count} such places; they change no shape and were put right"
        ));
    }
    Ok(grids)
}

/// Lists the overlaps, if there are any, and ends.
fn refuse_overlaps(path: &Path, labels: &[String], overlaps: &[Flaw]) -> anyhow::Result<()> {
    if overlaps.is_empty() {
        return Ok(());
    }
    let name = path.display();
    for flaw in overlaps.iter().take(MOST_LISTED) {
        let named: Vec<String> = flaw
            .faces
            .iter()
            .map(|face| {
                let (number, label) = (face.0 + 1, labels.get(face.0 as usize).map_or("", String::as_str));
                message!("第 {number} 个要素（{label}）", "feature {number} ({label})").to_string()
            })
            .collect();
        let (zh, en) = (named.join("与"), named.join(" and "));
        let (area, x, y) = (flaw.area_m2, flaw.at.x, flaw.at.y);
        output::remark(message!(
            "{name}：{zh}重叠 {area:.3} ㎡，位于 {x},{y}",
            "{name}: {en} overlap by {area:.3} m² at {x},{y}"
        ));
    }
    let count = overlaps.len();
    if count > MOST_LISTED {
        let more = count - MOST_LISTED;
        output::remark(message!("……另有 {more} 处", "... and {more} more"));
    }
    bail!(message!(
        "{name}：网格有 {count} 处重叠，未写入任何内容；加 --first 则取文件中靠前者",
        "{name}: the grids overlap in {count} places; nothing was written. With --first the first in the file is taken"
    ))
}

/// Writes the answers into a file that appears only when it is complete.
fn write(
    args: &AssignArgs,
    stop: &CancellationToken,
    index: &GridIndex,
    labels: &[String],
    points: PointFile,
) -> anyhow::Result<Tally> {
    let Out { path, format } = &args.out;
    let (input, name) = (args.points.display().to_string(), path.display().to_string());
    let unwritable = || message!("{name}：无法写入", "{name}: cannot be written").to_string();
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file =
        tempfile::Builder::new().prefix(".gridkeeper-").tempfile_in(folder).with_context(unwritable)?;
    let bar = Bar::new(points.length(), args.points.extension().is_some_and(|e| e == "parquet"), stop);
    let out = BufWriter::with_capacity(1 << 20, file.as_file().try_clone().with_context(unwritable)?);
    let tally = assign(index, labels, points, (&input, &name), (*format, out), &bar);
    bar.bar.finish_and_clear();
    let tally = tally?;
    file.as_file().sync_all().with_context(unwritable)?;
    // A temporary file is its owner's alone; this one is to be like any other.
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    file.as_file().set_permissions(permissions).with_context(unwritable)?;
    file.persist(path).with_context(unwritable)?;
    Ok(tally)
}

/// How far it is, on a terminal.
struct Bar<'a> {
    bar: ProgressBar,
    stop: &'a CancellationToken,
}

impl<'a> Bar<'a> {
    fn new(length: u64, rows: bool, stop: &'a CancellationToken) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden(), stop };
        }
        let bar = if length > 0 { ProgressBar::new(length) } else { ProgressBar::no_length() };
        let template = if rows {
            "{wide_bar} {human_pos}/{human_len} {eta}"
        } else {
            "{wide_bar} {binary_bytes}/{binary_total_bytes} {eta}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, stop }
    }
}

impl Progress for Bar<'_> {
    fn at(&self, position: u64) {
        self.bar.set_position(position);
    }

    fn is_cancelled(&self) -> bool {
        self.stop.is_cancelled()
    }
}
