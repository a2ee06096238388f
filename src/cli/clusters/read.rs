//! Points with their days.

use anyhow::bail;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};

use super::Source;
use crate::cli::plane::{Plane, Points};
use crate::kernel::spacetime::Incident;
use crate::message;
use crate::platform::clock::china_date;

const TIME_NAMES: [&str; 6] = ["time", "date", "happened_at", "day", "时间", "日期"];

/// The points of a file that happened up to a day.
pub(super) struct Happened {
    pub(super) points: Points,
    pub(super) incidents: Vec<Incident>,
    /// The number of each incident's point in the file.
    pub(super) numbers: Vec<usize>,
    /// The day it is asked on: the last one.
    pub(super) until: NaiveDate,
    pub(super) plane: Plane,
}

pub(super) fn read(source: &Source) -> anyhow::Result<Happened> {
    let usual = TIME_NAMES.as_slice();
    let given = source.time.as_deref().map(|name| [name]);
    let time = given.as_ref().map_or(usual, <[&str; 1]>::as_slice);
    let points = Points::read(&source.points, source.x.as_deref(), source.y.as_deref(), &[time])?;
    let name = source.points.display().to_string();
    let Some(extent) = points.extent() else {
        bail!(message!("{name}：没有点", "{name}: there are no points"));
    };
    let plane = if source.planar { Plane::AsGiven } else { Plane::zone(extent, &name)? };
    let places = points.places(plane)?;
    let heading = points.heading(0).to_owned();
    let mut days = Vec::with_capacity(places.len());
    for (point, cell) in points.text(0).iter().enumerate() {
        let day = day_of(cell).ok_or_else(|| {
            let why = message!(
                "{heading}：“{cell}”不是日期（2022-09-26）或时间（2022-09-26 08:30，或带时区）",
                "{heading}: \"{cell}\" is no date (2022-09-26) and no time (2022-09-26 08:30, or with its offset)"
            );
            points.fault(point, &why)
        })?;
        days.push(day);
    }
    let last = days.iter().copied().max();
    let Some(until) = source.until.or(last) else {
        bail!(message!("{name}：没有点", "{name}: there are no points"));
    };
    let numbers: Vec<usize> = (0..days.len()).filter(|&point| days[point] <= until).collect();
    let incident = |&point: &usize| Incident { at: places[point], day: days[point].num_days_from_ce() };
    Ok(Happened { incidents: numbers.iter().map(incident).collect(), numbers, points, until, plane })
}

/// The day in China of a time with its offset, or the day that a date or a time without one names.
fn day_of(cell: &str) -> Option<NaiveDate> {
    if let Ok(day) = cell.parse::<NaiveDate>() {
        return Some(day);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(cell) {
        return Some(china_date(at.to_utc()));
    }
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(cell, format).ok())
        .map(|at| at.date())
        .or_else(|| NaiveDate::parse_from_str(cell, "%Y/%m/%d").ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_in_china() {
        for (cell, day) in [
            ("2022-09-26", "2022-09-26"),
            ("2022-09-25T16:30:00Z", "2022-09-26"),
            ("2022-09-26T08:30:00+08:00", "2022-09-26"),
            ("2022-09-26 23:59", "2022-09-26"),
            ("2022/9/26 8:05", "2022-09-26"),
            ("2022/9/26", "2022-09-26"),
        ] {
            assert_eq!(day_of(cell).unwrap().to_string(), day, "{cell}");
        }
        assert!(day_of("yesterday").is_none() && day_of("").is_none() && day_of("2022-13-01").is_none());
    }
}
