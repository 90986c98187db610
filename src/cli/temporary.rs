//! Temporary data: where it is kept, and its removal.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Cli, Command};

#[derive(Debug, Default, Args)]
pub(super) struct TemporaryArgs {
    /// Folder for temporary data [default: that of the output, else the system's]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "FACTORAGE_TEMP",
        hide_env_values = true,
        value_parser = folder
    )]
    temp: Option<PathBuf>,
}

/// Reads an argument as an existing folder.
fn folder(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_dir() { Ok(path) } else { Err("no such folder".to_owned()) }
}

/// Chooses the folder for temporary data, removes what killed commands left there and in the output
/// folders, and arranges for removal on a signal.
///
/// The service handles signals itself. A job calls this once its file, which names the outputs, is
/// read.
pub(super) fn prepare(cli: &Cli) {
    let outputs = outputs(&cli.command);
    let beside = || outputs.first().map(|folder| there(folder).to_owned());
    if let Some(place) = cli.temporary.temp.clone().or_else(beside) {
        scratch::put_in(place);
    }
    // The system's too: an earlier command may have been killed there.
    let places = [scratch::place(), std::env::temp_dir()];
    for folder in outputs.iter().chain(&places) {
        scratch::sweep(folder);
    }
    if !matches!(cli.command, Command::Serve(_)) {
        // If that fails, the next command removes what this one leaves.
        let _ = scratch::clean_on_signals();
    }
}

/// The folders that a command writes to.
fn outputs(command: &Command) -> Vec<PathBuf> {
    let (folders, files): (Vec<&PathBuf>, Vec<&PathBuf>) = match command {
        Command::Evaluate(args) => (args.out.iter().collect(), Vec::new()),
        Command::Ingest(args) => (args.out.iter().collect(), Vec::new()),
        Command::Report(args) => (args.out.iter().chain(&args.letters).collect(), Vec::new()),
        Command::Backtest(args) => (args.out.iter().collect(), args.predictions.iter().collect()),
        Command::Train(args) => (Vec::new(), args.out.iter().collect()),
        Command::Generate(args) => (Vec::new(), vec![&args.out]),
        _ => (Vec::new(), Vec::new()),
    };
    let parents = files.into_iter().map(|file| match file.parent() {
        // A bare file name has an empty parent.
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    });
    folders.into_iter().cloned().chain(parents).collect()
}

/// The folder, or its nearest existing parent.
fn there(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."))
}
