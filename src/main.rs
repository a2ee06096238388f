//! The program `gridkeeper`: everything is in the library's [`gridkeeper::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    gridkeeper::cli::main()
}
