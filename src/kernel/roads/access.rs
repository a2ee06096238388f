//! Who may go along a road, and which way. Never here: how fast.

use super::profile::Profile;

/// The directions in which a road may be travelled, seen along the order of its vertices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Directions {
    /// Not at all.
    None,
    /// Only from the first vertex to the last.
    Forward,
    /// Only from the last vertex to the first.
    Backward,
    /// Both ways.
    Both,
}

impl Directions {
    /// Whether one may go from the first vertex to the last.
    #[must_use]
    pub const fn forward(self) -> bool {
        matches!(self, Self::Forward | Self::Both)
    }

    /// Whether one may go from the last vertex to the first.
    #[must_use]
    pub const fn backward(self) -> bool {
        matches!(self, Self::Backward | Self::Both)
    }
}

/// The directions in which each [`Profile`] may travel a road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Access([Directions; Profile::ALL.len()]);

impl Access {
    /// Everybody may go both ways.
    pub const OPEN: Self = Self([Directions::Both; Profile::ALL.len()]);
    /// Vehicles may only go from the first vertex to the last; a one-way sign does not bind people on foot.
    pub const ONE_WAY: Self = Self([Directions::Both, Directions::Forward, Directions::Forward]);

    /// The directions `profile` may travel in.
    #[must_use]
    pub const fn of(self, profile: Profile) -> Directions {
        self.0[profile as usize]
    }

    /// The same, but for the directions of `profile`.
    #[must_use]
    pub const fn with(mut self, profile: Profile, directions: Directions) -> Self {
        self.0[profile as usize] = directions;
        self
    }
}

/// Profiles that something stops: a bollard stops a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Stopped([bool; Profile::ALL.len()]);

impl Stopped {
    /// The profiles in `list`.
    #[must_use]
    pub fn these(list: &[Profile]) -> Self {
        let mut stopped = Self::default();
        for &profile in list {
            stopped.0[profile as usize] = true;
        }
        stopped
    }

    /// Whether `profile` is among them.
    #[must_use]
    pub const fn stops(self, profile: Profile) -> bool {
        self.0[profile as usize]
    }

    /// What either stops.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|profile| self.0[profile] || other.0[profile]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_one_way_sign_binds_vehicles_and_not_feet() {
        assert!(Access::ONE_WAY.of(Profile::Foot).backward());
        for profile in [Profile::EBike, Profile::Car] {
            let directions = Access::ONE_WAY.of(profile);
            assert!(directions.forward() && !directions.backward());
        }
    }

    #[test]
    fn one_profile_changes_and_the_others_stay() {
        let access = Access::OPEN.with(Profile::Car, Directions::Backward);
        assert_eq!(access.of(Profile::Car), Directions::Backward);
        assert_eq!(access.of(Profile::Foot), Directions::Both);
        assert_eq!(access.of(Profile::EBike), Directions::Both);
    }

    #[test]
    fn two_barriers_at_one_place_stop_whom_either_stops() {
        let both = Stopped::these(&[Profile::Car]).or(Stopped::these(&[Profile::EBike]));
        assert!(both.stops(Profile::Car) && both.stops(Profile::EBike) && !both.stops(Profile::Foot));
    }
}
