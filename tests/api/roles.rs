//! Who may do what: every role against every resource, inside and outside its scope, over HTTP.
//!
//! The table below is the one that people read in `docs/ROLES.md`; the first test tries every cell of it.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something should be has failed")]

use std::fmt::Write;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Client, TestApp};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ROLES.md");

/// The accounts of `seed.sql` that stand for the roles, and the digit at the end of the ids of what lies in
/// grid 370828003218001, inside all of their scopes, and of what lies outside each.
const ROLES: [(&str, &str, &str, char); 8] = [
    ("member1", "网格员", "Grid member", '2'),
    ("chief", "网格长", "Grid chief", '3'),
    ("planner", "规划员", "Planner", '3'),
    ("mediator", "调解员", "Mediator", '3'),
    ("police", "民警", "Police", '3'),
    ("fire", "检查员", "Inspector", '5'),
    ("command", "指挥中心", "Command", '5'),
    ("admin", "管理员", "Administrator", '5'),
];

/// What a role may do with a resource: `R` read, `M` read masked, `C` create, `U` change, `-` nothing.
const MATRIX: &[(Resource, &str, &str, [&str; 8])] = &[
    (
        Resource::Households,
        "户与居民",
        "Households and residents",
        ["RCU", "RCU", "-", "-", "R", "-", "R", "R"],
    ),
    (Resource::Residents, "居民登记", "Registering residents", ["CU", "CU", "-", "-", "CU", "-", "-", "-"]),
    (
        Resource::Identities,
        "电话与身份证号",
        "Telephone and identity number",
        ["R", "R", "-", "-", "R", "-", "M", "M"],
    ),
    (Resource::Care, "重点关爱原因", "Special care and why", ["R", "R", "-", "-", "-", "-", "-", "-"]),
    (Resource::Enterprises, "企业", "Enterprises", ["RCU", "RCU", "R", "-", "R", "RCU", "R", "RCU"]),
    (Resource::Contacts, "企业联系人", "Whom to call there", ["R", "R", "-", "-", "R", "R", "-", "-"]),
    (Resource::Hazards, "隐患", "Hazards", ["RCU", "RCU", "R", "-", "R", "RCU", "RCU", "R"]),
    (
        Resource::Report('0'),
        "上报：隐患",
        "Reports: hazard",
        ["RCU", "RCU", "-", "C", "RCU", "RCU", "RCU", "-"],
    ),
    (
        Resource::Report('1'),
        "上报：矛盾纠纷",
        "Reports: dispute",
        ["RCU", "RCU", "-", "RCU", "RCU", "C", "RCU", "-"],
    ),
    (
        Resource::Report('2'),
        "上报：诉求",
        "Reports: request",
        ["RCU", "RCU", "-", "C", "RCU", "C", "RCU", "-"],
    ),
    (
        Resource::Report('3'),
        "上报：社情民意",
        "Reports: opinion",
        ["RCU", "RCU", "-", "C", "C", "C", "RCU", "-"],
    ),
    (Resource::Report('4'), "上报：求助", "Reports: help", ["RCU", "RCU", "-", "C", "RCU", "C", "RCU", "-"]),
    (Resource::HouseVisits, "入户走访", "Visits to households", ["RC", "RC", "-", "-", "-", "-", "R", "-"]),
    (Resource::WorkVisits, "企业走访", "Visits to enterprises", ["RC", "RC", "-", "-", "C", "RC", "R", "-"]),
    (Resource::Patrols, "今日巡查", "Today's patrol", ["R", "R", "-", "-", "-", "-", "-", "-"]),
    (Resource::KeptPatrols, "巡查记录", "Patrols that are kept", ["R", "R", "-", "-", "-", "-", "-", "-"]),
    (Resource::Team, "可派人员", "Who can be sent", ["R", "R", "-", "-", "-", "R", "R", "-"]),
    (Resource::Duties, "应访任务", "Calls that are due", ["R", "R", "-", "-", "-", "R", "R", "-"]),
    (Resource::Scores, "企业风险", "Risk of enterprises", ["R", "R", "-", "-", "-", "R", "R", "-"]),
    (Resource::Figures, "网格统计", "Figures per grid", ["R", "R", "R", "-", "R", "R", "R", "R"]),
    (Resource::Areas, "行政区划", "Areas", ["R", "R", "R", "R", "R", "R", "R", "RU"]),
    (Resource::Grids, "网格", "Grids", ["R", "R", "RU", "R", "R", "R", "R", "RU"]),
    (Resource::Plans, "划分方案", "Boundary plans", ["-", "R", "RC", "-", "-", "-", "R", "RC"]),
    (Resource::Accounts, "账号", "Accounts", ["-", "-", "-", "-", "-", "-", "-", "RCU"]),
];

