//! A table of travel times between places. Never here: how they were found.

/// Travel times from each place to each, row by row. They need not be symmetric nor obey the triangle
/// inequality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravelTimes {
    places: usize,
    times: Vec<i64>,
}

/// Why a table of travel times cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTravel {
    /// The table is not square.
    #[error("{places} places need {} travel times, not {given}", places * places)]
    NotSquare {
        /// How many places there are.
        places: usize,
        /// How many times were given.
        given: usize,
    },
    /// A time is negative.
    #[error("the travel time from place {from} to place {to} is negative")]
    Negative {
        /// The row.
        from: usize,
        /// The column.
        to: usize,
    },
}

/// Three places of which the way over the middle one is quicker than the straight one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detour {
    /// Where it begins.
    pub from: usize,
    /// The place in the middle.
    pub over: usize,
    /// Where it ends.
    pub to: usize,
}

impl TravelTimes {
    /// The entry that says that there is no way.
    pub const NO_WAY: i64 = i64::MAX;

    /// A table for `places` places from their times, row by row: first those from place 0.
    ///
    /// # Errors
    /// When the table is not square, or a time is negative.
    pub fn new(places: usize, times: Vec<i64>) -> Result<Self, InvalidTravel> {
        if times.len() != places * places {
            return Err(InvalidTravel::NotSquare { places, given: times.len() });
        }
        match times.iter().position(|&time| time < 0) {
            Some(index) => Err(InvalidTravel::Negative { from: index / places, to: index % places }),
            None => Ok(Self { places, times }),
        }
    }

    /// How many places there are.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }

    /// The time from `from` to `to`; none when there is no way.
    ///
    /// # Panics
    /// When either is not a place of the table.
    #[must_use]
    pub fn time(&self, from: usize, to: usize) -> Option<i64> {
        assert!(to < self.places);
        Some(self.times[from * self.places + to]).filter(|&time| time != Self::NO_WAY)
    }

    /// The times of somebody who is `speed` times as fast, rounded up.
    #[must_use]
    pub fn at_speed(&self, speed: f64) -> Self {
        let scaled = |&time: &i64| match time {
            Self::NO_WAY => Self::NO_WAY,
            time => (time as f64 / speed).ceil() as i64,
        };
        Self { places: self.places, times: self.times.iter().map(scaled).collect() }
    }

    /// A place where the triangle inequality fails by more than `slack`, which allows for times that were
    /// rounded; looked for in at most `most` triples, evenly spread.
    #[must_use]
    pub fn shortcut(&self, slack: i64, most: usize) -> Option<Detour> {
        let pairs = self.places * self.places;
        let step = (pairs * self.places).div_ceil(most.max(1)).max(1);
        // A stride that shares no factor with the number of pairs would do as well; rows in turn read memory
        // in order.
        (0..pairs * self.places).step_by(step).find_map(|index| {
            let (from, over, to) = (index / pairs, index / self.places % self.places, index % self.places);
            let (there, onward) = (self.time(from, over)?, self.time(over, to)?);
            let straight = self.times[from * self.places + to];
            (there.saturating_add(onward).saturating_add(slack) < straight).then_some(Detour {
                from,
                over,
                to,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_square_and_holds_times() {
        assert_eq!(TravelTimes::new(2, vec![0; 3]), Err(InvalidTravel::NotSquare { places: 2, given: 3 }));
        assert_eq!(TravelTimes::new(2, vec![0, 1, -1, 0]), Err(InvalidTravel::Negative { from: 1, to: 0 }));
        let times = TravelTimes::new(2, vec![0, TravelTimes::NO_WAY, 7, 0]).unwrap();
        assert_eq!((times.time(0, 1), times.time(1, 0)), (None, Some(7)));
    }

    #[test]
    fn a_shortcut_over_a_third_place_is_found() {
        let bent = TravelTimes::new(3, vec![0, 1, 9, 1, 0, 1, 9, 1, 0]).unwrap();
        assert_eq!(bent.shortcut(0, 1000), Some(Detour { from: 0, over: 1, to: 2 }));
        assert_eq!(bent.shortcut(7, 1000), None);
    }
}
