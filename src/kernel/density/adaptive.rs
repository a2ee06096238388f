//! A surface whose bandwidth is wide where events are few and narrow where they are many. Never here: colours.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::kernel::Kernel;
use super::lattice::{Lattice, Visitor};
use super::surface::{Density, Event, InvalidDensity};
use super::window::Window;
use crate::kernel::plane::PlanePoint;

/// A kernel density surface with Abramson's bandwidths: that of each event is h·√(g/f), f being the density of all
/// events around it with the bandwidth h, and g the geometric mean of f over the events (I. S. Abramson 1982, "On
/// bandwidth variation in kernel estimates: a square root law"; Silverman 1986, section 5.3.1, with α = 1/2).
///
/// The mean of the logarithms of the bandwidths is thus that of h. None is more than five times h (as `spatstat` has
/// it): a single report far out would otherwise colour half a county.
///
/// Up to a thousand places the sums are exact. Beyond, f is taken from a [`Lattice`], and each event is shared out
/// between the two nearest of some fixed bandwidths, a quarter of an octave apart, so that its peak and its weight stay
/// what they are (the partition of Davies and Baddeley 2018, "Fast computation of spatially adaptive kernel estimates",
/// with shares in place of rounding); each of these bandwidths is a [`Lattice`]. That is off by less than a hundredth
/// of the surface's peak. Neither depends on the order of the events.
#[derive(Debug)]
pub struct Adaptive {
    pilot: Lattice,
    /// ln g.
    log_mean: f64,
    layers: Layers,
}

#[derive(Debug)]
enum Layers {
    /// By octaves of bandwidths.
    Exact(Vec<Layer>),
    /// One for each of the fixed bandwidths.
    Binned(Vec<Lattice>),
}

/// Events whose bandwidths are at most a half and a double of each other.
#[derive(Debug)]
struct Layer {
    /// Holds the events as those of a surface with the layer's widest bandwidth.
    density: Density,
    /// How many times narrower than the widest each event's own bandwidth is, squared.
    narrower: Vec<f64>,
}

/// No bandwidth is more than so many times the one given.
const WIDEST: f64 = 5.0;
/// With more places than this, sums are no longer exact.
const MOST_EXACT: usize = 1_000;
/// Fixed bandwidths to an octave.
const TO_AN_OCTAVE: f64 = 4.0;

impl Adaptive {
    /// The surface over `events` with bandwidths around `bandwidth_m` metres; with a window, each event corrected for
    /// what lies outside of it. O(n·k) for up to a thousand places with k events around each, O(n log n) beyond.
    ///
    /// # Errors
    /// As [`Density::new`].
    pub fn new(
        kernel: Kernel,
        events: Vec<Event>,
        bandwidth_m: f64,
        window: Option<&Window>,
    ) -> Result<Self, InvalidDensity> {
        let pilot = Lattice::new(Density::new(kernel, events.clone(), bandwidth_m)?);
        let mut adaptive = Self { pilot, log_mean: 0.0, layers: Layers::Exact(Vec::new()) };
        adaptive.log_mean = adaptive.mean_of_logs();
        let own: Vec<f64> = events.par_iter().map(|event| adaptive.bandwidth_m(event.at)).collect();
        let corrected: Vec<(Event, f64)> = events
            .into_par_iter()
            .zip(own)
            .filter_map(|(event, own_m)| {
                let share = window.map_or(Some(1.0), |window| window.share(kernel, own_m, event.at));
                // What happened outside the window is no part of it.
                Some((Event { weight: event.weight / share?, ..event }, own_m))
            })
            .collect();
        adaptive.layers = if adaptive.is_exact() {
            Layers::Exact(adaptive.octaves(kernel, corrected)?)
        } else {
            Layers::Binned(binned(kernel, WIDEST * bandwidth_m, corrected)?)
        };
        Ok(adaptive)
    }

    /// The bandwidth of an event at `at`, in metres.
    #[must_use]
    pub fn bandwidth_m(&self, at: PlanePoint) -> f64 {
        let around = self.around(at);
        let factor = if around > 0.0 { (0.5 * (self.log_mean - around.ln())).exp() } else { WIDEST };
        self.pilot.exact().bandwidth_m() * factor.min(WIDEST)
    }

