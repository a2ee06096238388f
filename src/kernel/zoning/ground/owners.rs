//! Whose land each corner of each triangle is.
//!
//! A triangle inside a unit is the unit's. The land between units is divided triangle by triangle, halfway between
//! the units at its corners: the borders run through the midpoints of the triangulation's edges, the discrete
//! skeleton of the land between (`DeLucia` and Black 1987, "A comprehensive approach to automatic feature
//! generalization"), so that no border enters a unit and every piece of land has exactly one owner. Corners on roads,
//! barriers and the rim are nobody's: land goes up to the road.
//!
//! Never here: borders as lines; they are in [`super::seams`].

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

use super::super::groups::Groups;
use super::mesh::{Mesh, NONE, Rings, inside};
use super::seams::Along;
use super::sketch::{Sketch, distance};

/// How a triangle is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Division {
    /// Not at all.
    Whole,
    /// The corner is cut off between the midpoints of its edges.
    Corner(usize),
    /// From the corner, which is nobody's, to the midpoint of the edge opposite.
    Opposite(usize),
    /// Into three, from the centre to the midpoints.
    Three,
}

/// The owners of a mesh's land.
#[derive(Debug)]
pub(super) struct Owners {
    /// The site that each corner of each triangle belongs to; [`NONE`] outside of the rim.
    pub(super) corner: Vec<[u32; 3]>,
    pub(super) division: Vec<Division>,
    /// The site of each unit.
    pub(super) site: Vec<u32>,
    pub(super) sites: usize,
    /// The vertices that are parts of units.
    pub(super) corners: Vec<u32>,
}

/// What a vertex is part of.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Nobodys,
    Of(u32),
    /// Several units meet here.
    Shared(BTreeSet<u32>),
}

impl Owners {
    /// The owners of a mesh's land, of which none has land on both sides of a `kept` border if it can be helped.
    pub(super) fn find(sketch: &Sketch, mesh: &Mesh, units: usize, kept: &Along) -> Self {
        let walls = Walls::find(mesh, kept);
        let Interiors { inside, hosts, mut outside } = Interiors::find(sketch, mesh, units);
        let (site, sites) = sites(sketch, mesh, &inside, hosts, units);
        let inside: Vec<u32> =
            inside.into_iter().map(|u| if u == NONE { NONE } else { site[u as usize] }).collect();
        let parts = parts(sketch, mesh, &inside, &site);
        let mut owners = Self {
            corner: vec![[NONE; 3]; mesh.len()],
            division: vec![Division::Whole; mesh.len()],
            site,
            sites,
            corners: (0..).zip(&parts).filter(|(_, part)| **part != Part::Nobodys).map(|(v, _)| v).collect(),
        };
        if sketch.tiled {
            beyond_union(mesh, &inside, &mut outside);
        }
        for t in 0..mesh.len() {
            if inside[t] != NONE {
                owners.corner[t] = [inside[t]; 3];
            } else if !outside[t] {
                (owners.corner[t], owners.division[t]) = divide(mesh.corners[t].map(|v| &parts[v as usize]));
            }
        }
        owners.settle(mesh, &outside, &walls);
        owners.join_up(mesh, &walls);
        owners
    }

    /// The owner of the half of edge `i` of `t` that is near the edge's start (or its end).
    pub(super) fn half(&self, t: usize, i: usize, at_end: bool) -> u32 {
        let corner = self.corner_of_half(t, i, at_end);
        self.corner[t][corner]
    }

    fn corner_of_half(&self, t: usize, i: usize, at_end: bool) -> usize {
        let (near, far) = if at_end { ((i + 1) % 3, i) } else { (i, (i + 1) % 3) };
        if self.division[t] == Division::Opposite(near) { far } else { near }
    }

