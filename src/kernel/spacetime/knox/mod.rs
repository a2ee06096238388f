//! Knox's test: pairs that are close in space and in time. Never here: what follows from it.

mod dealt;
mod near;

use rayon::prelude::*;

use self::dealt::{Dealer, LANES};
use self::near::Near;
use super::{Incident, Stopped, Wanted};

/// Bands of distance and of time, each from the end of the one before to its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    distances_m: Vec<f64>,
    days: Vec<u32>,
}

/// Why bands cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("bands need ends that rise, of finite distances from 0 on and of days")]
pub struct InvalidBands;

/// Why there is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KnoxError {
    /// More pairs are near each other than can be counted again and again.
    #[error("more than {most} pairs are near each other")]
    TooManyPairs {
        /// How many there may be.
        most: usize,
    },
    /// The days reach too far, gaps in which nothing happened aside.
    #[error("the days reach over more than {most}")]
    TooManyDays {
        /// Over how many they may.
        most: u16,
    },
    /// It was told to stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Pairs in one band of distance and one of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnoxCell {
    /// Pairs found.
    pub observed: u32,
    /// Pairs to expect if days had been dealt out to places by chance: the mean over all permutations, exactly.
    pub expected: f64,
    /// How often chance has as many: (permutations with at least as many + 1)/(permutations + 1).
    pub p: f64,
}

/// What Knox's test found.
#[derive(Debug, Clone, PartialEq)]
pub struct Knox {
    /// Pairs within the last band of distance, whenever they happened.
    pub pairs: usize,
    /// Band of distance by band of distance, each with its bands of time.
    pub cells: Vec<Vec<KnoxCell>>,
}

/// A cell is raised when chance does as well less often than this, and it holds a fifth more than expected (J. H.
/// Ratcliffe's rule for near repeats, Near Repeat Calculator 1.3, 2009).
const LEVEL: f64 = 0.05;
const LEAST_RATIO: f64 = 1.2;

impl KnoxCell {
    /// How many times the pairs to expect there are; none where none are expected.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        (self.expected > 0.0).then(|| f64::from(self.observed) / self.expected)
    }

    /// Whether there are more pairs than chance brings, by a fifth at least.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.p <= LEVEL && self.ratio().is_some_and(|ratio| ratio >= LEAST_RATIO)
    }
}

impl Knox {
    /// Where another is to be expected so many days after an incident: the furthest band of distance that is raised at
    /// that age, the band of time it is in, and the cell.
    #[must_use]
    pub fn expects(&self, bands: &Bands, age_days: u32) -> Option<(usize, usize, KnoxCell)> {
        let time = bands.days.iter().position(|&end| age_days <= end)?;
        let cells = self.cells.iter().map(|row| row[time]).enumerate().rev();
        let (distance, cell) = cells.into_iter().find(|(_, cell)| cell.is_raised())?;
        Some((distance, time, cell))
    }
}

/// Pairs near each other that are counted at most: 80 MB of them.
const MOST_PAIRS: usize = 20_000_000;

impl Bands {
    /// Bands that end at these distances in metres and at these differences in days, ends included.
    ///
    /// # Errors
    /// When there are none, or they do not rise, or a distance is negative or not finite.
    pub fn new(distances_m: Vec<f64>, days: Vec<u32>) -> Result<Self, InvalidBands> {
        let is_distance = |end: &f64| end.is_finite() && *end >= 0.0;
        let usable = !distances_m.is_empty()
            && !days.is_empty()
            && distances_m.iter().all(is_distance)
            && distances_m.is_sorted_by(|a, b| a < b)
            && days.is_sorted_by(|a, b| a < b);
        usable.then_some(Self { distances_m, days }).ok_or(InvalidBands)
    }

    fn distance(&self, metres: f64) -> usize {
        self.distances_m.partition_point(|&end| end < metres)
    }
}

