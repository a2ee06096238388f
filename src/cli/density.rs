//! `gridkeeper density`: a kernel density surface from a file of points, without a database.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, bail};

use super::language::text;
use super::output;
use super::whole_file::whole;
use crate::interop::tables::read_numbers;
use crate::kernel::density::{Density, Event, Kernel, Positions, ramp, raster};
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::message;
use crate::platform::locale::Message;
use crate::platform::raster::{Frame, Palette, System, geotiff, picture};

/// The headings that columns of coordinates have, if nothing else is said.
const X_NAMES: [&str; 5] = ["x", "lon", "lng", "longitude", "经度"];
const Y_NAMES: [&str; 4] = ["y", "lat", "latitude", "纬度"];
/// How far from its central meridian a projection is used, in degrees: distances are then within 2 % of the ground.
const WIDEST_DEGREES: f64 = 10.0;
/// More cells than this are surely a mistake.
const MOST_CELLS: usize = 100_000_000;

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
        long, allow_hyphen_values = true, value_name = "H",
        help = text("带宽：米；--planar 时与坐标同单位", "The bandwidth: metres, or with --planar the unit of the coordinates")
    )]
    bandwidth: f64,
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
    let plane = if args.planar { Plane::AsGiven } else { Plane::zone(&frame)? };
    let events = read_events(args, plane)?;
    let points = events.len();
    let density = Density::new(args.kernel, events, args.bandwidth).map_err(|_| {
        let bandwidth = args.bandwidth;
        anyhow::anyhow!(message!(
            "--bandwidth：{bandwidth} 不是大于 0 的长度",
            "--bandwidth: {bandwidth} is not a length above 0"
        ))
    })?;
    let mut values = raster(&density, &plane.positions(&frame)?);
    if let Plane::Zone(_) = plane {
        // From square metres.
        for value in &mut values {
            *value *= 1e6;
        }
    }
    write(format, args, &frame, &values)?;
    let (name, cells) = (args.out.display(), values.len());
    let greatest = values.iter().copied().fold(0.0, f64::max);
    output::line(message!(
        "{name}：{points} 个点，{cells} 格，最大值 {greatest}",
        "{name}: {points} points, {cells} cells, at most {greatest}"
    ));
    Ok(())
}

/// Which plane distances are measured in.
#[derive(Debug, Clone, Copy)]
enum Plane {
    /// That of the coordinates themselves.
    AsGiven,
    /// A projection of longitude and latitude.
    Zone(GaussKruger),
}

impl Plane {
    /// The zone of the middle of the box.
    fn zone(frame: &Frame) -> anyhow::Result<Self> {
        let place = |lon, lat| {
            Wgs84::new(lon, lat).map_err(|error| {
                let why = Message::new(error.to_chinese(), error.to_string());
                let hint = text("平面坐标请加 --planar", "for coordinates of a plane say --planar");
                anyhow::anyhow!("--bbox: {why} ({hint})")
            })
        };
        let (south_west, north_east) = (place(frame.west, frame.south)?, place(frame.east, frame.north)?);
        let middle = place(
            f64::midpoint(south_west.lon(), north_east.lon()),
            f64::midpoint(south_west.lat(), north_east.lat()),
        )?;
        let zone = GaussKruger::for_place(middle);
        if frame.east - zone.central_meridian() > WIDEST_DEGREES
            || zone.central_meridian() - frame.west > WIDEST_DEGREES
        {
            bail!(message!(
                "--bbox：东西跨度过大，一个投影带内距离失真，请分块计算",
                "--bbox: too wide from west to east for distances in one projection; compute it in parts"
            ));
        }
        Ok(Self::Zone(zone))
    }

    fn place(self, x: f64, y: f64) -> Result<PlanePoint, Message> {
        match self {
            Self::AsGiven => Ok(PlanePoint::new(x, y)),
            Self::Zone(zone) => Wgs84::new(x, y)
                .map(|place| zone.project(place).into())
                .map_err(|error| Message::new(error.to_chinese(), error.to_string())),
        }
    }

    fn positions(self, frame: &Frame) -> anyhow::Result<Positions> {
        let (across, down) = (frame.across(), frame.down());
        if let Self::AsGiven = self {
            return Ok(Positions::Straight { east: across, north: down });
        }
        let cells = down.iter().flat_map(|&y| across.iter().map(move |&x| self.place(x, y)));
        let at = cells.collect::<Result<_, _>>().map_err(|why| anyhow::anyhow!("--bbox: {why}"))?;
        Ok(Positions::Bent { columns: frame.columns, at })
    }
}

