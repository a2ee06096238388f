//! Calls at doors over the last quarter: every month at each household, every week at those who need special
//! care, inspections of businesses, second looks at hazards. The latest call agrees with what the household,
//! the care and the enterprise say of themselves.

use super::accounts::member_of;
use super::calendar::{DAY, END, Minute};
use super::enterprises::Enterprise;
use super::hazards::Hazard;
use super::people::Household;
use super::plane::Pt;
use super::reports::uuid;
use super::rng::Rng;
use super::street::Street;

/// How far back the log goes.
const FROM: Minute = END - 92 * DAY;

pub(crate) struct Visit {
    pub(crate) id: String,
    pub(crate) target_kind: &'static str,
    pub(crate) target_code: String,
    pub(crate) purpose: &'static str,
    pub(crate) result: &'static str,
    pub(crate) note: Option<&'static str>,
    pub(crate) visited: Minute,
    pub(crate) login: String,
    pub(crate) at: Pt,
}

pub(crate) fn visits(
    street: &Street,
    households: &[Household],
    enterprises: &[Enterprise],
    hazards: &[Hazard],
) -> Vec<Visit> {
    let mut log = Log { rng: Rng::named("visits"), visits: Vec::new() };
    let first_grid = street.cuikou() * 3;
    for household in households {
        let member = member_of(street, first_grid + household.grid);
        let monthly =
            Calls { kind: "household", purpose: "每月走访", every: (27, 33), notes: &HOUSEHOLD_NOTES };
        log.backwards(&monthly, &household.code, household.last_visited, &member, household.at);
        for care in household.residents.iter().filter_map(|resident| resident.care.as_ref()) {
            let weekly =
                Calls { kind: "special_care", purpose: "关爱走访", every: (6, 8), notes: &CARE_NOTES };
            log.backwards(&weekly, &care.code, care.last_visited, &member, household.at);
        }
    }
    for enterprise in enterprises {
        let member = member_of(street, first_grid + enterprise.grid);
        let inspections =
            Calls { kind: "enterprise", purpose: "安全检查", every: (25, 60), notes: &ENTERPRISE_NOTES };
        log.backwards(&inspections, &enterprise.code, enterprise.last_inspected, &member, enterprise.at);
    }
    for hazard in
        hazards.iter().filter(|hazard| hazard.grid / 3 == street.cuikou() && hazard.cleared.is_none())
    {
        let age = (END - hazard.found) / DAY;
        if age > 8 {
            let member = member_of(street, hazard.grid);
            let second_looks =
                Calls { kind: "hazard", purpose: "隐患复查", every: (9, 16), notes: &HAZARD_NOTES };
            // The graver, the more often somebody comes to look.
            let most = [9, 5, 2, 0][usize::from(hazard.severity) - 1];
            let latest = END - log.rng.int(0, most) * DAY - log.rng.int(4 * 60, 14 * 60);
            if latest > hazard.found {
                log.backwards(&second_looks, &hazard.code, latest, &member, hazard.at);
                log.visits.retain(|visit| visit.target_code != hazard.code || visit.visited > hazard.found);
            }
        }
    }
    let mut visits = log.visits;
    visits.sort_by(|a, b| a.visited.cmp(&b.visited).then_with(|| a.id.cmp(&b.id)));
    visits
}

const HOUSEHOLD_NOTES: [&str; 6] = [
    "家中平安",
    "发放反诈宣传单",
    "提醒用火用电安全",
    "登记外出务工人员返乡时间",
    "老人身体尚好",
    "反映巷口路灯不亮，已上报",
];
const CARE_NOTES: [&str; 5] =
    ["量血压，帮助取药", "打扫院子，检查插座", "陪同聊天，情绪平稳", "送去米面油", "检查煤炉和报警器"];
const ENTERPRISE_NOTES: [&str; 5] =
    ["灭火器在有效期内", "通道畅通", "要求清理门口堆放物，已整改", "查看值班记录", "工人登记已更新"];
const HAZARD_NOTES: [&str; 4] =
    ["尚未整改，再次督促", "已备料，约定下周动工", "已拉警戒线", "业主外出，电话督促"];

struct Calls {
    kind: &'static str,
    purpose: &'static str,
    every: (i64, i64),
    notes: &'static [&'static str],
}

struct Log {
    rng: Rng,
    visits: Vec<Visit>,
}

impl Log {
    /// The latest call and those before it, back to the beginning of the log.
    fn backwards(&mut self, calls: &Calls, target: &str, latest: Minute, login: &str, at: Pt) {
        let mut visited = latest;
        while visited >= FROM {
            let result = if visited == latest || self.rng.chance(0.9) { "done" } else { "nobody_home" };
            let noted = result == "done" && self.rng.chance(0.2);
            self.visits.push(Visit {
                id: uuid(visited, &mut self.rng),
                target_kind: calls.kind,
                target_code: target.to_owned(),
                purpose: calls.purpose,
                result,
                note: noted.then(|| self.rng.pick(calls.notes)),
                visited,
                login: login.to_owned(),
                at,
            });
            visited -= self.rng.int(calls.every.0, calls.every.1) * DAY + self.rng.int(-90, 90);
        }
    }
}
