//! What makes a find at an enterprise likelier, and how much that is believed to matter before the record is asked.
//!
//! The priors are our own judgement, published so that they can be argued with; none is taken from a standard. They
//! are wide enough that some dozens of finds overrule them. Never here: values.

use super::model::RiskKind;
use crate::domain::enterprises::HazardClass;
use crate::domain::hazards::HazardKind;
use crate::kernel::scoring::Prior;
use crate::terms;

terms! {
    /// A reason for a score.
    Feature {
        /// 危险类别.
        HazardClass = "hazard_class", "危险类别";
        /// 建筑面积.
        FloorArea = "floor_area", "建筑面积";
        /// 未消除隐患.
        OpenHazards = "open_hazards", "未消除隐患";
        /// 历史隐患.
        History = "history", "历史隐患";
        /// 距上次检查.
        SinceInspection = "since_inspection", "距上次检查";
        /// 周边隐患.
        Neighbours = "neighbours", "周边隐患";
        /// 逾期未整改.
        Overdue = "overdue", "逾期未整改";
    }
}

/// How many features there are.
pub(super) const FEATURES: usize = Feature::ALL.len();

/// The log of how many finds an average enterprise has in a quarter: one in twenty, give or take a factor of three.
pub(super) const INTERCEPT: Prior = Prior { mean: -3.0, sd: 1.1 };

impl Feature {
    /// What is believed of its coefficient: the change of the log rate per unit of [`super::sample`].
    pub(super) const fn prior(self) -> Prior {
        match self {
            Self::HazardClass => Prior { mean: 1.0, sd: 0.5 },
            Self::FloorArea => Prior { mean: 0.3, sd: 0.15 },
            Self::OpenHazards => Prior { mean: 0.5, sd: 0.3 },
            Self::History => Prior { mean: 0.6, sd: 0.3 },
            Self::SinceInspection => Prior { mean: 0.15, sd: 0.15 },
            Self::Neighbours => Prior { mean: 0.2, sd: 0.15 },
            Self::Overdue => Prior { mean: 0.3, sd: 0.2 },
        }
    }

    /// English, for people.
    pub(super) const fn en(self) -> &'static str {
        match self {
            Self::HazardClass => "Hazard class",
            Self::FloorArea => "Floor area",
            Self::OpenHazards => "Open hazards",
            Self::History => "Hazards found before",
            Self::SinceInspection => "Since the last inspection",
            Self::Neighbours => "Hazards nearby",
            Self::Overdue => "Overdue corrections",
        }
    }

    /// The unit of the value shown to people.
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::HazardClass => "0–1",
            Self::FloorArea => "m²",
            Self::OpenHazards | Self::History | Self::Neighbours => "severity/4",
            Self::SinceInspection => "days",
            Self::Overdue => "hazards",
        }
    }
}

impl RiskKind {
    /// Whether a hazard of this kind is one of it.
    pub(super) const fn holds(self, kind: HazardKind) -> bool {
        match self {
            Self::All => true,
            Self::Fire => matches!(kind, HazardKind::Fire | HazardKind::Electrical | HazardKind::Gas),
            Self::Safety => matches!(
                kind,
                HazardKind::Ammonia | HazardKind::Chemical | HazardKind::Structure | HazardKind::Other
            ),
        }
    }

    /// How dangerous a class is in this respect, from 0 to 1.
    pub(super) const fn danger(self, class: HazardClass) -> f64 {
        let (fire, safety) = match class {
            HazardClass::AmmoniaRefrigeration => (0.5, 1.0),
            HazardClass::FreonRefrigeration => (0.5, 0.4),
            HazardClass::FlammableStore => (1.0, 0.6),
            HazardClass::Dust => (0.8, 0.7),
            HazardClass::Pesticide => (0.5, 0.7),
            HazardClass::OpenFlame => (0.8, 0.4),
            HazardClass::Crowded => (0.6, 0.5),
            HazardClass::PressureVessel => (0.5, 0.8),
            HazardClass::General => (0.2, 0.2),
        };
        match self {
            Self::Fire => fire,
            Self::Safety => safety,
            Self::All => {
                if fire > safety {
                    fire
                } else {
                    safety
                }
            }
        }
    }
}
