//! A tile of the Web Mercator pyramid, as map clients number them: from the north-west.

use std::fmt;

use crate::message;
use crate::platform::problem::Problem;

/// The last zoom; a pixel of a tile of 256 is then 4 cm wide at the equator.
const LAST_ZOOM: u8 = 22;

/// A tile that exists: zoom 0 to 22, column and row below 2^zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileId {
    z: u8,
    x: u32,
    y: u32,
}

impl TileId {
    /// The tile, if there is one.
    #[must_use]
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        (z <= LAST_ZOOM && x >> z == 0 && y >> z == 0).then_some(Self { z, x, y })
    }

    /// Reads the last three parts of a path; the row may end in one of `suffixes`, such as `.png`.
    ///
    /// # Errors
    /// 404: what does not exist cannot be found.
    pub fn parse(z: &str, x: &str, y: &str, suffixes: &[&str]) -> Result<Self, Problem> {
        let y = suffixes.iter().find_map(|suffix| y.strip_suffix(suffix)).unwrap_or(y);
        let tile = || Self::new(z.parse().ok()?, x.parse().ok()?, y.parse().ok()?);
        tile().ok_or_else(|| {
            Problem::not_found().detail(message!(
                "没有此瓦片：级别为 0 至 {LAST_ZOOM}，行列号小于 2 的级别次方",
                "there is no such tile: zoom 0 to {LAST_ZOOM}, column and row below 2 to the power of the zoom"
            ))
        })
    }

    /// Zoom.
    #[must_use]
    pub const fn z(self) -> u8 {
        self.z
    }

    /// Column, from the west.
    #[must_use]
    pub const fn x(self) -> u32 {
        self.x
    }

    /// Row, from the north.
    #[must_use]
    pub const fn y(self) -> u32 {
        self.y
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.z, self.x, self.y)
    }
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
    fn paths_are_read_with_and_without_a_suffix() {
        let suffixes = [".mvt", ".pbf"];
        for y in ["2", "2.mvt", "2.pbf"] {
            assert_eq!(TileId::parse("3", "1", y, &suffixes).unwrap(), TileId::new(3, 1, 2).unwrap());
        }
        for (z, x, y) in
            [("3", "1", "2.png"), ("3", "8", "0"), ("256", "0", "0"), ("-1", "0", "0"), ("", "", "")]
        {
            assert!(TileId::parse(z, x, y, &suffixes).is_err(), "{z}/{x}/{y}");
        }
    }
}
