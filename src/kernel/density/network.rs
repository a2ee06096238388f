//! Density along roads: events per kilometre of road, spread along the roads and not across the fields. Never here:
//! which roads there are.

use rayon::prelude::*;

use super::kernel::Kernel;
use crate::kernel::roads::{EdgeId, NodeId, RoadNetwork};

/// Something that happened on a road.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoadEvent {
    /// On which edge.
    pub edge: EdgeId,
    /// How far along it from its first vertex, in metres.
    pub along_m: f64,
    /// How many plain events it counts as.
    pub weight: f64,
}

/// A piece of an edge with the density in its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lixel {
    /// Which edge.
    pub edge: EdgeId,
    /// Where it begins, in metres from the edge's first vertex.
    pub from_m: f64,
    /// Where it ends.
    pub to_m: f64,
    /// Events per kilometre of road.
    pub per_km: f64,
}

/// A share of an event smaller than this is not followed any further.
const LEAST_SHARE: f64 = 1.0 / 4096.0;

/// The equal-split discontinuous kernel density of `events` along a network: each event's kernel runs along the roads
/// both ways, and where d roads meet the rest of it is shared equally among the d − 1 others (A. Okabe, T. Satoh and K.
/// Sugihara 2009, "A kernel density estimation method for networks, its computational method and a GIS-based tool",
/// section 3). At a dead end the rest is lost.
///
/// The kernel is the profile of `kernel` along a line, integrating to 1. Edges are cut into equal pieces of at most
/// `piece_m` metres. A share below 1/4096 of an event is not followed further, so that each event takes at most 4096
/// ways at a time: all of them take O(events · 4096 · h/piece). What is cut off is less than a thousandth of the peak of
/// an event. The result does not depend on the number of
/// threads.
///
/// # Panics
/// If an event's edge is not of the network.
#[must_use]
pub fn network_density(
    network: &RoadNetwork,
    events: &[RoadEvent],
    kernel: Kernel,
    bandwidth_m: f64,
    piece_m: f64,
) -> Vec<Lixel> {
    let pieces = Pieces::new(network, piece_m);
    let spread = Spread { network, pieces: &pieces, ends: edge_ends(network), kernel, bandwidth_m };
    // In groups of a fixed size, added up in their order, so that sums do not depend on threads.
    let sums: Vec<Vec<f64>> = events
        .par_chunks(256)
        .map(|events| {
            let mut sums = vec![0.0; pieces.count];
            for event in events {
                spread.add(event, &mut sums);
            }
            sums
        })
        .collect();
    let mut per_m = vec![0.0; pieces.count];
    for group in sums {
        for (sum, part) in per_m.iter_mut().zip(group) {
            *sum += part;
        }
    }
    let lixels = (0..network.edges().len()).flat_map(|edge| {
        let (first, count, length_m) = pieces.of(edge);
        let per_m = &per_m;
        (0..count).map(move |piece| Lixel {
            edge: edge as EdgeId,
            from_m: length_m * piece as f64,
            to_m: length_m * (piece + 1) as f64,
            per_km: per_m[first + piece] * 1e3,
        })
    });
    lixels.collect()
}

/// How edges are cut into pieces.
struct Pieces {
    /// For each edge its first piece, how many there are, and how long each is.
    of_edge: Vec<(usize, usize, f64)>,
    count: usize,
}

impl Pieces {
    fn new(network: &RoadNetwork, piece_m: f64) -> Self {
        let mut count = 0;
        let of_edge = network.edges().iter().map(|edge| {
            let pieces = (edge.length_m() / piece_m.max(0.1)).ceil().max(1.0);
            let first = count;
            count += pieces as usize;
            (first, pieces as usize, edge.length_m() / pieces)
        });
        let of_edge = of_edge.collect();
        Self { of_edge, count }
    }

    fn of(&self, edge: usize) -> (usize, usize, f64) {
        self.of_edge[edge]
    }
}

/// For each node, the edges that begin or end there: a loop does both.
fn edge_ends(network: &RoadNetwork) -> Vec<Vec<(EdgeId, bool)>> {
    let mut ends = vec![Vec::new(); network.nodes().len()];
    for (number, edge) in network.edges().iter().enumerate() {
        ends[edge.from as usize].push((number as EdgeId, true));
        ends[edge.to as usize].push((number as EdgeId, false));
    }
    ends
}

struct Spread<'a> {
    network: &'a RoadNetwork,
    pieces: &'a Pieces,
    ends: Vec<Vec<(EdgeId, bool)>>,
    kernel: Kernel,
    bandwidth_m: f64,
}

/// A share of an event on its way along an edge.
struct Way {
    edge: EdgeId,
    /// In the order of the edge's vertices, or against it.
    forward: bool,
    /// Where on the edge it sets out, in metres from the edge's first vertex.
    along_m: f64,
    /// How far it has come by then.
    gone_m: f64,
    share: f64,
}

