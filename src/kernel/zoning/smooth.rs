//! Straightening the borders between zones: Visvalingam and Whyatt 1993, "Line generalisation by repeated elimination
//! of points", with a vertex taken out only if the triangle that it spans holds no other.
//!
//! Because neither a corner of a unit nor a vertex of a border lies in that triangle, the straight edge that replaces
//! two others crosses no unit and no border. Nodes, where three zones meet, stay.
//!
//! Never here: borders that follow parcels; they are nobody's to straighten.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use geo::Coord;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::draw::Line;
use super::ground::{Ground, NONE};
use crate::kernel::geometry::half_open::orientation;

/// A vertex off a road goes if the triangle is smaller than so much of a unit's usual land: straight enough to walk and to
/// say aloud. What holds a border away from buildings is not this but that no triangle with a corner in it goes.
const LAND_SHARE: f64 = 6.0;
/// How far a border may be straightened off a road, in metres: less than half its width.
const OFF_ROAD_M: f64 = 1.0;
/// What counts as straight on the rim, in metres.
const STRAIGHT_M: f64 = 1e-3;

/// Straightens lines; their ends stay.
pub(super) fn smooth(ground: &Ground, lines: &mut [Line]) {
    let mut uses: HashMap<u32, u32> = HashMap::new();
    for v in lines.iter().flat_map(|l| &l.vertices) {
        *uses.entry(*v).or_default() += 1;
    }
    for &v in &ground.corners {
        *uses.entry(v).or_default() += 1;
    }
    let mut vertices: Vec<u32> = uses.keys().copied().collect();
    vertices.sort_unstable();
    let entry = |v: u32| {
        let c = ground.places[v as usize];
        GeomWithData::new([c.x, c.y], v)
    };
    let tree = RTree::bulk_load(vertices.into_iter().map(entry).collect());
    let mut smoother = Smoother { ground, tree, uses };
    for line in lines {
        smoother.straighten(line);
    }
}

struct Smoother<'g> {
    ground: &'g Ground,
    tree: RTree<GeomWithData<[f64; 2], u32>>,
    /// How many lines and units a vertex is part of; none any more when it has been taken out.
    uses: HashMap<u32, u32>,
}

impl Smoother<'_> {
    fn place(&self, v: u32) -> Coord<f64> {
        self.ground.places[v as usize]
    }

    fn straighten(&mut self, line: &mut Line) {
        let count = line.vertices.len();
        let mut before: Vec<usize> = (0..count).map(|i| i.wrapping_sub(1)).collect();
        let mut after: Vec<usize> = (1..=count).collect();
        let mut left = count;
        let mut gone = vec![false; count];
        let mut queue: BinaryHeap<Reverse<(u64, usize, usize, usize)>> = BinaryHeap::new();
        let offer = |smoother: &Self, queue: &mut BinaryHeap<_>, u: usize, i: usize, w: usize| {
            if let Some(area) = smoother.area_to_lose(line, [u, i, w]) {
                // Areas are not negative, so their bits are in their order.
                queue.push(Reverse((area.to_bits(), i, u, w)));
            }
        };
        for i in 1..count.saturating_sub(1) {
            offer(self, &mut queue, i - 1, i, i + 1);
        }
        // A line that runs around stays a ring.
        let least = if line.vertices.first() == line.vertices.last() { 4 } else { 2 };
        while let Some(Reverse((_, i, u, w))) = queue.pop() {
            if left <= least || gone[i] || before[i] != u || after[i] != w {
                continue;
            }
            if !self.is_empty([u, i, w].map(|i| line.vertices[i])) {
                continue;
            }
            gone[i] = true;
            left -= 1;
            self.uses.remove(&line.vertices[i]);
            (after[u], before[w]) = (w, u);
            if u > 0 {
                offer(self, &mut queue, before[u], u, w);
            }
            if w + 1 < count {
                offer(self, &mut queue, u, w, after[w]);
            }
        }
        let mut kept = gone.iter().map(|gone| !gone);
        line.vertices.retain(|_| kept.next().unwrap_or(true));
    }

    /// The area of the triangle between a vertex and its neighbours, if the vertex may go for its size.
    fn area_to_lose(&self, line: &Line, [before, here, after]: [usize; 3]) -> Option<f64> {
        // A corner of a unit, or of another line, stays.
        if self.uses.get(&line.vertices[here]) != Some(&1) {
            return None;
        }
        let [a, b, c] = [before, here, after].map(|i| self.place(line.vertices[i]));
        let area = orientation(a, b, c).abs() / 2.0;
        let base_m = (a.x - c.x).hypot(a.y - c.y);
        let height_m = if base_m > 0.0 { 2.0 * area / base_m } else { f64::INFINITY };
        let off_road = !line.on_road[here - 1] && !line.on_road[here];
        let may_go = if line.right == NONE {
            height_m <= STRAIGHT_M
        } else if off_road {
            area <= LAND_SHARE * self.ground.spacing_m * self.ground.spacing_m
        } else {
            height_m <= OFF_ROAD_M
        };
        may_go.then_some(area)
    }

    /// Whether no vertex in use lies in a triangle or on its edges.
    fn is_empty(&self, triangle: [u32; 3]) -> bool {
        let [a, b, c] = triangle.map(|v| self.place(v));
        let low = [a.x.min(b.x).min(c.x), a.y.min(b.y).min(c.y)];
        let high = [a.x.max(b.x).max(c.x), a.y.max(b.y).max(c.y)];
        let turn = orientation(a, b, c);
        let within = |p: Coord<f64>| {
            let sides = [orientation(a, b, p), orientation(b, c, p), orientation(c, a, p)];
            sides.iter().all(|s| s * turn >= 0.0) && (turn != 0.0 || sides.iter().all(|s| *s == 0.0))
        };
        let near = self.tree.locate_in_envelope(AABB::from_corners(low, high));
        near.filter(|e| self.uses.contains_key(&e.data) && !triangle.contains(&e.data))
            .all(|e| !within(self.place(e.data)))
    }
}