/// What the session tells the web map, and the letter of the table that it stands for.
const CAPABILITIES: &[(&str, Resource, char)] = &[
    ("account.manage", Resource::Accounts, 'U'),
    ("area.write", Resource::Areas, 'U'),
    ("care.read", Resource::Care, 'R'),
    ("enterprise.read", Resource::Enterprises, 'R'),
    ("enterprise.write", Resource::Enterprises, 'U'),
    ("figures.read", Resource::Figures, 'R'),
    ("grid.import", Resource::Plans, 'C'),
    ("hazard.read", Resource::Hazards, 'R'),
    ("hazard.write", Resource::Hazards, 'U'),
    ("household.read", Resource::Households, 'R'),
    ("household.write", Resource::Households, 'U'),
    ("identity.read", Resource::Identities, 'R'),
    ("patrol.read", Resource::Patrols, 'R'),
    ("report.create", Resource::Report('4'), 'C'),
    ("resident.write", Resource::Residents, 'U'),
    ("visit.create", Resource::WorkVisits, 'C'),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Resource {
    Households,
    Residents,
    Identities,
    Care,
    Enterprises,
    Contacts,
    Hazards,
    /// The second digit of the reports' ids in `seed.sql`, which stands for their kind.
    Report(char),
    HouseVisits,
    WorkVisits,
    Patrols,
    KeptPatrols,
    Team,
    Duties,
    Scores,
    Figures,
    Areas,
    Grids,
    Plans,
    Accounts,
}

/// A place inside every role's scope, or outside one.
#[derive(Debug, Clone, Copy)]
struct Side {
    digit: char,
}

impl Side {
    const INSIDE: Self = Self { digit: '1' };

    fn id(self, prefix: &str) -> String {
        format!("{prefix}-0000-7000-8000-00000000000{}", self.digit)
    }

    fn grid(self) -> &'static str {
        match self.digit {
            '1' => "370828003218001",
            '2' => "370828003218002",
            '3' => "370828003222001",
            _ => "370828004201001",
        }
    }

    /// In the grid, away from what `seed.sql` put there.
    fn place(self) -> Value {
        let (x, y) = match self.digit {
            '1' => (116.302, 35.0745),
            '2' => (116.312, 35.0745),
            '3' => (116.302, 35.0645),
            _ => (116.402, 35.0645),
        };
        json!({"x": x, "y": y, "crs": "wgs84"})
    }
}

fn report_kind(digit: char) -> &'static str {
    ["hazard", "dispute", "request", "opinion", "help"][digit as usize - '0' as usize]
}

