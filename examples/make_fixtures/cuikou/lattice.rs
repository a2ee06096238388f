//! The field lattice: the crooked chequerboard of field edges, tracks and ditches that everything on the North
//! China Plain is fitted into. Boundaries, main roads, tracks and ditches all run along its edges and take their
//! vertices from here, which is what makes them share every one of them.

use std::collections::BTreeMap;

use super::plane::{Pt, ground};
use super::rng::{Rng, hashed_unit};

/// A crossing of two field edges: column, row.
pub(crate) type Node = (usize, usize);

pub(crate) struct Lattice {
    pub(crate) xs: Vec<f64>,
    pub(crate) ys: Vec<f64>,
    /// Plan points inside an edge, in order from its lesser node: where village lanes meet it.
    stops: BTreeMap<(Node, Node), Vec<(f64, f64)>>,
    /// Around these places (plan x, y, radius) edges are straight: streets have been built along them.
    calm: Vec<(f64, f64, f64)>,
}

/// Field edges around Cuikou are placed by hand, so that its streets, spurs and tracks lie on them.
const CUIKOU_XS: [f64; 12] =
    [-650.0, -560.0, -450.0, -330.0, -206.0, 0.0, 206.0, 309.0, 400.0, 520.0, 625.0, 700.0];
const CUIKOU_YS: [f64; 10] = [-610.0, -500.0, -400.0, -290.0, 0.0, 210.0, 320.0, 430.0, 540.0, 640.0];

/// How far a field corner strays from the plan, and the middle of a field edge from its ends' chord, in metres.
const STRAY_M: (f64, f64) = (14.0, 5.0);

impl Lattice {
    pub(crate) fn new() -> Self {
        let mut rng = Rng::named("lattice");
        Self {
            xs: extend(&CUIKOU_XS, -6300.0, 7600.0, (70.0, 135.0), &mut rng),
            ys: extend(&CUIKOU_YS, -3900.0, 6300.0, (75.0, 140.0), &mut rng),
            stops: BTreeMap::new(),
            calm: Vec::new(),
        }
    }

    pub(crate) fn keep_calm(&mut self, x: f64, y: f64, radius: f64) {
        self.calm.push((x, y, radius));
    }

    /// The node nearest to a place of the plan.
    pub(crate) fn node_near(&self, x: f64, y: f64) -> Node {
        (nearest(&self.xs, x), nearest(&self.ys, y))
    }

    /// Makes a place on the plan, which must lie on a lattice line, a vertex of the edge it lies on.
    pub(crate) fn add_stop(&mut self, x: f64, y: f64) {
        let column = self.xs.iter().position(|&v| same(v, x));
        let row = self.ys.iter().position(|&v| same(v, y));
        let (a, b) = match (column, row) {
            (None, Some(j)) => {
                let i = self.xs.partition_point(|&v| v < x);
                ((i - 1, j), (i, j))
            }
            (Some(i), None) => {
                let j = self.ys.partition_point(|&v| v < y);
                ((i, j - 1), (i, j))
            }
            _ => return,
        };
        let stops = self.stops.entry((a, b)).or_default();
        if !stops.iter().any(|&(sx, sy)| same(sx, x) && same(sy, y)) {
            stops.push((x, y));
            stops.sort_by(|p, q| p.0.total_cmp(&q.0).then(p.1.total_cmp(&q.1)));
        }
    }

    /// Where a node lies on the ground.
    pub(crate) fn at(&self, node: Node) -> Pt {
        let (x, y) = (self.xs[node.0], self.ys[node.1]);
        let stray = STRAY_M.0 * self.unrest(x, y);
        let (a, b) = (node.0 as i64, node.1 as i64);
        ground(x + stray * (hashed_unit(a, b, 3) * 2.0 - 1.0), y + stray * (hashed_unit(a, b, 4) * 2.0 - 1.0))
    }

    /// The vertices of the edge from `a` to its neighbour `b`: `a` and all before `b`.
    pub(crate) fn edge(&self, a: Node, b: Node) -> Vec<Pt> {
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        let mut between: Vec<Pt> = if let Some(stops) = self.stops.get(&(low, high)) {
            stops.iter().map(|&(x, y)| ground(x, y)).collect()
        } else {
            self.bend(low, high).into_iter().collect()
        };
        if a > b {
            between.reverse();
        }
        let mut points = vec![self.at(a)];
        points.extend(between);
        points
    }

    /// The whole way along a chain of neighbouring nodes.
    pub(crate) fn path(&self, nodes: &[Node]) -> Vec<Pt> {
        let mut points: Vec<Pt> = nodes.windows(2).flat_map(|pair| self.edge(pair[0], pair[1])).collect();
        points.extend(nodes.last().map(|&node| self.at(node)));
        points
    }

    /// Out in the fields, two edges of three have a bend of their own.
    fn bend(&self, low: Node, high: Node) -> Option<Pt> {
        let key = (low.0 * 1000 + low.1) as i64;
        let other = (high.0 * 1000 + high.1) as i64;
        let (a, b) = (self.at(low), self.at(high));
        let middle = a.toward(b, 0.35 + 0.3 * hashed_unit(key, other, 5));
        let unrest = self.unrest(
            f64::midpoint(self.xs[low.0], self.xs[high.0]),
            f64::midpoint(self.ys[low.1], self.ys[high.1]),
        );
        if unrest < 0.5 || hashed_unit(key, other, 6) < 0.34 {
            return None;
        }
        let off = STRAY_M.1 * unrest * (hashed_unit(key, other, 7) * 2.0 - 1.0);
        let length = a.distance(b);
        Some(Pt { x: middle.x - off * (b.y - a.y) / length, y: middle.y + off * (b.x - a.x) / length })
    }

    /// 0 among houses, 1 out in the fields, a ramp of 150 m between.
    fn unrest(&self, x: f64, y: f64) -> f64 {
        self.calm
            .iter()
            .map(|&(cx, cy, radius)| {
                let distance = ((x - cx) * (x - cx) + (y - cy) * (y - cy)).sqrt();
                ((distance - radius) / 150.0).clamp(0.0, 1.0)
            })
            .fold(1.0, f64::min)
    }
}

/// Two coordinates of the plan are the same within a centimetre.
pub(crate) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.01
}

fn extend(core: &[f64], from: f64, to: f64, step: (f64, f64), rng: &mut Rng) -> Vec<f64> {
    let mut lines = core.to_vec();
    while lines[0] > from {
        lines.insert(0, lines[0] - rng.range(step.0, step.1));
    }
    while lines[lines.len() - 1] < to {
        lines.push(lines[lines.len() - 1] + rng.range(step.0, step.1));
    }
    lines
}

fn nearest(lines: &[f64], value: f64) -> usize {
    let after = lines.partition_point(|&v| v < value).clamp(1, lines.len() - 1);
    if value - lines[after - 1] <= lines[after] - value { after - 1 } else { after }
}
