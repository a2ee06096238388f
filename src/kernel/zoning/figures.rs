//! What a plan comes to, zone by zone, counted anew from the plan alone.
//!
//! Never here: anything the search believes.

use geo::MultiPolygon;

use super::graph::Graph;
use super::ground::Ground;
use super::shape::{Compactness, compactness};
use super::units::{Burden, ZoneId};

/// The figures of one zone.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneFigures {
    /// The sum of its units' loads.
    pub load: f64,
    /// |load − mean| / mean, where the mean is that of all zones.
    pub deviation: f64,
    /// Its people.
    pub people: f64,
    /// Its units.
    pub units: u32,
    /// Units that come to it from another zone of today.
    pub units_moved: u32,
    /// Their people.
    pub people_moved: f64,
    /// Units that leave the zone of today that it continues.
    pub units_left: u32,
    /// Their people.
    pub people_left: f64,
    /// Pairs of neighbouring sites of which one is in it and the other is not.
    pub cut_edges: u32,
    /// Whether its sites hang together over common borders that no barrier closes, but for those in `bridges`.
    pub contiguous: bool,
    /// Its border with other zones before smoothing, in metres, and the part of it along roads.
    pub border_m: f64,
    /// See `border_m`.
    pub road_m: f64,
    /// Its shape.
    pub shape: Compactness,
}

/// Counts the figures of each of `polygons.len()` zones.
///
/// `zone` is the zone of each unit, `continues` the zone of today that each zone continues, and `bridges` the closed
/// borders that may be crossed.
#[must_use]
pub fn figures(
    ground: &Ground,
    burdens: &[Burden],
    zone: &[u32],
    continues: &[Option<ZoneId>],
    bridges: &[usize],
    polygons: &[MultiPolygon<f64>],
) -> Vec<ZoneFigures> {
    let blank = |shape| ZoneFigures {
        load: 0.0,
        deviation: 0.0,
        people: 0.0,
        units: 0,
        units_moved: 0,
        people_moved: 0.0,
        units_left: 0,
        people_left: 0.0,
        cut_edges: 0,
        contiguous: false,
        border_m: 0.0,
        road_m: 0.0,
        shape,
    };
    let mut zones: Vec<ZoneFigures> = polygons.iter().map(|p| blank(compactness(p))).collect();
    let mut zone_of_site = vec![0; ground.sites()];
    for ((burden, &z), &site) in burdens.iter().zip(zone).zip(&ground.site) {
        zone_of_site[site as usize] = z;
        let figures = &mut zones[z as usize];
        figures.load += burden.load;
        figures.people += burden.people;
        figures.units += 1;
        if burden.current.is_some() && burden.current != continues[z as usize] {
            figures.units_moved += 1;
            figures.people_moved += burden.people;
            if let Some(left) = continues.iter().position(|c| *c == burden.current) {
                zones[left].units_left += 1;
                zones[left].people_left += burden.people;
            }
        }
    }
    let mut graph = Graph::new(ground.sites(), ground.graph.edges.clone());
    for &edge in bridges {
        graph.open(edge);
    }
    for edge in &graph.edges {
        let [a, b] = edge.sites.map(|s| zone_of_site[s as usize]);
        for z in [a, b].into_iter().filter(|_| a != b) {
            zones[z as usize].cut_edges += 1;
            zones[z as usize].border_m += edge.length_m;
            zones[z as usize].road_m += edge.road_m;
        }
    }
    let (part, count) = graph.parts(|a, b| zone_of_site[a as usize] == zone_of_site[b as usize]);
    let mut parts_of = vec![0; zones.len()];
    let mut met = vec![false; count];
    for (&p, &z) in part.iter().zip(&zone_of_site) {
        if !std::mem::replace(&mut met[p as usize], true) {
            parts_of[z as usize] += 1;
        }
    }
    let mean = zones.iter().map(|z| z.load).sum::<f64>() / zones.len() as f64;
    for (figures, parts) in zones.iter_mut().zip(parts_of) {
        figures.contiguous = parts == 1;
        figures.deviation = (figures.load - mean).abs() / mean;
    }
    zones
}
