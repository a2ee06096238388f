//! A village's rules for its calls: how often whom, by whom, for how long, and how pressing.
//!
//! The service's own rules stand where a village has none. Never here: whom a call is for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cadence::Cadence;
use crate::domain::enterprises::HazardClass;
use crate::domain::households::{CARE_CALL_DAYS, HOUSEHOLD_CALL_DAYS};
use crate::domain::visits::TargetKind;
use crate::message;
use crate::platform::accounts::Role;
use crate::platform::http::Fields;
use crate::platform::problem::Problem;

/// A village's rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DutyRules)]
pub struct Rules {
    /// The rules. A target answers to the first one that fits; one that fits none, to the service's own.
    #[schema(max_items = 100)]
    pub rules: Vec<Rule>,
    /// Weekdays on which nobody is asked to call: 1 Monday to 7 Sunday.
    #[schema(max_items = 6, example = json!([7]))]
    pub rest_weekdays: Vec<u8>,
    /// Whether calls are due on public holidays.
    pub works_on_holidays: bool,
}

/// How often one kind of target is called at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DutyRule)]
pub struct Rule {
    /// What kind of target.
    pub target_kind: TargetKind,
    /// Only enterprises of this hazard class, or hazards of this severity; all unless given.
    #[schema(example = "ammonia_refrigeration")]
    pub of: Option<String>,
    /// Who makes the calls.
    pub roles: Vec<Role>,
    /// Days from one call to the next, 1 to 366.
    #[schema(minimum = 1, maximum = 366)]
    pub every_days: u16,
    /// The same for an enterprise at risk: one with an open hazard of severity 3 or 4.
    #[schema(minimum = 1, maximum = 366)]
    pub at_risk_every_days: Option<u16>,
    /// Minutes a call takes, 1 to 480.
    #[schema(minimum = 1, maximum = 480)]
    pub service_min: u16,
    /// How pressing a call is when it is due: 1 low to 4 grave.
    #[schema(minimum = 1, maximum = 4)]
    pub priority: u8,
}

impl Default for Rules {
    /// The service's own rules.
    fn default() -> Self {
        let rule = |target_kind, of: Option<&str>, every_days, service_min, priority| Rule {
            target_kind,
            of: of.map(str::to_owned),
            roles: match target_kind {
                TargetKind::Household | TargetKind::SpecialCare => vec![Role::GridMember],
                TargetKind::Enterprise | TargetKind::Hazard => vec![Role::GridMember, Role::Inspector],
            },
            every_days,
            at_risk_every_days: (target_kind == TargetKind::Enterprise).then_some(every_days.div_ceil(2)),
            service_min,
            priority,
        };
        let enterprise = |class: HazardClass, every_days, service_min, priority| {
            rule(TargetKind::Enterprise, Some(class.key()), every_days, service_min, priority)
        };
        Self {
            rules: vec![
                rule(TargetKind::Household, None, HOUSEHOLD_CALL_DAYS as u16, 10, 1),
                rule(TargetKind::SpecialCare, None, CARE_CALL_DAYS as u16, 20, 3),
                enterprise(HazardClass::AmmoniaRefrigeration, 15, 40, 3),
                enterprise(HazardClass::FlammableStore, 30, 30, 2),
                enterprise(HazardClass::Dust, 30, 30, 2),
                enterprise(HazardClass::Pesticide, 30, 30, 2),
                enterprise(HazardClass::PressureVessel, 30, 30, 2),
                enterprise(HazardClass::OpenFlame, 30, 20, 2),
                enterprise(HazardClass::Crowded, 30, 20, 2),
                enterprise(HazardClass::FreonRefrigeration, 60, 20, 1),
                enterprise(HazardClass::General, 90, 15, 1),
                rule(TargetKind::Hazard, Some("4"), 1, 15, 4),
                rule(TargetKind::Hazard, Some("3"), 3, 10, 3),
                rule(TargetKind::Hazard, Some("2"), 7, 10, 2),
                rule(TargetKind::Hazard, Some("1"), 14, 10, 1),
            ],
            rest_weekdays: vec![7],
            works_on_holidays: false,
        }
    }
}

