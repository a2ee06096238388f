//! What the command line prints. Nothing else in the crate writes to the standard streams, but the log.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use console::{Alignment, measure_text_width, pad_str};

use super::language::text;
use super::misuse;
use crate::platform::locale::Locale;

/// Prints a line for the person or program that asked.
pub(super) fn line(line: impl std::fmt::Display) {
    // A reader that has had enough (`| head`) is no failure of ours.
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints rows in columns as wide as their widest cell; a Chinese character is as wide as two letters.
pub(super) fn columns<const N: usize>(rows: &[[String; N]]) {
    let width = |column: usize| rows.iter().map(|row| measure_text_width(&row[column])).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| pad_str(cell, width, Alignment::Left, None));
        line(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

/// Prints a line beside the output proper.
pub(super) fn remark(line: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Says why a command failed, with the causes.
pub(super) fn failure(error: &anyhow::Error) {
    remark(format_args!("{}{error}", text("错误：", "error: ")));
    let mut last = error.to_string();
    for cause in error.chain().skip(1) {
        // Some errors repeat their cause in their own words.
        let cause = cause.to_string();
        if !last.contains(&cause) {
            remark(format_args!("{}{cause}", text("  原因：", "  because: ")));
        }
        last = cause;
    }
}

/// Shows help, or what was not understood: status 2.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        remark(text(
            "命令行有误，可用 --help 查看用法：",
            "The command line was not understood; see --help:",
        ));
    }
    match misuse::in_chinese(error) {
        Some(said) if Locale::current() == Locale::Zh => remark(said),
        _ => drop(error.print()),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