impl Spread<'_> {
    fn add(&self, event: &RoadEvent, sums: &mut [f64]) {
        let reach_m = f64::from(self.kernel.reach()) * self.bandwidth_m;
        let way = |forward| Way {
            edge: event.edge,
            forward,
            along_m: event.along_m,
            gone_m: 0.0,
            share: event.weight,
        };
        let least = LEAST_SHARE * event.weight;
        let mut waiting = vec![way(true), way(false)];
        while let Some(way) = waiting.pop() {
            self.along(&way, sums);
            let edge = &self.network.edges()[way.edge as usize];
            let (left_m, node): (f64, NodeId) =
                if way.forward { (edge.length_m() - way.along_m, edge.to) } else { (way.along_m, edge.from) };
            let gone_m = way.gone_m + left_m;
            let ends = &self.ends[node as usize];
            let others = ends.len().saturating_sub(1);
            let share = way.share / others.max(1) as f64;
            if gone_m >= reach_m || others == 0 || share < least {
                continue;
            }
            // Every other end, but not the one that it comes from.
            for &(next, starts) in ends.iter().filter(|&&end| end != (way.edge, !way.forward)) {
                let length_m = self.network.edges()[next as usize].length_m();
                let along_m = if starts { 0.0 } else { length_m };
                waiting.push(Way { edge: next, forward: starts, along_m, gone_m, share });
            }
        }
    }

    /// Adds what a way gives to the middles of the pieces ahead of it on its edge.
    fn along(&self, way: &Way, sums: &mut [f64]) {
        let (first, count, length_m) = self.pieces.of(way.edge as usize);
        let h = self.bandwidth_m;
        let scale = way.share * self.kernel.peak_along() / h;
        let reach = f64::from(self.kernel.reach());
        // The first piece whose middle is ahead, and from there on in the way's direction.
        let here = (way.along_m / length_m - 0.5).max(-0.5);
        let ahead: Box<dyn Iterator<Item = usize>> = if way.forward {
            Box::new((here.ceil().max(0.0) as usize)..count)
        } else {
            Box::new((0..count.min((here.ceil().max(0.0)) as usize)).rev())
        };
        for piece in ahead {
            let u = (way.gone_m + ((piece as f64 + 0.5) * length_m - way.along_m).abs()) / h;
            if u >= reach {
                return;
            }
            sums[first + piece] += scale * self.kernel.share(u * u);
        }
    }
}

