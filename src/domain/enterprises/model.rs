//! What an enterprise is.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::time_of_day::TimeOfDay;
use crate::domain::visibility::Visibility;
use crate::platform::accounts::Role;
use crate::platform::code::{GridCode, PlaceCode};
use crate::terms;

/// Who may record and change enterprises: as the policies on `enterprises` have it.
pub(super) const WRITERS: &[Role] =
    &[Role::GridMember, Role::GridChief, Role::Inspector, Role::Administrator];
/// Who may write whom to call: as the policies on `enterprise_contacts` have it.
pub(super) const CONTACT_WRITERS: &[Role] = &[Role::GridMember, Role::GridChief, Role::Inspector];
/// Who may read it.
pub(super) const CONTACT_READERS: &[Role] =
    &[Role::GridMember, Role::GridChief, Role::Police, Role::Inspector];

terms! {
    /// What an enterprise does.
    Category {
        /// 冷库.
        ColdStore = "cold_store", "冷库";
        /// 大蒜加工.
        GarlicProcessor = "garlic_processor", "大蒜加工";
        /// 包装.
        Packer = "packer", "包装";
        /// 农资.
        FarmSupply = "farm_supply", "农资";
        /// 餐饮.
        Restaurant = "restaurant", "餐饮";
        /// 商店.
        Shop = "shop", "商店";
        /// 作坊.
        Workshop = "workshop", "作坊";
        /// 物流.
        Logistics = "logistics", "物流";
        /// 加油加气.
        Fuel = "fuel", "加油加气";
        /// 诊所.
        Clinic = "clinic", "诊所";
        /// 学校.
        School = "school", "学校";
        /// 其他.
        Other = "other", "其他";
    }
}

terms! {
    /// What is dangerous about an enterprise.
    HazardClass {
        /// 涉氨制冷.
        AmmoniaRefrigeration = "ammonia_refrigeration", "涉氨制冷";
        /// 氟利昂制冷.
        FreonRefrigeration = "freon_refrigeration", "氟利昂制冷";
        /// 易燃品储存.
        FlammableStore = "flammable_store", "易燃品储存";
        /// 粉尘.
        Dust = "dust", "粉尘";
        /// 农药.
        Pesticide = "pesticide", "农药";
        /// 明火.
        OpenFlame = "open_flame", "明火";
        /// 人员密集.
        Crowded = "crowded", "人员密集";
        /// 压力容器.
        PressureVessel = "pressure_vessel", "压力容器";
        /// 一般.
        General = "general", "一般";
    }
}

terms! {
    /// Whether an enterprise is at work.
    EnterpriseStatus {
        /// 在营.
        Active = "active", "在营";
        /// 季节性经营.
        Seasonal = "seasonal", "季节性经营";
        /// 已停业.
        Closed = "closed", "已停业";
    }
}

/// An enterprise.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Enterprise {
    /// Which.
    pub id: Uuid,
    /// Its unified social credit code.
    #[schema(example = "91370828MA3TET1007")]
    pub code: String,
    /// The narrowest place it lies in.
    #[schema(value_type = String)]
    pub place_code: PlaceCode,
    /// The grid it lies in, if in one.
    #[schema(value_type = Option<String>)]
    pub grid_code: Option<GridCode>,
    /// Its name.
    pub name: String,
    /// What it does.
    pub category: Category,
    /// What is dangerous about it.
    pub hazard_class: HazardClass,
    /// Floor area in square metres.
    pub floor_area_m2: Option<f32>,
    /// People who work there.
    pub staff: Option<i32>,
    /// When it opens.
    #[schema(value_type = Option<String>, example = "08:00")]
    pub opens: Option<TimeOfDay>,
    /// When it closes.
    #[schema(value_type = Option<String>, example = "18:00")]
    pub closes: Option<TimeOfDay>,
    /// Its address.
    pub address: Option<String>,
    /// The code of the building it is in.
    pub building_code: Option<String>,
    /// Whether it is at work.
    pub status: EnterpriseStatus,
    /// When it was last inspected.
    pub last_inspected_at: Option<DateTime<Utc>>,
    /// Where: a GeoJSON point, WGS84 longitude and latitude.
    #[schema(value_type = Object)]
    pub geometry: serde_json::Value,
    /// Rises with each change; the `ETag`.
    pub version: i32,
}

/// Whom to call.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(super) struct Contact {
    /// The name of the person in charge.
    pub(super) contact_name: Option<String>,
    /// Their telephone number.
    pub(super) phone: Option<String>,
}

/// An enterprise, and whom to call for those who may know.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct EnterpriseWithContact {
    #[serde(flatten)]
    pub(super) enterprise: Enterprise,
    /// Whether the caller's role may know whom to call.
    pub(super) contact: Visibility,
    #[serde(flatten)]
    pub(super) person: Contact,
}
