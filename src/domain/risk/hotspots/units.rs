//! Hexagons, grids and enterprises with their neighbours and what happened in them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use h3o::{CellIndex, LatLng, Resolution};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use serde_json::json;

use super::model::Nearby;
use super::store::{EnterprisePlace, GridPlace, Occurrence};
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;

/// Units to be tested.
#[derive(Debug)]
pub(super) struct Units {
    pub(super) places: Vec<Place>,
    /// The neighbours of each.
    pub(super) neighbours: Vec<Vec<u32>>,
    /// Reports in the first and in the second half of the period.
    pub(super) halves: Vec<[u32; 2]>,
}

/// A unit on the map.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) geometry: serde_json::Value,
}

/// The middle of a period: what was given, else from the first report to the last.
pub(super) fn middle(
    occurrences: &[Occurrence],
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
) -> DateTime<Utc> {
    let first = from.or_else(|| occurrences.iter().map(|one| one.happened_at).min());
    let last = to.or_else(|| occurrences.iter().map(|one| one.happened_at).max());
    first.zip(last).map_or(DateTime::UNIX_EPOCH, |(first, last)| first + (last - first) / 2)
}

/// Counts per half, for each unit that `unit_of` finds.
pub(super) fn count(
    units: usize,
    occurrences: &[Occurrence],
    middle: DateTime<Utc>,
    unit_of: impl Fn(&Occurrence) -> Option<usize>,
) -> Vec<[u32; 2]> {
    let mut halves = vec![[0, 0]; units];
    for occurrence in occurrences {
        if let Some(unit) = unit_of(occurrence) {
            halves[unit][usize::from(occurrence.happened_at >= middle)] += 1;
        }
    }
    halves
}

/// The hexagons of a box whose middle `is_covered`, and those in which something happened.
pub(super) fn hexagons(
    resolution: Resolution,
    [west, south, east, north]: [f64; 4],
    is_covered: impl Fn(Wgs84) -> bool,
    occurrences: &[Occurrence],
    middle: DateTime<Utc>,
) -> Units {
    let cell_of = |lon: f64, lat: f64| LatLng::new(lat, lon).ok().map(|place| place.to_cell(resolution));
    // In steps shorter than the hexagons' inner radius, none is passed over.
    let step = (resolution.edge_length_m() * 0.8 / 111_320.0).max(1e-6);
    let wide = step / f64::midpoint(south, north).to_radians().cos().max(0.01);
    let along = |from: f64, to: f64, step: f64| {
        (0..=((to - from) / step).ceil() as u32).map(move |i| from + f64::from(i) * step)
    };
    let mut cells: BTreeSet<CellIndex> = along(south, north, step)
        .flat_map(|lat| along(west, east, wide).filter_map(move |lon| cell_of(lon, lat)))
        .collect();
    cells.retain(|&cell| {
        let centre = LatLng::from(cell);
        Wgs84::new(centre.lng(), centre.lat()).is_ok_and(&is_covered)
    });
    cells.extend(occurrences.iter().filter_map(|one| cell_of(one.lon, one.lat)));

    let cells: Vec<CellIndex> = cells.into_iter().collect();
    let number: BTreeMap<CellIndex, usize> =
        cells.iter().enumerate().map(|(unit, &cell)| (cell, unit)).collect();
    let neighbours = |&cell: &CellIndex| {
        let around = cell.grid_disk_safe(1).filter(|&other| other != cell);
        around.filter_map(|other| number.get(&other).map(|&unit| unit as u32)).collect()
    };
    let place = |&cell: &CellIndex| {
        let mut ring: Vec<[f64; 2]> =
            cell.boundary().iter().map(|corner| [corner.lng(), corner.lat()]).collect();
        ring.push(ring[0]);
        Place {
            id: cell.to_string(),
            name: None,
            geometry: json!({"type": "Polygon", "coordinates": [ring]}),
        }
    };
    Units {
        places: cells.iter().map(place).collect(),
        neighbours: cells.iter().map(neighbours).collect(),
        halves: count(cells.len(), occurrences, middle, |one| {
            number.get(&cell_of(one.lon, one.lat)?).copied()
        }),
    }
}

/// Grids, neighbours where they share an edge or a corner.
pub(super) fn grids(grids: Vec<GridPlace>, occurrences: &[Occurrence], middle: DateTime<Utc>) -> Units {
    let number: BTreeMap<String, usize> =
        grids.iter().enumerate().map(|(unit, grid)| (grid.code.clone(), unit)).collect();
    let neighbours = |grid: &GridPlace| {
        grid.neighbours.iter().filter_map(|code| number.get(code).map(|&unit| unit as u32)).collect()
    };
    Units {
        neighbours: grids.iter().map(neighbours).collect(),
        halves: count(grids.len(), occurrences, middle, |one| number.get(&one.place_code).copied()),
        places: grids
            .into_iter()
            .map(|grid| Place { id: grid.code, name: Some(grid.name), geometry: grid.geometry })
            .collect(),
    }
}

/// Enterprises, each with those nearby.
pub(super) fn enterprises(
    enterprises: Vec<EnterprisePlace>,
    nearby: Nearby,
    occurrences: &[Occurrence],
    middle: DateTime<Utc>,
) -> Units {
    let at = |enterprise: &EnterprisePlace| Wgs84::new(enterprise.lon, enterprise.lat).ok();
    let zone = enterprises.iter().find_map(at).map(GaussKruger::for_place);
    let plane = |enterprise: &EnterprisePlace| {
        let point = zone.zip(at(enterprise)).map(|(zone, place)| PlanePoint::from(zone.project(place)));
        point.map_or([0.0; 2], PlanePoint::to_array)
    };
    let points: Vec<[f64; 2]> = enterprises.iter().map(plane).collect();
    let tree = RTree::bulk_load(
        points.iter().enumerate().map(|(unit, &point)| GeomWithData::new(point, unit)).collect(),
    );
    let neighbours = |(unit, &point): (usize, &[f64; 2])| {
        let others = tree.nearest_neighbor_iter_with_distance_2(point).filter(|(near, _)| near.data != unit);
        let number = |(near, _): (&GeomWithData<[f64; 2], usize>, f64)| near.data as u32;
        match nearby {
            Nearby::Nearest(count) => others.take(count as usize).map(number).collect(),
            Nearby::Within(metres) => {
                let most = f64::from(metres) * f64::from(metres);
                others.take_while(|&(_, squared)| squared <= most).map(number).collect()
            }
        }
    };
    let number: BTreeMap<_, usize> =
        enterprises.iter().enumerate().map(|(unit, enterprise)| (enterprise.id, unit)).collect();
    Units {
        neighbours: points.iter().enumerate().map(neighbours).collect(),
        halves: count(enterprises.len(), occurrences, middle, |one| number.get(&one.enterprise_id?).copied()),
        places: enterprises
            .into_iter()
            .map(|enterprise| Place {
                id: enterprise.code,
                name: Some(enterprise.name),
                geometry: json!({"type": "Point", "coordinates": [enterprise.lon, enterprise.lat]}),
            })
            .collect(),
    }
}
