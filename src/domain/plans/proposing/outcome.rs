//! What came of a search: drawings that could be adopted as they are, with figures before anybody does.

use std::collections::{BTreeMap, BTreeSet};

use geo::{BooleanOps, BoundingRect, Intersects, MultiPolygon};
use serde::Serialize;
use utoipa::ToSchema;

use super::ProposalAim;
use super::ask::Ask;
use super::land::{Land, Surveyed};
use crate::domain::grids::{DrawnGrids, Surroundings, check};
use crate::domain::plans::draft::{Draft, MOST_GRIDS};
use crate::domain::plans::figures::{GridFigures, figures, index, locate};
use crate::domain::plans::finding::{FindingKind, Grounds};
use crate::domain::plans::model::SizeRule;
use crate::domain::plans::sheet::Sheet;
use crate::domain::plans::start;
use crate::domain::plans::unit::Load;
use crate::domain::rezoning::{Answer, Drawn, DrawnPlan, Overall, ProposalReport, answer, summary};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::measure::multi_area_m2;
use crate::kernel::zoning::{Budget, Effort};
use crate::message;
use crate::platform::code::GridCode;
use crate::platform::locale::{Locale, Message};

/// What a search found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanSearchOutcome)]
pub(in crate::domain::plans) struct Outcome {
    /// How many grids the proposals have, those that stay as they are among them.
    pub(in crate::domain::plans) grids: usize,
    /// The largest deviation from the mean load as the draft is drawn now, as a share of the mean, over the grids that are
    /// not locked.
    pub(in crate::domain::plans) deviation_now: Option<f64>,
    /// The proposals, each on the front of those that no other beats in everything.
    pub(in crate::domain::plans) proposals: Vec<Proposed>,
    /// What a reader should know.
    pub(in crate::domain::plans) notes: Vec<Message>,
}

/// A proposal: what the draft would be.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanProposal)]
pub(in crate::domain::plans) struct Proposed {
    /// What it puts first.
    pub(in crate::domain::plans) aim: ProposalAim,
    /// What it does, in a sentence.
    pub(in crate::domain::plans) summary: Message,
    /// The largest |load − mean| / mean of a grid that is not locked.
    pub(in crate::domain::plans) max_deviation: f64,
    /// The mean of the same.
    pub(in crate::domain::plans) mean_deviation: f64,
    /// Households that come to another grid than they are in as the draft is drawn now.
    pub(in crate::domain::plans) households_moved: i64,
    /// People who do.
    pub(in crate::domain::plans) people_moved: i64,
    /// Enterprises that do.
    pub(in crate::domain::plans) enterprises_moved: i64,
    /// Metres of border between the grids that are not locked, before straightening.
    pub(in crate::domain::plans) border_m: f64,
    /// The share of it along roads and ditches.
    pub(in crate::domain::plans) along_roads: f64,
    /// How round the grids are on average: 4π·area/perimeter² (Polsby and Popper 1991).
    pub(in crate::domain::plans) compactness: f64,
    /// Its grids, in the order of their codes.
    pub(in crate::domain::plans) grids: Vec<ProposedGrid>,
    /// How many findings of each kind the draft would have.
    #[schema(value_type = BTreeMap<String, usize>)]
    pub(in crate::domain::plans) findings: BTreeMap<FindingKind, usize>,
    /// Its drawing.
    pub(in crate::domain::plans) sheet: Sheet,
}

/// A grid of a proposal.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PlanProposalGrid)]
pub(in crate::domain::plans) struct ProposedGrid {
    /// What it is called.
    pub(in crate::domain::plans) name: String,
    /// Whether the draft has no such grid now.
    pub(in crate::domain::plans) is_new: bool,
    /// Whether it stays as it is, being locked or exclusive.
    pub(in crate::domain::plans) stays: bool,
    /// The load that was evened out.
    pub(in crate::domain::plans) weighed: f64,
    #[serde(flatten)]
    pub(in crate::domain::plans) figures: GridFigures,
}

/// Everything a search is made of.
#[derive(Debug)]
pub(in crate::domain::plans) struct Search {
    pub(in crate::domain::plans) draft: Draft,
    pub(in crate::domain::plans) surveyed: Surveyed,
    pub(in crate::domain::plans) around: Surroundings,
    pub(in crate::domain::plans) size: SizeRule,
    pub(in crate::domain::plans) ask: Ask,
}

