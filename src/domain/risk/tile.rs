//! Draws a tile of a surface as a PNG. Pure: the same surface and tile give the same bytes.

use std::f64::consts::PI;
use std::io;
use std::sync::LazyLock;

use bytes::Bytes;

use super::surface::{Extent, Surface};
use crate::kernel::density::ramp;
use crate::kernel::geometry::Wgs84;
use crate::platform::http::TileId;

/// Pixels along a tile's side.
const SIDE: usize = 256;
/// How opaque the coloured classes are, of 255: streets stay readable underneath.
const OPACITY: u8 = 216;

/// The longitude of a column's centre, in degrees; columns count pixels from the tile's western edge.
fn column_lon(tile: TileId, column: usize) -> f64 {
    share(tile, tile.x(), column) * 360.0 - 180.0
}

/// The latitude of a row's centre, in degrees; rows count pixels from the tile's northern edge.
fn row_lat(tile: TileId, row: usize) -> f64 {
    (PI * (1.0 - 2.0 * share(tile, tile.y(), row))).sinh().atan().to_degrees()
}

/// Where a pixel's centre lies along the world's side, from 0 to 1.
fn share(tile: TileId, at: u32, pixel: usize) -> f64 {
    (f64::from(at) * SIDE as f64 + pixel as f64 + 0.5) / (f64::from(1_u32 << tile.z()) * SIDE as f64)
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
        let columns: Vec<(usize, f64)> = (0..SIDE)
            .map(|column| (column, column_lon(tile, column)))
            .filter(|&(_, at)| within(lon, at))
            .collect();
        for (row, lat_of_row) in
            (0..SIDE).map(|row| (row, row_lat(tile, row))).filter(|&(_, at)| within(lat, at))
        {
            for &(column, lon_of_column) in &columns {
                let Ok(place) = Wgs84::new(lon_of_column, lat_of_row) else { continue };
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
    fn pixels_run_from_the_north_west() {
        let world = TileId::new(0, 0, 0).unwrap();
        assert!(
            (column_lon(world, 0) + 180.0).abs() < 1.0 && (column_lon(world, SIDE - 1) - 180.0).abs() < 1.0
        );
        assert!((row_lat(world, 0) - 85.0).abs() < 0.1 && (row_lat(world, SIDE - 1) + 85.0).abs() < 0.1);
        // The pixel next to a tile's edge is one pixel from the first of its neighbour.
        let (left, right) =
            (TileId::new(14, 13_486, 6_500).unwrap(), TileId::new(14, 13_487, 6_500).unwrap());
        let step = column_lon(left, 1) - column_lon(left, 0);
        assert!((column_lon(right, 0) - column_lon(left, SIDE - 1) - step).abs() < 1e-9);
    }
}
