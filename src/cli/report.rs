use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use app::{PortfolioError, PortfolioReport, ReportRequest, report};
use basics::counted;
use report::portfolio::{
    Key, PORTFOLIO_FILES, portfolio_json, section_text, sections, summary, write_letters,
    write_portfolio,
};
use report::{ReportError, check_folder};
use service::ReportWork;

use super::policy::parsed;
use super::streams::{input, input_on_disk, output_folder};
use super::wrong::wrong;
use super::{CliError, date, print, progress, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage report data/portfolio
  factorage report data/portfolio --sections ageing,turnover
  factorage report data/portfolio --compare 2026-03-31 --out report --letters letters
  factorage report clients --as-of 2026-06-30 --scenarios scenarios.toml --json")]
pub(super) struct ReportArgs {
    /// Folder of ledgers, one per client, with or without a portfolio.toml; or one ledger with
    /// several clients
    #[arg(value_name = "PORTFOLIO", value_parser = input_on_disk())]
    portfolio: PathBuf,
    /// As-of date: judge everything at the end of this day [default: portfolio.toml's, else the
    /// latest date in any ledger]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    as_of: Option<NaiveDate>,
    /// Policy in TOML for all clients [default: portfolio.toml's, else FACTORAGE_POLICY's, else the
    /// standard policy]
    #[arg(long, value_name = "FILE", value_parser = input())]
    policy: Option<PathBuf>,
    /// Used if neither names a policy: the portfolio's own choice outranks an environment variable
    #[arg(long, hide = true, env = "FACTORAGE_POLICY", value_parser = input())]
    usual_policy: Option<PathBuf>,
    /// Compare the key figures with those of this earlier day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    compare: Option<NaiveDate>,
    /// More scenarios in TOML to run
    #[arg(long, value_name = "FILE", value_parser = input())]
    scenarios: Option<PathBuf>,
    /// Only these sections, shown as tables unless --out or --json is given
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SECTION,...")]
    sections: Vec<SectionArg>,
    /// Write portfolio.json, portfolio.xlsx and portfolio.html to this folder
    #[arg(long, value_name = "DIR", value_parser = output_folder())]
    pub(super) out: Option<PathBuf>,
    /// Write a statement and reminder for every past-due debtor to this folder, with a subfolder
    /// for each client
    #[arg(long, value_name = "DIR", value_parser = output_folder())]
    pub(super) letters: Option<PathBuf>,
    /// Print portfolio.json instead of the summary
    #[arg(long)]
    json: bool,
}

/// A section as an argument.
#[derive(Debug, Clone, Copy)]
struct SectionArg(Key);

impl ValueEnum for SectionArg {
    fn value_variants<'a>() -> &'a [Self] {
        // A loop, because `map` cannot be used in a constant.
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

impl TryFrom<ReportWork> for ReportArgs {
    type Error = CliError;

    fn try_from(work: ReportWork) -> Result<Self, CliError> {
        let section = |word: String| {
            let key = Key::ALL.into_iter().find(|key| key.as_str() == word);
            key.map(SectionArg).ok_or_else(|| format!("{word} is not a section"))
        };
        Ok(Self {
            portfolio: work.portfolio,
            as_of: work.as_of,
            policy: work.policy,
            usual_policy: None,
            compare: None,
            scenarios: None,
            sections: work.sections.into_iter().map(section).collect::<Result<_, _>>()?,
            out: Some(work.out),
            letters: None,
            json: false,
        })
    }
}

/// Reports on a portfolio and shows, prints or writes the result.
///
/// # Errors
/// If an argument is wrong, the portfolio cannot be read, or an output cannot be written. Also if
/// some ledgers could not be read, but only once the report on the others is written.
pub(super) fn run(args: &ReportArgs) -> Result<(), CliError> {
    if let Some(folder) = &args.out {
        check_folder(folder, &PORTFOLIO_FILES)?;
    }
    args.letters.as_ref().map_or(Ok(()), |folder| check_folder(folder, &[]))?;
    let request = ReportRequest {
        portfolio: args.portfolio.clone(),
        as_of: args.as_of,
        scenarios: args.scenarios.clone(),
        compare: args.compare,
        policy: args.policy.as_deref().map(parsed).transpose()?,
        usual_policy: args.usual_policy.as_deref().map(parsed).transpose()?,
    };
    let bar = progress::portfolio();
    let reported = report(&request, &|bytes, total| bar.inc_of(bytes, total));
    bar.finish_and_clear();
    let report = match reported {
        Err(error @ PortfolioError::CompareAfter { .. }) => return wrong(error.to_string()),
        other => other?,
    };
    let keys: Vec<Key> = match args.sections.as_slice() {
        [] => Key::ALL.to_vec(),
        some => some.iter().map(|section| section.0).collect(),
    };
    let spinner = progress::writing();
    let written = written(&report, &keys, args);
    spinner.finish_and_clear();
    let letters = written?;
    if args.json {
        let sections = sections(&report, &keys)?;
        print(|out| Ok(portfolio_json(&report, &sections, out)?))?;
    } else {
        show(&report, letters, args)?;
    }
    match report.failures.as_slice() {
        [] => Ok(()),
        [first, ..] => Err(format!(
            "{} could not be used and {} left out of all figures; the first: {}: {}",
            counted(report.failures.len(), "ledger", "ledgers"),
            if report.failures.len() == 1 { "is" } else { "are" },
            first.client,
            first.reason
        )
        .into()),
    }
}

/// Writes the requested files and counts the letters.
///
/// # Errors
/// If a file cannot be written.
fn written(
    report: &PortfolioReport,
    keys: &[Key],
    args: &ReportArgs,
) -> Result<Option<usize>, ReportError> {
    if let Some(folder) = &args.out {
        write_portfolio(report, keys, folder)?;
    }
    args.letters.as_ref().map(|folder| write_letters(report, folder)).transpose()
}

/// Prints the summary and, unless files are written, the requested sections.
fn show(
    report: &PortfolioReport,
    letters: Option<usize>,
    args: &ReportArgs,
) -> Result<(), CliError> {
    tell(|out| {
        out.write_all(summary(report).as_bytes())?;
        if let Some(folder) = &args.out {
            writeln!(out, "Files written to {}.", folder.display())?;
        }
        if let (Some(count), Some(folder)) = (letters, &args.letters) {
            let letters = counted(count, "letter", "letters");
            writeln!(out, "{letters} written to {}.", folder.display())?;
        }
        Ok(())
    })?;
    if args.out.is_some() {
        return Ok(());
    }
    let mut keys: Vec<Key> = args.sections.iter().map(|section| section.0).collect();
    // Whoever compares or adds a scenario wants to see it, named or not.
    keys.extend(args.compare.map(|_| Key::Overview));
    keys.extend(args.scenarios.as_ref().map(|_| Key::Stress));
    let sections = sections(report, &keys)?;
    print(|out| {
        Ok(sections
            .iter()
            .try_for_each(|section| out.write_all(section_text(section).as_bytes()))?)
    })
}