impl Kernel {
    /// The value at a distance of 0 of the kernel along a line, in bandwidths⁻¹.
    #[must_use]
    pub fn peak_along(self) -> f64 {
        match self {
            Self::Gaussian => 1.0 / (2.0 * std::f64::consts::PI).sqrt(),
            Self::Epanechnikov => 3.0 / 4.0,
            Self::Quartic => 15.0 / 16.0,
            Self::Triweight => 35.0 / 32.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::plane::PlanePoint;
    use crate::kernel::roads::{RoadClass, RoadLine};

    fn road(vertices: &[(f64, f64)]) -> RoadLine {
        let vertices = vertices.iter().map(|&(east, north)| PlanePoint::new(east, north)).collect();
        RoadLine::new(vertices, RoadClass::Street)
    }

    /// Streets 100 m apart, 11 each way.
    fn town() -> RoadNetwork {
        let line = |i: u32| f64::from(i) * 100.0;
        let across = (0..11).map(|i| (0..11).map(|j| (line(j), line(i))).collect::<Vec<_>>());
        let along = (0..11).map(|i| (0..11).map(|j| (line(i), line(j))).collect::<Vec<_>>());
        let lines: Vec<RoadLine> = across.chain(along).map(|vertices| road(&vertices)).collect();
        RoadNetwork::build(&lines).unwrap()
    }

    fn total(lixels: &[Lixel]) -> f64 {
        lixels.iter().map(|lixel| lixel.per_km / 1e3 * (lixel.to_m - lixel.from_m)).sum()
    }

    #[test]
    fn along_one_road_it_is_the_kernel_of_a_line() {
        let network = RoadNetwork::build(&[road(&[(0.0, 0.0), (2_000.0, 0.0)])]).unwrap();
        for kernel in Kernel::ALL {
            let event = RoadEvent { edge: 0, along_m: 903.0, weight: 2.0 };
            let lixels = network_density(&network, &[event], kernel, 100.0, 10.0);
            assert_eq!(lixels.len(), 200);
            for lixel in &lixels {
                let u = (f64::midpoint(lixel.from_m, lixel.to_m) - 903.0) / 100.0;
                let is_near = u.abs() < f64::from(kernel.reach());
                let expected =
                    if is_near { 2.0 * kernel.peak_along() * kernel.share(u * u) * 10.0 } else { 0.0 };
                assert!(
                    (lixel.per_km - expected).abs() < 1e-9,
                    "{kernel:?} {u}: {} for {expected}",
                    lixel.per_km
                );
            }
            assert!((total(&lixels) - 2.0).abs() < 2e-3, "{kernel:?}: {}", total(&lixels));
        }
    }

    #[test]
    fn where_four_roads_meet_each_other_one_gets_a_third() {
        let network = RoadNetwork::build(&[
            road(&[(-500.0, 0.0), (0.0, 0.0), (500.0, 0.0)]),
            road(&[(0.0, -500.0), (0.0, 0.0), (0.0, 500.0)]),
        ])
        .unwrap();
        let west = network
            .edges()
            .iter()
            .position(|edge| edge.vertices.iter().all(|at| at.east_m <= 0.0 && at.north_m.abs() < 1.0))
            .unwrap();
        let start_m = network.edges()[west].vertices[0].east_m;
        // 60 m before the junction.
        let along_m = (-60.0 - start_m).abs();
        let event = RoadEvent { edge: west as EdgeId, along_m, weight: 1.0 };
        let lixels = network_density(&network, &[event], Kernel::Quartic, 200.0, 5.0);
        for lixel in lixels.iter().filter(|lixel| lixel.edge as usize != west) {
            let edge = &network.edges()[lixel.edge as usize];
            let middle = f64::midpoint(lixel.from_m, lixel.to_m);
            let from_junction = if edge.vertices[0].distance_m(PlanePoint::new(0.0, 0.0)) < 1.0 {
                middle
            } else {
                edge.length_m() - middle
            };
            let u = (60.0 + from_junction) / 200.0;
            let expected = Kernel::Quartic.peak_along() * Kernel::Quartic.share(u * u) / 3.0 * 5.0;
            assert!((lixel.per_km - expected).abs() < 1e-9, "{} for {expected}", lixel.per_km);
        }
        assert!((total(&lixels) - 1.0).abs() < 1e-3);
    }

    /// Every way without turning back, from the definition.
    #[test]
    fn in_a_town_every_way_counts() {
        let network = town();
        let ends = edge_ends(&network);
        let event = RoadEvent { edge: 60, along_m: 37.0, weight: 1.0 };
        let (h, piece_m) = (320.0, 20.0);
        let lixels = network_density(&network, &[event], Kernel::Epanechnikov, h, piece_m);
        let mut expected = vec![0.0; lixels.len()];
        follow(
            &network,
            &ends,
            (60, true, 37.0),
            0.0,
            1.0,
            &mut |edge, middle, share: f64, distance: f64| {
                let lixel = lixels
                    .iter()
                    .position(|lixel| lixel.edge == edge && lixel.from_m < middle && middle < lixel.to_m);
                let u = distance / h;
                expected[lixel.unwrap()] += share * 0.75 * (1.0 - u * u).max(0.0) / h * 1e3;
            },
            h,
        );
        follow(
            &network,
            &ends,
            (60, false, 37.0),
            0.0,
            1.0,
            &mut |edge, middle, share: f64, distance: f64| {
                let lixel = lixels
                    .iter()
                    .position(|lixel| lixel.edge == edge && lixel.from_m < middle && middle < lixel.to_m);
                let u = distance / h;
                expected[lixel.unwrap()] += share * 0.75 * (1.0 - u * u).max(0.0) / h * 1e3;
            },
            h,
        );
        for (lixel, expected) in lixels.iter().zip(expected) {
            assert!((lixel.per_km - expected).abs() < 1e-9, "{lixel:?} for {expected}");
        }
        assert!((total(&lixels) - 1.0).abs() < 2e-3, "{}", total(&lixels));
    }

    fn follow(
        network: &RoadNetwork,
        ends: &[Vec<(EdgeId, bool)>],
        (edge, forward, along_m): (EdgeId, bool, f64),
        gone_m: f64,
        share: f64,
        seen: &mut impl FnMut(EdgeId, f64, f64, f64),
        h: f64,
    ) {
        if gone_m >= h {
            return;
        }
        let this = &network.edges()[edge as usize];
        for piece in 0..5 {
            let middle = 10.0 + 20.0 * f64::from(piece);
            if (middle > along_m) == forward {
                seen(edge, middle, share, gone_m + (middle - along_m).abs());
            }
        }
        let (node, left) = if forward { (this.to, 100.0 - along_m) } else { (this.from, along_m) };
        let others: Vec<_> = ends[node as usize].iter().filter(|end| **end != (edge, !forward)).collect();
        for &&(next, starts) in &others {
            let along_m = if starts { 0.0 } else { 100.0 };
            follow(
                network,
                ends,
                (next, starts, along_m),
                gone_m + left,
                share / others.len() as f64,
                seen,
                h,
            );
        }
    }

    #[test]
    fn the_number_of_threads_does_not_matter_and_nothing_is_0() {
        let network = town();
        let events: Vec<RoadEvent> = (0..600)
            .map(|i| RoadEvent { edge: i % 200, along_m: f64::from(i % 97), weight: 1.0 + f64::from(i % 3) })
            .collect();
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| network_density(&network, &events, Kernel::Quartic, 150.0, 25.0))
        };
        assert_eq!(with(1), with(3));
        assert!(
            network_density(&network, &[], Kernel::Quartic, 150.0, 25.0)
                .iter()
                .all(|lixel| lixel.per_km.abs() < 1e-300)
        );
        assert!(network_density(&RoadNetwork::default(), &[], Kernel::Quartic, 150.0, 25.0).is_empty());
    }
}
