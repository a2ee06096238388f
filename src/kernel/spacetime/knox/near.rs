//! Which incidents are near which, in bands of distance. Never here: days.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::{Bands, KnoxError};
use crate::kernel::plane::PlanePoint;
use crate::kernel::spacetime::Incident;

/// Incidents that one thread looks around at a time.
const CHUNK: usize = 256;

/// The pairs of incidents within the last band of distance, each once: rank by rank, and for each band by band, the
/// higher ranks that are so near. Neighbours have ranks that are near each other, so that what is kept by rank is read
/// where the last of it was.
pub(super) struct Near {
    bands: usize,
    /// The rank of each incident.
    ranks: Vec<u32>,
    /// Where the others of each rank and band begin, and in the end how many there are.
    starts: Vec<u32>,
    others: Vec<u32>,
}

impl Near {
    /// # Errors
    /// When there are more than `most` pairs.
    pub(super) fn find(incidents: &[Incident], bands: &Bands, most: usize) -> Result<Self, KnoxError> {
        let reach = bands.distances_m.last().copied().unwrap_or(0.0);
        let (ranks, at) = ranked(incidents, reach);
        let places = at.iter().zip(0_u32..);
        let tree =
            RTree::bulk_load(places.map(|(at, rank)| GeomWithData::new(at.to_array(), rank)).collect());
        let found = AtomicUsize::new(0);
        let chunks: Vec<Range<usize>> = (0..incidents.len())
            .step_by(CHUNK)
            .map(|first| first..(first + CHUNK).min(incidents.len()))
            .collect();
        let parts: Vec<(Vec<u32>, Vec<u32>)> = chunks
            .into_par_iter()
            .map(|chunk| {
                let (mut lengths, mut others) = (Vec::new(), Vec::new());
                for one in chunk {
                    let before = others.len();
                    around(&tree, &at, one, bands, &mut lengths, &mut others);
                    let so_far = found.fetch_add(others.len() - before, Ordering::Relaxed);
                    if so_far + others.len() - before > most {
                        return Err(KnoxError::TooManyPairs { most });
                    }
                }
                Ok((lengths, others))
            })
            .collect::<Result<_, _>>()?;
        let mut end = 0;
        let lengths = parts.iter().flat_map(|(lengths, _)| lengths);
        let ends = lengths.map(|length| {
            end += length;
            end
        });
        let starts = std::iter::once(0).chain(ends).collect();
        let others = parts.iter().flat_map(|(_, others)| others).copied().collect();
        Ok(Self { bands: bands.distances_m.len(), ranks, starts, others })
    }

    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        self.others.len()
    }

    /// The rank of each incident.
    pub(super) fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// How many bands of distance there are.
    pub(super) fn bands(&self) -> usize {
        self.bands
    }

    /// How many pairs there are in each band of distance.
    pub(super) fn per_band(&self) -> Vec<u64> {
        let mut counts = vec![0; self.bands];
        for (_, band, others) in self.iter() {
            counts[band] += others.len() as u64;
        }
        counts
    }

    /// Each rank with each band and the others that are so near, which may be none.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize, &[u32])> {
        self.starts.windows(2).enumerate().map(|(list, ends)| {
            let others = &self.others[ends[0] as usize..ends[1] as usize];
            (list / self.bands, list % self.bands, others)
        })
    }
}

/// The rank of each incident, and where those of each rank are: by squares of `side`, row by row.
fn ranked(incidents: &[Incident], side: f64) -> (Vec<u32>, Vec<PlanePoint>) {
    // Squares too small to be told apart would have every incident in one of its own, which is as well.
    let square = |number: &u32| {
        let PlanePoint { east_m, north_m } = incidents[*number as usize].at;
        ((north_m / side.max(1.0)).floor() as i64, (east_m / side.max(1.0)).floor() as i64)
    };
    let mut order: Vec<u32> = (0..incidents.len() as u32).collect();
    order.sort_by_key(square);
    let mut ranks = vec![0; order.len()];
    for (&number, rank) in order.iter().zip(0..) {
        ranks[number as usize] = rank;
    }
    (ranks, order.iter().map(|&number| incidents[number as usize].at).collect())
}

/// Adds the ranks after `one` that are near it, band by band, and how many each band has.
fn around(
    tree: &RTree<GeomWithData<[f64; 2], u32>>,
    places: &[PlanePoint],
    one: usize,
    bands: &Bands,
    lengths: &mut Vec<u32>,
    others: &mut Vec<u32>,
) {
    // A little further than asked, since the tree compares squares; the band decides.
    let reach = bands.distances_m.last().map_or(0.0, |furthest| furthest * (1.0 + 1e-9) + 1e-9);
    let mut near: Vec<(usize, u32)> = tree
        .locate_within_distance(places[one].to_array(), reach * reach)
        .filter(|other| other.data as usize > one)
        .map(|other| (bands.distance(places[one].distance_m(places[other.data as usize])), other.data))
        .filter(|&(band, _)| band < bands.distances_m.len())
        .collect();
    near.sort_unstable();
    lengths.extend(
        (0..bands.distances_m.len()).map(|band| near.iter().filter(|&&(of, _)| of == band).count() as u32),
    );
    others.extend(near.into_iter().map(|(_, other)| other));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_given_up_before_all_its_pairs_are_found() {
        let crowd = vec![Incident { at: PlanePoint::new(0.0, 0.0), day: 1 }; 100];
        let bands = Bands::new(vec![1.0], vec![1]).unwrap();
        assert_eq!(Near::find(&crowd, &bands, 4_950).map(|near| near.len()), Ok(4_950));
        let refused = Near::find(&crowd, &bands, 4_949).map(|near| near.len());
        assert_eq!(refused, Err(KnoxError::TooManyPairs { most: 4_949 }));
    }
}
