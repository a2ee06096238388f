//! How much of an event's weight is left after some time. Never here: a clock.

/// The share of its weight an event keeps after `age_days` when it loses half every `half_life_days`.
///
/// An event from the future (a negative age) keeps all of it. An infinite half-life fades nothing; one of 0 or
/// less leaves only what has no age.
#[must_use]
pub fn recency(age_days: f64, half_life_days: f64) -> f64 {
    if age_days <= 0.0 {
        1.0
    } else if half_life_days > 0.0 {
        f64::exp2(-age_days / half_life_days)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn half_is_left_after_a_half_life() {
        assert!(close(recency(0.0, 90.0), 1.0));
        assert!(close(recency(90.0, 90.0), 0.5));
        assert!(close(recency(180.0, 90.0), 0.25));
    }

    #[test]
    fn the_edges_are_what_one_would_expect() {
        assert!(close(recency(-3.0, 90.0), 1.0));
        assert!(close(recency(1e6, f64::INFINITY), 1.0));
        assert!(close(recency(1.0, 0.0), 0.0));
    }
}
