//! Which file holds what, under which property names: the import contract's.

use super::World;
use super::accounts::member_of;
use super::calendar::{date, timestamp};
use super::people::{Household, PARTY_MEMBERS, PEOPLE, Resident};
use super::street::STREET;
use super::write::{Collection, Geometry, Json, Table, lon_lat, package};

type Make = fn(&World) -> Vec<u8>;

const FILES: [(&str, &str, Make); 11] = [
    ("areas.geojson", "行政区划 areas", areas),
    ("grids.geojson", "网格 grids", grids),
    ("roads.geojson", "道路 roads", roads),
    ("buildings.geojson", "房屋 buildings", buildings),
    ("water.geojson", "水系 water", water),
    ("households.geojson", "户与居民 households and residents", households),
    ("enterprises.geojson", "企业 enterprises", enterprises),
    ("hazards.geojson", "隐患点 hazard points", hazards),
    ("reports.csv", "上报事件 reports", reports),
    ("visits.csv", "走访 visits", visits),
    ("accounts.json", "演示账号 demo accounts", accounts),
];

pub(crate) fn files(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let mut files: Vec<(&'static str, Vec<u8>)> =
        FILES.iter().map(|(name, _, make)| (*name, make(world))).collect();
    let titles: Vec<(&str, &str)> = FILES.iter().map(|(name, title, _)| (*name, *title)).collect();
    files.push(("datapackage.json", package(&titles)));
    files
}

fn collection(name: &str) -> Collection {
    let title = FILES.iter().find(|file| file.0.split('.').next() == Some(name)).map_or("", |file| file.1);
    Collection::new(name, title)
}

fn areas(world: &World) -> Vec<u8> {
    let mut out = collection("areas");
    let above = [
        ("37", None, "province", "山东省", "Shandong Province"),
        ("3708", Some("37"), "city", "济宁市", "Jining City"),
        ("370828", Some("3708"), "county", "金乡县", "Jinxiang County"),
    ];
    for (code, parent, kind, name, name_en) in above {
        out.push(&Geometry::None, area(code, parent, kind, name, name_en));
    }
    let street = area(STREET, Some("370828"), "street", "鱼山街道", "Yushan Street");
    out.push(&Geometry::Polygon(&world.street_outline), street);
    for (unit, ring) in world.street.units.iter().zip(&world.unit_outlines) {
        let kind = if unit.community { "community" } else { "village" };
        let mut properties = area(&unit.code, Some(STREET), kind, &unit.full_name(), &unit.name_en);
        if unit.is_cuikou() {
            properties.push(("population", Json::Int(PEOPLE as i64)));
            properties.push(("party_members", Json::Int(PARTY_MEMBERS as i64)));
        }
        out.push(&Geometry::Polygon(ring), properties);
    }
    out.finish()
}

fn area(
    code: &str,
    parent: Option<&str>,
    kind: &str,
    name: &str,
    name_en: &str,
) -> Vec<(&'static str, Json)> {
    vec![
        ("code", code.into()),
        ("parent_code", parent.into()),
        ("kind", kind.into()),
        ("name", name.into()),
        ("name_en", name_en.into()),
    ]
}

fn grids(world: &World) -> Vec<u8> {
    let mut out = collection("grids");
    for (grid, ring) in world.grid_outlines.iter().enumerate() {
        let properties = vec![
            ("code", world.street.grid_code(grid).into()),
            ("name", format!("第{}网格", grid % 3 + 1).into()),
            ("kind", "base".into()),
            ("valid_from", "2021-07-01".into()),
        ];
        out.push(&Geometry::Polygon(ring), properties);
    }
    out.finish()
}

fn roads(world: &World) -> Vec<u8> {
    let mut out = collection("roads");
    for (number, (road, points)) in world.roads.lines().into_iter().enumerate() {
        let width = format!("{}.{}", road.width_dm / 10, road.width_dm % 10);
        let properties = vec![
            ("code", format!("{STREET}-R{:04}", number + 1).into()),
            ("class", road.class.into()),
            ("name", road.name.into()),
            ("width_m", Json::Number(width)),
            ("one_way", false.into()),
        ];
        out.push(&Geometry::Line(&points), properties);
    }
    out.finish()
}

fn buildings(world: &World) -> Vec<u8> {
    let mut out = collection("buildings");
    for building in &world.buildings.all {
        let properties = vec![
            ("code", building.code.as_str().into()),
            ("kind", building.kind.into()),
            ("name", building.name.as_deref().into()),
            ("levels", i64::from(building.levels).into()),
        ];
        out.push(&Geometry::Polygon(&building.ring), properties);
    }
    out.finish()
}

fn water(world: &World) -> Vec<u8> {
    let mut out = collection("water");
    for (number, water) in world.water.iter().enumerate() {
        let properties = vec![
            ("code", format!("{STREET}-W{:04}", number + 1).into()),
            ("kind", water.kind.into()),
            ("name", water.name.into()),
        ];
        let geometry = match water.kind {
            "pond" => Geometry::Polygon(&water.points),
            _ => Geometry::Line(&water.points),
        };
        out.push(&geometry, properties);
    }
    out.finish()
}

fn households(world: &World) -> Vec<u8> {
    let mut out = collection("households");
    for household in &world.households {
        out.push(&Geometry::Point(household.at), household_properties(household));
    }
    out.finish()
}

fn household_properties(household: &Household) -> Vec<(&'static str, Json)> {
    vec![
        ("code", household.code.as_str().into()),
        ("address", household.address.as_str().into()),
        ("building_code", household.building_code.as_str().into()),
        ("floating", household.floating.into()),
        ("last_visited_at", timestamp(household.last_visited).into()),
        ("residents", Json::List(household.residents.iter().map(resident).collect())),
    ]
}

fn resident(resident: &Resident) -> Json {
    let care = resident.care.as_ref().map(|care| {
        Json::Object(vec![
            ("code", care.code.as_str().into()),
            ("kind", care.kind.into()),
            ("details", care.details.into()),
            ("since", care.since.into()),
            ("last_visited_at", timestamp(care.last_visited).into()),
        ])
    });
    Json::Object(vec![
        ("code", resident.code.as_str().into()),
        ("name", resident.name.as_str().into()),
        ("sex", if resident.male { "male" } else { "female" }.into()),
        ("birth_year", resident.birth_year.into()),
        ("relation", resident.relation.into()),
        ("party_member", resident.party_member.into()),
        ("floating", resident.floating.into()),
        ("phone", resident.phone.as_deref().into()),
        ("id_number", resident.id_number.as_str().into()),
        ("care", care.unwrap_or(Json::Null)),
    ])
}

fn enterprises(world: &World) -> Vec<u8> {
    let mut out = collection("enterprises");
    for enterprise in &world.enterprises {
        let properties = vec![
            ("code", enterprise.code.as_str().into()),
            ("name", enterprise.name.as_str().into()),
            ("category", enterprise.category.into()),
            ("hazard_class", enterprise.hazard_class.into()),
            ("floor_area_m2", enterprise.floor_area_m2.into()),
            ("staff", enterprise.staff.into()),
            ("opens", enterprise.hours.0.into()),
            ("closes", enterprise.hours.1.into()),
            ("address", enterprise.address.as_str().into()),
            ("building_code", enterprise.building_code.as_str().into()),
            ("status", enterprise.status.into()),
            ("last_inspected_at", timestamp(enterprise.last_inspected).into()),
            ("contact_name", enterprise.contact_name.as_str().into()),
            ("phone", enterprise.phone.as_str().into()),
        ];
        out.push(&Geometry::Point(enterprise.at), properties);
    }
    out.finish()
}

fn hazards(world: &World) -> Vec<u8> {
    let mut out = collection("hazards");
    for hazard in &world.hazards {
        let properties = vec![
            ("code", hazard.code.as_str().into()),
            ("kind", hazard.kind.into()),
            ("severity", i64::from(hazard.severity).into()),
            ("status", if hazard.cleared.is_some() { "cleared" } else { "open" }.into()),
            ("description", hazard.description.as_str().into()),
            ("enterprise_code", hazard.enterprise.as_deref().into()),
            ("found_on", date(hazard.found).into()),
            ("cleared_on", hazard.cleared.map(date).into()),
        ];
        out.push(&Geometry::Point(hazard.at), properties);
    }
    out.finish()
}

fn reports(world: &World) -> Vec<u8> {
    let mut out = Table::new(&[
        "id",
        "lon",
        "lat",
        "kind",
        "hazard_kind",
        "severity",
        "words",
        "status",
        "resolved_on_spot",
        "department",
        "happened_at",
        "received_at",
        "closed_at",
        "reported_by",
        "enterprise_code",
        "accuracy_m",
    ]);
    for report in &world.reports {
        let [lon, lat] = lon_lat(report.at);
        out.push(&[
            report.id.clone(),
            lon,
            lat,
            report.kind.to_owned(),
            report.hazard_kind.unwrap_or_default().to_owned(),
            report.severity.to_string(),
            report.words.clone(),
            report.status.to_owned(),
            report.resolved_on_spot.to_string(),
            report.department.unwrap_or_default().to_owned(),
            timestamp(report.happened),
            timestamp(report.received),
            report.closed.map(timestamp).unwrap_or_default(),
            member_of(&world.street, report.grid),
            report.enterprise.clone().unwrap_or_default(),
            report.accuracy_m.to_string(),
        ]);
    }
    out.finish()
}

fn visits(world: &World) -> Vec<u8> {
    let mut out = Table::new(&[
        "id",
        "target_kind",
        "target_code",
        "purpose",
        "result",
        "note",
        "visited_at",
        "visited_by",
        "lon",
        "lat",
    ]);
    for visit in &world.visits {
        let [lon, lat] = lon_lat(visit.at);
        out.push(&[
            visit.id.clone(),
            visit.target_kind.to_owned(),
            visit.target_code.clone(),
            visit.purpose.to_owned(),
            visit.result.to_owned(),
            visit.note.unwrap_or_default().to_owned(),
            timestamp(visit.visited),
            visit.login.clone(),
            lon,
            lat,
        ]);
    }
    out.finish()
}

fn accounts(world: &World) -> Vec<u8> {
    let mut out = String::from("{\"synthetic\":true,\"accounts\":[\n");
    for (n, account) in world.accounts.iter().enumerate() {
        out.push_str(if n > 0 { ",\n" } else { "" });
        Json::Object(vec![
            ("login", account.login.as_str().into()),
            ("display_name", account.display_name.as_str().into()),
            ("role", account.role.into()),
            ("scope_code", account.scope_code.as_str().into()),
            ("department", account.department.into()),
        ])
        .write(&mut out);
    }
    out.push_str("\n]}\n");
    out.into_bytes()
}
