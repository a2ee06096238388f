//! Dividing a value among what brought it about (L. S. Shapley, "A value for n-person games", 1953; for the
//! predictions of models: E. Štrumbelj and I. Kononenko, 2014).
//!
//! Shapley's is the only division whose parts add up to the whole, that gives equal parts to equal causes and
//! nothing to what changes nothing. Computed exactly, over all coalitions.
//!
//! Never here: what the players are.

/// With more, 2ⁿ coalitions take too long to go through.
pub const MOST_PLAYERS: usize = 16;

/// Each player's share of `value` of all players less `value` of none. A coalition is a mask: bit i for player i.
/// O(2ⁿ·n), and 2ⁿ calls of `value`.
///
/// # Panics
/// With more than [`MOST_PLAYERS`].
#[must_use]
pub fn shares(players: usize, value: impl Fn(u32) -> f64) -> Vec<f64> {
    assert!(players <= MOST_PLAYERS, "{players} players are too many to go through all coalitions");
    let values: Vec<f64> = (0..1_u32 << players).map(value).collect();
    // |S|!·(n − |S| − 1)!/n!: how often S comes before a given player when all orders are equally likely.
    let mut weights = vec![1.0 / players.max(1) as f64; players];
    for size in 1..players {
        weights[size] = weights[size - 1] * size as f64 / (players - size) as f64;
    }
    let share = |player: usize| {
        let bit = 1_usize << player;
        let without = (0..values.len()).filter(|coalition| coalition & bit == 0);
        without.map(|s| weights[s.count_ones() as usize] * (values[s | bit] - values[s])).sum()
    };
    (0..players).map(share).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_glove_game_has_its_published_shares() {
        // Players 0 and 1 hold left gloves, player 2 a right one; a pair is worth 1.
        let pair = |s: u32| f64::from(u8::from(s & 0b100 != 0 && s & 0b011 != 0));
        for (share, published) in shares(3, pair).iter().zip([1.0 / 6.0, 1.0 / 6.0, 4.0 / 6.0]) {
            assert!((share - published).abs() < 1e-12);
        }
    }

    #[test]
    fn nobody_shares_nothing() {
        assert_eq!(shares(0, |_| 7.0), [] as [f64; 0]);
        assert_eq!(shares(1, f64::from), [1.0]);
    }

    proptest! {
        #[test]
        fn shares_add_up(values in proptest::collection::vec(-100.0..100.0_f64, 32)) {
            let sum: f64 = shares(5, |s| values[s as usize]).iter().sum();
            prop_assert!((sum - (values[31] - values[0])).abs() < 1e-9);
        }

        #[test]
        fn what_adds_is_divided_as_it_was_added(parts in proptest::collection::vec(-10.0..10.0_f64, 6)) {
            let total = |s: u32| (0..6).filter(|i| s >> i & 1 == 1).map(|i| parts[i]).sum();
            for (share, part) in shares(6, total).iter().zip(&parts) {
                prop_assert!((share - part).abs() < 1e-9);
            }
        }
    }
}