/// Counts the pairs in each band of distance and time, and how many chance brings there (Knox 1964; as a table of
/// bands for near repeats, Johnson and Bowers 2004, Ratcliffe and Rengert 2008).
///
/// Chance keeps the places and the days and deals the days out anew. Takes O(n log n + permutations · (n + pairs)),
/// pairs being those within the last band of distance. Sixteen permutations are counted at once, so that a pair is read
/// once for all of them and their days are compared side by side.
///
/// # Errors
/// When there are more than twenty million such pairs, when the days reach over more than 65,535 without a gap longer
/// than the last band, or when the answer is no longer wanted, which is
/// asked now and then.
pub fn knox(
    incidents: &[Incident],
    bands: &Bands,
    permutations: usize,
    seed: u64,
    wanted: Wanted<'_>,
) -> Result<Knox, KnoxError> {
    let near = Near::find(incidents, bands, MOST_PAIRS)?;
    let days: Vec<i32> = incidents.iter().map(|incident| incident.day).collect();
    let dealer = Dealer::new(&near, &days, &bands.days, seed)?;
    let observed = dealer.observed();

    let at_least = (0..permutations.div_ceil(LANES))
        .into_par_iter()
        .try_fold(
            || vec![0_u32; observed.len()],
            |mut at_least, round| {
                if !wanted() {
                    return Err(Stopped);
                }
                let first = round * LANES;
                let lanes = LANES.min(permutations - first);
                let drawn = dealer.deal(first, lanes);
                for ((times, drawn), seen) in at_least.iter_mut().zip(drawn).zip(&observed) {
                    *times += drawn[..lanes].iter().map(|drawn| u32::from(drawn >= seen)).sum::<u32>();
                }
                Ok(at_least)
            },
        )
        .try_reduce(
            || vec![0; observed.len()],
            |a, b| Ok(a.into_iter().zip(b).map(|(a, b)| a + b).collect()),
        )?;

    let width = bands.days.len();
    let in_band = near.per_band();
    let all = incidents.len() as f64 * (incidents.len() as f64 - 1.0) / 2.0;
    let soon = pairs_by_days(&days, bands);
    let cell = |place: usize| {
        // Each pair of places is as likely as any other to get a given pair of days.
        let expected =
            if all > 0.0 { in_band[place / width] as f64 * soon[place % width] as f64 / all } else { 0.0 };
        let p = f64::from(at_least[place] + 1) / (permutations as f64 + 1.0);
        KnoxCell { observed: observed[place], expected, p }
    };
    let cells: Vec<KnoxCell> = (0..observed.len()).map(cell).collect();
    Ok(Knox { pairs: near.len(), cells: cells.chunks(width).map(<[_]>::to_vec).collect() })
}

