//! Who moves along a road, and how fast. Never here: the roads themselves.

/// The kind of a road, from the widest to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoadClass {
    /// 公路: a through road built for motor vehicles.
    Highway,
    /// 主干道: a main road of the street or village.
    Main,
    /// 街道: an ordinary village road.
    Street,
    /// 巷: a lane between courtyards.
    Lane,
    /// 田间路: a track between fields.
    Path,
    /// 人行道: for people on foot.
    Footway,
}

/// A way of moving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// 步行: on foot, both ways along every road.
    Foot,
    /// 电动自行车: an electric bicycle.
    EBike,
    /// 汽车: a car.
    Car,
}

/// The narrowest road a car is sent along, in metres: a small car is 1.8 m wide with its mirrors folded out.
const CAR_NEEDS_M: f64 = 2.5;

impl Profile {
    /// Every profile, in the order of their discriminants.
    pub const ALL: [Self; 3] = [Self::Foot, Self::EBike, Self::Car];

    /// Speed on foot in metres per second: 4.5 km/h, what a person who works on foot keeps up all day. A
    /// little under the 1.34 m/s of a free pedestrian (Weidmann 1993).
    pub const FOOT_M_PER_S: f64 = 1.25;

    /// Speed along a road in metres per second, or `None` where this profile may not or cannot go.
    ///
    /// An e-bike keeps to 15 km/h, the limit for electric bicycles in the Road Traffic Safety Law of the
    /// People's Republic of China, article 58; the other speeds are what village roads allow in practice. A
    /// road of unknown width (`None`) is taken to be wide enough for its class. A car keeps to `limit_km_per_h`
    /// where a sign sets one below what is usual.
    #[must_use]
    pub fn speed_m_per_s(
        self,
        class: RoadClass,
        width_m: Option<f64>,
        limit_km_per_h: Option<f64>,
    ) -> Option<f64> {
        use RoadClass::{Footway, Highway, Lane, Main, Path, Street};
        let limit_km_per_h = limit_km_per_h.filter(|&limit| limit > 0.0).unwrap_or(f64::INFINITY);
        let km_per_h = |v: f64| Some(v.min(limit_km_per_h) / 3.6);
        match (self, class) {
            (Self::Foot, _) => Some(Self::FOOT_M_PER_S),
            (Self::EBike, Highway | Main | Street) => km_per_h(15.0),
            (Self::EBike, Lane) => km_per_h(12.0),
            (Self::EBike, Path | Footway) => km_per_h(8.0),
            (Self::Car, _) if width_m.is_some_and(|width| width < CAR_NEEDS_M) => None,
            (Self::Car, Highway) => km_per_h(60.0),
            (Self::Car, Main) => km_per_h(40.0),
            (Self::Car, Street) => km_per_h(30.0),
            (Self::Car, Lane) => km_per_h(20.0),
            (Self::Car, Path | Footway) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_car_stays_out_of_narrow_lanes_and_off_footways() {
        assert!(Profile::Car.speed_m_per_s(RoadClass::Lane, Some(2.4), None).is_none());
        assert!(Profile::Car.speed_m_per_s(RoadClass::Lane, Some(2.5), None).is_some());
        assert!(Profile::Car.speed_m_per_s(RoadClass::Lane, None, None).is_some());
        assert!(Profile::Car.speed_m_per_s(RoadClass::Footway, Some(10.0), None).is_none());
    }

    #[test]
    fn feet_go_everywhere_at_the_same_pace() {
        for class in [RoadClass::Highway, RoadClass::Main, RoadClass::Lane, RoadClass::Footway] {
            assert_eq!(Profile::Foot.speed_m_per_s(class, Some(0.5), None), Some(1.25));
        }
    }

    #[test]
    fn a_sign_slows_a_car_but_never_speeds_it_up() {
        let speed = |limit| Profile::Car.speed_m_per_s(RoadClass::Street, None, limit).unwrap() * 3.6;
        assert!((speed(None) - 30.0).abs() < 1e-9);
        assert!((speed(Some(15.0)) - 15.0).abs() < 1e-9);
        assert!((speed(Some(80.0)) - 30.0).abs() < 1e-9);
        assert_eq!(Profile::Foot.speed_m_per_s(RoadClass::Street, None, Some(1.0)), Some(1.25));
    }
}
