//! The density surface: exact, and asked position by position. Never here: colours.

use std::ops::Range;

use rayon::prelude::*;

use super::kernel::Kernel;
use crate::kernel::plane::PlanePoint;

/// Something that happened at a place, with how much it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Where.
    pub at: PlanePoint,
    /// How many plain events it counts as.
    pub weight: f64,
}

/// Why a density cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDensity {
    /// The bandwidth is not a positive length.
    #[error("the bandwidth is not a positive number of metres")]
    Bandwidth,
    /// A position or a weight is not a finite number, or a weight is negative.
    #[error("event {event} has a position or a weight that cannot be used")]
    Event {
        /// Which of the given events.
        event: usize,
    },
}

/// A kernel density surface over weighted events, per square kilometre if their coordinates are metres.
///
/// The value at a position is Σ w·K(d/h)/h² over the events, with one of the [kernels](Kernel) and the bandwidth h:
/// the surface's integral is the sum of the weights. The sum is exact, not interpolated, and its terms are always
/// added in the same order, so the value depends on the position and on nothing else; neighbouring tiles agree to
/// the last bit whatever order the events came in. Only the far tail of the Gaussian is cut, at [`Kernel::reach`].
///
/// ```
/// use gridkeeper::kernel::density::{Density, Event, Kernel};
/// use gridkeeper::kernel::plane::PlanePoint;
///
/// let fire = Event { at: PlanePoint::new(0.0, 0.0), weight: 1.0 };
/// let density = Density::new(Kernel::Quartic, vec![fire], 1000.0)?;
/// let peak = 3.0 / std::f64::consts::PI; // one event, a bandwidth of one kilometre
/// assert!((density.per_km2(fire.at) - peak).abs() < 1e-12);
/// # Ok::<(), gridkeeper::kernel::density::InvalidDensity>(())
/// ```
#[derive(Debug, Clone)]
pub struct Density {
    kernel: Kernel,
    bandwidth_m: f64,
    events: usize,
    /// The cells that hold events, row by row from the south, each row from the west.
    pub(super) cells: Vec<Cell>,
    /// The events, cell by cell. Those in one place are one here, and count what they count together.
    pub(super) east_m: Vec<f64>,
    pub(super) north_m: Vec<f64>,
    pub(super) weight: Vec<f64>,
}

/// A square of the plane one bandwidth wide, with the first of its events.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) row: i64,
    pub(super) column: i64,
    pub(super) first: usize,
}

/// How many terms of the sum are kept apart, so that the processor can work on them side by side.
const LANES: usize = 4;

impl Density {
    /// The surface over `events` with a bandwidth of `bandwidth_m` metres. O(n log n).
    ///
    /// # Errors
    /// When the bandwidth is not positive and finite, or an event's position or weight is not finite, or a
    /// weight is negative.
    pub fn new(kernel: Kernel, events: Vec<Event>, bandwidth_m: f64) -> Result<Self, InvalidDensity> {
        if !(bandwidth_m > 0.0 && (bandwidth_m * bandwidth_m).is_normal()) {
            return Err(InvalidDensity::Bandwidth);
        }
        let usable = |event: &Event| event.at.is_finite() && event.weight.is_finite() && event.weight >= 0.0;
        if let Some(event) = events.iter().position(|event| !usable(event)) {
            return Err(InvalidDensity::Event { event });
        }
        let cell_of = |at: PlanePoint| (cell(at.north_m, bandwidth_m), cell(at.east_m, bandwidth_m));
        let mut placed: Vec<((i64, i64), Event)> =
            events.into_iter().map(|event| (cell_of(event.at), event)).collect();
        placed.par_sort_unstable_by(|(cell, a), (other, b)| {
            cell.cmp(other)
                .then(a.at.north_m.total_cmp(&b.at.north_m))
                .then(a.at.east_m.total_cmp(&b.at.east_m))
                .then(a.weight.total_cmp(&b.weight))
        });
        let count = placed.len();
        placed.dedup_by(|(_, next), (_, kept)| {
            let same = next.at == kept.at;
            if same {
                kept.weight += next.weight;
            }
            same
        });
        let mut cells: Vec<Cell> = Vec::new();
        for (first, &((row, column), _)) in placed.iter().enumerate() {
            if cells.last().is_none_or(|last| (last.row, last.column) != (row, column)) {
                cells.push(Cell { row, column, first });
            }
        }
        Ok(Self {
            kernel,
            bandwidth_m,
            events: count,
            cells,
            east_m: placed.iter().map(|(_, event)| event.at.east_m).collect(),
            north_m: placed.iter().map(|(_, event)| event.at.north_m).collect(),
            weight: placed.iter().map(|(_, event)| event.weight).collect(),
        })
    }