    /// Gives triangles with nobody's corners alone to the nearest owner, by way of the land between, across a drawn
    /// line only where there is no other way, and across a wall last of all.
    fn settle(&mut self, mesh: &Mesh, outside: &[bool], walls: &Walls) {
        const ACROSS_M: f64 = 1e7;
        const THROUGH_M: f64 = 1e10;
        let unsettled = |owners: &Self, t: usize| owners.corner[t] == [NONE; 3] && !outside[t];
        let mut queue = BinaryHeap::new();
        let offer = |owners: &Self, queue: &mut BinaryHeap<_>, t: usize, so_far: f64| {
            for i in 0..3 {
                let Some((other, j)) = mesh.twin(t, i) else { continue };
                if unsettled(owners, other) {
                    let across = match (walls.0.contains(&(t, i)), mesh.drawn[t][i]) {
                        (true, _) => THROUGH_M,
                        (false, true) => ACROSS_M,
                        (false, false) => 0.0,
                    };
                    let way_m = so_far + across + distance(mesh.centre(t), mesh.centre(other));
                    // Distances are positive, so their bits are in their order.
                    queue.push(Reverse((way_m.to_bits(), other, owners.half(t, i, false), j)));
                }
            }
        };
        for (t, _) in outside.iter().enumerate().filter(|(_, outside)| !**outside) {
            if !unsettled(self, t) {
                offer(self, &mut queue, t, 0.0);
            }
        }
        while let Some(Reverse((way, t, owner, _))) = queue.pop() {
            if unsettled(self, t) {
                self.corner[t] = [owner; 3];
                offer(self, &mut queue, t, f64::from_bits(way));
            }
        }
    }

    /// Gives pieces of land that hang together with nothing else of their owner to a neighbour, and through a wall only
    /// where there is no other.
    fn join_up(&mut self, mesh: &Mesh, walls: &Walls) {
        const THROUGH: f64 = 1e-6;
        for _ in 0..4 {
            let (mut groups, area) = self.pieces(mesh);
            let mut main = vec![(0.0, usize::MAX); self.sites];
            for (piece, &area) in area.iter().enumerate() {
                let owner = self.corner[piece / 3][piece % 3];
                if owner != NONE && groups.find(piece) == piece && area > main[owner as usize].0 {
                    main[owner as usize] = (area, piece);
                }
            }
            let mut gains: HashMap<usize, HashMap<u32, f64>> = HashMap::new();
            let stray = |groups: &mut Groups, piece: usize, owner: u32| {
                let root = groups.find(piece);
                (owner != NONE && main[owner as usize].1 != root).then_some(root)
            };
            self.borders(mesh, |(t, a), (other, b), length_m| {
                let length_m = if walls.part(mesh, t, other) { length_m * THROUGH } else { length_m };
                for ((t, a), (u, b)) in [((t, a), (other, b)), ((other, b), (t, a))] {
                    let (from, to) = (self.corner[t][a], self.corner[u][b]);
                    if to == NONE || from == to {
                        continue;
                    }
                    if let Some(root) = stray(&mut groups, 3 * t + a, from) {
                        *gains.entry(root).or_default().entry(to).or_default() += length_m;
                    }
                }
            });
            if gains.is_empty() {
                return;
            }
            let best = |gains: &HashMap<u32, f64>| {
                gains.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map_or(NONE, |(to, _)| *to)
            };
            let takers: HashMap<usize, u32> = gains.iter().map(|(root, g)| (*root, best(g))).collect();
            for piece in 0..area.len() {
                if let Some(&taker) = takers.get(&groups.find(piece)) {
                    self.corner[piece / 3][piece % 3] = taker;
                }
            }
        }
    }

    /// Which corners hang together with others of the same owner, and the area of each such piece at its root.
    fn pieces(&self, mesh: &Mesh) -> (Groups, Vec<f64>) {
        let mut groups = Groups::new(3 * mesh.len());
        self.borders(mesh, |(t, a), (other, b), _| {
            if self.corner[t][a] == self.corner[other][b] {
                groups.join(3 * t + a, 3 * other + b);
            }
        });
        let mut area = vec![0.0; 3 * mesh.len()];
        for piece in 0..area.len() {
            area[groups.find(piece)] += mesh.area2(piece / 3);
        }
        (groups, area)
    }

