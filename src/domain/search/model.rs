//! What a search finds.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::terms;

terms! {
    /// What was found.
    FoundKind {
        /// 网格.
        Grid = "grid", "网格";
        /// 行政区划.
        Area = "area", "行政区划";
        /// 户.
        Household = "household", "户";
        /// 企业.
        Enterprise = "enterprise", "企业";
        /// 隐患.
        Hazard = "hazard", "隐患";
        /// 上报事件.
        Report = "report", "上报事件";
    }
}

/// Everything found, the best first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchAnswer {
    /// At most 20.
    pub(super) items: Vec<Found>,
}

/// Something found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Which; absent for grids and areas, which go by their code.
    pub id: Option<Uuid>,
    /// Its code; a report goes by its id.
    pub code: String,
    /// What to call it.
    #[schema(example = "第1网格")]
    pub label: String,
    /// Where or what it is, in a few words.
    #[schema(example = "崔口村")]
    pub sublabel: String,
    /// Where: WGS84 longitude and latitude.
    pub at: [f64; 2],
    /// West, south, east, north in degrees, for what has an extent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
}