/// How many pairs of all there are in each band of time.
fn pairs_by_days(days: &[i32], bands: &Bands) -> Vec<u64> {
    let mut sorted = days.to_vec();
    sorted.sort_unstable();
    let within = |most: u32| -> u64 {
        let mut first = 0;
        let pairs = sorted.iter().enumerate().map(|(last, &day)| {
            while day.abs_diff(sorted[first]) > most {
                first += 1;
            }
            (last - first) as u64
        });
        pairs.sum()
    };
    let up_to: Vec<u64> = bands.days.iter().map(|&end| within(end)).collect();
    let before = std::iter::once(0).chain(up_to.iter().copied());
    up_to.iter().zip(before).map(|(&up_to, before)| up_to - before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::plane::PlanePoint;
    use crate::kernel::random::Random;
    use crate::kernel::spacetime::{shuffle, stream};

    /// With all the time in the world.
    fn knox(
        incidents: &[Incident],
        bands: &Bands,
        permutations: usize,
        seed: u64,
    ) -> Result<Knox, KnoxError> {
        super::knox(incidents, bands, permutations, seed, &|| true)
    }

    fn scattered(count: usize, seed: u64) -> Vec<Incident> {
        let mut random = Random::new(seed);
        let one = |_| Incident {
            at: PlanePoint::new((random.unit() * 40.0).floor() * 25.0, (random.unit() * 40.0).floor() * 25.0),
            day: (random.unit() * 200.0) as i32,
        };
        (0..count).map(one).collect()
    }

    fn bands() -> Bands {
        Bands::new(vec![0.0, 100.0, 200.0], vec![7, 14]).unwrap()
    }

    /// The definition, over all pairs.
    fn brute_force(incidents: &[Incident]) -> [[u32; 2]; 3] {
        let mut counts = [[0; 2]; 3];
        for (i, one) in incidents.iter().enumerate() {
            for other in &incidents[i + 1..] {
                let (metres, days) = (one.at.distance_m(other.at), one.day.abs_diff(other.day));
                let row = if metres <= 0.0 { 0 } else { (metres / 100.0).ceil() as usize };
                let column = usize::from(days > 7);
                if row <= 2 && days <= 14 {
                    counts[row][column] += 1;
                }
            }
        }
        counts
    }

    #[test]
    fn pairs_are_counted_as_the_definition_says() {
        let incidents = scattered(400, 1);
        let found = knox(&incidents, &bands(), 19, 1).unwrap();
        let counts: Vec<Vec<u32>> =
            found.cells.iter().map(|row| row.iter().map(|cell| cell.observed).collect()).collect();
        assert_eq!(counts, brute_force(&incidents));
        assert!(counts[0][0] + counts[0][1] > 0, "some are in the same place");
    }

    #[test]
    fn what_is_expected_is_the_mean_over_every_order() {
        let incidents: Vec<Incident> =
            [(0.0, 3), (50.0, 5), (120.0, 30), (500.0, 4), (520.0, 60), (90.0, 12)]
                .map(|(east, day)| Incident { at: PlanePoint::new(east, 0.0), day })
                .to_vec();
        let mut sums = [[0.0; 2]; 3];
        let mut orders = 0.0;
        let mut days: Vec<i32> = incidents.iter().map(|incident| incident.day).collect();
        every_order(&mut days, 0, &mut |days| {
            let dealt: Vec<Incident> =
                incidents.iter().zip(days).map(|(one, &day)| Incident { day, ..*one }).collect();
            for (sums, row) in sums.iter_mut().zip(brute_force(&dealt)) {
                for (sum, seen) in sums.iter_mut().zip(row) {
                    *sum += f64::from(seen);
                }
            }
            orders += 1.0;
        });
        let found = knox(&incidents, &bands(), 9, 1).unwrap();
        for (row, sums) in found.cells.iter().zip(sums) {
            for (cell, sum) in row.iter().zip(sums) {
                assert!(
                    (cell.expected - sum / orders).abs() < 1e-12,
                    "{} for {}",
                    cell.expected,
                    sum / orders
                );
            }
        }
    }

    fn every_order(days: &mut [i32], from: usize, seen: &mut impl FnMut(&[i32])) {
        if from == days.len() {
            seen(days);
            return;
        }
        for next in from..days.len() {
            days.swap(from, next);
            every_order(days, from + 1, seen);
            days.swap(from, next);
        }
    }

    #[test]
    fn near_repeats_stand_out_and_chance_does_not() {
        let quiet = scattered(300, 7);
        let p = |incidents: &[Incident]| knox(incidents, &bands(), 999, 5).unwrap().cells[1][0].p;
        assert!(p(&quiet) > 0.05, "{}", p(&quiet));
        // Every fifth is followed by another 60 m away within the week.
        let mut repeated = quiet.clone();
        for one in quiet.iter().step_by(5) {
            let at = PlanePoint::new(one.at.east_m + 60.0, one.at.north_m);
            repeated.push(Incident { at, day: one.day + 4 });
        }
        assert!(p(&repeated) <= 0.001, "{}", p(&repeated));
    }

    #[test]
    fn the_number_of_threads_does_not_matter() {
        let incidents = scattered(150, 3);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| knox(&incidents, &bands(), 99, 42).unwrap())
        };
        assert_eq!(with(1), with(5));
    }

    /// As the definition has it, permutation by permutation, whatever is counted side by side.
    #[test]
    fn chance_is_what_each_permutation_by_itself_makes() {
        let incidents = scattered(120, 4);
        for permutations in [1, 15, 16, 37] {
            let found = knox(&incidents, &bands(), permutations, 3).unwrap();
            let observed = brute_force(&incidents);
            let mut at_least = [[0_u32; 2]; 3];
            for permutation in 0..permutations {
                let mut days: Vec<i32> = incidents.iter().map(|incident| incident.day).collect();
                shuffle(&mut days, &mut stream(3, permutation));
                let dealt: Vec<Incident> =
                    incidents.iter().zip(days).map(|(one, day)| Incident { day, ..*one }).collect();
                for ((times, drawn), seen) in at_least.iter_mut().zip(brute_force(&dealt)).zip(&observed) {
                    for ((times, drawn), seen) in times.iter_mut().zip(drawn).zip(seen) {
                        *times += u32::from(drawn >= *seen);
                    }
                }
            }
            for (row, at_least) in found.cells.iter().zip(at_least) {
                for (cell, at_least) in row.iter().zip(at_least) {
                    let p = f64::from(at_least + 1) / (permutations as f64 + 1.0);
                    assert!((cell.p - p).abs() < 1e-15, "{} for {p}", cell.p);
                }
            }
        }
    }

    #[test]
    fn who_is_told_to_stop_stops() {
        let stopped = super::knox(&scattered(150, 3), &bands(), 99, 1, &|| false);
        assert_eq!(stopped, Err(KnoxError::Stopped(Stopped)));
    }

    #[test]
    fn nothing_one_and_a_crowd_are_answered() {
        for count in [0, 1] {
            let found = knox(&scattered(count, 1), &bands(), 99, 1).unwrap();
            assert_eq!(found.pairs, 0);
            assert!(found.cells.iter().flatten().all(|cell| cell.observed == 0 && cell.p >= 1.0));
        }
        let crowd = vec![Incident { at: PlanePoint::new(0.0, 0.0), day: 1 }; 300];
        let found = knox(&crowd, &bands(), 9, 1).unwrap();
        assert_eq!((found.cells[0][0].observed, found.cells[0][0].p), (300 * 299 / 2, 1.0));
        for (distances_m, days) in
            [(vec![], vec![1]), (vec![1.0], vec![]), (vec![2.0, 1.0], vec![1]), (vec![f64::NAN], vec![1])]
        {
            assert_eq!(Bands::new(distances_m, days), Err(InvalidBands));
        }
    }
}
