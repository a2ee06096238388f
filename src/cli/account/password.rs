//! A password from the person at the keyboard, unseen, or from standard input.

use std::io::{self, BufRead, IsTerminal};

use anyhow::{Context, anyhow, bail};
use console::Term;

use crate::cli::language::text;
use crate::platform::accounts::{NewPassword, Password};

/// Asks twice at a terminal; otherwise takes the first line of standard input.
pub(super) fn ask(login: &str) -> anyhow::Result<NewPassword> {
    let typed = if io::stdin().is_terminal() { ask_twice()? } else { first_line()? };
    NewPassword::parse(Password::new(typed), login).map_err(|why| anyhow!(why.to_string()))
}

fn ask_twice() -> anyhow::Result<String> {
    let terminal = Term::stderr();
    let read = |prompt: &str| -> anyhow::Result<String> {
        terminal.write_str(prompt)?;
        terminal.read_secure_line().context(text("无法读取密码", "cannot read the password"))
    };
    let first = read(text("密码：", "Password: "))?;
    if read(text("再输一次：", "Again: "))? != first {
        bail!(text("两次输入不一致", "the two are not the same"));
    }
    Ok(first)
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    let context = text("无法从标准输入读取密码", "cannot read the password from standard input");
    io::stdin().lock().read_line(&mut line).context(context)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
