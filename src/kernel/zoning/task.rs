//! The question asked of the search: sites with their loads, how many zones, what may not change.
//!
//! Never here: the search. What cannot be answered is found here and said, before any time is spent.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::graph::{Border, Graph};
use super::ground::{Ground, NONE};
use super::units::{Burden, ZoneId};

/// How many zones to make of what, within which limits.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// What each unit brings along, in the order in which the ground was laid.
    pub burdens: &'a [Burden],
    /// How many zones.
    pub zones: usize,
    /// How far a zone's load may be from the mean, as a share of the mean.
    pub tolerance: f64,
    /// Zones of today that stay exactly as they are.
    pub locked_zones: &'a [ZoneId],
}

/// Why there can be no answer.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Impossible {
    /// Not one zone is wanted.
    #[error("no zones are wanted")]
    NoZones,
    /// More zones than places.
    #[error("{zones} zones are wanted, but there are only {sites} places")]
    TooManyZones {
        /// How many are wanted.
        zones: usize,
        /// How many different places the units are at.
        sites: usize,
    },
    /// A load or a number of people is negative or not finite.
    #[error("the load or the people of unit {0} are negative or no number")]
    Burden(usize),
    /// No unit has any load.
    #[error("every load is zero")]
    NoLoad,
    /// The number of burdens is not that of the units.
    #[error("there are {burdens} burdens for {units} units")]
    Mismatch {
        /// How many burdens.
        burdens: usize,
        /// How many units.
        units: usize,
    },
    /// A unit is locked and has no zone to stay in.
    #[error("unit {0} is locked but has no zone today")]
    LockedNowhere(usize),
    /// A locked zone that is not there.
    #[error("zone {} is locked but has no units", .0.0)]
    LockedEmpty(ZoneId),
    /// Two units at one place are locked in different zones.
    #[error("units {0} and {1} are at one place and locked in different zones")]
    LockedTogether(usize, usize),
    /// More zones are locked than are wanted.
    #[error("{locked} zones hold locks, but only {zones} are wanted")]
    TooManyLocked {
        /// How many have locks.
        locked: usize,
        /// How many are wanted.
        zones: usize,
    },
    /// A locked zone's load is out of the tolerance and cannot change.
    #[error("zone {} is locked with a load of {load}, outside of {low} to {high}", .zone.0)]
    LockedLoad {
        /// The zone.
        zone: ZoneId,
        /// Its load.
        load: f64,
        /// The least load within the tolerance.
        low: f64,
        /// The greatest.
        high: f64,
    },
    /// Units locked in one zone are too much for it together.
    #[error("the units locked in zone {} have a load of {load}, above {high}", .zone.0)]
    LockedUnits {
        /// The zone.
        zone: ZoneId,
        /// Their load.
        load: f64,
        /// The greatest load within the tolerance.
        high: f64,
    },
    /// What is locked in one zone cannot be joined up.
    #[error("what is locked in zone {} does not hang together", .0.0)]
    LockedApart(ZoneId),
    /// Barriers and locked zones leave more separate parts than zones.
    #[error("barriers and locks leave {parts} separate parts, more than {zones} zones")]
    Parts {
        /// How many parts.
        parts: usize,
        /// How many zones are left for them.
        zones: usize,
    },
}

/// A site's people and units by the zone they are in today.
#[derive(Debug, Clone, Default)]
pub(super) struct Home {
    pub(super) people: f64,
    pub(super) units: u32,
    pub(super) by_zone: Vec<(u32, f64, u32)>,
}

/// The checked question, by sites.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) ground: &'a Ground,
    pub(super) graph: Graph,
    /// What each border costs to cut, 1 for a usual one.
    pub(super) weight: Vec<f64>,
    pub(super) zones: usize,
    pub(super) tolerance: f64,
    pub(super) load: Vec<f64>,
    pub(super) mean: f64,
    pub(super) homes: Vec<Home>,
    pub(super) people: f64,
    /// The zone of today that each zone continues; [`NONE`] for a new one.
    pub(super) identity: Vec<u32>,
    /// Sites that stay in the zone they are in today, by that zone's number in the new plan; [`NONE`] for the others.
    pub(super) pinned: Vec<u32>,
    /// Zones of the new plan that nothing enters or leaves.
    pub(super) frozen: Vec<bool>,
    /// The borders closed by a barrier that were opened because what lies behind is too little for a zone.
    pub(super) bridges: Vec<usize>,
}

