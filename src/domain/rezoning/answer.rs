//! From a question to proposals with names, polygons and figures.

use std::collections::BTreeMap;

use geo::{Centroid, MultiPolygon};

use super::name::Name;
use super::question::{Aims, Question};
use super::refusal::Refusal;
use super::report::{Assigned, Overall, ProposalReport, Report, ZoneReport};
use super::words;
use crate::kernel::zoning::{
    self, Aim, Effort, Ground, Proposal, Proposals, Setting, Wanted, ZoneFigures, ZoneId, draw, figures,
};
use crate::message;
use crate::platform::locale::Message;

/// A proposal with its polygons.
#[derive(Debug, Clone)]
pub struct DrawnPlan {
    /// What it puts first.
    pub aim: Aim,
    /// Its zones, in the order of their names.
    pub zones: Vec<Drawn>,
}

/// A zone of a proposal.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Its figures.
    pub report: ZoneReport,
    /// Its polygons, in degrees.
    pub shape: MultiPolygon<f64>,
    /// Its units, by their place in the question.
    pub units: Vec<usize>,
}

/// What came of a question.
#[derive(Debug)]
pub struct Answer {
    /// The report.
    pub report: Report,
    /// The proposals with their polygons, in the report's order.
    pub plans: Vec<DrawnPlan>,
    /// How many moves were tried.
    pub moves: u64,
    /// Whether the search was stopped before its end.
    pub stopped: bool,
}

/// Looks for proposals and measures them.
///
/// # Errors
/// When no plan can be sound: [`Refusal`] says what is in the way.
pub fn answer(question: &Question, effort: &Effort<'_>) -> Result<Answer, Refusal> {
    let setting = Setting {
        roads: &question.roads,
        barriers: &question.barriers,
        outline: question.outline.as_ref(),
        kept: &question.kept,
    };
    let ground =
        Ground::lay(&question.shapes, &setting).map_err(|error| Refusal::of_ground(question, &error))?;
    let mut burdens = question.burdens.clone();
    for unit in ground.beside_kept() {
        burdens[unit].locked |= burdens[unit].current.is_some();
    }
    let wanted = Wanted {
        burdens: &burdens,
        zones: question.zones,
        tolerance: question.tolerance,
        locked_zones: &question.locked_zones,
    };
    let found =
        zoning::propose(&ground, &wanted, effort).map_err(|error| Refusal::of_search(question, &error))?;
    let mut measured: Vec<Measured> =
        found.proposals.iter().map(|p| Measured::of(question, &ground, &found, p)).collect();
    if let Aims::This(aim) = question.prefer {
        measured.sort_by_key(|m| m.aim != aim);
    }
    let today = today(question);
    let reports: Vec<ProposalReport> = measured.iter().map(|m| m.report(question, today)).collect();
    let Some(chosen) = reports.first() else {
        return Err(Refusal(message!("没有找到方案", "no plan was found")));
    };
    let report = Report {
        k: question.zones,
        tolerance: question.tolerance,
        seed: effort.seed,
        unit_count: question.units.len(),
        places: ground.sites(),
        borders: ground.borders(),
        deviation_today: today,
        chosen: chosen.aim,
        overall: chosen.overall.clone(),
        zones: chosen.zones.clone(),
        assignment: question
            .indexes
            .iter()
            .zip(&question.units)
            .zip(&chosen.assignment)
            .map(|((&index, unit), zone)| Assigned { index, unit: unit.clone(), zone: zone.clone() })
            .collect(),
        neighbours: ground.neighbours(),
        notes: notes(question, &ground, &found, &chosen.overall),
        proposals: reports.clone(),
    };
    let plans = measured.into_iter().map(|measured| measured.drawn(question.zones)).collect();
    Ok(Answer { report, plans, moves: found.moves, stopped: found.stopped })
}

/// A proposal with all that can be measured of it.
struct Measured {
    aim: Aim,
    zone: Vec<u32>,
    continues: Vec<Option<ZoneId>>,
    names: Vec<Name>,
    shapes: Vec<MultiPolygon<f64>>,
    figures: Vec<ZoneFigures>,
}

