//! Why a question has no answer, in the words and names of those who asked.

use super::question::Question;
use crate::kernel::zoning::{GroundError, Impossible, ZoneId};
use crate::message;
use crate::platform::locale::Message;

/// Why there is no proposal.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub Message);

impl Refusal {
    pub(super) fn of_ground(question: &Question, error: &GroundError) -> Self {
        Self(match error {
            GroundError::Empty => message!("没有任何单元", "there are no units"),
            GroundError::Unusable(unit) => {
                let unit = &question.units[*unit];
                message!("单元 {unit} 没有可用的位置", "unit {unit} has no usable place")
            }
            other => message!("单元的图形无法剖分：{other}", "the units' shapes cannot be divided: {other}"),
        })
    }

    pub(super) fn of_search(question: &Question, error: &Impossible) -> Self {
        let unit = |unit: &usize| question.units[*unit].clone();
        let zone = |zone: &ZoneId| question.today[zone.0 as usize].clone();
        let percent = |x: f64| (x * 1000.0).round() / 10.0;
        let tolerance = percent(question.tolerance);
        Self(match error {
            Impossible::NoZones => message!("网格数应至少为 1", "at least one zone is needed"),
            Impossible::TooManyZones { zones, sites } => message!(
                "要划 {zones} 个网格，但单元只在 {sites} 处（同一处的单元不分开）",
                "{zones} zones are wanted, but the units are at {sites} places only (units at one place stay together)"
            ),
            Impossible::Burden(u) => {
                let unit = unit(u);
                message!(
                    "单元 {unit} 的负荷或人数为负或不是数",
                    "the load or people of unit {unit} are negative or no number"
                )
            }
            Impossible::NoLoad => message!(
                "所有单元的负荷都是零，无从均衡",
                "every unit's load is zero: there is nothing to even out"
            ),
            Impossible::LockedNowhere(u) => {
                let unit = unit(u);
                message!(
                    "单元 {unit} 已锁定，但目前不属于任何网格",
                    "unit {unit} is locked but is in no zone today"
                )
            }
            Impossible::LockedEmpty(z) => {
                let zone = zone(z);
                message!("已锁定的网格 {zone} 没有单元", "locked zone {zone} has no units")
            }
            Impossible::LockedTogether(a, b) => {
                let (a, b) = (unit(a), unit(b));
                message!(
                    "单元 {a} 与 {b} 在同一处，却锁定在不同的网格",
                    "units {a} and {b} are at one place but locked in different zones"
                )
            }
            Impossible::TooManyLocked { locked, zones } => message!(
                "有 {locked} 个网格含锁定内容，而只要划 {zones} 个网格",
                "{locked} zones hold locks, but only {zones} zones are wanted"
            ),
            Impossible::LockedLoad { zone: z, load, low, high } => {
                let zone = zone(z);
                message!(
                    "锁定的网格 {zone} 负荷为 {load:.1}，不在允许的 {low:.1} 至 {high:.1} 之间（均值 ±{tolerance}%）；请解锁它或放宽容许的偏差",
                    "locked zone {zone} has a load of {load:.1}, outside of {low:.1} to {high:.1} (the mean ±{tolerance} %): unlock it or widen the tolerance"
                )
            }
            Impossible::LockedUnits { zone: z, load, high } => {
                let zone = zone(z);
                message!(
                    "锁定在网格 {zone} 的单元负荷合计 {load:.1}，超过上限 {high:.1}（均值 +{tolerance}%）；请解锁其中一些或放宽容许的偏差",
                    "the units locked in zone {zone} have a load of {load:.1} together, above the limit of {high:.1} (the mean +{tolerance} %): unlock some or widen the tolerance"
                )
            }
            Impossible::LockedApart(z) => {
                let zone = zone(z);
                message!(
                    "锁定在网格 {zone} 的单元无法连成一片",
                    "what is locked in zone {zone} cannot be joined into one piece"
                )
            }
            Impossible::Parts { parts, zones } => message!(
                "障碍与锁定把单元隔成 {parts} 片，而只要划 {zones} 个网格",
                "barriers and locks leave {parts} separate parts, but only {zones} zones are wanted"
            ),
            other => message!("无法划分：{other}", "there can be no plan: {other}"),
        })
    }
}
