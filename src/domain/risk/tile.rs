//! Draws a tile of a surface as a PNG. Pure: the same surface and tile give the same bytes.

use std::f64::consts::PI;
use std::io;
use std::ops::Range;
use std::sync::LazyLock;

use bytes::Bytes;

use super::field::Reader;
use super::surface::{Extent, Surface};
use crate::kernel::density::ramp::Scale;
use crate::kernel::geometry::Wgs84;
use crate::kernel::plane::PlanePoint;
use crate::platform::http::TileId;
use crate::platform::raster::{Palette, picture};

/// Pixels along a tile's side.
const SIDE: usize = 256;
/// Pixels along the side of a block, but for the widest zooms.
const BLOCK: usize = 16;
/// How opaque the coloured classes are, of 255: streets stay readable underneath.
const OPACITY: u8 = 216;

/// The longitude, in degrees, so many pixels from the tile's western edge.
fn lon_at(tile: TileId, pixels: f64) -> f64 {
    share(tile, tile.x(), pixels) * 360.0 - 180.0
}

/// The latitude, in degrees, so many pixels from the tile's northern edge.
fn lat_at(tile: TileId, pixels: f64) -> f64 {
    (PI * (1.0 - 2.0 * share(tile, tile.y(), pixels))).sinh().atan().to_degrees()
}

/// Where a pixel lies along the world's side, from 0 to 1.
fn share(tile: TileId, number: u32, pixels: f64) -> f64 {
    (f64::from(number) * SIDE as f64 + pixels) / (f64::from(1_u32 << tile.z()) * SIDE as f64)
}

/// Pixels along the side of a block within which positions are interpolated between exact corners.
///
/// Both maps are conformal, and over a block of s metres one bends against the other by s²/8·tan φ/R: within 16
/// pixels 0.2 mm at zoom 14, and less than a fiftieth of a pixel from zoom 6 on. Corners on a tile's edge are the
/// neighbour's corners too, so nothing jumps there.
fn block_side(tile: TileId) -> usize {
    if tile.z() < 6 { 1 } else { BLOCK }
}

/// The tile as PNG: the number at the centre of each pixel, in the colour of its class, transparent where it has none.
///
/// # Errors
/// Never in practice: the encoder writes to memory.
pub(super) fn draw(surface: &Surface, tile: TileId) -> Result<Bytes, io::Error> {
    let mut classes = vec![0_u8; SIDE * SIDE];
    let scale = surface.field.scale();
    if let Some(extent) = surface.extent {
        let reader = surface.reader(is_coarse(surface, extent, tile));
        Brush { surface, reader, scale, extent, tile }.draw(&mut classes);
    }
    if classes.iter().all(|&class| class == 0) {
        return Ok(EMPTY.clone());
    }
    let palette = if scale == Scale::Change { &*CHANGE_PALETTE } else { &*PALETTE };
    Ok(picture(&classes, SIDE, palette)?.into())
}

/// Whether pixels are further apart than the bandwidth: most of the surface lies between them, and a sum for each
/// costs less than interpolating. Depends on zoom and surface alone, so that neighbours agree.
fn is_coarse(surface: &Surface, extent: Extent, tile: TileId) -> bool {
    let equator_m = 40_075_016.7 / (f64::from(1_u32 << tile.z()) * SIDE as f64);
    equator_m * extent.lat.0.to_radians().cos() > surface.bandwidth_m
}

/// What draws a tile.
struct Brush<'a> {
    surface: &'a Surface,
    reader: Reader<'a>,
    scale: Scale,
    extent: Extent,
    tile: TileId,
}

