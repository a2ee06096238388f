//! Cuikou's 118 enterprises: the count is real, each of them invented. Cold stores and processors on the lots,
//! shops and workshops along the county road, small packers in people's yards.

use super::buildings::Buildings;
use super::calendar::{DAY, LAST_DAY, Minute};
use super::houses::closed;
use super::identity::{Registered, landline_number, social_credit_code};
use super::names::{given_name, surname};
use super::people::grid_of;
use super::plane::{Pt, ground};
use super::rng::Rng;
use super::sites::Site;
use super::street::Street;

pub(crate) struct Enterprise {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) category: &'static str,
    pub(crate) hazard_class: &'static str,
    pub(crate) floor_area_m2: i64,
    pub(crate) staff: i64,
    pub(crate) hours: (&'static str, &'static str),
    pub(crate) address: String,
    pub(crate) building_code: String,
    pub(crate) status: &'static str,
    pub(crate) last_inspected: Minute,
    pub(crate) contact_name: String,
    pub(crate) phone: String,
    pub(crate) at: Pt,
    pub(crate) grid: usize,
}

/// Where an enterprise settles.
#[derive(Clone, Copy, PartialEq)]
enum Ground {
    Lot,
    Front,
    Yard,
    School,
}

/// How many, of what, where; registered as what; named how; open when; how many people; how likely seasonal.
struct Trade {
    count: usize,
    category: &'static str,
    hazard_classes: &'static [(&'static str, f64)],
    ground: Ground,
    building: &'static str,
    registered: Registered,
    suffixes: &'static [&'static str],
    hours: (&'static str, &'static str),
    staff: (i64, i64),
    seasonal: f64,
}

#[rustfmt::skip]
const TRADES: [Trade; 17] = [
    Trade { count: 9, category: "cold_store", hazard_classes: &[("ammonia_refrigeration", 1.0)], ground: Ground::Lot, building: "cold_store", registered: Registered::Company, suffixes: &["冷藏有限公司", "蒜业冷藏有限公司"], hours: ("06:00", "20:00"), staff: (8, 26), seasonal: 0.0 },
    Trade { count: 13, category: "cold_store", hazard_classes: &[("freon_refrigeration", 1.0)], ground: Ground::Lot, building: "cold_store", registered: Registered::Company, suffixes: &["冷藏有限公司", "蒜业冷藏有限公司", "恒温库有限公司"], hours: ("06:00", "20:00"), staff: (4, 18), seasonal: 0.15 },
    Trade { count: 18, category: "garlic_processor", hazard_classes: &[("dust", 5.0), ("pressure_vessel", 2.0), ("general", 3.0)], ground: Ground::Lot, building: "workshop", registered: Registered::Company, suffixes: &["大蒜制品有限公司", "食品有限公司", "脱水蒜片有限公司", "农产品加工有限公司"], hours: ("07:00", "19:00"), staff: (10, 60), seasonal: 0.35 },
    Trade { count: 6, category: "garlic_processor", hazard_classes: &[("general", 3.0), ("dust", 1.0)], ground: Ground::Yard, building: "", registered: Registered::SelfEmployed, suffixes: &["蒜米加工坊", "蒜片加工坊"], hours: ("07:00", "18:00"), staff: (3, 9), seasonal: 0.7 },
    Trade { count: 4, category: "packer", hazard_classes: &[("flammable_store", 1.0)], ground: Ground::Lot, building: "warehouse", registered: Registered::Company, suffixes: &["包装制品有限公司", "网袋包装有限公司"], hours: ("07:00", "19:00"), staff: (8, 30), seasonal: 0.2 },
    Trade { count: 4, category: "packer", hazard_classes: &[("flammable_store", 2.0), ("general", 1.0)], ground: Ground::Front, building: "shop", registered: Registered::SelfEmployed, suffixes: &["网袋纸箱经营部", "包装材料门市"], hours: ("07:30", "19:00"), staff: (2, 6), seasonal: 0.2 },
    Trade { count: 8, category: "packer", hazard_classes: &[("flammable_store", 1.0), ("general", 1.0)], ground: Ground::Yard, building: "", registered: Registered::SelfEmployed, suffixes: &["大蒜代收点", "大蒜分拣包装点"], hours: ("06:00", "20:00"), staff: (3, 14), seasonal: 0.75 },
    Trade { count: 6, category: "logistics", hazard_classes: &[("general", 1.0)], ground: Ground::Lot, building: "warehouse", registered: Registered::Company, suffixes: &["物流有限公司", "货运有限公司"], hours: ("05:30", "22:00"), staff: (5, 22), seasonal: 0.0 },
    Trade { count: 7, category: "farm_supply", hazard_classes: &[("pesticide", 1.0)], ground: Ground::Front, building: "shop", registered: Registered::SelfEmployed, suffixes: &["农资门市", "农资服务部", "种业经营部"], hours: ("07:00", "18:30"), staff: (1, 5), seasonal: 0.0 },
    Trade { count: 8, category: "restaurant", hazard_classes: &[("open_flame", 1.0)], ground: Ground::Front, building: "shop", registered: Registered::SelfEmployed, suffixes: &["羊汤馆", "家常菜馆", "水饺馆", "烧烤店", "早餐店"], hours: ("06:30", "21:30"), staff: (2, 9), seasonal: 0.0 },
    Trade { count: 16, category: "shop", hazard_classes: &[("general", 1.0)], ground: Ground::Front, building: "shop", registered: Registered::SelfEmployed, suffixes: &["百货超市", "便民商店", "五金电料", "服装店", "理发店", "手机店", "家电门市", "蔬果店"], hours: ("07:00", "21:00"), staff: (1, 5), seasonal: 0.0 },
    Trade { count: 2, category: "shop", hazard_classes: &[("general", 1.0)], ground: Ground::Yard, building: "", registered: Registered::SelfEmployed, suffixes: &["小卖部"], hours: ("07:00", "21:00"), staff: (1, 2), seasonal: 0.0 },
    Trade { count: 11, category: "workshop", hazard_classes: &[("general", 1.0)], ground: Ground::Front, building: "workshop", registered: Registered::SelfEmployed, suffixes: &["电气焊铺", "农机修理部", "汽车修理部", "木器加工坊", "铝合金门窗店", "轮胎修补店"], hours: ("07:00", "19:30"), staff: (1, 7), seasonal: 0.0 },
    Trade { count: 1, category: "fuel", hazard_classes: &[("flammable_store", 1.0)], ground: Ground::Front, building: "other", registered: Registered::Company, suffixes: &["加油站有限公司"], hours: ("00:00", "23:59"), staff: (6, 8), seasonal: 0.0 },
    Trade { count: 1, category: "clinic", hazard_classes: &[("crowded", 1.0)], ground: Ground::Front, building: "public", registered: Registered::Institution, suffixes: &["卫生室"], hours: ("07:30", "18:30"), staff: (3, 4), seasonal: 0.0 },
    Trade { count: 1, category: "school", hazard_classes: &[("crowded", 1.0)], ground: Ground::School, building: "public", registered: Registered::Institution, suffixes: &["小学"], hours: ("07:20", "17:10"), staff: (16, 18), seasonal: 0.0 },
    Trade { count: 3, category: "other", hazard_classes: &[("general", 1.0)], ground: Ground::Front, building: "other", registered: Registered::SelfEmployed, suffixes: &["快递服务点", "洗浴中心", "地磅房"], hours: ("07:30", "21:00"), staff: (1, 5), seasonal: 0.0 },
];

