//! Plans are sound: zones in one piece, locks kept, the same on any number of threads.

use proptest::prelude::*;

use super::*;
use crate::kernel::zoning::ground::NONE;
use crate::kernel::zoning::start::start;
use crate::kernel::zoning::state::{Goal, State};
use crate::kernel::zoning::task::Task;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn zones_hang_together_and_locks_hold(seed in any::<u64>(), count in 12_usize..50, k in 2_u32..5) {
        let shapes = scattered(count, seed);
        let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
        let mut burdens = in_bands(&shapes, burdens(count, seed), k, 300.0);
        let mut random = Random::new(seed);
        let locked = random.below(count);
        burdens[locked].locked = true;
        let effort = Effort { seed, budget: Budget::Moves(3_000), progress: &|_| true };
        let bands = burdens.iter().filter_map(|b| b.current).collect::<std::collections::BTreeSet<_>>().len();
        let found = propose(&ground, &wanted(&burdens, bands, 0.3), &effort).unwrap();
        for proposal in &found.proposals {
            prop_assert!(hangs_together(&ground, &proposal.zone, bands));
            let zone = proposal.zone[locked];
            prop_assert_eq!(proposal.continues[zone as usize], burdens[locked].current);
        }
    }

    #[test]
    fn leaving_is_refused_exactly_where_the_zone_would_come_apart(seed in any::<u64>()) {
        let shapes = scattered(30, seed);
        let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
        let burdens = burdens(30, seed);
        let wanted = wanted(&burdens, 3, 0.3);
        let task = Task::new(&ground, &wanted).unwrap();
        let zone = start(&task, &mut Random::new(seed)).unwrap();
        let mut state = State::new(&task, GOAL, zone.clone());
        for site in 0..30_u32 {
            let rest = |a: u32, b: u32| a != site && b != site && zone[a as usize] == zone[b as usize];
            let (part, _) = task.graph.parts(rest);
            let others: std::collections::BTreeSet<u32> = (0..30_u32)
                .filter(|&s| s != site && zone[s as usize] == zone[site as usize])
                .map(|s| part[s as usize])
                .collect();
            prop_assert_eq!(state.can_leave(site), others.len() == 1);
        }
    }

    #[test]
    fn the_cost_kept_up_is_the_cost_counted(seed in any::<u64>()) {
        let shapes = scattered(25, seed);
        let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
        let burdens = in_bands(&shapes, burdens(25, seed), 3, 300.0);
        let wanted = wanted(&burdens, 3, 0.1);
        let task = Task::new(&ground, &wanted).unwrap();
        let mut random = Random::new(seed);
        let zone = start(&task, &mut random).unwrap();
        let mut state = State::new(&task, GOAL, zone);
        let mut cost = state.cost();
        for _ in 0..40 {
            let (site, to) = (random.below(25) as u32, random.below(3) as u32);
            if state.zone[site as usize] != to {
                cost += state.change(site, to);
                state.put(site, to);
            }
        }
        prop_assert!((cost - state.cost()).abs() < 1e-6);
        let fresh = State::new(&task, GOAL, state.zone.clone());
        let sorted = |s: &State<'_, '_>| { let mut cuts = s.cuts().to_vec(); cuts.sort_unstable(); cuts };
        prop_assert_eq!(sorted(&fresh), sorted(&state));
    }
}

const GOAL: Goal = Goal { tolerance: 0.05, over: 3.0, even: 0.5, moved: 1.0, cut: 1.0 };

#[test]
fn the_same_on_any_number_of_threads() {
    let shapes = scattered(60, 9);
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    let burdens = in_bands(&shapes, burdens(60, 9), 3, 300.0);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| search(&ground, &wanted(&burdens, 3, 0.05), 7, 20_000).proposals)
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_locked_zone_keeps_its_units_and_takes_no_others() {
    let shapes = parcels(9, 3);
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    let mut burdens = in_bands(
        &shapes,
        vec![Burden { load: 1.0, people: 2.0, current: None, locked: false }; 27],
        3,
        180.0,
    );
    // The locked zone has its share; the two others are uneven.
    burdens[0].load = 4.0;
    for burden in &mut burdens {
        if burden.current == Some(ZoneId(1)) {
            burden.load = 10.0 / 9.0;
        }
    }
    let wanted = Wanted { burdens: &burdens, zones: 3, tolerance: 0.25, locked_zones: &[ZoneId(1)] };
    let found = search(&ground, &wanted, 3, 20_000);
    for proposal in &found.proposals {
        for (burden, &zone) in burdens.iter().zip(&proposal.zone) {
            assert_eq!(
                burden.current == Some(ZoneId(1)),
                proposal.continues[zone as usize] == Some(ZoneId(1))
            );
        }
    }
}

#[test]
fn more_zones_than_today_are_new_and_fewer_keep_those_with_the_most_load() {
    let shapes = parcels(10, 4);
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    let burdens = in_bands(&shapes, burdens(40, 4), 4, 200.0);
    let more = search(&ground, &wanted(&burdens, 6, 0.2), 1, 20_000);
    let fewer = search(&ground, &wanted(&burdens, 2, 0.2), 1, 20_000);
    for (found, zones, kept) in [(more, 6, 4), (fewer, 2, 2)] {
        for proposal in &found.proposals {
            assert!(hangs_together(&ground, &proposal.zone, zones));
            assert_eq!(proposal.continues.iter().flatten().count(), kept);
            assert!(proposal.deviation <= 0.2, "{}", proposal.deviation);
        }
    }
}

#[test]
fn what_a_barrier_leaves_too_small_for_a_zone_is_joined_across() {
    let shapes: Vec<Shape> =
        (0..20).map(|i| Shape::Point(at(f64::from(i % 10) * 20.0, f64::from(i / 10) * 30.0))).collect();
    let burdens = burdens(20, 2);
    // The ditch cuts off one point in the corner.
    let ditch = LineString(vec![at(-60.0, 15.0), at(10.0, 15.0), at(10.0, -60.0)]);
    let ground = Ground::lay(&shapes, &Setting { barriers: &[ditch], ..Setting::default() }).unwrap();
    let found = search(&ground, &wanted(&burdens, 2, 0.2), 1, 20_000);
    assert_eq!(found.bridges.len(), 1);
    assert!(found.proposals.iter().all(|p| p.deviation <= 0.2));
}

#[test]
fn a_search_that_is_told_to_stop_stops_and_still_has_a_sound_plan() {
    let shapes = scattered(60, 5);
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    let burdens = burdens(60, 5);
    let effort = Effort { seed: 1, budget: Budget::Moves(u64::MAX / 1000), progress: &|_| false };
    let found = propose(&ground, &wanted(&burdens, 4, 0.2), &effort).unwrap();
    assert!(found.stopped && found.moves < 100_000);
    assert!(hangs_together(&ground, &found.proposals[0].zone, 4));
}

#[test]
fn today_in_pieces_is_made_whole() {
    let shapes = parcels(6, 3);
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    let mut burdens = in_bands(&shapes, burdens(18, 6), 2, 120.0);
    // An enclave in the other zone's far corner.
    burdens[0].current = Some(ZoneId(1));
    let wanted = wanted(&burdens, 2, 0.5);
    let task = Task::new(&ground, &wanted).unwrap();
    let zone = start(&task, &mut Random::new(1)).unwrap();
    assert!(zone.iter().all(|z| *z != NONE));
    assert!(hangs_together(&ground, &zone, 2));
}
