//! Draws a tile of a surface as a PNG. Pure: the same surface and tile give the same bytes.

use std::f64::consts::PI;
use std::io;
use std::sync::LazyLock;

use bytes::Bytes;

use super::surface::{Extent, Surface};
use crate::kernel::density::ramp;
use crate::kernel::geometry::Wgs84;

/// Pixels along a tile's side.
const SIDE: usize = 256;
/// The last zoom; a pixel is then 4 cm wide at the equator.
const LAST_ZOOM: u8 = 22;
/// How opaque the coloured classes are, of 255: streets stay readable underneath.
const OPACITY: u8 = 216;

/// A tile of the Web Mercator pyramid (OSM numbering, from the north-west).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TileId {
    z: u8,
    x: u32,
    y: u32,
}

impl TileId {
    /// The tile, if there is one: zoom 0 to 22, x and y below 2^z.
    pub(super) fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        (z <= LAST_ZOOM && x >> z == 0 && y >> z == 0).then_some(Self { z, x, y })
    }

    /// The longitude of a column's centre, in degrees; columns count pixels from the tile's western edge.
    fn lon(self, column: usize) -> f64 {
        self.share(self.x, column) * 360.0 - 180.0
    }

    /// The latitude of a row's centre, in degrees; rows count pixels from the tile's northern edge.
    fn lat(self, row: usize) -> f64 {
        (PI * (1.0 - 2.0 * self.share(self.y, row))).sinh().atan().to_degrees()
    }

    /// Where a pixel's centre lies along the world's side, from 0 to 1.
    fn share(self, tile: u32, pixel: usize) -> f64 {
        (f64::from(tile) * SIDE as f64 + pixel as f64 + 0.5) / (f64::from(1_u32 << self.z) * SIDE as f64)
    }
}

impl std::fmt::Display for TileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.z, self.x, self.y)
    }
}

/// The tile as PNG: the density at the centre of each pixel, in the colour of its class, transparent below the
/// first class.
///
/// # Errors
/// Never in practice: the encoder writes to memory.
pub(super) fn draw(surface: &Surface, tile: TileId) -> Result<Bytes, io::Error> {
    let mut classes = vec![0_u8; SIDE * SIDE];
    if let Some(Extent { projection, lon, lat }) = surface.extent {
        let within = |(least, most): (f64, f64), degrees: f64| (least..=most).contains(&degrees);
        let columns: Vec<(usize, f64)> =
            (0..SIDE).map(|column| (column, tile.lon(column))).filter(|&(_, at)| within(lon, at)).collect();
        for (row, row_lat) in (0..SIDE).map(|row| (row, tile.lat(row))).filter(|&(_, at)| within(lat, at)) {
            for &(column, column_lon) in &columns {
                let Ok(place) = Wgs84::new(column_lon, row_lat) else { continue };
                let density = surface.density.per_km2(projection.project(place).into());
                classes[row * SIDE + column] = ramp::class(density).map_or(0, |class| class as u8 + 1);
            }
        }
    }
    if classes.iter().all(|&class| class == 0) {
        return Ok(EMPTY.clone());
    }
    Ok(encode(&classes)?.into())
}

/// The tile without any density.
static EMPTY: LazyLock<Bytes> = LazyLock::new(|| encode(&[0; SIDE * SIDE]).unwrap_or_default().into());

/// A PNG with a palette of 16: class 0 is transparent, the others are the ramp's, lowest first.
fn encode(classes: &[u8]) -> Result<Vec<u8>, io::Error> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, SIDE as u32, SIDE as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette([&[[0; 3]], ramp::COLOURS.as_slice()].concat().concat());
    encoder.set_trns([&[0], [OPACITY; ramp::COLOURS.len()].as_slice()].concat());
    let mut writer = encoder.write_header()?;
    let (pairs, _) = classes.as_chunks::<2>();
    let packed: Vec<u8> = pairs.iter().map(|[left, right]| left << 4 | right).collect();
    writer.write_image_data(&packed)?;
    writer.finish()?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_exist_within_the_pyramid_only() {
        assert!(TileId::new(0, 0, 0).is_some());
        assert!(TileId::new(0, 1, 0).is_none());
        assert!(TileId::new(22, (1 << 22) - 1, 0).is_some());
        assert!(TileId::new(22, 0, 1 << 22).is_none());
        assert!(TileId::new(23, 0, 0).is_none());
    }

    #[test]
    fn pixels_run_from_the_north_west() {
        let world = TileId::new(0, 0, 0).unwrap();
        assert!((world.lon(0) + 180.0).abs() < 1.0 && (world.lon(SIDE - 1) - 180.0).abs() < 1.0);
        assert!((world.lat(0) - 85.0).abs() < 0.1 && (world.lat(SIDE - 1) + 85.0).abs() < 0.1);
        // The pixel next to a tile's edge is one pixel from the first of its neighbour.
        let (left, right) =
            (TileId::new(14, 13_486, 6_500).unwrap(), TileId::new(14, 13_487, 6_500).unwrap());
        let step = left.lon(1) - left.lon(0);
        assert!((right.lon(0) - left.lon(SIDE - 1) - step).abs() < 1e-9);
    }
}
