//! Days and times. Everything happens in China Standard Time, between 1 July 2021 and 26 September 2022.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime};

/// Minutes since 1 July 2021, 00:00.
pub(crate) type Minute = i64;

pub(crate) const DAY: Minute = 24 * 60;

/// The story ends with this day: 26 September 2022.
pub(crate) const LAST_DAY: i64 = 452;

/// The last evening: nothing is later.
pub(crate) const END: Minute = (LAST_DAY + 1) * DAY - 30;

fn moment(minute: Minute) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2021, 7, 1)
        .and_then(|first| first.and_hms_opt(0, 0, 0))
        .unwrap_or_default()
        .checked_add_signed(Duration::minutes(minute))
        .unwrap_or_default()
}

/// RFC 3339, with seconds that look as if somebody had pressed a button.
pub(crate) fn timestamp(minute: Minute) -> String {
    format!("{}:{:02}+08:00", moment(minute).format("%Y-%m-%dT%H:%M"), (minute * 37 + 11).rem_euclid(60))
}

pub(crate) fn date(minute: Minute) -> String {
    moment(minute).format("%Y-%m-%d").to_string()
}

/// Month of the year, 1 to 12.
pub(crate) fn month(minute: Minute) -> usize {
    moment(minute).month() as usize
}

/// Unix time in milliseconds.
pub(crate) fn unix_ms(minute: Minute) -> u64 {
    ((moment(minute).and_utc().timestamp() - 8 * 3600) * 1000) as u64
}
