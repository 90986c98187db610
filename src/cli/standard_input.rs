//! Standard input, which can be read only once.

use std::path::PathBuf;

use clap::ArgMatches;

use super::CliError;
use super::model_arg::ModelArg;
use super::streams::is_stdin;
use super::wrong::wrong;

/// Checks that at most one argument reads standard input: a second would find it empty.
///
/// # Errors
/// If several do.
pub(super) fn check(matches: &ArgMatches) -> Result<(), CliError> {
    let mut readers = 0;
    for id in matches.ids() {
        // clap reports an argument of another type as an error; such a one is not a path.
        let paths = matches.try_get_many::<PathBuf>(id.as_str()).ok().flatten();
        readers += paths.into_iter().flatten().filter(|path| is_stdin(path)).count();
        let models = matches.try_get_many::<ModelArg>(id.as_str()).ok().flatten();
        let is_one = |model: &&ModelArg| matches!(model, ModelArg::File(path) if is_stdin(path));
        readers += models.into_iter().flatten().filter(is_one).count();
    }
    if readers > 1 {
        return wrong("standard input can be read only once; give - for one argument");
    }
    match matches.subcommand() {
        Some((_, matches)) => check(matches),
        None => Ok(()),
    }
}
