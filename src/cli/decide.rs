use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use offer::{Decision, LineKey, OfferFile, Signed, Status};
use report::{ReportError, write_file};

use super::streams::{input, is_stdin, named, text};
use super::{CliError, date, print, rfc3339, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage decide accept offer.json --by 'A. Reed' --at 2026-06-30T09:00:00Z
  factorage decide status offer.json --on 2026-07-10")]
pub(super) struct DecideArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Record that the client accepts the offer
    #[command(after_help = "\
Examples:
  factorage decide accept offer.json --by 'A. Reed' --at 2026-06-30T09:00:00Z")]
    Accept(ChangeArgs),
    /// Record that the client declines the offer
    #[command(after_help = "\
Examples:
  factorage decide decline offer.json --by 'A. Reed' --at 2026-06-30T09:00:00Z --reason 'Price'")]
    Decline(ChangeArgs),
    /// Withdraw the offer
    #[command(after_help = "\
Examples:
  factorage decide withdraw offer.json --by 'R. Low' --at 2026-06-30T09:00:00Z")]
    Withdraw(ChangeArgs),
    /// Override the computed decision on an invoice, with a reason
    #[command(after_help = "\
Examples:
  factorage decide override offer.json --invoice INV-1 --debtor D1 --decision exclude \\
      --by 'R. Low' --at 2026-06-30T09:00:00Z --reason 'Paid yesterday'")]
    Override(OverrideArgs),
    /// Approve a colleague's override above the policy's limit
    #[command(after_help = "\
Examples:
  factorage decide approve offer.json --invoice INV-1 --debtor D1 \\
      --by 'M. Ho' --at 2026-06-30T10:00:00Z")]
    Approve(ApproveArgs),
    /// Show the status and history of an offer
    #[command(after_help = "\
Examples:
  factorage decide status offer.json --on 2026-07-10")]
    Status(StatusArgs),
}

#[derive(Debug, Args)]
struct ChangeArgs {
    /// The offer.json, of which only the envelope changes; with -, standard input is read and the
    /// changed document printed
    #[arg(value_parser = input())]
    offer: PathBuf,
    #[command(flatten)]
    signed: SignedArgs,
    /// Reason
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Debug, Args)]
struct SignedArgs {
    /// Name of the person deciding
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Time of the decision, such as 2026-06-30T09:00:00Z; the clock is not read
    #[arg(long, value_name = "TIME", value_parser = rfc3339)]
    at: String,
}

