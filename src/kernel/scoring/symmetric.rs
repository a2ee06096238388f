//! Small symmetric positive definite systems, by Cholesky's factorisation.
//!
//! Never here: matrices too large for the stack of a page; a model has a dozen coefficients.

/// A symmetric matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Symmetric {
    size: usize,
    entries: Vec<f64>,
}

/// The lower triangle L of A = L·Lᵀ.
pub(super) struct Factor {
    size: usize,
    lower: Vec<f64>,
}

impl Symmetric {
    /// A matrix with this diagonal and nothing else.
    pub(super) fn diagonal(diagonal: &[f64]) -> Self {
        let size = diagonal.len();
        let mut entries = vec![0.0; size * size];
        for (i, &value) in diagonal.iter().enumerate() {
            entries[i * size + i] = value;
        }
        Self { size, entries }
    }

    /// Adds `weight`·v·vᵀ.
    pub(super) fn add_outer(&mut self, v: &[f64], weight: f64) {
        for (row, &a) in self.entries.chunks_mut(self.size).zip(v) {
            for (entry, &b) in row.iter_mut().zip(v) {
                *entry += weight * a * b;
            }
        }
    }

    /// vᵀ·A·v.
    pub(super) fn quadratic(&self, v: &[f64]) -> f64 {
        self.entries.chunks(self.size).zip(v).map(|(row, &a)| a * dot(row, v)).sum()
    }

    /// One entry of the diagonal.
    pub(super) fn at_diagonal(&self, i: usize) -> f64 {
        self.entries[i * self.size + i]
    }

    /// The factor, if the matrix is positive definite as far as floating point can tell.
    pub(super) fn factor(&self) -> Option<Factor> {
        let n = self.size;
        let mut lower = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let known = dot(&lower[i * n..i * n + j], &lower[j * n..j * n + j]);
                let rest = self.entries[i * n + j] - known;
                lower[i * n + j] = if i == j {
                    if rest.is_nan() || rest <= 0.0 {
                        return None;
                    }
                    rest.sqrt()
                } else {
                    rest / lower[j * n + j]
                };
            }
        }
        Some(Factor { size: n, lower })
    }
}

impl Factor {
    /// The x of A·x = b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut x = b.to_vec();
        for i in 0..n {
            let known = dot(&self.lower[i * n..i * n + i], &x[..i]);
            x[i] = (x[i] - known) / self.lower[i * n + i];
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).map(|j| self.lower[j * n + i] * x[j]).sum();
            x[i] = (x[i] - known) / self.lower[i * n + i];
        }
        x
    }

    /// The inverse of A.
    pub(super) fn inverse(&self) -> Symmetric {
        let n = self.size;
        let mut entries = Vec::with_capacity(n * n);
        for i in 0..n {
            let mut unit = vec![0.0; n];
            unit[i] = 1.0;
            // A row of the inverse is a column of it.
            entries.extend(self.solve(&unit));
        }
        Symmetric { size: n, entries }
    }
}

/// The inner product.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solving_and_inverting_undo_multiplying() {
        let mut a = Symmetric::diagonal(&[2.0, 3.0, 5.0]);
        a.add_outer(&[1.0, 2.0, -1.0], 0.5);
        let factor = a.factor().unwrap();
        let x = factor.solve(&[1.0, -2.0, 0.25]);
        let back: Vec<f64> = a.entries.chunks(3).map(|row| dot(row, &x)).collect();
        for (got, wanted) in back.iter().zip([1.0, -2.0, 0.25]) {
            assert!((got - wanted).abs() < 1e-12);
        }
        let inverse = factor.inverse();
        assert!((inverse.quadratic(&[1.0, -2.0, 0.25]) - dot(&x, &[1.0, -2.0, 0.25])).abs() < 1e-12);
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_has_no_factor() {
        assert!(Symmetric::diagonal(&[1.0, -1.0]).factor().is_none());
        assert!(Symmetric::diagonal(&[1.0, f64::NAN]).factor().is_none());
    }
}