    /// The kernel.
    #[must_use]
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// The bandwidth in metres.
    #[must_use]
    pub fn bandwidth_m(&self) -> f64 {
        self.bandwidth_m
    }

    /// How many events it is made of.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// How far from an event the surface is above 0, in metres.
    #[must_use]
    pub fn reach_m(&self) -> f64 {
        f64::from(self.kernel.reach()) * self.bandwidth_m
    }

    /// What one event of weight 1 gives at so many metres from it, in events per square kilometre.
    #[must_use]
    pub fn per_km2_of_one(&self, distance_m: f64) -> f64 {
        let u = distance_m / self.bandwidth_m;
        if distance_m < self.reach_m() { self.scale() * self.kernel.share(u * u) * 1e6 } else { 0.0 }
    }

    /// The density at `at` in events per square kilometre; 0 where no event is within reach.
    #[must_use]
    pub fn per_km2(&self, at: PlanePoint) -> f64 {
        self.per_square_unit(at) * 1e6
    }

    /// The density at `at` in events per square unit of the coordinates; 0 where no event is within reach.
    ///
    /// Takes O(log c + k) for c cells of which those around `at` hold k events.
    #[must_use]
    pub fn per_square_unit(&self, at: PlanePoint) -> f64 {
        if !at.is_finite() {
            return 0.0;
        }
        let sum: f64 = self.rows_around(at).map(|events| self.kernel_sum(events, at)).sum();
        self.scale() * sum
    }

    /// The events of the cells within reach of a position, row by row.
    pub(super) fn rows_around(&self, at: PlanePoint) -> impl Iterator<Item = Range<usize>> {
        let (row, column) = (cell(at.north_m, self.bandwidth_m), cell(at.east_m, self.bandwidth_m));
        let reach = i64::from(self.kernel.reach());
        (row - reach..=row + reach).map(move |row| self.events_in(row, column, reach))
    }

    /// What a sum of weighted shares of the peak is multiplied with: K(0)/h².
    pub(super) fn scale(&self) -> f64 {
        self.kernel.peak() / (self.bandwidth_m * self.bandwidth_m)
    }

    /// The densities at `positions`, in their order.
    #[must_use]
    pub fn sample(&self, positions: &[PlanePoint]) -> Vec<f64> {
        positions.iter().map(|&at| self.per_km2(at)).collect()
    }

    /// The events of a cell.
    pub(super) fn events_of(&self, cell: usize) -> Range<usize> {
        self.first_of(cell)..self.first_of(cell + 1)
    }

    /// The events of all cells that a rectangle touches, row by row.
    pub(super) fn events_near(&self, south_west: PlanePoint, north_east: PlanePoint) -> Vec<Range<usize>> {
        let cell_of =
            |at: PlanePoint| (cell(at.north_m, self.bandwidth_m), cell(at.east_m, self.bandwidth_m));
        let ((south, west), (north, east)) = (cell_of(south_west), cell_of(north_east));
        let mut ranges = Vec::new();
        let mut rest = self.cells.partition_point(|cell| cell.row < south);
        while let Some(row) = self.cells.get(rest).map(|cell| cell.row).filter(|&row| row <= north) {
            let after = |bound: (i64, i64)| {
                rest + self.cells[rest..].partition_point(|cell| (cell.row, cell.column) < bound)
            };
            let (from, to, next) = (after((row, west)), after((row, east + 1)), after((row + 1, i64::MIN)));
            if from < to {
                ranges.push(self.first_of(from)..self.first_of(to));
            }
            rest = next;
        }
        ranges
    }

    /// The events in a cell and in so many of its neighbours to the west and to the east.
    fn events_in(&self, row: i64, column: i64, reach: i64) -> Range<usize> {
        let first = self.cells.partition_point(|cell| (cell.row, cell.column) < (row, column - reach));
        let count = self.cells[first..]
            .iter()
            .take_while(|cell| cell.row == row && cell.column <= column + reach)
            .count();
        self.first_of(first)..self.first_of(first + count)
    }

