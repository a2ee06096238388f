//! The search against exhaustive enumeration of every plan of small villages.

use super::*;

/// Every plan of `sites` parcels in `zones` zones that hangs together and keeps to the tolerance, by what `score` makes
/// of it: the least.
fn best(
    ground: &Ground,
    burdens: &[Burden],
    zones: u32,
    tolerance: f64,
    score: impl Fn(&[u32]) -> f64,
) -> Option<f64> {
    let units = burdens.len();
    let mean = burdens.iter().map(|b| b.load).sum::<f64>() / f64::from(zones);
    let mut least: Option<f64> = None;
    for number in 0..zones.pow(units as u32) {
        let zone: Vec<u32> = (0..units as u32).map(|i| number / zones.pow(i) % zones).collect();
        let mut load = vec![0.0; zones as usize];
        for (burden, &z) in burdens.iter().zip(&zone) {
            load[z as usize] += burden.load;
        }
        let even = load.iter().all(|l| (l - mean).abs() <= tolerance * mean + 1e-9);
        if even && least.is_none_or(|l| score(&zone) < l) && hangs_together(ground, &zone, zones as usize) {
            least = Some(score(&zone));
        }
    }
    least
}

#[test]
fn moves_as_few_people_as_any_plan_could() {
    let mut compared = 0;
    for seed in 0..12 {
        let shapes = parcels(4, 3);
        let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
        let burdens = in_bands(&shapes, burdens(12, seed), 2, 80.0);
        let moved = |zone: &[u32]| -> f64 {
            burdens
                .iter()
                .zip(zone)
                .filter(|(b, z)| b.current != Some(ZoneId(**z)))
                .map(|(b, _)| b.people)
                .sum()
        };
        let Some(least) = best(&ground, &burdens, 2, 0.05, moved) else { continue };
        let found = search(&ground, &wanted(&burdens, 2, 0.05), seed, 30_000);
        assert!(
            (found.proposals[0].people_moved - least).abs() < 1e-9,
            "seed {seed}: {least}, {:?}",
            found.proposals[0]
        );
        compared += 1;
    }
    assert!(compared > 8);
}

#[test]
fn cuts_as_few_borders_as_any_plan_could() {
    for (seed, zones) in [(1, 2_u32), (2, 2), (3, 3)] {
        let (columns, rows) = if zones == 2 { (4, 3) } else { (3, 3) };
        let shapes = parcels(columns, rows);
        let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
        let burdens = burdens(columns * rows, seed);
        let cuts = |zone: &[u32]| {
            let cut = |e: &&crate::kernel::zoning::graph::Border| {
                zone[e.sites[0] as usize] != zone[e.sites[1] as usize]
            };
            ground.graph.edges.iter().filter(cut).count() as f64
        };
        let least = best(&ground, &burdens, zones, 0.2, cuts).unwrap();
        let found = search(&ground, &wanted(&burdens, zones as usize, 0.2), seed, 30_000);
        assert!((found.proposals[0].cut_edges as f64 - least).abs() < 1e-9, "seed {seed}: {least}");
    }
}

#[test]
fn is_as_even_as_any_plan_could_be() {
    let shapes = parcels(4, 3);
    let ground = Ground::lay(&shapes, &Setting::default()).unwrap();
    let burdens = burdens(12, 11);
    let mean = burdens.iter().map(|b| b.load).sum::<f64>() / 2.0;
    let deviation = |zone: &[u32]| {
        let first: f64 = burdens.iter().zip(zone).filter(|(_, z)| **z == 0).map(|(b, _)| b.load).sum();
        (first - mean).abs() / mean
    };
    let least = best(&ground, &burdens, 2, 1.0, deviation).unwrap();
    let found = search(&ground, &wanted(&burdens, 2, 0.05), 4, 30_000);
    let even = found.proposals.iter().map(|p| p.deviation).fold(f64::MAX, f64::min);
    assert!((even - least).abs() < 1e-9, "{even} {least}");
}
