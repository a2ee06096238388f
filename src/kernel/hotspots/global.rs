//! Global Moran's I and global G: whether there is any clustering at all.

use rayon::prelude::*;

use super::neighbours::{Neighbours, Weights};
use crate::kernel::random::Random;

/// A statistic of all units together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Global {
    /// The statistic.
    pub value: f64,
    /// What is expected when values fall anywhere.
    pub expected: f64,
    /// How many standard deviations `value` is above `expected`, under randomisation.
    pub z: f64,
    /// By permutation, of the tail that `value` lies in: (m + 1)/(permutations + 1).
    pub p_sim: f64,
}

/// Sums over the weights that the moments are made of (Cliff and Ord 1981, section 1.4).
struct Sums {
    s0: f64,
    s1: f64,
    s2: f64,
}

/// Moran's I with its moments under randomisation (Cliff and Ord 1981, equations 1.37 and 1.39).
///
/// `None` with fewer than four units, with no neighbours at all, or when all values are equal.
///
/// # Panics
/// If there is not one value for each unit.
#[must_use]
pub fn global_moran(
    values: &[f64],
    neighbours: &Neighbours,
    weights: Weights,
    permutations: usize,
    seed: u64,
) -> Option<Global> {
    assert_eq!(values.len(), neighbours.len(), "one value for each unit");
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let z: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let squares: f64 = z.iter().map(|z| z * z).sum();
    let sums = Sums::over(neighbours, weights);
    if values.len() < 4 || sums.s0 == 0.0 || squares == 0.0 {
        return None;
    }
    let scale = n / sums.s0 / squares;
    let value = scale * products(&z, neighbours, weights);
    let expected = -1.0 / (n - 1.0);

    let Sums { s0, s1, s2 } = sums;
    let kurtosis = z.iter().map(|z| z.powi(4)).sum::<f64>() / n / (squares / n).powi(2);
    let a = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
    let b = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
    let variance = (a - b) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0) - expected * expected;
    let draws = shuffled(&z, permutations, seed, |z| scale * products(z, neighbours, weights));
    Some(Global { value, expected, z: (value - expected) / variance.sqrt(), p_sim: folded(value, &draws) })
}

/// Getis and Ord's general G of binary weights with its moments (Getis and Ord 1992, equations 11 to 13).
///
/// `None` with fewer than four units, with no neighbours at all, or when fewer than two values are not 0.
///
/// # Panics
/// If there is not one value for each unit.
#[must_use]
pub fn global_g(values: &[f64], neighbours: &Neighbours, permutations: usize, seed: u64) -> Option<Global> {
    assert_eq!(values.len(), neighbours.len(), "one value for each unit");
    let n = values.len() as f64;
    let moment = |power: i32| values.iter().map(|value| value.powi(power)).sum::<f64>();
    let (m1, m2, m3, m4) = (moment(1), moment(2), moment(3), moment(4));
    let pairs = m1 * m1 - m2;
    let Sums { s0, s1, s2 } = Sums::over(neighbours, Weights::Binary);
    if values.len() < 4 || s0 == 0.0 || pairs == 0.0 {
        return None;
    }
    let value = products(values, neighbours, Weights::Binary) / pairs;
    let expected = s0 / (n * (n - 1.0));

    let b0 = (n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0;
    let b1 = -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
    let b2 = -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * s0 * s0);
    let b3 = 4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * s0 * s0;
    let b4 = s1 - s2 + s0 * s0;
    let square = (b0 * m2 * m2 + b1 * m4 + b2 * m1 * m1 * m2 + b3 * m1 * m3 + b4 * m1.powi(4))
        / (pairs * pairs * n * (n - 1.0) * (n - 2.0) * (n - 3.0));
    let variance = square - expected * expected;
    let draws =
        shuffled(values, permutations, seed, |values| products(values, neighbours, Weights::Binary) / pairs);
    Some(Global { value, expected, z: (value - expected) / variance.sqrt(), p_sim: folded(value, &draws) })
}

/// Σ wᵢⱼ xᵢ xⱼ.
fn products(values: &[f64], neighbours: &Neighbours, weights: Weights) -> f64 {
    let of_unit = |unit: usize| {
        let count = neighbours.of(unit).len();
        if count == 0 {
            return 0.0;
        }
        values[unit] * neighbours.sum_over(unit, values) * weights.of_each(count)
    };
    (0..values.len()).map(of_unit).sum()
}

