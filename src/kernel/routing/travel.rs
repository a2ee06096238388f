//! A table of travel times between places. Never here: how they were found.

/// Travel times in seconds from each place to each, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct TravelTimes {
    places: usize,
    seconds: Vec<f64>,
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
    /// A time is negative or not a number.
    #[error("the travel time from place {from} to place {to} is negative or not a number")]
    NotATime {
        /// The row.
        from: usize,
        /// The column.
        to: usize,
    },
}

impl TravelTimes {
    /// A table for `places` places from their times in `seconds`, row by row: first those from place 0.
    /// Infinity says that there is no way.
    ///
    /// # Errors
    /// When the table is not square, or a time is negative or not a number.
    pub fn new(places: usize, seconds: Vec<f64>) -> Result<Self, InvalidTravel> {
        if seconds.len() != places * places {
            return Err(InvalidTravel::NotSquare { places, given: seconds.len() });
        }
        match seconds.iter().position(|&time| time.is_nan() || time < 0.0) {
            Some(index) => Err(InvalidTravel::NotATime { from: index / places, to: index % places }),
            None => Ok(Self { places, seconds }),
        }
    }

    /// How many places there are.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }

    /// The seconds from `from` to `to`; infinite when there is no way.
    ///
    /// # Panics
    /// When either is not a place of the table.
    #[must_use]
    pub fn seconds(&self, from: usize, to: usize) -> f64 {
        assert!(to < self.places);
        self.seconds[from * self.places + to]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_square_and_holds_times() {
        assert_eq!(TravelTimes::new(2, vec![0.0; 3]), Err(InvalidTravel::NotSquare { places: 2, given: 3 }));
        assert_eq!(
            TravelTimes::new(2, vec![0.0, 1.0, -1.0, 0.0]),
            Err(InvalidTravel::NotATime { from: 1, to: 0 })
        );
        assert_eq!(
            TravelTimes::new(2, vec![0.0, f64::NAN, 1.0, 0.0]),
            Err(InvalidTravel::NotATime { from: 0, to: 1 })
        );
        let times = TravelTimes::new(2, vec![0.0, f64::INFINITY, 7.0, 0.0]).unwrap();
        assert_eq!((times.seconds(0, 1), times.seconds(1, 0)), (f64::INFINITY, 7.0));
    }
}
