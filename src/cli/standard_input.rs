//! Standard input, which can be read once only.

use std::path::PathBuf;

use clap::ArgMatches;

use super::CliError;
use super::model_arg::ModelArg;
use super::streams::is_stdin;
use super::wrong::wrong;

/// Refuses two arguments that read standard input: the second would find it empty.
pub(super) fn check(matches: &ArgMatches) -> Result<(), CliError> {
    let mut readers = 0;
    for id in matches.ids() {
        // An argument of another type is none of these.
        let paths = matches.try_get_many::<PathBuf>(id.as_str()).ok().flatten();
        readers += paths.into_iter().flatten().filter(|path| is_stdin(path)).count();
        let models = matches.try_get_many::<ModelArg>(id.as_str()).ok().flatten();
        let is_one = |model: &&ModelArg| matches!(model, ModelArg::File(path) if is_stdin(path));
        readers += models.into_iter().flatten().filter(is_one).count();
    }
    if readers > 1 {
        return wrong("standard input can be read once only; give - for one argument");
    }
    match matches.subcommand() {
        Some((_, matches)) => check(matches),
        None => Ok(()),
    }
}
