//! `gridkeeper export` and `gridkeeper template`: a layer into a file, and an empty table to fill in.

use std::path::PathBuf;

use anyhow::Context;

use super::connection::DatabaseArgs;
use super::import::{crs, format, format_of, layer, layers};
use super::interrupt::Interrupt;
use super::language::text;
use super::output;
use super::whole_file::whole;
use crate::domain::exchange::{Exported, Layer, export};
use crate::interop::tables::{self, Format, Headings};
use crate::kernel::geometry::Crs;
use crate::message;
use crate::platform::audit;
use crate::platform::database::{Database, Scope};

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[arg(value_parser = layer, value_name = "LAYER", help = layers())]
    layer: Layer,
    #[arg(
        value_name = "FILE",
        help = text("要写的文件：.geojson、.csv 或 .xlsx", "The file to write: .geojson, .csv or .xlsx")
    )]
    file: PathBuf,
    #[arg(
        long, default_value = "wgs84", value_parser = crs, value_name = "CRS",
        help = text("坐标系：wgs84、cgcs2000、gcj02、bd09", "The system of its coordinates: wgs84, cgcs2000, gcj02 or bd09")
    )]
    crs: Crs,
    #[arg(
        long, value_parser = format, value_name = "FORMAT",
        help = text("文件名看不出格式时：geojson、csv 或 xlsx", "If its name does not tell: geojson, csv or xlsx")
    )]
    format: Option<Format>,
    #[arg(long, help = text("XLSX 也用英文表头", "English column headings in XLSX too"))]
    english_headings: bool,
    #[arg(
        long,
        help = text("含完整电话与身份证号；此次读取记入审计日志", "Telephone and identity numbers in full; the reading goes to the audit log")
    )]
    with_identities: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct TemplateArgs {
    #[arg(value_parser = layer, value_name = "LAYER", help = layers())]
    layer: Layer,
    #[arg(value_name = "FILE", help = text("要写的 .xlsx 文件", "The .xlsx file to write"))]
    file: PathBuf,
}

pub(super) async fn run(args: &ExportArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    let name = args.file.display().to_string();
    let format = format_of(args.format, &name)?;
    let connection = args.database.open(interrupt).await?;
    let rows = read(args, &connection.database).await;
    connection.close().await;
    let rows = rows?;
    let headings = match (format, args.english_headings) {
        (Format::Xlsx, false) => Headings::Zh,
        _ => Headings::En,
    };
    whole(&args.file, |out| Ok(tables::write(format, args.layer, headings, &rows, out)?))
        .with_context(|| message!("无法写入 {name}", "cannot write {name}").to_string())?;
    let count = rows.len();
    output::line(message!("{name}：{count} 行", "{name}: {count} rows"));
    Ok(())
}

async fn read(args: &ExportArgs, database: &Database) -> anyhow::Result<Vec<Exported>> {
    let mut transaction = database.begin(&Scope::system()).await?;
    let rows = export(&mut transaction, args.layer, args.crs, args.with_identities).await?;
    if args.with_identities {
        audit::record_system(&mut transaction, "export-identities", "layer", args.layer.key()).await?;
    }
    transaction.commit().await?;
    Ok(rows)
}

pub(super) fn run_template(args: &TemplateArgs) -> anyhow::Result<()> {
    let name = args.file.display().to_string();
    let bytes = tables::template(args.layer)?;
    whole(&args.file, |out| Ok(out.write_all(&bytes)?))
        .with_context(|| message!("无法写入 {name}", "cannot write {name}").to_string())?;
    output::line(message!("已写入 {name}", "wrote {name}"));
    Ok(())
}
