//! Which of a set of segments come near each other.
//!
//! Never here: whether they meet; see [`super::segments::meeting`].

use geo::Coord;
use rstar::RTree;

use super::segments::{around, entry};

/// Beyond this many segments the boxes at one latitude can be too many to walk: an R-tree finds them then.
const SWEPT: usize = 4096;

/// Visits each pair of segments whose bounding boxes meet, once, the lower index first; in no particular order.
///
/// O(n log n) for n segments that are short in relation to the whole.
pub(super) fn near_pairs(segments: &[(Coord<f64>, Coord<f64>)], mut visit: impl FnMut(usize, usize)) {
    if segments.len() > SWEPT {
        let entries = segments.iter().enumerate().map(|(i, &(a, b))| entry(a, b, i));
        let tree = RTree::bulk_load(entries.collect());
        for (i, &(a, b)) in segments.iter().enumerate() {
            for &j in around(&tree, a, b, (0.0, 0.0)).filter(|&&j| j > i) {
                visit(i, j);
            }
        }
        return;
    }
    let low = |i: usize| segments[i].0.y.min(segments[i].1.y);
    let high = |i: usize| segments[i].0.y.max(segments[i].1.y);
    let west = |i: usize| segments[i].0.x.min(segments[i].1.x);
    let east = |i: usize| segments[i].0.x.max(segments[i].1.x);
    let mut northward: Vec<usize> = (0..segments.len()).collect();
    northward.sort_unstable_by(|&i, &j| low(i).total_cmp(&low(j)));
    let mut open: Vec<usize> = Vec::new();
    for i in northward {
        let (from, start, end) = (low(i), west(i), east(i));
        open.retain(|&j| high(j) >= from);
        for &j in open.iter().filter(|&&j| west(j) <= end && east(j) >= start) {
            visit(i.min(j), i.max(j));
        }
        open.push(i);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::kernel::geometry::jagged::Random;

    #[test]
    fn both_ways_find_the_same_pairs() {
        let mut random = Random(5);
        let mut coordinate = || random.between(0, 4_000) as f64;
        let segments: Vec<_> = (0..=SWEPT)
            .map(|_| {
                let (x, y) = (coordinate(), coordinate());
                let (dx, dy) = (coordinate() / 40.0, coordinate() / 40.0);
                (Coord { x, y }, Coord { x: x + dx - 50.0, y: y + dy - 50.0 })
            })
            .collect();
        let pairs = |segments: &[_]| {
            let mut found = BTreeSet::new();
            near_pairs(segments, |i, j| assert!(found.insert((i, j)), "each pair once"));
            found
        };
        let few = &segments[..SWEPT];
        let mut of_tree = pairs(&segments);
        of_tree.retain(|&(_, j)| j < SWEPT);
        assert!(!of_tree.is_empty());
        assert_eq!(pairs(few), of_tree);
    }
}
