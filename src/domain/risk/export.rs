//! The surface as a file: GeoTIFF, PNG with its world file, contours, an animation.

use chrono::{DateTime, TimeDelta, Utc};
use geojson::{Feature, FeatureCollection, Geometry, JsonObject};
use rayon::prelude::*;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::painter::Painter;
use super::question::Question;
use super::store::Happening;
use super::surface::{Extent, Surface};
use crate::kernel::density::{Heights, contour, ramp};
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::message;
use crate::platform::http::Bbox;
use crate::platform::problem::Problem;
use crate::platform::raster::{Frame, Palette, System, animation, geotiff, picture};

/// Cells along a side at most.
const MOST_CELLS: u32 = 2048;
/// Pictures in an animation at most.
const MOST_FRAMES: u32 = 60;
/// Cells of a picture of an animation, all together, at most.
const MOST_ANIMATED_CELLS: u32 = 512 * 512;

/// What file is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// `GeoTIFF` of one band of floats in events per square kilometre.
    Tif,
    /// A picture in the legend's colours.
    Png,
    /// The world file of that picture.
    Pgw,
    /// One feature for each class of the legend: where the density is at least its lower bound.
    Geojson,
    /// An animated PNG from the beginning of the period to its end.
    Apng,
}

impl Format {
    /// The media type of the file.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Tif => "image/tiff; application=geotiff",
            Self::Png => "image/png",
            Self::Pgw => "text/plain; charset=utf-8",
            Self::Geojson => "application/geo+json",
            Self::Apng => "image/apng",
        }
    }

    /// The name under which a browser saves the file.
    pub(super) const fn file_name(self) -> &'static str {
        match self {
            Self::Tif => "density.tif",
            Self::Png => "density.png",
            Self::Pgw => "density.pgw",
            Self::Geojson => "density.geojson",
            Self::Apng => "density.apng",
        }
    }
}

/// The query of an export, beside what the density is about.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// The file wanted.
    #[param(inline)]
    pub(super) format: Format,
    /// The box to cover: west,south,east,north in degrees.
    #[param(example = "116.28,35.05,116.34,35.10")]
    bbox: String,
    /// Columns, 1 to 2048; 512 unless given.
    #[param(minimum = 1, maximum = 2048)]
    columns: Option<u32>,
    /// Rows, 1 to 2048; 512 unless given.
    #[param(minimum = 1, maximum = 2048)]
    rows: Option<u32>,
    /// Pictures of an animation, 2 to 60; 12 unless given.
    #[param(minimum = 2, maximum = 60)]
    frames: Option<u32>,
}

impl ExportQuery {
    /// Parses where the raster lies.
    ///
    /// # Errors
    /// 422 naming what is wrong.
    pub(super) fn frame(&self) -> Result<Frame, Problem> {
        let Bbox { west, south, east, north } = Bbox::parse(&self.bbox)?;
        if west >= east || south >= north || east - west > 3.0 || north - south > 3.0 {
            return Err(Problem::invalid(
                "bbox",
                message!("宽和高应大于 0、不超过 3 度", "wider and higher than 0, and 3 degrees at most"),
            ));
        }
        let side = |field: &'static str, given: Option<u32>| match given.unwrap_or(512) {
            count @ 1..=MOST_CELLS => Ok(count as usize),
            _ => Err(Problem::invalid(
                field,
                message!("应在 1 到 {MOST_CELLS} 之间", "between 1 and {MOST_CELLS}"),
            )),
        };
        let (columns, rows) = (side("columns", self.columns)?, side("rows", self.rows)?);
        if self.format == Format::Apng && columns * rows > MOST_ANIMATED_CELLS as usize {
            return Err(Problem::invalid(
                "columns",
                message!("动画最多 512×512 格", "an animation has 512 × 512 cells at most"),
            ));
        }
        Ok(Frame { west, south, east, north, columns, rows, system: System::LonLat })
    }

    /// The moments that the pictures of an animation show.
    ///
    /// # Errors
    /// 422 when there is no period, or it is wanted in too many pictures.
    pub(super) fn moments(&self, question: &Question) -> Result<Vec<DateTime<Utc>>, Problem> {
        let Some((from, to)) = question.from.zip(question.to) else {
            return Err(Problem::invalid(
                "from",
                message!("动画须给出 from 和 to", "an animation needs from and to"),
            ));
        };
        let frames = self.frames.unwrap_or(12);
        if !(2..=MOST_FRAMES).contains(&frames) {
            return Err(Problem::invalid(
                "frames",
                message!("应在 2 到 {MOST_FRAMES} 之间", "between 2 and {MOST_FRAMES}"),
            ));
        }
        let step = (to - from) / i32::try_from(frames).unwrap_or(i32::MAX);
        let moment = |frame: u32| from + step * i32::try_from(frame).unwrap_or(i32::MAX);
        Ok((1..frames).map(moment).chain([to]).collect())
    }
}