    /// How far from any event the surface is above 0 at most, in metres.
    #[must_use]
    pub fn reach_m(&self) -> f64 {
        let reaches: Vec<f64> = match &self.layers {
            Layers::Exact(layers) => layers.iter().map(|layer| layer.density.reach_m()).collect(),
            Layers::Binned(lattices) => lattices.iter().map(|lattice| lattice.exact().reach_m()).collect(),
        };
        reaches.into_iter().fold(0.0, f64::max)
    }

    /// How many events it is made of.
    #[must_use]
    pub fn events(&self) -> usize {
        self.pilot.exact().events()
    }

    /// Computes now, on all processors, what is otherwise computed when first asked for.
    pub fn prepare(&self) {
        if let Layers::Binned(lattices) = &self.layers {
            lattices.iter().for_each(Lattice::prepare);
        }
    }

    /// Somebody who asks for one position after another, near each other.
    #[must_use]
    pub fn visitor(&self) -> AdaptiveVisitor<'_> {
        AdaptiveVisitor(match &self.layers {
            Layers::Exact(layers) => Way::Exact(layers),
            Layers::Binned(lattices) => Way::Binned(lattices.iter().map(Lattice::visitor).collect()),
        })
    }

    /// The density at `at` in events per square kilometre; 0 where no event is within reach.
    ///
    /// Exact sums take O(log c + k) for each octave of bandwidths, for c cells of which those around `at` hold k events.
    #[must_use]
    pub fn per_km2(&self, at: PlanePoint) -> f64 {
        self.visitor().along::<1>(at, at)[0]
    }

    fn is_exact(&self) -> bool {
        self.pilot.exact().east_m.len() <= MOST_EXACT
    }

    /// The density around a position with the one bandwidth, per square metre.
    fn around(&self, at: PlanePoint) -> f64 {
        if self.is_exact() {
            self.pilot.exact().per_square_unit(at)
        } else {
            f64::from(self.pilot.visitor().per_km2(at)) * 1e-6
        }
    }

    fn mean_of_logs(&self) -> f64 {
        let Density { east_m, north_m, weight, .. } = self.pilot.exact();
        let around: Vec<f64> = east_m
            .par_iter()
            .zip(north_m)
            .map(|(&east, &north)| self.around(PlanePoint::new(east, north)))
            .collect();
        let (mut sum, mut total) = (0.0, 0.0);
        for (&around, &weight) in around.iter().zip(weight) {
            if weight > 0.0 && around > 0.0 {
                sum += weight * around.ln();
                total += weight;
            }
        }
        if total > 0.0 { sum / total } else { 0.0 }
    }

    /// The layers of events with bandwidths of their own.
    fn octaves(&self, kernel: Kernel, events: Vec<(Event, f64)>) -> Result<Vec<Layer>, InvalidDensity> {
        let bandwidth_m = self.pilot.exact().bandwidth_m();
        let mut by_octave: BTreeMap<i32, Vec<Event>> = BTreeMap::new();
        for (event, own_m) in events {
            let octave = (own_m / bandwidth_m).log2().floor() as i32;
            by_octave.entry(octave).or_default().push(event);
        }
        let layer = |(octave, events): (i32, Vec<Event>)| {
            let widest_m = bandwidth_m * f64::from(octave + 1).exp2();
            let density = Density::new(kernel, events, widest_m)?;
            // Events in one place have one bandwidth, so that they may have become one.
            let places = density.east_m.iter().zip(&density.north_m);
            let narrower = places
                .map(|(&east, &north)| (widest_m / self.bandwidth_m(PlanePoint::new(east, north))).powi(2))
                .collect();
            Ok(Layer { density, narrower })
        };
        by_octave.into_iter().map(layer).collect()
    }
}

/// A lattice for each of the bandwidths, from the widest on, that events are shared out between.
fn binned(kernel: Kernel, widest_m: f64, events: Vec<(Event, f64)>) -> Result<Vec<Lattice>, InvalidDensity> {
    let fixed_m = |class: i32| widest_m * (-f64::from(class) / TO_AN_OCTAVE).exp2();
    let mut by_class: BTreeMap<i32, Vec<Event>> = BTreeMap::new();
    for (event, own_m) in events {
        let class = ((widest_m / own_m).log2() * TO_AN_OCTAVE).floor().max(0.0) as i32;
        let [wide, own, narrow] = [fixed_m(class), own_m, fixed_m(class + 1)].map(|metres| metres.powi(-2));
        // The peak of a kernel is as the square of its bandwidth, inverted.
        let share = ((own - wide) / (narrow - wide)).clamp(0.0, 1.0);
        for (class, share) in [(class, 1.0 - share), (class + 1, share)] {
            if share > 0.0 {
                by_class.entry(class).or_default().push(Event { weight: event.weight * share, ..event });
            }
        }
    }
    let lattice = |(class, events)| Density::new(kernel, events, fixed_m(class)).map(Lattice::new);
    by_class.into_iter().map(lattice).collect()
}

