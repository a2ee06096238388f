//! `gridkeeper backtest`: whether the risk ranking would have been worth following.

use chrono::NaiveDate;

use super::connection::DatabaseArgs;
use super::interrupt::Interrupt;
use super::language::text;
use super::output;
use crate::domain::ranking::{self, Backtest, BacktestPlan, RiskKind};
use crate::message;
use crate::platform::clock::Clock;
use crate::platform::database::{Database, Scope};

#[derive(Debug, clap::Args)]
pub(super) struct BacktestArgs {
    #[arg(
        long, default_value = "all", value_name = "KIND", value_parser = kind,
        help = text("哪类隐患：fire 消防、safety 安全、all 全部", "Which finds: fire, safety or all")
    )]
    kind: RiskKind,
    #[arg(long, value_name = "DATE", help = text("最后一日（默认今天）", "The last day (today by default)"))]
    until: Option<NaiveDate>,
    #[arg(
        long, default_value_t = 30, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(7..=182),
        help = text("每次向前看多少天", "How many days each trial looks ahead")
    )]
    horizon_days: u32,
    #[arg(
        long, default_value_t = 6, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=24),
        help = text("检验多少次，间隔即所看天数", "How many trials, one horizon apart")
    )]
    trials: u32,
    #[arg(
        long, default_value_t = 10, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=100),
        help = text("每次能查百分之几的企业", "How many of a hundred enterprises can be visited in one")
    )]
    percent: u32,
    #[arg(long, help = text("以 JSON 输出", "Print JSON"))]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) async fn run(args: &BacktestArgs, interrupt: &Interrupt) -> anyhow::Result<()> {
    let plan = BacktestPlan {
        kind: args.kind,
        until: args.until.unwrap_or_else(|| Clock::system().today()),
        horizon_days: args.horizon_days,
        trials: args.trials,
        share: f64::from(args.percent) / 100.0,
    };
    let connection = args.database.open(interrupt).await?;
    let tried = read_and_try(&connection.database, &plan).await;
    connection.close().await;
    let tried = tried?;
    if args.json {
        output::line(serde_json::to_string_pretty(&tried)?);
    } else {
        print(&tried);
    }
    Ok(())
}

async fn read_and_try(database: &Database, plan: &BacktestPlan) -> anyhow::Result<Backtest> {
    let mut transaction = database.begin(&Scope::system()).await?;
    let record = ranking::record(&mut transaction, plan.until).await?;
    transaction.commit().await?;
    Ok(ranking::backtest(&record, plan)?)
}

fn print(tried: &Backtest) {
    output::line(&tried.words);
    let heading = [text("方法", "METHOD"), text("命中率", "HIT RATE"), "PAI", "PEI*", "AUC"];
    let mut rows = vec![heading.map(str::to_owned)];
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    for verdict in &tried.methods {
        rows.push([
            text(verdict.method.zh(), verdict.method.key()).to_owned(),
            number(verdict.hit_rate),
            number(verdict.pai),
            number(verdict.pei_star),
            number(verdict.auc),
        ]);
    }
    output::columns(&rows);
    for part in &tried.calibration {
        let (listed, expected, observed) = (part.listed, part.expected, part.observed);
        output::line(message!(
            "{listed} 家次：预计 {expected:.1} 件，实际 {observed} 件",
            "{listed} ranked: {expected:.1} finds expected, {observed} found"
        ));
    }
}

fn kind(text: &str) -> Result<RiskKind, String> {
    text.parse().map_err(|_| message!("应为 fire、safety 或 all", "fire, safety or all").to_string())
}