/// The file over one surface.
///
/// # Errors
/// Never in practice: the encoders write to memory.
pub(super) fn file(format: Format, surface: &Surface, frame: &Frame) -> Result<Vec<u8>, Problem> {
    match format {
        Format::Pgw => Ok(frame.world_file().into_bytes()),
        Format::Tif => geotiff(&values(surface, frame), frame).map_err(|error| Problem::internal(&error)),
        Format::Png | Format::Apng => picture(&colours(&values(surface, frame)), frame.columns, &palette())
            .map_err(|error| Problem::internal(&error)),
        Format::Geojson => contours(&values(surface, frame), frame),
    }
}

/// A picture for each of `moments`: the reports up to then, their age counted from then.
///
/// # Errors
/// Never in practice: the encoder writes to memory.
pub(super) fn animated(
    mut happenings: Vec<Happening>,
    question: &Question,
    moments: &[DateTime<Utc>],
    frame: &Frame,
) -> Result<Vec<u8>, Problem> {
    happenings.sort_by_key(|happening| happening.happened_at);
    let middle = Wgs84::new(f64::midpoint(frame.west, frame.east), f64::midpoint(frame.south, frame.north))
        .map_err(|error| Problem::internal(&error))?;
    let projection = GaussKruger::for_place(middle);
    let painter = Painter::new(frame, projection);
    let (mut east_m, mut north_m) = (Vec::new(), Vec::new());
    for happening in &happenings {
        let at = projection.project(happening.weighted(question)?.0);
        east_m.push(at.east_m());
        north_m.push(at.north_m());
    }
    let picture = |&moment: &DateTime<Utc>| {
        let until = question.until(moment);
        let count = happenings.partition_point(|happening| happening.happened_at < moment);
        let weights = happenings[..count].iter().map(|happening| Ok(happening.weighted(&until)?.1));
        let weights = weights.collect::<Result<Vec<f64>, Problem>>()?;
        let columns = [&east_m[..count], &north_m[..count], &weights];
        Ok(painter.paint(question.kernel, f64::from(question.bandwidth_m), columns))
    };
    let pictures = moments.par_iter().map(picture).collect::<Result<Vec<_>, Problem>>()?;
    animation(&pictures, frame.columns, &palette(), TimeDelta::milliseconds(500))
        .map_err(|error| Problem::internal(&error))
}

fn palette() -> Palette {
    Palette::new(&ramp::COLOURS, 255)
}

fn colours(values: &[f64]) -> Vec<u8> {
    values.iter().map(|&value| ramp::colour(value)).collect()
}

/// The densities at the middles of the cells, row by row from the north.
fn values(surface: &Surface, frame: &Frame) -> Vec<f64> {
    let mut values = vec![0.0; frame.columns * frame.rows];
    let Some(Extent { projection, .. }) = surface.extent else { return values };
    let (across, down) = (frame.across(), frame.down());
    values.par_chunks_mut(frame.columns).zip(&down).for_each(|(row, &lat)| {
        let mut visitor = surface.density.visitor();
        for (value, &lon) in row.iter_mut().zip(&across) {
            // The box has been parsed: its cells are places.
            if let Ok(place) = Wgs84::new(lon, lat) {
                *value = f64::from(visitor.per_km2(PlanePoint::from(projection.project(place))));
            }
        }
    });
    values
}

fn contours(values: &[f64], frame: &Frame) -> Result<Vec<u8>, Problem> {
    let (across, down) = (frame.across(), frame.down());
    let heights = Heights { values, across: &across, along: &down };
    let feature = |(class, (&from, [r, g, b])): (usize, (&f64, [u8; 3]))| {
        let area = contour(heights, from);
        if area.0.is_empty() {
            return None;
        }
        let mut properties = JsonObject::new();
        properties.insert("class".into(), class.into());
        properties.insert("from_per_km2".into(), from.into());
        properties.insert("to_per_km2".into(), ramp::BREAKS_PER_KM2.get(class + 1).copied().into());
        properties.insert("color".into(), format!("#{r:02x}{g:02x}{b:02x}").into());
        let geometry = Some(Geometry::from(&area));
        Some(Feature { geometry, properties: Some(properties), ..Feature::default() })
    };
    let classes = ramp::BREAKS_PER_KM2.iter().zip(ramp::COLOURS).enumerate();
    let collection =
        FeatureCollection { features: classes.filter_map(feature).collect(), ..FeatureCollection::default() };
    serde_json::to_vec(&collection).map_err(|error| Problem::internal(&error))
}
