//! What many tests at once leave of a p-value.

/// The false discovery rate of each p-value (Benjamini and Hochberg 1995): the share of false alarms to expect when
/// everything at least as small is called a discovery. What is NaN was not tested, does not count, and stays NaN.
///
/// ```
/// use gridkeeper::kernel::hotspots::false_discovery_rate;
///
/// assert_eq!(false_discovery_rate(&[0.03, 0.01, 0.5, 0.02]), [0.04, 0.04, 0.5, 0.04]);
/// ```
#[must_use]
pub fn false_discovery_rate(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&test| !p[test].is_nan()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let tests = order.len() as f64;
    let mut rates = vec![f64::NAN; p.len()];
    let mut least = 1.0_f64;
    for (rank, &test) in order.iter().enumerate().rev() {
        least = least.min(p[test] * tests / (rank + 1) as f64);
        rates[test] = least;
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_example_of_benjamini_and_hochberg() {
        // The fifteen p-values of section 4 of the paper, where four are rejected at a rate of 0.05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        let rates = false_discovery_rate(&p);
        assert_eq!(rates.iter().filter(|&&rate| rate <= 0.05).count(), 4);
        assert!((rates[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-15);
        assert!(rates.is_sorted());
    }

    #[test]
    fn what_was_not_tested_does_not_count() {
        let rates = false_discovery_rate(&[f64::NAN, 0.02, 0.01]);
        assert!(rates[0].is_nan());
        assert_eq!(&rates[1..], [0.02, 0.02]);
        assert!(false_discovery_rate(&[]).is_empty());
    }
}
