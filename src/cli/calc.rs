use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use clap::Args;

use app::calc::{CALCULATORS, Calculator, calculator};
use basics::handwritten::nearest;

use super::streams::{input, is_stdin, text};
use super::wrong::{did_you_mean, wrong};
use super::{CliError, print};

/// The most bytes of input that are read; no calculator needs more.
const MOST_BYTES: u64 = 16 << 20;

/// Sample command lines.
const EXAMPLES: &str = "\
Examples:
  factorage calc --list
  factorage calc apr --help
  factorage calc apr apr.json
  echo '{\"receivables\": \"80000\", \"sales\": \"100000\"}' | factorage calc dso -";

#[derive(Debug, Args)]
// `calc NAME --help` explains the calculator, which clap's own flag knows nothing of.
#[command(disable_help_flag = true, after_help = EXAMPLES)]
pub(super) struct CalcArgs {
    /// Name of the calculator
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// JSON input [default: standard input]
    #[arg(value_name = "FILE", value_parser = input())]
    input: Option<PathBuf>,
    /// List all calculators
    #[arg(long)]
    list: bool,
    /// Print JSON; results always are, the list only with this
    #[arg(long)]
    json: bool,
    /// Show what the calculator computes, its source, its input and an example
    #[arg(short, long)]
    help: bool,
}

/// Computes, lists or explains.
///
/// # Errors
/// If there is no such calculator, or its input is missing or wrong.
pub(super) fn run(args: &CalcArgs) -> Result<(), CliError> {
    let Some(name) = &args.name else {
        return match (args.list, args.help) {
            (false, false) => wrong("name a calculator; `factorage calc --list` lists them"),
            (_, help) => list(help, args.json),
        };
    };
    let Ok(calculator) = calculator(name) else {
        let guess = nearest(name, CALCULATORS.iter().map(|calculator| calculator.name));
        let guess = did_you_mean(guess.map(|guess| format!("'{guess}'")).as_slice());
        return wrong(format!("there is no calculator '{name}'{guess}"));
    };
    if args.help || args.list {
        return explain(calculator);
    }
    let result = calculator.run(&given(args, calculator)?)?;
    print(|out| {
        serde_json::to_writer_pretty(&mut *out, &result)?;
        Ok(writeln!(out)?)
    })
}

fn given(args: &CalcArgs, calculator: &Calculator) -> Result<String, CliError> {
    if let Some(path) = args.input.as_ref().filter(|path| !is_stdin(path)) {
        return text(path);
    }
    let stdin = std::io::stdin();
    // Waiting for input that nobody knows of would look like a hang.
    if args.input.is_none() && stdin.is_terminal() {
        let name = calculator.name;
        let sentence = format!(
            "give the input as a file or on standard input; `factorage calc {name} --help` shows it"
        );
        return wrong(sentence);
    }
    let mut text = String::new();
    stdin.lock().take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn list(help: bool, json: bool) -> Result<(), CliError> {
    if json {
        let all: Vec<_> = CALCULATORS.iter().map(described).collect();
        return print(|out| {
            serde_json::to_writer_pretty(&mut *out, &all)?;
            Ok(writeln!(out)?)
        });
    }
    print(|out| {
        if help {
            writeln!(
                out,
                "Published formulas as calculators: JSON in, JSON out\n\n\
                 Usage: factorage calc NAME [FILE]     input from the file or standard input\n       \
                 factorage calc NAME --help     schema, example and source\n       \
                 factorage calc --list [--json] all calculators\n"
            )?;
        }
        for calculator in CALCULATORS {
            writeln!(out, "{:<26}{}", calculator.name, calculator.summary)?;
        }
        if help {
            writeln!(out, "\n{EXAMPLES}")?;
        }
        Ok(())
    })
}

fn described(calculator: &Calculator) -> serde_json::Value {
    serde_json::json!({
        "name": calculator.name,
        "summary": calculator.summary,
        "source": calculator.source,
        "input": calculator.input_schema(),
        "output": calculator.output_schema(),
    })
}

fn explain(calculator: &Calculator) -> Result<(), CliError> {
    let result = calculator.run(calculator.example)?;
    print(|out| {
        let Calculator { name, summary, source, example, .. } = calculator;
        writeln!(
            out,
            "{name}: {summary}\n\nSource: {source}\n\nExample: factorage calc {name} <<'END'"
        )?;
        writeln!(out, "{example}\nEND\n\nprints")?;
        serde_json::to_writer_pretty(&mut *out, &result)?;
        writeln!(
            out,
            "\n\nInput (JSON schema; money as decimal strings, percentages as quoted in the trade):"
        )?;
        serde_json::to_writer_pretty(&mut *out, &calculator.input_schema())?;
        writeln!(out, "\n\nOutput:")?;
        serde_json::to_writer_pretty(&mut *out, &calculator.output_schema())?;
        Ok(writeln!(out)?)
    })
}
