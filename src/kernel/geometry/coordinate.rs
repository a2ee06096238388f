//! Coordinates that carry their system in the type, and the parsing that makes them.
//!
//! Inside the kernel a coordinate is always finite and in range: the constructors here are the only way to
//! make one. Never here: a bare pair of numbers whose system a reader must guess.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Why a pair of numbers is not a coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum CoordinateError {
    /// One of the numbers is NaN or infinite.
    #[error("a coordinate is not a finite number")]
    NotFinite,
    /// The longitude lies outside ±180°.
    #[error("longitude {lon} is outside -180..180")]
    LongitudeOutOfRange {
        /// The offending longitude, degrees.
        lon: f64,
    },
    /// The latitude lies outside ±90°, and swapping the two numbers would not help.
    #[error("latitude {lat} is outside -90..90")]
    LatitudeOutOfRange {
        /// The offending latitude, degrees.
        lat: f64,
    },
    /// As given the pair is out of range or outside the expected region; the other way round it fits.
    #[error("longitude and latitude look swapped: got longitude {lon}, latitude {lat}")]
    LooksSwapped {
        /// What was given as the longitude, degrees.
        lon: f64,
        /// What was given as the latitude, degrees.
        lat: f64,
    },
    /// A good coordinate, but outside the region the caller works in; so is its swapped twin.
    #[error("longitude {lon}, latitude {lat} is outside the expected region")]
    OutsideRegion {
        /// The longitude, degrees.
        lon: f64,
        /// The latitude, degrees.
        lat: f64,
    },
}

impl CoordinateError {
    /// The same sentence in Chinese; `Display` gives the English one.
    #[must_use]
    pub fn to_chinese(&self) -> String {
        match self {
            Self::NotFinite => "坐标不是有限的数值".to_owned(),
            Self::LongitudeOutOfRange { lon } => format!("经度 {lon} 超出 -180 至 180 的范围"),
            Self::LatitudeOutOfRange { lat } => format!("纬度 {lat} 超出 -90 至 90 的范围"),
            Self::LooksSwapped { lon, lat } => format!("经度和纬度似乎写反了:经度 {lon},纬度 {lat}"),
            Self::OutsideRegion { lon, lat } => format!("经度 {lon}、纬度 {lat} 不在预期的区域内"),
        }
    }
}

/// Checks what every angular system shares: finite, in range, axes not swapped.
fn check(lon: f64, lat: f64) -> Result<(), CoordinateError> {
    if !lon.is_finite() || !lat.is_finite() {
        return Err(CoordinateError::NotFinite);
    }
    if lat.abs() > 90.0 && lat.abs() <= 180.0 && lon.abs() <= 90.0 {
        return Err(CoordinateError::LooksSwapped { lon, lat });
    }
    if lon.abs() > 180.0 {
        return Err(CoordinateError::LongitudeOutOfRange { lon });
    }
    if lat.abs() > 90.0 {
        return Err(CoordinateError::LatitudeOutOfRange { lat });
    }
    Ok(())
}

