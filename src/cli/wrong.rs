//! Wrong arguments: one sentence each, whether clap or a command finds the fault.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

use super::CliError;

/// A wrong argument: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct WrongArgument(pub String);

/// Refuses the arguments.
///
/// # Errors
/// Always: [`WrongArgument`] with this sentence.
pub(super) fn wrong<T>(sentence: impl Into<String>) -> Result<T, CliError> {
    Err(Box::new(WrongArgument(sentence.into())))
}

/// The end of a sentence that suggests what was meant; empty without a guess.
pub(super) fn did_you_mean(guesses: &[String]) -> String {
    if guesses.is_empty() {
        return String::new();
    }
    format!("; did you mean {}?", listed(guesses, "or"))
}

/// One sentence about what clap found wrong, in the style of the other messages.
pub(super) fn sentence(error: &Error) -> String {
    let argument = shown(error, ContextKind::InvalidArg).join(" and ");
    let value = shown(error, ContextKind::InvalidValue).join(" ");
    let value = value.trim_matches('\'');
    match error.kind() {
        ErrorKind::InvalidValue => {
            let allowed = plain(error, ContextKind::ValidValue);
            let expected = if allowed.is_empty() {
                String::new()
            } else {
                format!(": expected {}", listed(&allowed, "or"))
            };
            if value.is_empty() {
                return format!("{argument} needs a value{expected}");
            }
            let guess = did_you_mean(&plain(error, ContextKind::SuggestedValue));
            format!("'{value}' is not a value for {argument}{expected}{guess}")
        }
        ErrorKind::ValueValidation => {
            let source = std::error::Error::source(error);
            let why = source.map_or(String::new(), |source| format!(": {source}"));
            format!("'{value}' is not a value for {argument}{why}")
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            let guess = did_you_mean(&shown(error, ContextKind::SuggestedArg));
            format!("there is no option {argument}{guess}")
        }
        ErrorKind::UnknownArgument => format!("unexpected argument '{argument}'"),
        ErrorKind::InvalidSubcommand => {
            let word = plain(error, ContextKind::InvalidSubcommand).join(" ");
            let guess = did_you_mean(&plain(error, ContextKind::SuggestedSubcommand));
            format!("there is no command '{word}'{guess}")
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = shown(error, ContextKind::InvalidArg);
            let are = if missing.len() == 1 { "is" } else { "are" };
            format!("{} {are} missing", listed(&missing, "and"))
        }
        ErrorKind::MissingSubcommand => {
            let commands = plain(error, ContextKind::ValidSubcommand);
            format!("name a command: {}", listed(&commands, "or"))
        }
        ErrorKind::ArgumentConflict => {
            let others = shown(error, ContextKind::PriorArg);
            // clap reports a repeated option as in conflict with itself.
            if others.is_empty() || others == [argument.as_str()] {
                return format!("{argument} is given more than once");
            }
            format!("{argument} cannot be used with {}", listed(&others, "and"))
        }
        ErrorKind::TooManyValues => format!("{argument} has too many values"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("{argument} has the wrong number of values")
        }
        ErrorKind::InvalidUtf8 => "an argument is not UTF-8 text".to_owned(),
        // clap may add kinds.
        _ => "the arguments could not be understood".to_owned(),
    }
}

/// The command that the arguments name, as far as they do: its help explains the fault.
pub(super) fn place(mut command: &Command, arguments: &[OsString]) -> String {
    let mut words = vec![command.get_name()];
    for argument in arguments.iter().skip(1) {
        if let Some(next) = command.find_subcommand(argument) {
            command = next;
            words.push(command.get_name());
        } else if !is_option(argument) {
            // A value or a slip: what follows it may have the name of a command by chance.
            break;
        }
    }
    words.join(" ")
}

fn is_option(argument: &OsStr) -> bool {
    argument.as_encoded_bytes().starts_with(b"-")
}

/// A part of clap's error, unchanged.
fn plain(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(all)) => all.clone(),
        _ => Vec::new(),
    }
}

/// Names of arguments without the brackets around their values.
fn shown(error: &Error, kind: ContextKind) -> Vec<String> {
    let bare =
        |text: String| text.strip_suffix("...").unwrap_or(&text).replace(['<', '>', '[', ']'], "");
    plain(error, kind).into_iter().map(bare).collect()
}

/// "a, b or c".
fn listed(all: &[String], last: &str) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}
