//! The `factorage` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    factorage::cli::run()
}
