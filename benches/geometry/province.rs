//! A synthetic province: the Voronoi cells of a jittered lattice, with jagged shared edges. Deterministic, and made face
//! by face: a face needs nothing but its place in the lattice, so that any number can be streamed.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use gridkeeper::kernel::geometry::FaceId;

/// Degrees between the sites.
const STEP: f64 = 0.01;
/// The south-western corner of the lattice.
const ORIGIN: Coord<f64> = Coord { x: 110.0, y: 28.0 };
/// How far sites lie from the middle of their square at most, in squares.
const JITTER: f64 = 0.33;
/// Sites further away than this, in squares, have no part in a face.
const REACH: i64 = 3;
/// Vertices put between two nodes.
const INNER: usize = 15;
/// How far an edge's middle is moved aside at most, in lengths of the edge.
const SWAY: f64 = 0.07;

/// A site, by its place in the lattice.
type Site = (i64, i64);

/// `side` × `side` faces, row by row.
pub(crate) fn faces(side: i64) -> impl Iterator<Item = (FaceId, MultiPolygon<f64>)> {
    (0..side * side).map(move |i| {
        let ring = ring((i % side, i / side));
        (FaceId(u32::try_from(i).unwrap_or(u32::MAX)), Polygon::new(LineString(ring), vec![]).into())
    })
}

/// `SplitMix64` (S. Vigna 2015) of a state.
fn mixed(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// From −1 to 1.
fn signed_unit(state: u64) -> f64 {
    (mixed(state) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

fn key((i, j): Site) -> u64 {
    mixed(i.cast_unsigned() ^ mixed(j.cast_unsigned()))
}

/// Where a site is, in squares.
fn place(site: Site) -> Coord<f64> {
    let key = key(site);
    Coord {
        x: site.0 as f64 + 0.5 + JITTER * signed_unit(key),
        y: site.1 as f64 + 0.5 + JITTER * signed_unit(!key),
    }
}

/// The node where three faces meet: the same number whichever of them asks.
fn node(mut sites: [Site; 3]) -> Coord<f64> {
    sites.sort_unstable();
    let [a, b, c] = sites.map(place);
    let (b, c) = (b - a, c - a);
    let d = 2.0 * (b.x * c.y - b.y * c.x);
    let (b2, c2) = (b.x * b.x + b.y * b.y, c.x * c.x + c.y * c.y);
    a + Coord { x: (c.y * b2 - b.y * c2) / d, y: (b.x * c2 - c.x * b2) / d }
}

/// The sites around a site whose faces border on its own, anticlockwise: half planes cut off a square one by one.
fn neighbours(site: Site) -> Vec<Site> {
    let middle = place(site);
    let reach = REACH as f64;
    let corners = [(-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach)];
    // Each corner with the neighbour behind the edge that leaves it.
    let mut cell: Vec<(Coord<f64>, Option<Site>)> =
        corners.iter().map(|&(x, y)| (middle + Coord { x, y }, None)).collect();
    for dj in -REACH..=REACH {
        for di in -REACH..=REACH {
            let other = (site.0 + di, site.1 + dj);
            if other != site {
                cell = cut(&cell, middle, place(other), other);
            }
        }
    }
    cell.into_iter().filter_map(|(_, neighbour)| neighbour).collect()
}

/// What is nearer to `middle` than to `other`.
fn cut(
    cell: &[(Coord<f64>, Option<Site>)],
    middle: Coord<f64>,
    other: Coord<f64>,
    name: Site,
) -> Vec<(Coord<f64>, Option<Site>)> {
    let towards = other - middle;
    let half = Coord { x: f64::midpoint(middle.x, other.x), y: f64::midpoint(middle.y, other.y) };
    let beyond = |c: Coord<f64>| (c.x - half.x) * towards.x + (c.y - half.y) * towards.y;
    let mut out = Vec::with_capacity(cell.len() + 1);
    for (i, &(from, neighbour)) in cell.iter().enumerate() {
        let to = cell[(i + 1) % cell.len()].0;
        let (a, b) = (beyond(from), beyond(to));
        let meeting = || from + (to - from) * (a / (a - b));
        if a <= 0.0 {
            out.push((from, neighbour));
            if b > 0.0 {
                out.push((meeting(), Some(name)));
            }
        } else if b <= 0.0 {
            out.push((meeting(), neighbour));
        }
    }
    out
}

fn ring(site: Site) -> Vec<Coord<f64>> {
    let around = neighbours(site);
    let count = around.len();
    // The node before each edge is where the faces of the neighbour before and of its own meet.
    let sites = |i: usize| [site, around[(i + count - 1) % count], around[i % count]];
    let mut ring = Vec::with_capacity(count * (INNER + 1) + 1);
    for (i, &neighbour) in around.iter().enumerate() {
        let (from, to) = (node(sites(i)), node(sites(i + 1)));
        ring.push(from);
        let sway = key(site).wrapping_add(key(neighbour));
        // Both faces bend the edge in the same direction, from its lower end.
        let mut inner = Vec::with_capacity(INNER);
        if (from.y, from.x) <= (to.y, to.x) {
            bend(sway, from, to, INNER, &mut inner);
            ring.extend(inner);
        } else {
            bend(sway, to, from, INNER, &mut inner);
            ring.extend(inner.into_iter().rev());
        }
    }
    ring.push(ring[0]);
    ring.iter().map(|&c| ORIGIN + c * STEP).collect()
}

/// Bends a straight edge by moving its middle aside, and the middles of its halves, until it has `inner` vertices.
fn bend(sway: u64, from: Coord<f64>, to: Coord<f64>, inner: usize, out: &mut Vec<Coord<f64>>) {
    if inner == 0 {
        return;
    }
    let shift = SWAY * signed_unit(sway);
    let along = to - from;
    let middle = Coord {
        x: f64::midpoint(from.x, to.x) - shift * along.y,
        y: f64::midpoint(from.y, to.y) + shift * along.x,
    };
    bend(mixed(sway ^ 1), from, middle, (inner - 1) / 2, out);
    out.push(middle);
    bend(mixed(sway ^ 2), middle, to, inner - 1 - (inner - 1) / 2, out);
}