impl Brush<'_> {
    /// Draws the blocks of pixels that lie within the surface's extent, from the corners that they share.
    fn draw(&mut self, classes: &mut [u8]) {
        let (extent, side) = (self.extent, block_side(self.tile));
        let edges = |at: fn(TileId, f64) -> f64| -> Vec<f64> {
            (0..=SIDE / side).map(|edge| at(self.tile, (edge * side) as f64)).collect()
        };
        let (lons, lats) = (edges(lon_at), edges(lat_at));
        let columns = touching(&lons, |west, east| east >= extent.lon.0 && west <= extent.lon.1);
        let rows = touching(&lats, |north, south| north >= extent.lat.0 && south <= extent.lat.1);
        // No tile reaches the poles, and every longitude is one.
        let corners = |lat: f64| -> Option<Vec<PlanePoint>> {
            let lons = lons[columns.start..].iter().take(columns.len() + 1);
            lons.map(|&lon| Some(extent.projection.project(Wgs84::new(lon, lat).ok()?).into())).collect()
        };
        let Some(mut northern) = corners(lats[rows.start]) else { return };
        for row in rows {
            let Some(southern) = corners(lats[row + 1]) else { return };
            for (column, (north, south)) in northern.windows(2).zip(southern.windows(2)).enumerate() {
                let corners = [north[0], north[1], south[0], south[1]];
                self.draw_block(((columns.start + column) * side, row * side), corners, classes);
            }
            northern = southern;
        }
    }

    /// Draws one block of pixels.
    fn draw_block(&mut self, (left, top): (usize, usize), corners: [PlanePoint; 4], classes: &mut [u8]) {
        let Some(is_cut) = self.meets_window(corners) else {
            return;
        };
        let side = block_side(self.tile);
        let [north_west, north_east, south_west, south_east] = corners;
        for row in 0..side {
            let down = (row as f64 + 0.5) / side as f64;
            let (start, end) = (north_west.towards(south_west, down), north_east.towards(south_east, down));
            let row = &mut classes[(top + row) * SIDE + left..][..side];
            if side == BLOCK && !is_cut {
                let numbers = self.reader.along::<BLOCK>(start, end);
                row.copy_from_slice(&self.scale.colour_each(&numbers));
                continue;
            }
            for (column, class) in row.iter_mut().enumerate() {
                let at = start.towards(end, (column as f64 + 0.5) / side as f64);
                *class = self.scale.colour(self.reader.at(at));
            }
        }
    }

    /// Whether a block is cut by the edge of the window that the surface is confined to; none where it lies outside.
    fn meets_window(&self, corners: [PlanePoint; 4]) -> Option<bool> {
        let Some(window) = &self.surface.window else { return Some(false) };
        let fold = |pick: fn(f64, f64) -> f64| {
            let [first, rest @ ..] = corners;
            rest.iter()
                .fold(first, |a, b| PlanePoint::new(pick(a.east_m, b.east_m), pick(a.north_m, b.north_m)))
        };
        if window.is_cut_in(fold(f64::min), fold(f64::max)) {
            return Some(true);
        }
        window.covers(corners[0]).then_some(false)
    }
}

/// The parts between neighbouring edges that meet a condition, which those in a row do.
fn touching(edges: &[f64], is_met: impl Fn(f64, f64) -> bool) -> Range<usize> {
    let met = |part: &[f64]| is_met(part[0], part[1]);
    let first = edges.windows(2).position(met).unwrap_or(0);
    first..first + edges[first..].windows(2).take_while(|part| met(part)).count()
}

/// The tile without any density.
static EMPTY: LazyLock<Bytes> =
    LazyLock::new(|| picture(&[0; SIDE * SIDE], SIDE, &PALETTE).unwrap_or_default().into());

static PALETTE: LazyLock<Palette> = LazyLock::new(|| Palette::new(&Scale::Density.colours(), OPACITY));
static CHANGE_PALETTE: LazyLock<Palette> = LazyLock::new(|| Palette::new(&Scale::Change.colours(), OPACITY));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::geometry::GaussKruger;

    #[test]
    fn pixels_run_from_the_north_west() {
        let tile = |z: u8, x: u32, y: u32| TileId::new(z, x, y).unwrap();
        let world = tile(0, 0, 0);
        assert!((lon_at(world, 0.0) + 180.0).abs() < 1e-9 && (lon_at(world, 256.0) - 180.0).abs() < 1e-9);
        assert!((lat_at(world, 0.0) - 85.051_128_8).abs() < 1e-6);
        assert!((lat_at(world, 256.0) + 85.051_128_8).abs() < 1e-6);
        assert!(
            (lon_at(tile(14, 13_486, 6_500), 256.0) - lon_at(tile(14, 13_487, 6_500), 0.0)).abs() < 1e-12
        );
    }

    #[test]
    fn interpolated_positions_are_within_a_fiftieth_of_a_pixel() {
        let projection = GaussKruger::from_epsg(4548).unwrap();
        let (lon, lat) = (116.3_f64, 35.06_f64);
        for z in 6..=18_u8 {
            let side = f64::from(1_u32 << z);
            let x = ((lon + 180.0) / 360.0 * side) as u32;
            let y = ((1.0 - lat.to_radians().tan().asinh() / PI) / 2.0 * side) as u32;
            let tile = TileId::new(z, x, y).unwrap();
            let exact = |across, down| {
                let place = Wgs84::new(lon_at(tile, across), lat_at(tile, down)).unwrap();
                PlanePoint::from(projection.project(place))
            };
            let pixel_m = exact(0.0, 0.0).distance_m(exact(1.0, 0.0));
            for (left, top) in [(0.0, 0.0), (240.0, 0.0), (0.0, 240.0), (112.0, 128.0)] {
                let west = exact(left, top).towards(exact(left, top + 16.0), 0.5);
                let east = exact(left + 16.0, top).towards(exact(left + 16.0, top + 16.0), 0.5);
                let off_m = west.towards(east, 0.5).distance_m(exact(left + 8.0, top + 8.0));
                assert!(off_m < pixel_m / 50.0, "{off_m} of {pixel_m} at zoom {z}");
                assert!(z < 14 || off_m < 0.000_3, "{off_m} at zoom {z}");
            }
        }
    }
}
