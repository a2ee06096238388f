//! The space-time permutation scan: circles in which more happened lately than before. Never here: maps.

mod places;

use rayon::prelude::*;

use self::places::{ring, squares};
use super::{Incident, Stopped, Wanted, shuffle, stream};
use crate::kernel::plane::PlanePoint;

/// What is scanned, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanPlan {
    /// The last day: windows of time end with it.
    pub last_day: i32,
    /// Days to a step of time: windows are one step long, or two, and so on.
    pub step_days: u32,
    /// Steps of the longest window.
    pub most_steps: usize,
    /// The radius of the largest circle.
    pub most_radius_m: f64,
    /// How often chance is tried.
    pub permutations: usize,
    /// The same seed gives the same answer.
    pub seed: u64,
}

/// A circle in which more happened in the last days than chance has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The middle of the circle.
    pub centre: PlanePoint,
    /// Its radius: all of its incidents lie within.
    pub radius_m: f64,
    /// How many days the window has; it ends with the last day.
    pub days: u32,
    /// The incidents in the circle and the window, by their number.
    pub incidents: Vec<u32>,
    /// How many to expect there if days had been dealt out to places by chance.
    pub expected: f64,
    /// The logarithm of the likelihood ratio that circles are compared by.
    pub log_ratio: f64,
    /// How often chance makes a cluster as strong anywhere: (permutations that do + 1)/(permutations + 1).
    pub p: f64,
}

/// Fewer incidents than this are no cluster.
const FEWEST: u32 = 2;

/// The clusters alive on the last day, the strongest first, none of which shares a place with a stronger one
/// (Kulldorff, Heffernan, Hartman, Assunção and Mostashari 2005, "A space-time permutation scan statistic for disease
/// outbreak detection").
///
/// A circle of places and a window of days expects the product of their shares of all incidents; its strength is the
/// likelihood ratio of the Poisson model that they state in equation 4. Chance keeps the places and the days and deals
/// the days out anew. Circles are centred on places and hold at most half of all incidents. Places within a square of
/// an eighth of the greatest radius are one, and the squares grow until 300 remain at most.
///
/// Incidents after the last day are left out. Takes O(permutations · places · places in a circle · steps).
///
/// # Errors
/// When the answer is no longer wanted, which is asked before each permutation.
pub fn scan(incidents: &[Incident], plan: &ScanPlan, wanted: Wanted<'_>) -> Result<Vec<Cluster>, Stopped> {
    let Some(scanner) = Scanner::new(incidents, plan) else { return Ok(Vec::new()) };
    let found = scanner.best_of_each_centre(&scanner.recent(&scanner.steps));
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let strongest_by_chance: Vec<f64> = (0..plan.permutations)
        .into_par_iter()
        .map(|permutation| {
            if !wanted() {
                return Err(Stopped);
            }
            let mut dealt = scanner.steps.clone();
            shuffle(&mut dealt, &mut stream(plan.seed, permutation));
            Ok(scanner.strongest(&scanner.recent(&dealt)))
        })
        .collect::<Result<_, _>>()?;
    let p = |log_ratio: f64| {
        let as_strong = strongest_by_chance.iter().filter(|&&by_chance| by_chance >= log_ratio).count();
        (as_strong + 1) as f64 / (plan.permutations + 1) as f64
    };
    Ok(scanner.apart(found).into_iter().map(|best| scanner.cluster(&best, p(best.log_ratio))).collect())
}

/// A circle and a window.
#[derive(Debug, Clone, Copy)]
struct Best {
    centre: usize,
    /// How many of the places around the centre, the nearest first.
    places: usize,
    steps: usize,
    expected: f64,
    log_ratio: f64,
}

/// Incidents per place and window, place by place.
struct Recent {
    /// In the window of one step, of two, and so on.
    in_window: Vec<u32>,
    /// How many windows of each place have none.
    shortest: Vec<u16>,
}

