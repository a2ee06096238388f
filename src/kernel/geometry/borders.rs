//! The edges of all faces, each kept once however many faces share it.
//!
//! Edges that follow each other along a ring share their vertices in one array: an edge is known by the place of its
//! first vertex there, its *slot*. In a partition nearly every edge has two faces, so this takes half the room of the
//! rings.
//!
//! Never here: cells, or which point is where.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use geo::Coord;
use rayon::prelude::*;

use super::buckets::{Buckets, stretches};
use super::rings::{FlatFaces, Ring, Vertex};
use super::section::Section;

/// No face, or no vertex.
const NONE: u32 = u32::MAX;

/// Edges sorted together: few enough for a table of them to stay in a processor's nearest cache.
const EDGES_PER_BUCKET: usize = 2048;

/// The borders of faces, which are known by their index.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Borders {
    pub(crate) vertices: Section<Vertex>,
    /// `runs[run_starts[i]..run_starts[i + 1]]` are the border of face i.
    pub(crate) run_starts: Section<u32>,
    /// Edges in a row: the first slot and how many.
    pub(crate) runs: Section<[u32; 2]>,
}

/// Whose the edges are, as long as cells are being built.
pub(crate) struct Owners {
    /// By slot: the first face; none where a chain of vertices ends.
    first: Vec<u32>,
    /// By slot: the second face, if there is one.
    second: Vec<u32>,
    /// Further faces of the few edges that have more.
    more: HashMap<u32, Vec<u32>>,
}

impl Owners {
    /// How many slots there are.
    pub(crate) fn slots(&self) -> usize {
        self.first.len()
    }

    /// Whether an edge starts at the slot.
    pub(crate) fn is_edge(&self, slot: u32) -> bool {
        self.first[slot as usize] != NONE
    }

    /// The faces the edge bounds, in ascending order. A face on both of its sides is not among them: crossing the edge
    /// changes nothing for it.
    pub(crate) fn faces(&self, slot: u32) -> Sides {
        let (first, second) = (self.first[slot as usize], self.second[slot as usize]);
        match self.more.get(&slot) {
            None if first == second => Sides::default(),
            None => Sides { few: [first.min(second), first.max(second)], many: None },
            Some(more) => {
                let mut all: Vec<u32> = [first, second].into_iter().chain(more.iter().copied()).collect();
                all.sort_unstable();
                let odd = all.chunk_by(|a, b| a == b).filter(|equal| equal.len() % 2 == 1);
                Sides { few: [NONE; 2], many: Some(odd.map(|equal| equal[0]).collect()) }
            }
        }
    }
}

/// The faces of an edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sides {
    few: [u32; 2],
    many: Option<Vec<u32>>,
}

impl Default for Sides {
    fn default() -> Self {
        Self { few: [NONE; 2], many: None }
    }
}

impl Sides {
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let many = self.many.iter().flatten().copied();
        self.few.iter().copied().filter(|&face| face != NONE).chain(many)
    }
}

impl Borders {
    /// Finds the edges that rings share, by their ends. O(n) in the number of vertices.
    pub(crate) fn new(rings: &FlatFaces) -> (Self, Owners) {
        let twins = Twins::find(rings);
        let vertices = &rings.vertices;
        let mut chains = Vec::with_capacity(vertices.len() / 2 + rings.rings.len() * 4);
        let mut owners = Owners {
            first: Vec::with_capacity(chains.capacity()),
            second: Vec::with_capacity(chains.capacity()),
            more: HashMap::new(),
        };
        let mut slots = vec![NONE; vertices.len()];
        let mut place = |vertex: Vertex, owners: &mut Owners| {
            chains.push(vertex);
            owners.first.push(NONE);
            owners.second.push(NONE);
        };
        for ring in &rings.rings {
            let mut is_open = false;
            for edge in ring.start as usize..ring.end as usize - 1 {
                if twins.first_of(edge) != edge as u32 {
                    is_open = false;
                    continue;
                }
                if !is_open {
                    place(vertices[edge], &mut owners);
                }
                is_open = true;
                let slot = owners.first.len() - 1;
                slots[edge] = slot as u32;
                owners.first[slot] = ring.face;
                owners.second[slot] = twins.second[edge].load(Ordering::Relaxed);
                place(vertices[edge + 1], &mut owners);
            }
        }
        for (edge, face) in twins.more {
            owners.more.entry(slots[edge as usize]).or_default().push(face);
        }
        let slot = |edge: usize| slots[twins.first[edge].load(Ordering::Relaxed) as usize];
        let of_ring: Vec<Vec<[u32; 2]>> = rings.rings.par_iter().map(|ring| runs(ring, slot)).collect();
        let mut run_starts = vec![0; rings.ids.len() + 1];
        for (ring, runs) in rings.rings.iter().zip(&of_ring) {
            run_starts[ring.face as usize + 1] += runs.len() as u32;
        }
        for face in 1..run_starts.len() {
            run_starts[face] += run_starts[face - 1];
        }
        let borders =
            Self { vertices: chains.into(), run_starts: run_starts.into(), runs: of_ring.concat().into() };
        (borders, owners)
    }

    /// The number of faces.
    pub(crate) fn len(&self) -> usize {
        self.run_starts.len().saturating_sub(1)
    }

    /// The edge at a slot.
    pub(crate) fn edge(&self, slot: u32) -> (Coord<f64>, Coord<f64>) {
        (coord(self.vertices[slot as usize]), coord(self.vertices[slot as usize + 1]))
    }

