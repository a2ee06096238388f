//! Several good plans for one question, each good at something else.
//!
//! Never here: polygons; those are drawn in [`super::draw`].

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::anneal::{Budget, Schedule, anneal};
use super::graph::Border;
use super::ground::{Ground, NONE};
use super::start::start;
use super::state::{Goal, State};
use super::task::{Impossible, Task, Wanted};
use super::units::ZoneId;
use crate::kernel::random::Random;

/// What a proposal puts first. All keep within the tolerance where that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aim {
    /// The smallest deviation from the mean load.
    Even,
    /// The fewest people who change hands.
    FewMoved,
    /// The shortest borders.
    Compact,
}

/// How hard to look.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// Where the choices start from; the same seed gives the same plans.
    pub seed: u64,
    /// How much to search.
    pub budget: Budget<'a>,
    /// Told the share of the work done, now and then, from any thread; answers whether to go on.
    pub progress: &'a (dyn Fn(f64) -> bool + Sync),
}

/// A plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What it puts first.
    pub aim: Aim,
    /// The zone of each unit, from 0.
    pub zone: Vec<u32>,
    /// The zone of today that each zone continues; none for a new one.
    pub continues: Vec<Option<ZoneId>>,
    /// The largest deviation from the mean load, as a share of the mean.
    pub deviation: f64,
    /// How many people change hands.
    pub people_moved: f64,
    /// How many units do.
    pub units_moved: u32,
    /// How many metres of border lie between zones, before smoothing.
    pub border_m: f64,
    /// How many pairs of neighbouring sites it parts.
    pub cut_edges: usize,
}

/// What came of a search.
#[derive(Debug, Clone)]
pub struct Proposals {
    /// One for each aim, the plan in force's people first where there is one.
    pub proposals: Vec<Proposal>,
    /// The borders closed by a barrier that had to be crossed, because what lies behind is too little for a zone.
    pub bridges: Vec<usize>,
    /// How many moves were tried.
    pub moves: u64,
    /// Whether the caller stopped it before its end.
    pub stopped: bool,
}

/// How many searches each aim gets, with seeds of their own.
const SEARCHES: u64 = 2;
/// How many look for few moves among sites up to [`FEW_SITES`], and among more. The way on which zones pass load along is
/// soon settled in a search, and about every other search settles on one that is not the best: more of them find it.
const SEARCHES_FEW_MOVED: [u64; 2] = [8, 4];
const FEW_SITES: usize = 2_000;

/// Moves for each site in each search, unless a caller says otherwise, and their bounds.
const MOVES_PER_SITE: u64 = 1_000;
const LEAST_MOVES: u64 = 300_000;
const MOST_MOVES: u64 = 6_000_000;

impl Budget<'_> {
    /// A number of moves that suits the number of sites.
    #[must_use]
    pub fn for_sites(sites: usize) -> Self {
        Self::Moves((sites as u64 * MOVES_PER_SITE).clamp(LEAST_MOVES, MOST_MOVES))
    }
}

/// Looks for plans.
///
/// # Errors
/// [`Impossible`] if no plan can be sound.
pub fn propose(ground: &Ground, wanted: &Wanted<'_>, effort: &Effort<'_>) -> Result<Proposals, Impossible> {
    let task = Task::new(ground, wanted)?;
    let has_today = task.identity.iter().any(|z| *z != NONE);
    let aims: &[Aim] =
        if has_today { &[Aim::FewMoved, Aim::Even, Aim::Compact] } else { &[Aim::Compact, Aim::Even] };
    let starts: Vec<Vec<u32>> = (0..aims.iter().map(|aim| aim.searches(&task)).max().unwrap_or(0))
        .map(|i| start(&task, &mut Random::new(effort.seed.wrapping_add(i))))
        .collect::<Result<_, _>>()?;
    let runs: Vec<(Aim, u64)> = (0..)
        .zip(&starts)
        .flat_map(|(i, _)| aims.iter().map(move |aim| (*aim, i)))
        .filter(|(aim, i)| *i < aim.searches(&task))
        .collect();
    // Under a deadline the searches that run at once share it with those that run after them.
    let at_once = match effort.budget {
        Budget::Moves(_) => runs.len(),
        Budget::Share(_) => rayon::current_num_threads().clamp(1, runs.len()),
    };
    let clock = Clock {
        effort,
        runs: runs.len(),
        waves: runs.len().div_ceil(at_once),
        moves: AtomicU64::new(0),
        stopped: AtomicBool::new(false),
    };
    let mut found = Vec::with_capacity(runs.len());
    for (wave, runs) in runs.chunks(at_once).enumerate() {
        let search = |&(aim, i): &(Aim, u64)| {
            let seed = effort.seed.wrapping_add(i).wrapping_mul(31).wrapping_add(aim as u64);
            search(&task, (aim, i), starts[i as usize].clone(), &mut Random::new(seed), &clock, wave)
        };
        found.par_extend(runs.par_iter().map(search));
    }
    let proposals = aims.iter().filter_map(|&aim| {
        // A plan found for another aim may be the better one for this.
        let ranked = |plan: &&Plan| plan.rank(aim, task.tolerance);
        let best = found.iter().min_by(|a, b| compare(&ranked(a), &ranked(b)))?;
        Some(best.proposal(aim, &task))
    });
    Ok(Proposals {
        proposals: proposals.collect(),
        bridges: task.bridges.clone(),
        moves: clock.moves.into_inner(),
        stopped: clock.stopped.into_inner(),
    })
}

/// How much of the effort is spent, over all searches.
struct Clock<'a> {
    effort: &'a Effort<'a>,
    runs: usize,
    waves: usize,
    moves: AtomicU64,
    stopped: AtomicBool,
}

