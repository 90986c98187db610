use std::path::PathBuf;

use clap::{Args, Subcommand};

use report::model::model_summary;

use super::model_arg::load;
use super::streams::input;
use super::{CliError, print};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  factorage model show model.json")]
pub(super) struct ModelArgs {
    #[command(subcommand)]
    command: ModelCommand,
}

#[derive(Debug, Subcommand)]
enum ModelCommand {
    /// Show what a model was trained on, how well it fits and which features it uses
    #[command(after_help = "\
Examples:
  factorage model show model.json
  gzip -dc model.json.gz | factorage model show -")]
    Show {
        /// Model file written by `factorage train`
        #[arg(value_name = "FILE", value_parser = input())]
        file: PathBuf,
    },
}

/// Shows a model.
///
/// # Errors
/// If the file is not a model.
pub(super) fn run(args: &ModelArgs) -> Result<(), CliError> {
    let ModelCommand::Show { file } = &args.command;
    let loaded = load(file)?;
    print(|out| {
        out.write_all(model_summary(&loaded.file).as_bytes())?;
        Ok(writeln!(out, "SHA-256 {}", loaded.sha256)?)
    })
}
