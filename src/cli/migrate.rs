//! `gridkeeper migrate`: the schema brought up to date without serving, as before a rolling upgrade.

use super::connection::DatabaseArgs;
use super::interrupt::Interrupt;
use super::language::text;
use super::output;

#[derive(Debug, clap::Args)]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) async fn run(args: &MigrateArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    args.database.open(interrupt).await?.close().await;
    output::line(text("数据库已是本版本的结构", "The database has this version's schema"));
    Ok(())
}
