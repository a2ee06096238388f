//! Local Moran's I: whether a unit is like its neighbours, and in which way.

use super::neighbours::{Neighbours, Weights};

/// The score of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalMoran {
    /// Above 0 where the unit is like its neighbours, below 0 where it stands out from them.
    pub i: f64,
    /// How many standard deviations `i` is above what is expected when the other values are dealt out anew and the
    /// unit keeps its own. NaN for an island, for a unit whose value is the mean, and where all values are equal.
    pub z: f64,
    /// The unit's value and that of its neighbours against the mean.
    pub quadrant: Quadrant,
    /// The unit's value less the mean.
    pub deviation: f64,
}

/// A unit and its neighbours against the mean, in the numbering of PySAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Quadrant {
    /// High among high.
    HighHigh = 1,
    /// Low among high.
    LowHigh = 2,
    /// Low among low.
    LowLow = 3,
    /// High among low.
    HighLow = 4,
}

/// The local Moran's I of each unit (Anselin 1995, equation 7): Iᵢ = (n − 1) zᵢ Σ wᵢⱼ zⱼ / Σ z², z the deviations from
/// the mean.
///
/// Its z-score has the moments of the sum under conditional permutation (Sokal, Oden and Thomson 1998, equations
/// A7 and A8), scaled as Iᵢ is: the limit to which `esda`'s `z_sim` tends.
///
/// # Panics
/// If there is not one value for each unit.
#[must_use]
pub fn local_moran(values: &[f64], neighbours: &Neighbours, weights: Weights) -> Vec<LocalMoran> {
    assert_eq!(values.len(), neighbours.len(), "one value for each unit");
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let squares: f64 = deviations.iter().map(|deviation| deviation * deviation).sum();
    let score = |unit: usize| {
        let own = deviations[unit];
        let count = neighbours.of(unit).len();
        if count == 0 {
            let quadrant = Quadrant::of(own, 0.0);
            return LocalMoran { i: 0.0, z: f64::NAN, quadrant, deviation: own };
        }
        let weight = weights.of_each(count);
        let lag = neighbours.sum_over(unit, &deviations) * weight;
        let scale = (n - 1.0) * own / squares;
        // The others sum to −own; `count` of them are drawn without replacement.
        let others = n - 1.0;
        let drawn = count as f64;
        let expected_lag = -own / others * drawn * weight;
        let spread = (squares - own * own - own * own / others) / (others - 1.0);
        let deviation_of_lag = (spread * drawn * (1.0 - drawn / others)).sqrt() * weight;
        let z = own.signum() * (lag - expected_lag) / deviation_of_lag;
        let defined = own != 0.0 && deviation_of_lag > 0.0;
        LocalMoran {
            i: scale * lag,
            z: if defined { z } else { f64::NAN },
            quadrant: Quadrant::of(own, lag),
            deviation: own,
        }
    };
    (0..values.len()).map(score).collect()
}

impl Quadrant {
    fn of(own: f64, lag: f64) -> Self {
        match (own > 0.0, lag > 0.0) {
            (true, true) => Self::HighHigh,
            (false, true) => Self::LowHigh,
            (false, false) => Self::LowLow,
            (true, false) => Self::HighLow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way of dealing out the other values, for moments without a formula.
    fn all_orders(values: &mut Vec<f64>, from: usize, seen: &mut Vec<Vec<f64>>) {
        if from == values.len() {
            seen.push(values.clone());
            return;
        }
        for next in from..values.len() {
            values.swap(from, next);
            all_orders(values, from + 1, seen);
            values.swap(from, next);
        }
    }

    #[test]
    fn z_has_the_moments_of_every_way_to_deal_out_the_others() {
        let values = [2.0, 3.0, 3.5, 5.0, 8.0, 7.0];
        let neighbours =
            Neighbours::new(&[vec![1, 3, 5], vec![0], vec![3], vec![0, 2], vec![5], vec![4]]).unwrap();
        for weights in [Weights::Binary, Weights::RowStandardised] {
            let observed = local_moran(&values, &neighbours, weights)[0];
            let mut orders = Vec::new();
            all_orders(&mut values[1..].to_vec(), 0, &mut orders);
            let dealt: Vec<f64> = orders
                .iter()
                .map(|others| {
                    let values = [&values[..1], others].concat();
                    local_moran(&values, &neighbours, weights)[0].i
                })
                .collect();
            let mean = dealt.iter().sum::<f64>() / dealt.len() as f64;
            let variance = dealt.iter().map(|i| (i - mean).powi(2)).sum::<f64>() / dealt.len() as f64;
            assert!((observed.z - (observed.i - mean) / variance.sqrt()).abs() < 1e-12);
        }
    }

    #[test]
    fn an_island_and_equal_values_have_no_score() {
        let neighbours = Neighbours::new(&[vec![1], vec![0], vec![]]).unwrap();
        let scores = local_moran(&[1.0, 2.0, 9.0], &neighbours, Weights::Binary);
        assert!(scores[2].z.is_nan() && scores[2].i == 0.0);
        assert!(local_moran(&[2.0; 3], &neighbours, Weights::Binary).iter().all(|score| score.z.is_nan()));
    }
}
