//! Which calls a plan is made of, where there are more than can be weighed against one another. Never here: the plan.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::round::Call;

/// So many calls are weighed against one another. The times between them alone take tens of megabytes, and ten people
/// make some hundreds of calls in a day.
pub(super) const MOST_WEIGHED: usize = 2_000;

/// Calls to plan, and those that are left out before there is a plan.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) calls: Vec<Call>,
    pub(super) beyond: Vec<Call>,
}

/// The most pressing calls: those that have to be made, then those that were planned before, then by what they are worth.
/// Either part keeps its order.
pub(super) fn most_pressing(calls: Vec<Call>, most: usize) -> Chosen {
    if calls.len() <= most {
        return Chosen { calls, beyond: Vec::new() };
    }
    let mut ranked: Vec<usize> = (0..calls.len()).collect();
    ranked.sort_by_key(|&index| {
        let call = &calls[index];
        Reverse((call.required, call.planned_for.is_some(), call.duty.prize, Reverse(index)))
    });
    let weighed: HashSet<usize> = ranked.into_iter().take(most).collect();
    let mut index = 0..;
    let (calls, beyond) =
        calls.into_iter().partition(|_| index.next().is_some_and(|index| weighed.contains(&index)));
    Chosen { calls, beyond }
}