impl Measured {
    fn of(question: &Question, ground: &Ground, found: &Proposals, proposal: &Proposal) -> Self {
        let shapes = draw(ground, &proposal.zone, question.zones);
        Self {
            aim: proposal.aim,
            zone: proposal.zone.clone(),
            continues: proposal.continues.clone(),
            names: names(question, &proposal.continues, &shapes),
            figures: figures(
                ground,
                &question.burdens,
                &proposal.zone,
                &proposal.continues,
                &found.bridges,
                &shapes,
            ),
            shapes,
        }
    }

    /// Its zones with their polygons and units.
    fn drawn(self, zones: usize) -> DrawnPlan {
        let mut units: Vec<Vec<usize>> = vec![Vec::new(); zones];
        for (unit, &zone) in self.zone.iter().enumerate() {
            units[zone as usize].push(unit);
        }
        let mut zones: Vec<Drawn> = self
            .shapes
            .into_iter()
            .zip(units)
            .zip(zone_reports(&self.names, &self.continues, &self.figures))
            .map(|((shape, units), report)| Drawn { report, shape, units })
            .collect();
        zones.sort_by(|a, b| a.report.zone.cmp(&b.report.zone));
        DrawnPlan { aim: self.aim, zones }
    }

    fn report(&self, question: &Question, today: Option<f64>) -> ProposalReport {
        let overall = overall(&self.figures, question.tolerance);
        let mut zones = zone_reports(&self.names, &self.continues, &self.figures);
        zones.sort_by(|a, b| a.zone.cmp(&b.zone));
        ProposalReport {
            aim: words::key(self.aim),
            summary: words::summary(self.aim, &overall, today, !question.roads.is_empty()),
            overall,
            zones,
            assignment: self.zone.iter().map(|&z| self.names[z as usize].clone()).collect(),
        }
    }
}

/// The names of today where a zone continues one; others are numbered from the north-west, past the numbers in use.
fn names(question: &Question, continues: &[Option<ZoneId>], shapes: &[MultiPolygon<f64>]) -> Vec<Name> {
    let as_text = question.today.iter().any(|name| matches!(name, Name::Text(_)));
    let mut new: Vec<usize> = (0..continues.len()).filter(|&z| continues[z].is_none()).collect();
    let centre = |z: usize| shapes[z].centroid().map_or((0.0, 0.0), |c| (c.x(), c.y()));
    // Rows as high as a zone is on average, from the north; within a row from the west.
    let (low, high) = new.iter().fold((f64::MAX, f64::MIN), |(low, high), &z| {
        let (_, y) = centre(z);
        (low.min(y), high.max(y))
    });
    let rows = (new.len() as f64).sqrt().max(1.0);
    let row = |z: usize| ((high - centre(z).1) / ((high - low) / rows).max(f64::MIN_POSITIVE)).floor();
    new.sort_by(|&a, &b| row(a).total_cmp(&row(b)).then(centre(a).0.total_cmp(&centre(b).0)));
    let mut free = (1_i64..)
        .map(|n| if as_text { Name::Text(n.to_string()) } else { Name::Number(n) })
        .filter(|name| !question.today.contains(name));
    let mut given: BTreeMap<usize, Name> = new.into_iter().zip(free.by_ref()).collect();
    continues
        .iter()
        .enumerate()
        .map(|(z, today)| match today {
            Some(ZoneId(today)) => question.today[*today as usize].clone(),
            None => given.remove(&z).unwrap_or(Name::Number(0)),
        })
        .collect()
}