    /// The first event of a cell, and of the one after the last.
    fn first_of(&self, cell: usize) -> usize {
        self.cells.get(cell).map_or(self.weight.len(), |cell| cell.first)
    }

    /// Σ w·K(d/h)/K(0) over a range of events.
    fn kernel_sum(&self, events: Range<usize>, at: PlanePoint) -> f64 {
        // A loop of its own for each kernel, so that none of them asks which it is.
        match self.kernel {
            Kernel::Gaussian => self.sum_of(events, at, |u2| Kernel::Gaussian.share(u2)),
            Kernel::Epanechnikov => self.sum_of(events, at, |u2| Kernel::Epanechnikov.share(u2)),
            Kernel::Quartic => self.sum_of(events, at, |u2| Kernel::Quartic.share(u2)),
            Kernel::Triweight => self.sum_of(events, at, |u2| Kernel::Triweight.share(u2)),
        }
    }

    fn sum_of(&self, events: Range<usize>, at: PlanePoint, share: impl Fn(f64) -> f64) -> f64 {
        let per_m2 = 1.0 / (self.bandwidth_m * self.bandwidth_m);
        let term = |east_m: f64, north_m: f64, weight: f64| {
            let (dx, dy) = (east_m - at.east_m, north_m - at.north_m);
            weight * share((dx * dx + dy * dy) * per_m2)
        };
        let (east_m, north_m) = (&self.east_m[events.clone()], &self.north_m[events.clone()]);
        let (east_m, east_rest_m) = east_m.as_chunks::<LANES>();
        let (north_m, north_rest_m) = north_m.as_chunks::<LANES>();
        let (weight, weight_rest) = self.weight[events].as_chunks::<LANES>();

        let mut sums = [0.0; LANES];
        for ((east_m, north_m), weight) in east_m.iter().zip(north_m).zip(weight) {
            for lane in 0..LANES {
                sums[lane] += term(east_m[lane], north_m[lane], weight[lane]);
            }
        }
        let rest = east_rest_m.iter().zip(north_rest_m).zip(weight_rest);
        sums.iter().sum::<f64>()
            + rest.map(|((&east, &north), &weight)| term(east, north, weight)).sum::<f64>()
    }
}

