//! Where GCJ-02's offset applies: the Chinese mainland with Hainan and the islands off its coast.
//!
//! Most code in public use takes a rectangle (72.004–137.8347°E, 0.8293–55.8271°N), which bends Mongolia, Korea,
//! Vietnam, Nepal and half of Japan. Maps published in China apply the offset on the mainland; Hong Kong, Macao
//! and Taiwan are mapped in WGS84, and so are other countries.
//!
//! The outline is ours, simplified for this one decision, and no statement about any border. The land side
//! follows Natural Earth's 1:110,000,000 outline (public domain), moved at the crossings where people live
//! on both sides (Dandong, Ji'an, Tumen, Heihe, Suifenhe, Manzhouli, Erenhot, Khorgas, Ruili, Hekou, Pingxiang,
//! Dongxing, Shenzhen, Zhuhai), each of which is a test; away from them it may be tens of kilometres off. The
//! sea side runs some tens of kilometres off the coast. The islands of the South China Sea are not in it.

use super::coordinate::Wgs84;
use super::half_open::{self, Side};

/// Longitude and latitude in degrees, anticlockwise from the Amur; the last point joins the first.
#[rustfmt::skip]
const OUTLINE: &[(f64, f64)] = &[
    // Amur and Argun
    (127.66, 49.78), (127.53, 50.05), (127.515, 50.255), (127.35, 50.45), (127.29, 50.74), (126.94, 51.35),
    (126.56, 51.78), (125.95, 52.79), (125.07, 53.16), (123.57, 53.53), (122.25, 53.47), (121.00, 53.29),
    (120.18, 52.75), (120.73, 52.52), (120.74, 51.96), (120.18, 51.64), (119.28, 50.58), (119.29, 50.14),
    // Mongolia
    (117.88, 49.51), (117.38, 49.62), (117.28, 49.63), (116.68, 49.89), (116.19, 49.13), (115.49, 48.14), (115.74, 47.73),
    (116.31, 47.85), (117.30, 47.70), (118.06, 48.07), (118.87, 47.75), (119.77, 47.05), (119.66, 46.69),
    (118.87, 46.81), (117.42, 46.67), (116.72, 46.39), (115.99, 45.73), (114.46, 45.34), (113.46, 44.81),
    (112.44, 45.01), (111.87, 45.10), (111.35, 44.46), (111.67, 44.07), (111.93, 43.70), (111.83, 43.66),
    (111.13, 43.41), (110.41, 42.87), (109.24, 42.52), (107.74, 42.48), (106.13, 42.13), (104.96, 41.60),
    (104.52, 41.91), (103.31, 41.91), (101.83, 42.51), (100.85, 42.66), (99.52, 42.52), (97.45, 42.75),
    (96.35, 42.73), (95.76, 43.32), (95.31, 44.24), (94.69, 44.35), (93.48, 44.98), (92.13, 45.12),
    (90.95, 45.29), (90.59, 45.72), (90.97, 46.89), (90.28, 47.69), (88.85, 48.07), (88.01, 48.60),
    // Altai, Dzungaria, Tian Shan, Pamir
    (87.75, 49.30), (87.36, 49.21), (86.60, 48.55), (85.77, 48.46), (85.53, 48.00), (85.55, 47.10),
    (83.18, 47.33), (82.20, 45.54), (81.95, 45.32), (79.97, 44.92), (80.41, 44.22), (80.40, 44.10),
    (80.87, 43.18), (80.18, 42.92), (80.26, 42.35), (80.12, 42.12), (78.54, 41.58), (78.19, 41.19),
    (76.90, 41.07), (76.53, 40.43), (75.47, 40.56), (74.78, 40.37), (73.82, 39.89), (73.96, 39.66),
    (73.68, 39.43), (73.93, 38.51), (74.26, 38.61), (74.86, 38.38), (74.83, 37.99), (74.98, 37.42),
    (75.16, 37.13), (75.40, 36.85), (75.90, 36.67), (76.19, 35.90),
    // Himalaya
    (77.84, 35.49), (78.91, 34.32), (78.81, 33.51), (79.21, 32.99), (79.18, 32.48), (78.46, 32.62),
    (78.74, 31.52), (79.72, 30.88), (81.11, 30.18), (81.53, 30.42), (82.33, 30.12), (83.34, 29.46),
    (83.90, 29.32), (84.23, 28.84), (85.01, 28.64), (85.37, 28.27), (85.82, 28.20), (85.96, 27.95),
    (86.95, 27.98), (88.12, 27.88), (88.73, 28.09), (88.81, 27.30), (89.10, 27.35), (89.48, 28.04),
    (90.02, 28.30), (90.73, 28.06), (91.26, 28.04), (91.70, 27.77), (92.50, 27.90), (93.41, 28.64),
    (94.57, 29.28), (95.40, 29.03), (96.12, 29.45), (96.59, 28.83), (96.25, 28.41), (97.33, 28.26),
    // Yunnan and Guangxi
    (97.91, 28.34), (98.25, 27.75), (98.68, 27.51), (98.71, 26.74), (98.67, 25.92), (97.72, 25.08),
    (97.55, 24.74), (97.53, 24.45), (97.65, 23.88), (97.80, 23.95), (97.86, 23.985), (98.10, 24.09),
    (98.66, 24.06), (98.90, 23.14), (99.53, 22.95), (99.24, 22.12), (99.98, 21.74), (100.42, 21.47),
    (101.15, 21.60), (101.18, 21.44), (101.27, 21.20), (101.68, 21.18), (101.80, 21.22), (101.65, 22.32),
    (102.17, 22.46), (102.71, 22.71), (103.50, 22.70), (103.93, 22.535), (103.955, 22.505), (103.985, 22.505),
    (104.10, 22.78), (104.48, 22.82), (105.33, 23.35), (105.81, 22.98), (106.73, 22.85), (106.57, 22.22),
    (106.71, 21.97), (107.04, 21.81), (107.35, 21.60), (107.80, 21.63), (107.965, 21.535), (108.03, 21.535),
    // Gulf of Tonkin, Hainan, the South China Sea coast
    (108.06, 21.45), (108.20, 20.90), (108.30, 20.40), (108.10, 19.20), (108.40, 18.20), (109.40, 17.90),
    (110.30, 18.10), (111.40, 19.30), (111.80, 20.10), (112.60, 21.20), (113.50, 21.60), (114.60, 21.80),
    (115.60, 22.20), (117.20, 22.90), (118.20, 23.80), (119.20, 24.60), (119.75, 25.00), (120.10, 25.60),
    (120.25, 26.20), (120.45, 26.60), (121.40, 27.20), (122.20, 27.90), (122.90, 29.00), (123.20, 30.20),
    // Yellow Sea and Bohai
    (123.30, 31.10), (122.60, 32.00), (121.70, 33.20), (121.00, 34.30), (120.60, 35.00), (121.40, 36.00),
    (122.90, 36.50), (123.10, 37.50), (122.20, 38.20), (122.80, 38.70), (123.60, 39.20), (124.05, 39.60),
    // Yalu, Changbai, Tumen
    (124.18, 39.82), (124.34, 39.95), (124.39, 40.11), (124.55, 40.22), (124.95, 40.45), (125.40, 40.62),
    (126.00, 40.88), (126.19, 41.09), (126.28, 41.16), (126.55, 41.37), (126.60, 41.64), (126.93, 41.79),
    (127.20, 41.50), (127.60, 41.40), (128.10, 41.37), (128.19, 41.405), (128.28, 41.43), (128.05, 42.00),
    (128.95, 42.02), (129.30, 42.42), (129.75, 42.45), (129.85, 42.955), (130.10, 42.92), (130.26, 42.88),
    (130.26, 42.70), (130.60, 42.42), (130.66, 42.44),
    // Ussuri and back up the Amur
    (130.50, 42.70), (130.63, 42.90), (131.14, 42.93), (131.29, 44.11), (131.20, 44.38), (131.03, 44.86),
    (131.88, 45.32), (133.10, 45.12), (133.77, 46.12), (134.11, 47.21), (134.76, 47.71), (134.72, 48.28), (134.30, 48.39),
    (133.37, 48.13), (132.51, 47.75), (130.99, 47.70), (130.66, 48.10), (130.58, 48.86), (129.50, 49.42),
];

