//! The one rule by which a point on a boundary has one owner.
//!
//! **A point belongs to the face that lies immediately to its east; where its eastward ray runs along an edge,
//! to the face immediately to the north of that edge.** In other words the point is thought of as moved by
//! (ε, ε²) for a vanishing ε > 0. The moved point is on no edge and no vertex, so in a partition it lies in
//! exactly one face; a face thus owns its western and southern edges and not its eastern and northern ones.
//!
//! The moved point is never computed. A face contains it when an odd number of the face's edges cross its
//! eastward ray, and an edge from `a` to `b` crosses it when
//!
//! 1. exactly one of `a.y <= p.y` and `b.y <= p.y` holds (so a horizontal edge never crosses), and
//! 2. `p` lies strictly west of the line through `a` and `b`.
//!
//! Both are decided exactly: the first by comparison, the second by the sign of a determinant with an adaptive
//! error bound (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
//! Predicates", 1997, `orient2d`, by the `robust` crate). There is no epsilon. Two faces that share an edge
//! with the same end points, in whichever direction, decide it alike.
//!
//! The plane is that of longitude and latitude: an edge is straight there, as it is in a `PostGIS` geometry.
//!
//! # The same rule in SQL
//! `numeric` is exact for sums and products, so this needs no predicate library. With a table `faces (face, geom)`
//! and the point as `lon`, `lat`:
//!
//! ```sql
//! WITH points AS (
//!     SELECT face, d.geom AS a,
//!            lead(d.geom) OVER (PARTITION BY face, d.path[1], d.path[2] ORDER BY d.path[3]) AS b
//!     FROM faces, ST_DumpPoints(ST_Multi(faces.geom)) AS d
//! ), edges AS (
//!     SELECT face, ST_X(a)::text::numeric AS ax, ST_Y(a)::text::numeric AS ay,
//!                  ST_X(b)::text::numeric AS bx, ST_Y(b)::text::numeric AS by
//!     FROM points WHERE b IS NOT NULL
//! ), point AS (SELECT lon::text::numeric AS x, lat::text::numeric AS y)
//! SELECT face FROM edges, point
//! WHERE (ay <= y) <> (by <= y)
//!   AND sign((bx - ax) * (y - ay) - (by - ay) * (x - ax)) = sign(by - ay)
//! GROUP BY face HAVING count(*) % 2 = 1;
//! ```
//!
//! The cast by way of `text` takes the shortest decimal that reads back as the same double (a direct cast would
//! round to 15 digits). It is exact for what was written as decimals, and within 10⁻¹⁴ degrees, a nanometre, of
//! the double itself.

use geo::Coord;
use robust::{Coord as RobustCoord, orient2d};

/// Where an edge passes in relation to a point's eastward ray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The edge crosses the ray (moved by (ε, ε²), see the module).
    Crossed,
    /// It does not.
    Missed,
}

/// Twice the signed area of the triangle a, b, c: positive if c lies left of the line from a to b, zero if and
/// only if the three are on one line. The sign is exact.
pub(crate) fn orientation(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    let r = |p: Coord<f64>| RobustCoord { x: p.x, y: p.y };
    orient2d(r(a), r(b), r(c))
}

/// Whether the edge between `a` and `b`, in either direction, crosses the eastward ray of `p`.
pub(crate) fn side(a: Coord<f64>, b: Coord<f64>, p: Coord<f64>) -> Side {
    if (a.y <= p.y) == (b.y <= p.y) {
        return Side::Missed;
    }
    let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
    if p.x < low.x.min(high.x) {
        return Side::Crossed;
    }
    if p.x > low.x.max(high.x) {
        return Side::Missed;
    }
    if orientation(low, high, p) > 0.0 { Side::Crossed } else { Side::Missed }
}

/// Whether the edge between `a` and `b` is crossed an odd number of times by the path that runs from `p` along its
/// parallel to the meridian of `q`, and along that to `q`; both ends moved by (ε, ε²).
///
/// The owners of `p` are those of `q` but for the faces of such edges, and only edges near the box around the two can
/// be among them.
pub(crate) fn parts(a: Coord<f64>, b: Coord<f64>, p: Coord<f64>, q: Coord<f64>) -> bool {
    let turn = Coord { x: q.x, y: p.y };
    let on_parallel = side(a, b, p) != side(a, b, turn);
    let on_meridian = (a.x <= q.x) != (b.x <= q.x) && is_above(a, b, turn) != is_above(a, b, q);
    on_parallel != on_meridian
}

/// Whether `p`, moved by (ε, ε²), lies above the edge between `a` and `b`, which is no meridian.
fn is_above(a: Coord<f64>, b: Coord<f64>, p: Coord<f64>) -> bool {
    let (west, east) = if a.x < b.x { (a, b) } else { (b, a) };
    let turn = orientation(west, east, p);
    // On the line, a step of ε to the east leads above a falling edge and below a rising one.
    turn > 0.0 || (turn == 0.0 && east.y <= west.y)
}

/// Whether `p` lies exactly on the segment from `a` to `b`, end points included.
pub(crate) fn on_segment(a: Coord<f64>, b: Coord<f64>, p: Coord<f64>) -> bool {
    p.x >= a.x.min(b.x)
        && p.x <= a.x.max(b.x)
        && p.y >= a.y.min(b.y)
        && p.y <= a.y.max(b.y)
        && orientation(a, b, p) == 0.0
}
