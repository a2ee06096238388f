//! Where to call how often, and when there is time. Never here: how the days are chosen.

use super::TravelTimes;

/// Somewhere to call at again and again.
#[derive(Debug, Clone, PartialEq)]
pub struct Door {
    /// The place in the travel times.
    pub place: usize,
    /// How long a call takes.
    pub service: i64,
    /// Days from one call to the next, 1 or more.
    pub every: i64,
    /// No two calls are fewer days apart.
    pub least_gap: i64,
    /// The day of the last call; none where there was none.
    pub last: Option<i64>,
    /// What a day's delay costs, in units of time.
    pub pressing: f64,
}

/// A day on which somebody calls. Other days are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Which day.
    pub day: i64,
    /// How much time there is, travel included.
    pub length: i64,
}

/// What there is to spread. Days are numbers that go up by one; times are in one unit, that of the travel times.
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    /// Travel times between places.
    pub travel: TravelTimes,
    /// The place where each day begins and ends.
    pub start: usize,
    /// The doors.
    pub doors: Vec<Door>,
    /// The shifts, in order of their days.
    pub shifts: Vec<Shift>,
    /// The first and the last day that calls are spread over.
    pub period: (i64, i64),
}

/// Why a month cannot be spread.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMonth {
    /// A place is not in the travel times.
    #[error("door {door} is at a place that is not in the travel times")]
    DoorNowhere {
        /// Which door.
        door: usize,
    },
    /// The start is not in the travel times.
    #[error("the days begin at a place that is not in the travel times")]
    StartNowhere,
    /// A rhythm, gap or time makes no sense.
    #[error(
        "door {door} has a rhythm, gap, service or delay that is negative, or a gap longer than its rhythm"
    )]
    Rhythm {
        /// Which door.
        door: usize,
    },
    /// Shifts are out of order, two on one day, outside the period, or of negative length.
    #[error("shift {shift} is out of order, outside the period, or of negative length")]
    Shift {
        /// Which shift.
        shift: usize,
    },
}

impl Month {
    /// Whether the month can be spread.
    ///
    /// # Errors
    /// When a place does not exist, a number is negative, or shifts are out of order.
    pub fn check(&self) -> Result<(), InvalidMonth> {
        if self.start >= self.travel.places() {
            return Err(InvalidMonth::StartNowhere);
        }
        for (index, door) in self.doors.iter().enumerate() {
            if door.place >= self.travel.places() {
                return Err(InvalidMonth::DoorNowhere { door: index });
            }
            let rhythm = door.every >= 1 && (0..=door.every).contains(&door.least_gap);
            if !rhythm || door.service < 0 || !door.pressing.is_finite() || door.pressing < 0.0 {
                return Err(InvalidMonth::Rhythm { door: index });
            }
        }
        let (from, to) = self.period;
        let mut before = from - 1;
        for (index, shift) in self.shifts.iter().enumerate() {
            if shift.day <= before || shift.day > to || shift.length < 0 {
                return Err(InvalidMonth::Shift { shift: index });
            }
            before = shift.day;
        }
        Ok(())
    }
}
