//! What each layer's rows have: the key in GeoJSON and English headings, the Chinese heading, what fits.

use super::layer::Layer;
use crate::domain::areas::AreaKind;
use crate::domain::basemap::{BuildingKind, RoadClass, WaterKind};
use crate::domain::enterprises::{Category, EnterpriseStatus, HazardClass};
use crate::domain::grids::GridKind;
use crate::domain::hazards::{HazardKind, HazardStatus};
use crate::domain::households::{CareKind, Relation, Sex};
use crate::domain::id_number::IdNumber;
use crate::domain::phone::Phone;
use crate::domain::reports::{ReportKind, Status as ReportStatus};
use crate::domain::roads::RoadUse;
use crate::domain::social_credit_code::SocialCreditCode;
use crate::platform::accounts::Department;
use crate::platform::locale::Message;
use crate::platform::term::KeyAndTerm;

/// What fits in a column.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text of at most `max` characters.
    Text {
        /// Most characters.
        max: usize,
    },
    /// A code of the file's own choosing.
    Key,
    /// A place's code with one of these numbers of digits.
    Place(&'static [usize]),
    /// Text that a check of its own accepts.
    Checked(fn(&str) -> Result<(), Message>),
    /// A whole number.
    Integer {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// A number.
    Real {
        /// Least.
        min: f64,
        /// Most.
        max: f64,
    },
    /// Yes or no.
    Bool,
    /// One of a few terms.
    Term(&'static [KeyAndTerm]),
    /// A date.
    Date,
    /// A moment.
    Timestamp,
    /// A time of day.
    TimeOfDay,
    /// A UUID.
    Uuid,
    /// What stands across a road; in GeoJSON only.
    Barriers,
    /// A list or object; in GeoJSON only.
    Json,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// The key in GeoJSON, and the English heading.
    pub key: &'static str,
    /// The Chinese heading.
    pub zh: &'static str,
    /// What fits.
    pub kind: Kind,
    /// True when every row must have it.
    pub required: bool,
}

const fn required(key: &'static str, zh: &'static str, kind: Kind) -> Column {
    Column { key, zh, kind, required: true }
}

const fn optional(key: &'static str, zh: &'static str, kind: Kind) -> Column {
    Column { key, zh, kind, required: false }
}

const NAME: Kind = Kind::Text { max: 200 };
const COUNT: Kind = Kind::Integer { min: 0, max: 100_000_000 };

static AREAS: &[Column] = &[
    required("code", "编码", Kind::Place(&[2, 4, 6, 9, 12])),
    optional("parent_code", "上级编码", Kind::Place(&[2, 4, 6, 9])),
    required("kind", "类型", Kind::Term(AreaKind::TERMS)),
    required("name", "名称", NAME),
    optional("name_en", "英文名", NAME),
    optional("population", "人口", COUNT),
    optional("party_members", "党员数", COUNT),
];

static ROADS: &[Column] = &[
    required("code", "编码", Kind::Key),
    required("class", "类型", Kind::Term(RoadClass::TERMS)),
    optional("name", "名称", NAME),
    optional("width_m", "宽度", Kind::Real { min: 0.1, max: 200.0 }),
    optional("one_way", "单行", Kind::Bool),
    optional("foot", "步行通行", Kind::Term(RoadUse::TERMS)),
    optional("e_bike", "电动自行车通行", Kind::Term(RoadUse::TERMS)),
    optional("car", "汽车通行", Kind::Term(RoadUse::TERMS)),
    optional("max_km_per_h", "限速", Kind::Real { min: 1.0, max: 200.0 }),
    optional("barriers", "路障", Kind::Barriers),
];

static BUILDINGS: &[Column] = &[
    required("code", "编码", Kind::Key),
    optional("kind", "类型", Kind::Term(BuildingKind::TERMS)),
    optional("name", "名称", NAME),
    optional("levels", "层数", Kind::Integer { min: 1, max: 200 }),
];

static WATER: &[Column] = &[
    required("code", "编码", Kind::Key),
    required("kind", "类型", Kind::Term(WaterKind::TERMS)),
    optional("name", "名称", NAME),
];

static GRIDS: &[Column] = &[
    required("code", "编码", Kind::Place(&[15])),
    required("name", "名称", NAME),
    optional("kind", "类型", Kind::Term(GridKind::TERMS)),
    optional("valid_from", "生效日期", Kind::Date),
];

static HOUSEHOLDS: &[Column] = &[
    required("code", "编码", Kind::Key),
    required("address", "地址", Kind::Text { max: 300 }),
    optional("building_code", "房屋编码", Kind::Key),
    optional("resident_count", "人数", Kind::Integer { min: 0, max: 200 }),
    optional("floating", "流动人口户", Kind::Bool),
    optional("last_visited_at", "上次走访", Kind::Timestamp),
    optional(RESIDENT_LIST, "居民", Kind::Json),
    optional("resident_code", "居民编码", Kind::Key),
    optional("resident_name", "姓名", Kind::Text { max: 100 }),
    optional("resident_sex", "性别", Kind::Term(Sex::TERMS)),
    optional("resident_birth_year", "出生年", BIRTH_YEAR),
    optional("resident_relation", "与户主关系", Kind::Term(Relation::TERMS)),
    optional("resident_party_member", "党员", Kind::Bool),
    optional("resident_floating", "流动人口", Kind::Bool),
    optional("resident_phone", "电话", Kind::Checked(phone)),
    optional("resident_id_number", "身份证号", Kind::Checked(id_number)),
    optional("care_code", "关爱编码", Kind::Key),
    optional("care_kind", "关爱类型", Kind::Term(CareKind::TERMS)),
    optional("care_details", "关爱说明", Kind::Text { max: 2_000 }),
    optional("care_since", "关爱起始", Kind::Date),
    optional("care_last_visited_at", "上次探望", Kind::Timestamp),
];

/// The field of a GeoJSON household that lists its people.
pub(super) const RESIDENT_LIST: &str = "residents";

const BIRTH_YEAR: Kind = Kind::Integer { min: 1900, max: 2100 };

/// What a listed resident has. In a table these are columns of the household's own line.
pub(super) static RESIDENTS: &[Column] = &[
    required("resident_code", "居民编码", Kind::Key),
    required("resident_name", "姓名", Kind::Text { max: 100 }),
    required("resident_sex", "性别", Kind::Term(Sex::TERMS)),
    optional("resident_birth_year", "出生年", BIRTH_YEAR),
    optional("resident_relation", "与户主关系", Kind::Term(Relation::TERMS)),
    optional("resident_party_member", "党员", Kind::Bool),
    optional("resident_floating", "流动人口", Kind::Bool),
    optional("resident_phone", "电话", Kind::Checked(phone)),
    optional("resident_id_number", "身份证号", Kind::Checked(id_number)),
    optional("care_code", "关爱编码", Kind::Key),
    optional("care_kind", "关爱类型", Kind::Term(CareKind::TERMS)),
    optional("care_details", "关爱说明", Kind::Text { max: 2_000 }),
    optional("care_since", "关爱起始", Kind::Date),
    optional("care_last_visited_at", "上次探望", Kind::Timestamp),
];

static ENTERPRISES: &[Column] = &[
    required("code", "统一社会信用代码", Kind::Checked(social_credit_code)),
    required("name", "名称", NAME),
    required("category", "类别", Kind::Term(Category::TERMS)),
    required("hazard_class", "危险类别", Kind::Term(HazardClass::TERMS)),
    optional("floor_area_m2", "面积", Kind::Real { min: 0.1, max: 10_000_000.0 }),
    optional("staff", "人数", Kind::Integer { min: 0, max: 1_000_000 }),
    optional("opens", "开门", Kind::TimeOfDay),
    optional("closes", "关门", Kind::TimeOfDay),
    optional("address", "地址", Kind::Text { max: 300 }),
    optional("building_code", "房屋编码", Kind::Key),
    optional("status", "状态", Kind::Term(EnterpriseStatus::TERMS)),
    optional("last_inspected_at", "上次检查", Kind::Timestamp),
    optional("contact_name", "联系人", Kind::Text { max: 100 }),
    optional("phone", "电话", Kind::Checked(phone)),
];

static HAZARDS: &[Column] = &[
    required("code", "编码", Kind::Key),
    required("kind", "类型", Kind::Term(HazardKind::TERMS)),
    required("severity", "严重程度", SEVERITY),
    optional("status", "状态", Kind::Term(HazardStatus::TERMS)),
    required("description", "描述", Kind::Text { max: 2_000 }),
    optional("enterprise_code", "企业编码", Kind::Key),
    required("found_on", "发现日期", Kind::Date),
    optional("cleared_on", "消除日期", Kind::Date),
];

const SEVERITY: Kind = Kind::Integer { min: 1, max: 4 };

static REPORTS: &[Column] = &[
    optional("id", "编号", Kind::Uuid),
    required("kind", "类型", Kind::Term(ReportKind::TERMS)),
    optional("hazard_kind", "隐患类型", Kind::Term(HazardKind::TERMS)),
    required("severity", "严重程度", SEVERITY),
    required("words", "内容", Kind::Text { max: 4_000 }),
    optional("status", "状态", Kind::Term(ReportStatus::TERMS)),
    optional("resolved_on_spot", "即时处置", Kind::Bool),
    optional("department", "部门", Kind::Term(Department::TERMS)),
    required("happened_at", "发生时间", Kind::Timestamp),
    optional("received_at", "收到时间", Kind::Timestamp),
    optional("closed_at", "办结时间", Kind::Timestamp),
    optional("reported_by", "上报人", Kind::Key),
    optional("enterprise_code", "企业编码", Kind::Key),
    optional("accuracy_m", "定位精度", Kind::Real { min: 0.0, max: 100_000.0 }),
];

fn phone(text: &str) -> Result<(), Message> {
    text.parse::<Phone>().map(|_| ()).map_err(|error| error.message())
}

fn id_number(text: &str) -> Result<(), Message> {
    text.parse::<IdNumber>().map(|_| ()).map_err(|error| error.message())
}

fn social_credit_code(text: &str) -> Result<(), Message> {
    text.parse::<SocialCreditCode>().map(|_| ()).map_err(|error| error.message())
}

impl Column {
    /// False for what only GeoJSON can hold.
    #[must_use]
    pub fn in_tables(&self) -> bool {
        !matches!(self.kind, Kind::Json | Kind::Barriers)
    }
}

impl Kind {
    /// True where a spreadsheet must not make a number of it.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text { .. } | Self::Key | Self::Place(_) | Self::Checked(_) | Self::Uuid)
    }
}

/// The columns of a layer.
#[must_use]
pub fn columns(layer: Layer) -> &'static [Column] {
    match layer {
        Layer::Areas => AREAS,
        Layer::Grids => GRIDS,
        Layer::Households => HOUSEHOLDS,
        Layer::Enterprises => ENTERPRISES,
        Layer::Hazards => HAZARDS,
        Layer::Roads => ROADS,
        Layer::Buildings => BUILDINGS,
        Layer::Water => WATER,
        Layer::Reports => REPORTS,
    }
}