/// Hong Kong: the Shenzhen River, Mirs Bay, and the sea boundary of 1997, simplified.
#[rustfmt::skip]
const HONG_KONG: &[(f64, f64)] = &[
    (113.83, 22.20), (113.87, 22.33), (113.86, 22.42), (113.95, 22.475), (114.01, 22.505), (114.05, 22.508),
    (114.085, 22.529), (114.12, 22.533), (114.15, 22.543), (114.18, 22.557), (114.21, 22.555), (114.228, 22.545),
    (114.26, 22.56), (114.40, 22.557), (114.445, 22.555), (114.46, 22.52), (114.50, 22.46), (114.50, 22.15),
];

/// Macao: the peninsula, Taipa and Coloane, without Hengqin.
#[rustfmt::skip]
const MACAO: &[(f64, f64)] = &[
    (113.530, 22.185), (113.534, 22.208), (113.540, 22.213), (113.549, 22.2155), (113.556, 22.214),
    (113.605, 22.217), (113.605, 22.105), (113.553, 22.105), (113.549, 22.130), (113.550, 22.150),
    (113.545, 22.165), (113.535, 22.175),
];

/// Kinmen, and Matsu with Dongyin.
#[rustfmt::skip]
const KINMEN: &[(f64, f64)] =
    &[(118.20, 24.36), (118.20, 24.44), (118.28, 24.49), (118.38, 24.54), (118.50, 24.49), (118.50, 24.36)];
