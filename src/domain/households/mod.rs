//! Households (户), their residents (居民), and who among them needs special care (重点关爱对象).

mod api;
mod change;
mod model;
mod resident;
mod store;

pub use api::router;
pub use model::{
    CARE_CALL_DAYS, Care, CareKind, HOUSEHOLD_CALL_DAYS, Household, Relation, Resident, Sex, knows_care,
};
