//! Disjoint sets (Tarjan 1975): which things have been joined. Never here: what they are.

/// Sets of the numbers below a bound, each alone at first.
#[derive(Debug)]
pub(super) struct Groups(Vec<u32>);

impl Groups {
    pub(super) fn new(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    /// The least member of the set that `i` is in.
    pub(super) fn find(&mut self, i: usize) -> usize {
        let mut i = i as u32;
        while self.0[i as usize] != i {
            let above = self.0[self.0[i as usize] as usize];
            self.0[i as usize] = above;
            i = above;
        }
        i as usize
    }

    /// Joins the sets of `a` and `b`; whether they were apart.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            self.0[a.max(b)] = a.min(b) as u32;
        }
        a != b
    }
}
