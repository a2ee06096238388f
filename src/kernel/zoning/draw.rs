//! The zones' polygons: the land of their sites joined, with borders that are the same on both sides and smooth enough
//! to walk.
//!
//! Never here: which site is in which zone.

use std::collections::HashMap;

use geo::MultiPolygon;

use super::ground::{Ground, NONE, Seam};
use super::smooth::smooth;
use crate::kernel::geometry::coverage::polygons_left_of;

/// A border between two zones from one node to another, or around.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The first is also the last of a line that runs around.
    pub(super) vertices: Vec<u32>,
    pub(super) left: u32,
    /// [`NONE`] on the rim.
    pub(super) right: u32,
    /// Whether each edge runs along a road.
    pub(super) on_road: Vec<bool>,
}

/// Draws the zones of a plan, given the zone of each unit and how many there are.
///
/// Where units tile the land, zones are exactly the union of theirs. Elsewhere borders are straightened, but never so
/// that one crosses a unit, another border or itself, and only slightly off a road. Degrees; zones without land are
/// empty.
#[must_use]
pub fn draw(ground: &Ground, zone: &[u32], zones: usize) -> Vec<MultiPolygon<f64>> {
    let mut zone_of_site = vec![NONE; ground.sites()];
    for (&site, &z) in ground.site.iter().zip(zone) {
        zone_of_site[site as usize] = z;
    }
    let of = |site: u32| if site == NONE { NONE } else { zone_of_site[site as usize] };
    let seams: Vec<Seam> = ground
        .seams
        .iter()
        .map(|s| Seam { left: of(s.left), right: of(s.right), ..*s })
        .filter(|s| s.left != s.right)
        .map(|s| if s.left < s.right { s } else { s.reversed() })
        .collect();
    let mut lines = chain(&seams);
    if !ground.tiled {
        smooth(ground, &mut lines);
    }
    let mut edges: Vec<Vec<(u32, u32)>> = vec![Vec::new(); zones];
    for line in &lines {
        for pair in line.vertices.windows(2) {
            edges[line.left as usize].push((pair[0], pair[1]));
            if line.right != NONE {
                edges[line.right as usize].push((pair[1], pair[0]));
            }
        }
    }
    edges
        .into_iter()
        .map(|edges| {
            polygons_left_of(edges, |v| ground.degrees(v)).unwrap_or_else(|| MultiPolygon(Vec::new()))
        })
        .collect()
}

/// Seams between zones, end to end. Seams of the same two zones must run in the same direction.
fn chain(seams: &[Seam]) -> Vec<Line> {
    let mut degree: HashMap<u32, u32> = HashMap::new();
    let mut leaving: HashMap<u32, usize> = HashMap::new();
    for (i, seam) in seams.iter().enumerate() {
        *degree.entry(seam.from).or_default() += 1;
        *degree.entry(seam.to).or_default() += 1;
        leaving.insert(seam.from, i);
    }
    let is_node = |v: u32| degree[&v] != 2;
    let mut used = vec![false; seams.len()];
    let mut lines = Vec::new();
    // Lines that start in a node first; what is left then runs around.
    for around in [false, true] {
        for first in 0..seams.len() {
            if used[first] || !(around || is_node(seams[first].from)) {
                continue;
            }
            let Seam { from, left, right, .. } = seams[first];
            let mut line = Line { vertices: vec![from], left, right, on_road: Vec::new() };
            let mut at = first;
            loop {
                used[at] = true;
                line.vertices.push(seams[at].to);
                line.on_road.push(seams[at].on_road);
                match leaving.get(&seams[at].to) {
                    Some(&next) if !is_node(seams[at].to) && !used[next] => at = next,
                    _ => break,
                }
            }
            lines.push(line);
        }
    }
    lines
}
