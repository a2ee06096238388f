//! Outlines of labelled cells: the ring around all cells of one label, with every vertex the lattice gives its
//! edges. Two neighbours read the same edges, so they share every vertex.

use std::collections::BTreeMap;

use super::lattice::{Lattice, Node};
use super::plane::{Pt, doubled_area};
use super::street::Cells;

/// The closed ring, anticlockwise, around the cells that `belongs` accepts. If there are holes, the outer ring.
pub(crate) fn outline(lattice: &Lattice, cells: &Cells, belongs: impl Fn(Option<usize>) -> bool) -> Vec<Pt> {
    let mut steps = directed_edges(cells, belongs);
    let mut best: Vec<Pt> = Vec::new();
    while let Some((&start, _)) = steps.first_key_value() {
        let mut ring = Vec::new();
        let mut node = start;
        while let Some(next) = steps.remove(&node) {
            ring.extend(lattice.edge(node, next));
            node = next;
        }
        ring.push(lattice.at(start));
        if best.is_empty() || doubled_area(&ring) > doubled_area(&best) {
            best = ring;
        }
    }
    best
}

/// Edges between a cell that belongs and one that does not, the former on the left. Each node starts at most one.
fn directed_edges(cells: &Cells, belongs: impl Fn(Option<usize>) -> bool) -> BTreeMap<Node, Node> {
    let mut steps = BTreeMap::new();
    for j in 0..cells.rows {
        for i in 0..cells.columns {
            let (a, b) = (i as isize, j as isize);
            if !belongs(cells.get(a, b)) {
                continue;
            }
            let sides = [
                (cells.get(a, b - 1), (i, j), (i + 1, j)),
                (cells.get(a + 1, b), (i + 1, j), (i + 1, j + 1)),
                (cells.get(a, b + 1), (i + 1, j + 1), (i, j + 1)),
                (cells.get(a - 1, b), (i, j + 1), (i, j)),
            ];
            steps.extend(sides.into_iter().filter(|side| !belongs(side.0)).map(|(_, from, to)| (from, to)));
        }
    }
    steps
}
