//! The land that events could have happened on: what a kernel spills beyond it is given back. Never here: whose land.

use std::f64::consts::{FRAC_PI_4, PI};

use geo::{BoundingRect, CoordsIter, MultiPolygon, Winding};
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

use super::kernel::Kernel;
use super::surface::Event;
use crate::kernel::hotspots::upper_tail;
use crate::kernel::plane::PlanePoint;

/// An area of the plane with its edges, whose kernels are corrected for what lies outside: the weight of each event is
/// divided by the share of its kernel that lies inside, so that all of it stays inside (P. Diggle 1985, "A kernel
/// method for smoothing point process data"; M. C. Jones 1993, "Simple boundary correction for kernel density
/// estimation"; `spatstat`'s `diggle = TRUE`).
///
/// That share is exact, not integrated on a raster: in polar coordinates around the event it is a sum over the edges
/// within the kernel's reach, for which the closed forms are known.
#[derive(Debug, Clone)]
pub struct Window {
    edges: RTree<Edge>,
    south_west: [f64; 2],
    north_east: [f64; 2],
}

/// An edge with the inside to its left, from its first end to its second.
type Edge = GeomWithData<Line<[f64; 2]>, ()>;

/// A share less than this is that of an event in a spike of the boundary: taken for this.
const LEAST_SHARE: f64 = 0.05;

impl Window {
    /// The window of an area, in metres. `None` when it has no extent. O(n log n) for n vertices.
    #[must_use]
    pub fn new(area: &MultiPolygon<f64>) -> Option<Self> {
        let extent = area.bounding_rect().filter(|rect| rect.width() > 0.0 && rect.height() > 0.0)?;
        let mut area = area.clone();
        let mut edges = Vec::with_capacity(area.coords_count());
        for polygon in &mut area.0 {
            polygon.exterior_mut(Winding::make_ccw_winding);
            polygon.interiors_mut(|rings| rings.iter_mut().for_each(Winding::make_cw_winding));
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                edges.extend(ring.lines().map(|line| {
                    let ends = Line::new([line.start.x, line.start.y], [line.end.x, line.end.y]);
                    GeomWithData::new(ends, ())
                }));
            }
        }
        let (south_west, north_east) = (extent.min(), extent.max());
        Some(Self {
            edges: RTree::bulk_load(edges),
            south_west: [south_west.x, south_west.y],
            north_east: [north_east.x, north_east.y],
        })
    }

    /// Whether a position lies inside, by the half-open rule for what lies on the edge. Takes O(log n + k) for the k
    /// edges to the east of it.
    #[must_use]
    pub fn covers(&self, at: PlanePoint) -> bool {
        let [x, y] = at.to_array();
        if !(x >= self.south_west[0]
            && y >= self.south_west[1]
            && x <= self.north_east[0]
            && y <= self.north_east[1])
        {
            return false;
        }
        let ray = AABB::from_corners([x, y], [self.north_east[0], y]);
        let crossed = self.edges.locate_in_envelope_intersecting(ray).filter(|edge| {
            let ([ax, ay], [bx, by]) = (edge.geom().from, edge.geom().to);
            (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
        });
        crossed.count() % 2 == 1
    }

    /// Whether an edge may run through a rectangle; if not, all of it is inside or all of it outside.
    #[must_use]
    pub fn is_cut_in(&self, south_west: PlanePoint, north_east: PlanePoint) -> bool {
        let rectangle = AABB::from_corners(south_west.to_array(), north_east.to_array());
        self.edges.locate_in_envelope_intersecting(rectangle).next().is_some()
    }

    /// The share of a kernel around `at` that lies inside, above 0 and 1 at most; `None` where `at` does not.
    #[must_use]
    pub fn share(&self, kernel: Kernel, bandwidth_m: f64, at: PlanePoint) -> Option<f64> {
        if !self.covers(at) {
            return None;
        }
        let reach = f64::from(kernel.reach()) * bandwidth_m;
        let [x, y] = at.to_array();
        let around = AABB::from_corners([x - reach, y - reach], [x + reach, y + reach]);
        // In polar coordinates the share is ∮ F(r)/2π dθ, F being what lies within r. The boundary goes around once, so
        // that it is 1 − ∮ (1 − F(r))/2π dθ, which only what is within reach adds to.
        let lost: f64 = self
            .edges
            .locate_in_envelope_intersecting(around)
            .map(|edge| {
                let end = |[ex, ey]: [f64; 2]| ((ex - x) / bandwidth_m, (ey - y) / bandwidth_m);
                beyond(kernel, end(edge.geom().from), end(edge.geom().to))
            })
            .sum();
        Some((1.0 - lost).clamp(LEAST_SHARE, 1.0))
    }

    /// The events inside, each with its weight divided by the share of its kernel that is.
    #[must_use]
    pub fn corrected(&self, kernel: Kernel, bandwidth_m: f64, events: &[Event]) -> Vec<Event> {
        let correct = |event: &Event| {
            let share = self.share(kernel, bandwidth_m, event.at)?;
            Some(Event { weight: event.weight / share, ..*event })
        };
        events.iter().filter_map(correct).collect()
    }
}

