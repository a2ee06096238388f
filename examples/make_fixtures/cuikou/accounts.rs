//! The demo's accounts: invented people in the roles of the street's grid work. No passwords.

use super::names::{given_name, surname};
use super::rng::Rng;
use super::street::{CUIKOU, STREET, Street};

pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) display_name: String,
    pub(crate) role: &'static str,
    pub(crate) scope_code: String,
    pub(crate) department: Option<&'static str>,
}

pub(crate) fn accounts(street: &Street) -> Vec<Account> {
    let mut rng = Rng::named("accounts");
    let mut person = |male: bool| {
        let born = rng.int(1966, 1994);
        format!("{}{}", surname(&mut rng), given_name(male, born, &mut rng))
    };
    let mut accounts = Vec::new();
    for number in 1..=3 {
        let code = format!("{CUIKOU}{number:03}");
        accounts.push(account(&format!("member{number}"), person(number != 2), "grid_member", code, None));
    }
    accounts.push(account("chief", person(true), "grid_chief", CUIKOU.to_owned(), None));
    accounts.push(account("planner", person(false), "planner", CUIKOU.to_owned(), None));
    for number in 1..=5 {
        accounts.push(account(
            &format!("mediator{number}"),
            person(number != 4),
            "mediator",
            CUIKOU.to_owned(),
            None,
        ));
    }
    accounts.push(account("police", person(true), "police", CUIKOU.to_owned(), Some("police")));
    accounts.push(account("fire", person(true), "inspector", STREET.to_owned(), Some("fire")));
    accounts.push(account("safety", person(false), "inspector", STREET.to_owned(), Some("safety")));
    accounts.push(account("command", "鱼山街道指挥中心".to_owned(), "command", STREET.to_owned(), None));
    accounts.push(account("admin", "金乡县管理员".to_owned(), "administrator", STREET[..6].to_owned(), None));
    for grid in (0..street.units.len() * 3).filter(|grid| !street.units[grid / 3].is_cuikou()) {
        let code = street.grid_code(grid);
        accounts.push(account(&format!("m{code}"), person(grid % 3 != 1), "grid_member", code, None));
    }
    accounts
}

/// Login of the member of a grid.
pub(crate) fn member_of(street: &Street, grid: usize) -> String {
    if street.units[grid / 3].is_cuikou() {
        format!("member{}", grid % 3 + 1)
    } else {
        format!("m{}", street.grid_code(grid))
    }
}

fn account(
    login: &str,
    display_name: String,
    role: &'static str,
    scope_code: String,
    department: Option<&'static str>,
) -> Account {
    Account { login: login.to_owned(), display_name, role, scope_code, department }
}