struct Scanner<'a> {
    incidents: &'a [Incident],
    plan: &'a ScanPlan,
    /// The numbers of the incidents that count, and the place and the step of each.
    numbers: Vec<u32>,
    places: Vec<u16>,
    steps: Vec<u16>,
    centres: Vec<PlanePoint>,
    /// Around each place: the places, the nearest first, each with all incidents up to it.
    around: Vec<Vec<(u16, u32)>>,
    /// All incidents in the windows of one step, two, and so on.
    in_window: Vec<u32>,
}

impl<'a> Scanner<'a> {
    /// `None` with fewer than two incidents, or with nothing to scan.
    fn new(incidents: &'a [Incident], plan: &'a ScanPlan) -> Option<Self> {
        let counts = |incident: &Incident| incident.day <= plan.last_day && incident.at.is_finite();
        let numbers: Vec<u32> = (0..incidents.len())
            .filter(|&number| counts(&incidents[number]))
            .map(|number| number as u32)
            .collect();
        let has_circles = plan.most_radius_m > 0.0 && plan.most_radius_m.is_finite();
        if numbers.len() < FEWEST as usize || plan.most_steps == 0 || !has_circles {
            return None;
        }
        let all = || numbers.iter().map(|&number| &incidents[number as usize]);
        let steps: Vec<u16> = all()
            .map(|incident| {
                let age = plan.last_day.abs_diff(incident.day) / plan.step_days.max(1);
                // What is older than the longest window is all alike.
                age.min(plan.most_steps as u32) as u16
            })
            .collect();
        let at: Vec<PlanePoint> = all().map(|incident| incident.at).collect();
        let (places, centres) = squares(&at, plan.most_radius_m / 8.0);
        let mut in_place = vec![0_u32; centres.len()];
        for &place in &places {
            in_place[usize::from(place)] += 1;
        }
        let around = centres.iter().map(|&centre| ring(centre, &centres, &in_place, plan, numbers.len()));
        let around = around.collect();
        let mut in_window = vec![0_u32; plan.most_steps];
        for &step in &steps {
            for window in in_window.iter_mut().skip(usize::from(step)) {
                *window += 1;
            }
        }
        Some(Self { incidents, plan, numbers, places, steps, centres, around, in_window })
    }

    /// How many incidents each place has in each window, when their steps are these.
    fn recent(&self, steps: &[u16]) -> Recent {
        let width = self.plan.most_steps;
        let mut recent = Recent {
            in_window: vec![0; self.centres.len() * width],
            shortest: vec![width as u16; self.centres.len()],
        };
        for (&place, &step) in self.places.iter().zip(steps) {
            if usize::from(step) < width {
                recent.in_window[usize::from(place) * width + usize::from(step)] += 1;
            }
        }
        for (row, shortest) in recent.in_window.chunks_mut(width).zip(&mut recent.shortest) {
            let mut sum = 0;
            for count in row.iter_mut() {
                sum += *count;
                *count = sum;
            }
            *shortest = row.iter().take_while(|&&count| count == 0).count() as u16;
        }
        recent
    }

    /// Walks the circles around a centre from the smallest on, and tells of each window that has more than expected:
    /// places, steps, observed, expected. A place that adds nothing to a window only adds to what is expected there: the
    /// circle without it is stronger, and it is passed over.
    fn walk(&self, centre: usize, recent: &Recent, mut tell: impl FnMut(usize, usize, f64, f64)) {
        let width = self.plan.most_steps;
        let total = self.numbers.len() as f64;
        let mut here = vec![0_u32; width];
        for (index, &(place, in_circle)) in self.around[centre].iter().enumerate() {
            let shortest = usize::from(recent.shortest[usize::from(place)]);
            let share = f64::from(in_circle) / total;
            let row = &recent.in_window[usize::from(place) * width..][..width];
            for step in shortest..width {
                here[step] += row[step];
                let observed = f64::from(here[step]);
                let expected = share * f64::from(self.in_window[step]);
                if here[step] >= FEWEST && observed > expected {
                    tell(index + 1, step + 1, observed, expected);
                }
            }
        }
    }

    fn log_ratio(&self, observed: f64, expected: f64) -> f64 {
        let total = self.numbers.len() as f64;
        let outside = total - observed;
        let rest = if outside > 0.0 { outside * (outside / (total - expected)).ln() } else { 0.0 };
        observed * (observed / expected).ln() + rest
    }