fn read_events(args: &DensityArgs, plane: Plane) -> anyhow::Result<Vec<Event>> {
    let name = args.points.display();
    let bytes = fs::read(&args.points)
        .with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())?;
    let x = names(args.x.as_deref(), &X_NAMES);
    let y = names(args.y.as_deref(), &Y_NAMES);
    let weight = args.weight.as_deref().map(|name| vec![name]);
    let wanted: Vec<&[&str]> =
        [Some(&x), Some(&y), weight.as_ref()].into_iter().flatten().map(Vec::as_slice).collect();
    let numbers = read_numbers(&bytes, &wanted).with_context(|| name.to_string())?;

    let event = |point: usize| {
        let (x, y) = (numbers.columns[0][point], numbers.columns[1][point]);
        let row = numbers.rows[point];
        let at = plane.place(x, y).map_err(|why| {
            let (zh, en) = (why.zh, why.en);
            anyhow::anyhow!(message!("{name}：第 {row} 行：{zh}", "{name}: row {row}: {en}"))
        })?;
        let weight = numbers.columns.get(2).map_or(1.0, |weights| weights[point]);
        if weight < 0.0 {
            bail!(message!(
                "{name}：第 {row} 行：权重 {weight} 为负",
                "{name}: row {row}: the weight {weight} is negative"
            ));
        }
        Ok(Event { at, weight })
    };
    (0..numbers.rows.len()).map(event).collect()
}

/// The name given, or else those that are usual.
fn names<'a>(given: Option<&'a str>, usual: &[&'a str]) -> Vec<&'a str> {
    given.map_or_else(|| usual.to_vec(), |name| vec![name])
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
            let bytes = picture(&coloured(frame, values), frame.columns, &Palette::new(&ramp::COLOURS, 255))?;
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
fn coloured(frame: &Frame, values: &[f64]) -> Vec<u8> {
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

fn kernel(name: &str) -> Result<Kernel, String> {
    // Silverman's name for the same.
    let name = if name == "biweight" { "quartic" } else { name };
    Kernel::ALL.into_iter().find(|kernel| kernel.key() == name).ok_or_else(|| {
        text(
            "应为 gaussian、epanechnikov、quartic 或 triweight",
            "gaussian, epanechnikov, quartic or triweight",
        )
        .to_owned()
    })
}

/// West, south, east, north.
#[derive(Debug, Clone, Copy)]
struct Corners([f64; 4]);

impl FromStr for Corners {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let numbers: Option<Vec<f64>> =
            given.split(',').map(|part| part.trim().parse().ok().filter(|n: &f64| n.is_finite())).collect();
        let corners = numbers.and_then(|numbers| <[f64; 4]>::try_from(numbers).ok());
        corners.filter(|[west, south, east, north]| west < east && south < north).map(Self).ok_or_else(|| {
            text(
                "应为四个数 xmin,ymin,xmax,ymax，且 xmin < xmax、ymin < ymax",
                "four numbers xmin,ymin,xmax,ymax with xmin < xmax and ymin < ymax",
            )
            .to_owned()
        })
    }
}

impl Corners {
    fn frame(self, size: Size, planar: bool) -> anyhow::Result<Frame> {
        let [west, south, east, north] = self.0;
        let Size { columns, rows } = size;
        if columns.checked_mul(rows).is_none_or(|cells| cells > MOST_CELLS) {
            bail!(message!(
                "--size：最多 {MOST_CELLS} 格",
                "--size: there can be {MOST_CELLS} cells at most"
            ));
        }
        let system = if planar { System::Plane } else { System::LonLat };
        Ok(Frame { west, south, east, north, columns, rows, system })
    }
}

/// Columns and rows.
#[derive(Debug, Clone, Copy)]
struct Size {
    columns: usize,
    rows: usize,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let parts = given.split_once(['x', 'X', '×']);
        let side = |part: &str| part.trim().parse().ok().filter(|&length| length > 0);
        parts
            .and_then(|(columns, rows)| Some(Self { columns: side(columns)?, rows: side(rows)? }))
            .ok_or_else(|| text("应为列数x行数，如 512x512", "columns and rows, such as 512x512").to_owned())
    }
}
