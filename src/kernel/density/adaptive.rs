//! A surface whose bandwidth is wide where events are few and narrow where they are many. Never here: colours.

use std::collections::BTreeMap;

use super::kernel::Kernel;
use super::surface::{Density, Event, InvalidDensity};
use super::window::Window;
use crate::kernel::plane::PlanePoint;

/// A kernel density surface with Abramson's bandwidths: that of each event is h·√(g/f), f being the density of all
/// events around it with the bandwidth h, and g the geometric mean of f over the events (I. S. Abramson 1982, "On
/// bandwidth variation in kernel estimates: a square root law"; Silverman 1986, section 5.3.1, with α = 1/2).
///
/// The mean of the logarithms of the bandwidths is thus that of h. None is more than five times h (as `spatstat` has
/// it): a single report far out would otherwise colour half a county. Sums are exact, and do not depend on the order
/// of the events.
#[derive(Debug, Clone)]
pub struct Adaptive {
    pilot: Density,
    /// ln g.
    log_mean: f64,
    layers: Vec<Layer>,
}

/// Events whose bandwidths are at most a half and a double of each other.
#[derive(Debug, Clone)]
struct Layer {
    /// Holds the events as those of a surface with the layer's widest bandwidth.
    density: Density,
    /// How many times narrower than the widest each event's own bandwidth is, squared.
    narrower: Vec<f64>,
}

/// No bandwidth is more than so many times the one given.
const WIDEST: f64 = 5.0;

impl Adaptive {
    /// The surface over `events` with bandwidths around `bandwidth_m` metres; with a window, each event corrected for
    /// what lies outside of it. O(n·k) for k events around each.
    ///
    /// # Errors
    /// As [`Density::new`].
    pub fn new(
        kernel: Kernel,
        events: Vec<Event>,
        bandwidth_m: f64,
        window: Option<&Window>,
    ) -> Result<Self, InvalidDensity> {
        let pilot = Density::new(kernel, events.clone(), bandwidth_m)?;
        let mut adaptive = Self { pilot, log_mean: 0.0, layers: Vec::new() };
        adaptive.log_mean = adaptive.mean_of_logs();
        let mut by_octave: BTreeMap<i32, Vec<Event>> = BTreeMap::new();
        for event in events {
            let own_m = adaptive.bandwidth_m(event.at);
            let share = window.map_or(Some(1.0), |window| window.share(kernel, own_m, event.at));
            // What happened outside the window is no part of it.
            let Some(share) = share else { continue };
            let octave = (own_m / bandwidth_m).log2().floor() as i32;
            by_octave.entry(octave).or_default().push(Event { weight: event.weight / share, ..event });
        }
        for (octave, events) in by_octave {
            let widest_m = bandwidth_m * f64::from(octave + 1).exp2();
            let density = Density::new(kernel, events, widest_m)?;
            // Events in one place have one bandwidth, so that they may have become one.
            let places = density.east_m.iter().zip(&density.north_m);
            let narrower = places
                .map(|(&east, &north)| {
                    (widest_m / adaptive.bandwidth_m(PlanePoint::new(east, north))).powi(2)
                })
                .collect();
            adaptive.layers.push(Layer { density, narrower });
        }
        Ok(adaptive)
    }

    /// The bandwidth of an event at `at`, in metres.
    #[must_use]
    pub fn bandwidth_m(&self, at: PlanePoint) -> f64 {
        let around = self.pilot.per_square_unit(at);
        let factor = if around > 0.0 { (0.5 * (self.log_mean - around.ln())).exp() } else { WIDEST };
        self.pilot.bandwidth_m() * factor.min(WIDEST)
    }

    /// How far from any event the surface is above 0 at most, in metres.
    #[must_use]
    pub fn reach_m(&self) -> f64 {
        self.layers.iter().map(|layer| layer.density.reach_m()).fold(0.0, f64::max)
    }

    /// How many events it is made of.
    #[must_use]
    pub fn events(&self) -> usize {
        self.pilot.events()
    }

    /// The density at `at` in events per square kilometre; 0 where no event is within reach.
    ///
    /// Takes O(log c + k) for each octave of bandwidths, for c cells of which those around `at` hold k events. By the
    /// square root law k is about the same where events are many as where they are few.
    #[must_use]
    pub fn per_km2(&self, at: PlanePoint) -> f64 {
        if !at.is_finite() {
            return 0.0;
        }
        self.layers.iter().map(|layer| layer.per_square_unit(at)).sum::<f64>() * 1e6
    }

    fn mean_of_logs(&self) -> f64 {
        let Density { east_m, north_m, weight, .. } = &self.pilot;
        let mut sum = 0.0;
        let mut total = 0.0;
        for ((&east, &north), &weight) in east_m.iter().zip(north_m).zip(weight) {
            let around = self.pilot.per_square_unit(PlanePoint::new(east, north));
            if weight > 0.0 && around > 0.0 {
                sum += weight * around.ln();
                total += weight;
            }
        }
        if total > 0.0 { sum / total } else { 0.0 }
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

    /// The definition, over all events.
    fn brute_force(kernel: Kernel, events: &[Event], h: f64, at: PlanePoint) -> f64 {
        let value = |bandwidth: f64, distance: f64| {
            kernel.peak() * kernel.share((distance / bandwidth).powi(2)) / (bandwidth * bandwidth)
        };
        let pilot = |at: PlanePoint| -> f64 {
            events.iter().map(|event| event.weight * value(h, event.at.distance_m(at))).sum()
        };
        let total: f64 = events.iter().map(|event| event.weight).sum();
        let log_mean: f64 =
            events.iter().map(|event| event.weight * pilot(event.at).ln()).sum::<f64>() / total;
        let term = |event: &Event| {
            let own = h * (log_mean.exp() / pilot(event.at)).sqrt().min(5.0);
            event.weight * value(own, event.at.distance_m(at))
        };
        events.iter().map(term).sum::<f64>() * 1e6
    }

    #[test]
    fn the_value_is_what_the_definition_says() {
        let events = events(200);
        for kernel in Kernel::ALL {
            let adaptive = Adaptive::new(kernel, events.clone(), 80.0, None).unwrap();
            for step in 0..40 {
                let at = PlanePoint::new(4e5 + 20.0 * f64::from(step), 3.9e6 + 13.0 * f64::from(step));
                let (found, expected) = (adaptive.per_km2(at), brute_force(kernel, &events, 80.0, at));
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