    /// The greatest logarithm of the likelihood ratio anywhere.
    fn strongest(&self, recent: &Recent) -> f64 {
        let total = self.numbers.len() as f64;
        let mut most = 0.0_f64;
        for centre in 0..self.centres.len() {
            self.walk(centre, recent, |_, _, observed, expected| {
                // By ln x ≤ x − 1 it is at most (o − e)²/e · n/(n − e), which spares most of the logarithms.
                let more = observed - expected;
                if more * more * total > most * expected * (total - expected) {
                    most = most.max(self.log_ratio(observed, expected));
                }
            });
        }
        most
    }

    fn best_of_each_centre(&self, recent: &Recent) -> Vec<Best> {
        let best_of = |centre: usize| {
            let mut best: Option<Best> = None;
            self.walk(centre, recent, |places, steps, observed, expected| {
                let log_ratio = self.log_ratio(observed, expected);
                if best.is_none_or(|best| log_ratio > best.log_ratio) {
                    best = Some(Best { centre, places, steps, expected, log_ratio });
                }
            });
            best
        };
        (0..self.centres.len()).filter_map(best_of).collect()
    }

    /// The strongest first, each with places of its own.
    fn apart(&self, mut found: Vec<Best>) -> Vec<Best> {
        found.sort_by(|a, b| {
            b.log_ratio.total_cmp(&a.log_ratio).then(a.places.cmp(&b.places)).then(a.centre.cmp(&b.centre))
        });
        let mut taken = vec![false; self.centres.len()];
        found.retain(|best| {
            let places =
                || self.around[best.centre][..best.places].iter().map(|&(place, _)| usize::from(place));
            let free = places().all(|place| !taken[place]);
            if free {
                places().for_each(|place| taken[place] = true);
            }
            free
        });
        found
    }