#[rustfmt::skip]
const MATSU: &[(f64, f64)] =
    &[(119.88, 25.93), (119.88, 26.18), (119.93, 26.28), (120.20, 26.42), (120.55, 26.42), (120.30, 25.93)];

/// West, south, east and north of the outline, degrees.
const BOUNDS: (f64, f64, f64, f64) = (73.68, 17.90, 134.76, 53.53);

/// More than the largest offset of GCJ-02 (about 1.2 km) in degrees.
const MARGIN: f64 = 0.02;

/// Whether GCJ-02 is offset at this place.
///
/// O(vertices), about 230; places far from China are refused by a bounding box.
#[must_use]
pub fn contains(place: Wgs84) -> bool {
    let (lon, lat) = (place.lon(), place.lat());
    let (west, south, east, north) = BOUNDS;
    (west..=east).contains(&lon)
        && (south..=north).contains(&lat)
        && inside(OUTLINE, lon, lat)
        && ![HONG_KONG, MACAO, KINMEN, MATSU].iter().any(|ring| inside(ring, lon, lat))
}

/// Whether an offset coordinate can come from the mainland at all: a cheap test before the inverse is iterated.
pub(super) fn may_contain(lon: f64, lat: f64) -> bool {
    let (west, south, east, north) = BOUNDS;
    (west - MARGIN..=east + MARGIN).contains(&lon) && (south - MARGIN..=north + MARGIN).contains(&lat)
}