macro_rules! angular {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name {
            lon: f64,
            lat: f64,
        }

        impl $name {
            /// Parses a pair of degrees, longitude first.
            ///
            /// # Errors
            /// [`CoordinateError`] if a number is not finite or out of range; when the numbers would be in
            /// range the other way round, the error says so ([`CoordinateError::LooksSwapped`]).
            pub fn new(lon: f64, lat: f64) -> Result<Self, CoordinateError> {
                check(lon, lat).map(|()| Self { lon, lat })
            }

            /// Parses a pair of degrees that must lie in `region`, longitude first. This catches what
            /// [`Self::new`] cannot: 35.07°E 116.31°N is impossible, 35.07°E 64.0°N is merely Karelia.
            ///
            /// # Errors
            /// As [`Self::new`]; and [`CoordinateError::LooksSwapped`] or [`CoordinateError::OutsideRegion`]
            /// if the pair lies outside the region.
            pub fn new_in(lon: f64, lat: f64, region: &Region) -> Result<Self, CoordinateError> {
                check(lon, lat)?;
                if region.contains(lon, lat) {
                    Ok(Self { lon, lat })
                } else if region.contains(lat, lon) {
                    Err(CoordinateError::LooksSwapped { lon, lat })
                } else {
                    Err(CoordinateError::OutsideRegion { lon, lat })
                }
            }

            /// A result of our own arithmetic on coordinates that were already parsed.
            pub(crate) const fn from_trusted(lon: f64, lat: f64) -> Self {
                Self { lon, lat }
            }

            /// Longitude, degrees east.
            #[must_use]
            pub const fn lon(self) -> f64 {
                self.lon
            }

            /// Latitude, degrees north.
            #[must_use]
            pub const fn lat(self) -> f64 {
                self.lat
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{},{}", self.lon, self.lat)
            }
        }

        impl From<$name> for geo::Coord<f64> {
            fn from(c: $name) -> Self {
                geo::Coord { x: c.lon, y: c.lat }
            }
        }
    };
}

angular! {
    /// A WGS84 longitude and latitude in degrees (EPSG:4326, longitude first): what the store holds.
    ///
    /// CGCS2000 (EPSG:4490) is the same to within a metre and needs no type of its own: its frame is ITRF97 at
    /// epoch 2000.0 on an ellipsoid that differs from WGS84's by 0.1 mm in the polar radius, and the drift of
    /// the plate since then is some decimetres, below what a phone can measure.
    Wgs84
}
angular! {
    /// A longitude and latitude in degrees in GCJ-02, the obfuscated system of maps published in China.
    Gcj02
}
angular! {
    /// A longitude and latitude in degrees in BD-09, Baidu's system on top of GCJ-02.
    Bd09
}

/// A rectangle of longitudes and latitudes, borders included, that a caller expects its coordinates to lie in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Region {
    /// The rectangle around China's land and coastal waters.
    pub const CHINA: Self = Self { west: 73.0, south: 3.0, east: 136.0, north: 54.0 };

    /// A rectangle by its borders in degrees.
    ///
    /// # Errors
    /// [`CoordinateError`] if a corner is no coordinate, or [`CoordinateError::OutsideRegion`] if the
    /// south-western corner does not lie south-west of the north-eastern one.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, CoordinateError> {
        check(west, south)?;
        check(east, north)?;
        if west > east || south > north {
            return Err(CoordinateError::OutsideRegion { lon: west, lat: south });
        }
        Ok(Self { west, south, east, north })
    }

    /// Whether the point lies in the rectangle, its border included.
    #[must_use]
    pub fn contains(&self, lon: f64, lat: f64) -> bool {
        (self.west..=self.east).contains(&lon) && (self.south..=self.north).contains(&lat)
    }
}

/// The coordinate systems accepted at the edges of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crs {
    /// WGS84, EPSG:4326.
    Wgs84,
    /// CGCS2000, EPSG:4490; the same as WGS84 to within a metre, so it converts as the identity.
    Cgcs2000,
    /// GCJ-02, the system of Amap, Tencent and most maps published in China.
    Gcj02,
    /// BD-09, Baidu's system.
    Bd09,
}

impl Crs {
    /// The name this system goes by in requests and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Cgcs2000 => "cgcs2000",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A coordinate system this service does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown coordinate system {0:?}: use wgs84, cgcs2000, gcj02 or bd09")]
pub struct ParseCrsError(String);

impl ParseCrsError {
    /// The same sentence in Chinese; `Display` gives the English one.
    #[must_use]
    pub fn to_chinese(&self) -> String {
        format!("未知的坐标系 {:?}:请使用 wgs84、cgcs2000、gcj02 或 bd09", self.0)
    }
}

impl FromStr for Crs {
    type Err = ParseCrsError;

