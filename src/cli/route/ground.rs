//! Where the places of a problem are: in its own matrix, or on the roads of a file. Never here: solving.

use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, anyhow, bail, ensure};
use serde_json::{Value, json};

use super::document::{PlaceDocument, ProblemDocument, WorkerDocument};
use crate::domain::roads::{Mode, Ways};
use crate::interop::network;
use crate::kernel::geometry::Wgs84;
use crate::kernel::routing::{Detour, PlannedRoute, Problem, TravelTimes};
use crate::message;
use crate::platform::locale::Message;

/// The travel times of a problem, and the ways behind them.
#[derive(Debug)]
pub(super) struct Ground {
    /// The tables, by the way of moving.
    pub(super) tables: Vec<TravelTimes>,
    /// Which of them each worker uses.
    pub(super) of_worker: Vec<usize>,
    /// What the person who asked should know about them.
    pub(super) remarks: Vec<Message>,
    /// The roads for each table; none where there is a matrix.
    roads: Option<Roads>,
}

/// Places on roads.
#[derive(Debug)]
struct Roads {
    places: Vec<Wgs84>,
    /// So many of them, the first, are where shifts begin or end, however far from a road.
    ends: usize,
    ways: Vec<Ways>,
}

/// So many triples of places are looked at for a breach of the triangle inequality.
const TRIPLES: usize = 20_000_000;
/// A worker is not more than so many times as fast or as slow as the travel times say.
const FASTEST: f64 = 1000.0;

impl Ground {
    /// The ground of a problem: its matrix, or the roads of the file `network`.
    pub(super) fn new(document: &ProblemDocument, network: Option<&Path>) -> anyhow::Result<Self> {
        match (&document.matrix, network) {
            (Some(rows), _) => Self::of_matrix(rows, &document.workers),
            (None, Some(path)) => Self::of_network(document, path),
            (None, None) => {
                bail!(message!("既没有 matrix，也没有 --network", "there is neither a matrix nor --network"))
            }
        }
    }

    fn of_matrix(rows: &[Vec<Option<i64>>], workers: &[WorkerDocument]) -> anyhow::Result<Self> {
        for (index, row) in rows.iter().enumerate() {
            let (places, given) = (rows.len(), row.len());
            ensure!(
                given == places,
                message!(
                    "matrix 不是方阵：共 {places} 行，第 {index} 行却有 {given} 个数",
                    "the matrix is not square: it has {places} rows, but row {index} has {given} numbers"
                )
            );
        }
        let times =
            rows.iter().flat_map(|row| row.iter().map(|time| time.unwrap_or(TravelTimes::NO_WAY))).collect();
        let table = TravelTimes::new(rows.len(), times)
            .with_context(|| message!("matrix 无效", "the matrix makes no sense").to_string())?;
        let remarks = table.shortcut(0, TRIPLES).map(|detour| bent(&table, detour)).into_iter().collect();
        let mut ground = Self { tables: Vec::new(), of_worker: Vec::new(), remarks, roads: None };
        ground.assign(workers, |_| Ok(0), &[table])?;
        Ok(ground)
    }

    fn of_network(document: &ProblemDocument, path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let bytes =
            fs::read(path).with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())?;
        let roads = network::read(&name, &bytes)
            .with_context(|| message!("无法使用 {name}", "{name} cannot be used").to_string())?;

        let ends = document.workers.iter().flat_map(|worker| [Some(worker.start), worker.end]).flatten();
        let mut places = ends.map(position).collect::<Result<Vec<_>, _>>()?;
        let ends = places.len();
        for stop in &document.stops {
            places.push(position(stop.at)?);
        }
        let Some(&centre) = places.first() else {
            let empty = TravelTimes::new(0, Vec::new())?;
            return Ok(Self { tables: vec![empty], of_worker: Vec::new(), remarks: Vec::new(), roads: None });
        };