/// Asks an [`Adaptive`] surface for one position after another.
#[derive(Debug)]
pub struct AdaptiveVisitor<'a>(Way<'a>);

#[derive(Debug)]
enum Way<'a> {
    Exact(&'a [Layer]),
    Binned(Vec<Visitor<'a>>),
}

impl AdaptiveVisitor<'_> {
    /// The densities at `N` positions from `start` to `end`, each in the middle of its part of the way, in events per
    /// square kilometre.
    pub fn along<const N: usize>(&mut self, start: PlanePoint, end: PlanePoint) -> [f64; N] {
        match &mut self.0 {
            Way::Exact(layers) => std::array::from_fn(|part| {
                let at = start.towards(end, (part as f64 + 0.5) / N as f64);
                if !at.is_finite() {
                    return 0.0;
                }
                layers.iter().map(|layer| layer.per_square_unit(at)).sum::<f64>() * 1e6
            }),
            Way::Binned(visitors) => {
                let mut sums = [0.0; N];
                for visitor in visitors {
                    for (sum, density) in sums.iter_mut().zip(visitor.along::<N>(start, end)) {
                        *sum += f64::from(density);
                    }
                }
                sums
            }
        }
    }
}

impl Layer {
    fn per_square_unit(&self, at: PlanePoint) -> f64 {
        // A loop of its own for each kernel, so that none of them asks which it is.
        match self.density.kernel() {
            Kernel::Gaussian => self.sum(at, |u2| Kernel::Gaussian.share(u2)),
            Kernel::Epanechnikov => self.sum(at, |u2| Kernel::Epanechnikov.share(u2)),
            Kernel::Quartic => self.sum(at, |u2| Kernel::Quartic.share(u2)),
            Kernel::Triweight => self.sum(at, |u2| Kernel::Triweight.share(u2)),
        }
    }

