//! Cuikou's households and the 1,360 people in them: families, elders on their own, seasonal workers. The counts
//! are real; not one of the people is.

use std::collections::BTreeSet;

use super::buildings::Buildings;
use super::calendar::{DAY, LAST_DAY, Minute};
use super::identity::{identity_number, mobile_number};
use super::names::{foreign_surname, given_name, surname};
use super::plane::Pt;
use super::rng::Rng;
use super::street::CUIKOU;
use super::village::ROW;

pub(crate) const PEOPLE: usize = 1360;
pub(crate) const PARTY_MEMBERS: usize = 28;
const FLOATING_HOUSEHOLDS: usize = 14;
/// Households nobody has called at for more than a month.
const OVERDUE_HOUSEHOLDS: usize = 20;

pub(crate) struct Household {
    pub(crate) code: String,
    pub(crate) address: String,
    pub(crate) building_code: String,
    pub(crate) at: Pt,
    /// Number of its grid, from 0.
    pub(crate) grid: usize,
    pub(crate) floating: bool,
    pub(crate) old_quarter: bool,
    pub(crate) last_visited: Minute,
    pub(crate) residents: Vec<Resident>,
}

pub(crate) struct Resident {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) male: bool,
    pub(crate) birth_year: i64,
    pub(crate) relation: &'static str,
    pub(crate) party_member: bool,
    pub(crate) floating: bool,
    pub(crate) phone: Option<String>,
    pub(crate) id_number: String,
    pub(crate) care: Option<Care>,
}

pub(crate) struct Care {
    pub(crate) code: String,
    pub(crate) kind: &'static str,
    pub(crate) details: &'static str,
    pub(crate) since: &'static str,
    pub(crate) last_visited: Minute,
}

/// Who lives in a house, before they have names: relation, sex, age.
type Member = (&'static str, bool, i64);

pub(crate) fn households(buildings: &Buildings) -> Vec<Household> {
    let mut rng = Rng::named("people");
    let number = buildings.houses.len();
    let floating = floating_houses(buildings, &mut rng);
    let elders = elder_houses(buildings, &mut rng);
    let sizes = sizes(number, &elders, &mut rng);
    let mut numbers = BTreeSet::new();
    let mut households = Vec::with_capacity(number);
    for (n, (house, building_code)) in buildings.houses.iter().enumerate() {
        let code = format!("{CUIKOU}-H{:04}", n + 1);
        let away = floating.contains(&n);
        let members = if away {
            workers(sizes[n], &mut rng)
        } else if elders.contains(&n) {
            elderly(sizes[n], &mut rng)
        } else {
            family(sizes[n], house.old, &mut rng)
        };
        let residents = name_all(&code, &members, away, &mut numbers, &mut rng);
        let side = if house.plot.lane > 0 { "北" } else { "南" };
        let door = house.plot.block * ROW + house.plot.place + 1;
        households.push(Household {
            address: format!("崔口村{side}{}巷{door}号", house.plot.lane.abs()),
            building_code: building_code.clone(),
            at: house.gate,
            grid: grid_of(house.plot.lane > 0, house.plot.x > 0.0),
            floating: away,
            old_quarter: house.old,
            last_visited: LAST_DAY * DAY - rng.int(0, 27) * DAY + rng.int(8 * 60, 18 * 60),
            residents,
            code,
        });
    }
    choose_party_members(&mut households, &mut rng);
    set_care(&mut households, &elders, &mut rng);
    set_overdue(&mut households, &mut rng);
    households
}

/// Grids of Cuikou, from 0: north of the county road; south-west; south-east of the crossing.
pub(crate) fn grid_of(north: bool, east: bool) -> usize {
    match (north, east) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    }
}

/// Seasonal workers rent near the eastern cold stores.
fn floating_houses(buildings: &Buildings, rng: &mut Rng) -> Vec<usize> {
    let mut east: Vec<usize> =
        (0..buildings.houses.len()).filter(|&n| buildings.houses[n].0.plot.block >= 3).collect();
    rng.shuffle(&mut east);
    east.truncate(FLOATING_HOUSEHOLDS);
    east
}

