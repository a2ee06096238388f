//! Bandwidths chosen from the events themselves. Never here: what people may choose.

use std::f64::consts::PI;
use std::ops::RangeInclusive;

use rayon::prelude::*;

use super::kernel::Kernel;
use super::surface::Event;
use crate::kernel::plane::PlanePoint;
use crate::kernel::random::Random;

/// Places whose likelihood is asked for at most: of more, so many are drawn, and the bandwidth is brought to what all
/// of them would have by the rate n^(−1/6) at which the best one falls.
const MOST_PLACES: usize = 1_500;
/// Bandwidths tried, at equal steps of their logarithm.
const TRIED: u32 = 33;
/// Positions nearer than this are one place: telephones and address books give no better.
const SAME_PLACE_M: f64 = 1.0;

/// Scott's rule for a Gaussian in metres: σ·n^(−1/6), σ² being the mean of the variances along both axes and n the
/// effective number of events, (Σw)²/Σw² (D. W. Scott 1992, "Multivariate Density Estimation", equation 6.42).
///
/// `None` without weight, or when everything is in one place. O(n).
#[must_use]
pub fn scott_bandwidth(events: &[Event]) -> Option<f64> {
    let sum = |of: &dyn Fn(&Event) -> f64| events.iter().map(|event| event.weight * of(event)).sum::<f64>();
    let total = sum(&|_| 1.0);
    let (east_m, north_m) = (sum(&|event| event.at.east_m) / total, sum(&|event| event.at.north_m) / total);
    let middle = PlanePoint::new(east_m, north_m);
    let variance = sum(&|event| event.at.distance_m(middle).powi(2)) / total / 2.0;
    let effective = total * total / sum(&|event| event.weight);
    let bandwidth_m = variance.sqrt() * effective.powf(-1.0 / 6.0);
    // Not above 0, or no number: nothing to go by.
    (bandwidth_m > 1e-6 && bandwidth_m.is_finite()).then_some(bandwidth_m)
}

/// The bandwidth of a Gaussian in metres, within a range, under which each place is best foreseen from all others:
/// that which makes Σ w·ln f₋ᵢ(xᵢ) greatest (Habbema, Hermans and van den Broek 1974; Duin 1976).
///
/// What is left out is the place, not the event: with several events in one place the others would foresee it ever
/// better as the bandwidth goes to 0. Takes O(min(n, 1500)²) for each of 33 bandwidths, and refines the best.
///
/// `None` with fewer than two places. The same events have the same bandwidth, in whatever order they come.
#[must_use]
pub fn likely_bandwidth(events: &[Event], range_m: &RangeInclusive<f64>) -> Option<f64> {
    let mut places = places(events);
    let all = places.len();
    if all < 2 {
        return None;
    }
    if all > MOST_PLACES {
        let mut random = Random::new(2022);
        for first in 0..MOST_PLACES {
            let other = first + random.below(all - first);
            places.swap(first, other);
        }
        places.truncate(MOST_PLACES);
    }
    let rate = (places.len() as f64 / all as f64).powf(1.0 / 6.0);
    // Of fewer places the best bandwidth is greater: the range is that of the answer.
    let (least, most) = ((range_m.start() / rate).ln(), (range_m.end() / rate).ln());
    let step = (most - least) / f64::from(TRIED - 1);
    let tried: Vec<(f64, f64)> = (0..TRIED)
        .into_par_iter()
        .map(|index| least + f64::from(index) * step)
        .map(|log_h| (likelihood(&places, log_h.exp()), log_h))
        .collect();
    let (_, best) = tried.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let refined =
        greatest((best - step).max(least), (best + step).min(most), |log_h| likelihood(&places, log_h.exp()));
    Some((refined.exp() * rate).clamp(*range_m.start(), *range_m.end()))
}

/// The events place by place: by the squares they lie in, so that the order does not matter.
fn places(events: &[Event]) -> Vec<Event> {
    let mut sorted: Vec<Event> = events.iter().copied().filter(|event| event.weight > 0.0).collect();
    let square = |at: PlanePoint| {
        ((at.north_m / SAME_PLACE_M).floor() as i64, (at.east_m / SAME_PLACE_M).floor() as i64)
    };
    sorted.sort_by(|a, b| {
        let order = square(a.at).cmp(&square(b.at)).then(a.at.north_m.total_cmp(&b.at.north_m));
        order.then(a.at.east_m.total_cmp(&b.at.east_m)).then(a.weight.total_cmp(&b.weight))
    });
    sorted.dedup_by(|next, kept| {
        let same = square(next.at) == square(kept.at);
        if same {
            kept.weight += next.weight;
        }
        same
    });
    sorted
}

