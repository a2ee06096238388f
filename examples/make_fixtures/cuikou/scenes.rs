//! Where a theme can happen: picks a place of the right sort in a unit and finds the words for it.

use super::buildings::Buildings;
use super::enterprises::Enterprise;
use super::people::Household;
use super::plane::{Pt, ground, ring_contains};
use super::rng::Rng;
use super::street::Street;
use super::themes::Where;
use super::village::{Kind, Settlement};
use super::water::CUIKOU_PONDS;

/// Everything the street has, for looking places up.
pub(crate) struct Scenes<'a> {
    pub(crate) street: &'a Street,
    pub(crate) settlements: &'a [Settlement],
    pub(crate) enterprises: &'a [Enterprise],
    pub(crate) households: &'a [Household],
    /// Outline of each grid on the ground.
    pub(crate) grids: &'a [Vec<Pt>],
    /// Middle of every building, by unit.
    middles: Vec<Vec<Pt>>,
}

/// A place that was picked.
pub(crate) struct Scene {
    pub(crate) at: Pt,
    pub(crate) grid: usize,
    pub(crate) words_for_place: String,
    pub(crate) words_for_business: String,
    pub(crate) enterprise: Option<String>,
}

impl<'a> Scenes<'a> {
    pub(crate) fn new(
        street: &'a Street,
        settlements: &'a [Settlement],
        buildings: &Buildings,
        enterprises: &'a [Enterprise],
        households: &'a [Household],
        grids: &'a [Vec<Pt>],
    ) -> Self {
        let mut middles = vec![Vec::new(); street.units.len()];
        for building in &buildings.all {
            let (a, b) = (building.ring[0], building.ring[building.ring.len() / 2]);
            middles[building.unit].push(a.toward(b, 0.5));
        }
        Self { street, settlements, enterprises, households, grids, middles }
    }

    /// A place in the unit for something of that sort; inside the unit, whatever the phone said.
    pub(crate) fn pick(&self, unit: usize, sort: Where, rng: &mut Rng) -> Scene {
        loop {
            let settlement = &self.settlements[unit];
            let mut scene = if settlement.kind == Kind::Cuikou {
                self.pick_in_cuikou(settlement, sort, rng)
            } else {
                self.pick_elsewhere(settlement, sort, rng)
            };
            if let Some(grid) = self.grid_at(unit, scene.at) {
                scene.grid = grid;
                return scene;
            }
        }
    }

    /// The grid of the unit that holds the point.
    fn grid_at(&self, unit: usize, at: Pt) -> Option<usize> {
        (unit * 3..unit * 3 + 3).find(|&grid| ring_contains(&self.grids[grid], at))
    }

    fn pick_in_cuikou(&self, settlement: &Settlement, sort: Where, rng: &mut Rng) -> Scene {
        match sort {
            Where::Business(categories) => {
                let candidates: Vec<&Enterprise> =
                    self.enterprises.iter().filter(|e| categories.contains(&e.category)).collect();
                let enterprise = rng.pick(&candidates);
                let mut scene = self.scene(settlement, near(enterprise.at, 5.0, rng));
                scene.words_for_business.clone_from(&enterprise.name);
                scene.enterprise = Some(enterprise.code.clone());
                scene
            }
            Where::House | Where::OldHouse => {
                let old = sort == Where::OldHouse && rng.chance(0.75);
                let candidates: Vec<&Household> =
                    self.households.iter().filter(|household| household.old_quarter || !old).collect();
                let household = rng.pick(&candidates);
                let mut scene = self.scene(settlement, near(household.at, 3.0, rng));
                let lane = household.address.split('巷').next().unwrap_or_default();
                scene.words_for_place = format!("{}巷", lane.trim_start_matches("崔口村"));
                scene
            }
            Where::Road if rng.chance(0.6) => {
                let side = if rng.chance(0.5) { 1.0 } else { -1.0 };
                let x = if rng.chance(0.5) { rng.range(330.0, 560.0) } else { rng.range(-520.0, 330.0) };
                let mut scene = self.scene(settlement, ground(x, side * rng.range(1.5, 6.0)));
                let stretch = match x {
                    320.0.. => "冷库路口段",
                    -200.0..320.0 => "村中段",
                    _ => "村西段",
                };
                scene.words_for_place = format!("金鱼公路{stretch}");
                scene
            }
            Where::Road => self.on_a_lane(settlement, rng),
            Where::Pond => {
                let (name, middle, axes) = rng.pick(&CUIKOU_PONDS);
                let at = ground(middle.0 + axes.0 * rng.bell(), middle.1 + axes.1 * rng.bell());
                let mut scene = self.scene(settlement, at);
                name.clone_into(&mut scene.words_for_place);
                scene
            }
        }
    }

