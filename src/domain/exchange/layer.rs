//! The layers that travel as files.

use crate::terms;

terms! {
    /// A layer that can be imported and exported.
    Layer {
        /// 行政区划.
        Areas = "areas", "行政区划";
        /// 网格.
        Grids = "grids", "网格";
        /// 户.
        Households = "households", "户";
        /// 企业.
        Enterprises = "enterprises", "企业";
        /// 隐患点.
        Hazards = "hazards", "隐患";
        /// 道路.
        Roads = "roads", "道路";
        /// 房屋.
        Buildings = "buildings", "房屋";
        /// 水系.
        Water = "water", "水系";
        /// 上报事件.
        Reports = "reports", "上报事件";
    }
}

/// What geometry the rows of a layer have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryKind {
    /// A point: `lon` and `lat` columns in a table.
    Point,
    /// A line: a `wkt` column in a table.
    Line,
    /// A polygon or several: a `wkt` column in a table.
    Area,
    /// A line or polygons: a `wkt` column in a table.
    LineOrArea,
}

impl Layer {
    /// What geometry its rows have.
    #[must_use]
    pub const fn geometry(self) -> GeometryKind {
        match self {
            Self::Areas | Self::Grids | Self::Buildings => GeometryKind::Area,
            Self::Roads => GeometryKind::Line,
            Self::Water => GeometryKind::LineOrArea,
            Self::Households | Self::Enterprises | Self::Hazards | Self::Reports => GeometryKind::Point,
        }
    }

    /// Only an area may be known by name before anybody drew it.
    #[must_use]
    pub const fn needs_geometry(self) -> bool {
        !matches!(self, Self::Areas)
    }

    /// The column that tells rows apart.
    #[must_use]
    pub const fn id_column(self) -> &'static str {
        match self {
            Self::Reports => "id",
            _ => "code",
        }
    }
}