impl Resource {
    /// The list that would hold it, and the address of one.
    fn addresses(self, side: Side) -> (Option<String>, String) {
        let api = |path: &str| format!("/api/v1/{path}");
        let listed = |path: &str, prefix: &str| {
            (Some(api(&format!("{path}?limit=500"))), api(&format!("{path}/{}", side.id(prefix))))
        };
        match self {
            Self::Households | Self::Residents | Self::Identities | Self::Care => {
                listed("households", "20000000")
            }
            Self::Enterprises | Self::Contacts => listed("enterprises", "30000000"),
            Self::Hazards => listed("hazards", "40000000"),
            Self::Report(kind) => listed("reports", &format!("5{kind}000000")),
            Self::Accounts => {
                let stranger = "10000000-0000-7000-8000-00000000000a";
                let id = if side.digit == '1' { side.id("10000000") } else { stranger.into() };
                (Some(api("accounts?limit=500")), api(&format!("accounts/{id}")))
            }
            // What lies in the street is everybody's map; outside is another street.
            Self::Areas if side.digit == '1' => (Some(api("areas")), api("areas/370828003218")),
            Self::Areas => (Some(api("areas")), api("areas/370828004201")),
            Self::Grids if side.digit == '1' => (Some(api("grids")), api("grids/370828003218001")),
            Self::Grids => (Some(api("grids")), api("grids/370828004201001")),
            Self::Figures => (None, api(&format!("grids/{}/figures", side.grid()))),
            Self::Patrols => (None, api(&format!("patrols/today?grid={}", side.grid()))),
            Self::Duties => (None, api(&format!("duties?grid={}", side.grid()))),
            Self::HouseVisits => {
                let target = side.id("20000000");
                (None, api(&format!("visits?target_kind=household&target_id={target}")))
            }
            Self::WorkVisits => {
                let target = side.id("30000000");
                (None, api(&format!("visits?target_kind=enterprise&target_id={target}")))
            }
            Self::Plans => (None, api("plans")),
            Self::KeptPatrols => (None, api("patrols?limit=500")),
            Self::Team => (None, api("patrols/team")),
            Self::Scores => (None, api("risk/enterprises?kind=fire&limit=500")),
        }
    }

    async fn read(self, client: &Client, side: Side) -> char {
        let (list, one) = self.addresses(side);
        let answer = client.get(&one).await;
        let found = match self {
            Self::HouseVisits | Self::WorkVisits => !items(&answer).is_empty(),
            Self::Plans => items(&answer).iter().any(|plan| plan["id"] == side.id("60000000")),
            Self::KeptPatrols => items(&answer).iter().any(|patrol| patrol["id"] == side.id("70000000")),
            Self::Team => items(&answer).iter().any(|walker| {
                walker["place_code"].as_str().is_some_and(|place| side.grid().starts_with(place))
            }),
            Self::Scores => {
                items(&answer).iter().any(|scored| scored["enterprise_id"] == side.id("30000000"))
            }
            _ => answer.status == 200,
        };
        assert!(
            found || matches!(answer.status, 200 | 403 | 404),
            "{one}: {} {}",
            answer.status,
            answer.body
        );
        if let Some(list) = list {
            let name = one.rsplit('/').next().unwrap();
            let listed =
                items(&client.get(&list).await).iter().any(|item| item["id"] == name || item["code"] == name);
            assert_eq!(listed, found, "{list} and {one} disagree");
        }
        if !found {
            return '-';
        }
        let resident = &answer.body["residents"][0];
        match self {
            Self::Identities => {
                let full = resident["id_number"] == "37082819450101002X" && resident["phone"].is_string();
                let masked = resident["id_number_masked"].as_str().unwrap().contains("****");
                assert!(masked && (full || !answer.body.to_string().contains("19450101")), "{}", answer.body);
                if full { 'R' } else { 'M' }
            }
            Self::Care if resident["care"]["details"].is_string() => 'R',
            Self::Contacts if answer.body["phone"].is_string() => 'R',
            Self::Care | Self::Contacts | Self::Residents => '-',
            _ => 'R',
        }
    }