impl Rules {
    /// The rule for a target: `of` is its hazard class or severity.
    pub(super) fn rule(&self, kind: TargetKind, of: Option<&str>) -> Option<&Rule> {
        self.rules
            .iter()
            .find(|rule| rule.target_kind == kind && (rule.of.is_none() || rule.of.as_deref() == of))
    }

    /// # Errors
    /// 422 naming every field at fault.
    pub(super) fn check(self) -> Result<Self, Problem> {
        let mut fields = Fields::default();
        fields.within("rules", self.rules.len(), &(0..=100));
        if self.rest_weekdays.iter().any(|day| !(1..=7).contains(day)) || self.rest_weekdays.len() > 6 {
            fields.refuse("rest_weekdays", message!("应为 1 到 7，至多六天", "1 to 7, six of them at most"));
        }
        for rule in &self.rules {
            fields.within("rules.every_days", rule.every_days, &(1..=366));
            fields.within("rules.at_risk_every_days", rule.at_risk_every_days.unwrap_or(1), &(1..=366));
            fields.within("rules.service_min", rule.service_min, &(1..=480));
            fields.within("rules.priority", rule.priority, &(1..=4));
            let walks = |role: &Role| matches!(role, Role::GridMember | Role::GridChief | Role::Inspector);
            if rule.roles.is_empty() || !rule.roles.iter().all(walks) {
                fields.refuse(
                    "rules.roles",
                    message!("应为网格员、网格长或检查员", "grid members, grid chiefs or inspectors"),
                );
            }
            let known = match (rule.target_kind, rule.of.as_deref()) {
                (_, None) => true,
                (TargetKind::Enterprise, Some(class)) => {
                    HazardClass::ALL.iter().any(|known| known.key() == class)
                }
                (TargetKind::Hazard, Some(severity)) => matches!(severity, "1" | "2" | "3" | "4"),
                _ => false,
            };
            if !known {
                fields
                    .refuse("rules.of", message!("应为危险类别或严重程度", "a hazard class, or a severity"));
            }
        }
        fields.finish()?;
        Ok(self)
    }
}

impl Rule {
    /// How often a call is made, at risk or not.
    pub(super) fn cadence(&self, at_risk: bool) -> Cadence {
        let every = self.at_risk_every_days.filter(|_| at_risk).unwrap_or(self.every_days);
        Cadence {
            every_days: i64::from(every),
            service_min: u32::from(self.service_min),
            priority: self.priority.clamp(1, 4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_own_rules_are_sound_and_cover_everything() {
        let rules = Rules::default().check().unwrap();
        for class in HazardClass::ALL {
            assert!(rules.rule(TargetKind::Enterprise, Some(class.key())).is_some(), "{class}");
        }
        for severity in ["1", "2", "3", "4"] {
            assert!(rules.rule(TargetKind::Hazard, Some(severity)).is_some());
        }
    }

    #[test]
    fn the_graver_the_hazard_the_sooner_and_dearer_the_call() {
        let rules = Rules::default();
        let cadence = |severity| rules.rule(TargetKind::Hazard, Some(severity)).unwrap().cadence(false);
        for pair in ["1", "2", "3", "4"].map(cadence).windows(2) {
            assert!(pair[0].every_days > pair[1].every_days && pair[0].priority < pair[1].priority);
        }
    }

    #[test]
    fn an_enterprise_at_risk_is_inspected_twice_as_often() {
        let rules = Rules::default();
        let rule = rules.rule(TargetKind::Enterprise, Some("dust")).unwrap();
        assert_eq!((rule.cadence(false).every_days, rule.cadence(true).every_days), (30, 15));
    }

    #[test]
    fn nonsense_is_named() {
        let mut rules = Rules::default();
        rules.rules[0].every_days = 0;
        rules.rules[1].of = Some("dust".into());
        rules.rules[2].roles.clear();
        rules.rest_weekdays = vec![8];
        let problem = rules.check().unwrap_err();
        let named: Vec<_> = problem.fields.iter().map(|fault| fault.field.to_string()).collect();
        assert_eq!(named, ["rest_weekdays", "rules.every_days", "rules.of", "rules.roles"]);
    }
}
