//! The plan that the search starts from: today's, made sound, or a fresh one.
//!
//! Never here: improvement.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use super::ground::NONE;
use super::task::{Impossible, Task};
use super::tree::Trees;
use super::units::ZoneId;
use crate::kernel::random::Random;

/// How many trees are tried for each division of a fresh plan.
const TREES: usize = 24;

/// A sound plan: every zone in one piece, locks kept.
pub(super) fn start(task: &Task<'_>, random: &mut Random) -> Result<Vec<u32>, Impossible> {
    let mut start = Start { task, zone: vec![NONE; task.load.len()], trees: Trees::new(task.load.len()) };
    start.keep_today()?;
    start.grow();
    start.seed_parts(random)?;
    start.fill_up(random)?;
    Ok(start.zone)
}

struct Start<'t, 'g> {
    task: &'t Task<'g>,
    zone: Vec<u32>,
    trees: Trees,
}

impl Start<'_, '_> {
    /// Puts sites into the zones they are in today, and leaves out what does not hang together with the rest.
    fn keep_today(&mut self) -> Result<(), Impossible> {
        let task = self.task;
        let number: BTreeMap<u32, u32> = (0..)
            .zip(&task.identity)
            .filter(|(_, today)| **today != NONE)
            .map(|(z, today)| (*today, z))
            .collect();
        for (site, home) in task.homes.iter().enumerate() {
            let most = home
                .by_zone
                .iter()
                .max_by(|a, b| a.1.total_cmp(&b.1).then(a.2.cmp(&b.2)).then(b.0.cmp(&a.0)));
            self.zone[site] = match task.pinned[site] {
                NONE => most.and_then(|(today, ..)| number.get(today)).copied().unwrap_or(NONE),
                pinned => pinned,
            };
        }
        let (part, parts) = task.graph.parts(|a, b| self.zone[a as usize] == self.zone[b as usize]);
        // How much of a zone a part holds: locks first, then people, then load.
        let mut weight = vec![(0_u32, 0.0, 0.0); parts];
        let mut zone_of = vec![NONE; parts];
        for (site, &p) in part.iter().enumerate() {
            let w = &mut weight[p as usize];
            w.0 += u32::from(task.pinned[site] != NONE);
            w.1 += task.homes[site].people;
            w.2 += task.load[site];
            zone_of[p as usize] = self.zone[site];
        }
        for zone in 0..task.zones as u32 {
            let mine: Vec<usize> = (0..parts).filter(|&p| zone_of[p] == zone).collect();
            let heavier = |a: &usize, b: &usize| {
                let (a, b) = (weight[*a], weight[*b]);
                a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2))
            };
            let Some(main) = mine.iter().copied().max_by(heavier) else { continue };
            for p in mine.into_iter().filter(|&p| p != main) {
                for site in (0..part.len()).filter(|&s| part[s] as usize == p) {
                    self.zone[site] = if task.pinned[site] == NONE { NONE } else { zone };
                }
            }
            self.join_pinned(zone)?;
        }
        Ok(())
    }

    /// Joins up what is locked in a zone by the shortest ways through land that is not locked.
    fn join_pinned(&mut self, zone: u32) -> Result<(), Impossible> {
        let task = self.task;
        loop {
            let pinned = |s: u32| task.pinned[s as usize] == zone;
            let mine = |start: &Self, s: u32| start.zone[s as usize] == zone;
            let (part, _) = task.graph.parts(|a, b| mine(self, a) && mine(self, b));
            let Some(first) = (0..part.len() as u32).find(|&s| pinned(s)) else { return Ok(()) };
            let home = part[first as usize];
            if (0..part.len() as u32).all(|s| !pinned(s) || part[s as usize] == home) {
                return Ok(());
            }
            let apart = Impossible::LockedApart(ZoneId(task.identity[zone as usize]));
            if task.frozen[zone as usize] {
                return Err(apart);
            }
            // A walk from the first part to the nearest other.
            let mut from = vec![NONE; part.len()];
            let mut queue: VecDeque<u32> =
                (0..part.len() as u32).filter(|&s| part[s as usize] == home).collect();
            let mut met = None;
            while let Some(site) = queue.pop_front() {
                if pinned(site) && part[site as usize] != home {
                    met = Some(site);
                    break;
                }
                for link in task.graph.links(site).iter().filter(|l| l.open) {
                    let next = link.site as usize;
                    let passable = task.pinned[next] == NONE || task.pinned[next] == zone;
                    if passable && from[next] == NONE && part[next] != home {
                        from[next] = site;
                        queue.push_back(link.site);
                    }
                }
            }
            let mut at = met.ok_or(apart)?;
            while part[at as usize] != home {
                self.zone[at as usize] = zone;
                at = from[at as usize];
            }
        }
    }

    /// Lets zones grow over what is in none, the one with the least load first.
    fn grow(&mut self) {
        let task = self.task;
        let mut load = vec![0.0; task.zones];
        let mut edge: Vec<VecDeque<u32>> = vec![VecDeque::new(); task.zones];
        for site in 0..self.zone.len() as u32 {
            let zone = self.zone[site as usize];
            if zone != NONE {
                load[zone as usize] += task.load[site as usize];
                edge[zone as usize].push_back(site);
            }
        }
        let mut heap: BinaryHeap<Reverse<(u64, u32)>> = (0..task.zones)
            .filter(|&z| !task.frozen[z])
            .map(|z| Reverse((load[z].to_bits(), z as u32)))
            .collect();
        while let Some(Reverse((_, zone))) = heap.pop() {
            let Some(&site) = edge[zone as usize].front() else { continue };
            let free = |l: &&super::graph::Link| l.open && self.zone[l.site as usize] == NONE;
            match task.graph.links(site).iter().find(free) {
                Some(link) => {
                    self.zone[link.site as usize] = zone;
                    load[zone as usize] += task.load[link.site as usize];
                    edge[zone as usize].push_back(link.site);
                }
                None => {
                    edge[zone as usize].pop_front();
                }
            }
            heap.push(Reverse((load[zone as usize].to_bits(), zone)));
        }
    }

    fn empty_zones(&self) -> Vec<u32> {
        let mut used = vec![false; self.task.zones];
        for &zone in self.zone.iter().filter(|z| **z != NONE) {
            used[zone as usize] = true;
        }
        (0..self.task.zones as u32).filter(|&z| !used[z as usize]).collect()
    }

    /// Gives each part of the land that no zone reaches zones of its own, by its share of the load.
    fn seed_parts(&mut self, random: &mut Random) -> Result<(), Impossible> {
        let task = self.task;
        let (part, parts) = task.parts();
        let mut bare: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for site in (0..part.len()).filter(|&s| self.zone[s] == NONE) {
            bare.entry(part[site]).or_default().push(site as u32);
        }
        let mut empty = self.empty_zones();
        if bare.len() > empty.len() {
            return Err(Impossible::Parts { parts, zones: task.zones });
        }
        let sets: Vec<Vec<u32>> = bare.into_values().collect();
        let counts = self.shares(&sets, empty.len());
        for (set, count) in sets.iter().zip(counts) {
            let zones: Vec<u32> = empty.drain(..count).collect();
            self.divide(set, &zones, random);
        }
        Ok(())
    }

    /// How many of `zones` zones each set gets: one each, then always the one with the most load a zone.
    fn shares(&self, sets: &[Vec<u32>], zones: usize) -> Vec<usize> {
        let load: Vec<f64> =
            sets.iter().map(|set| set.iter().map(|&s| self.task.load[s as usize]).sum()).collect();
        let mut counts = vec![1; sets.len()];
        for _ in sets.len()..zones {
            let most = (0..sets.len())
                .filter(|&i| counts[i] < sets[i].len())
                .max_by(|&a, &b| (load[a] / counts[a] as f64).total_cmp(&(load[b] / counts[b] as f64)));
            if let Some(most) = most {
                // Beside zones of today, one more is worth making only where a whole one fits.
                let whole = self.zone.iter().all(|z| *z == NONE)
                    || load[most] >= (counts[most] as f64 + 0.5) * self.task.mean;
                counts[most] += usize::from(whole);
            }
        }
        counts
    }

    /// Divides a connected set into zones of equal load, by halves.
    fn divide(&mut self, set: &[u32], zones: &[u32], random: &mut Random) {
        if let [zone] = zones {
            for &site in set {
                self.zone[site as usize] = *zone;
            }
            return;
        }
        let half = zones.len() / 2;
        let total: f64 = set.iter().map(|&s| self.task.load[s as usize]).sum();
        let target = total * half as f64 / zones.len() as f64;
        let (first, second) = self.halves(set, target, half, zones.len() - half, random);
        self.divide(&first, &zones[..half], random);
        self.divide(&second, &zones[half..], random);
    }

    /// The best of some divisions: those off by less than a quarter of the tolerance by their border, others by how
    /// far they are off. Each half must have sites enough for its zones.
    fn halves(
        &mut self,
        set: &[u32],
        target: f64,
        least_first: usize,
        least_second: usize,
        random: &mut Random,
    ) -> (Vec<u32>, Vec<u32>) {
        let task = self.task;
        let slack = task.mean * task.tolerance * least_first as f64 / 4.0;
        let mut best: Option<((f64, f64), Vec<bool>)> = None;
        for _ in 0..TREES {
            let Some(halves) = self.trees.divide(&task.graph, &task.load, set, target, random) else { break };
            let count = halves.first.iter().filter(|f| **f).count();
            let short = least_first.saturating_sub(count) + least_second.saturating_sub(set.len() - count);
            let off = ((halves.load - target).abs() - slack).max(0.0) + short as f64 * task.mean;
            let key = (off, halves.border_m);
            if best.as_ref().is_none_or(|(least, _)| key < *least) {
                best = Some((key, halves.first));
            }
        }
        let first = best.map_or_else(|| vec![true; set.len()], |(_, first)| first);
        let pick =
            |wanted: bool| set.iter().zip(&first).filter(|(_, f)| **f == wanted).map(|(s, _)| *s).collect();
        (pick(true), pick(false))
    }

    /// Makes zones that are still empty from halves of those with the most load.
    fn fill_up(&mut self, random: &mut Random) -> Result<(), Impossible> {
        for empty in self.empty_zones() {
            let mut members: Vec<Vec<u32>> = vec![Vec::new(); self.task.zones];
            for site in 0..self.zone.len() as u32 {
                members[self.zone[site as usize] as usize].push(site);
            }
            let load = |z: usize| members[z].iter().map(|&s| self.task.load[s as usize]).sum::<f64>();
            let mut largest: Vec<(f64, usize)> = (0..self.task.zones)
                .filter(|&z| members[z].len() > 1 && !self.task.frozen[z])
                .map(|z| (load(z), z))
                .collect();
            largest.sort_by(|a, b| b.0.total_cmp(&a.0));
            let task = self.task;
            let is_free = |half: &[u32]| half.iter().all(|&s| task.pinned[s as usize] == NONE);
            let gone = largest.into_iter().find_map(|(load, z)| {
                let (first, second) = self.halves(&members[z], load / 2.0, 1, 1, random);
                [first, second].into_iter().find(|half| !half.is_empty() && is_free(half))
            });
            let sites = self.task.load.len();
            let gone = gone.ok_or(Impossible::TooManyZones { zones: self.task.zones, sites })?;
            for site in gone {
                self.zone[site as usize] = empty;
            }
        }
        Ok(())
    }
}
