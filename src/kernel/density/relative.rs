//! Events for each of what stands somewhere. Never here: what stands there.

use super::surface::Density;
use crate::kernel::plane::PlanePoint;

/// A share of the peak of a single thing that stands somewhere: with less of a density than this, nothing does.
const LEAST_BASE: f64 = 0.1;

/// The density of what stands somewhere from which on something does, per square kilometre.
///
/// Below it a few events in the fields would be divided by next to nothing.
#[must_use]
pub fn least_base(base: &Density) -> f64 {
    LEAST_BASE * base.per_km2_of_one(0.0)
}

/// Events for each of what stands at a position (Bithell 1990, "An application of density estimation to geographical
/// epidemiology"); not a number where nothing does.
#[must_use]
pub fn relative(events: &Density, base: &Density, at: PlanePoint) -> f64 {
    let stands = base.per_km2(at);
    if stands >= least_base(base) && stands > 0.0 { events.per_km2(at) / stands } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::density::{Event, Kernel};

    #[test]
    fn it_is_events_for_each_where_anything_stands() {
        let at = |metres: f64, weight: f64| Event { at: PlanePoint::new(metres, 0.0), weight };
        let density = |events: Vec<Event>| Density::new(Kernel::Quartic, events, 100.0).unwrap();
        let (events, base) = (density(vec![at(0.0, 6.0)]), density(vec![at(0.0, 1.0), at(0.0, 1.0)]));
        let found = |metres: f64| relative(&events, &base, PlanePoint::new(metres, 0.0));
        assert!((found(0.0) - 3.0).abs() < 1e-12 && (found(60.0) - 3.0).abs() < 1e-12);
        assert!(found(95.0).is_nan() && found(500.0).is_nan());
        assert!(relative(&events, &density(Vec::new()), PlanePoint::new(0.0, 0.0)).is_nan());
    }
}