fn inside(ring: &[(f64, f64)], lon: f64, lat: f64) -> bool {
    let point = geo::Coord { x: lon, y: lat };
    let coord = |&(x, y): &(f64, f64)| geo::Coord { x, y };
    let next = ring.iter().cycle().skip(1);
    let crossings = ring
        .iter()
        .zip(next)
        .filter(|(a, b)| half_open::side(coord(a), coord(b), point) == Side::Crossed)
        .count();
    crossings % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> bool {
        contains(Wgs84::new(lon, lat).unwrap())
    }

    #[test]
    fn holds_the_cities_of_the_mainland() {
        for (name, lon, lat) in [
            ("Beijing", 116.40, 39.90),
            ("Jinxiang", 116.31, 35.07),
            ("Shanghai", 121.47, 31.23),
            ("Chongming", 121.40, 31.62),
            ("Zhoushan", 122.20, 29.98),
            ("Shengsi", 122.45, 30.73),
            ("Changdao", 120.73, 37.92),
            ("Dalian", 121.62, 38.92),
            ("Weihai", 122.12, 37.50),
            ("Pingtan", 119.78, 25.50),
            ("Xiamen", 118.09, 24.47),
            ("Dadeng", 118.33, 24.57),
            ("Lianjiang Huangqi", 119.86, 26.33),
            ("Haikou", 110.33, 20.03),
            ("Sanya", 109.51, 18.25),
            ("Weizhou Island", 109.11, 21.04),
            ("Dandong", 124.37, 40.13),
            ("Ji'an", 126.18, 41.12),
            ("Linjiang", 126.90, 41.81),
            ("Tumen", 129.83, 42.97),
            ("Hunchun", 130.36, 42.87),
            ("Suifenhe", 131.15, 44.40),
            ("Heihe", 127.50, 50.24),
            ("Mohe", 122.54, 52.97),
            ("Fuyuan", 134.30, 48.36),
            ("Manzhouli", 117.44, 49.59),
            ("Erenhot", 111.97, 43.65),
            ("Khorgas", 80.43, 44.20),
            ("Altay", 88.13, 47.84),
            ("Tacheng", 82.98, 46.75),
            ("Kashgar", 75.99, 39.47),
            ("Tashkurgan", 75.23, 37.77),
            ("Lhasa", 91.13, 29.65),
            ("Shigatse", 88.88, 29.27),
            ("Ruili", 97.85, 24.02),
            ("Jinghong", 100.80, 22.00),
            ("Mengla", 101.56, 21.48),
            ("Hekou", 103.96, 22.52),
            ("Pingxiang", 106.76, 22.10),
            ("Dongxing", 107.97, 21.55),
            ("Shenzhen Futian", 114.06, 22.54),
            ("Shenzhen Luohu", 114.12, 22.55),
            ("Shekou", 113.92, 22.49),
            ("Shatoujiao", 114.23, 22.56),
            ("Nan'ao of Shenzhen", 114.49, 22.54),
            ("Dangan Island", 114.25, 22.04),
            ("Zhuhai Gongbei", 113.55, 22.225),
            ("Hengqin", 113.52, 22.12),
        ] {
            assert!(at(lon, lat), "{name}");
        }
    }

    #[test]
    fn leaves_the_neighbours_alone() {
        for (name, lon, lat) in [
            ("Hong Kong Central", 114.158, 22.281),
            ("Sheung Shui", 114.128, 22.501),
            ("Lok Ma Chau", 114.066, 22.50),
            ("Tung Ping Chau", 114.43, 22.545),
            ("Macao", 113.543, 22.195),
            ("Taipa", 113.56, 22.157),
            ("Taipei", 121.56, 25.04),
            ("Taichung", 120.67, 24.15),
            ("Magong", 119.57, 23.57),
            ("Kinmen", 118.32, 24.43),
            ("Matsu", 119.95, 26.16),
            ("Ulaanbaatar", 106.92, 47.92),
            ("Zamyn-Uud", 111.90, 43.73),
            ("Choibalsan", 114.53, 48.07),
            ("Hanoi", 105.85, 21.03),
            ("Lao Cai", 103.97, 22.48),
            ("Mong Cai", 107.97, 21.52),
            ("Lang Son", 106.76, 21.85),
            ("Vientiane", 102.60, 17.97),
            ("Muse", 97.90, 23.98),
            ("Pyongyang", 125.75, 39.03),
            ("Sinuiju", 124.41, 40.09),
            ("Namyang", 129.86, 42.94),
            ("Seoul", 126.98, 37.57),
            ("Vladivostok", 131.89, 43.12),
            ("Khabarovsk", 135.07, 48.48),
            ("Blagoveshchensk", 127.54, 50.27),
            ("Zabaykalsk", 117.32, 49.65),
            ("Tokyo", 139.69, 35.69),
            ("Fukuoka", 130.40, 33.59),
            ("Almaty", 76.90, 43.24),
            ("Zaysan", 84.87, 47.47),
            ("Bishkek", 74.59, 42.87),
            ("Kathmandu", 85.32, 27.72),
            ("Thimphu", 89.64, 27.47),
            ("Gangtok", 88.61, 27.33),
            ("Myitkyina", 97.40, 25.38),
            ("Manila", 120.98, 14.60),
        ] {
            assert!(!at(lon, lat), "{name}");
        }
    }

    #[test]
    fn the_bounds_are_those_of_the_outline() {
        let (west, south, east, north) = BOUNDS;
        assert!(OUTLINE.iter().all(|&(x, y)| (west..=east).contains(&x) && (south..=north).contains(&y)));
        assert!(OUTLINE.iter().any(|&(x, _)| x <= west) && OUTLINE.iter().any(|&(_, y)| y >= north));
    }
}
