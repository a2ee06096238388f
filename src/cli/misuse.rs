//! What was not understood of a command line, in Chinese. clap says it in English only, but keeps what it would say
//! it of (`error-context`); what it keeps no words for stays as clap says it.

use std::error::Error as _;
use std::fmt::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What `error` says, in Chinese; nothing for the rare kinds that we have no words for.
pub(super) fn in_chinese(error: &clap::Error) -> Option<String> {
    let mut said = reason(error)?;
    let values = list(error, ContextKind::ValidValue).or_else(|| list(error, ContextKind::ValidSubcommand));
    if let Some(values) = values.filter(|values| !values.is_empty()) {
        let _ = write!(said, "\n  可选：{}", values.join("、"));
    }
    let close = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    for close in close.into_iter().filter_map(|kind| list(error, kind)) {
        let _ = write!(said, "\n  是否想用：{}", close.join("、"));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let _ = write!(said, "\n\n用法：{}", usage.trim_start_matches("Usage:").trim());
    }
    Some(said)
}

fn reason(error: &clap::Error) -> Option<String> {
    let argument = || text(error, ContextKind::InvalidArg);
    let value = || text(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("未知参数 {}", argument()?),
        ErrorKind::InvalidSubcommand => format!("未知命令 {}", text(error, ContextKind::InvalidSubcommand)?),
        ErrorKind::MissingSubcommand => {
            format!("{} 需要一个子命令", text(error, ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingRequiredArgument => {
            format!("缺少参数：{}", list(error, ContextKind::InvalidArg)?.join("、"))
        }
        ErrorKind::InvalidValue if value()?.is_empty() => format!("{} 需要一个值", argument()?),
        ErrorKind::InvalidValue => format!("{} 的值“{}”无效", argument()?, value()?),
        ErrorKind::ValueValidation => {
            let because = error.source().map(|source| format!("：{source}")).unwrap_or_default();
            format!("{} 的值“{}”无效{because}", argument()?, value()?)
        }
        ErrorKind::TooManyValues => format!("{} 不应再有值“{}”", argument()?, value()?),
        ErrorKind::ArgumentConflict => {
            let (given, before) = (argument()?, list(error, ContextKind::PriorArg).unwrap_or_default());
            if before.iter().all(|before| *before == given) {
                format!("{given} 只能给出一次")
            } else {
                format!("{given} 不能与 {} 同用", before.join("、"))
            }
        }
        _ => return None,
    })
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

fn list(error: &clap::Error, kind: ContextKind) -> Option<Vec<&str>> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(vec![text]),
        ContextValue::Strings(texts) => Some(texts.iter().map(String::as_str).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction, Command, value_parser};

    use super::*;

    fn said(line: &str) -> String {
        let serve = Command::new("serve")
            .arg(Arg::new("port").long("port").value_parser(value_parser!(u16)))
            .arg(Arg::new("crs").long("crs").value_parser(["wgs84", "gcj02"]))
            .arg(Arg::new("demo").long("demo").action(ArgAction::SetTrue).conflicts_with("port"));
        let import = Command::new("import").arg(Arg::new("layer").required(true).value_name("LAYER"));
        let command = Command::new("gridkeeper").subcommand_required(true).subcommands([serve, import]);
        in_chinese(&command.try_get_matches_from(line.split(' ')).unwrap_err()).unwrap()
    }

    #[test]
    fn each_common_slip_is_named_in_chinese() {
        for (line, expected) in [
            ("gridkeeper serve --ports 1", "未知参数 --ports\n  是否想用：--port\n\n用法：gridkeeper serve"),
            ("gridkeeper serv", "未知命令 serv\n  是否想用：serve\n"),
            ("gridkeeper", "gridkeeper 需要一个子命令\n  可选：serve、import"),
            ("gridkeeper import", "缺少参数：<LAYER>\n\n用法：gridkeeper import <LAYER>"),
            ("gridkeeper serve --port", "--port <port> 需要一个值"),
            ("gridkeeper serve --crs utm", "--crs <crs> 的值“utm”无效\n  可选：wgs84、gcj02"),
            ("gridkeeper serve --port x", "--port <port> 的值“x”无效：invalid digit found in string"),
            ("gridkeeper import a b", "未知参数 b"),
            ("gridkeeper serve --port 1 --port 2", "--port <port> 只能给出一次"),
            ("gridkeeper serve --port 1 --demo", "不能与"),
        ] {
            assert!(said(line).contains(expected), "{line}: {}", said(line));
        }
    }
}
