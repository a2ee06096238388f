//! The table: what each role may do with each resource, and what the session says of it.

/// The accounts of `seed.sql` that stand for the roles, and the digit at the end of the ids of what lies in
/// grid 370828003218001, inside all of their scopes, and of what lies outside each.
pub(super) const ROLES: [(&str, &str, &str, char); 8] = [
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
pub(super) const MATRIX: &[(Resource, &str, &str, [&str; 8])] = &[
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
pub(super) const CAPABILITIES: &[(&str, Resource, char)] = &[
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
pub(super) enum Resource {
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