/// Σ w·ln f₋ᵢ(xᵢ) of a Gaussian.
fn likelihood(places: &[Event], bandwidth_m: f64) -> f64 {
    let total: f64 = places.iter().map(|place| place.weight).sum();
    let per_m2 = 0.5 / (bandwidth_m * bandwidth_m);
    places
        .iter()
        .enumerate()
        .map(|(left_out, place)| {
            let squared = |other: &Event| {
                let (dx, dy) = (other.at.east_m - place.at.east_m, other.at.north_m - place.at.north_m);
                dx * dx + dy * dy
            };
            let others = || places[..left_out].iter().chain(&places[left_out + 1..]);
            // The nearest is taken out of the sum: far from all others it would be 0, and its logarithm no number.
            let nearest = others().map(squared).fold(f64::INFINITY, f64::min);
            let sum: f64 =
                others().map(|other| other.weight * (-(squared(other) - nearest) * per_m2).exp()).sum();
            let share = sum * per_m2 / (PI * (total - place.weight));
            place.weight * (share.ln() - nearest * per_m2)
        })
        .sum()
}

/// Where a function is greatest between two numbers, by golden sections (J. Kiefer 1953), to a ten-thousandth.
fn greatest(mut low: f64, mut high: f64, value: impl Fn(f64) -> f64) -> f64 {
    let share = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut left, mut right) = (high - share * (high - low), low + share * (high - low));
    let (mut at_left, mut at_right) = (value(left), value(right));
    while high - low > 1e-4 {
        if at_left > at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - share * (high - low);
            at_left = value(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + share * (high - low);
            at_right = value(right);
        }
    }
    f64::midpoint(low, high)
}

