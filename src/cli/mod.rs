//! The command line: what can be asked of `gridkeeper`, and how it answers.
//!
//! Exit status: 0 when done, 1 when it failed, 2 when the command line was not understood.
//!
//! Never here: business rules. A command opens a database and calls a room.

mod account;
mod assign;
mod backtest;
mod clusters;
mod connection;
pub mod demo;
mod density;
mod export;
mod hotspots;
mod import;
mod interrupt;
mod language;
mod manual;
mod migrate;
mod misuse;
mod openapi;
mod output;
mod plane;
mod rezone;
mod route;
mod serve;
mod whole_file;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::platform::telemetry::{self, LogFormat};
use interrupt::Interrupt;
use language::text;

#[derive(Debug, Parser)]
#[command(
    name = "gridkeeper",
    version,
    about = text("村级网格治理的空间服务", "A spatial service for village grid governance"),
    long_about = manual::about(),
    after_long_help = manual::after(),
    help_template = manual::template(),
    subcommand_help_heading = text("命令", "Commands"),
    next_help_heading = text("选项", "Options"),
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    general: General,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct General {
    #[arg(
        long, global = true, env = "GRIDKEEPER_LANG", value_name = "zh|en",
        help = text("界面语言（默认依 LANG，非英文即中文）", "Language of messages (by LANG: Chinese unless English)")
    )]
    lang: Option<String>,
    #[arg(
        long, global = true, env = "GRIDKEEPER_LOG", default_value = telemetry::DEFAULT_FILTER, value_name = "FILTER",
        help = text("记录哪些日志，如 info、gridkeeper=debug", "What to log, such as info or gridkeeper=debug")
    )]
    log: String,
    #[arg(
        long, global = true, env = "GRIDKEEPER_LOG_FORMAT", value_enum, default_value_t = LogFormat::Human,
        help = text("日志格式：human 供人阅读，json 供程序收集", "Log format: human to read, json to collect")
    )]
    log_format: LogFormat,
    #[arg(
        long, short, global = true, action = clap::ArgAction::Help,
        help = text("显示帮助（-h 为摘要）", "Show help (-h: a summary)")
    )]
    help: Option<bool>,
    #[arg(long, short = 'V', action = clap::ArgAction::Version, help = text("显示版本", "Show the version"))]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(
        about = text("启动服务", "Run the service"),
        long_about = manual::serve_about(),
        after_long_help = manual::serve_after(),
        help_template = manual::template()
    )]
    Serve(serve::ServeArgs),
    #[command(
        about = text("管理账户", "Keep accounts"),
        long_about = manual::account_about(),
        help_template = manual::template(),
        subcommand_help_heading = text("命令", "Commands")
    )]
    Account(account::AccountArgs),
    #[command(
        about = text("打开演示村：合成数据，一键登录", "Open the demonstration village: synthetic data, one-click sign-in"),
        long_about = manual::demo_about(),
        help_template = manual::template()
    )]
    Demo(demo::DemoArgs),
    #[command(
        about = text("将数据库迁移到本版本的结构", "Bring the database to this version's schema"),
        help_template = manual::template()
    )]
    Migrate(migrate::MigrateArgs),
    #[command(
        about = text("成批归属：哪个点在哪个网格", "Assign points to grids, whole files at a time"),
        long_about = manual::assign_about(),
        after_long_help = manual::assign_after(),
        help_template = manual::template()
    )]
    Assign(assign::AssignArgs),
    #[command(
        about = text("将文件导入图层：全部写入或全不写入", "Import a file into a layer: all of it or nothing"),
        long_about = manual::import_about(),
        after_long_help = manual::import_after(),
        help_template = manual::template()
    )]
    Import(import::ImportArgs),
    #[command(
        about = text("将图层导出为文件", "Export a layer to a file"),
        long_about = manual::export_about(),
        after_long_help = manual::export_after(),
        help_template = manual::template()
    )]
    Export(export::ExportArgs),
    #[command(
        about = text("重划网格：均衡负荷、少动住户、边界紧凑", "Redraw zones: even loads, few people moved, short borders"),
        long_about = manual::rezone_about(),
        after_long_help = manual::rezone_after(),
        help_template = manual::template()
    )]
    Rezone(Box<rezone::RezoneArgs>),
    #[command(
        about = text("写出图层的空白填报表", "Write an empty table of a layer, to fill in"),
        help_template = manual::template()
    )]
    Template(export::TemplateArgs),
    #[command(
        about = text("检验风险排序：按当时所知预测，与其后的发现对照", "Backtest the risk ranking against what was found"),
        long_about = manual::backtest_about(),
        help_template = manual::template()
    )]
    Backtest(backtest::BacktestArgs),
    #[command(
        about = text("由点计算核密度面", "Compute a kernel density surface from points"),
        long_about = manual::density_about(),
        after_long_help = manual::density_after(),
        help_template = manual::template()
    )]
    Density(density::DensityArgs),
    #[command(
        about = text("检验哪些单元的数值聚集成热点", "Test which units' values cluster into hotspots"),
        long_about = manual::hotspots_about(),
        after_long_help = manual::hotspots_after(),
        help_template = manual::template()
    )]
    Hotspots(hotspots::HotspotsArgs),
    #[command(
        about = text("检验时空聚集与临近重复", "Test for clusters in space and time, and near repeats"),
        long_about = manual::clusters_about(),
        help_template = manual::template(),
        subcommand_help_heading = text("命令", "Commands")
    )]
    Clusters(clusters::ClustersArgs),
    #[command(
        about = text("规划路线，或检验方案（无需数据库）", "Plan routes, or check a plan, without a database"),
        long_about = manual::route_about(),
        after_long_help = manual::route_after(),
        help_template = manual::template()
    )]
    Route(route::RouteArgs),
    #[command(
        about = text("输出 HTTP 接口的 OpenAPI 文档", "Print the OpenAPI document of the HTTP API"),
        help_template = manual::template()
    )]
    Openapi,
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    // Help is written while arguments are parsed, so the language is settled before.
    language::from_surroundings().set_for_process();
    let parsed = Cli::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error),
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    telemetry::start(&cli.general.log, cli.general.log_format)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let interrupt = Interrupt::listen()?;
        match cli.command {
            Command::Serve(args) => serve::run(args, &interrupt).await,
            Command::Account(args) => account::run(args, &interrupt).await,
            Command::Demo(args) => demo::run(args, &interrupt).await,
            Command::Migrate(args) => migrate::run(&args, &interrupt).await,
            Command::Assign(args) => assign::run(args, &interrupt).await,
            Command::Import(args) => import::run(&args, &interrupt).await,
            Command::Export(args) => export::run(&args, &interrupt).await,
            Command::Rezone(args) => rezone::run(*args, &interrupt).await,
            Command::Template(args) => export::run_template(&args),
            Command::Backtest(args) => backtest::run(&args, &interrupt).await,
            Command::Density(args) => density::run(&args),
            Command::Hotspots(args) => hotspots::run(&args),
            Command::Clusters(args) => clusters::run(&args),
            Command::Route(args) => route::run(&args, &interrupt),
            Command::Openapi => openapi::run(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::locale::Locale;

    #[test]
    fn the_command_line_is_well_formed_in_both_languages() {
        for locale in [Locale::Zh, Locale::En] {
            locale.set_for_process();
            Cli::command().debug_assert();
        }
        Locale::Zh.set_for_process();
    }
}
