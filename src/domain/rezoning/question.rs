//! What a planner asks: which units, how many zones, what stays.

use geo::{LineString, MultiPolygon};

use super::name::Name;
use crate::kernel::zoning::{Aim, Burden, Shape, ZoneId};

/// Units with everything that the search and the report need to know of them.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Where each unit is.
    pub shapes: Vec<Shape>,
    /// What each brings along.
    pub burdens: Vec<Burden>,
    /// Where each is in its file or list, from 0.
    pub indexes: Vec<usize>,
    /// What each is called.
    pub units: Vec<Name>,
    /// What the zones of today are called, by their numbers.
    pub today: Vec<Name>,
    /// Along which borders like to run.
    pub roads: Vec<LineString<f64>>,
    /// Which no zone may cross.
    pub barriers: Vec<LineString<f64>>,
    /// What the zones are to fill together, if that is settled.
    pub outline: Option<MultiPolygon<f64>>,
    /// Borders of today that stay where they are.
    pub kept: Vec<LineString<f64>>,
    /// How many zones to make.
    pub zones: usize,
    /// How far a load may be from the mean, as a share of it.
    pub tolerance: f64,
    /// Zones of today that stay exactly as they are.
    pub locked_zones: Vec<ZoneId>,
    /// Which proposal to put forward.
    pub prefer: Aims,
}

/// Which proposal is put forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aims {
    /// The one that moves the fewest people, or the most compact one where there are no zones today.
    #[default]
    Usual,
    /// The one with this aim.
    This(Aim),
}

/// How many zones suit a total: as many as there are today if they are then neither too small nor too large on average, else
/// the nearest number of which that is true, or the fewest that are not too large.
#[must_use]
pub fn zones_by_size(total: f64, least: f64, most: f64, today: usize) -> usize {
    let whole = |count: f64| if count.is_finite() { count as usize } else { usize::MAX };
    let fewest = whole((total / most).ceil()).max(1);
    today.clamp(fewest, whole((total / least).floor()).max(fewest))
}

#[cfg(test)]
mod tests {
    use super::zones_by_size;

    #[test]
    fn the_number_of_zones_follows_the_size() {
        let of = |total, today| zones_by_size(total, 300.0, 500.0, today);
        // 300 to 500 each: 2,000 make 4 to 6 zones.
        assert_eq!([of(2000.0, 1), of(2000.0, 5), of(2000.0, 9)], [4, 5, 6]);
        // 550 are too many for one and too few for two: two, rather than one that is too large.
        assert_eq!([of(550.0, 1), of(10.0, 3), of(0.0, 3)], [2, 1, 1]);
        assert_eq!(zones_by_size(5.0, 0.0, 10.0, 7), 7);
    }
}
