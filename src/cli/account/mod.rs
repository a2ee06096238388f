//! `gridkeeper account`: accounts kept by whoever runs the server, as before the first administrator exists.
//!
//! The operator of the machine acts as the service itself; the audit log says so.

mod add;
mod list;
mod password;

use anyhow::anyhow;
use clap::Subcommand;
use sqlx::PgConnection;

use super::connection::{Connection, DatabaseArgs};
use super::interrupt::Interrupt;
use super::language::text;
use super::manual;
use super::output;
use crate::message;
use crate::platform::accounts::{self, Account, Login, ManageError};
use crate::platform::audit;
use crate::platform::database::Scope;

#[derive(Debug, clap::Args)]
pub(super) struct AccountArgs {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, Subcommand)]
enum Action {
    #[command(
        about = text("新建账户", "Make an account"),
        after_long_help = manual::account_add_after(),
        help_template = manual::template()
    )]
    Add(add::AddArgs),
    #[command(about = text("列出账户", "List accounts"), help_template = manual::template())]
    List(list::ListArgs),
    #[command(
        about = text("停用账户并结束其登录", "Disable an account and end its sign-ins"),
        help_template = manual::template()
    )]
    Disable(WhichArgs),
    #[command(about = text("恢复停用的账户", "Enable a disabled account"), help_template = manual::template())]
    Enable(WhichArgs),
    #[command(
        about = text("设置密码并结束已有登录", "Set a password and end earlier sign-ins"),
        help_template = manual::template()
    )]
    Passwd(WhichArgs),
}

#[derive(Debug, clap::Args)]
struct WhichArgs {
    #[arg(value_name = "LOGIN", help = text("登录名", "The name it signs in with"))]
    login: Login,
}

pub(super) async fn run(args: AccountArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    // What must be asked is asked before a database is started for it.
    let deed = match args.action {
        Action::Add(args) => Deed::Add(args.ask()?),
        Action::List(args) => Deed::List(args),
        Action::Disable(which) => Deed::Disable(which.login),
        Action::Enable(which) => Deed::Enable(which.login),
        Action::Passwd(which) => {
            let password = password::ask(which.login.as_str())?;
            Deed::Passwd(which.login, password)
        }
    };
    let connection = args.database.open(interrupt).await?;
    let done = perform(&connection, deed).await;
    connection.close().await;
    done
}

enum Deed {
    Add(add::Asked),
    List(list::ListArgs),
    Disable(Login),
    Enable(Login),
    Passwd(Login, accounts::NewPassword),
}

async fn perform(connection: &Connection, deed: Deed) -> anyhow::Result<()> {
    let mut transaction = connection.database.begin(&Scope::system()).await?;
    let said = match deed {
        Deed::List(args) => return list::print(&mut transaction, args).await,
        Deed::Add(asked) => {
            let made = accounts::create_account(&mut transaction, &asked.account, asked.password)
                .await
                .map_err(|error| in_words(&error))?;
            record(&mut transaction, "create", &made).await?;
            let (login, id) = (&made.login, made.id);
            message!("已建立账户 {login}（{id}）", "made the account {login} ({id})")
        }
        Deed::Disable(login) => {
            let account = find(&mut transaction, &login).await?;
            accounts::disable(&mut transaction, account.id).await?;
            record(&mut transaction, "disable", &account).await?;
            message!("已停用账户 {login}", "disabled the account {login}")
        }
        Deed::Enable(login) => {
            let account = find(&mut transaction, &login).await?;
            accounts::enable(&mut transaction, account.id).await?;
            record(&mut transaction, "enable", &account).await?;
            message!("已恢复账户 {login}", "enabled the account {login}")
        }
        Deed::Passwd(login, password) => {
            let account = find(&mut transaction, &login).await?;
            accounts::set_password(&mut transaction, account.id, password)
                .await
                .map_err(|error| in_words(&error))?;
            record(&mut transaction, "set-password", &account).await?;
            message!("已设置账户 {login} 的密码", "set the password of {login}")
        }
    };
    transaction.commit().await?;
    output::line(said);
    Ok(())
}

async fn find(transaction: &mut PgConnection, login: &Login) -> anyhow::Result<Account> {
    accounts::account_of_login(transaction, login)
        .await?
        .ok_or_else(|| anyhow!(message!("没有账户 {login}", "there is no account {login}").to_string()))
}

async fn record(
    transaction: &mut PgConnection,
    action: &'static str,
    account: &Account,
) -> Result<(), sqlx::Error> {
    let id = account.id.to_string();
    audit::record_system(transaction, action, "account", &id).await
}

/// The field's own words where the fault is in what was typed.
fn in_words(error: &ManageError) -> anyhow::Error {
    match error.field() {
        Some((_, why)) => anyhow!(why.to_string()),
        None => anyhow!(crate::platform::problem::chain(error)),
    }
}