impl<'a> Task<'a> {
    pub(super) fn new(ground: &'a Ground, wanted: &Wanted<'_>) -> Result<Self, Impossible> {
        let sites = ground.sites();
        let &Wanted { burdens, zones, tolerance, locked_zones } = wanted;
        if burdens.len() != ground.site.len() {
            return Err(Impossible::Mismatch { burdens: burdens.len(), units: ground.site.len() });
        }
        if zones == 0 {
            return Err(Impossible::NoZones);
        }
        if zones > sites {
            return Err(Impossible::TooManyZones { zones, sites });
        }
        let sound = |x: f64| x.is_finite() && x >= 0.0;
        if let Some(unit) = burdens.iter().position(|b| !sound(b.load) || !sound(b.people)) {
            return Err(Impossible::Burden(unit));
        }
        let mut load = vec![0.0; sites];
        for (burden, &site) in burdens.iter().zip(&ground.site) {
            load[site as usize] += burden.load;
        }
        let mean = load.iter().sum::<f64>() / zones as f64;
        if mean <= 0.0 {
            return Err(Impossible::NoLoad);
        }
        let homes = homes(ground, burdens);
        let locks = Locks::find(ground, burdens, locked_zones)?;
        let identity = identities(burdens, zones, &locks)?;
        let number = |zone: u32| identity.iter().position(|&z| z == zone).map_or(NONE, |z| z as u32);
        let pinned = locks.site_zone.iter().map(|&z| if z == NONE { NONE } else { number(z) }).collect();
        let frozen = identity.iter().map(|z| locks.zones.contains(z)).collect();
        let people = homes.iter().map(|h| h.people).sum();
        let graph = Graph::new(sites, ground.graph.edges.clone());
        let mut task = Self {
            ground,
            weight: weights(&graph),
            graph,
            zones,
            tolerance,
            load,
            mean,
            homes,
            people,
            identity,
            pinned,
            frozen,
            bridges: Vec::new(),
        };
        task.check_locked_loads()?;
        task.bridge()?;
        Ok(task)
    }

    /// The people of a site that would change hands if it were in a zone of the new plan.
    pub(super) fn moved(&self, site: u32, zone: u32) -> f64 {
        let home = &self.homes[site as usize];
        let identity = self.identity[zone as usize];
        // Those that have no zone today change nobody's hands.
        home.by_zone.iter().filter(|(z, ..)| *z != identity).map(|(_, people, _)| people).sum()
    }

    pub(super) fn moved_units(&self, site: u32, zone: u32) -> u32 {
        let home = &self.homes[site as usize];
        let identity = self.identity[zone as usize];
        home.by_zone.iter().filter(|(z, ..)| *z != identity).map(|(_, _, units)| units).sum()
    }

    pub(super) fn deviation(&self, load: f64) -> f64 {
        (load - self.mean).abs() / self.mean
    }

    fn check_locked_loads(&self) -> Result<(), Impossible> {
        let (low, high) = (self.mean * (1.0 - self.tolerance), self.mean * (1.0 + self.tolerance));
        let slack = self.mean * 1e-9;
        for zone in 0..self.zones {
            let load: f64 =
                (0..self.load.len()).filter(|&s| self.pinned[s] == zone as u32).map(|s| self.load[s]).sum();
            let named = ZoneId(self.identity[zone]);
            if self.frozen[zone] && !(low - slack..=high + slack).contains(&load) {
                return Err(Impossible::LockedLoad { zone: named, load, low, high });
            }
            if load > high + slack {
                return Err(Impossible::LockedUnits { zone: named, load, high });
            }
        }
        Ok(())
    }

    /// The part of the land that each site is in, where barriers and frozen zones are no way through.
    pub(super) fn parts(&self) -> (Vec<u32>, usize) {
        let frozen = |site: u32| match self.pinned[site as usize] {
            NONE => NONE,
            zone if self.frozen[zone as usize] => zone,
            _ => NONE,
        };
        self.graph.parts(|a, b| frozen(a) == frozen(b))
    }

    /// Opens barriers before parts of the land that are too little for a zone of their own.
    fn bridge(&mut self) -> Result<(), Impossible> {
        loop {
            let (part, parts) = self.parts();
            let mut load = vec![0.0; parts];
            for (site, &p) in part.iter().enumerate() {
                load[p as usize] += self.load[site];
            }
            // The least part first, if it is nearer to no zone than to one.
            let least = (0..parts).min_by(|&a, &b| load[a].total_cmp(&load[b])).unwrap_or(0);
            let closed = |e: &Border| {
                let [a, b] = e.sites.map(|s| part[s as usize] as usize);
                !e.open && (a == least) != (b == least)
            };
            let widest = (0..self.graph.edges.len())
                .filter(|&e| closed(&self.graph.edges[e]))
                .max_by(|&a, &b| self.graph.edges[a].length_m.total_cmp(&self.graph.edges[b].length_m));
            match widest {
                Some(edge) if parts > 1 && load[least] < self.mean / 2.0 => {
                    self.graph.open(edge);
                    self.bridges.push(edge);
                }
                _ if parts > self.zones => return Err(Impossible::Parts { parts, zones: self.zones }),
                _ => return Ok(()),
            }
        }
    }
}