fn zone_reports(names: &[Name], continues: &[Option<ZoneId>], figures: &[ZoneFigures]) -> Vec<ZoneReport> {
    let report = |((name, today), f): ((&Name, &Option<ZoneId>), &ZoneFigures)| ZoneReport {
        zone: name.clone(),
        new: today.is_none(),
        load: f.load,
        deviation: f.deviation,
        units: f.units,
        people: f.people,
        units_moved: f.units_moved,
        people_moved: f.people_moved,
        units_left: f.units_left,
        people_left: f.people_left,
        polsby_popper: f.shape.polsby_popper,
        reock: f.shape.reock,
        cut_edges: f.cut_edges,
        contiguous: f.contiguous,
        area_m2: f.shape.area_m2,
        perimeter_m: f.shape.perimeter_m,
    };
    names.iter().zip(continues).zip(figures).map(report).collect()
}

fn overall(zones: &[ZoneFigures], tolerance: f64) -> Overall {
    let sum = |of: fn(&ZoneFigures) -> f64| zones.iter().map(of).sum::<f64>();
    let count = zones.len() as f64;
    let (load, border_m) = (sum(|z| z.load), sum(|z| z.border_m));
    let max_deviation = zones.iter().map(|z| z.deviation).fold(0.0, f64::max);
    Overall {
        load,
        mean_load: load / count,
        max_deviation,
        mean_deviation: sum(|z| z.deviation) / count,
        within_tolerance: max_deviation <= tolerance + 1e-9,
        units_moved: zones.iter().map(|z| z.units_moved).sum(),
        people_moved: sum(|z| z.people_moved) + 0.0,
        polsby_popper: sum(|z| z.shape.polsby_popper) / count,
        reock: sum(|z| z.shape.reock) / count,
        // Each pair and each metre has been counted from both its sides.
        cut_edges: zones.iter().map(|z| z.cut_edges).sum::<u32>() / 2,
        border_m: border_m / 2.0,
        along_roads: if border_m > 0.0 { sum(|z| z.road_m) / border_m } else { 0.0 },
        contiguous: zones.iter().all(|z| z.contiguous),
    }
}

/// The largest deviation of today's zones.
fn today(question: &Question) -> Option<f64> {
    let mut loads = vec![0.0; question.today.len()];
    for burden in &question.burdens {
        if let Some(ZoneId(zone)) = burden.current {
            loads[zone as usize] += burden.load;
        }
    }
    let mean = loads.iter().sum::<f64>() / loads.len() as f64;
    (mean > 0.0).then(|| loads.iter().map(|load| (load - mean).abs() / mean).fold(0.0, f64::max))
}

fn notes(question: &Question, ground: &Ground, found: &Proposals, overall: &Overall) -> Vec<Message> {
    let mut notes = Vec::new();
    let together = question.units.len() - ground.sites();
    if together > 0 {
        notes.push(message!(
            "{together} 个单元与其他单元在同一处，一起划分",
            "{together} units are at the same place as others and stay with them"
        ));
    }
    let bridges = found.bridges.len();
    if bridges > 0 {
        notes.push(message!(
            "有 {bridges} 处单元被障碍隔开、没有邻居，负荷又不足以单独成网格，已与障碍另一侧最近的单元相连",
            "units cut off by barriers, without neighbours and too few for a zone of their own, were joined to those across in {bridges} places"
        ));
    }
    if !overall.within_tolerance {
        let worst = (overall.max_deviation * 1000.0).round() / 10.0;
        let heaviest = (0..question.units.len())
            .max_by(|&a, &b| question.burdens[a].load.total_cmp(&question.burdens[b].load))
            .filter(|&u| question.burdens[u].load > overall.mean_load * (1.0 + question.tolerance));
        notes.push(match heaviest.map(|u| &question.units[u]) {
            Some(unit) => message!(
                "未能达到容许的偏差：最大偏差 {worst}%。单元 {unit} 一处的负荷就超过了一个网格的上限",
                "the tolerance was not met: the largest deviation is {worst} %. Unit {unit} alone has more load than a zone may have"
            ),
            None => message!(
                "未能达到容许的偏差：最大偏差 {worst}%。可加大搜索量，或放宽锁定、障碍与容许的偏差",
                "the tolerance was not met: the largest deviation is {worst} %. Search longer, or loosen locks, barriers or the tolerance"
            ),
        });
    }
    notes
}
