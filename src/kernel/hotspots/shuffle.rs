//! Conditional permutation: where a neighbourhood's sum lies among sums that chance would bring together.

use rayon::prelude::*;

use super::neighbours::Neighbours;
use crate::kernel::random::Random;

/// Random neighbourhoods, drawn once and shared by all units, as PySAL's `esda` does.
///
/// A unit with k neighbours is compared with k units drawn from the others without replacement. A draw for all units
/// at once is a sequence of different units; a unit takes the first k of it, passing over itself. The sums of the
/// first k are then the same for every unit that is not among them, and are found once for each k: all units together
/// cost O(permutations · (k + log permutations) + units · log permutations), and not their product.
#[derive(Debug, Clone)]
pub struct Shuffles {
    permutations: usize,
    /// Units in each draw: one more than any unit has neighbours.
    length: usize,
    /// The draws, one after the other.
    drawn: Vec<u32>,
}

/// Where what was observed lies among what was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// Draws that came out below.
    pub below: u32,
    /// Draws that came out the same.
    pub equal: u32,
    /// Draws that came out above.
    pub above: u32,
}

impl Shuffles {
    /// Draws `permutations` times for every unit of `neighbours`. The same seed gives the same draws, on any number
    /// of threads.
    #[must_use]
    pub fn new(neighbours: &Neighbours, permutations: usize, seed: u64) -> Self {
        let units = neighbours.len();
        let most = (0..units).map(|unit| neighbours.of(unit).len()).max().unwrap_or(0);
        let length = (most + 1).min(units);
        let mut drawn = vec![0; permutations * length];
        drawn.par_chunks_mut(length.max(1)).enumerate().for_each_init(
            || (0..units as u32).collect::<Vec<u32>>(),
            |order, (permutation, draw)| {
                // A stream of its own for each draw, so that it does not matter which thread makes it.
                let stream = Random::new(seed ^ (permutation as u64).wrapping_mul(0xD605_BBB5_8C8A_BC2B));
                fill(order, draw, stream);
            },
        );
        Self { permutations, length, drawn }
    }

    /// The rank of each unit's sum of `values` over its neighbours; `None` for an island.
    ///
    /// Sums are compared in whole numbers, so that the same values in another order are a tie, as they should be:
    /// counts are compared exactly, other values to 18 digits of the greatest.
    ///
    /// # Panics
    /// If `values` or `neighbours` are not of the units that the draws were made for.
    #[must_use]
    pub fn ranks(&self, values: &[f64], neighbours: &Neighbours) -> Vec<Option<Rank>> {
        assert_eq!(values.len(), neighbours.len(), "one value for each unit");
        let whole = whole_numbers(values, self.length);
        let degree = |unit: usize| neighbours.of(unit).len();
        let mut sizes: Vec<usize> = (0..values.len()).map(degree).filter(|&size| size > 0).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let sorted_sums: Vec<Vec<i64>> = sizes.par_iter().map(|&size| self.sums(&whole, size)).collect();

        let observed: Vec<i64> = (0..values.len())
            .map(|unit| neighbours.of(unit).iter().map(|&neighbour| whole[neighbour as usize]).sum())
            .collect();
        let mut ranks: Vec<Option<Rank>> = (0..values.len())
            .into_par_iter()
            .map(|unit| {
                let sums = &sorted_sums[sizes.binary_search(&degree(unit)).ok()?];
                Some(Rank::among(sums, observed[unit]))
            })
            .collect();
        // Where a unit is in its own draw it passes over itself and takes the next instead.
        let mut prefix = vec![0; self.length + 1];
        for draw in self.drawn.chunks(self.length.max(1)) {
            for (place, &unit) in draw.iter().enumerate() {
                prefix[place + 1] = prefix[place] + whole[unit as usize];
            }
            for (place, &unit) in draw.iter().enumerate() {
                let unit = unit as usize;
                let size = degree(unit);
                if let (true, Some(rank)) = (place < size, ranks[unit].as_mut()) {
                    rank.count(prefix[size], observed[unit], -1);
                    rank.count(prefix[size + 1] - whole[unit], observed[unit], 1);
                }
            }
        }
        ranks
    }

    /// How often was drawn.
    #[must_use]
    pub fn permutations(&self) -> usize {
        self.permutations
    }

    /// The sums over the first `size` of each draw, sorted.
    fn sums(&self, whole: &[i64], size: usize) -> Vec<i64> {
        let sum = |draw: &[u32]| draw[..size].iter().map(|&unit| whole[unit as usize]).sum();
        let mut sums: Vec<i64> = self.drawn.chunks(self.length).map(sum).collect();
        sums.sort_unstable();
        sums
    }
}

impl Rank {
    fn among(sorted: &[i64], observed: i64) -> Self {
        let below = sorted.partition_point(|&sum| sum < observed);
        let up_to = sorted.partition_point(|&sum| sum <= observed);
        Self { below: below as u32, equal: (up_to - below) as u32, above: (sorted.len() - up_to) as u32 }
    }

    fn count(&mut self, drawn: i64, observed: i64, times: i32) {
        let counter = match drawn.cmp(&observed) {
            std::cmp::Ordering::Less => &mut self.below,
            std::cmp::Ordering::Equal => &mut self.equal,
            std::cmp::Ordering::Greater => &mut self.above,
        };
        *counter = counter.wrapping_add_signed(times);
    }