    fn sum(&self, at: PlanePoint, share: impl Fn(f64) -> f64) -> f64 {
        let Density { east_m, north_m, weight, .. } = &self.density;
        let per_m2 = self.density.bandwidth_m().powi(-2);
        let mut sum = 0.0;
        for range in self.density.rows_around(at) {
            for event in range {
                let (dx, dy) = (east_m[event] - at.east_m, north_m[event] - at.north_m);
                let narrower = self.narrower[event];
                sum += weight[event] * narrower * share((dx * dx + dy * dy) * per_m2 * narrower);
            }
        }
        self.density.scale() * sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::Random;

    fn events(count: usize) -> Vec<Event> {
        let mut random = Random::new(4);
        let event = |index: usize| {
            let spread = if index.is_multiple_of(3) { 900.0 } else { 60.0 };
            let at = PlanePoint::new(4e5 + random.unit() * spread, 3.9e6 + random.unit() * spread);
            Event { at, weight: 0.5 + random.unit() }
        };
        (0..count).map(event).collect()
    }

    fn value(kernel: Kernel, bandwidth: f64, distance: f64) -> f64 {
        kernel.peak() * kernel.share((distance / bandwidth).powi(2)) / (bandwidth * bandwidth)
    }

    /// Each event's bandwidth by the definition.
    fn bandwidths(kernel: Kernel, events: &[Event], h: f64) -> Vec<f64> {
        let pilot = |at: PlanePoint| -> f64 {
            events.iter().map(|event| event.weight * value(kernel, h, event.at.distance_m(at))).sum()
        };
        let around: Vec<f64> = events.iter().map(|event| pilot(event.at)).collect();
        let total: f64 = events.iter().map(|event| event.weight).sum();
        let logs = events.iter().zip(&around).map(|(event, around)| event.weight * around.ln());
        let log_mean: f64 = logs.sum::<f64>() / total;
        around.iter().map(|around| h * (log_mean.exp() / around).sqrt().min(5.0)).collect()
    }

    /// The definition, over all events.
    fn brute_force(kernel: Kernel, events: &[Event], bandwidths: &[f64], at: PlanePoint) -> f64 {
        let term = |(event, &own): (&Event, &f64)| event.weight * value(kernel, own, event.at.distance_m(at));
        events.iter().zip(bandwidths).map(term).sum::<f64>() * 1e6
    }

    #[test]
    fn the_value_is_what_the_definition_says() {
        let events = events(200);
        for kernel in Kernel::ALL {
            let adaptive = Adaptive::new(kernel, events.clone(), 80.0, None).unwrap();
            let own = bandwidths(kernel, &events, 80.0);
            for step in 0..40 {
                let at = PlanePoint::new(4e5 + 20.0 * f64::from(step), 3.9e6 + 13.0 * f64::from(step));
                let (found, expected) = (adaptive.per_km2(at), brute_force(kernel, &events, &own, at));
                // Where the Gaussian is cut, 2·10⁻⁸ of its peak is left.
                let cut = if kernel == Kernel::Gaussian { 1e-3 } else { 0.0 };
                assert!(
                    (found - expected).abs() <= 1e-9 * expected + cut,
                    "{kernel:?}: {found} for {expected}"
                );
            }
        }
    }

    #[test]
    fn with_many_places_it_is_off_by_less_than_a_hundredth_of_the_peak() {
        let events = events(3_000);
        for kernel in Kernel::ALL {
            let adaptive = Adaptive::new(kernel, events.clone(), 80.0, None).unwrap();
            assert!(!adaptive.is_exact());
            let mut visitor = adaptive.visitor();
            let at = |step: u32| {
                // Half of the way through the crowd, the other half to the far corner.
                let metres = f64::from(step) * if step < 15 { 5.0 } else { 22.0 };
                PlanePoint::new(4e5 + metres, 3.9e6 + 0.8 * metres)
            };
            let own = bandwidths(kernel, &events, 80.0);
            let expected: Vec<f64> =
                (0..40).map(|step| brute_force(kernel, &events, &own, at(step))).collect();
            let peak = expected.iter().copied().fold(0.0, f64::max);
            for (step, expected) in (0..40).zip(expected) {
                let [found] = visitor.along(at(step), at(step));
                assert!(
                    (found - expected).abs() < 0.01 * peak,
                    "{kernel:?} {step}: {found} for {expected} of {peak}"
                );
            }
        }
    }

    #[test]
    fn crowds_are_sharper_and_single_events_flatter() {
        let adaptive = Adaptive::new(Kernel::Quartic, events(300), 80.0, None).unwrap();
        assert!(adaptive.bandwidth_m(PlanePoint::new(400_030.0, 3_900_030.0)) < 60.0);
        assert!(adaptive.bandwidth_m(PlanePoint::new(400_800.0, 3_900_800.0)) > 100.0);
        assert!(adaptive.bandwidth_m(PlanePoint::new(0.0, 0.0)) <= 400.0);
    }

    #[test]
    fn order_does_not_matter_and_nothing_is_flat() {
        let mut events = events(100);
        let first = Adaptive::new(Kernel::Gaussian, events.clone(), 50.0, None).unwrap();
        events.reverse();
        let second = Adaptive::new(Kernel::Gaussian, events, 50.0, None).unwrap();
        let at = PlanePoint::new(400_020.0, 3_900_040.0);
        assert!((first.per_km2(at) / second.per_km2(at) - 1.0).abs() < 1e-12);
        let none = Adaptive::new(Kernel::Quartic, Vec::new(), 50.0, None).unwrap();
        assert!(none.per_km2(at).abs() < f64::MIN_POSITIVE && none.reach_m().abs() < f64::MIN_POSITIVE);
        assert!(Adaptive::new(Kernel::Quartic, Vec::new(), 0.0, None).is_err());
        let spot = vec![Event { at, weight: 1.0 }; 30];
        let one_spot = Adaptive::new(Kernel::Quartic, spot.clone(), 50.0, None).unwrap();
        let fixed = Density::new(Kernel::Quartic, spot, 50.0).unwrap();
        assert!((one_spot.per_km2(at) / fixed.per_km2(at) - 1.0).abs() < 1e-9, "all alike: nothing to adapt");
    }
}
