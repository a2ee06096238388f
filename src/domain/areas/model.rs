//! What an area is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::code::PlaceCode;
use crate::terms;

terms! {
    /// What kind of area it is.
    AreaKind {
        /// 省.
        Province = "province", "省";
        /// 市.
        City = "city", "市";
        /// 县.
        County = "county", "县";
        /// 街道.
        Street = "street", "街道";
        /// 镇.
        Town = "town", "镇";
        /// 村.
        Village = "village", "村";
        /// 社区.
        Community = "community", "社区";
    }
}

/// An area.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Area {
    /// Statistical division code.
    #[schema(value_type = String, example = "370828003218")]
    pub code: PlaceCode,
    /// The code of the area around it.
    #[schema(value_type = Option<String>)]
    pub parent_code: Option<PlaceCode>,
    /// What kind of area it is.
    pub kind: AreaKind,
    /// Its name.
    #[schema(example = "崔口村")]
    pub name: String,
    /// Its name in English, if it has one.
    pub name_en: Option<String>,
    /// People living there.
    pub population: Option<i32>,
    /// Party members among them.
    pub party_members: Option<i32>,
    /// Outline as GeoJSON, WGS84 longitude and latitude; absent where it is not known.
    #[schema(value_type = Option<Object>)]
    pub geometry: Option<serde_json::Value>,
    /// Rises with each change; the `ETag`.
    pub version: i32,
}

/// What an administrator may change about an area.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaChange {
    /// A new name.
    pub name: Option<String>,
    /// A new English name.
    pub name_en: Option<String>,
    /// People living there.
    pub population: Option<i32>,
    /// Party members among them.
    pub party_members: Option<i32>,
}