const FIRST: [&str; 18] = [
    "鑫", "金", "宏", "瑞", "恒", "兴", "华", "泰", "顺", "永", "福", "盛", "万", "德", "润", "丰", "裕",
    "祥",
];
const SECOND: [&str; 16] =
    ["源", "达", "昌", "隆", "发", "旺", "诚", "和", "盈", "泽", "运", "茂", "通", "信", "康", "升"];

/// All 118, and their buildings added to the street's.
pub(crate) fn enterprises(street: &Street, buildings: &mut Buildings) -> Vec<Enterprise> {
    let mut rng = Rng::named("enterprises");
    let mut fronts = std::mem::take(&mut buildings.fronts);
    fronts.reverse();
    let mut lots = std::mem::take(&mut buildings.lots);
    lots.reverse();
    let mut yards: Vec<usize> = (0..buildings.houses.len()).filter(|&n| !buildings.houses[n].0.old).collect();
    rng.shuffle(&mut yards);
    let mut enterprises = Vec::new();
    let mut used = Vec::new();
    for trade in &TRADES {
        for n in 0..trade.count {
            let place = match trade.ground {
                Ground::Yard => yard(buildings, yards.pop().unwrap_or_default()),
                Ground::School => on_site(street, buildings, trade, school(), &mut rng),
                Ground::Front => match fronts.pop() {
                    Some(site) => on_site(street, buildings, trade, site, &mut rng),
                    None => yard(buildings, yards.pop().unwrap_or_default()),
                },
                Ground::Lot => {
                    let site = choose_lot(&mut lots, trade.category == "cold_store");
                    on_site(street, buildings, trade, site, &mut rng)
                }
            };
            let name = unused_name(trade, n, &mut used, &mut rng);
            let serial = enterprises.len() + 1;
            enterprises.push(enterprise(trade, name, place, serial, &mut rng));
        }
    }
    enterprises.sort_by(|a, b| a.grid.cmp(&b.grid).then_with(|| a.code.cmp(&b.code)));
    name_buildings(buildings, &enterprises);
    enterprises
}

/// Where it is: gate, building, area, address, grid.
struct Place {
    at: Pt,
    building_code: String,
    area_m2: f64,
    address: String,
    grid: usize,
}

