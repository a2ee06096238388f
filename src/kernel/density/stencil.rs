//! Spreads weights from the nodes of a lattice to the nodes around, as a kernel says. Never here: where the nodes are.

use rayon::prelude::*;

use super::kernel::Kernel;
use super::nodes::ROWS_AT_ONCE;

/// A kernel in steps of a lattice.
#[derive(Debug, Clone)]
pub(super) enum Stencil {
    /// The same along both axes, one after the other: half of it, from the middle on.
    Axes(Vec<f32>),
    /// A disc: a quarter of it, row by row from the middle, each row from the middle on.
    Disc(Vec<Vec<f32>>),
}

impl Stencil {
    /// The kernel, with a peak of 1, on a lattice with so many steps to the bandwidth.
    ///
    /// Weights reach the nodes by linear binning, which blurs them: their variance grows by t(1 − t) steps² along each
    /// axis, 1/6 on average, t being where they lie between two nodes. The average is taken back here by sharpening
    /// the kernel by a twelfth of its Laplacian; what remains is t's departure from the average, half as much at most
    /// and of both signs (M. P. Wand and M. C. Jones 1995, "Kernel Smoothing", appendix D.2, has the blur).
    pub(super) fn new(kernel: Kernel, steps: f64) -> Self {
        let share = |across: i32, along: i32| {
            let (x, y) = (f64::from(across) / steps, f64::from(along) / steps);
            kernel.share(x * x + y * y)
        };
        let radius = (reach(kernel) * steps).ceil() as i32;
        if kernel == Kernel::Gaussian {
            let sharpened =
                |i: i32| share(i, 0) - (share(i - 1, 0) + share(i + 1, 0) - 2.0 * share(i, 0)) / 12.0;
            return Self::Axes((0..=radius).map(|i| sharpened(i) as f32).collect());
        }
        let sharpened = |x: i32, y: i32| {
            let around = share(x - 1, y) + share(x + 1, y) + share(x, y - 1) + share(x, y + 1);
            share(x, y) - (around - 4.0 * share(x, y)) / 12.0
        };
        let row = |y: i32| {
            let row: Vec<f32> = (0..=radius).map(|x| sharpened(x, y) as f32).collect();
            let length = row.iter().rposition(|tap| *tap != 0.0).map_or(0, |last| last + 1);
            row[..length].to_vec()
        };
        Self::Disc((0..=radius).map(row).collect())
    }

    /// How many steps the stencil reaches.
    pub(super) fn radius(&self) -> usize {
        match self {
            Self::Axes(half) => half.len() - 1,
            Self::Disc(rows) => rows.len() - 1,
        }
    }

    /// What reaches each node, times `scale`, of a rectangle of nodes from those of another that is wider by `margin`,
    /// at least the radius, on every side. `columns` are the wider one's.
    pub(super) fn spread(&self, weights: &[f32], columns: usize, margin: usize, scale: f32) -> Vec<f32> {
        let (width, height) = (columns - 2 * margin, weights.len() / columns - 2 * margin);
        let mut out = vec![0.0; width * height];
        match self {
            Self::Axes(half) => {
                let radius = self.radius();
                // Whole groups of lanes; what lies beyond the width stays 0.
                let padded = width.next_multiple_of(LANES);
                let mut narrowed = vec![0.0; padded * (height + 2 * radius)];
                rows_of(&mut narrowed, padded)
                    .zip(weights[(margin - radius) * columns..].par_chunks_exact(columns))
                    .for_each(|((_, sums), row)| add_folded(row, half, margin, 1.0, &mut sums[..width]));
                rows_of(&mut out, width).for_each(|(top, out)| {
                    fold_rows(&narrowed[top * padded..], padded, half, scale, out);
                });
            }
            Self::Disc(rows) => {
                let folded = || vec![0.0; columns];
                rows_of(&mut out, width).for_each_init(folded, |folded, (top, out)| {
                    for (distance, taps) in rows.iter().enumerate() {
                        let row = |row: usize| &weights[row * columns..][..columns];
                        let (above, below) = (row(top + margin - distance), row(top + margin + distance));
                        for ((folded, above), below) in folded.iter_mut().zip(above).zip(below) {
                            *folded = above + below;
                        }
                        // The middle row is met twice.
                        let scale = if distance == 0 { 0.5 * scale } else { scale };
                        add_folded(folded, taps, margin, scale, out);
                    }
                });
            }
        }
        out
    }
}