impl Clock<'_> {
    /// The share of its budget that a search has spent, while it may go on; told how many moves it has newly tried.
    fn share(&self, tried: u64, newly: u64, wave: usize) -> Option<f64> {
        let all = self.moves.fetch_add(newly, Ordering::Relaxed) + newly;
        let (share, whole) = match self.effort.budget {
            Budget::Moves(moves) => {
                (tried as f64 / moves.max(1) as f64, all as f64 / (moves.max(1) * self.runs as u64) as f64)
            }
            Budget::Share(gone) => {
                let gone = gone();
                (gone * self.waves as f64 - wave as f64, gone)
            }
        };
        if !(self.effort.progress)(whole.clamp(0.0, 1.0)) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        (share < 1.0 && !self.stopped.load(Ordering::Relaxed)).then_some(share.max(0.0))
    }
}

/// One search from one start.
fn search(
    task: &Task<'_>,
    (aim, number): (Aim, u64),
    start: Vec<u32>,
    random: &mut Random,
    clock: &Clock<'_>,
    wave: usize,
) -> Plan {
    let (goal, schedule) = aim.goal(task, number);
    let mut state = State::new(task, goal, start);
    let mut before = 0;
    let mut gone = |tried: u64| {
        let newly = tried - std::mem::replace(&mut before, tried);
        clock.share(tried, newly, wave)
    };
    let best = anneal(&mut state, schedule, random, &mut gone);
    Plan::of(task, State::new(task, goal, best))
}

impl Aim {
    fn searches(self, task: &Task<'_>) -> u64 {
        match self {
            Self::FewMoved => SEARCHES_FEW_MOVED[usize::from(task.load.len() > FEW_SITES)],
            Self::Even | Self::Compact => SEARCHES,
        }
    }

    /// What a search is to minimise, and how hot.
    fn goal(self, task: &Task<'_>, number: u64) -> (Goal, Schedule) {
        let has_today = task.identity.iter().any(|z| *z != NONE);
        let inertia = |moved| if has_today { moved } else { 0.0 };
        // A hair inside the tolerance, so that a sum taken in another order is still within it.
        let tolerance = (task.tolerance - 1e-9).max(0.0);
        let divide_every = (2 * task.load.len() as u64).max(2_000);
        match self {
            // At first a load beyond the tolerance costs what moving as much would, but for one search that is strict all
            // along, in case moving costs more: a load may have to be passed on through many zones.
            Self::FewMoved => (
                Goal { tolerance, over: 60.0, even: 0.0, moved: 8.0, cut: 0.05 },
                Schedule {
                    hot: 14.0,
                    cold: 0.3,
                    lenient_over: if number == 1 { 60.0 } else { 8.0 },
                    divide_every: 0,
                },
            ),
            Self::Even => (
                Goal { tolerance: 0.0, over: 4.0, even: 40.0, moved: inertia(0.5), cut: 0.4 },
                Schedule { hot: 1.5, cold: 0.03, lenient_over: 4.0, divide_every },
            ),
            Self::Compact => (
                Goal { tolerance, over: 8.0, even: 0.2, moved: inertia(0.1), cut: 1.0 },
                Schedule { hot: 1.5, cold: 0.04, lenient_over: 8.0, divide_every },
            ),
        }
    }
}

/// A plan with its figures.
#[derive(Debug, Clone)]
struct Plan {
    zone: Vec<u32>,
    deviation: f64,
    people_moved: f64,
    units_moved: u32,
    border_m: f64,
    cut_edges: usize,
    /// What its cuts cost, roads taken into account.
    cut_cost: f64,
}

impl Plan {
    fn of(task: &Task<'_>, state: State<'_, '_>) -> Self {
        let sites = || (0..).zip(&state.zone);
        let is_cut = |e: &&Border| state.zone[e.sites[0] as usize] != state.zone[e.sites[1] as usize];
        Self {
            deviation: state.worst(),
            people_moved: sites().map(|(site, &zone)| task.moved(site, zone)).sum::<f64>() + 0.0,
            units_moved: sites().map(|(site, &zone)| task.moved_units(site, zone)).sum(),
            border_m: task.graph.edges.iter().filter(is_cut).map(|e| e.length_m).sum(),
            cut_edges: task.graph.edges.iter().filter(is_cut).count(),
            cut_cost: task
                .graph
                .edges
                .iter()
                .zip(&task.weight)
                .filter(|(e, _)| is_cut(e))
                .map(|(_, w)| w)
                .sum(),
            zone: state.zone,
        }
    }

    /// Less is better, from the first figure on.
    fn rank(&self, aim: Aim, tolerance: f64) -> [f64; 4] {
        let over = (self.deviation - tolerance - 1e-9).max(0.0);
        match aim {
            // A hundredth of a percent more or less is the same to people.
            Aim::Even => [(self.deviation * 1e4).round(), self.people_moved, self.border_m, 0.0],
            Aim::FewMoved => [over, self.people_moved, f64::from(self.units_moved), self.border_m],
            Aim::Compact => [over, self.cut_cost, self.border_m, self.people_moved],
        }
    }

    fn proposal(&self, aim: Aim, task: &Task<'_>) -> Proposal {
        Proposal {
            aim,
            zone: task.ground.site.iter().map(|&site| self.zone[site as usize]).collect(),
            continues: task.identity.iter().map(|&z| (z != NONE).then_some(ZoneId(z))).collect(),
            deviation: self.deviation,
            people_moved: self.people_moved,
            units_moved: self.units_moved,
            border_m: self.border_m,
            cut_edges: self.cut_edges,
        }
    }
}

fn compare(a: &[f64], b: &[f64]) -> std::cmp::Ordering {
    a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
}
