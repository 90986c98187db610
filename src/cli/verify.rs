use std::path::PathBuf;

use clap::Args;

use app::{EvaluateRequest, verify};
use basics::handwritten::from_program;
use policy::Policy;

use super::evaluate::completed;
use super::guidance::GuidanceArgs;
use super::model_arg::ModelArg;
use super::policy::parsed;
use super::streams::{input, name, named, offer_text};
use super::{CliError, progress, tell};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage verify offer/offer.json data/sample_ledger.csv
  factorage verify - ledger.csv --model model.json < offer.json
  factorage verify offer.json ledger.csv --facility facility.toml --confirmations answers.csv")]
pub(super) struct VerifyArgs {
    /// The offer.json
    #[arg(value_name = "OFFER", value_parser = input())]
    offer: PathBuf,
    /// The ledger that it was made from; give the same options as then
    #[arg(required = true, value_name = "LEDGER", value_parser = input())]
    ledgers: Vec<PathBuf>,
    /// The model file, if one was used
    #[arg(long, value_name = "FILE", default_value = "auto", hide_default_value = true)]
    model: ModelArg,
    /// A ledger that the offer was compared with; give it once for each
    #[arg(long, value_name = "LEDGER", value_parser = input())]
    previous: Vec<PathBuf>,
    /// The facility file, if one was used
    #[arg(long, value_name = "FILE", value_parser = input())]
    facility: Option<PathBuf>,
    /// The file of confirmations, if one was used
    #[arg(long, value_name = "FILE", value_parser = input())]
    confirmations: Option<PathBuf>,
    /// The offer that this one completes, if it does
    #[arg(long, value_name = "OFFER", value_parser = input())]
    completes: Option<PathBuf>,
    /// The selection seed, if one was used and the document does not name it
    #[arg(long, value_name = "N")]
    selection_seed: Option<u64>,
    #[command(flatten)]
    guidance: GuidanceArgs,
}

/// Recomputes an offer.
///
/// # Errors
/// If an input cannot be read, or the recomputed offer differs; the error names the first
/// difference.
pub(super) fn run(args: &VerifyArgs) -> Result<(), CliError> {
    args.guidance.check()?;
    let named = |error: &dyn std::fmt::Display| named(&args.offer, error);
    let document = from_program(&offer_text(&args.offer)?)
        .map_err(|error| named(&format!("not an offer: {error}")))?;
    let request = EvaluateRequest {
        previous: args.previous.iter().map(Into::into).collect(),
        confirmations: args.confirmations.as_ref().map(Into::into),
        completes: args.completes.as_deref().map(completed).transpose()?,
        selection_seed: args.selection_seed,
        facility: args.facility.as_deref().map(parsed).transpose()?,
        guidance: args.guidance.guidance(),
        model: args.model.choice()?,
        // Replaced by the policy in the document, as are its date and advance.
        ..EvaluateRequest::new(&args.ledgers, Policy::standard()?)
    };
    let bar = progress::reading(&args.ledgers);
    let verified = verify(&document, request, &|bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let verified = verified.map_err(|error| named(&error))?;
    // Told in both cases: a changed file explains a difference, and may also make none.
    let other = match verified.other_files.as_slice() {
        [] => String::new(),
        files => format!(" These files have changed since: {}.", files.join(", ")),
    };
    if let Some(difference) = verified.difference {
        let engines = verified.engines.map_or(String::new(), |(made_by, own)| {
            format!(
                " The offer was made by {made_by}; this is {own}, which may compute it differently."
            )
        });
        let not_then = match verified.not_then.as_slice() {
            [] => String::new(),
            names => format!(" Given now, but not named in the offer: {}.", names.join(", ")),
        };
        let sentence = format!(
            "{} is {} in the offer but {} when recomputed.{engines}{not_then}{other}",
            difference.path, difference.document, difference.recomputed
        );
        return Err(named(&sentence));
    }
    tell(|out| {
        let name = name(&args.offer);
        Ok(writeln!(out, "{name}: verified, offer {}.{other}", verified.offer_id)?)
    })
}
