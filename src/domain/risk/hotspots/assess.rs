//! Tests the units, and tells the hot ones.

use super::model::{Clustering, Hotspot, Hotspots, Scores, Trend};
use super::units::Units;
use crate::kernel::hotspots::{
    Neighbours, Rank, Shuffles, Weights, false_discovery_rate, global_moran, local_g,
};
use crate::message;
use crate::platform::locale::Message;

/// How often chance is tried for each unit: so many that a hundred thousand units can have discoveries.
const PERMUTATIONS: usize = 9_999;
/// How often chance is tried for all units together.
const GLOBAL_PERMUTATIONS: usize = 999;
/// The same question has the same answer.
const SEED: u64 = 2022;
/// With fewer units there is no distribution to stand out from.
const FEWEST_UNITS: usize = 8;
/// Half a period is hot where chance does as well less often than this.
const HALF_HOT: f64 = 0.05;

/// The hotspots among `units` with a false discovery rate of `rate` at most.
pub(super) fn assess(units: Units, rate: f64) -> Hotspots {
    let counts: Vec<u32> = units.halves.iter().map(|[first, second]| first + second).collect();
    let (tested, reports) = (counts.len(), counts.iter().map(|&count| count as usize).sum());
    let nothing = |summary: Message| Hotspots {
        kind: "FeatureCollection",
        features: Vec::new(),
        units: tested,
        reports,
        clustering: None,
        summary,
    };
    if tested < FEWEST_UNITS || counts.iter().all(|&count| count == counts[0]) {
        return nothing(message!(
            "{tested} 个单元、{reports} 件事件，不足以判断热点",
            "{tested} units and {reports} reports are too little to tell hotspots"
        ));
    }
    let Ok(neighbours) = Neighbours::new(&units.neighbours) else {
        return nothing(message!("邻接关系无法使用", "the neighbours cannot be used"));
    };
    let values = |pick: fn(&[u32; 2]) -> u32| -> Vec<f64> {
        units.halves.iter().map(|halves| f64::from(pick(halves))).collect()
    };
    let whole = values(|[first, second]| first + second);
    let shuffles = Shuffles::new(&neighbours, PERMUTATIONS, SEED);
    let p = |values: &[f64]| -> Vec<f64> {
        let ranks = shuffles.ranks(values, &neighbours);
        ranks.into_iter().map(|rank| rank.map_or(f64::NAN, Rank::p_high)).collect()
    };
    let (p_whole, p_first, p_second) =
        (p(&whole), p(&values(|[first, _]| *first)), p(&values(|[_, second]| *second)));
    let rates = false_discovery_rate(&p_whole);
    let scores = local_g(&whole, &neighbours, Weights::Binary, true);
    let mean = whole.iter().sum::<f64>() / tested as f64;

    let is_hot = |unit: &usize| rates[*unit] <= rate && scores[*unit].z > 0.0;
    let mut hot: Vec<usize> = (0..tested).filter(is_hot).collect();
    hot.sort_by(|&a, &b| p_whole[a].total_cmp(&p_whole[b]).then(scores[b].z.total_cmp(&scores[a].z)));
    let mut places = units.places;
    let features: Vec<Hotspot> = hot
        .iter()
        .map(|&unit| {
            let around = neighbours.of(unit);
            let place = std::mem::take(&mut places[unit]);
            let scores = Scores {
                name: place.name,
                count: counts[unit],
                count_around: counts[unit] + around.iter().map(|&other| counts[other as usize]).sum::<u32>(),
                expected_around: mean * (around.len() + 1) as f64,
                z: scores[unit].z,
                p: p_whole[unit],
                fdr: rates[unit],
                trend: trend(p_first[unit], p_second[unit]),
                sentence: Message::new("", ""),
            };
            Hotspot { kind: "Feature", id: place.id, geometry: place.geometry, properties: scores.told() }
        })
        .collect();
    let clustering = global_moran(&whole, &neighbours, Weights::RowStandardised, GLOBAL_PERMUTATIONS, SEED)
        .map(|moran| Clustering { moran_i: moran.value, z: moran.z, p: moran.p_sim });
    let (found, percent) = (features.len(), rate * 100.0);
    let summary = message!(
        "{tested} 个单元、{reports} 件事件中有 {found} 个热点（误报率不超过 {percent}%）",
        "{found} hotspots among {tested} units with {reports} reports, at a false discovery rate of {percent} % at most"
    );
    Hotspots { features, clustering, ..nothing(summary) }
}

fn trend(p_first: f64, p_second: f64) -> Trend {
    match (p_first <= HALF_HOT, p_second <= HALF_HOT) {
        (false, true) => Trend::New,
        (true, true) => Trend::Persistent,
        (true, false) => Trend::Fading,
        (false, false) => Trend::Diffuse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::risk::hotspots::units::Place;

    /// A square of 20 × 20 units, each with those beside it.
    fn square(halves: impl Fn(usize, usize) -> [u32; 2]) -> Units {
        let side = 20;
        let near = |centre: usize| centre.saturating_sub(1)..(centre + 2).min(side);
        let neighbours = |unit: usize| {
            let (column, row) = (unit % side, unit / side);
            near(row)
                .flat_map(|row| near(column).map(move |column| row * side + column))
                .filter(|&other| other != unit)
                .map(|other| other as u32)
                .collect()
        };
        Units {
            places: (0..400).map(|unit| Place { id: unit.to_string(), ..Place::default() }).collect(),
            neighbours: (0..400).map(neighbours).collect(),
            halves: (0..400).map(|unit| halves(unit % side, unit / side)).collect(),
        }
    }

    #[test]
    fn a_cluster_is_found_and_its_trend_told() {
        for (halves, expected) in [([0, 9], Trend::New), ([5, 6], Trend::Persistent), ([9, 0], Trend::Fading)]
        {
            let quiet = |column: usize, row: usize| {
                [
                    (column * 7 + row * 3).is_multiple_of(5).into(),
                    (column + row * 11).is_multiple_of(5).into(),
                ]
            };
            let units = square(|column, row| {
                if (8..11).contains(&column) && (4..7).contains(&row) { halves } else { quiet(column, row) }
            });
            let found = assess(units, 0.05);
            let hottest = &found.features[0];
            assert_eq!((hottest.id.as_str(), hottest.properties.trend), ("109", expected));
            assert!(found.features.len() >= 5 && found.features.len() <= 25, "{}", found.features.len());
            assert_eq!(hottest.properties.count_around, 9 * (halves[0] + halves[1]));
            assert!(found.clustering.unwrap().z > 5.0);
            assert!(hottest.properties.sentence.en.contains("false discovery rate"));
        }
    }

    #[test]
    fn chance_is_no_hotspot() {
        let mut state = 12_345_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u32::from(state >> 33 < (1 << 31) / 4)
        };
        let drawn: Vec<[u32; 2]> = (0..400).map(|_| [draw(), draw()]).collect();
        let found = assess(square(|column, row| drawn[row * 20 + column]), 0.05);
        assert!(found.features.is_empty(), "{}", found.features.len());
        assert_eq!(found.units, 400);
    }

    #[test]
    fn too_little_is_said_to_be() {
        let empty = assess(square(|_, _| [0, 0]), 0.05);
        assert!(empty.features.is_empty() && empty.clustering.is_none());
        assert!(empty.summary.en.contains("too little"));
        let none = Units { places: Vec::new(), neighbours: Vec::new(), halves: Vec::new() };
        assert!(assess(none, 0.05).features.is_empty());
    }
}
