//! `gridkeeper density`: a kernel density surface from a file of points, without a database.

mod options;
mod surface;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, bail};

use super::language::text;
use super::output;
use super::whole_file::whole;
use crate::kernel::density::Kernel;
use crate::kernel::density::ramp::{self, Scale};
use crate::message;
use crate::platform::raster::{Frame, Palette, System, geotiff, picture};
use options::{Bandwidth, Corners, Size, kernel};
use surface::{Computed, compute};

#[derive(Debug, clap::Args)]
pub(super) struct DensityArgs {
    #[arg(long, value_name = "FILE", help = text("点文件（CSV）", "The points: a CSV"))]
    points: PathBuf,
    #[arg(long, value_name = "COLUMN", help = text("横坐标列（默认 x、lon 或经度）", "The column of x (x, lon or longitude unless given)"))]
    x: Option<String>,
    #[arg(long, value_name = "COLUMN", help = text("纵坐标列（默认 y、lat 或纬度）", "The column of y (y, lat or latitude unless given)"))]
    y: Option<String>,
    #[arg(long, value_name = "COLUMN", help = text("权重列（默认每点计 1）", "The column of weights (each point counts 1 unless given)"))]
    weight: Option<String>,
    #[arg(
        long, value_parser = kernel, value_name = "KERNEL",
        help = text("核：gaussian、epanechnikov、quartic、triweight", "The kernel: gaussian, epanechnikov, quartic or triweight")
    )]
    kernel: Kernel,
    #[arg(
        long, value_parser = Bandwidth::from_str, allow_hyphen_values = true, value_name = "H|auto|scott",
        help = text(
            "带宽：米，--planar 时与坐标同单位；auto 由点以似然交叉验证选定，scott 依斯科特法则",
            "The bandwidth: metres, or with --planar the unit of the coordinates; chosen from the points by likelihood \
             cross-validation (auto) or Scott's rule (scott)"
        )
    )]
    bandwidth: Bandwidth,
    #[arg(
        long,
        help = text("每点各有带宽：点密处窄，点疏处宽（Abramson）", "A bandwidth for each point: narrow where they are many, wide where few (Abramson)")
    )]
    adaptive: bool,
    #[arg(
        long, value_name = "FILE",
        help = text("只在此区域（GeoJSON 多边形）内，并作边界校正", "Only within this area (GeoJSON polygons), corrected for its edge")
    )]
    within: Option<PathBuf>,
    #[arg(
        long, value_name = "FILE", conflicts_with_all = ["adaptive", "within"],
        help = text("除以这些点（CSV，同样的坐标列）的密度：每一个对应多少", "Divide by the density of these points (a CSV with the same columns): so many for each of them")
    )]
    relative_to: Option<PathBuf>,
    #[arg(long, help = text("坐标是平面坐标，原样使用", "The coordinates are of a plane, and used as they are"))]
    planar: bool,
    #[arg(
        long, value_parser = Corners::from_str, allow_hyphen_values = true, value_name = "XMIN,YMIN,XMAX,YMAX",
        help = text("范围", "The box to cover")
    )]
    bbox: Corners,
    #[arg(long, value_parser = Size::from_str, value_name = "WxH", help = text("列数和行数，如 512x512", "Columns and rows, such as 512x512"))]
    size: Size,
    #[arg(long, value_name = "FILE", help = text("要写的文件：.csv、.tif 或 .png", "The file to write: .csv, .tif or .png"))]
    out: PathBuf,
}

/// What the file to write is.
#[derive(Debug, Clone, Copy)]
enum Format {
    Csv,
    GeoTiff,
    Png,
}

pub(super) fn run(args: &DensityArgs) -> anyhow::Result<()> {
    let format = format_of(&args.out)?;
    let frame = args.bbox.frame(args.size, args.planar)?;
    let Computed { values, points, bandwidth } = compute(args, &frame)?;
    write(format, args, &frame, &values)?;
    let (name, cells) = (args.out.display(), values.len());
    let greatest = values.iter().copied().fold(0.0, f64::max);
    output::line(message!(
        "{name}：{points} 个点，带宽 {bandwidth}，{cells} 格，最大值 {greatest}",
        "{name}: {points} points, a bandwidth of {bandwidth}, {cells} cells, at most {greatest}"
    ));
    Ok(())
}

fn write(format: Format, args: &DensityArgs, frame: &Frame, values: &[f64]) -> anyhow::Result<()> {
    let name = args.out.display();
    let written = match format {
        Format::Csv => whole(&args.out, |out| write_csv(frame, values, out)),
        Format::GeoTiff => {
            let bytes = geotiff(values, frame)?;
            whole(&args.out, |out| Ok(out.write_all(&bytes)?))
        }
        Format::Png => {
            let bytes =
                picture(&coloured(args, frame, values), frame.columns, &Palette::new(&ramp::COLOURS, 255))?;
            whole(&args.out, |out| Ok(out.write_all(&bytes)?)).and_then(|()| {
                whole(
                    &args.out.with_extension("pgw"),
                    |out| Ok(out.write_all(frame.world_file().as_bytes())?),
                )
            })
        }
    };
    written.with_context(|| message!("无法写入 {name}", "cannot write {name}").to_string())
}

fn write_csv(frame: &Frame, values: &[f64], out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "x,y,value")?;
    let across = frame.across();
    for (y, row) in frame.down().iter().zip(values.chunks(frame.columns)) {
        for (x, value) in across.iter().zip(row) {
            writeln!(out, "{x},{y},{value}")?;
        }
    }
    Ok(())
}

/// The colour of each cell: the legend's for events per square kilometre; in units that nobody named, each class
/// begins at its share of the greatest value.
fn coloured(args: &DensityArgs, frame: &Frame, values: &[f64]) -> Vec<u8> {
    if args.relative_to.is_some() {
        return values.iter().map(|&value| Scale::Relative.colour(value)).collect();
    }
    let greatest = values.iter().copied().fold(0.0, f64::max);
    let [.., last] = ramp::BREAKS_PER_KM2;
    let scale = match frame.system {
        System::LonLat => 1.0,
        System::Plane if greatest > 0.0 => last / greatest,
        System::Plane => 0.0,
    };
    values.iter().map(|value| ramp::colour(value * scale)).collect()
}

fn format_of(path: &Path) -> anyhow::Result<Format> {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str() {
        Some("csv") => Ok(Format::Csv),
        Some("tif" | "tiff") => Ok(Format::GeoTiff),
        Some("png") => Ok(Format::Png),
        _ => {
            let name = path.display();
            bail!(message!(
                "{name}：文件名应以 .csv、.tif 或 .png 结尾",
                "{name}: the name should end in .csv, .tif or .png"
            ))
        }
    }
}
