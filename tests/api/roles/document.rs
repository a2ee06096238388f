//! The table as people read it.

use std::fmt::Write;

use super::matrix::{MATRIX, ROLES};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ROLES.md");

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
        本表由 `tests/api/roles` 逐格验证（每个角色 × 每种资源 × 辖区内外，均经 HTTP）。权限由数据库行级安全策略\
        （`migrations/`）执行，界面只据此显示或隐藏。\n\n\
        Every cell is tried by `tests/api/roles` (each role, each resource, inside and outside its scope, over \
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