impl Kernel {
    /// By what a Gaussian's bandwidth is multiplied for this kernel to smooth as much: the ratio of their canonical
    /// bandwidths (R/μ₂²)^(1/6), R being the integral of the squared kernel and μ₂ its variance along an axis (Marron
    /// and Nolan 1988, in two dimensions).
    #[must_use]
    pub fn gaussian_bandwidths(self) -> f64 {
        let canonical = |roughness: f64, variance: f64| (roughness / (variance * variance)).powf(1.0 / 6.0);
        // Of (m + 1)/π·(1 − u²)^m: R = (m + 1)²/(π(2m + 1)), μ₂ = 1/(2(m + 2)).
        let power = match self {
            Self::Gaussian => return 1.0,
            Self::Epanechnikov => 1.0,
            Self::Quartic => 2.0,
            Self::Triweight => 3.0,
        };
        let roughness = (power + 1.0_f64).powi(2) / (PI * (2.0 * power + 1.0));
        canonical(roughness, 0.5 / (power + 2.0)) / canonical(0.25 / PI, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(count: usize, sd_m: f64, seed: u64) -> Vec<Event> {
        let mut random = Random::new(seed);
        let mut near = || (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
        (0..count)
            .map(|_| Event { at: PlanePoint::new(4e5 + sd_m * near(), 3.9e6 + sd_m * near()), weight: 1.0 })
            .collect()
    }

    #[test]
    fn scott_is_what_the_formula_says() {
        let events: Vec<Event> = [(0.0, 0.0), (60.0, 0.0), (0.0, 80.0), (60.0, 80.0)]
            .map(|(east, north)| Event { at: PlanePoint::new(east, north), weight: 2.5 })
            .to_vec();
        // Variances of 30² and 40², and four events, whatever they weigh.
        let expected = (f64::midpoint(900.0, 1_600.0)).sqrt() * 4.0_f64.powf(-1.0 / 6.0);
        assert!((scott_bandwidth(&events).unwrap() - expected).abs() < 1e-9);
        assert_eq!(scott_bandwidth(&[]), None);
        assert_eq!(scott_bandwidth(&events[..1]), None);
        assert_eq!(scott_bandwidth(&vec![events[3]; 9]), None);
    }

    /// The definition, event by event.
    fn brute_force(events: &[Event], h: f64) -> f64 {
        let total: f64 = events.iter().map(|event| event.weight).sum();
        let term = |i: usize| {
            let density = |j: usize| {
                let u = events[i].at.distance_m(events[j].at) / h;
                events[j].weight * (-u * u / 2.0).exp() / (2.0 * PI * h * h)
            };
            let others = (0..events.len()).filter(|&j| j != i).map(density).sum::<f64>();
            events[i].weight * (others / (total - events[i].weight)).ln()
        };
        (0..events.len()).map(term).sum()
    }

    #[test]
    fn the_likely_bandwidth_has_the_greatest_likelihood() {
        let mut events = normal(150, 200.0, 3);
        for (index, event) in events.iter_mut().enumerate() {
            event.weight = 1.0 + (index % 4) as f64;
        }
        let found = likely_bandwidth(&events, &(10.0..=1_000.0)).unwrap();
        for h in (1..100).map(|step| 10.0 * f64::from(step)) {
            assert!((likelihood(&events, h) / brute_force(&events, h) - 1.0).abs() < 1e-9);
            assert!(
                brute_force(&events, found) >= brute_force(&events, h) - 1e-6,
                "{h} is better than {found}"
            );
        }
    }

    #[test]
    fn ties_do_not_make_it_collapse() {
        let once = normal(300, 200.0, 8);
        let apart = likely_bandwidth(&once, &(1.0..=1_000.0)).unwrap();
        // Everything five times in its place, as reports of one building are.
        let tied: Vec<Event> = once.iter().flat_map(|event| vec![*event; 5]).collect();
        let found = likely_bandwidth(&tied, &(1.0..=1_000.0)).unwrap();
        assert!((found / apart - 1.0).abs() < 1e-3, "{found} for {apart}");
        assert!((40.0..200.0).contains(&apart), "{apart}");
    }

    #[test]
    fn many_places_have_nearly_the_bandwidth_of_all() {
        let events = normal(4_000, 300.0, 5);
        let found = likely_bandwidth(&events, &(10.0..=1_000.0)).unwrap();
        let best =
            greatest(10.0_f64.ln(), 1_000.0_f64.ln(), |log_h| likelihood(&places(&events), log_h.exp()));
        assert!((found / best.exp() - 1.0).abs() < 0.2, "{found} for {}", best.exp());
    }

    #[test]
    fn order_does_not_matter_and_too_little_has_none() {
        let mut events = normal(2_000, 100.0, 6);
        let first = likely_bandwidth(&events, &(10.0..=1_000.0));
        events.reverse();
        assert_eq!(first, likely_bandwidth(&events, &(10.0..=1_000.0)));
        assert_eq!(likely_bandwidth(&events[..1], &(10.0..=1_000.0)), None);
        assert_eq!(likely_bandwidth(&vec![events[0]; 50], &(10.0..=1_000.0)), None);
    }

    #[test]
    fn kernels_of_equal_smoothing_have_published_ratios() {
        for (kernel, expected) in [
            (Kernel::Gaussian, 1.0),
            (Kernel::Epanechnikov, 2.401),
            (Kernel::Quartic, 2.779),
            (Kernel::Triweight, 3.105),
        ] {
            // The canonical bandwidths integrated numerically.
            let found = kernel.gaussian_bandwidths();
            let step = 1e-4;
            let (mut roughness, mut variance) = (0.0, 0.0);
            for ring in 0..100_000 {
                let u = (f64::from(ring) + 0.5) * step;
                let value = kernel.peak() * kernel.share(u * u);
                roughness += value * value * 2.0 * PI * u * step;
                variance += value * u * u / 2.0 * 2.0 * PI * u * step;
            }
            let canonical = (roughness / (variance * variance)).powf(1.0 / 6.0);
            let gaussian = (0.25 / PI).powf(1.0 / 6.0);
            assert!(
                (found - canonical / gaussian).abs() < 1e-3,
                "{kernel:?}: {found}, {}",
                canonical / gaussian
            );
            assert!((found - expected).abs() < 0.02, "{kernel:?}: {found}");
        }
    }
}
