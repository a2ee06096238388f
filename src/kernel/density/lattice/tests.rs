use super::*;
use crate::kernel::density::{Event, Patch};
use crate::kernel::random::Random;

/// Those with nodes few enough for a test of wide crowds. Epanechnikov's is held to the same on one spot.
const SMOOTH: [Kernel; 3] = [Kernel::Gaussian, Kernel::Quartic, Kernel::Triweight];

/// So many events around a few centres, in a square of 2 km far from the origin.
fn events(count: usize, centres: usize, spread_m: f64) -> Vec<Event> {
    let mut random = Random::new(4);
    let centres: Vec<(f64, f64)> = (0..centres).map(|_| (random.unit() * 2e3, random.unit() * 2e3)).collect();
    let event = |_| {
        let (east, north) = centres[random.below(centres.len())];
        let mut off = || (random.unit() + random.unit() - 1.0) * spread_m;
        let at = PlanePoint::new(437_000.0 + east + off(), 3_882_000.0 + north + off());
        Event { at, weight: 0.25 + 3.0 * random.unit() }
    };
    (0..count).map(event).collect()
}

fn positions(count: usize) -> Vec<PlanePoint> {
    let mut random = Random::new(8);
    let mut at = || PlanePoint::new(436_500.0 + random.unit() * 3e3, 3_881_500.0 + random.unit() * 3e3);
    (0..count).map(|_| at()).collect()
}

/// The greatest difference between the lattice and the exact sum, as a share of the exact surface's peak.
fn worst(kernel: Kernel, events: &[Event], bandwidth_m: f64) -> f64 {
    let lattice = Lattice::new(Density::new(kernel, events.to_vec(), bandwidth_m).unwrap());
    let mut visitor = lattice.visitor();
    let mut positions = positions(700);
    positions.extend(events.iter().take(700).map(|event| event.at));
    // Close to one of them, where the kernel has its edge and its peak: more of them where that costs little.
    let mut random = Random::new(15);
    positions.extend((0..450_000 / events.len()).map(|_| {
        let mut off = || (2.0 * random.unit() - 1.0) * 1.1 * bandwidth_m;
        PlanePoint::new(events[0].at.east_m + off(), events[0].at.north_m + off())
    }));
    let (mut off, mut peak) = (0.0_f64, 0.0_f64);
    for at in positions {
        let (found, exact) = (f64::from(visitor.per_km2(at)), lattice.exact().per_km2(at));
        off = off.max((found - exact).abs());
        peak = peak.max(exact);
    }
    assert!(!lattice.places.is_empty(), "nothing was binned");
    off / peak
}

#[test]
fn it_is_within_a_hundredth_of_the_peak() {
    for kernel in SMOOTH {
        for (count, centres, spread_m) in [(20_000, 40, 400.0), (3_000, 3, 60.0), (30_000, 2_000, 900.0)] {
            for bandwidth_m in [50.0, 200.0] {
                let off = worst(kernel, &events(count, centres, spread_m), bandwidth_m);
                assert!(off < 0.01, "{kernel:?}, {count} events, {bandwidth_m} m: {off}");
            }
        }
    }
}

#[test]
fn it_is_within_a_hundredth_where_a_crowd_stands_on_one_spot() {
    // All within a millimetre: nothing averages out.
    let crowd = |at: (f64, f64)| {
        let place = |i: u32| PlanePoint::new(at.0 + f64::from(i) * 1e-5, at.1);
        (0..150).map(|i| Event { at: place(i), weight: 1.0 }).collect::<Vec<_>>()
    };
    for kernel in Kernel::ALL {
        for spot in [(437_700.0, 3_882_700.0), (437_707.5, 3_882_707.5), (437_703.1, 3_882_711.9)] {
            let off = worst(kernel, &crowd(spot), 150.0);
            assert!(off < 0.01, "{kernel:?} at {spot:?}: {off}");
        }
    }
}

#[test]
fn few_events_are_summed_exactly() {
    let density = Density::new(Kernel::Quartic, events(300, 300, 900.0), 50.0).unwrap();
    let lattice = Lattice::new(density);
    assert!(lattice.places.is_empty());
    let mut visitor = lattice.visitor();
    for at in positions(500) {
        assert_eq!(visitor.per_km2(at).to_bits(), (lattice.exact().per_km2(at) as f32).to_bits());
    }
}