/// How much less a border costs to cut where a road runs along all of it.
const ROAD_DISCOUNT: f64 = 0.4;

/// The part of a border's cost that is the same however long it is: what a plan cuts is first of all neighbours from each
/// other, as the literature counts it (cut edges), and only then metres to walk along.
const BY_COUNT: f64 = 0.5;

/// Mostly by count and partly by length: short borders are cheaper, but none is free.
fn weights(graph: &Graph) -> Vec<f64> {
    let edges = &graph.edges;
    let usual_m = edges.iter().map(|e| e.straight_m).sum::<f64>() / edges.len().max(1) as f64;
    let weight = |e: &Border| {
        let road = if e.length_m > 0.0 { e.road_m / e.length_m } else { 0.0 };
        (BY_COUNT + (1.0 - BY_COUNT) * (e.straight_m / usual_m).min(4.0)) * (1.0 - ROAD_DISCOUNT * road)
    };
    edges.iter().map(weight).collect()
}

fn homes(ground: &Ground, burdens: &[Burden]) -> Vec<Home> {
    let mut homes = vec![Home::default(); ground.sites()];
    for (burden, &site) in burdens.iter().zip(&ground.site) {
        let home = &mut homes[site as usize];
        home.people += burden.people;
        home.units += 1;
        if let Some(ZoneId(zone)) = burden.current {
            match home.by_zone.iter_mut().find(|(z, ..)| *z == zone) {
                Some((_, people, units)) => {
                    *people += burden.people;
                    *units += 1;
                }
                None => home.by_zone.push((zone, burden.people, 1)),
            }
        }
    }
    homes
}

/// What is locked where, by the zones of today.
struct Locks {
    site_zone: Vec<u32>,
    zones: BTreeSet<u32>,
}

impl Locks {
    fn find(ground: &Ground, burdens: &[Burden], locked_zones: &[ZoneId]) -> Result<Self, Impossible> {
        let zones: BTreeSet<u32> = locked_zones.iter().map(|z| z.0).collect();
        let mut locks = Self { site_zone: vec![NONE; ground.sites()], zones };
        let mut by: Vec<usize> = vec![0; ground.sites()];
        for (unit, (burden, &site)) in burdens.iter().zip(&ground.site).enumerate() {
            let in_locked_zone = burden.current.is_some_and(|z| locks.zones.contains(&z.0));
            if !burden.locked && !in_locked_zone {
                continue;
            }
            let Some(ZoneId(zone)) = burden.current else { return Err(Impossible::LockedNowhere(unit)) };
            let held = &mut locks.site_zone[site as usize];
            if *held != NONE && *held != zone {
                return Err(Impossible::LockedTogether(by[site as usize], unit));
            }
            (*held, by[site as usize]) = (zone, unit);
        }
        match locks.zones.iter().find(|z| !locks.site_zone.contains(z)) {
            Some(&empty) => Err(Impossible::LockedEmpty(ZoneId(empty))),
            None => Ok(locks),
        }
    }
}

/// Which zones of today the new ones continue: all of them and new ones after, or, if there are too many, those that
/// hold locks and then those with the most load.
fn identities(burdens: &[Burden], zones: usize, locks: &Locks) -> Result<Vec<u32>, Impossible> {
    let mut loads: BTreeMap<u32, f64> = BTreeMap::new();
    for burden in burdens {
        if let Some(ZoneId(zone)) = burden.current {
            *loads.entry(zone).or_default() += burden.load;
        }
    }
    let locked: BTreeSet<u32> = locks.site_zone.iter().copied().filter(|&z| z != NONE).collect();
    if locked.len() > zones {
        return Err(Impossible::TooManyLocked { locked: locked.len(), zones });
    }
    let mut kept: Vec<(u32, f64)> = loads.into_iter().collect();
    kept.sort_by(|a, b| {
        let is_locked = |z| locked.contains(&z);
        is_locked(b.0).cmp(&is_locked(a.0)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(&b.0))
    });
    kept.truncate(zones);
    let mut identity: Vec<u32> = kept.into_iter().map(|(zone, _)| zone).collect();
    identity.sort_unstable();
    identity.resize(zones, NONE);
    Ok(identity)
}
