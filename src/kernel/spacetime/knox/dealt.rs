//! Days dealt out to places by chance, several times at once. Never here: where places are.

use super::KnoxError;
use super::near::Near;
use crate::kernel::spacetime::{shuffle, stream};

/// Permutations that are counted side by side.
pub(super) const LANES: usize = 16;
/// Ends of bands that are counted side by side: with more, their sums do not stay in registers.
const ENDS: usize = 4;

/// Days in sixteen bits, so that eight fit a register of any processor.
type Lanes = [u16; LANES];

/// Deals days out and counts the pairs that are near each other in each band of time.
pub(super) struct Dealer<'a> {
    near: &'a Near,
    days: Vec<u16>,
    ends: Vec<u16>,
    seed: u64,
}

impl<'a> Dealer<'a> {
    /// # Errors
    /// When the days reach over more than sixteen bits can count.
    pub(super) fn new(near: &'a Near, days: &[i32], ends: &[u32], seed: u64) -> Result<Self, KnoxError> {
        let longest = ends.last().copied().unwrap_or(0);
        let days = closed_up(days, longest).ok_or(KnoxError::TooManyDays { most: u16::MAX })?;
        // No two days are further apart than they can be counted: a longer band holds no more than that.
        let ends = ends.iter().map(|&end| u16::try_from(end).unwrap_or(u16::MAX)).collect();
        Ok(Self { near, days, ends, seed })
    }

    /// The pairs in each band of distance and of time as they happened, band of distance by band of distance.
    pub(super) fn observed(&self) -> Vec<u32> {
        let mut days = vec![[0; LANES]; self.days.len()];
        for (&rank, &day) in self.near.ranks().iter().zip(&self.days) {
            days[rank as usize] = [day; LANES];
        }
        self.count(&days).into_iter().map(|[count, ..]| count).collect()
    }

    /// The same in `lanes` permutations from `first` on.
    pub(super) fn deal(&self, first: usize, lanes: usize) -> Vec<[u32; LANES]> {
        let mut dealt = vec![[0; LANES]; self.days.len()];
        let mut order = Vec::with_capacity(self.days.len());
        for (lane, permutation) in (first..first + lanes).enumerate() {
            // From the same order each time: a permutation must not depend on the one before it.
            order.clear();
            order.extend_from_slice(&self.days);
            shuffle(&mut order, &mut stream(self.seed, permutation));
            for (&rank, &day) in self.near.ranks().iter().zip(&order) {
                dealt[rank as usize][lane] = day;
            }
        }
        self.count(&dealt)
    }

    fn count(&self, days: &[Lanes]) -> Vec<[u32; LANES]> {
        let width = self.ends.len();
        let mut up_to = vec![[0; LANES]; self.near.bands() * width];
        for (one, band, others) in self.near.iter() {
            let row = &mut up_to[band * width..][..width];
            // Sums of sixteen bits hold no more pairs than that.
            for others in others.chunks(usize::from(u16::MAX)) {
                for (ends, sums) in self.ends.chunks(ENDS).zip(row.chunks_mut(ENDS)) {
                    let four = std::array::from_fn(|end| ends.get(end).copied().unwrap_or(0));
                    for (sums, more) in sums.iter_mut().zip(within(days, &days[one], others, four)) {
                        for (sum, more) in sums.iter_mut().zip(more) {
                            *sum += u32::from(more);
                        }
                    }
                }
            }
        }
        // Up to each end, less up to the one before it.
        for row in up_to.chunks_mut(width) {
            for band in (1..width).rev() {
                let (before, from) = row.split_at_mut(band);
                for (count, before) in from[0].iter_mut().zip(&before[band - 1]) {
                    *count -= before;
                }
            }
        }
        up_to
    }
}

/// How many of the others are up to each end apart from `one`, in each lane.
fn within(days: &[Lanes], one: &Lanes, others: &[u32], ends: [u16; ENDS]) -> [Lanes; ENDS] {
    let mut sums = [[0; LANES]; ENDS];
    for &other in others {
        // A copy: the compiler then compares a register's worth of lanes at a time.
        let mut apart = days[other as usize];
        for (apart, one) in apart.iter_mut().zip(one) {
            *apart = apart.abs_diff(*one);
        }
        for (sums, end) in sums.iter_mut().zip(ends) {
            for (sum, apart) in sums.iter_mut().zip(apart) {
                *sum += u16::from(apart <= end);
            }
        }
    }
    sums
}

/// The days counted from the first, with gaps in which nothing happened shortened where they are longer than
/// `longest`: what lies further apart than that is told from nothing else. A single date of another century costs
/// nothing so.
fn closed_up(days: &[i32], longest: u32) -> Option<Vec<u16>> {
    let mut distinct = days.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut at = 0_u32;
    let mut before = distinct.first().copied();
    let numbers: Option<Vec<u16>> = distinct
        .iter()
        .map(|&day| {
            let gap = before.replace(day).map_or(0, |before| day.abs_diff(before));
            at = at.saturating_add(gap.min(longest.saturating_add(1)));
            u16::try_from(at).ok()
        })
        .collect();
    let numbers = numbers?;
    Some(days.iter().map(|day| numbers[distinct.partition_point(|other| other < day)]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_close_up_to_what_still_tells_days_apart() {
        assert_eq!(closed_up(&[5, -700_000, 6, 40], 28), Some(vec![29, 0, 30, 59]));
        assert_eq!(closed_up(&[], 28), Some(vec![]));
        let centuries: Vec<i32> = (0..3_000).map(|number| number * 28).collect();
        assert_eq!(closed_up(&centuries, 28), None);
    }
}