    /// Visits each border between two corners' land, within triangles and across their edges, with its length.
    pub(super) fn borders(&self, mesh: &Mesh, mut visit: impl FnMut((usize, usize), (usize, usize), f64)) {
        for t in 0..mesh.len() {
            let sides = [0, 1, 2].map(|i| {
                let at = |v: usize| mesh.places[mesh.corners[t][v % 3] as usize];
                distance(at(i), at(i + 1))
            });
            for i in 0..3 {
                // Within a triangle: about as long as half the third side. A nobody's corner has no land.
                let next = (i + 1) % 3;
                let landless = |corner| self.division[t] == Division::Opposite(corner);
                if !landless(i) && !landless(next) {
                    visit((t, i), (t, next), sides[next] / 2.0);
                }
                if let Some((other, j)) = mesh.twin(t, i).filter(|twin| (t, i) < *twin) {
                    for at_end in [false, true] {
                        let here = self.corner_of_half(t, i, at_end);
                        let there = self.corner_of_half(other, j, !at_end);
                        visit((t, here), (other, there), sides[i] / 2.0);
                    }
                }
            }
        }
    }
}

/// The edges that run along borders which are kept, each by a triangle and its edge, from both sides.
struct Walls(HashSet<(usize, usize)>);

impl Walls {
    fn find(mesh: &Mesh, kept: &Along) -> Self {
        let runs = |&(t, i): &(usize, usize)| {
            let [a, b] = [i, (i + 1) % 3].map(|corner| mesh.places[mesh.corners[t][corner] as usize]);
            mesh.drawn[t][i] && kept.runs(a, b)
        };
        let edges = (0..mesh.len()).flat_map(|t| (0..3).map(move |i| (t, i)));
        Self(if kept.is_empty() { HashSet::new() } else { edges.filter(runs).collect() })
    }

    /// Whether one of them parts two triangles.
    fn part(&self, mesh: &Mesh, t: usize, other: usize) -> bool {
        let leads = |i: usize| mesh.twin(t, i).is_some_and(|(twin, _)| twin == other);
        !self.0.is_empty() && t != other && (0..3).any(|i| self.0.contains(&(t, i)) && leads(i))
    }
}

/// What each triangle is inside of.
struct Interiors {
    /// The unit; [`NONE`] between units.
    inside: Vec<u32>,
    /// For units that no triangle shows, the first that covers them.
    hosts: Vec<u32>,
    /// Whether a triangle is between units and beyond the rim.
    outside: Vec<bool>,
}

impl Interiors {
    fn find(sketch: &Sketch, mesh: &Mesh, units: usize) -> Self {
        let mut outside = vec![false; mesh.len()];
        let rings = Rings::new(&sketch.rings);
        let mut unit_of = vec![NONE; mesh.len()];
        let mut done = vec![false; mesh.len()];
        let mut shown = vec![false; units];
        let mut hosts = vec![NONE; units];
        for first in 0..mesh.len() {
            if done[first] {
                continue;
            }
            done[first] = true;
            let mut region = vec![first];
            let mut next = 0;
            while let Some(&t) = region.get(next) {
                next += 1;
                for i in 0..3 {
                    let other = mesh.beyond[t][i];
                    if other != NONE && !mesh.drawn[t][i] && !done[other as usize] {
                        done[other as usize] = true;
                        region.push(other as usize);
                    }
                }
            }
            let largest = region.iter().copied().max_by(|&a, &b| mesh.area2(a).total_cmp(&mesh.area2(b)));
            let middle = mesh.centre(largest.unwrap_or(first));
            let around = rings.around(middle);
            if let Some((&unit, others)) = around.split_first() {
                shown[unit] = true;
                for &other in others {
                    if hosts[other] == NONE {
                        hosts[other] = unit as u32;
                    }
                }
                for t in region {
                    unit_of[t] = unit as u32;
                }
            } else if !inside(&sketch.rim, middle) {
                for t in region {
                    outside[t] = true;
                }
            }
        }
        for (unit, host) in hosts.iter_mut().enumerate() {
            if shown[unit] {
                *host = NONE;
            }
        }
        Self { inside: unit_of, hosts, outside }
    }
}

