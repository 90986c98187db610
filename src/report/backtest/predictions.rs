use std::io::Write;

use basics::from_day_number;

use crate::ReportError;
use app::{Backtest, PredictedInvoice};

const HEADER: [&str; 10] = [
    "origin",
    "invoice_number",
    "p_within_7",
    "p_within_14",
    "p_within_30",
    "p_within_60",
    "p_within_90",
    "days_p10",
    "days_p50",
    "days_p90",
];

/// Writes one row per invoice and origin: probabilities of collection within 7, 14, 30, 60 and 90
/// days with six decimals, and the whole days from the origin by which 10, 50 and 90 % are reached.
///
/// # Errors
/// If `out` cannot be written to.
pub fn predictions_csv(backtest: &Backtest, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEADER)?;
    for PredictedInvoice { invoice_number, case, model, .. } in &backtest.scored {
        let mut record = vec![from_day_number(case.origin).to_string(), invoice_number.clone()];
        record.extend(model.within.map(|probability| format!("{probability:.6}")));
        record.extend(model.days.map(|day| day.to_string()));
        csv.write_record(&record)?;
    }
    csv.flush()?;
    Ok(())
}
