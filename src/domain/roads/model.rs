//! What a road is, and who may go along it.

use serde::{Deserialize, Serialize};

use crate::domain::basemap;
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::roads::{Access, Directions, Profile, RoadClass, RoadLine, Stopped};
use crate::terms;

terms! {
    /// How somebody moves.
    Mode {
        /// On foot.
        Foot = "foot", "步行";
        /// On an electric bicycle.
        EBike = "e_bike", "电动自行车";
        /// In a car.
        Car = "car", "汽车";
    }
}

terms! {
    /// Which way a road may be used, seen along the order of its vertices.
    RoadUse {
        /// Both ways.
        Both = "both", "双向";
        /// Only in the order of the vertices.
        Forward = "forward", "正向";
        /// Only against it.
        Backward = "backward", "反向";
        /// Not at all.
        No = "no", "禁止";
    }
}

/// A road: its line and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Road {
    /// Its vertices.
    pub line: Vec<Wgs84>,
    /// What is known of it.
    pub facts: RoadFacts,
}

/// What is known of a road, under the keys of the layer's columns.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RoadFacts {
    /// What it carries.
    pub class: basemap::RoadClass,
    /// What it is called.
    #[serde(default)]
    pub name: Option<String>,
    /// Its width in metres.
    #[serde(default)]
    pub width_m: Option<f64>,
    /// Whether vehicles may only go in the order of its vertices.
    #[serde(default)]
    pub one_way: Option<bool>,
    /// How it may be used on foot, if not as class and `one_way` say.
    #[serde(default)]
    pub foot: Option<RoadUse>,
    /// How it may be used on an electric bicycle, likewise.
    #[serde(default)]
    pub e_bike: Option<RoadUse>,
    /// How it may be used by car, likewise.
    #[serde(default)]
    pub car: Option<RoadUse>,
    /// The speed a sign allows.
    #[serde(default)]
    pub max_km_per_h: Option<f64>,
    /// What stands across it.
    #[serde(default)]
    pub barriers: Vec<Barrier>,
}

/// Something that stands across a road.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Barrier {
    /// The number of the road's vertex it stands at, from 0.
    pub vertex: usize,
    /// Whom it stops.
    pub stops: Vec<Mode>,
}

impl Mode {
    /// The kernel's name for it.
    #[must_use]
    pub const fn profile(self) -> Profile {
        match self {
            Self::Foot => Profile::Foot,
            Self::EBike => Profile::EBike,
            Self::Car => Profile::Car,
        }
    }
}

impl RoadUse {
    const fn directions(self) -> Directions {
        match self {
            Self::Both => Directions::Both,
            Self::Forward => Directions::Forward,
            Self::Backward => Directions::Backward,
            Self::No => Directions::None,
        }
    }
}

impl Road {
    /// The road in a projection. A barrier at a vertex that the line does not have is left out.
    #[must_use]
    pub fn project(&self, projection: GaussKruger) -> RoadLine {
        let facts = &self.facts;
        let given = [(Profile::Foot, facts.foot), (Profile::EBike, facts.e_bike), (Profile::Car, facts.car)];
        let usual = if facts.one_way == Some(true) { Access::ONE_WAY } else { Access::OPEN };
        let access = given.into_iter().fold(usual, |access, (profile, road_use)| match road_use {
            Some(road_use) => access.with(profile, road_use.directions()),
            None => access,
        });
        RoadLine {
            vertices: self.line.iter().map(|&at| projection.project(at).into()).collect(),
            class: kernel_class(facts.class),
            access,
            width_m: facts.width_m,
            limit_km_per_h: facts.max_km_per_h,
            name: facts.name.clone(),
            barriers: facts
                .barriers
                .iter()
                .filter(|barrier| barrier.vertex < self.line.len())
                .map(|barrier| {
                    let stops: Vec<Profile> = barrier.stops.iter().map(|mode| mode.profile()).collect();
                    (barrier.vertex, Stopped::these(&stops))
                })
                .collect(),
        }
    }
}

fn kernel_class(class: basemap::RoadClass) -> RoadClass {
    match class {
        basemap::RoadClass::Highway => RoadClass::Highway,
        basemap::RoadClass::Main => RoadClass::Main,
        basemap::RoadClass::Street => RoadClass::Street,
        basemap::RoadClass::Lane => RoadClass::Lane,
        basemap::RoadClass::Path => RoadClass::Path,
        basemap::RoadClass::Footway => RoadClass::Footway,
    }
}
