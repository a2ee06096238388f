//! The layers: what each shows, from which zoom, and which changes make its tiles old.

use crate::message;
use crate::platform::events::Change;
use crate::platform::locale::Message;
use crate::terms;

/// Clients draw deeper zooms from tiles of this one: 15 cm of ground per unit of a tile at the equator.
pub(super) const MAX_ZOOM: u8 = 16;

terms! {
    /// A layer of the map.
    Layer {
        /// 行政区划.
        Areas = "areas", "行政区划";
        /// 网格.
        Grids = "grids", "网格";
        /// 房屋.
        Buildings = "buildings", "房屋";
        /// 道路.
        Roads = "roads", "道路";
        /// 水系.
        Water = "water", "水系";
        /// 户.
        Households = "households", "户";
        /// 企业.
        Enterprises = "enterprises", "企业";
        /// 隐患.
        Hazards = "hazards", "隐患";
        /// 上报事件.
        Reports = "reports", "上报事件";
    }
}

/// A layer inside a tile, with its properties and what they are.
pub(super) struct Shape {
    pub(super) id: &'static str,
    pub(super) properties: &'static [(&'static str, &'static str)],
}

const AREA: &[(&str, &str)] = &[("code", "String"), ("kind", "String"), ("name", "String")];
const GRID: &[(&str, &str)] =
    &[("code", "String"), ("name", "String"), ("kind", "String"), ("no", "Number, within the village")];
const HOUSEHOLD: &[(&str, &str)] = &[
    ("id", "String"),
    ("resident_count", "Number"),
    ("special_care", "Number, 0 or 1; only for roles that may know"),
    ("overdue", "Number, 0 or 1: a call is due"),
];
const ENTERPRISE: &[(&str, &str)] = &[
    ("id", "String"),
    ("name", "String"),
    ("category", "String"),
    ("hazard_class", "String"),
    ("status", "String"),
];
const HAZARD: &[(&str, &str)] =
    &[("id", "String"), ("kind", "String"), ("severity", "Number, 1 to 4"), ("status", "String")];
const REPORT: &[(&str, &str)] = &[
    ("id", "String"),
    ("kind", "String"),
    ("hazard_kind", "String"),
    ("severity", "Number, 1 to 4"),
    ("status", "String"),
    ("happened", "Number, seconds since 1970-01-01T00:00:00Z"),
];

impl Layer {
    /// The zoom below which there is nothing to see, as the queries have it.
    pub(super) const fn min_zoom(self) -> u8 {
        match self {
            Self::Areas => 0,
            Self::Roads => 6,
            Self::Water => 8,
            Self::Reports => 10,
            Self::Grids | Self::Hazards => 11,
            Self::Enterprises => 12,
            Self::Households => 13,
            Self::Buildings => 14,
        }
    }

    /// What is inside its tiles.
    pub(super) const fn shapes(self) -> &'static [Shape] {
        match self {
            Self::Areas => {
                &[Shape { id: "areas", properties: AREA }, Shape { id: "areas_label", properties: AREA }]
            }
            Self::Grids => {
                &[Shape { id: "grids", properties: GRID }, Shape { id: "grids_label", properties: GRID }]
            }
            Self::Buildings => &[Shape {
                id: "buildings",
                properties: &[("kind", "String"), ("name", "String"), ("levels", "Number")],
            }],
            Self::Roads => &[Shape {
                id: "roads",
                properties: &[("class", "String"), ("name", "String"), ("width_m", "Number, metres")],
            }],
            Self::Water => &[Shape { id: "water", properties: &[("kind", "String"), ("name", "String")] }],
            Self::Households => &[Shape { id: "households", properties: HOUSEHOLD }],
            Self::Enterprises => &[Shape { id: "enterprises", properties: ENTERPRISE }],
            Self::Hazards => &[Shape { id: "hazards", properties: HAZARD }],
            Self::Reports => &[Shape { id: "reports", properties: REPORT }],
        }
    }

    /// One sentence about it.
    pub(super) fn description(self) -> Message {
        match self {
            Self::Areas => message!("行政区划及其注记点", "Areas, and points to label them at"),
            Self::Grids => {
                message!("今日有效的网格及其注记点", "Grids in force today, and points to label them at")
            }
            Self::Buildings => message!("房屋", "Buildings"),
            Self::Roads => message!("道路", "Roads"),
            Self::Water => message!("水系", "Water"),
            Self::Households => message!("辖区内的户", "Households in your area"),
            Self::Enterprises => message!("辖区内的企业", "Enterprises in your area"),
            Self::Hazards => message!("辖区内的隐患点", "Hazards in your area"),
            Self::Reports => message!("您可见的上报事件", "Reports you may see"),
        }
    }

    /// True when `change` may show in its tiles.
    pub(super) fn shows(self, change: &Change) -> bool {
        match change {
            Change::Layer { layer } => layer == self.key(),
            Change::Report { .. } => self == Self::Reports,
            // What lies in a grid belongs to whoever keeps it: new boundaries change who sees what.
            Change::Boundaries | Change::Missed => true,
            Change::Account { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_makes_the_tiles_of_its_layer_old() {
        let hazards = Change::Layer { layer: "hazards".into() };
        let shown = |change: &Change| Layer::ALL.iter().filter(|layer| layer.shows(change)).count();
        assert!(Layer::Hazards.shows(&hazards));
        assert_eq!(shown(&hazards), 1);
        assert_eq!(shown(&Change::Boundaries), Layer::ALL.len());
        assert_eq!(shown(&Change::Layer { layer: "unknown".into() }), 0);
    }
}
