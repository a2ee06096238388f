//! Sorting a great many things into buckets, on all threads, keeping their order within each bucket.
//!
//! Never here: what is sorted. The result does not depend on the number of threads.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

/// Things in buckets: those of bucket i are `items[starts[i]..starts[i + 1]]`.
pub(crate) struct Buckets {
    starts: Vec<usize>,
    items: Vec<AtomicU64>,
}

impl Buckets {
    /// Sorts what `parts` many parts give: pairs of a bucket and an item. Each part is asked twice and must give the
    /// same again. Items of a bucket keep the order of the parts, and that within each part.
    pub(crate) fn sort<I: Iterator<Item = (usize, u64)>>(
        parts: usize,
        buckets: usize,
        items_of: impl Fn(usize) -> I + Sync,
    ) -> Self {
        let mut counts: Vec<Vec<u32>> = (0..parts)
            .into_par_iter()
            .map(|part| {
                let mut count = vec![0_u32; buckets];
                items_of(part).for_each(|(bucket, _)| count[bucket] += 1);
                count
            })
            .collect();
        let mut starts = Vec::with_capacity(buckets + 1);
        let mut total = 0_usize;
        for bucket in 0..buckets {
            starts.push(total);
            let mut within = 0;
            for count in &mut counts {
                let own = count[bucket];
                count[bucket] = within;
                within += own;
            }
            total += within as usize;
        }
        starts.push(total);
        // Each place is written once, by one thread; that they are atomic costs nothing.
        let items: Vec<AtomicU64> = (0..total).into_par_iter().map(|_| AtomicU64::new(0)).collect();
        counts.into_par_iter().enumerate().for_each(|(part, mut before)| {
            items_of(part).for_each(|(bucket, item)| {
                items[starts[bucket] + before[bucket] as usize].store(item, Ordering::Relaxed);
                before[bucket] += 1;
            });
        });
        Self { starts, items }
    }

    /// The items of a bucket, in order.
    pub(crate) fn of(&self, bucket: usize) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.items[self.starts[bucket]..self.starts[bucket + 1]]
            .iter()
            .map(|item| item.load(Ordering::Relaxed))
    }
}

/// `count` things in stretches: enough to keep threads busy, few enough that a table for each is no burden.
pub(crate) fn stretches(count: usize) -> Vec<Range<usize>> {
    let parts = (count / 65_536).clamp(1, 16);
    (0..parts).map(|part| count * part / parts..count * (part + 1) / parts).collect()
}
