//! `gridkeeper account list`.

use sqlx::PgConnection;

use crate::cli::language::text;
use crate::cli::output;
use crate::platform::accounts::{self, Account, AccountFilter, Role};
use crate::platform::code::PlaceCode;

/// Accounts read at a time.
const BATCH: u16 = 500;

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[arg(long, value_name = "CODE", help = text("只列辖区在此编码之内的", "Only those within this place"))]
    within: Option<PlaceCode>,
    #[arg(long, value_name = "ROLE", help = text("只列此角色的", "Only those in this role"))]
    role: Option<Role>,
}

/// Prints the accounts, in columns.
pub(super) async fn print(connection: &mut PgConnection, args: ListArgs) -> anyhow::Result<()> {
    let heading =
        [("登录名", "LOGIN"), ("姓名", "NAME"), ("角色", "ROLE"), ("辖区", "SCOPE"), ("状态", "STATE")];
    let mut rows = vec![heading.map(|(zh, en)| text(zh, en).to_owned())];
    let mut filter = AccountFilter {
        within: args.within.map(|place| place.to_string()).unwrap_or_default(),
        role: args.role,
        ..AccountFilter::default()
    };
    loop {
        let batch = accounts::list(connection, &filter, i64::from(BATCH)).await?;
        rows.extend(batch.iter().map(row));
        match batch.last() {
            Some(last) if batch.len() == usize::from(BATCH) => filter.after = Some(last.login.clone()),
            _ => break,
        }
    }
    output::columns(&rows);
    Ok(())
}

fn row(account: &Account) -> [String; 5] {
    let state =
        if account.disabled_at.is_some() { text("停用", "disabled") } else { text("可用", "enabled") };
    [
        account.login.clone(),
        account.display_name.clone(),
        text(account.role.zh(), account.role.key()).to_owned(),
        account.scope_code.clone(),
        state.to_owned(),
    ]
}