/// Two houses of elders in the old quarter, one in the north.
fn elder_houses(buildings: &Buildings, rng: &mut Rng) -> Vec<usize> {
    let houses = &buildings.houses;
    let old: Vec<usize> = (0..houses.len()).filter(|&n| houses[n].0.old).collect();
    let north: Vec<usize> =
        (0..houses.len()).filter(|&n| houses[n].0.plot.lane > 1 && houses[n].0.plot.block <= 2).collect();
    let first = rng.pick(&old);
    let second = old[(old.iter().position(|&n| n == first).unwrap_or(0) + 17) % old.len()];
    vec![first, second, rng.pick(&north)]
}

/// Household sizes that sum to the village's population.
fn sizes(number: usize, elders: &[usize], rng: &mut Rng) -> Vec<usize> {
    const SHARES: [(usize, f64); 6] = [(1, 0.09), (2, 0.23), (3, 0.2), (4, 0.25), (5, 0.15), (6, 0.08)];
    let mut sizes: Vec<usize> = (0..number).map(|_| rng.weighted(&SHARES)).collect();
    for (n, &house) in elders.iter().enumerate() {
        sizes[house] = if n == 1 { 2 } else { 1 };
    }
    loop {
        let sum: usize = sizes.iter().sum();
        let n = rng.int(0, number as i64 - 1) as usize;
        if sum == PEOPLE {
            return sizes;
        }
        if elders.contains(&n) {
            continue;
        }
        if sum < PEOPLE && sizes[n] < 6 {
            sizes[n] += 1;
        } else if sum > PEOPLE && sizes[n] > 2 {
            sizes[n] -= 1;
        }
    }
}

fn workers(size: usize, rng: &mut Rng) -> Vec<Member> {
    (0..size).map(|n| (if n == 0 { "head" } else { "other" }, rng.chance(0.6), rng.int(22, 58))).collect()
}

fn elderly(size: usize, rng: &mut Rng) -> Vec<Member> {
    let age = rng.int(76, 86);
    let mut members = vec![("head", size == 2, age)];
    members.extend((size == 2).then(|| ("spouse", false, age - rng.int(0, 4))));
    members
}

fn family(size: usize, old_quarter: bool, rng: &mut Rng) -> Vec<Member> {
    let head = match (size, old_quarter) {
        (1, _) => rng.int(48, 84),
        (2, _) => rng.int(50, 78),
        (_, true) => rng.int(40, 66),
        _ => rng.int(31, 56),
    };
    let mut members = vec![("head", size > 1 || rng.chance(0.45), head)];
    if size >= 2 {
        members.push(("spouse", false, head + rng.int(-4, 2)));
    }
    let parents = match size {
        4 => usize::from(rng.chance(0.3)),
        5 => 1,
        6 => 2,
        _ => 0,
    };
    for n in 0..size.saturating_sub(2 + parents) {
        let age = (head - 23 - 3 * n as i64 - rng.int(0, 4)).max(0);
        let relation = if head > 58 && n > 0 { "grandchild" } else { "child" };
        let age = if relation == "grandchild" { rng.int(1, 15) } else { age };
        members.push((relation, rng.chance(0.52), age));
    }
    for n in 0..parents {
        let age = (head + 23 + rng.int(0, 5)).min(94);
        members.push(("parent", parents == 2 && n == 0, age));
    }
    members
}

