//! Whether a ranking came true: what share of events it caught, against chance, against the best possible, and
//! whether its numbers meant what they said.
//!
//! Never here: what was ranked, or what made the ranking.

/// What was said of something, and how many events it then had.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Higher was said to be likelier. Not NaN.
    pub score: f64,
    /// Events afterwards.
    pub count: u32,
}

/// What the highest-ranked share of a list caught.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Catch {
    /// How many were looked at.
    pub looked_at: usize,
    /// Out of how many.
    pub listed: usize,
    /// Events at those looked at. Where scores are equal across the line, the mean over all ways to draw it.
    pub caught: f64,
    /// Events in all.
    pub events: f64,
    /// The most events that this many could have caught.
    pub most: f64,
}

impl Catch {
    /// What looking at the `looked_at` with the highest scores catches. O(n log n).
    #[must_use]
    pub fn of(outcomes: &[Outcome], looked_at: usize) -> Self {
        let looked_at = looked_at.min(outcomes.len());
        let mut ranked = outcomes.to_vec();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut caught = 0.0;
        let mut places = looked_at;
        for equals in ranked.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
            let events: f64 = equals.iter().map(|one| f64::from(one.count)).sum();
            let taken = places.min(equals.len());
            caught += events * taken as f64 / equals.len() as f64;
            places -= taken;
        }
        let mut counts: Vec<f64> = outcomes.iter().map(|one| f64::from(one.count)).collect();
        counts.sort_by(|a, b| b.total_cmp(a));
        Self {
            looked_at,
            listed: outcomes.len(),
            caught,
            events: counts.iter().sum(),
            most: counts[..looked_at].iter().sum(),
        }
    }

    /// Both, looked at one after the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            looked_at: self.looked_at + other.looked_at,
            listed: self.listed + other.listed,
            caught: self.caught + other.caught,
            events: self.events + other.events,
            most: self.most + other.most,
        }
    }

    /// The share of events caught; none without events.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        (self.events > 0.0).then(|| self.caught / self.events)
    }

    /// Predictive accuracy index: the hit rate over the share looked at, 1 for chance (S. Chainey, L. Tompson and
    /// S. Uhlig, "The utility of hotspot mapping for predicting spatial patterns of crime", 2008).
    #[must_use]
    pub fn pai(&self) -> Option<f64> {
        let share = self.looked_at as f64 / self.listed as f64;
        self.hit_rate().filter(|_| self.looked_at > 0).map(|hit_rate| hit_rate / share)
    }

    /// Prediction efficiency index with the effort held fixed, PEI*: events caught over the most that looking at as
    /// many could have caught, 1 at best (V. M. White, J. Hunt and B. Green, "A discussion of current crime
    /// forecasting indices and an improvement to the prediction efficiency index for applications", 2023).
    #[must_use]
    pub fn pei_star(&self) -> Option<f64> {
        (self.most > 0.0).then(|| self.caught / self.most)
    }
}

/// The area under the ROC curve: how often something with events was scored above something without, equal scores
/// counting half (J. A. Hanley and B. J. `McNeil`, 1982). None unless both exist. O(n log n).
#[must_use]
pub fn auc(outcomes: &[Outcome]) -> Option<f64> {
    let mut ranked = outcomes.to_vec();
    ranked.sort_by(|a, b| a.score.total_cmp(&b.score));
    let (mut below, mut with, mut wins) = (0.0, 0.0, 0.0);
    for equals in ranked.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        let hit = equals.iter().filter(|one| one.count > 0).count() as f64;
        let missed = equals.len() as f64 - hit;
        wins += hit * (below + missed / 2.0);
        below += missed;
        with += hit;
    }
    (below > 0.0 && with > 0.0).then(|| wins / (below * with))
}

/// A part of a list in which expected and observed can be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// How many are in it.
    pub listed: usize,
    /// Events expected in it.
    pub expected: f64,
    /// Events in it.
    pub observed: f64,
}

/// Expected and observed events in `parts` parts of about equal size, from the lowest expectation to the highest;
/// scores are expected numbers of events. Parts without members are left out.
#[must_use]
pub fn calibration(outcomes: &[Outcome], parts: usize) -> Vec<Calibration> {
    let mut ranked = outcomes.to_vec();
    ranked.sort_by(|a, b| a.score.total_cmp(&b.score));
    (0..parts)
        .map(|part| &ranked[part * ranked.len() / parts..(part + 1) * ranked.len() / parts])
        .filter(|members| !members.is_empty())
        .map(|members| Calibration {
            listed: members.len(),
            expected: members.iter().map(|one| one.score).sum(),
            observed: members.iter().map(|one| f64::from(one.count)).sum(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(pairs: &[(f64, u32)]) -> Vec<Outcome> {
        pairs.iter().map(|&(score, count)| Outcome { score, count }).collect()
    }

    fn close(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 1e-12)
    }

    #[test]
    fn the_indices_are_what_their_authors_say() {
        let seen = outcomes(&[(0.9, 2), (0.8, 0), (0.4, 1), (0.3, 3), (0.1, 0)]);
        let two = Catch::of(&seen, 2);
        assert!(close(two.hit_rate(), 2.0 / 6.0));
        assert!(close(two.pai(), (2.0 / 6.0) / (2.0 / 5.0)));
        assert!(close(two.pei_star(), 2.0 / 5.0), "two places could have caught five");
        // Pairs of one with and one without events: 0.9 beats both, 0.4 and 0.3 beat 0.1 only.
        assert!(close(auc(&seen), 4.0 / 6.0));
    }

    #[test]
    fn equal_scores_are_worth_their_mean() {
        let seen = outcomes(&[(1.0, 4), (1.0, 0), (1.0, 2), (0.5, 0)]);
        assert!((Catch::of(&seen, 1).caught - 2.0).abs() < 1e-12);
        assert!((Catch::of(&seen, 2).caught - 4.0).abs() < 1e-12);
        assert!(close(auc(&outcomes(&[(1.0, 1), (1.0, 0)])), 0.5));
    }

    #[test]
    fn nothing_to_catch_and_nobody_to_look_at() {
        let quiet = Catch::of(&outcomes(&[(1.0, 0), (0.5, 0)]), 1);
        assert_eq!((quiet.hit_rate(), quiet.pai(), quiet.pei_star()), (None, None, None));
        let empty = Catch::of(&[], 3);
        assert_eq!((empty.looked_at, empty.pai()), (0, None));
        assert_eq!(auc(&outcomes(&[(1.0, 1)])), None);
        assert_eq!(calibration(&[], 5), []);
    }

    #[test]
    fn parts_hold_everybody_once() {
        let seen: Vec<Outcome> =
            (0..13).map(|i| Outcome { score: f64::from(i) / 10.0, count: i % 3 }).collect();
        let parts = calibration(&seen, 5);
        assert_eq!(parts.iter().map(|part| part.listed).sum::<usize>(), 13);
        let observed: f64 = parts.iter().map(|part| part.observed).sum();
        assert!((observed - f64::from(seen.iter().map(|one| one.count).sum::<u32>())).abs() < 1e-12);
        assert!(parts.windows(2).all(|pair| pair[0].expected <= pair[1].expected));
    }
}
