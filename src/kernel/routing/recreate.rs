//! Filling a plan with stops that fit. Never here: taking stops out.

use super::model::Model;
use super::random::Random;
use super::route::Gap;
use super::tour::{NOWHERE, Tour};

/// How to choose which stop goes in next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taste {
    /// The power of the worth that is set against the way: squared, a valuable stop further off goes before a
    /// poor one nearby (Vansteenwegen et al. 2009, "Iterated local search for the team orienteering problem with
    /// time windows", section 3.1).
    pub(super) power: u32,
    /// How much a moment of waiting counts for one of travel.
    pub(super) waiting: f64,
    /// The share by which the measure is blurred at most.
    pub(super) noise: f64,
}

impl Taste {
    /// The measure without chance.
    pub(super) const PLAIN: Self = Self { power: 2, waiting: 1.0, noise: 0.0 };
}

/// So many stops compete for a place at once when all are tried.
const BATCH: usize = 512;
/// How often a route counts for next to nothing.
const BLINKS: f64 = 0.05;

/// A stop that could go in, at its best place.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    stop: u32,
    route: u16,
    gap: Gap,
    key: f64,
    roams: bool,
}

/// Fills plans, keeping its room for candidates.
#[derive(Debug, Default)]
pub(super) struct Filler {
    candidates: Vec<Candidate>,
}

impl Filler {
    /// Puts stops of `from` into the routes of `changed` until none of them fits there, the best by `taste` first.
    /// Those that come with `true` may go into any route, which is then one of those changed.
    ///
    /// After each, the others keep their place as long as they fit: O(1) for each stop and insertion, where most
    /// are not looked for anew.
    pub(super) fn fill(
        &mut self,
        model: &Model,
        tour: &mut Tour,
        changed: &mut Vec<u16>,
        from: impl Iterator<Item = (u32, bool)>,
        taste: Taste,
        random: &mut Random,
    ) {
        self.candidates.clear();
        for (stop, roams) in from {
            if tour.route_of[stop as usize] == NOWHERE {
                self.candidates.extend(best_place(model, tour, changed, stop, roams, taste, random));
            }
        }
        while let Some(chosen) = self.take_best() {
            if !changed.contains(&chosen.route) {
                changed.push(chosen.route);
            }
            tour.insert(model, chosen.stop, chosen.route, chosen.gap.after as usize);
            let mut index = 0;
            while let Some(&candidate) = self.candidates.get(index) {
                let kept = kept_place(model, tour, &chosen, candidate).or_else(|| {
                    best_place(model, tour, changed, candidate.stop, candidate.roams, taste, random)
                });
                match kept {
                    Some(candidate) => {
                        self.candidates[index] = candidate;
                        index += 1;
                    }
                    None => {
                        self.candidates.swap_remove(index);
                    }
                }
            }
        }
    }

    /// Puts into all routes what fits, by [`Taste::PLAIN`]. Where there are many stops, those that promise most for
    /// their time come first, a batch after the other: O(b·k) for each insertion with batches of b stops instead of all.
    /// Whether anything was put in.
    pub(super) fn fill_all(&mut self, model: &Model, tour: &mut Tour) -> bool {
        let mut routes: Vec<u16> = (0..tour.routes.len() as u16).collect();
        let mut stops: Vec<u32> =
            (0..model.stops as u32).filter(|&stop| tour.route_of[stop as usize] == NOWHERE).collect();
        let left_out = stops.len();
        if stops.len() > BATCH {
            let promise = |stop: u32| {
                let weight = model.best_weight(stop);
                weight * weight / (f64::from(model.service(stop)) + model.mean_leg)
            };
            stops.sort_by(|&a, &b| promise(b).total_cmp(&promise(a)));
        }
        for batch in stops.chunks(BATCH) {
            let batch = batch.iter().map(|&stop| (stop, false));
            // Nothing is drawn where the taste has no noise.
            self.fill(model, tour, &mut routes, batch, Taste::PLAIN, &mut Random::new(0));
        }
        tour.left_out() < left_out
    }

    fn take_best(&mut self) -> Option<Candidate> {
        let mut best: Option<(usize, f64)> = None;
        for (index, candidate) in self.candidates.iter().enumerate() {
            if best.is_none_or(|(_, key)| candidate.key > key) {
                best = Some((index, candidate.key));
            }
        }
        best.map(|(index, _)| self.candidates.swap_remove(index))
    }
}

/// The candidate where it was, if it still fits there beside what was just put in.
#[inline]
fn kept_place(model: &Model, tour: &Tour, chosen: &Candidate, mut candidate: Candidate) -> Option<Candidate> {
    if candidate.route != chosen.route {
        return Some(candidate);
    }
    if candidate.gap.after == chosen.gap.after {
        return None;
    }
    if candidate.gap.after > chosen.gap.after {
        candidate.gap.after += 1;
    }
    let after = candidate.gap.after as usize;
    let route = &tour.routes[candidate.route as usize];
    route.fits(model, candidate.stop, after, after + 1).then_some(candidate)
}

/// The best place by `taste` on one of the routes changed, or on any for a stop that roams: on each route where it
/// takes the least time.
#[inline]
fn best_place(
    model: &Model,
    tour: &Tour,
    changed: &[u16],
    stop: u32,
    roams: bool,
    taste: Taste,
    random: &mut Random,
) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    let routes = if roams { tour.routes.len() } else { changed.len() };
    for place in 0..routes {
        let index = changed.get(place).copied().filter(|_| !roams).unwrap_or(place as u16);
        let route = &tour.routes[index as usize];
        let weight = model.weight(stop, route.worker);
        if !model.allows(stop, route.worker) || weight <= 0.0 {
            continue;
        }
        let mut quickest: Option<(f64, Gap)> = None;
        route.gaps(model, stop, |gap| {
            let takes = f64::from(gap.longer) + taste.waiting * f64::from(gap.waits);
            if quickest.is_none_or(|(least, _)| takes < least) {
                quickest = Some((takes, gap));
            }
        });
        let Some((takes, gap)) = quickest else { continue };
        let worth = match taste.power {
            // The prize alone, the way deciding among equals.
            0 => weight * takes.max(1.0) * (1.0 - 1e-9 * takes),
            1 => weight,
            2 => weight * weight,
            _ => weight * weight * weight,
        };
        let drawn = if taste.noise > 0.0 { random.unit() } else { 0.0 };
        // A blink, as of Christiaens and Vanden Berghe (2020, section 5.2), but at whole routes.
        let blur = if routes > 1 && drawn > 1.0 - BLINKS { BLINKS / 10.0 } else { 1.0 - taste.noise * drawn };
        let key = worth / takes.max(1.0) * blur;
        if best.is_none_or(|best| key > best.key) {
            best = Some(Candidate { stop, route: index, gap, key, roams });
        }
    }
    best
}
