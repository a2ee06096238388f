//! Two planes: the plan (a village drawn with a ruler) and the ground (the same village after two thousand
//! years: everything a little off), both in metres; and the way from the ground to longitude and latitude.
//!
//! Only `+ - * /` and `sqrt` are used: IEEE 754 fixes their results to the last bit, so the fixtures are the
//! same bytes on every machine.

use super::rng::hashed_unit;

/// A place on the ground, metres from Cuikou's centre, x along the field edges towards the east.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pt {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Pt {
    pub(crate) fn distance(self, other: Pt) -> f64 {
        let (dx, dy) = (self.x - other.x, self.y - other.y);
        (dx * dx + dy * dy).sqrt()
    }

    pub(crate) fn toward(self, other: Pt, share: f64) -> Pt {
        Pt { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }

    /// The point in whole millimetres: equal keys are one vertex.
    pub(crate) fn key(self) -> (i64, i64) {
        ((self.x * 1000.0).round() as i64, (self.y * 1000.0).round() as i64)
    }
}

/// Longitude and latitude of Cuikou's centre. Invented, like everything drawn around it.
const CENTRE: [f64; 2] = [116.296, 35.0605];
/// Fields here lie a few degrees off the cardinal directions: cos 4°, sin 4°.
const TURN: (f64, f64) = (0.997_564_050_259_824_2, 0.069_756_473_744_125_3);
/// Metres per degree on the WGS84 ellipsoid at 35.06° N: 111412.84 cos φ − 93.5 cos 3φ and
/// 111132.954 − 559.822 cos 2φ + 1.175 cos 4φ (National Geospatial-Intelligence Agency).
const METRES_PER_DEGREE: [f64; 2] = [91_222.7, 110_941.7];
/// Wavelength and amplitude of the distortion between plan and ground.
const WARP_M: (f64, f64) = (270.0, 11.0);

/// Where a point of the plan lies on the ground.
pub(crate) fn ground(x: f64, y: f64) -> Pt {
    Pt { x: x + noise(x, y, 1), y: y + noise(x, y, 2) }
}

/// Smooth value noise: hashes at the corners of a square, blended by 3t² − 2t³.
fn noise(x: f64, y: f64, channel: u64) -> f64 {
    let (wavelength, amplitude) = WARP_M;
    let (gx, gy) = (x / wavelength, y / wavelength);
    let (ix, iy) = (gx.floor(), gy.floor());
    let smooth = |t: f64| t * t * (3.0 - 2.0 * t);
    let (tx, ty) = (smooth(gx - ix), smooth(gy - iy));
    let corner = |dx: i64, dy: i64| hashed_unit(ix as i64 + dx, iy as i64 + dy, channel) * 2.0 - 1.0;
    let south = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * tx;
    let north = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * tx;
    amplitude * (south + (north - south) * ty)
}

/// WGS84 longitude and latitude in units of 10⁻⁷ degree (about a centimetre).
pub(crate) fn lonlat_e7(p: Pt) -> [i64; 2] {
    let (cos, sin) = TURN;
    let (east, north) = (p.x * cos - p.y * sin, p.x * sin + p.y * cos);
    [east, north]
        .into_iter()
        .zip(METRES_PER_DEGREE)
        .zip(CENTRE)
        .map(|((m, scale), origin)| ((origin + m / scale) * 1e7).round() as i64)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap_or_default()
}

/// Whether the ring (closed or not) holds the point, by the even-odd rule. O(n).
pub(crate) fn ring_contains(ring: &[Pt], p: Pt) -> bool {
    let mut inside = false;
    let mut a = ring[ring.len() - 1];
    for &b in ring {
        if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
        a = b;
    }
    inside
}

/// Twice the signed area of a ring, positive when it runs anticlockwise.
pub(crate) fn doubled_area(ring: &[Pt]) -> f64 {
    let mut sum = 0.0;
    let mut a = ring[ring.len() - 1];
    for &b in ring {
        sum += a.x * b.y - b.x * a.y;
        a = b;
    }
    sum
}