    /// The edges of a face, in no particular order or direction.
    pub(crate) fn edges(&self, face: usize) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
        let runs = &self.runs[self.run_starts[face] as usize..self.run_starts[face + 1] as usize];
        let vertices = &self.vertices[..];
        runs.iter().flat_map(move |&[start, count]| {
            let chain = &vertices[start as usize..=(start + count) as usize];
            chain.windows(2).map(|w| (coord(w[0]), coord(w[1])))
        })
    }

    /// Whether every reference leads somewhere, every face has a border, and every vertex is a place.
    pub(crate) fn is_consistent(&self) -> bool {
        let fits =
            |&[start, count]: &[u32; 2]| count > 0 && (start as usize + count as usize) < self.vertices.len();
        let ends = self.run_starts.last().map_or(0, |&end| end as usize);
        self.run_starts.first().is_none_or(|&start| start == 0)
            && self.run_starts.is_sorted_by(|a, b| a < b)
            && ends == self.runs.len()
            && self.runs.iter().all(fits)
    }
}

#[inline]
pub(crate) fn coord([x, y]: Vertex) -> Coord<f64> {
    Coord { x, y }
}

/// A ring's edges as runs of slots that follow each other, forwards or backwards.
fn runs(ring: &Ring, slot: impl Fn(usize) -> u32) -> Vec<[u32; 2]> {
    let mut runs: Vec<[u32; 2]> = Vec::new();
    for edge in ring.start as usize..ring.end as usize - 1 {
        let slot = slot(edge);
        match runs.last_mut() {
            Some([start, count]) if *start + *count == slot => *count += 1,
            Some([start, count]) if slot + 1 == *start => (*start, *count) = (slot, *count + 1),
            _ => runs.push([slot, 1]),
        }
    }
    runs
}

/// Which edges of rings are the same. An edge is known by its first vertex in the array of the rings.
struct Twins {
    /// The first edge with the same ends, in either direction.
    first: Vec<AtomicU32>,
    /// Of such a first edge: the face of the second.
    second: Vec<AtomicU32>,
    /// Faces of third and further edges, by the first.
    more: Vec<(u32, u32)>,
}

impl Twins {
    fn find(rings: &FlatFaces) -> Self {
        let vertices = &rings.vertices;
        let none = || (0..vertices.len()).into_par_iter().map(|_| AtomicU32::new(NONE)).collect();
        let (first, second): (Vec<AtomicU32>, Vec<AtomicU32>) = (none(), none());
        let bits = (vertices.len() / EDGES_PER_BUCKET).next_power_of_two().ilog2().min(16);
        let parts = stretches(rings.rings.len());
        let buckets = Buckets::sort(parts.len(), 1 << bits, |part| {
            let of_ring = |ring: &Ring| {
                (ring.start..ring.end - 1).map(|edge| {
                    let hash = hash(vertices[edge as usize], vertices[edge as usize + 1]);
                    // The high bits choose the bucket; the low ones go along to find the twin.
                    ((hash >> 32 >> (32 - bits)) as usize, hash << 32 | u64::from(edge))
                })
            };
            rings.rings[parts[part].clone()].iter().flat_map(of_ring)
        });
        let mut faces = vec![0; vertices.len()];
        for ring in &rings.rings {
            faces[ring.start as usize..ring.end as usize].fill(ring.face);
        }
        let more = Mutex::new(Vec::new());
        (0..1_usize << bits).into_par_iter().for_each_init(Vec::new, |table: &mut Vec<u64>, bucket| {
            let items = buckets.of(bucket);
            let size = (items.len() * 2).next_power_of_two();
            table.clear();
            table.resize(size, u64::MAX);
            for item in items {
                let edge = item as u32;
                let mut at = (item >> 32) as usize & (size - 1);
                let found = loop {
                    let there = table[at];
                    if there == u64::MAX {
                        table[at] = item;
                        break edge;
                    }
                    if there >> 32 == item >> 32 && same_edge(vertices, there as u32, edge) {
                        break there as u32;
                    }
                    at = (at + 1) & (size - 1);
                };
                first[edge as usize].store(found, Ordering::Relaxed);
                if found != edge {
                    let face = faces[edge as usize];
                    let known = second[found as usize].load(Ordering::Relaxed);
                    if known == NONE {
                        second[found as usize].store(face, Ordering::Relaxed);
                    } else if let Ok(mut more) = more.lock() {
                        more.push((found, face));
                    }
                }
            }
        });
        let mut more = more.into_inner().unwrap_or_default();
        more.sort_unstable();
        Self { first, second, more }
    }

    fn first_of(&self, edge: usize) -> u32 {
        self.first[edge].load(Ordering::Relaxed)
    }
}

/// The same in both directions.
fn hash(a: Vertex, b: Vertex) -> u64 {
    // Fibonacci hashing of sums would be weak in the low bits: the finisher of SplitMix64 (S. Vigna, 2015).
    let one = |v: Vertex| {
        let mut z = v[0].to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ v[1].to_bits().rotate_left(29);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    one(a).wrapping_add(one(b))
}

fn same_edge(vertices: &[Vertex], one: u32, other: u32) -> bool {
    let ends = |edge: u32| (vertices[edge as usize], vertices[edge as usize + 1]);
    let ((a, b), (c, d)) = (ends(one), ends(other));
    (a, b) == (c, d) || (a, b) == (d, c)
}
