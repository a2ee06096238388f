//! Hazard points: the dangers that reports found, where they were found, cleared when the report was closed.

use std::collections::BTreeMap;

use super::calendar::Minute;
use super::plane::Pt;
use super::reports::Report;
use super::street::Street;

pub(crate) struct Hazard {
    pub(crate) code: String,
    pub(crate) at: Pt,
    pub(crate) grid: usize,
    pub(crate) kind: &'static str,
    pub(crate) severity: u8,
    pub(crate) description: String,
    pub(crate) enterprise: Option<String>,
    pub(crate) found: Minute,
    pub(crate) cleared: Option<Minute>,
}

/// All of Cuikou's 97; elsewhere those that took more than a moment and are grave or not cleared yet.
pub(crate) fn hazards(street: &Street, reports: &[Report]) -> Vec<Hazard> {
    let cuikou = street.cuikou();
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    let mut hazards: Vec<Hazard> = reports
        .iter()
        .filter_map(|report| {
            let kind = report.hazard_kind?;
            let unit = report.grid / 3;
            let lasting = !report.resolved_on_spot && (report.severity >= 3 || report.closed.is_none());
            if unit != cuikou && !lasting {
                return None;
            }
            let number = numbers.entry(unit).or_insert(0);
            *number += 1;
            Some(Hazard {
                code: format!("{}-Y{number:04}", street.units[unit].code),
                at: report.at,
                grid: report.grid,
                kind,
                severity: report.severity,
                description: report.words.clone(),
                enterprise: report.enterprise.clone(),
                found: report.happened,
                cleared: report.closed,
            })
        })
        .collect();
    hazards.sort_by(|a, b| a.code.cmp(&b.code));
    hazards
}