fn name_all(
    household: &str,
    members: &[Member],
    floating: bool,
    numbers: &mut BTreeSet<String>,
    rng: &mut Rng,
) -> Vec<Resident> {
    let own = if floating { foreign_surname(rng) } else { surname(rng) };
    members
        .iter()
        .enumerate()
        .map(|(n, &(relation, male, age))| {
            let birth = (2022 - age, rng.int(1, if age == 0 { 6 } else { 12 }), rng.int(1, 28));
            let married_in = relation == "spouse" || (relation == "parent" && !male);
            let family_name = match (floating && n > 0, married_in) {
                (true, _) => foreign_surname(rng),
                (false, true) => surname(rng),
                (false, false) => own,
            };
            let id_number = loop {
                let number = identity_number(birth, male, rng);
                if numbers.insert(number.clone()) {
                    break number;
                }
            };
            let has_phone = (13..78).contains(&age);
            Resident {
                code: format!("{household}-{}", n + 1),
                name: format!("{family_name}{}", given_name(male, birth.0, rng)),
                male,
                birth_year: birth.0,
                relation,
                party_member: false,
                floating,
                phone: has_phone.then(|| mobile_number(numbers.len())),
                id_number,
                care: None,
            }
        })
        .collect()
}

fn choose_party_members(households: &mut [Household], rng: &mut Rng) {
    let mut left = PARTY_MEMBERS;
    while left > 0 {
        let n = rng.int(0, households.len() as i64 - 1) as usize;
        let household = &mut households[n];
        let member = rng.int(0, household.residents.len() as i64 - 1) as usize;
        let resident = &mut household.residents[member];
        let adult = (1940..2000).contains(&resident.birth_year);
        let likely = if resident.male { 1.0 } else { 0.4 };
        if adult && !household.floating && !resident.party_member && rng.chance(likely) {
            resident.party_member = true;
            left -= 1;
        }
    }
}

/// Three empty-nest elders and two severely disabled people, visited every week.
fn set_care(households: &mut [Household], elders: &[usize], rng: &mut Rng) {
    let alone =
        ["独居，子女在外地务工，患高血压", "老两口，子女在济南，行动不便", "独居，听力差，需帮助取药"];
    let since = ["2021-07-05", "2021-07-05", "2021-11-15"];
    for (n, &house) in elders.iter().enumerate() {
        give_care(&mut households[house], 0, "empty_nest_elder", alone[n], since[n], 6 + n as i64, rng);
    }
    let disabled = [("肢体一级残疾，卧床，家属护理", "2021-07-05"), ("智力二级残疾，需防走失", "2022-03-01")];
    for (n, (details, since)) in disabled.into_iter().enumerate() {
        let suitable = |h: &Household| {
            h.grid == n + 1
                && !h.floating
                && h.residents.len() >= 3
                && h.residents.iter().all(|r| r.care.is_none())
        };
        let homes: Vec<usize> = (0..households.len()).filter(|&i| suitable(&households[i])).collect();
        let home = rng.pick(&homes);
        let person = if n == 0 { 0 } else { 2 };
        give_care(&mut households[home], person, "severe_disability", details, since, 5 + 3 * n as i64, rng);
    }
}

fn give_care(
    household: &mut Household,
    person: usize,
    kind: &'static str,
    details: &'static str,
    since: &'static str,
    days_ago: i64,
    rng: &mut Rng,
) {
    let last_visited = (LAST_DAY + 1 - days_ago) * DAY + rng.int(9 * 60, 16 * 60);
    household.last_visited = household.last_visited.max(last_visited);
    let resident = &mut household.residents[person];
    resident.care = Some(Care { code: format!("{}-C1", resident.code), kind, details, since, last_visited });
}

fn set_overdue(households: &mut [Household], rng: &mut Rng) {
    let mut left = OVERDUE_HOUSEHOLDS;
    while left > 0 {
        let n = rng.int(0, households.len() as i64 - 1) as usize;
        let household = &mut households[n];
        let cared_for = household.residents.iter().any(|resident| resident.care.is_some());
        if !cared_for && household.last_visited > (LAST_DAY - 29) * DAY {
            household.last_visited = (LAST_DAY + 1 - rng.int(31, 44)) * DAY + rng.int(8 * 60, 18 * 60);
            left -= 1;
        }
    }
}
