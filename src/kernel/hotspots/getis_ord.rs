//! Getis and Ord's local G and G*: whether the values around a unit are high or low.

use super::neighbours::{Neighbours, Weights};

/// The score of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalG {
    /// The share of all values that lies in the unit's neighbourhood, by weight.
    pub g: f64,
    /// How many standard deviations that is above what is expected when values fall anywhere. NaN where nothing can
    /// be said: all values are equal, or the neighbourhood is empty, or it is everything.
    pub z: f64,
}

/// The local G of each unit, or G* when the unit itself counts as one of its neighbours.
///
/// G = Σ wᵢⱼ xⱼ / Σ xⱼ with the expectation W/n and the variance W(n − W)s²/((n − 1) n² x̄²), W = Σ wᵢⱼ (Getis and Ord
/// 1992, equations 4 and 5), where G leaves the unit out of n, x̄ and s² as well. As in `esda`, the moments of
/// row-standardised weights are those formulas with W = 1, which Getis and Ord derived for binary weights only:
/// their z is too small by about the root of the number of neighbours, while p by permutation is right.
///
/// # Panics
/// If there is not one value for each unit.
#[must_use]
pub fn local_g(values: &[f64], neighbours: &Neighbours, weights: Weights, with_itself: bool) -> Vec<LocalG> {
    assert_eq!(values.len(), neighbours.len(), "one value for each unit");
    let total: f64 = values.iter().sum();
    let squares: f64 = values.iter().map(|value| value * value).sum();
    let score = |unit: usize| {
        let own = values[unit];
        let count = neighbours.of(unit).len() + usize::from(with_itself);
        if count == 0 {
            return LocalG { g: 0.0, z: f64::NAN };
        }
        let around = neighbours.sum_over(unit, values);
        let (n, total, squares, around) = if with_itself {
            (values.len() as f64, total, squares, around + own)
        } else {
            (values.len() as f64 - 1.0, total - own, squares - own * own, around)
        };
        let weight = weights.of_each(count);
        let (mean, sum_of_weights) = (total / n, weight * count as f64);
        let g = around * weight / total;
        let spread = squares / n - mean * mean;
        let variance = sum_of_weights * (n - sum_of_weights) / (n - 1.0) / (n * n) * spread / (mean * mean);
        LocalG { g, z: if variance > 0.0 { (g - sum_of_weights / n) / variance.sqrt() } else { f64::NAN } }
    };
    (0..values.len()).map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six places and who is within 15 of whom, from the documentation of `esda.G_Local`, with its results.
    #[test]
    fn agrees_with_the_example_of_esda() {
        let neighbours =
            Neighbours::new(&[vec![1, 3], vec![0, 3, 4], vec![4], vec![0, 1, 4], vec![1, 2, 3, 5], vec![4]])
                .unwrap();
        let values = [2.0, 3.0, 3.2, 5.0, 8.0, 7.0];
        for (weights, with_itself, expected) in [
            (
                Weights::Binary,
                false,
                [
                    -1.013_672_898_550_257_2,
                    -0.043_615_894_201_693_3,
                    1.315_587_028_960_543_8,
                    -0.314_126_758_204_562_6,
                    1.153_739_858_106_773,
                    1.778_339_408_621_097_3,
                ],
            ),
            (
                Weights::Binary,
                true,
                [
                    -1.397_276_262_011_544_2,
                    -0.289_177_615_627_127_3,
                    0.650_649_635_161_037_9,
                    -0.289_177_615_627_127_3,
                    1.234_520_883_519_873_8,
                    2.024_243_309_389_896,
                ],
            ),
            (
                Weights::RowStandardised,
                false,
                [
                    -0.620_745_341_884_037_1,
                    -0.017_806_114_244_894_006,
                    1.315_587_028_960_543_8,
                    -0.128_241_712_025_968_35,
                    0.288_434_964_526_693_26,
                    1.778_339_408_621_097_3,
                ],
            ),
            (
                Weights::RowStandardised,
                true,
                [
                    -0.624_880_941_040_924,
                    -0.091_445_991_371_842_3,
                    0.411_506_961_173_291_3,
                    -0.091_445_991_371_842_3,
                    0.246_904_176_703_975_2,
                    1.280_243_879_205_795_5,
                ],
            ),
        ] {
            let scores = local_g(&values, &neighbours, weights, with_itself);
            for (score, expected) in scores.iter().zip(expected) {
                assert!((score.z - expected).abs() < 1e-12, "{} for {expected}", score.z);
            }
        }
    }

    #[test]
    fn says_nothing_where_nothing_can_be_said() {
        let neighbours = Neighbours::new(&[vec![1, 2], vec![0], vec![]]).unwrap();
        let scores = local_g(&[1.0, 2.0, 4.0], &neighbours, Weights::Binary, false);
        assert!(scores[0].z.is_nan(), "its neighbours are all there is");
        assert!(scores[2].g == 0.0 && scores[2].z.is_nan(), "an island");
        assert!(scores[1].z.is_finite());
        for with_itself in [false, true] {
            let flat = local_g(&[3.0; 3], &neighbours, Weights::Binary, with_itself);
            assert!(flat.iter().all(|score| score.z.is_nan()));
        }
    }
}