fn enterprise(trade: &Trade, name: String, place: Place, serial: usize, rng: &mut Rng) -> Enterprise {
    let hazard_class = class_by_name(&name).unwrap_or_else(|| rng.weighted(trade.hazard_classes));
    let interval = inspected_every(hazard_class);
    let late = rng.chance(0.12);
    let gap = if late { interval + rng.int(0, 12) } else { rng.int(1, interval - 1) };
    let male = rng.chance(0.8);
    let born = rng.int(1960, 1994);
    Enterprise {
        code: social_credit_code(trade.registered, rng),
        name,
        category: trade.category,
        hazard_class,
        floor_area_m2: place.area_m2.round() as i64,
        staff: rng.int(trade.staff.0, trade.staff.1),
        hours: trade.hours,
        address: place.address,
        building_code: place.building_code,
        status: if rng.chance(trade.seasonal) { "seasonal" } else { "active" },
        last_inspected: (LAST_DAY + 1 - gap) * DAY + rng.int(9 * 60, 17 * 60),
        contact_name: format!("{}{}", surname(rng), given_name(male, born, rng)),
        phone: landline_number(serial),
        at: place.at,
        grid: place.grid,
    }
}

/// What the name gives away about the danger.
fn class_by_name(name: &str) -> Option<&'static str> {
    const GIVEN_AWAY: [(&str, &str); 8] = [
        ("电气焊", "open_flame"),
        ("农机修理", "open_flame"),
        ("汽车修理", "flammable_store"),
        ("木器", "dust"),
        ("铝合金", "general"),
        ("轮胎", "pressure_vessel"),
        ("洗浴", "pressure_vessel"),
        ("超市", "crowded"),
    ];
    GIVEN_AWAY.iter().find(|(word, _)| name.contains(word)).map(|&(_, class)| class)
}

/// Days within which a place of that class has mostly been looked at.
fn inspected_every(hazard_class: &str) -> i64 {
    match hazard_class {
        "ammonia_refrigeration" => 15,
        "freon_refrigeration" => 60,
        "general" => 90,
        _ => 30,
    }
}

fn on_site(street: &Street, buildings: &mut Buildings, trade: &Trade, site: Site, rng: &mut Rng) -> Place {
    let area_m2 = site.area_m2();
    let levels = if trade.building == "shop" && rng.chance(0.4) { 2 } else { 1 };
    let grid = grid_of(site.north, site.east);
    let building_code = buildings.add(street, street.cuikou(), trade.building, None, levels, site.ring);
    Place { at: site.gate, building_code, area_m2, address: site.address, grid }
}

fn yard(buildings: &Buildings, n: usize) -> Place {
    let (house, code) = &buildings.houses[n];
    let (north, east) = (house.plot.lane > 0, house.plot.x > 0.0);
    let side = if north { "北" } else { "南" };
    Place {
        at: house.back_room,
        building_code: code.clone(),
        area_m2: super::plane::doubled_area(&house.ring) / 2.0,
        address: format!("崔口村{side}{}巷（院内）", house.plot.lane.abs()),
        grid: grid_of(north, east),
    }
}

/// Cold stores take the largest of the next lots, everybody else the smallest.
fn choose_lot(lots: &mut Vec<Site>, large: bool) -> Site {
    let first = lots.len().saturating_sub(6);
    let mut order: Vec<usize> = (first..lots.len()).collect();
    order.sort_by(|&a, &b| lots[a].area_m2().total_cmp(&lots[b].area_m2()));
    let chosen = if large { order[order.len() - 1] } else { order[0] };
    lots.remove(chosen)
}

/// North of the fifth lane; the gate at the foot of the western wing.
fn school() -> Site {
    let corners = [(14.0, 109.0), (25.0, 109.0), (25.0, 129.0), (90.0, 129.0), (90.0, 141.0), (14.0, 141.0)];
    Site {
        ring: closed(&corners),
        gate: ground(19.5, 110.5),
        address: "崔口村北5巷".to_owned(),
        north: true,
        east: true,
    }
}

fn unused_name(trade: &Trade, n: usize, used: &mut Vec<String>, rng: &mut Rng) -> String {
    let suffix = trade.suffixes[n % trade.suffixes.len()];
    if trade.registered == Registered::Institution {
        return format!("崔口村{suffix}");
    }
    loop {
        let word = format!("{}{}", rng.pick(&FIRST), rng.pick(&SECOND));
        if !used.contains(&word) {
            used.push(word.clone());
            return match trade.registered {
                Registered::Company => format!("金乡县{word}{suffix}"),
                _ => format!("崔口村{word}{suffix}"),
            };
        }
    }
}

/// A building that holds one enterprise and no household carries its name.
fn name_buildings(buildings: &mut Buildings, enterprises: &[Enterprise]) {
    for building in buildings.all.iter_mut().filter(|building| building.kind != "house") {
        if let Some(enterprise) =
            enterprises.iter().find(|enterprise| enterprise.building_code == building.code)
        {
            building.name = Some(enterprise.name.clone());
        }
    }
}