    fn cluster(&self, best: &Best, p: f64) -> Cluster {
        let mut inside = vec![false; self.centres.len()];
        for &(place, _) in &self.around[best.centre][..best.places] {
            inside[usize::from(place)] = true;
        }
        let in_circle = (0..self.numbers.len()).filter(|&index| inside[usize::from(self.places[index])]);
        let centre = self.centres[best.centre];
        let mut radius_m = 0.0_f64;
        let mut incidents = Vec::new();
        for index in in_circle {
            let number = self.numbers[index];
            radius_m = radius_m.max(centre.distance_m(self.incidents[number as usize].at));
            if usize::from(self.steps[index]) < best.steps {
                incidents.push(number);
            }
        }
        let days = best.steps as u32 * self.plan.step_days.max(1);
        Cluster { centre, radius_m, days, incidents, expected: best.expected, log_ratio: best.log_ratio, p }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::Random;

    const PLAN: ScanPlan = ScanPlan {
        last_day: 364,
        step_days: 7,
        most_steps: 8,
        most_radius_m: 500.0,
        permutations: 199,
        seed: 11,
    };

    /// With all the time in the world.
    fn scan(incidents: &[Incident], plan: &ScanPlan) -> Vec<Cluster> {
        super::scan(incidents, plan, &|| true).unwrap()
    }

    fn scattered(count: usize, seed: u64) -> Vec<Incident> {
        let mut random = Random::new(seed);
        let one = |_| Incident {
            at: PlanePoint::new(437_000.0 + random.unit() * 3e3, 3_882_000.0 + random.unit() * 3e3),
            day: (random.unit() * 365.0) as i32,
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn what_emerged_lately_is_found_where_it_is() {
        let mut incidents = scattered(600, 2);
        let first_new = incidents.len() as u32;
        let mut random = Random::new(5);
        for _ in 0..14 {
            let at = PlanePoint::new(438_400.0 + random.unit() * 150.0, 3_883_100.0 + random.unit() * 150.0);
            incidents.push(Incident { at, day: 352 + (random.unit() * 13.0) as i32 });
        }
        let clusters = scan(&incidents, &PLAN);
        let strongest = &clusters[0];
        assert!(strongest.p <= 0.005, "{strongest:?}");
        assert_eq!(strongest.days, 14);
        let new = strongest.incidents.iter().filter(|&&number| number >= first_new).count();
        assert!(new >= 12 && strongest.incidents.len() <= new + 6, "{strongest:?}");
        assert!(strongest.centre.distance_m(PlanePoint::new(438_475.0, 3_883_175.0)) < 150.0);
        assert!(strongest.expected < 3.0);
        assert!(clusters[1..].iter().all(|other| other.p > 0.05), "{:?}", clusters[1]);
        for &number in &strongest.incidents {
            let away = incidents[number as usize].at.distance_m(strongest.centre);
            assert!(away <= strongest.radius_m + 1e-9);
        }
    }

    /// Every circle and window, from the definition.
    #[test]
    fn the_strongest_is_the_strongest_of_all_circles_and_windows() {
        let incidents = scattered(60, 9);
        let plan = ScanPlan { permutations: 0, most_radius_m: 1_500.0, ..PLAN };
        let scanner = Scanner::new(&incidents, &plan).unwrap();
        let total = incidents.len() as f64;
        let mut most = 0.0_f64;
        for &centre in &scanner.centres {
            for &edge in &scanner.centres {
                let radius = centre.distance_m(edge);
                let inside = |index: usize| {
                    centre.distance_m(scanner.centres[usize::from(scanner.places[index])]) <= radius
                };
                let circle = (0..60).filter(|&index| inside(index)).count() as f64;
                if radius > 1_500.0 || circle * 2.0 > total {
                    continue;
                }
                for steps in 1..=8 {
                    let lately = |index: usize| incidents[index].day > 364 - steps * 7;
                    let window = (0..60).filter(|&index| lately(index)).count() as f64;
                    let both = (0..60).filter(|&index| inside(index) && lately(index)).count() as f64;
                    let expected = circle * window / total;
                    if both >= 2.0 && both > expected {
                        let rest = total - both;
                        most =
                            most.max(both * (both / expected).ln() + rest * (rest / (total - expected)).ln());
                    }
                }
            }
        }
        let found = scan(&incidents, &plan);
        assert!((found[0].log_ratio - most).abs() < 1e-9, "{} for {most}", found[0].log_ratio);
        let fast = scanner.strongest(&scanner.recent(&scanner.steps));
        assert!((fast - most).abs() < 1e-9, "the quick bound passed over it: {fast} for {most}");
    }

    #[test]
    fn a_busy_place_and_a_busy_week_are_no_cluster() {
        let mut incidents = scattered(300, 4);
        let mut random = Random::new(8);
        for _ in 0..100 {
            let at = PlanePoint::new(438_000.0, 3_883_000.0);
            incidents.push(Incident { at, day: (random.unit() * 365.0) as i32 });
            let anywhere =
                PlanePoint::new(437_000.0 + random.unit() * 3e3, 3_882_000.0 + random.unit() * 3e3);
            incidents.push(Incident { at: anywhere, day: 360 });
        }
        assert!(scan(&incidents, &PLAN)[0].p > 0.05);
    }

    #[test]
    fn the_number_of_threads_does_not_matter() {
        let incidents = scattered(200, 6);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| scan(&incidents, &PLAN))
        };
        assert_eq!(with(1), with(5));
    }

    #[test]
    fn who_is_told_to_stop_stops() {
        assert_eq!(super::scan(&scattered(200, 6), &PLAN, &|| false), Err(Stopped));
    }

    #[test]
    fn too_little_has_no_cluster() {
        assert!(scan(&[], &PLAN).is_empty());
        assert!(scan(&scattered(1, 1), &PLAN).is_empty());
        let one_spot = vec![Incident { at: PlanePoint::new(0.0, 0.0), day: 364 }; 50];
        assert!(scan(&one_spot, &PLAN).is_empty(), "everything in one place is half of nothing");
        assert!(scan(&scattered(50, 1), &ScanPlan { last_day: -1, ..PLAN }).is_empty());
    }
}