/// What of a kernel around the origin lies beyond an edge, in the angle under which the edge is seen; negative when the
/// edge is passed clockwise. In bandwidths.
fn beyond(kernel: Kernel, (ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx.hypot(dy);
    if length <= 0.0 {
        return 0.0;
    }
    // The edge's line: how far away it is, to the left if negative, and where its ends lie along it.
    let away = (ax * dy - ay * dx) / length;
    let along = |x: f64, y: f64| (x * dx + y * dy) / length;
    let (from, to) = (along(ax, ay), along(bx, by));
    let distance = away.abs();
    let upto = |along: f64| match kernel {
        Kernel::Gaussian => gaussian_beyond(distance, along),
        Kernel::Epanechnikov => polynomial_beyond(2, distance, along),
        Kernel::Quartic => polynomial_beyond(3, distance, along),
        Kernel::Triweight => polynomial_beyond(4, distance, along),
    };
    away.signum() * (upto(to) - upto(from))
}

/// ∫ (1 − r²)^m/2π dθ along a line so far away, from its nearest point on: the kernel (m/π)·(1 − u²)^(m − 1) has
/// (1 − r²)^m of itself beyond r. With r² = p² + t² and dθ = p·dt/r² it is a polynomial beside one arc tangent.
fn polynomial_beyond(m: i32, p: f64, along: f64) -> f64 {
    if p >= 1.0 || p <= 0.0 {
        return 0.0;
    }
    let end = (1.0 - p * p).sqrt();
    let t = along.clamp(-end, end);
    // The primitives of r^(2(j − 1))·p in t, for j from 1 on.
    let (p2, t2) = (p * p, t * t);
    let primitives = [
        p * t,
        p * t * (p2 + t2 / 3.0),
        p * t * (p2 * p2 + 2.0 / 3.0 * p2 * t2 + t2 * t2 / 5.0),
        p * t * (p2 * p2 * p2 + p2 * p2 * t2 + 0.6 * p2 * t2 * t2 + t2 * t2 * t2 / 7.0),
    ];
    let mut sum = t.atan2(p);
    let mut binomial = 1.0;
    for (j, primitive) in (1..=m).zip(primitives) {
        binomial *= -f64::from(m - j + 1) / f64::from(j);
        sum += binomial * primitive;
    }
    sum / (2.0 * PI)
}

/// ∫ e^(−r²/2)/2π dθ along a line so far away, from its nearest point on: Owen's T(p, t/p) (D. B. Owen 1956).
fn gaussian_beyond(p: f64, along: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    along.signum() * owens_t(p, along.abs() / p)
}

/// Owen's T for h > 0 and a ≥ 0, to 10⁻¹².
fn owens_t(h: f64, a: f64) -> f64 {
    if a > 1.0 {
        // Owen's equation 2.3, in upper tails.
        let (one, other) = (upper_tail(h), upper_tail(a * h));
        return 0.5 * (one + other) - one * other - owens_t(a * h, 1.0 / a);
    }
    // ∫ e^(−h²/(2cos²θ))/2π dθ up to arctan a, at most an eighth of a turn: smooth.
    let half = 0.5 * a.atan();
    let sum: f64 = GAUSS_LEGENDRE
        .iter()
        .flat_map(|&(node, weight)| [(node, weight), (-node, weight)])
        .map(|(node, weight)| {
            let cosine = (half * (1.0 + node)).cos();
            weight * (-0.5 * h * h / (cosine * cosine)).exp()
        })
        .sum();
    debug_assert!(half <= FRAC_PI_4);
    half * sum / (2.0 * PI)
}

/// Nodes and weights of the 16-point Gauss-Legendre rule (Abramowitz and Stegun 1964, table 25.4).
const GAUSS_LEGENDRE: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_9),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_096),
];

#[cfg(test)]
mod tests {
    use geo::{Coord, LineString, Polygon, polygon};

    use super::*;

    /// A square of 10 units with a square hole, and an island apart.
    fn land() -> MultiPolygon<f64> {
        let square = |west: f64, south: f64, side: f64| {
            LineString::from(vec![
                Coord { x: west, y: south },
                Coord { x: west, y: south + side },
                Coord { x: west + side, y: south + side },
                Coord { x: west + side, y: south },
                Coord { x: west, y: south },
            ])
        };
        MultiPolygon::new(vec![
            Polygon::new(square(0.0, 0.0, 10.0), vec![square(4.0, 4.0, 2.0)]),
            Polygon::new(square(10.5, 1.0, 3.0), vec![]),
        ])
    }