/// Units that share one place, or have none but inside another, are one site.
fn sites(sketch: &Sketch, mesh: &Mesh, inside: &[u32], hosts: Vec<u32>, units: usize) -> (Vec<u32>, usize) {
    let mut groups = Groups::new(units);
    for (unit, host) in hosts.into_iter().enumerate().filter(|(_, host)| *host != NONE) {
        groups.join(unit, host as usize);
    }
    let mut host_of_vertex: HashMap<u32, u32> = HashMap::new();
    if !sketch.points.is_empty() {
        for t in (0..mesh.len()).filter(|&t| inside[t] != NONE) {
            for v in mesh.corners[t] {
                host_of_vertex.entry(v).or_insert(inside[t]);
            }
        }
    }
    let mut points: Vec<_> = sketch.points.iter().collect();
    points.sort_unstable();
    for (&unit, &vertex) in points {
        let host = *host_of_vertex.entry(vertex as u32).or_insert(unit as u32);
        groups.join(unit, host as usize);
    }
    let mut number = HashMap::new();
    let site = (0..units).map(|unit| {
        let next = number.len() as u32;
        *number.entry(groups.find(unit)).or_insert(next)
    });
    let site: Vec<u32> = site.collect();
    (site, number.len())
}

fn parts(sketch: &Sketch, mesh: &Mesh, inside: &[u32], site: &[u32]) -> Vec<Part> {
    let mut parts = vec![Part::Nobodys; mesh.places.len()];
    for (&unit, &vertex) in &sketch.points {
        parts[vertex] = Part::Of(site[unit]);
    }
    for t in (0..mesh.len()).filter(|&t| inside[t] != NONE) {
        for v in mesh.corners[t] {
            let part = &mut parts[v as usize];
            match part {
                Part::Nobodys => *part = Part::Of(inside[t]),
                Part::Of(owner) if *owner == inside[t] => {}
                Part::Of(owner) => *part = Part::Shared(BTreeSet::from([*owner, inside[t]])),
                Part::Shared(owners) => {
                    owners.insert(inside[t]);
                }
            }
        }
    }
    parts
}

/// Where units tile the land, what lies beyond their union is nobody's either.
fn beyond_union(mesh: &Mesh, inside: &[u32], outside: &mut [bool]) {
    let at_hull = |t: usize| inside[t] == NONE && mesh.beyond[t].contains(&NONE);
    let mut stack: Vec<usize> = (0..mesh.len()).filter(|&t| outside[t] || at_hull(t)).collect();
    while let Some(t) = stack.pop() {
        outside[t] = true;
        let others = mesh.beyond[t].into_iter().filter(|&other| other != NONE).map(|other| other as usize);
        stack.extend(others.filter(|&other| inside[other] == NONE && !outside[other]));
    }
}

/// The owners of a triangle's corners by what they are part of, and how it is divided.
fn divide(parts: [&Part; 3]) -> ([u32; 3], Division) {
    let owner = |i: usize| match parts[i] {
        Part::Nobodys => NONE,
        Part::Of(owner) => *owner,
        Part::Shared(owners) => {
            // A corner between two units goes with the unit that the triangle lies before.
            let others = [parts[(i + 1) % 3], parts[(i + 2) % 3]];
            let alone = others.iter().find_map(|part| match part {
                Part::Of(owner) if owners.contains(owner) => Some(*owner),
                _ => None,
            });
            let together = || {
                others.iter().find_map(|part| match part {
                    Part::Shared(theirs) => owners.intersection(theirs).next().copied(),
                    _ => None,
                })
            };
            alone.or_else(together).or_else(|| owners.first().copied()).unwrap_or(NONE)
        }
    };
    let [a, b, c] = [owner(0), owner(1), owner(2)];
    let known: Vec<u32> = [a, b, c].into_iter().filter(|&o| o != NONE).collect();
    match known.as_slice() {
        [] => ([NONE; 3], Division::Whole),
        [x, rest @ ..] if rest.iter().all(|y| y == x) => ([*x; 3], Division::Whole),
        [_, _] => {
            let nobodys = [a, b, c].iter().position(|&o| o == NONE).unwrap_or(0);
            ([a, b, c], Division::Opposite(nobodys))
        }
        _ if a == b => ([a, b, c], Division::Corner(2)),
        _ if b == c => ([a, b, c], Division::Corner(0)),
        _ if a == c => ([a, b, c], Division::Corner(1)),
        _ => ([a, b, c], Division::Three),
    }
}
