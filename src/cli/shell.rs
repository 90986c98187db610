//! Shell completions and manual pages.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use basics::counted;

use super::streams::output_folder;
use super::{Cli, CliError, print, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage completions bash > ~/.local/share/bash-completion/completions/factorage
  factorage completions zsh > ~/.zfunc/_factorage
  factorage completions fish > ~/.config/fish/completions/factorage.fish")]
pub(super) struct CompletionsArgs {
    /// Shell to complete in
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage man | man -l -
  factorage man --out ~/.local/share/man/man1")]
pub(super) struct ManArgs {
    /// Write a page for every command to this folder
    #[arg(long, value_name = "DIR", value_parser = output_folder())]
    out: Option<PathBuf>,
}

/// Prints the script that a shell runs to complete the command.
///
/// # Errors
/// If standard output cannot be written.
pub(super) fn completions(args: &CompletionsArgs) -> Result<(), CliError> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "factorage", &mut text);
    print(|out| Ok(out.write_all(&text)?))
}

/// Prints the main page, or writes one for every command.
///
/// # Errors
/// If a page cannot be written.
pub(super) fn man(args: &ManArgs) -> Result<(), CliError> {
    let mut command = Cli::command();
    // Fills in what subcommands inherit, such as the global options.
    command.build();
    let Some(folder) = &args.out else {
        return print(|out| Ok(Man::new(command).render(out)?));
    };
    report::check_folder(folder, &[])?;
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut pages = Vec::new();
    gather(&command, &mut pages);
    for (name, page) in &pages {
        let write = |out: &mut dyn Write| -> Result<(), CliError> { Ok(out.write_all(page)?) };
        report::write_file(&folder.join(name), write)?;
    }
    let written = counted(pages.len(), "page", "pages");
    tell(|out| Ok(writeln!(out, "{written} written to {}.", folder.display())?))
}

/// Gathers the pages of a command and its subcommands, each with its file name.
fn gather(command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) {
    if command.is_hide_set() || command.get_name() == "help" {
        return;
    }
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    // Writing to memory cannot fail.
    let _ = man.render(&mut page);
    pages.push((man.get_filename(), page));
    command.get_subcommands().for_each(|below| gather(below, pages));
}