    /// Other villages: businesses keep to one end of the main street, the rest is among the houses.
    fn pick_elsewhere(&self, settlement: &Settlement, sort: Where, rng: &mut Rng) -> Scene {
        match sort {
            Where::Business(categories) => {
                let shop = categories.contains(&"shop") || categories.contains(&"restaurant");
                let (x, spread) = if shop { (settlement.x, 45.0) } else { (settlement.business_end(), 28.0) };
                let at = ground(x + spread * rng.bell(), settlement.y + 22.0 * rng.bell());
                let mut scene = self.scene(settlement, at);
                let what = match categories[0] {
                    "cold_store" => "一处冷库",
                    "garlic_processor" => "一家蒜片厂",
                    "packer" => "一处收蒜点",
                    "restaurant" => "一家饭店",
                    "workshop" => "一家修理铺",
                    "farm_supply" => "一家农资门市",
                    _ => "一家门市",
                };
                scene.words_for_business = format!("{}{what}", scene.words_for_place);
                scene
            }
            Where::House | Where::OldHouse => {
                let middles = &self.middles[settlement.unit];
                // The older half of a village is the one built first: its first rows.
                let last = if sort == Where::OldHouse { middles.len() / 3 } else { middles.len() - 1 };
                let at = near(middles[rng.int(0, last as i64) as usize], 4.0, rng);
                self.scene(settlement, at)
            }
            Where::Road => self.on_a_lane(settlement, rng),
            Where::Pond => {
                let offset = settlement.streets[0] - 30.0;
                let at = ground(settlement.x + offset + 12.0 * rng.bell(), settlement.y + 40.0 * rng.bell());
                self.scene(settlement, at)
            }
        }
    }

    fn on_a_lane(&self, settlement: &Settlement, rng: &mut Rng) -> Scene {
        let (first, last) = (settlement.streets[0], settlement.streets[settlement.blocks()]);
        let lane = rng.pick(&settlement.all_lanes());
        let x = settlement.x + rng.range(first, last);
        self.scene(settlement, ground(x, settlement.lane_y(lane) + rng.range(0.6, 2.0)))
    }

    fn scene(&self, settlement: &Settlement, at: Pt) -> Scene {
        let words = whereabouts(settlement, at, self.street.units[settlement.unit].community);
        Scene { at, grid: 0, words_for_business: words.clone(), words_for_place: words, enterprise: None }
    }
}

fn near(at: Pt, spread_m: f64, rng: &mut Rng) -> Pt {
    Pt { x: at.x + spread_m * 0.5 * rng.bell(), y: at.y + spread_m * 0.5 * rng.bell() }
}

/// 村东北片, 小区西侧: what one says without a map.
fn whereabouts(settlement: &Settlement, at: Pt, community: bool) -> String {
    let (dx, dy) = (at.x - settlement.x, at.y - settlement.y);
    let name = if community { "小区" } else { "村" };
    let east = if dx > 45.0 {
        "东"
    } else if dx < -45.0 {
        "西"
    } else {
        ""
    };
    let north = if dy > 40.0 {
        "北"
    } else if dy < -40.0 {
        "南"
    } else {
        ""
    };
    match (east, north) {
        ("", "") => format!("{name}中心路口"),
        (side, "") | ("", side) => format!("{name}{side}头"),
        (side, end) => format!("{name}{side}{end}片"),
    }
}
