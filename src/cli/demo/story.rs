//! The demonstration's files, and their time: the story they tell is moved by whole days so that it ended
//! yesterday.

use chrono::{DateTime, Days, NaiveDate, TimeDelta};
use serde_json::Value;

use crate::domain::exchange::{Cell, Kind, Layer, Table};

/// The last day of the story as it is written down.
const LAST_DAY: (i32, u32, u32) = (2022, 9, 26);
/// The day on which its grids' boundaries begin to be valid.
const FIRST_DAY: (i32, u32, u32) = (2021, 7, 1);

/// The layers, in the order in which they can be imported. What they hold is said in `fixtures/README.md`.
pub(super) const LAYERS: [(Layer, &str, &[u8]); 9] = [
    (Layer::Areas, "areas.geojson", include_bytes!("../../../fixtures/cuikou/areas.geojson")),
    (Layer::Grids, "grids.geojson", include_bytes!("../../../fixtures/cuikou/grids.geojson")),
    (Layer::Roads, "roads.geojson", include_bytes!("../../../fixtures/cuikou/roads.geojson")),
    (Layer::Buildings, "buildings.geojson", include_bytes!("../../../fixtures/cuikou/buildings.geojson")),
    (Layer::Water, "water.geojson", include_bytes!("../../../fixtures/cuikou/water.geojson")),
    (Layer::Households, "households.geojson", include_bytes!("../../../fixtures/cuikou/households.geojson")),
    (
        Layer::Enterprises,
        "enterprises.geojson",
        include_bytes!("../../../fixtures/cuikou/enterprises.geojson"),
    ),
    (Layer::Hazards, "hazards.geojson", include_bytes!("../../../fixtures/cuikou/hazards.geojson")),
    (Layer::Reports, "reports.csv", include_bytes!("../../../fixtures/cuikou/reports.csv")),
];

/// Who signs in.
pub(super) const ACCOUNTS: &[u8] = include_bytes!("../../../fixtures/cuikou/accounts.json");
/// Calls at doors.
pub(super) const VISITS: &[u8] = include_bytes!("../../../fixtures/cuikou/visits.csv");

/// Moves the story in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift(TimeDelta);

impl Shift {
    /// So that the story ended on the day before `today`.
    pub(super) fn ending_before(today: NaiveDate) -> Self {
        Self(today.checked_sub_days(Days::new(1)).unwrap_or(today) - day(LAST_DAY))
    }

    /// The first day of the story as moved: when its grids' boundaries begin to be valid.
    pub(super) fn first_day(self) -> NaiveDate {
        day(FIRST_DAY) + self.0
    }

    /// Moves every date and time of a layer's rows.
    pub(super) fn apply(self, table: &mut Table) {
        for (column, cell) in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
            match (column.kind, cell) {
                (Kind::Date | Kind::Timestamp, Cell::Text(text)) => *text = self.text(text),
                (Kind::Json, Cell::Json(value)) => self.within(value),
                _ => {}
            }
        }
    }

    /// A moment, moved.
    pub(super) fn moment<Tz: chrono::TimeZone>(self, at: DateTime<Tz>) -> DateTime<Tz> {
        at + self.0
    }

    /// Everything below `value` that is a date or a time.
    fn within(self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.within(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.within(member)),
            _ => {}
        }
    }

    /// Text that is a date (2022-09-26) or a time (RFC 3339), moved; any other text as it is.
    fn text(self, text: &str) -> String {
        if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return (date + self.0).to_string();
        }
        DateTime::parse_from_rfc3339(text).map_or_else(|_| text.to_owned(), |at| self.moment(at).to_rfc3339())
    }
}

fn day((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dates_and_times_move_by_whole_days_and_nothing_else_does() {
        let shift = Shift::ending_before(day((2026, 11, 24)));
        let mut care =
            json!([{"since": "2022-09-26", "at": "2022-09-26T08:30:00+08:00", "code": "2022-09", "n": 2022}]);
        shift.within(&mut care);
        assert_eq!(
            care,
            json!([{"since": "2026-11-23", "at": "2026-11-23T08:30:00+08:00", "code": "2022-09", "n": 2022}])
        );
    }

    #[test]
    fn on_the_day_after_it_ended_the_story_stays_as_it_is() {
        let shift = Shift::ending_before(day((2022, 9, 27)));
        assert_eq!(shift.first_day(), day(FIRST_DAY));
        assert_eq!(shift.text("2022-09-26T08:30:00+08:00"), "2022-09-26T08:30:00+08:00");
    }
}