#[test]
fn the_value_depends_on_the_position_alone() {
    for kernel in SMOOTH {
        let mut events = events(5_000, 7, 300.0);
        let of = |events: &[Event], positions: &[PlanePoint], prepare: bool| -> Vec<u32> {
            let lattice = Lattice::new(Density::new(kernel, events.to_vec(), 80.0).unwrap());
            if prepare {
                lattice.prepare();
            }
            let mut visitor = lattice.visitor();
            positions.iter().map(|&at| visitor.per_km2(at).to_bits()).collect()
        };
        let mut positions = positions(3_000);
        let first = of(&events, &positions, false);
        events.reverse();
        positions.reverse();
        let mut second = of(&events, &positions, true);
        second.reverse();
        assert_eq!(first, second, "{kernel:?}");
    }
}

#[test]
fn many_at_once_are_the_same_as_one_by_one() {
    let lattice = Lattice::new(Density::new(Kernel::Quartic, events(5_000, 7, 300.0), 40.0).unwrap());
    let (mut together, mut one_by_one) = (lattice.visitor(), lattice.visitor());
    let positions = positions(1_200);
    let mut in_several_blocks = 0;
    for ends in positions.windows(2) {
        // Ways of up to 600 m, blocks of 570 m.
        let (start, end) = (ends[0], ends[0].towards(ends[1], 0.2));
        let found = together.along::<16>(start, end);
        let at = |part: u8| start.towards(end, (f64::from(part) + 0.5) / 16.0);
        let expected: Vec<u32> = (0..16).map(|part| one_by_one.per_km2(at(part)).to_bits()).collect();
        assert_eq!(found.map(f32::to_bits).to_vec(), expected);
        let block = |at: PlanePoint| {
            let side_m = BLOCK as f64 * lattice.nodes.spacing_m;
            ((at.east_m / side_m).floor() as i64, (at.north_m / side_m).floor() as i64)
        };
        in_several_blocks += usize::from(block(at(0)) != block(at(15)));
    }
    assert!((200..1_000).contains(&in_several_blocks), "{in_several_blocks}");
}

#[test]
fn nothing_happens_on_the_edges_of_blocks() {
    let events = events(5_000, 7, 300.0);
    // Steps of 8 m, blocks of 1,024 m, both exact in binary.
    let lattice = Lattice::new(Density::new(Kernel::Quartic, events.clone(), 72.0).unwrap());
    let peak = events.iter().map(|event| lattice.exact().per_km2(event.at)).fold(0.0, f64::max);
    let mut visitor = lattice.visitor();
    for block in &lattice.places {
        let corner = PlanePoint::new(block.1 as f64 * 1_024.0, block.0 as f64 * 1_024.0);
        for along in 0..=128 {
            let along = 8.0 * f64::from(along);
            let east = PlanePoint::new(corner.east_m + along, corner.north_m);
            let north = PlanePoint::new(corner.east_m, corner.north_m + along);
            for at in [east, north] {
                let off = (f64::from(visitor.per_km2(at)) - lattice.exact().per_km2(at)).abs();
                assert!(off < 0.01 * peak, "{off} of {peak} at {at:?}");
            }
        }
    }
}

#[test]
fn a_patch_is_the_same_surface() {
    let events = events(20_000, 40, 400.0);
    let origin = PlanePoint::new(437_000.0, 3_882_000.0);
    let column =
        |of: &dyn Fn(&Event) -> f64| events.iter().map(|event| of(event) as f32).collect::<Vec<f32>>();
    let columns = [
        column(&|event| event.at.east_m - origin.east_m),
        column(&|event| event.at.north_m - origin.north_m),
        column(&|event| event.weight),
    ];
    let corners = (PlanePoint::new(437_200.0, 3_882_300.0), PlanePoint::new(438_100.0, 3_882_900.0));
    let (south_west, north_east) = corners;
    for kernel in Kernel::ALL {
        let patch = Patch::new(kernel, 120.0, corners, origin, columns.each_ref().map(Vec::as_slice));
        let density = Density::new(kernel, events.clone(), 120.0).unwrap();
        let peak = events.iter().take(2_000).map(|event| density.per_km2(event.at)).fold(0.0, f64::max);
        for step in 0..=100 {
            let at = south_west.towards(north_east, f64::from(step) / 100.0);
            let off = (f64::from(patch.per_km2(&[at])[0]) - density.per_km2(at)).abs();
            assert!(off < 0.01 * peak, "{kernel:?}: {off} of {peak}");
        }
    }
}
