//! What a grid is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::code::{GridCode, VillageCode};
use crate::platform::http::Fields;
use crate::platform::problem::Problem;
use crate::terms;

/// Most characters in a name.
pub(super) const MAX_NAME: usize = 200;

terms! {
    /// What kind of grid it is.
    GridKind {
        /// People live there.
        Base = "base", "基础网格";
        /// A school, a market, an industrial park.
        Exclusive = "exclusive", "专属网格";
    }
}

/// A grid.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Grid {
    /// Its village's code and three digits more.
    #[schema(value_type = String, example = "370828003218001")]
    pub code: GridCode,
    /// The village it belongs to.
    #[schema(value_type = String, example = "370828003218")]
    pub village_code: VillageCode,
    /// The village's name.
    pub village_name: Option<String>,
    /// Its name.
    pub name: String,
    /// What kind of grid it is.
    pub kind: GridKind,
    /// Who is responsible for it.
    pub members: Vec<Member>,
    /// Its boundary on the date asked about, as GeoJSON in WGS84 longitude and latitude; absent when it has none then.
    #[schema(value_type = Option<Object>)]
    pub geometry: Option<serde_json::Value>,
    /// The first date of that boundary.
    pub valid_from: Option<NaiveDate>,
    /// The first date on which it is no longer valid.
    pub valid_to: Option<NaiveDate>,
    /// Rises with each change of name or kind; the `ETag`.
    pub version: i32,
}

/// A grid member.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = GridMember)]
pub struct Member {
    /// The account.
    pub id: Uuid,
    /// The name shown to others.
    pub display_name: String,
}

/// What a planner may change about a grid without a new boundary plan.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GridChange {
    /// A new name.
    pub(super) name: Option<String>,
    /// Another kind.
    pub(super) kind: Option<GridKind>,
}

impl GridChange {
    /// Trims the name and checks it.
    ///
    /// # Errors
    /// 422 naming the field.
    pub(super) fn check(self) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        let name = self.name.map(|name| fields.text("name", &name, 1..=MAX_NAME));
        fields.finish()?;
        Ok(Self { name, ..self })
    }
}
