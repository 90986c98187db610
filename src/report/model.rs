//! A trained model as a file and as terminal text.

use std::fmt::Write as _;
use std::io::Write;

use serde::Serialize as _;
use serde_json::Serializer;

use basics::{Outline, counted, from_day_number, grouped};
use scoring::ModelFile;

use super::ReportError;
use super::backtest::{calibration_table, metrics_table};

/// The depth of nesting below which there are no line breaks.
const DEPTH: usize = 3;

/// The most features shown in the summary.
const MOST_FEATURES: usize = 15;

/// Writes a model file.
///
/// # Errors
/// If `out` cannot be written to.
pub fn model_json(model: &ModelFile, mut out: impl Write) -> Result<(), ReportError> {
    model.serialize(&mut Serializer::with_formatter(&mut out, Outline::new(0, DEPTH)))?;
    Ok(out.write_all(b"\n")?)
}

/// Returns the summary of a model for a terminal: its training data, its fit and its features.
pub fn model_summary(file: &ModelFile) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = summary(file, &mut text);
    text
}

fn summary(file: &ModelFile, text: &mut String) -> std::fmt::Result {
    let training = file.model.training();
    let count = |number: usize| grouped(&number.to_string());
    writeln!(text, "Scoring model, {}, engine {}", file.format, file.engine_version)?;
    writeln!(text)?;
    for paragraph in &file.card {
        writeln!(text, "{paragraph}")?;
    }
    writeln!(text)?;
    writeln!(text, "As of             {}", from_day_number(training.as_of))?;
    if let Some((first, last)) = training.landmarks {
        let (first, last) = (from_day_number(first), from_day_number(last));
        writeln!(text, "Landmarks         {first} to {last}")?;
    }
    writeln!(text, "Clients           {}", count(training.clients))?;
    writeln!(
        text,
        "Invoices          {}, of which {} paid in cash",
        count(training.invoices),
        count(training.paid_invoices)
    )?;
    writeln!(
        text,
        "Training rows     {} of invoices, {} of days",
        count(training.landmark_rows),
        count(training.day_rows)
    )?;
    for hash in &file.ledger_sha256 {
        writeln!(text, "Ledger SHA-256    {hash}")?;
    }
    writeln!(text)?;
    match &file.check {
        None => writeln!(text, "Not tested: the ledger is too short to hold back two months.")?,
        Some(check) => {
            let rows = counted(check.model.rows, "invoice", "invoices");
            writeln!(text, "Tested on the {rows} open on {}:", check.origin)?;
            let both = [("this method", Some(&check.model)), ("km", Some(&check.kaplan_meier))];
            metrics_table(&both, text)?;
            writeln!(text)?;
            writeln!(text, "Collected within 30 days, predicted and observed:")?;
            calibration_table(&check.calibration_30, text)?;
        }
    }
    writeln!(text)?;
    writeln!(text, "Most used features:")?;
    for (name, splits, meaning) in file.model.importance().into_iter().take(MOST_FEATURES) {
        writeln!(text, "  {name:<20} {splits:>5} splits  {meaning}")?;
    }
    Ok(())
}
