use std::fmt::{Result, Write};

use basics::counted;
use scoring::validation::{Bin, Metrics};

use app::Backtest;

/// Returns the summary of a backtest for a terminal.
pub fn backtest_summary(backtest: &Backtest) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = summary(backtest, &mut text);
    text
}

fn summary(backtest: &Backtest, text: &mut String) -> Result {
    let rows = counted(backtest.scored.len(), "open invoice", "open invoices");
    writeln!(text, "Backtest: {rows}, outcomes known to {}", backtest.known_until)?;
    for (origin, model) in &backtest.models {
        writeln!(text, "  {origin}  {}", model_words(model))?;
    }
    writeln!(text)?;
    let metrics = backtest.metrics();
    let rows: Vec<_> = metrics.iter().map(|(name, metrics)| (*name, metrics.as_ref())).collect();
    metrics_table(&rows, text)?;
    writeln!(text)?;
    writeln!(text, "Model less each baseline, 95 % interval over debtors (negative is better):")?;
    for (name, both) in backtest.differences() {
        let Some([brier, log_loss]) = both else {
            writeln!(text, "  {name:<16} too few debtors for an interval")?;
            continue;
        };
        writeln!(
            text,
            "  {name:<16} Brier {:+.4} [{:+.4}, {:+.4}]  log-loss {:+.4} [{:+.4}, {:+.4}]",
            brier.value, brier.low, brier.high, log_loss.value, log_loss.low, log_loss.high
        )?;
    }
    writeln!(text)?;
    if let Some((_, Some(model))) = metrics.first() {
        by_horizon(model, text)?;
    }
    writeln!(text, "Collected within 30 days, predicted and observed:")?;
    // The third horizon is that of 30 days.
    calibration_table(&backtest.calibration(2), text)
}

/// The name of a model for a reader.
pub(crate) fn model_words(model: &str) -> &'static str {
    match model {
        "boosted" => "boosted, trained on what was known then",
        "file" => "boosted, from a model file trained earlier",
        // `km`, the only other name that a backtest gives.
        _ => "Kaplan-Meier curves of what was known then",
    }
}

fn by_horizon(model: &Metrics, text: &mut String) -> Result {
    writeln!(text, "The model by horizon:")?;
    writeln!(text, "  days   known    rate   Brier  log-loss     AUC     ECE   slope  intercept")?;
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    for at in &model.horizons {
        writeln!(
            text,
            "  {:>4} {:>7} {:>7.3} {:>7.4} {:>9.4} {:>7} {:>7.4} {:>7} {:>10}",
            at.days,
            at.rows,
            at.rate,
            at.brier,
            at.log_loss,
            shown(at.auc),
            at.ece,
            shown(at.calibration_slope),
            shown(at.calibration_intercept),
        )?;
    }
    writeln!(text)
}

/// Writes the metrics of several forecasts, one per line.
///
/// # Errors
/// Never, because writing to a text cannot fail.
pub fn metrics_table(rows: &[(&str, Option<&Metrics>)], text: &mut String) -> Result {
    writeln!(
        text,
        "  {:<16}  Brier  log-loss     ECE    AUC  days off  in 80 %  width  30-day cash off",
        ""
    )?;
    for (name, metrics) in rows {
        let Some(m) = metrics else { continue };
        let shown =
            |value: Option<f64>, digits| value.map_or("-".to_owned(), |v| format!("{v:.digits$}"));
        writeln!(
            text,
            "  {name:<16} {:.4}    {:.4}  {:.4}  {:>5}  {:>8.2}  {:>7.3}  {:>5.1}  {:>15}",
            m.mean_brier,
            m.mean_log_loss,
            m.mean_ece,
            shown(m.mean_auc, 3),
            m.mean_absolute_days,
            m.coverage,
            m.width,
            shown(m.collections_30_error, 3),
        )?;
    }
    Ok(())
}

/// Writes predicted and observed shares with their intervals.
///
/// # Errors
/// Never, because writing to a text cannot fail.
pub fn calibration_table(bins: &[Bin], text: &mut String) -> Result {
    writeln!(text, "  invoices  predicted  observed  95 % interval")?;
    for bin in bins {
        writeln!(
            text,
            "  {:>8}  {:>9.3}  {:>8.3}  {:.3} to {:.3}",
            bin.count, bin.predicted, bin.observed, bin.low, bin.high
        )?;
    }
    Ok(())
}
