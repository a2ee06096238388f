//! `gridkeeper import`: a file into a layer, all of it or nothing.

use std::path::PathBuf;

use anyhow::{Context, bail};
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};

use super::connection::DatabaseArgs;
use super::interrupt::Interrupt;
use super::language::text;
use super::output;
use crate::domain::exchange::{self, Faults, ImportError, Imported, Layer, MAX_LISTED, Prepared};
use crate::domain::grids::BoundaryMap;
use crate::interop::osm::is_pbf;
use crate::interop::tables::{self, Format};
use crate::kernel::geometry::{Crs, ParseCrsError};
use crate::message;
use crate::platform::database::{Database, Scope};
use crate::platform::events::{Change, announce};
use crate::platform::locale::Message;

#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    #[arg(value_parser = layer, value_name = "LAYER", help = layers())]
    layer: Layer,
    #[arg(value_name = "FILE", help = text("文件：.geojson、.csv 或 .xlsx；道路还可用 .osm.pbf", "The file: .geojson, .csv or .xlsx; for roads also .osm.pbf"))]
    file: PathBuf,
    #[arg(
        long, default_value = "wgs84", value_parser = crs, value_name = "CRS",
        help = text("文件坐标的坐标系：wgs84、cgcs2000、gcj02、bd09", "The system of its coordinates: wgs84, cgcs2000, gcj02 or bd09")
    )]
    crs: Crs,
    #[arg(
        long, value_parser = format, value_name = "FORMAT",
        help = text("文件名看不出格式时：geojson、csv 或 xlsx", "If its name does not tell: geojson, csv or xlsx")
    )]
    format: Option<Format>,
    #[arg(long, help = text("只检查整个文件，不写入", "Check the whole file, and write nothing"))]
    dry_run: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// The layers, as help lists them.
pub(super) fn layers() -> String {
    Layer::ALL
        .iter()
        .map(|layer| text(layer.zh(), "").to_owned() + layer.key())
        .collect::<Vec<_>>()
        .join(text("、", ", "))
}

/// Reads a layer's name, in either language.
pub(super) fn layer(name: &str) -> Result<Layer, String> {
    name.parse().map_err(|_| {
        let known = layers();
        message!("没有这个图层，可用：{known}", "no such layer; there are {known}").to_string()
    })
}

/// Reads the name of a coordinate system.
pub(super) fn crs(name: &str) -> Result<Crs, String> {
    name.parse()
        .map_err(|error: ParseCrsError| Message::new(error.to_chinese(), error.to_string()).to_string())
}

/// Reads the name of a format.
pub(super) fn format(name: &str) -> Result<Format, String> {
    Format::of_name(&format!(".{name}"))
        .ok_or_else(|| text("应为 geojson、csv 或 xlsx", "geojson, csv or xlsx").to_owned())
}

/// The format given, or the one the file's name ends in.
pub(super) fn format_of(given: Option<Format>, name: &str) -> anyhow::Result<Format> {
    given.or_else(|| Format::of_name(name)).with_context(|| {
        message!(
            "{name}：由文件名看不出格式，请用 --format 指明 geojson、csv 或 xlsx",
            "{name}: the name does not tell the format; say --format geojson, csv or xlsx"
        )
        .to_string()
    })
}

pub(super) async fn run(args: &ImportArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    let name = args.file.display().to_string();
    let prepared = read(args, &name).await?;
    let connection = args.database.open(interrupt).await?;
    let loaded = tokio::select! {
        loaded = load(args, &name, &prepared, &connection.database) => loaded,
        () = interrupt.stop.cancelled() => {
            Err(anyhow::anyhow!(text("已中断，未写入任何内容", "interrupted; nothing was written")))
        }
    };
    connection.close().await;
    let Imported { created, updated, elsewhere } = loaded?;
    if elsewhere > 0 {
        output::remark(message!(
            "{name}：{elsewhere} 条在已知区划之外，未导入",
            "{name}: left out {elsewhere} that lie outside every known area"
        ));
    }
    output::line(if args.dry_run {
        message!(
            "{name}：检查通过，将新增 {created} 行、更新 {updated} 行（未写入）",
            "{name}: sound; it would create {created} rows and update {updated} (nothing was written)"
        )
    } else {
        message!(
            "{name}：新增 {created} 行，更新 {updated} 行",
            "{name}: {created} rows created, {updated} updated"
        )
    });
    Ok(())
}

/// Reads the file and checks every row by itself, before any database is opened.
async fn read(args: &ImportArgs, name: &str) -> anyhow::Result<Prepared> {
    let is_extract = args.format.is_none() && is_pbf(name);
    let format = if is_extract { None } else { Some(format_of(args.format, name)?) };
    let bytes = tokio::fs::read(&args.file)
        .await
        .with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())?;
    let table = match format {
        Some(format) => tables::read(format, args.layer, &bytes),
        None => tables::roads_of_extract(args.layer, &bytes),
    }
    .with_context(|| name.to_owned())?;
    if !table.ignored.is_empty() {
        let headings = table.ignored.join(", ");
        output::remark(message!(
            "{name}：忽略了未知的列 {headings}",
            "{name}: ignoring unknown columns {headings}"
        ));
    }
    let prepared = exchange::prepare(args.layer, &table, args.crs).or_else(|faults| refuse(name, &faults))?;
    Ok(if is_extract { prepared.without_elsewhere() } else { prepared })
}

/// Writes the rows in one transaction and commits it, unless this is a dry run.
async fn load(
    args: &ImportArgs,
    name: &str,
    prepared: &Prepared,
    database: &Database,
) -> anyhow::Result<Imported> {
    let bar = ProgressBar::new(prepared.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    let mut transaction = database.begin(&Scope::system()).await?;
    let boundaries = BoundaryMap::load(&mut transaction).await?;
    let progress = |done: usize| bar.set_position(done as u64);
    let imported = exchange::import(&mut transaction, prepared, &boundaries, Utc::now(), &progress).await;
    bar.finish_and_clear();
    let imported = match imported {
        Ok(imported) => imported,
        Err(ImportError::Faults(faults)) => return refuse(name, &faults),
        Err(ImportError::Problem(problem)) => bail!("{name}: {problem}"),
    };
    if args.dry_run {
        transaction.rollback().await?;
        return Ok(imported);
    }
    let mut changes = vec![Change::Layer { layer: args.layer.key().into() }];
    if matches!(args.layer, Layer::Grids | Layer::Areas) {
        changes.push(Change::Boundaries);
    }
    announce(&mut transaction, changes).await?;
    transaction.commit().await?;
    Ok(imported)
}

/// Lists what is wrong: file, row, column, reason.
pub(super) fn refuse<T>(name: &str, faults: &Faults) -> anyhow::Result<T> {
    for fault in faults.listed() {
        let (row, column, reason) = (fault.row, &fault.column, &fault.reason);
        let (zh, en) = (&reason.zh, &reason.en);
        output::remark(message!("{name}：第 {row} 行，{column}：{zh}", "{name}: row {row}, {column}: {en}"));
    }
    let count = faults.count();
    if count > MAX_LISTED {
        let more = count - MAX_LISTED;
        output::remark(message!("……另有 {more} 处", "... and {more} more"));
    }
    bail!(message!(
        "{name}：共 {count} 处错误，未写入任何内容",
        "{name}: {count} faults; nothing was written"
    ))
}