/// The rows of some nodes and their numbers, to be worked on by all processors.
fn rows_of(nodes: &mut [f32], width: usize) -> impl IndexedParallelIterator<Item = (usize, &mut [f32])> {
    nodes.par_chunks_exact_mut(width.max(1)).enumerate().with_min_len(ROWS_AT_ONCE)
}

/// Outputs that are summed together, so that they stay in registers.
const LANES: usize = 16;

/// How many bandwidths a stencil reaches. The Gaussian, which never ends, is cut where less than 5·10⁻⁵ of its peak is
/// left, and less than 2·10⁻⁵ of its weight.
pub(super) fn reach(kernel: Kernel) -> f64 {
    if kernel == Kernel::Gaussian { 4.5 } else { f64::from(kernel.reach()) }
}

/// Sets each of `out` to the weights above and below it, by a stencil of which `half` is one side; `rows` begin with the
/// highest that is felt, and hold whole groups of lanes.
fn fold_rows(rows: &[f32], columns: usize, half: &[f32], scale: f32, out: &mut [f32]) {
    let Some((&middle, side)) = half.split_first() else { return };
    for (group, out) in out.chunks_mut(LANES).enumerate() {
        let lanes = |row: usize| &rows[row * columns + group * LANES..][..LANES];
        let mut sums = [0.0_f32; LANES];
        for (sum, weight) in sums.iter_mut().zip(lanes(side.len())) {
            *sum = middle * weight;
        }
        for (distance, &tap) in side.iter().enumerate() {
            let (above, below) = (lanes(side.len() - 1 - distance), lanes(side.len() + 1 + distance));
            for lane in 0..LANES {
                sums[lane] += tap * (above[lane] + below[lane]);
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = scale * sum;
        }
    }
}

/// Adds to each of `out` the weights around the place `margin` further on in `row`, by a stencil of which `half` is
/// one side.
fn add_folded(row: &[f32], half: &[f32], margin: usize, scale: f32, out: &mut [f32]) {
    let Some((&middle, side)) = half.split_first() else { return };
    let mut chunks = out.chunks_exact_mut(LANES);
    let mut from = margin;
    for out in &mut chunks {
        let mut sums = [0.0_f32; LANES];
        for (sum, weight) in sums.iter_mut().zip(&row[from..from + LANES]) {
            *sum = middle * weight;
        }
        for (distance, &tap) in side.iter().enumerate() {
            let left = &row[from - distance - 1..][..LANES];
            let right = &row[from + distance + 1..][..LANES];
            for lane in 0..LANES {
                sums[lane] += tap * (left[lane] + right[lane]);
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            *out += scale * sum;
        }
        from += LANES;
    }
    for (place, out) in chunks.into_remainder().iter_mut().enumerate() {
        let at = from + place;
        let mut sum = middle * row[at];
        for (distance, &tap) in side.iter().enumerate() {
            sum += tap * (row[at - distance - 1] + row[at + distance + 1]);
        }
        *out += scale * sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_weight_spreads_as_the_kernel_says() {
        for (kernel, steps) in [(Kernel::Quartic, 10.0), (Kernel::Gaussian, 5.0), (Kernel::Triweight, 12.5)] {
            let stencil = Stencil::new(kernel, steps);
            let (radius, out) = (stencil.radius(), 37);
            let columns = out + 2 * radius;
            let mut weights = vec![0.0; columns * columns];
            let middle = columns / 2;
            weights[middle * columns + middle] = 2.0;
            let spread = stencil.spread(&weights, columns, radius, 3.0);
            for (node, &found) in spread.iter().enumerate() {
                let away = |place: usize| (place as f64 - (middle - radius) as f64) / steps;
                let (x, y) = (away(node % out), away(node / out));
                let expected = 6.0 * kernel.share(x * x + y * y);
                // The sharpening adds a twelfth of the Laplacian.
                assert!(
                    (f64::from(found) - expected).abs() < 0.06,
                    "{kernel:?} {x} {y}: {found} for {expected}"
                );
            }
            // Sharpening moves weight, and takes none away.
            let sum: f64 = spread.iter().copied().map(f64::from).sum();
            if 2 * radius < out {
                assert!((sum / 6.0 * kernel.peak() / steps.powi(2) - 1.0).abs() < 0.003, "{kernel:?}: {sum}");
            }
        }
    }
}
