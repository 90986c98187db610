use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use crate::app::{ReportRequest, report};
use crate::report::portfolio::{Key, portfolio_json, sections, write_letters, write_portfolio};

use super::policy::parsed;
use super::{CliError, date, print};

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// A folder of ledgers, one per client, with or without portfolio.toml; or one ledger of
    /// several clients
    #[arg(value_name = "PORTFOLIO")]
    portfolio: PathBuf,
    /// Judge everything at the end of this day [default: portfolio.toml's, else the latest date of
    /// any ledger]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    as_of: Option<NaiveDate>,
    /// Policy in TOML for all clients [default: portfolio.toml's, else the standard policy]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Put the key figures of that day beside
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    compare: Option<NaiveDate>,
    /// Scenarios in TOML to run beside the usual ones
    #[arg(long, value_name = "FILE")]
    scenarios: Option<PathBuf>,
    /// Only these sections
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SECTION,...")]
    sections: Vec<SectionArg>,
    /// Write portfolio.json, portfolio.xlsx and portfolio.html there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write a statement and reminder for every debtor with something past due there, a folder for
    /// each client
    #[arg(long, value_name = "DIR")]
    letters: Option<PathBuf>,
    /// Print portfolio.json instead of the summary
    #[arg(long)]
    json: bool,
}

/// A section as an argument.
#[derive(Debug, Clone, Copy)]
struct SectionArg(Key);

impl ValueEnum for SectionArg {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [SectionArg; Key::ALL.len()] = {
            let mut all = [SectionArg(Key::ALL[0]); Key::ALL.len()];
            let mut at = 0;
            while at < Key::ALL.len() {
                all[at] = SectionArg(Key::ALL[at]);
                at += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.as_str()))
    }
}

/// Reports on a portfolio and shows, prints or writes the result; a ledger that could not be read
/// is a failure after everything else was written.
pub(super) fn run(args: &ReportArgs) -> Result<(), CliError> {
    let request = ReportRequest {
        portfolio: args.portfolio.clone(),
        as_of: args.as_of,
        scenarios: args.scenarios.clone(),
        compare: args.compare,
        policy: args.policy.as_deref().map(parsed).transpose()?,
    };
    let report = report(&request)?;
    let keys: Vec<Key> = match args.sections.as_slice() {
        [] => Key::ALL.to_vec(),
        some => some.iter().map(|section| section.0).collect(),
    };
    if let Some(folder) = &args.out {
        write_portfolio(&report, &keys, folder)?;
    }
    let letters = args.letters.as_ref().map(|folder| write_letters(&report, folder)).transpose()?;
    if args.json {
        let sections = sections(&report, &keys)?;
        print(|out| Ok(portfolio_json(&report, &sections, out)?))?;
    } else {
        let summary = crate::report::portfolio::summary(&report);
        print(|out| {
            out.write_all(summary.as_bytes())?;
            if let Some(folder) = &args.out {
                writeln!(out, "Files written to {}.", folder.display())?;
            }
            if let (Some(count), Some(folder)) = (letters, &args.letters) {
                writeln!(out, "{count} letters written to {}.", folder.display())?;
            }
            Ok(())
        })?;
    }
    match report.failures.as_slice() {
        [] => Ok(()),
        [first, ..] => Err(format!(
            "{} of the ledgers could not be used and are in no figure; the first one: {}: {}",
            report.failures.len(),
            first.client,
            first.reason
        )
        .into()),
    }
}
