//! Which sites border on which, over how many metres, and where one can walk across.
//!
//! Never here: the plan that is laid over it.

use std::collections::{BTreeMap, VecDeque};

use geo::Coord;

use super::ground::{NONE, Seam};

/// Two sites with a common border.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Border {
    pub(super) sites: [u32; 2],
    pub(super) length_m: f64,
    /// How long it would be drawn straight, without the turns that are smoothed away.
    pub(super) straight_m: f64,
    /// The part of it along roads.
    pub(super) road_m: f64,
    /// Whether a zone may hang together across it.
    pub(super) open: bool,
}

/// One end of a border, seen from the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    pub(super) site: u32,
    pub(super) edge: u32,
    pub(super) open: bool,
}

/// Sites by number, with their borders.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) edges: Vec<Border>,
    starts: Vec<u32>,
    links: Vec<Link>,
}

/// A border narrower than this share of a site's usual width is too narrow to hold a zone together.
const NARROW: f64 = 0.02;

/// The least share of a border's length that it is taken to keep once it is straightened.
const STRAIGHTENED: f64 = 0.6;

impl Graph {
    pub(super) fn of(sites: usize, places: &[Coord<f64>], seams: &[Seam], spacing_m: f64) -> Self {
        /// In metres.
        #[derive(Default)]
        struct Sum {
            length: f64,
            road: f64,
            open: f64,
            along: Coord<f64>,
        }
        let mut sums: BTreeMap<[u32; 2], Sum> = BTreeMap::new();
        for seam in seams.iter().filter(|s| s.right != NONE) {
            let (a, b) = (places[seam.from as usize], places[seam.to as usize]);
            let length_m = (a.x - b.x).hypot(a.y - b.y);
            let sum = sums.entry([seam.left.min(seam.right), seam.left.max(seam.right)]).or_default();
            sum.length += length_m;
            // With the lesser site on the left.
            sum.along = if seam.left < seam.right { sum.along + (b - a) } else { sum.along - (b - a) };
            sum.road += if seam.on_road { length_m } else { 0.0 };
            sum.open += if seam.on_barrier { 0.0 } else { length_m };
        }
        let least_m = (NARROW * spacing_m).min(0.5);
        let border = |(sites, sum): (&[u32; 2], &Sum)| Border {
            sites: *sites,
            length_m: sum.length,
            straight_m: sum.along.x.hypot(sum.along.y).max(STRAIGHTENED * sum.length),
            road_m: sum.road,
            open: sum.open >= least_m,
        };
        Self::new(sites, sums.iter().map(border).collect())
    }

    pub(super) fn new(sites: usize, edges: Vec<Border>) -> Self {
        let mut starts = vec![0_u32; sites + 1];
        for site in edges.iter().flat_map(|e| e.sites) {
            starts[site as usize + 1] += 1;
        }
        for site in 0..sites {
            starts[site + 1] += starts[site];
        }
        let mut next = starts.clone();
        let mut links = vec![Link { site: 0, edge: 0, open: false }; 2 * edges.len()];
        for (edge, border) in edges.iter().enumerate() {
            let [a, b] = border.sites;
            for (here, there) in [(a, b), (b, a)] {
                let slot = &mut next[here as usize];
                links[*slot as usize] = Link { site: there, edge: edge as u32, open: border.open };
                *slot += 1;
            }
        }
        Self { edges, starts, links }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn links(&self, site: u32) -> &[Link] {
        &self.links[self.starts[site as usize] as usize..self.starts[site as usize + 1] as usize]
    }

    /// The part that each site is in, over open borders between sites that `same` puts together, and how many parts.
    pub(super) fn parts(&self, same: impl Fn(u32, u32) -> bool) -> (Vec<u32>, usize) {
        let mut part = vec![NONE; self.len()];
        let mut count = 0;
        let mut queue = VecDeque::new();
        for first in 0..self.len() as u32 {
            if part[first as usize] != NONE {
                continue;
            }
            part[first as usize] = count as u32;
            queue.push_back(first);
            while let Some(site) = queue.pop_front() {
                for link in self.links(site).iter().filter(|l| l.open) {
                    if part[link.site as usize] == NONE && same(site, link.site) {
                        part[link.site as usize] = count as u32;
                        queue.push_back(link.site);
                    }
                }
            }
            count += 1;
        }
        (part, count)
    }

    /// Opens a border that a barrier closes.
    pub(super) fn open(&mut self, edge: usize) {
        self.edges[edge].open = true;
        for site in self.edges[edge].sites {
            let range = self.starts[site as usize] as usize..self.starts[site as usize + 1] as usize;
            for link in &mut self.links[range] {
                link.open |= link.edge as usize == edge;
            }
        }
    }
}