    fn is_inside(x: f64, y: f64) -> bool {
        let within = |west: f64, south: f64, side: f64| {
            (west..west + side).contains(&x) && (south..south + side).contains(&y)
        };
        (within(0.0, 0.0, 10.0) && !within(4.0, 4.0, 2.0)) || within(10.5, 1.0, 3.0)
    }

    #[test]
    fn inside_is_inside() {
        let window = Window::new(&land()).unwrap();
        for step in 0..400 {
            let (x, y) = (f64::from(step % 20) * 0.77 - 0.5, f64::from(step / 20) * 0.61 - 0.5);
            assert_eq!(window.covers(PlanePoint::new(x, y)), is_inside(x, y), "{x} {y}");
        }
        let at = |x, y| PlanePoint::new(x, y);
        assert!(
            window.is_cut_in(at(9.0, 1.0), at(11.0, 2.0)) && !window.is_cut_in(at(1.0, 1.0), at(3.0, 3.0))
        );
    }

    #[test]
    fn the_share_is_what_the_raster_says() {
        let window = Window::new(&land()).unwrap();
        let h = 1.7;
        for kernel in Kernel::ALL {
            for (x, y) in
                [(0.1, 0.1), (3.9, 5.0), (9.9, 2.0), (10.6, 2.0), (5.0, 1.0), (0.000_1, 5.0), (13.4, 3.9)]
            {
                let found = window.share(kernel, h, PlanePoint::new(x, y)).unwrap();
                let (step, reach) = (h / 150.0, f64::from(kernel.reach().min(5)) * h);
                let count = (reach / step) as i32;
                let mut expected = 0.0;
                for column in -count..count {
                    for row in -count..count {
                        let (dx, dy) = ((f64::from(column) + 0.5) * step, (f64::from(row) + 0.5) * step);
                        if is_inside(x + dx, y + dy) {
                            let u2 = (dx * dx + dy * dy) / (h * h);
                            expected += kernel.peak() * kernel.share(u2) * (step / h).powi(2);
                        }
                    }
                }
                assert!((found - expected).abs() < 3e-3, "{kernel:?} at {x}, {y}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn beside_a_straight_edge_it_is_the_normal_distribution() {
        let wide: MultiPolygon<f64> = MultiPolygon::new(vec![
            polygon![(x: 0.0, y: -1e4), (x: 1e4, y: -1e4), (x: 1e4, y: 1e4), (x: 0.0, y: 1e4)],
        ]);
        let window = Window::new(&wide).unwrap();
        for away in [1e-9, 0.01, 0.3, 1.0, 2.5, 5.0] {
            let found = window.share(Kernel::Gaussian, 1.0, PlanePoint::new(away, 3.3)).unwrap();
            // 2·10⁻⁸ of the kernel lies beyond its reach.
            assert!((found - (1.0 - upper_tail(away))).abs() < 3e-8, "{away}: {found}");
        }
        assert_eq!(window.share(Kernel::Gaussian, 1.0, PlanePoint::new(-0.1, 0.0)), None);
    }

    #[test]
    fn owens_t_is_its_integral() {
        for (h, a) in [(0.5, 0.5), (1.0, 2.0), (0.1, 10.0), (3.0, 0.25), (1e-6, 50.0)] {
            let steps = 200_000;
            let step = a / f64::from(steps);
            let integral: f64 = (0..steps)
                .map(|i| (f64::from(i) + 0.5) * step)
                .map(|x| (-0.5 * h * h * (1.0 + x * x)).exp() / (1.0 + x * x) * step / (2.0 * PI))
                .sum();
            assert!((owens_t(h, a) - integral).abs() < 1e-9, "{h} {a}: {} for {integral}", owens_t(h, a));
        }
    }

    #[test]
    fn nothing_is_lost_over_the_edge() {
        let window = Window::new(&land()).unwrap();
        let events: Vec<Event> = [(0.2, 0.3), (3.8, 4.2), (9.7, 9.9), (20.0, 20.0)]
            .map(|(x, y)| Event { at: PlanePoint::new(x, y), weight: 1.0 })
            .to_vec();
        let corrected = window.corrected(Kernel::Quartic, 1.5, &events);
        assert_eq!(corrected.len(), 3, "one lies outside");
        let density = super::super::Density::new(Kernel::Quartic, corrected, 1.5).unwrap();
        let step = 0.02;
        let mut inside = 0.0;
        for column in 0..700 {
            for row in 0..500 {
                let at = PlanePoint::new((f64::from(column) + 0.5) * step, (f64::from(row) + 0.5) * step);
                if window.covers(at) {
                    inside += density.per_square_unit(at) * step * step;
                }
            }
        }
        assert!((inside - 3.0).abs() < 0.01, "{inside}");
        assert!(Window::new(&MultiPolygon::new(vec![])).is_none());
    }
}
