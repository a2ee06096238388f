//! Rasters as files: GeoTIFF, and PNG with a palette. Never here: what the numbers mean, or their colours.

mod geotiff;
mod picture;

pub use geotiff::geotiff;
pub use picture::{Palette, animation, picture};

/// Where a raster lies: an upright rectangle of equal cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The western edge.
    pub west: f64,
    /// The southern edge.
    pub south: f64,
    /// The eastern edge.
    pub east: f64,
    /// The northern edge.
    pub north: f64,
    /// Cells from west to east.
    pub columns: usize,
    /// Cells from north to south.
    pub rows: usize,
    /// What the edges are measured in.
    pub system: System,
}

/// A system of coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Longitude and latitude in degrees, WGS84 (EPSG:4326).
    LonLat,
    /// Coordinates of a plane that nobody named.
    Plane,
}

impl Frame {
    /// How wide a cell is.
    #[must_use]
    pub fn cell_width(&self) -> f64 {
        (self.east - self.west) / self.columns as f64
    }

    /// How high a cell is.
    #[must_use]
    pub fn cell_height(&self) -> f64 {
        (self.north - self.south) / self.rows as f64
    }

    /// The middles of the columns, from west to east.
    #[must_use]
    pub fn across(&self) -> Vec<f64> {
        let middle = |column: usize| self.west + (column as f64 + 0.5) * self.cell_width();
        (0..self.columns).map(middle).collect()
    }

    /// The middles of the rows, from north to south.
    #[must_use]
    pub fn down(&self) -> Vec<f64> {
        let middle = |row: usize| self.north - (row as f64 + 0.5) * self.cell_height();
        (0..self.rows).map(middle).collect()
    }

    /// The world file that tells a GIS where a picture of the raster lies: six lines, the position being that of the
    /// middle of the north-western cell.
    #[must_use]
    pub fn world_file(&self) -> String {
        let (width, height) = (self.cell_width(), self.cell_height());
        let (x, y) = (self.west + width / 2.0, self.north - height / 2.0);
        format!("{width}\n0\n0\n{}\n{x}\n{y}\n", -height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cell_is_in_the_north_west() {
        let frame = Frame {
            west: 10.0,
            south: 0.0,
            east: 14.0,
            north: 6.0,
            columns: 4,
            rows: 3,
            system: System::Plane,
        };
        assert_eq!(frame.across(), [10.5, 11.5, 12.5, 13.5]);
        assert_eq!(frame.down(), [5.0, 3.0, 1.0]);
        assert_eq!(frame.world_file(), "1\n0\n0\n-2\n10.5\n5\n");
    }
}