/// Which cell a coordinate falls into, along one axis.
fn cell(coordinate_m: f64, bandwidth_m: f64) -> i64 {
    // Far from any map the cast saturates; a step from the last cell must still be possible.
    ((coordinate_m / bandwidth_m).floor() as i64).clamp(i64::MIN / 2, i64::MAX / 2)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use proptest::prelude::*;

    use super::*;

    fn event(east_m: f64, north_m: f64, weight: f64) -> Event {
        Event { at: PlanePoint::new(east_m, north_m), weight }
    }

    /// The definition, over all events.
    fn brute_force(kernel: Kernel, events: &[Event], bandwidth_m: f64, at: PlanePoint) -> f64 {
        let h_km = bandwidth_m / 1000.0;
        let value = |u: f64| match kernel {
            Kernel::Gaussian => (-u * u / 2.0).exp() / (2.0 * PI),
            _ if u >= 1.0 => 0.0,
            Kernel::Epanechnikov => 2.0 / PI * (1.0 - u * u),
            Kernel::Quartic => 3.0 / PI * (1.0 - u * u).powi(2),
            Kernel::Triweight => 4.0 / PI * (1.0 - u * u).powi(3),
        };
        let term =
            |event: &Event| event.weight * value(event.at.distance_m(at) / bandwidth_m) / (h_km * h_km);
        events.iter().map(term).sum()
    }

    fn kernels() -> impl Strategy<Value = Kernel> {
        prop::sample::select(&Kernel::ALL)
    }

    fn events() -> impl Strategy<Value = Vec<Event>> {
        let event = (-500.0..500.0, -500.0..500.0, 0.0..4.0).prop_map(|(e, n, w)| event(e, n, w));
        prop::collection::vec(event, 0..60)
    }

    proptest! {
        #[test]
        fn the_value_is_what_the_definition_says(
            kernel in kernels(), events in events(), bandwidth_m in 20.0..400.0, east in -600.0..600.0, north in -600.0..600.0,
        ) {
            let at = PlanePoint::new(east, north);
            let expected = brute_force(kernel, &events, bandwidth_m, at);
            let found = Density::new(kernel, events, bandwidth_m).unwrap().per_km2(at);
            // Where the Gaussian is cut, it is 2·10⁻⁸ of at most 400 events per km² and event.
            let cut = if kernel == Kernel::Gaussian { 1e-3 } else { 0.0 };
            prop_assert!((found - expected).abs() <= 1e-9 * expected.max(1.0) + cut, "{found} for {expected}");
        }

        #[test]
        fn the_value_depends_on_the_position_alone(
            kernel in kernels(), mut events in events(),
            positions in prop::collection::vec((-600.0..600.0, -600.0..600.0), 1..20),
        ) {
            let positions: Vec<PlanePoint> = positions.iter().map(|&(e, n)| PlanePoint::new(e, n)).collect();
            let bits = |density: &Density, positions: &[PlanePoint]| -> Vec<u64> {
                density.sample(positions).iter().map(|value| value.to_bits()).collect()
            };
            let density = Density::new(kernel, events.clone(), 150.0).unwrap();
            let together = bits(&density, &positions);
            let (left, right) = positions.split_at(positions.len() / 2);
            prop_assert_eq!(&together, &[bits(&density, left), bits(&density, right)].concat());
            events.reverse();
            prop_assert_eq!(together, bits(&Density::new(kernel, events, 150.0).unwrap(), &positions));
        }
    }

    #[test]
    fn the_integral_over_the_plane_is_the_sum_of_the_weights() {
        let events = vec![event(0.0, 0.0, 1.0), event(130.0, -40.0, 2.5), event(-700.0, 333.0, 0.25)];
        let density = Density::new(Kernel::Quartic, events, 300.0).unwrap();
        let step_m = 5.0;
        let mut integral = 0.0;
        for column in -250..250 {
            for row in -250..250 {
                let at = PlanePoint::new(f64::from(column) * step_m, f64::from(row) * step_m);
                integral += density.per_km2(at) * (step_m / 1000.0).powi(2);
            }
        }
        assert!((integral - 3.75).abs() < 1e-4, "{integral}");
    }

    #[test]
    fn a_single_event_peaks_where_it_happened_and_ends_at_the_bandwidth() {
        let density = Density::new(Kernel::Quartic, vec![event(40_000.0, 3_900_000.0, 2.0)], 150.0).unwrap();
        let peak = density.per_km2(PlanePoint::new(40_000.0, 3_900_000.0));
        assert!((peak - 2.0 * 3.0 / (PI * 0.15 * 0.15)).abs() < 1e-9);
        assert!(density.per_km2(PlanePoint::new(40_149.9, 3_900_000.0)) > 0.0);
        assert!(density.per_km2(PlanePoint::new(40_150.0, 3_900_000.0)).abs() < f64::MIN_POSITIVE);
    }

    #[test]
    fn a_surface_without_events_is_flat_and_nonsense_is_refused() {
        assert!(
            Density::new(Kernel::Quartic, Vec::new(), 9.0).unwrap().per_km2(PlanePoint::new(0.0, 0.0)).abs()
                < f64::MIN_POSITIVE
        );
        for bandwidth_m in [0.0, -1.0, 1e-200, 1e200, f64::NAN, f64::INFINITY] {
            assert_eq!(
                Density::new(Kernel::Quartic, Vec::new(), bandwidth_m).unwrap_err(),
                InvalidDensity::Bandwidth
            );
        }
        for bad in [event(f64::NAN, 0.0, 1.0), event(0.0, f64::INFINITY, 1.0), event(0.0, 0.0, -1.0)] {
            let found = Density::new(Kernel::Quartic, vec![event(0.0, 0.0, 1.0), bad], 9.0).unwrap_err();
            assert_eq!(found, InvalidDensity::Event { event: 1 });
        }
        let far = Density::new(Kernel::Quartic, vec![event(f64::MAX, f64::MIN, 1.0)], 0.001).unwrap();
        assert!(far.per_km2(PlanePoint::new(f64::MIN, f64::MAX)).abs() < f64::MIN_POSITIVE);
    }
}