    /// The same, seen from the other side: what was above is below.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self { below: self.above, equal: self.equal, above: self.below }
    }

    /// The p-value of the tail that what was observed lies in, as `esda` computes it: (m + 1)/(draws + 1), where m is
    /// the smaller of the number of draws that are at least as high and the number of those that are lower. Since the
    /// tail is chosen after looking, a test on both sides doubles it.
    #[must_use]
    pub fn p_folded(self) -> f64 {
        let extreme = (self.above + self.equal).min(self.below);
        f64::from(extreme + 1) / f64::from(self.draws() + 1)
    }

    /// The p-value of being as high as this: (draws at least as high + 1)/(draws + 1).
    #[must_use]
    pub fn p_high(self) -> f64 {
        f64::from(self.above + self.equal + 1) / f64::from(self.draws() + 1)
    }

    /// The p-value of being as low as this: (draws at least as low + 1)/(draws + 1).
    #[must_use]
    pub fn p_low(self) -> f64 {
        self.mirrored().p_high()
    }

    fn draws(self) -> u32 {
        self.below + self.equal + self.above
    }
}

/// Fills `draw` with different units by the first steps of a Fisher-Yates shuffle of `order`, then takes the steps
/// back, so that `order` serves the next draw.
fn fill(order: &mut [u32], draw: &mut [u32], mut random: Random) {
    let mut swaps = Vec::with_capacity(draw.len());
    for (place, unit) in draw.iter_mut().enumerate() {
        let other = place + random.below(order.len() - place);
        order.swap(place, other);
        swaps.push(other);
        *unit = order[place];
    }
    for (place, &other) in swaps.iter().enumerate().rev() {
        order.swap(place, other);
    }
}

/// The values as whole multiples of the smallest power of two that lets `most` of them be added in 62 bits.
fn whole_numbers(values: &[f64], most: usize) -> Vec<i64> {
    let greatest = values.iter().fold(0.0_f64, |greatest, value| greatest.max(value.abs()));
    if greatest == 0.0 {
        return vec![0; values.len()];
    }
    let bits = (greatest.log2() + (most as f64 + 1.0).log2()).ceil() as i32;
    let shift = 61 - bits;
    // In two steps, since 2^shift alone may be too great for a number.
    let (half, rest) = (shift / 2, shift - shift / 2);
    let scaled = |value: f64| value * f64::from(half).exp2() * f64::from(rest).exp2();
    values.iter().map(|&value| scaled(value).round() as i64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring of units, each with the two beside it; every seventh is an island.
    fn ring(units: usize) -> Neighbours {
        let lists = |unit: usize| match unit % 7 {
            6 => vec![],
            0 => vec![((unit + 1) % units) as u32],
            _ => vec![((unit + units - 1) % units) as u32, ((unit + 1) % units) as u32],
        };
        Neighbours::new(&(0..units).map(lists).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn ranks_are_what_the_definition_says() {
        let units = 40;
        let neighbours = ring(units);
        let values: Vec<f64> = (0..units).map(|unit| ((unit * unit) % 11) as f64).collect();
        let shuffles = Shuffles::new(&neighbours, 500, 7);
        let ranks = shuffles.ranks(&values, &neighbours);
        for (unit, found) in ranks.into_iter().enumerate() {
            let size = neighbours.of(unit).len();
            let sum = |units: &[u32]| units.iter().map(|&other| values[other as usize]).sum::<f64>();
            let observed = sum(neighbours.of(unit));
            let mut expected = Rank { below: 0, equal: 0, above: 0 };
            for draw in shuffles.drawn.chunks(shuffles.length) {
                let others: Vec<u32> = draw.iter().copied().filter(|&other| other as usize != unit).collect();
                match sum(&others[..size]).total_cmp(&observed) {
                    std::cmp::Ordering::Less => expected.below += 1,
                    std::cmp::Ordering::Equal => expected.equal += 1,
                    std::cmp::Ordering::Greater => expected.above += 1,
                }
            }
            assert_eq!(found, (size > 0).then_some(expected), "unit {unit}");
        }
    }

    #[test]
    fn a_draw_holds_each_unit_once_and_every_unit_equally_often() {
        let neighbours = ring(30);
        let shuffles = Shuffles::new(&neighbours, 10_000, 1);
        let mut counts = vec![0_u32; 30];
        for draw in shuffles.drawn.chunks(shuffles.length) {
            let mut sorted = draw.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), 3);
            for &unit in draw {
                counts[unit as usize] += 1;
            }
        }
        // 1000 expected, with a standard deviation of 30.
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    }

    #[test]
    fn the_number_of_threads_does_not_matter() {
        let neighbours = ring(100);
        let values: Vec<f64> = (0..100).map(|unit| f64::from(unit % 13)).collect();
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Shuffles::new(&neighbours, 999, 42).ranks(&values, &neighbours))
        };
        assert_eq!(with(1), with(5));
    }

    #[test]
    fn the_same_values_in_another_order_tie() {
        let neighbours = Neighbours::new(&[vec![1, 2, 3], vec![], vec![], vec![]]).unwrap();
        let shuffles = Shuffles::new(&neighbours, 99, 3);
        let rank = shuffles.ranks(&[1e-9, 0.1, 0.2, 1e15 + 0.3], &neighbours)[0].unwrap();
        assert_eq!((rank.equal, rank.p_high(), rank.p_low()), (99, 1.0, 1.0));
    }

    #[test]
    fn values_of_any_size_are_compared() {
        let neighbours = Neighbours::new(&[vec![1], vec![0], vec![0], vec![0]]).unwrap();
        for scale in [1e-300, 1.0, 1e300] {
            let values = [0.0, 3.0, 2.0, 1.0].map(|value| value * scale);
            let rank = Shuffles::new(&neighbours, 999, 3).ranks(&values, &neighbours)[0].unwrap();
            assert!(rank.above == 0 && (250..420).contains(&rank.equal), "{rank:?}");
        }
    }
}
