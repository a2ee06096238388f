//! What time it is. Everything that asks goes through a [`Clock`], so that tests can set it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

/// China has had one time zone, UTC+8 without summer time, since 1991.
const CHINA_OFFSET_S: i32 = 8 * 3600;

/// A clock that can be moved.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    shift_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// The present moment, to the microsecond PostgreSQL keeps.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now() + TimeDelta::milliseconds(self.shift_ms.load(Ordering::Relaxed));
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Today's date in China.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        china_date(self.now())
    }

    /// Moves this clock, and all its clones, by `shift` from the machine's.
    pub fn set_shift(&self, shift: TimeDelta) {
        self.shift_ms.store(shift.num_milliseconds(), Ordering::Relaxed);
    }
}

/// The date in China at `at`.
#[must_use]
pub fn china_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&china_offset()).date_naive()
}

/// UTC+8.
#[must_use]
pub fn china_offset() -> FixedOffset {
    FixedOffset::east_opt(CHINA_OFFSET_S)
        .unwrap_or_else(|| FixedOffset::east_opt(0).unwrap_or_else(|| unreachable!()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_china_starts_at_sixteen_hundred_utc() {
        let before: DateTime<Utc> = "2022-09-25T15:59:59Z".parse().unwrap();
        let after: DateTime<Utc> = "2022-09-25T16:00:00Z".parse().unwrap();
        assert_eq!(china_date(before).to_string(), "2022-09-25");
        assert_eq!(china_date(after).to_string(), "2022-09-26");
    }
}
