//! Whether each grid's doors are reached over its own roads.
//!
//! A finding for a person to weigh, not a rule that the search obeys: roads in the data are rarely all the ways there
//! are. A road on a border is both grids'. What hangs together on no road at all is nobody's fault and not reported.
//!
//! O((roads + units) log roads), with roads in pieces of [`PIECE_M`].

use std::collections::{BTreeMap, HashMap};

use geo::Coord;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};

use super::figures::locate;
use super::finding::{Finding, FindingKind, Grounds};
use super::unit::Unit;
use crate::kernel::geometry::measure::LocalPlane;
use crate::message;

/// Roads are looked at in pieces no longer than this, in metres.
const PIECE_M: f64 = 25.0;
/// A piece of road this near to a border is the grids' on both sides, in metres: a lane's width and its verge.
const ON_BORDER_M: f64 = 12.0;
/// A door further from every road than this is not reached by any, in metres.
const TO_ROAD_M: f64 = 150.0;
/// Doors that are too few to speak of.
const LEAST_DOORS: i64 = 2;

/// A piece of road: its ends, and the grids whose it is.
struct Piece {
    ends: [(u64, u64); 2],
    grids: Vec<u32>,
}

impl Grounds<'_> {
    /// Grids of which some doors are joined to the rest only over the roads of others.
    pub(super) fn unreachable(&self) -> Vec<Finding> {
        let Some(first) = self.surveyed.roads.first().and_then(|road| road.0.first()) else {
            return Vec::new();
        };
        let plane = LocalPlane::at_latitude(first.y);
        let (east_m, north_m) = plane.metres_per_degree();
        let metres = |c: Coord<f64>| [c.x * east_m, c.y * north_m];
        let mut pieces = Vec::new();
        let mut lines = Vec::new();
        for edge in self.surveyed.roads.iter().flat_map(geo::LineString::lines) {
            let parts = (plane.distance_m(edge.start, edge.end) / PIECE_M).ceil().max(1.0) as usize;
            let at = |i: usize| match i {
                0 => edge.start,
                i if i == parts => edge.end,
                i => edge.start + (edge.end - edge.start) * (i as f64 / parts as f64),
            };
            for i in 0..parts {
                let (a, b) = (at(i), at(i + 1));
                lines.push(GeomWithData::new(Line::new(metres(a), metres(b)), pieces.len()));
                let ends = [a, b].map(|c| (c.x.to_bits(), c.y.to_bits()));
                pieces.push(Piece { ends, grids: self.grids_near((a + b) / 2.0, east_m, north_m) });
            }
        }
        let tree = RTree::bulk_load(lines);
        let everywhere = groups(&pieces, 0..pieces.len());
        let mut of_grid: Vec<(Vec<usize>, Vec<&Unit>)> = vec![Default::default(); self.grids.len()];
        for (i, piece) in pieces.iter().enumerate() {
            for &grid in &piece.grids {
                of_grid[grid as usize].0.push(i);
            }
        }
        for unit in self.surveyed.units.iter().filter(|unit| doors_at(unit) > 0) {
            if let Some(face) = locate(self.index, unit.at) {
                of_grid[face.0 as usize].1.push(unit);
            }
        }
        let mut found = Vec::new();
        for ((grid, (code, _)), (own, units)) in (0_u32..).zip(self.grids).zip(&of_grid) {
            let own = groups(&pieces, own.iter().copied());
            // By the part of the whole network, then by the part of the grid's own: doors, and one of their places.
            let mut doors: BTreeMap<usize, BTreeMap<usize, (i64, [f64; 2])>> = BTreeMap::new();
            for unit in units {
                let at = metres(Coord { x: unit.at[0], y: unit.at[1] });
                let near = tree.nearest_neighbor_iter_with_distance_2(at);
                let near = near.take_while(|(_, d2)| *d2 <= TO_ROAD_M * TO_ROAD_M);
                let Some(piece) = near.map(|(line, _)| line.data).find(|&p| pieces[p].grids.contains(&grid))
                else {
                    continue;
                };
                let part =
                    doors.entry(everywhere[&piece]).or_default().entry(own[&piece]).or_insert((0, unit.at));
                part.0 += doors_at(unit);
            }
            let cut_off: Vec<(i64, [f64; 2])> = doors.into_values().flat_map(cut_off).collect();
            let count: i64 = cut_off.iter().map(|(count, _)| count).sum();
            if count < LEAST_DOORS {
                continue;
            }
            let name = self.name(code);
            let what = message!(
                "{name}有 {count} 户（家）须经其他网格的道路才能到达",
                "{name}: {count} doors are reached only over other grids' roads"
            );
            let at = cut_off.iter().max_by_key(|(count, _)| *count).map(|(_, at)| *at);
            found.push(Finding { at, ..self.finding(FindingKind::Unreachable, vec![code.clone()], &what) });
        }
        found
    }

    /// The grids that hold a place or come near it.
    fn grids_near(&self, at: Coord<f64>, east_m: f64, north_m: f64) -> Vec<u32> {
        let around = [(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)];
        let places = around.map(|(x, y)| [at.x + x * ON_BORDER_M / east_m, at.y + y * ON_BORDER_M / north_m]);
        let mut grids: Vec<u32> =
            places.into_iter().filter_map(|place| locate(self.index, place)).map(|face| face.0).collect();
        grids.sort_unstable();
        grids.dedup();
        grids
    }
}

/// All parts but the one with the most doors.
fn cut_off(parts: BTreeMap<usize, (i64, [f64; 2])>) -> Vec<(i64, [f64; 2])> {
    let mut parts: Vec<_> = parts.into_values().collect();
    parts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    parts.split_off(1.min(parts.len()))
}

fn doors_at(unit: &Unit) -> i64 {
    unit.load.households + unit.load.enterprise_count()
}

/// The part that each of some pieces is in, over their common ends.
fn groups(pieces: &[Piece], some: impl Iterator<Item = usize>) -> HashMap<usize, usize> {
    let some: Vec<usize> = some.collect();
    let mut parent: Vec<usize> = (0..some.len()).collect();
    let mut at: HashMap<(u64, u64), usize> = HashMap::new();
    for (i, &piece) in some.iter().enumerate() {
        for end in pieces[piece].ends {
            let other = *at.entry(end).or_insert(i);
            let (a, b) = (root(&mut parent, i), root(&mut parent, other));
            parent[a.max(b)] = a.min(b);
        }
    }
    some.iter().enumerate().map(|(i, &piece)| (piece, root(&mut parent, i))).collect()
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}