        let usual = document.profile.as_deref();
        let mode = |worker: &WorkerDocument| mode(worker.profile.as_deref().or(usual));
        let mut modes: Vec<Mode> = Vec::new();
        for worker in &document.workers {
            let mode = mode(worker)?;
            if !modes.contains(&mode) {
                modes.push(mode);
            }
        }
        let ways =
            modes.iter().map(|&mode| Ways::new(&roads, mode, centre)).collect::<Result<Vec<_>, _>>()?;
        let tables = ways
            .iter()
            .map(|ways| ways.find(&places, ends).matrix().times())
            .collect::<Result<Vec<_>, _>>()?;
        let of_mode = |worker: &WorkerDocument| {
            let mode = mode(worker)?;
            Ok(modes.iter().position(|&known| known == mode).unwrap_or_default())
        };
        let mut ground = Self {
            tables: Vec::new(),
            of_worker: Vec::new(),
            remarks: Vec::new(),
            roads: Some(Roads { places, ends, ways: Vec::new() }),
        };
        let chosen = ground.assign(&document.workers, of_mode, &tables)?;
        if let Some(roads) = &mut ground.roads {
            roads.ways = chosen.iter().map(|&table| ways[table].clone()).collect();
        }
        if ground.tables.is_empty() {
            ground.tables = vec![TravelTimes::new(0, Vec::new())?];
        }
        Ok(ground)
    }

    /// Gives each worker one of `tables`, at the worker's speed; says which of them each of the ground's is.
    fn assign(
        &mut self,
        workers: &[WorkerDocument],
        table_of: impl Fn(&WorkerDocument) -> anyhow::Result<usize>,
        tables: &[TravelTimes],
    ) -> anyhow::Result<Vec<usize>> {
        let mut known: Vec<(usize, f64)> = Vec::new();
        for worker in workers {
            let (id, speed) = (&worker.id, worker.speed.unwrap_or(1.0));
            ensure!(
                (1.0 / FASTEST..=FASTEST).contains(&speed),
                message!("人员“{id}”的 speed 不能是 {speed}", "worker \"{id}\": speed cannot be {speed}")
            );
            let wanted = (table_of(worker)?, speed);
            let found = known.iter().position(|&it| it == wanted);
            self.of_worker.push(found.unwrap_or(known.len()));
            if found.is_none() {
                known.push(wanted);
                let table = &tables[wanted.0];
                let usual = speed.total_cmp(&1.0).is_eq();
                self.tables.push(if usual { table.clone() } else { table.at_speed(speed) });
            }
        }
        if self.tables.is_empty() {
            self.tables.extend(tables.first().cloned());
        }
        Ok(known.into_iter().map(|(table, _)| table).collect())
    }

    /// The number in the tables of where a shift begins or ends.
    pub(super) fn end(&self, place: PlaceDocument) -> anyhow::Result<usize> {
        self.place(place, |roads| 0..roads.ends)
    }

    /// The number in the tables of where a stop is. A stop at the very place where a shift begins has a number of its
    /// own: how far from a road it may be does not depend on who sets out there.
    pub(super) fn door(&self, place: PlaceDocument) -> anyhow::Result<usize> {
        self.place(place, |roads| roads.ends..roads.places.len())
    }

    fn place(&self, place: PlaceDocument, among: impl Fn(&Roads) -> Range<usize>) -> anyhow::Result<usize> {
        if let Some(roads) = &self.roads {
            let at = position(place)?;
            let known = among(roads).find(|&number| roads.places[number] == at);
            return known.ok_or_else(|| anyhow!("a place of the problem was not looked up"));
        }
        let places = self.tables[0].places();
        match place {
            PlaceDocument::Index(index) if index < places => Ok(index),
            PlaceDocument::Index(index) => bail!(message!(
                "地点 {index} 不在矩阵中（共 {places} 个地点，编号从 0 起）",
                "place {index} is not in the matrix, which has {places} places, the first being 0"
            )),
            PlaceDocument::Position([lon, lat]) => bail!(message!(
                "地点应是矩阵中的序号，而不是经纬度 [{lon}, {lat}]",
                "a place is a number in the matrix, not longitude and latitude [{lon}, {lat}]"
            )),
        }
    }

    /// The line of a route as GeoJSON; none where there are no roads.
    pub(super) fn geometry(&self, problem: &Problem, route: &PlannedRoute) -> anyhow::Result<Option<Value>> {
        let Some(roads) = &self.roads else { return Ok(None) };
        let worker = &problem.workers[route.worker];
        let places = roads.ways[worker.travel].find(&roads.places, roads.ends);
        let mut from = worker.start;
        let mut line: Vec<Wgs84> = vec![roads.places[from]];
        let stops = route.visits.iter().map(|visit| problem.stops[visit.stop].place);
        for to in stops.chain(worker.end) {
            line.extend(places.leg(from, to)?.line);
            from = to;
        }
        line.dedup();
        if line.len() == 1 {
            // A line needs two positions (RFC 7946, section 3.1.4), even one that goes nowhere.
            line.push(line[0]);
        }
        let degrees = |degrees: f64| (degrees * 1e7).round() / 1e7;
        let positions: Vec<[f64; 2]> = line.iter().map(|at| [degrees(at.lon()), degrees(at.lat())]).collect();
        Ok(Some(json!({"type": "LineString", "coordinates": positions})))
    }
}

fn position(place: PlaceDocument) -> anyhow::Result<Wgs84> {
    match place {
        PlaceDocument::Position([lon, lat]) => {
            Wgs84::new(lon, lat).map_err(|error| anyhow!(Message::new(error.to_chinese(), error.to_string())))
        }
        PlaceDocument::Index(index) => bail!(message!(
            "没有 matrix 时，地点应为 [经度, 纬度]，而不是 {index}",
            "without a matrix a place is [longitude, latitude], not {index}"
        )),
    }
}

fn mode(name: Option<&str>) -> anyhow::Result<Mode> {
    let Some(name) = name else { return Ok(Mode::Foot) };
    // Written in either way.
    let key = if name == "ebike" || name == "e-bike" { "e_bike" } else { name };
    Mode::ALL.iter().copied().find(|mode| mode.key() == key).with_context(|| {
        let known: Vec<&str> = Mode::ALL.iter().map(|mode| mode.key()).collect();
        let known = known.join(", ");
        message!(
            "没有“{name}”这种 profile，可用：{known}",
            "there is no profile \"{name}\"; there are {known}"
        )
        .to_string()
    })
}

fn bent(table: &TravelTimes, Detour { from, over, to }: Detour) -> Message {
    let time = |from, to| table.time(from, to).map_or_else(|| "∞".to_owned(), |time| time.to_string());
    let (straight, there, onward) = (time(from, to), time(from, over), time(over, to));
    message!(
        "matrix 不满足三角不等式：{from} 到 {to} 为 {straight}，经 {over} 只需 {there} + {onward}。仍按所给时间规划",
        "the matrix breaks the triangle rule: from {from} to {to} takes {straight}, over {over} only {there} + \
         {onward}; planned with the times as given"
    )
}