    async fn create(self, client: &Client, side: Side) -> Option<Answer> {
        let id = Uuid::now_v7();
        let (path, body) = match self {
            Self::Households => {
                ("households".into(), json!({"id": id, "address": "测试", "place": side.place()}))
            }
            Self::Residents => (
                format!("households/{}/residents", side.id("20000000")),
                json!({"id": id, "name": "测试", "sex": "male", "relation": "other"}),
            ),
            Self::Enterprises => (
                "enterprises".into(),
                json!({"id": id, "code": "91370828MA3TET600K", "name": "测试", "category": "shop",
                       "hazard_class": "general", "place": side.place()}),
            ),
            Self::Hazards => (
                "hazards".into(),
                json!({"id": id, "kind": "fire", "severity": 1, "description": "测试", "found_on": "2022-09-01",
                       "place": side.place()}),
            ),
            // Anybody who files reports may do so in the whole street: outside is another street.
            Self::Report(kind) => {
                let side = if side.digit == '1' { side } else { Side { digit: '5' } };
                let kind = report_kind(kind);
                let mut body = json!({"id": id, "kind": kind, "severity": 1, "words": "测试", "place": side.place(),
                                      "happened_at": "2022-09-01T08:00:00+08:00"});
                if kind == "hazard" {
                    body["hazard_kind"] = json!("fire");
                }
                ("reports".into(), body)
            }
            Self::HouseVisits | Self::WorkVisits => {
                let (kind, prefix) = if self == Self::HouseVisits {
                    ("household", "20000000")
                } else {
                    ("enterprise", "30000000")
                };
                let body = json!({"id": id, "target_kind": kind, "target_id": side.id(prefix), "purpose": "测试",
                                  "result": "done", "visited_at": "2022-09-01T08:00:00+08:00"});
                ("visits".into(), body)
            }
            Self::Plans => {
                let (code, south) =
                    if side.digit == '1' { ("370828003218", 35.07) } else { ("370828003222", 35.06) };
                let (code, west, south) =
                    if side.digit == '5' { ("370828004201", 116.40, 35.06) } else { (code, 116.30, south) };
                let grids = plan_grids(code, west, south);
                let body =
                    json!({"id": id, "village_code": code, "name": "测试", "from": "grids", "grids": grids});
                ("plans".into(), body)
            }
            Self::Accounts => {
                let body = json!({"login": format!("new{}", side.digit), "display_name": "测试",
                                  "role": "grid_member", "scope_code": side.grid()});
                ("accounts".into(), body)
            }
            _ => return None,
        };
        Some(client.post(&format!("/api/v1/{path}"), &body).await)
    }

    async fn change(self, client: &Client, side: Side) -> Option<Answer> {
        let (_, one) = self.addresses(side);
        let (path, body) = match self {
            Self::Households => (one, json!({"address": "改后"})),
            Self::Residents => {
                (format!("/api/v1/residents/{}", side.id("21000000")), json!({"relation": "other"}))
            }
            Self::Enterprises => (one, json!({"staff": 3})),
            Self::Hazards => (one, json!({"severity": 1})),
            Self::Areas => (one, json!({"population": 5})),
            Self::Grids => (one, json!({"name": "改名"})),
            Self::Accounts => (one, json!({"display_name": "改名"})),
            Self::Report(_) => {
                let body = json!({"id": Uuid::now_v7(), "action": "note", "note": "测试"});
                return Some(client.post(&format!("{one}/actions"), &body).await);
            }
            _ => return None,
        };
        Some(client.patch(&path, Some("\"1\""), &body).await)
    }

    /// What `client` may do on `side`, in the letters of the table.
    async fn rights(self, client: &Client, side: Side) -> String {
        let mut rights = String::new();
        let read = self.read(client, side).await;
        for (letter, answer) in
            [('C', self.create(client, side).await), ('U', self.change(client, side).await)]
        {
            let Some(answer) = answer else { continue };
            match answer.status {
                200 | 201 => rights.push(letter),
                403 | 404 => {}
                // What lies outside the street is not known to be there at all.
                422 if answer.body["errors"][0]["field"] == "target_id" => {}
                422 if answer.body["errors"][0]["field"] == "place" => {}
                _ => write!(rights, "{letter}? {} ", answer.body).unwrap(),
            }
        }
        if read != '-' {
            rights.insert(0, read);
        }
        if rights.is_empty() { "-".into() } else { rights }
    }
}

fn items(answer: &Answer) -> Vec<Value> {
    answer.body["items"].as_array().cloned().unwrap_or_default()
}