/// The statistic of each of so many random orders of the values.
fn shuffled(
    values: &[f64],
    permutations: usize,
    seed: u64,
    statistic: impl Fn(&[f64]) -> f64 + Sync,
) -> Vec<f64> {
    let draw = |permutation: usize| {
        let mut random = Random::new(seed ^ (permutation as u64).wrapping_mul(0xD605_BBB5_8C8A_BC2B));
        let mut values = values.to_vec();
        for place in (1..values.len()).rev() {
            values.swap(place, random.below(place + 1));
        }
        statistic(&values)
    };
    (0..permutations).into_par_iter().map(draw).collect()
}

fn folded(observed: f64, draws: &[f64]) -> f64 {
    let at_least = draws.iter().filter(|&&drawn| drawn >= observed).count();
    (at_least.min(draws.len() - at_least) + 1) as f64 / (draws.len() + 1) as f64
}

impl Sums {
    fn over(neighbours: &Neighbours, weights: Weights) -> Self {
        let mut sums = Self { s0: 0.0, s1: 0.0, s2: 0.0 };
        let mut columns = vec![0.0; neighbours.len()];
        let weight_of = |unit: usize| weights.of_each(neighbours.of(unit).len());
        for unit in 0..neighbours.len() {
            for &other in neighbours.of(unit) {
                let other = other as usize;
                let weight = weight_of(unit);
                columns[other] += weight;
                // (wᵢⱼ + wⱼᵢ)²/2, summed over both orders of the pair; one that is not returned is met only once.
                let returned =
                    if neighbours.of(other).contains(&(unit as u32)) { weight_of(other) } else { 0.0 };
                let once = 0.5 * (weight + returned).powi(2);
                sums.s1 += if returned > 0.0 { once } else { 2.0 * once };
            }
        }
        for (unit, column) in columns.iter().enumerate() {
            let count = neighbours.of(unit).len();
            let row = if count == 0 { 0.0 } else { weight_of(unit) * count as f64 };
            sums.s0 += row;
            sums.s2 += (row + column).powi(2);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbours() -> Neighbours {
        Neighbours::new(&[vec![1, 3], vec![0, 3], vec![4], vec![0, 1, 4], vec![2, 3], vec![4]]).unwrap()
    }
    type Statistic = dyn Fn(&[f64]) -> Global;
    const VALUES: [f64; 6] = [2.0, 3.0, 3.2, 5.0, 8.0, 7.0];

    fn all_orders(values: &mut Vec<f64>, from: usize, seen: &mut dyn FnMut(&[f64])) {
        if from == values.len() {
            return seen(values);
        }
        for next in from..values.len() {
            values.swap(from, next);
            all_orders(values, from + 1, seen);
            values.swap(from, next);
        }
    }

    #[test]
    fn z_has_the_moments_of_every_order_of_the_values() {
        let statistics: [Box<Statistic>; 3] = [
            Box::new(|values| global_moran(values, &neighbours(), Weights::Binary, 0, 0).unwrap()),
            Box::new(|values| global_moran(values, &neighbours(), Weights::RowStandardised, 0, 0).unwrap()),
            Box::new(|values| global_g(values, &neighbours(), 0, 0).unwrap()),
        ];
        for statistic in statistics {
            let mut drawn = Vec::new();
            all_orders(&mut VALUES.to_vec(), 0, &mut |values| drawn.push(statistic(values).value));
            let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
            let variance = drawn.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / drawn.len() as f64;
            let observed = statistic(&VALUES);
            assert!((observed.expected - mean).abs() < 1e-12);
            assert!((observed.z - (observed.value - mean) / variance.sqrt()).abs() < 1e-9);
        }
    }

    #[test]
    fn permutation_finds_the_share_of_orders() {
        let mut at_least = 0;
        let observed = global_moran(&VALUES, &neighbours(), Weights::Binary, 9_999, 5).unwrap();
        all_orders(&mut VALUES.to_vec(), 0, &mut |values| {
            let drawn = global_moran(values, &neighbours(), Weights::Binary, 0, 0).unwrap().value;
            at_least += u32::from(drawn >= observed.value - 1e-12);
        });
        assert!((observed.p_sim - f64::from(at_least) / 720.0).abs() < 0.02);
    }

    #[test]
    fn nothing_to_compare_has_no_statistic() {
        assert_eq!(global_moran(&[1.0; 6], &neighbours(), Weights::Binary, 9, 0), None);
        assert_eq!(global_g(&[0.0, 0.0, 4.0, 0.0, 0.0, 0.0], &neighbours(), 9, 0), None);
        let islands = Neighbours::new(&[vec![], vec![], vec![], vec![]]).unwrap();
        assert_eq!(global_moran(&[1.0, 2.0, 3.0, 4.0], &islands, Weights::Binary, 9, 0), None);
        assert_eq!(global_g(&[1.0, 2.0, 3.0, 4.0], &islands, 9, 0), None);
    }
}
