//! What a plan is weighed by: places with how many live there and how much work they make. No names, no identifiers.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::duties::Workload;
use crate::domain::enterprises::HazardClass;
use crate::domain::visits::TargetKind;
use crate::kernel::geometry::Wgs84;

/// One thing at a place, as the database tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Thing {
    /// A household with its people, and how many of them are in special care.
    Household { people: i32, special_care: i64 },
    /// An enterprise that has not closed.
    Enterprise(HazardClass),
    /// An open hazard of a severity from 1 to 4.
    Hazard(i16),
    /// A report neither resolved nor closed.
    Case,
}

/// Everything at one place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = PlanUnit)]
pub(super) struct Unit {
    /// Longitude and latitude.
    pub(super) at: [f64; 2],
    #[serde(flatten)]
    pub(super) load: Load,
}

/// How much there is of everything, at a place or in a grid.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = PlanLoad)]
pub(super) struct Load {
    /// Households.
    pub(super) households: i64,
    /// People living in them.
    pub(super) people: i64,
    /// People in special care.
    pub(super) special_care: i64,
    /// Enterprises that have not closed, by what is dangerous about them.
    #[schema(value_type = BTreeMap<String, i64>)]
    pub(super) enterprises: BTreeMap<HazardClass, i64>,
    /// Hazards that have not been cleared.
    pub(super) open_hazards: i64,
    /// Reports neither resolved nor closed; only counted per grid.
    #[serde(skip)]
    pub(super) open_cases: i64,
    /// Calls that are due in a month.
    pub(super) calls: f64,
    /// Hours that they take at the door.
    pub(super) duty_hours: f64,
}

impl Load {
    /// Adds a thing with the calls that it makes: `monthly` says how many a kind of target makes.
    fn add_thing(&mut self, thing: Thing, monthly: &impl Fn(TargetKind, Option<&str>) -> Workload) {
        match thing {
            Thing::Household { people, special_care } => {
                self.households += 1;
                self.people += i64::from(people);
                self.special_care += special_care;
                // Calls at one door are one call: whoever looks after an elder has called on the household too.
                let kind = if special_care > 0 { TargetKind::SpecialCare } else { TargetKind::Household };
                self.add_work(monthly(kind, None));
            }
            Thing::Enterprise(class) => {
                *self.enterprises.entry(class).or_default() += 1;
                self.add_work(monthly(TargetKind::Enterprise, Some(class.key())));
            }
            Thing::Hazard(severity) => {
                self.open_hazards += 1;
                self.add_work(monthly(TargetKind::Hazard, Some(&severity.to_string())));
            }
            Thing::Case => self.open_cases += 1,
        }
    }

    fn add_work(&mut self, work: Workload) {
        self.calls += work.calls;
        self.duty_hours += work.hours;
    }

    /// Adds what there is elsewhere.
    pub(super) fn add(&mut self, other: &Self) {
        self.households += other.households;
        self.people += other.people;
        self.special_care += other.special_care;
        for (class, count) in &other.enterprises {
            *self.enterprises.entry(*class).or_default() += count;
        }
        self.open_hazards += other.open_hazards;
        self.open_cases += other.open_cases;
        self.calls += other.calls;
        self.duty_hours += other.duty_hours;
    }

    /// How many enterprises there are of all classes.
    pub(super) fn enterprise_count(&self) -> i64 {
        self.enterprises.values().sum()
    }
}

/// Puts things at the same place together, in the order of their places; `monthly` says how many calls each makes.
pub(super) fn gather(
    things: impl IntoIterator<Item = (Wgs84, Thing)>,
    monthly: impl Fn(TargetKind, Option<&str>) -> Workload,
) -> Vec<Unit> {
    let mut units: BTreeMap<(u64, u64), Unit> = BTreeMap::new();
    for (place, thing) in things {
        let key = (place.lon().to_bits(), place.lat().to_bits());
        let unit =
            units.entry(key).or_insert_with(|| Unit { at: [place.lon(), place.lat()], ..Unit::default() });
        unit.load.add_thing(thing, &monthly);
    }
    units.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::duties::Book;

    #[test]
    fn one_door_is_one_call_and_a_place_is_one_unit() {
        let (home, works) = (Wgs84::new(116.3, 35.0).unwrap(), Wgs84::new(116.4, 35.0).unwrap());
        let things = [
            (works, Thing::Enterprise(HazardClass::AmmoniaRefrigeration)),
            (home, Thing::Household { people: 3, special_care: 0 }),
            (home, Thing::Household { people: 1, special_care: 1 }),
            (works, Thing::Hazard(4)),
        ];
        let (book, village) = (Book::default(), "370828003218".parse().unwrap());
        let units = gather(things, |kind, of| book.monthly(&village, kind, of));
        assert_eq!(units.len(), 2);
        let [home, works] = [&units[0].load, &units[1].load];
        assert_eq!((home.households, home.people, home.special_care), (2, 4, 1));
        // Once in thirty days for ten minutes, once in seven for twenty, of 30.44 days.
        assert!((home.calls - (30.436_875 / 30.0 + 30.436_875 / 7.0)).abs() < 1e-9);
        assert!((home.duty_hours - (30.436_875 / 30.0 / 6.0 + 30.436_875 / 7.0 / 3.0)).abs() < 1e-9);
        assert_eq!((works.enterprise_count(), works.open_hazards), (1, 1));
        let mut both = home.clone();
        both.add(works);
        assert!((both.calls - home.calls - works.calls).abs() < 1e-9);
    }
}