/// The seeded outline of a village, as one or two grids.
fn plan_grids(village: &str, west: f64, south: f64) -> Value {
    let count = if village.ends_with("201") { 1 } else { 2 };
    let features: Vec<Value> = (0..count)
        .map(|n| {
            let west = if n == 0 { west } else { 116.31 };
            let (east, north) =
                if n == 0 && count == 2 { (116.31, south + 0.01) } else { (west + 0.01, south + 0.01) };
            let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
            let (west, south, east, north) = (round(west), round(south), round(east), round(north));
            let ring = json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]]);
            json!({"type": "Feature", "properties": {"code": format!("{village}00{}", n + 1)},
                   "geometry": {"type": "Polygon", "coordinates": ring}})
        })
        .collect();
    json!({"type": "FeatureCollection", "features": features})
}

/// A service with one visit in every grid to each household and enterprise, made by nobody in particular, a draft for
/// the village and a patrol by the member of each grid that the table is tried on.
async fn app_with_work() -> TestApp {
    let app = TestApp::start().await;
    sqlx::query(
        "INSERT INTO visits (id, place_code, target_kind, target_id, purpose, result, visited_at)
         SELECT gen_random_uuid(), place_code, 'household', id, '测试', 'done', now() FROM households
         UNION ALL
         SELECT gen_random_uuid(), place_code, 'enterprise', id, '测试', 'done', now() FROM enterprises",
    )
    .execute(&mut app.database.owner().await)
    .await
    .unwrap();
    for digit in ['1', '2', '3', '5'] {
        let side = Side { digit };
        sqlx::query(
            "WITH draft AS (
                 INSERT INTO boundary_plans (id, village_code, name, status) VALUES ($1::uuid, left($3, 12), '草案', 'draft')
             )
             INSERT INTO patrols (id, place_code, worker_id, worker_role, planned_by, on_date, mode, shift_from, shift_to,
                    start_geom, start_label, plan, content_hash)
             SELECT $2::uuid, $3, id, role, id, '2022-09-01', 'foot', '2022-09-01 08:00+08', '2022-09-01 11:00+08',
                    ST_SetSRID(ST_MakePoint(116.3, 35.07), 4326), '村委会', '{}', '\\x00'
               FROM accounts WHERE scope_code = $3 AND role = 'grid_member'",
        )
        .bind(side.id("60000000"))
        .bind(side.id("70000000"))
        .bind(side.grid())
        .execute(&mut app.database.owner().await)
        .await
        .unwrap();
    }
    app
}

