//! Every building of the street. Cuikou's in full: houses, shop fronts, stores, what belongs to all, greenhouses;
//! elsewhere houses and shops only.

use std::collections::BTreeMap;

use super::houses::{House, cuikou_houses, house, rectangle};
use super::plane::Pt;
use super::rng::Rng;
use super::sites::{Site, lots, shop_fronts};
use super::street::Street;
use super::village::{Kind, ROW, Settlement};

pub(crate) struct Building {
    pub(crate) code: String,
    pub(crate) unit: usize,
    pub(crate) kind: &'static str,
    pub(crate) name: Option<String>,
    pub(crate) levels: u8,
    pub(crate) ring: Vec<Pt>,
}

/// Buildings under construction: gives out codes, village by village.
pub(crate) struct Buildings {
    pub(crate) all: Vec<Building>,
    /// Cuikou's houses and their buildings' codes.
    pub(crate) houses: Vec<(House, String)>,
    pub(crate) fronts: Vec<Site>,
    pub(crate) lots: Vec<Site>,
    /// The village committee's office and the police room: where walks start.
    pub(crate) gates: BTreeMap<&'static str, Pt>,
    numbers: BTreeMap<usize, usize>,
}

impl Buildings {
    pub(crate) fn new(street: &Street, settlements: &[Settlement]) -> Self {
        let mut buildings = Self {
            all: Vec::new(),
            houses: Vec::new(),
            fronts: Vec::new(),
            lots: lots(),
            gates: BTreeMap::new(),
            numbers: BTreeMap::new(),
        };
        for settlement in settlements {
            match settlement.kind {
                Kind::Cuikou => buildings.build_cuikou(street, settlement),
                Kind::Village => buildings.build_village(street, settlement),
                Kind::Community => buildings.build_community(street, settlement),
            }
        }
        buildings
    }

    /// Adds a building and returns its code.
    pub(crate) fn add(
        &mut self,
        street: &Street,
        unit: usize,
        kind: &'static str,
        name: Option<String>,
        levels: u8,
        ring: Vec<Pt>,
    ) -> String {
        let number = self.numbers.entry(unit).or_insert(0);
        *number += 1;
        let code = format!("{}-B{number:04}", street.units[unit].code);
        self.all.push(Building { code: code.clone(), unit, kind, name, levels, ring });
        code
    }

    fn build_cuikou(&mut self, street: &Street, settlement: &Settlement) {
        let unit = settlement.unit;
        for house in cuikou_houses(settlement) {
            let code = self.add(street, unit, "house", None, house.levels, house.ring.clone());
            self.houses.push((house, code));
        }
        let mut fronts = shop_fronts(settlement);
        for (name, position, levels) in [("崔口村党群服务中心", 0, 2), ("崔口警务室", 0, 1)] {
            let site = fronts.remove(position);
            self.gates.insert(name, site.gate);
            self.add(street, unit, "public", Some(name.to_owned()), levels, site.ring);
        }
        self.fronts = fronts;
        let hall = rectangle((-43.0, -12.0), (30.0, 39.0));
        self.add(street, unit, "public", Some("崔口村文化大院".to_owned()), 1, hall);
        for row in 0..5 {
            let south = 226.0 + 16.5 * f64::from(row);
            for (west, east) in [(-190.0, -108.0), (-98.0, -16.0), (16.0, 98.0), (108.0, 190.0)] {
                let shorter = if row % 2 == 0 { 0.0 } else { 6.0 };
                let ring = rectangle((west, east - shorter), (south, south + 9.0));
                self.add(street, unit, "greenhouse", None, 1, ring);
            }
        }
    }

    fn build_village(&mut self, street: &Street, settlement: &Settlement) {
        let mut rng = Rng::named(&format!("village {}", street.units[settlement.unit].code));
        for plot in settlement.plots() {
            if rng.chance(0.8) {
                let house = house(plot, &mut rng);
                self.add(street, settlement.unit, "house", None, house.levels, house.ring);
            }
        }
        for block in 0..settlement.blocks() {
            for place in 0..ROW {
                if !rng.chance(0.35) {
                    continue;
                }
                let x = settlement.place_x(block, place);
                let (front, back) = (settlement.y + 8.5, settlement.y + rng.range(16.0, 19.0));
                let ring = rectangle((x - 6.2, x + 6.2), (front, back));
                self.add(street, settlement.unit, "shop", None, 1, ring);
            }
        }
        let end = settlement.business_end();
        for (kind, west, side) in [
            ("cold_store", -26.0, 1.0),
            ("workshop", 4.0, 1.0),
            ("warehouse", -26.0, -1.0),
            ("cold_store", 2.0, -1.0),
        ] {
            if rng.chance(0.7) {
                let x = (end + west, end + west + rng.range(20.0, 26.0));
                let y = (settlement.y + side * 12.0, settlement.y + side * rng.range(30.0, 54.0));
                self.add(street, settlement.unit, kind, None, 1, rectangle(x, y));
            }
        }
    }

    /// Blocks of flats, two to a row.
    fn build_community(&mut self, street: &Street, settlement: &Settlement) {
        let mut rng = Rng::named(&format!("community {}", street.units[settlement.unit].code));
        for lane in settlement.all_lanes().into_iter().filter(|&lane| lane != 0) {
            let y = settlement.lane_y(lane);
            for block in 0..settlement.blocks() {
                for place in [1, 5] {
                    let x = settlement.place_x(block, place);
                    let ring = rectangle((x - 19.0, x + 19.0), (y + 4.0, y + 15.5));
                    let levels = rng.int(5, 6) as u8;
                    self.add(street, settlement.unit, "house", None, levels, ring);
                }
            }
        }
    }
}
