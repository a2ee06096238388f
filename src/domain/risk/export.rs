//! The surface as a file: GeoTIFF, PNG with its world file, contours.

use chrono::{DateTime, Utc};
use geojson::{Feature, FeatureCollection, Geometry, JsonObject};
use rayon::prelude::*;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::question::Question;
use super::surface::{Extent, Surface};
use crate::kernel::density::ramp::Scale;
use crate::kernel::density::{Heights, contour};
use crate::kernel::geometry::Wgs84;
use crate::kernel::plane::PlanePoint;
use crate::message;
use crate::platform::http::Bbox;
use crate::platform::problem::Problem;
use crate::platform::raster::{Frame, Palette, System, geotiff, picture};

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
    /// Along the roads instead of across the land: with `geojson`, lines of 25 metres and less with events per kilometre
    /// of road (`per_km`).
    network: Option<bool>,
    /// Pictures of an animation, 2 to 60; 12 unless given.
    #[param(minimum = 2, maximum = 60)]
    frames: Option<u32>,
}

impl ExportQuery {
    /// Whether lines along roads are wanted.
    ///
    /// # Errors
    /// 422 when they are in another format than GeoJSON.
    pub(super) fn is_network(&self) -> Result<bool, Problem> {
        match self.network {
            Some(true) if self.format != Format::Geojson => Err(Problem::invalid(
                "network",
                message!("仅用于 geojson 格式", "only with the format geojson"),
            )),
            wanted => Ok(wanted.unwrap_or(false)),
        }
    }

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
        Format::Png | Format::Apng => {
            let scale = surface.field.scale();
            let pixels: Vec<u8> =
                values(surface, frame).into_iter().map(|value| scale.colour(value)).collect();
            picture(&pixels, frame.columns, &Palette::new(&scale.colours(), 255))
                .map_err(|error| Problem::internal(&error))
        }
        Format::Geojson => contours(&values(surface, frame), frame, surface.field.scale()),
    }
}

/// The numbers at the middles of the cells, row by row from the north; none where the surface has none.
pub(super) fn values(surface: &Surface, frame: &Frame) -> Vec<f64> {
    let mut values = vec![0.0; frame.columns * frame.rows];
    let Some(Extent { projection, .. }) = surface.extent else { return values };
    let (across, down) = (frame.across(), frame.down());
    values.par_chunks_mut(frame.columns).zip(&down).for_each(|(row, &lat)| {
        let mut reader = surface.reader(false);
        for (value, &lon) in row.iter_mut().zip(&across) {
            // The box has been parsed: its cells are places.
            if let Ok(place) = Wgs84::new(lon, lat) {
                *value = reader.at(PlanePoint::from(projection.project(place)));
            }
        }
    });
    values
}

/// One feature for each class: where the numbers are at least its lower bound, or for what has become less, at most its
/// upper one.
fn contours(values: &[f64], frame: &Frame, scale: Scale) -> Result<Vec<u8>, Problem> {
    let (across, down) = (frame.across(), frame.down());
    // What has no number is below everything.
    let heights = |sign: f64| -> Vec<f64> {
        values.iter().map(|value| if value.is_nan() { f64::MIN } else { sign * value }).collect()
    };
    let (upright, upside_down) = (heights(1.0), heights(-1.0));
    let breaks = scale.breaks();
    let feature = |(class, [r, g, b]): (usize, [u8; 3])| {
        let bound = breaks[class];
        let values = if bound < 0.0 { &upside_down } else { &upright };
        let area = contour(Heights { values, across: &across, along: &down }, bound.abs());
        if area.0.is_empty() {
            return None;
        }
        let (from, to) = if bound < 0.0 {
            (class.checked_sub(1).map(|further| breaks[further]), Some(bound))
        } else {
            (Some(bound), breaks.get(class + 1).copied())
        };
        let mut properties = JsonObject::new();
        properties.insert("class".into(), class.into());
        let unit = if scale == Scale::Relative { "each" } else { "km2" };
        properties.insert(format!("from_per_{unit}"), from.into());
        properties.insert(format!("to_per_{unit}"), to.into());
        properties.insert("color".into(), format!("#{r:02x}{g:02x}{b:02x}").into());
        let geometry = Some(Geometry::from(&area));
        Some(Feature { geometry, properties: Some(properties), ..Feature::default() })
    };
    let classes = scale.colours().into_iter().enumerate();
    let collection =
        FeatureCollection { features: classes.filter_map(feature).collect(), ..FeatureCollection::default() };
    serde_json::to_vec(&collection).map_err(|error| Problem::internal(&error))
}