impl Search {
    /// Searches. Takes seconds or minutes; `progress` is told the share done and answers whether to go on. Nothing when
    /// it was stopped.
    ///
    /// # Errors
    /// Why there can be no proposal.
    pub(in crate::domain::plans) fn run(
        &self,
        progress: &(dyn Fn(f64) -> bool + Sync),
    ) -> Result<Option<Outcome>, Message> {
        let land = Land::survey(&self.draft, &self.surveyed, &self.ask, &self.size)?;
        let budget = Budget::for_sites(land.question.units.len());
        let effort = Effort { seed: self.ask.seed, budget, progress };
        let Answer { report, plans, stopped, .. } =
            answer(&land.question, &effort).map_err(|refusal| refusal.0)?;
        if stopped {
            return Ok(None);
        }
        let mut notes = report.notes;
        let mut proposals = Vec::with_capacity(plans.len());
        for (found, plan) in report.proposals.iter().zip(plans) {
            match self.proposed(&land, found, plan, report.deviation_today) {
                // One plan may be the best in two ways.
                Ok(proposed) if proposals.iter().any(|other: &Proposed| other.sheet == proposed.sheet) => {}
                Ok(proposed) => proposals.push(proposed),
                Err(why) => notes.push(why),
            }
        }
        if proposals.is_empty() {
            return Err(notes.pop().unwrap_or_else(|| message!("没有找到方案", "no plan was found")));
        }
        let grids = proposals[0].grids.len();
        Ok(Some(Outcome { grids, deviation_now: report.deviation_today, proposals, notes }))
    }

    /// One proposal as a drawing of the whole village.
    ///
    /// # Errors
    /// Why it cannot be adopted.
    fn proposed(
        &self,
        land: &Land,
        found: &ProposalReport,
        plan: DrawnPlan,
        deviation_now: Option<f64>,
    ) -> Result<Proposed, Message> {
        let aim = ProposalAim::from(plan.aim);
        let unfit = |what: &str, why: &Message| {
            let (zh, en) = (&why.zh, &why.en);
            let (name, key) = (aim.zh(), aim.key());
            tracing::warn!(aim = key, what, %why, "a proposal was left out");
            message!("“{name}”一案未通过检查：{zh}", "the proposal {key} did not pass the checks: {en}")
        };
        let draft = self.drawn(land, plan.zones).map_err(|why| unfit("drawing", &why))?;
        let shapes = draft.shapes();
        let broken = || message!("图形无法使用", "its shapes cannot be used");
        let after = index(&shapes).map_err(|_| broken())?;
        let before_shapes = self.draft.shapes();
        let before = index(&before_shapes).map_err(|_| broken())?;
        let (mut moved, mut places) = (Load::default(), 0);
        for unit in &self.surveyed.units {
            let code = |index, shapes: &[(GridCode, MultiPolygon<f64>)]| {
                locate(index, unit.at)
                    .and_then(|face| shapes.get(face.0 as usize))
                    .map(|(code, _)| code.clone())
            };
            if code(&before, &before_shapes) != code(&after, &shapes) {
                moved.add(&unit.load);
                places += 1;
            }
        }
        let figures = figures(&shapes, &self.surveyed.units).map_err(|_| broken())?;
        let drawn =
            DrawnGrids::new(shapes.iter().map(|(code, shape)| (code.clone(), None, None, shape.clone())))
                .map_err(|_| broken())?;
        let grounds = Grounds {
            draft: &draft,
            grids: &shapes,
            index: &after,
            figures: &figures,
            surveyed: &self.surveyed,
            size: self.size,
            fit: &check(&drawn, &self.around, Locale::Zh),
            locale: Locale::Zh,
        };
        let mut findings = BTreeMap::new();
        for finding in grounds.findings() {
            *findings.entry(finding.kind).or_default() += 1;
        }
        let overall =
            Overall { people_moved: moved.people as f64, units_moved: places, ..found.overall.clone() };
        let grid = |figures: GridFigures| {
            let face = FaceId(u32::from(figures.code.number()));
            ProposedGrid {
                name: draft.grids.get(&face).map_or_else(String::new, |grid| grid.name.clone()),
                is_new: !self.draft.grids.contains_key(&face),
                stays: self.draft.grids.contains_key(&face) && !land.open.contains(&face),
                weighed: self.ask.load.of(&figures.load, land.walking_hours_per_call),
                figures,
            }
        };
        Ok(Proposed {
            aim,
            summary: summary(plan.aim, &overall, deviation_now, !land.question.roads.is_empty()),
            max_deviation: overall.max_deviation,
            mean_deviation: overall.mean_deviation,
            households_moved: moved.households,
            people_moved: moved.people,
            enterprises_moved: moved.enterprise_count(),
            border_m: overall.border_m,
            along_roads: overall.along_roads,
            compactness: figures.iter().map(|f| f.compactness).sum::<f64>() / figures.len() as f64,
            grids: figures.into_iter().map(grid).collect(),
            findings,
            sheet: draft.sheet(),
        })
    }