#[derive(Debug, Args)]
struct OverrideArgs {
    /// The offer.json, of which only the envelope changes; with -, standard input is read and the
    /// changed document printed
    #[arg(value_parser = input())]
    offer: PathBuf,
    /// Invoice number
    #[arg(long, value_name = "NUMBER")]
    invoice: String,
    /// Debtor id
    #[arg(long, value_name = "ID")]
    debtor: String,
    /// Client, if the offer has several
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Decision
    #[arg(long, value_enum)]
    decision: Choice,
    #[command(flatten)]
    signed: SignedArgs,
    /// Reason
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Args)]
struct ApproveArgs {
    /// The offer.json, of which only the envelope changes; with -, standard input is read and the
    /// changed document printed
    #[arg(value_parser = input())]
    offer: PathBuf,
    /// Invoice number
    #[arg(long, value_name = "NUMBER")]
    invoice: String,
    /// Debtor id
    #[arg(long, value_name = "ID")]
    debtor: String,
    #[command(flatten)]
    signed: SignedArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Choice {
    Buy,
    Exclude,
}

#[derive(Debug, Args)]
struct StatusArgs {
    /// The offer.json
    #[arg(value_parser = input())]
    offer: PathBuf,
    /// Day to judge the status on: an open offer expires after its last day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    on: NaiveDate,
}

/// Changes the envelope of an offer document, or shows it.
///
/// # Errors
/// If the offer cannot be read, the change is not possible in its status, or it cannot be written.
pub(super) fn run(args: &DecideArgs) -> Result<(), CliError> {
    match &args.action {
        Action::Accept(change) => changed(change, Status::Accepted),
        Action::Decline(change) => changed(change, Status::Declined),
        Action::Withdraw(change) => changed(change, Status::Withdrawn),
        Action::Override(decided) => overridden(decided),
        Action::Approve(approved) => approve(approved),
        Action::Status(status) => shown(status),
    }
}

fn changed(args: &ChangeArgs, status: Status) -> Result<(), CliError> {
    rewrite(&args.offer, |file| Ok(file.change(status, args.signed.with(args.reason.clone()))?))?;
    // Standard output holds the changed document then.
    if is_stdin(&args.offer) {
        return Ok(());
    }
    tell(|out| Ok(writeln!(out, "{}: {}.", args.offer.display(), status.as_str())?))
}

fn overridden(args: &OverrideArgs) -> Result<(), CliError> {
    let key = LineKey {
        client: args.client.clone(),
        debtor: args.debtor.clone(),
        invoice: args.invoice.clone(),
    };
    let decision = match args.decision {
        Choice::Buy => Decision::Buy,
        Choice::Exclude => Decision::Exclude,
    };
    let signed = args.signed.with(Some(args.reason.clone()));
    let mut waits = false;
    rewrite(&args.offer, |file| {
        file.decide(key, decision, signed)?;
        waits = file.envelope.overrides.last().is_some_and(|decided| decided.needs_approval);
        Ok(())
    })?;
    if is_stdin(&args.offer) {
        return Ok(());
    }
    tell(|out| {
        let (offer, invoice, by) = (args.offer.display(), &args.invoice, &args.signed.by);
        let done = match args.decision {
            Choice::Buy => "buy",
            Choice::Exclude => "exclude",
        };
        let end = if waits {
            "; it is above the policy's override_limit and needs approval by somebody else \
             (factorage decide approve)"
        } else {
            ""
        };
        Ok(writeln!(
            out,
            "{offer}: the decision on {invoice} is now {done}, overridden by {by}{end}."
        )?)
    })
}

fn approve(args: &ApproveArgs) -> Result<(), CliError> {
    let (debtor, invoice) = (args.debtor.clone(), args.invoice.clone());
    // Overrides name their client: of those that wait, the last one on this line is meant.
    let key = LineKey { client: None, debtor, invoice };
    rewrite(&args.offer, |file| Ok(file.approve(&key, args.signed.with(None))?))?;
    if is_stdin(&args.offer) {
        return Ok(());
    }
    tell(|out| {
        let (offer, invoice, by) = (args.offer.display(), &args.invoice, &args.signed.by);
        Ok(writeln!(out, "{offer}: {by} approved the override on {invoice}.")?)
    })
}

fn shown(args: &StatusArgs) -> Result<(), CliError> {
    let text = text(&args.offer)?;
    let file = OfferFile::read(&text).map_err(|error| named(&args.offer, &error))?;
    let status = file.envelope.status_on(args.on, file.valid_until()?);
    print(|out| {
        writeln!(out, "{}", status.as_str())?;
        for change in &file.envelope.history {
            let Signed { by, at, reason, .. } = &change.signed;
            let reason = reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
            writeln!(out, "{at} {} by {by}{reason}", change.status.as_str())?;
        }
        for decided in &file.envelope.overrides {
            let Signed { by, at, reason, .. } = &decided.signed;
            let (computed, decision) = (decided.computed.as_str(), decided.decision.as_str());
            let reason = reason.as_deref().unwrap_or_default();
            let (debtor, invoice) = (&decided.debtor_id, &decided.invoice_number);
            writeln!(
                out,
                "{at} invoice {invoice} of debtor {debtor}: {computed} overridden to {decision} by \
                 {by}: {reason}"
            )?;
            match &decided.approval {
                Some(Signed { by, at, .. }) => writeln!(out, "{at} approved by {by}")?,
                None if decided.needs_approval => writeln!(out, "awaiting approval")?,
                None => {}
            }
        }
        Ok(())
    })
}

impl SignedArgs {
    fn with(&self, reason: Option<String>) -> Signed {
        // No key: on the command line nobody has been identified.
        Signed { by: self.by.clone(), at: self.at.clone(), reason, key: None }
    }
}

/// Changes the offer in place, or prints the changed one if it came from standard input.
///
/// # Errors
/// If the offer cannot be read or written, or `change` fails.
fn rewrite(
    path: &Path,
    change: impl FnOnce(&mut OfferFile<'_>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let text = text(path)?;
    let mut file = OfferFile::read(&text).map_err(|error| named(path, &error))?;
    change(&mut file).map_err(|error| named(path, &error))?;
    let changed = file.to_text()?;
    if is_stdin(path) {
        return print(|out| Ok(out.write_all(changed.as_bytes())?));
    }
    write_file(path, |out| -> Result<(), ReportError> { Ok(out.write_all(changed.as_bytes())?) })?;
    Ok(())
}
