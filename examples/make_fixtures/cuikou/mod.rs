//! A village of the North China Plain that does not exist, around the real codes, names and totals of Cuikou
//! (崔口村) and Yushan Street (鱼山街道): the demo's and the tests' data. See `fixtures/README.md` for what is real.
//!
//! The same bytes on every run and every machine: chance comes from `rng`, arithmetic is limited to what IEEE 754
//! fixes to the last bit, maps are ordered. Never here: the clock, the network, the file system.

#![expect(
    clippy::cast_possible_wrap,
    reason = "the largest number cast here is a few thousand metres or things"
)]

mod accounts;
mod buildings;
mod calendar;
mod enterprises;
mod files;
mod hazards;
mod houses;
mod identity;
mod lattice;
mod names;
mod outline;
mod people;
mod plane;
mod reports;
mod rng;
mod roads;
mod scenes;
mod sites;
mod street;
mod themes;
mod village;
mod visits;
mod water;
mod write;

use buildings::Buildings;
use lattice::Lattice;
use outline::outline;
use plane::Pt;
use roads::Roads;
use scenes::Scenes;
use street::Street;

/// Everything that is written out.
struct World {
    street: Street,
    street_outline: Vec<Pt>,
    unit_outlines: Vec<Vec<Pt>>,
    grid_outlines: Vec<Vec<Pt>>,
    roads: Roads,
    buildings: Buildings,
    water: Vec<water::Water>,
    households: Vec<people::Household>,
    enterprises: Vec<enterprises::Enterprise>,
    reports: Vec<reports::Report>,
    hazards: Vec<hazards::Hazard>,
    visits: Vec<visits::Visit>,
    accounts: Vec<accounts::Account>,
}

/// All fixture files: name and content.
pub(crate) fn files() -> Vec<(&'static str, Vec<u8>)> {
    files::files(&world())
}

fn world() -> World {
    let mut lattice = Lattice::new();
    let street = Street::new(&lattice);
    let settlements = village::settlements(&mut lattice, &street);
    let units = street.units.len();
    let unit_outlines: Vec<Vec<Pt>> =
        (0..units).map(|unit| outline(&lattice, &street.unit_of, |label| label == Some(unit))).collect();
    let grid_outlines: Vec<Vec<Pt>> =
        (0..units * 3).map(|grid| outline(&lattice, &street.grid_of, |label| label == Some(grid))).collect();
    let street_outline = outline(&lattice, &street.unit_of, |label| label.is_some());
    let roads = Roads::new(&lattice, &street, &settlements);
    let water = water::water(&lattice, &street, &settlements, &roads);
    let mut buildings = Buildings::new(&street, &settlements);
    let households = people::households(&buildings);
    let enterprises = enterprises::enterprises(&street, &mut buildings);
    let scenes = Scenes::new(&street, &settlements, &buildings, &enterprises, &households, &grid_outlines);
    let reports = reports::reports(&scenes);
    let hazards = hazards::hazards(&street, &reports);
    let visits = visits::visits(&street, &households, &enterprises, &hazards);
    let accounts = accounts::accounts(&street);
    World {
        street,
        street_outline,
        unit_outlines,
        grid_outlines,
        roads,
        buildings,
        water,
        households,
        enterprises,
        reports,
        hazards,
        visits,
        accounts,
    }
}