    /// The draft with the zones in place of the grids that were asked about.
    fn drawn(&self, land: &Land, zones: Vec<Drawn>) -> Result<Draft, Message> {
        let shapes: Vec<MultiPolygon<f64>> = zones.into_iter().map(|zone| zone.shape).collect();
        let numbers = self.numbers(land, &shapes)?;
        let stay = self.draft.coverage.faces().filter(|(face, _)| !land.open.contains(face));
        let grids = stay.chain(numbers.into_iter().zip(shapes)).filter_map(|(face, shape)| {
            let known = self.draft.grids.get(&face);
            let name = known.map_or_else(|| format!("第{}网格", face.0), |grid| grid.name.clone());
            Some((self.draft.code(face)?, Some(name), known.map(|grid| grid.kind), shape))
        });
        let drawn = DrawnGrids::new(grids.collect::<Vec<_>>())
            .map_err(|problem| message!("{problem}", "{problem}"))?;
        let sheet =
            start::fitted(&drawn, &self.around, self.draft.next_number, Locale::Zh).map_err(|fit| {
                let (gaps, overlaps, outside) = (fit.gaps.len(), fit.overlaps.len(), fit.outside.len());
                let defects = fit.defects.len();
                message!(
                    "空隙 {gaps} 处，重叠 {overlaps} 处，越界 {outside} 处，图形缺陷 {defects} 处",
                    "{gaps} gaps, {overlaps} overlaps, {outside} parts outside the village, {defects} defects"
                )
            })?;
        let mut draft = self.draft.clone();
        draft.adopt(Some(&sheet)).map_err(|refusal| refusal.why)?;
        Ok(draft)
    }

    /// The number of each zone: that of the grid with which it shares most land, where either has more than half of its
    /// land in the other and no zone shares more; else one that no grid of the village ever had, from the first zone on.
    fn numbers(&self, land: &Land, zones: &[MultiPolygon<f64>]) -> Result<Vec<FaceId>, Message> {
        let mut shared = Vec::new();
        for (face, old) in self.draft.coverage.faces().filter(|(face, _)| land.open.contains(face)) {
            for (zone, new) in zones.iter().enumerate() {
                let meets =
                    old.bounding_rect().zip(new.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
                if !meets {
                    continue;
                }
                let common_m2 = multi_area_m2(&old.intersection(new));
                if common_m2 > multi_area_m2(&old).min(multi_area_m2(new)) / 2.0 {
                    shared.push((common_m2, zone, face));
                }
            }
        }
        shared.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let mut numbers: Vec<Option<FaceId>> = vec![None; zones.len()];
        let mut taken: BTreeSet<FaceId> = self.draft.grids.keys().copied().collect();
        let mut continued = BTreeSet::new();
        for (_, zone, face) in shared {
            if numbers[zone].is_none() && continued.insert(face) {
                numbers[zone] = Some(face);
            }
        }
        let first = u32::from(self.draft.next_number.max(1));
        let mut free =
            (first..=MOST_GRIDS).chain(1..first).map(FaceId).filter(move |number| taken.insert(*number));
        let number = |number: Option<FaceId>| {
            number.or_else(|| free.next()).ok_or_else(|| {
                message!("一个村最多 {MOST_GRIDS} 个网格", "a village has {MOST_GRIDS} grids at most")
            })
        };
        numbers.into_iter().map(number).collect()
    }
}
