//! What the options of `gridkeeper density` may be.

use std::str::FromStr;

use anyhow::bail;

use crate::cli::language::text;
use crate::kernel::density::Kernel;
use crate::message;
use crate::platform::raster::{Frame, System};

/// More cells than this are surely a mistake.
const MOST_CELLS: usize = 100_000_000;

/// A bandwidth, or how it is chosen from the points.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bandwidth {
    /// In the unit of the plane.
    Given(f64),
    /// By likelihood cross-validation.
    Likelihood,
    /// By Scott's rule.
    Scott,
}

impl FromStr for Bandwidth {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        match given {
            "auto" | "cv" => Ok(Self::Likelihood),
            "scott" => Ok(Self::Scott),
            _ => given.parse().map(Self::Given).map_err(|_| {
                text("应为长度，或 auto（cv）、scott", "a length, or auto (cv) or scott").to_owned()
            }),
        }
    }
}

pub(super) fn kernel(name: &str) -> Result<Kernel, String> {
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
pub(super) struct Corners([f64; 4]);

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
    pub(super) fn frame(self, size: Size, planar: bool) -> anyhow::Result<Frame> {
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
pub(super) struct Size {
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