    /// Accepts the names of [`Crs::as_str`] in any case, with or without the hyphen, and the EPSG codes.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.trim().to_ascii_lowercase().as_str() {
            "wgs84" | "wgs-84" | "epsg:4326" => Ok(Self::Wgs84),
            "cgcs2000" | "epsg:4490" => Ok(Self::Cgcs2000),
            "gcj02" | "gcj-02" => Ok(Self::Gcj02),
            "bd09" | "bd-09" | "bd09ll" => Ok(Self::Bd09),
            _ => Err(ParseCrsError(s.chars().take(40).collect())),
        }
    }
}

/// Converts a pair in `crs` (x = longitude, y = latitude, degrees) to WGS84.
///
/// # Errors
/// [`CoordinateError`] if the pair is not a coordinate.
pub fn to_wgs84(crs: Crs, x: f64, y: f64) -> Result<Wgs84, CoordinateError> {
    match crs {
        Crs::Wgs84 | Crs::Cgcs2000 => Wgs84::new(x, y),
        Crs::Gcj02 => Gcj02::new(x, y).map(Gcj02::to_wgs84),
        Crs::Bd09 => Bd09::new(x, y).map(|p| p.to_gcj02().to_wgs84()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_is_in_range() {
        for (lon, lat) in [(116.31, 35.07), (-180.0, -90.0), (180.0, 90.0), (0.0, 0.0)] {
            let p = Wgs84::new(lon, lat).unwrap();
            assert_eq!((p.lon(), p.lat()), (lon, lat));
        }
    }

    #[test]
    fn refuses_numbers_that_are_not_finite() {
        for (lon, lat) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (f64::NEG_INFINITY, f64::NAN)] {
            assert_eq!(Wgs84::new(lon, lat), Err(CoordinateError::NotFinite));
        }
    }

    #[test]
    fn tells_swapped_from_out_of_range() {
        let (lon, lat) = (35.07, 116.31);
        assert_eq!(Wgs84::new(lon, lat), Err(CoordinateError::LooksSwapped { lon, lat }));
        let lat = 116.31;
        assert_eq!(Wgs84::new(100.0, lat), Err(CoordinateError::LatitudeOutOfRange { lat }));
        let lon = 437_064.33;
        assert_eq!(Wgs84::new(lon, 35.0), Err(CoordinateError::LongitudeOutOfRange { lon }));
    }

    #[test]
    fn a_region_catches_a_swap_that_stays_in_range() {
        let (lon, lat) = (49.0, 87.0);
        assert!(Wgs84::new(lon, lat).is_ok());
        assert_eq!(Wgs84::new_in(lon, lat, &Region::CHINA), Err(CoordinateError::LooksSwapped { lon, lat }));
        let (lon, lat) = (2.35, 48.85);
        assert_eq!(Wgs84::new_in(lon, lat, &Region::CHINA), Err(CoordinateError::OutsideRegion { lon, lat }));
        assert!(Wgs84::new_in(87.0, 49.0, &Region::CHINA).is_ok());
    }

    #[test]
    fn parses_the_names_of_systems() {
        for crs in [Crs::Wgs84, Crs::Cgcs2000, Crs::Gcj02, Crs::Bd09] {
            assert_eq!(crs.as_str().parse(), Ok(crs));
            assert_eq!(crs.as_str().to_uppercase().parse(), Ok(crs));
        }
        assert_eq!("EPSG:4490".parse(), Ok(Crs::Cgcs2000));
        assert_eq!("epsg:4326".parse(), Ok(Crs::Wgs84));
        assert!("EPSG:3857".parse::<Crs>().is_err());
    }

    #[test]
    fn cgcs2000_passes_through() {
        let p = to_wgs84(Crs::Cgcs2000, 116.31, 35.07).unwrap();
        assert_eq!((p.lon(), p.lat()), (116.31, 35.07));
    }
}