#[tokio::test]
async fn every_role_may_do_exactly_what_the_table_says_and_nothing_outside_its_scope() {
    let mut faults = Vec::new();
    for (column, (login, .., outside)) in ROLES.into_iter().enumerate() {
        let app = app_with_work().await;
        let client = app.sign_in(login);
        let may = client.get("/api/v1/session").await.body["may"].clone();
        for (capability, resource, letter) in CAPABILITIES {
            let told = may.as_array().unwrap().iter().any(|name| name == capability);
            let cells = MATRIX.iter().find(|(row, ..)| row == resource).unwrap().3;
            if told != cells[column].contains(*letter) {
                faults.push(format!("{login} is told wrongly about {capability}"));
            }
        }
        for (resource, zh, _, cells) in MATRIX {
            let beyond = resource.rights(&client, Side { digit: outside }).await;
            // Published plans and the map of the street are read beyond one's scope; so is nothing else.
            if beyond != "-" {
                faults.push(format!("{login} {zh} outside: {beyond}"));
            }
            let within = resource.rights(&client, Side::INSIDE).await;
            if within != cells[column] {
                faults.push(format!("{login} {zh} inside: {within}, not {}", cells[column]));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn reading_identities_is_written_down_and_reading_masked_ones_is_not() {
    let app = TestApp::start().await;
    let path = "/api/v1/households/20000000-0000-7000-8000-000000000001";
    for (login, lines) in [("member1", 1), ("command", 1), ("police", 2), ("admin", 2)] {
        assert_eq!(app.sign_in(login).get(path).await.status, 200);
        assert_eq!(app.audited("read", "household").await, lines, "after {login}");
    }
}

#[tokio::test]
async fn no_problem_repeats_what_was_sent_about_a_person() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let resident = |id_number: &str, phone: &str| json!({"id": Uuid::now_v7(), "name": "李四四", "sex": "male", "id_number": id_number, "phone": phone});
    let residents = "/api/v1/households/20000000-0000-7000-8000-000000000001/residents";
    let credentials = json!({"login": "li.sisi", "password": "the secret of li sisi"});
    let mut misplaced = resident("370828194501010028", "19912345678");
    misplaced["sex"] = json!("19912345678");
    for answer in [
        member.post(residents, &resident("370828194501010028", "19912345678")).await,
        member.post(residents, &resident("37082819450101002X", "1991234567899999999999999")).await,
        member.post(residents, &misplaced).await,
        app.stranger().post("/api/v1/session", &credentials).await,
        app.stranger().post("/api/v1/session", &json!({"login": {"secret of li sisi": 1}})).await,
    ] {
        assert!((400..500).contains(&answer.status), "{}", answer.status);
        let text = answer.body.to_string();
        for word in ["李四四", "19450101", "1991234", "secret of", "li.sisi"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
}

#[test]
fn the_table_people_read_is_the_table_that_is_tried() {
    let text = document();
    if std::env::var_os("GRIDKEEPER_REVIEW").is_some() {
        std::fs::write(DOCUMENT, &text).unwrap();
    }
    let written = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    assert!(
        written == text,
        "docs/ROLES.md is not the tested table: run GRIDKEEPER_REVIEW=1 cargo test --test api roles, and commit it"
    );
}

fn document() -> String {
    let mut text = String::from(
        "# 角色与权限 / Roles\n\n\
        本表由 `tests/api/roles.rs` 逐格验证（每个角色 × 每种资源 × 辖区内外，均经 HTTP）。权限由数据库行级安全策略\
        （`migrations/`）执行，界面只据此显示或隐藏。\n\n\
        Every cell is tried by `tests/api/roles.rs` (each role, each resource, inside and outside its scope, over \
        HTTP). The policies of row-level security in `migrations/` enforce it; the web map only shows or hides by \
        it.\n\n\
        R 查看 read · M 脱敏查看 read masked · C 新增 create · U 修改 change · – 无 nothing\n\n",
    );
    text.push_str("| |");
    for (_, zh, en, _) in ROLES {
        write!(text, " {zh} {en} |").unwrap();
    }
    text.push_str("\n| --- |");
    text.push_str(&" :-: |".repeat(ROLES.len()));
    for (_, zh, en, cells) in MATRIX {
        write!(text, "\n| {zh} {en} |").unwrap();
        for cell in cells {
            write!(text, " {} |", cell.replace('-', "–")).unwrap();
        }
    }
    text.push_str(
        "\n\n\
        - 辖区即编码前缀：网格员 15 位网格，村级角色 12 位，街道角色 9 位，管理员可至县。辖区之外一律不可见、不可改。\n  \
          Scope is a prefix of the code: a grid for grid members, a village for chiefs, planners, mediators and the \
          police, a street for inspectors and the command centre, up to a county for administrators. Nothing outside \
          it can be seen or changed.\n\
        - 例外：地图（行政区划、网格、房屋、道路、水系）和同事姓名在本街道内可见；凡能上报者可在本街道内任何地点上报，\
          并可跟进自己上报的事件。\n  \
          Except: the map (areas, grids, buildings, roads, water) and colleagues' names can be read in the whole \
          street; whoever files reports may file one anywhere in the street, and follow it.\n\
        - 上报的 U 指处置：可执行的动作依角色和状态而定，见 `POST /api/v1/reports/{id}/actions`。\n  \
          U of a report is working on it; which actions a role has depends on its state.\n\
        - 民警可登记居民与流动人口，但不能填写关爱情况；管理员可建企业，但不能填写联系人。\n  \
          The police register residents but no special care; administrators make enterprises but no contacts.\n\
        - 查看电话、身份证号和关爱情况写入审计日志。\n  \
          Reading telephone and identity numbers writes the audit log.\n\
        - 没有角色能看到他人的密码或令牌；二者只存散列。\n  \
          No role sees anybody's password or token; only their hashes are kept.\n",
    );
    text
}
