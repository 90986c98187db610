use std::fmt::Write as _;

use basics::counted;
use ledger::AsOfReason;

use super::super::terminal::{SHOWN, certificate_text, differing, more, notes, printable};
use app::Ingested;

/// Returns the summary of what was read, for a terminal.
pub fn intake_summary(ingested: &Ingested) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(ingested, &mut out);
    printable(&out)
}

fn write(ingested: &Ingested, out: &mut String) -> std::fmt::Result {
    let ledger = &ingested.ledger;
    for file in &ledger.certificate.files {
        let rows = counted(file.rows, "row", "rows");
        let title = Some(&file.layout_title).filter(|title| !title.is_empty());
        let title = title.map_or(String::new(), |title| format!(" ({title})"));
        writeln!(out, "{}: layout {}{title}, {rows}", file.name, file.layout)?;
        let taken = file.recognised_columns.iter().take(16);
        let taken: Vec<&str> = taken.map(String::as_str).collect();
        writeln!(out, "  columns: {}", taken.join(", "))?;
    }
    let reason = match ingested.as_of.reason {
        AsOfReason::Given => "given",
        AsOfReason::Stated => "stated by the report",
        AsOfReason::LatestInLedger => "the latest invoice or settlement date in the ledger",
        AsOfReason::LatestAssumed => "the latest due date less the assumed terms",
    };
    if let Some(date) = ingested.as_of_date() {
        writeln!(out, "As of {date}: {reason}.")?;
    }
    certificate_text(&ledger.certificate, out)?;
    for (currency, open) in &ingested.standing.open_balance {
        let net = ingested.standing.net_balance.get(currency);
        let net = net.map_or(String::new(), |net| net.grouped());
        writeln!(
            out,
            "  {currency}: {} open, {net} after unapplied credits and cash",
            open.grouped()
        )?;
    }
    if let Some(sums) = &ingested.converted {
        let rates: Vec<String> = sums
            .rates
            .iter()
            .map(|rate| format!("{} {} of {}", rate.from, rate.rate, rate.date))
            .collect();
        writeln!(
            out,
            "  In {}: {} open, {} after unapplied credits and cash (rates: {})",
            sums.currency,
            sums.open_balance.grouped(),
            sums.net_balance.grouped(),
            rates.join(", ")
        )?;
    }
    checks(ingested, out)?;
    let certificate = &ledger.certificate;
    notes("How it was read", &certificate.readings.iter().collect::<Vec<_>>(), certificate, out)?;
    notes("Warnings", &ingested.warnings.iter().collect::<Vec<_>>(), certificate, out)?;
    rejects(ingested, out)
}

fn checks(ingested: &Ingested, out: &mut String) -> std::fmt::Result {
    let checks = &ingested.ledger.certificate.checks;
    let failing = checks.iter().filter(|check| !check.difference.is_zero()).count();
    match (checks.len(), failing) {
        (0, _) => writeln!(out, "The files state no totals to check against."),
        (1, 0) => writeln!(out, "The one total stated in the files agrees with its rows."),
        (all, 0) => writeln!(out, "All {all} totals stated in the files agree with the rows."),
        (all, some) => writeln!(out, "{}", differing(all, some)),
    }
}

fn rejects(ingested: &Ingested, out: &mut String) -> std::fmt::Result {
    let rejects = &ingested.ledger.rejects;
    if rejects.is_empty() {
        return Ok(());
    }
    writeln!(out, "Rejected rows:")?;
    for reject in rejects.iter().take(SHOWN) {
        let column = Some(&reject.column).filter(|column| !column.is_empty());
        let column = column.map_or(String::new(), |column| format!(", {column}"));
        writeln!(
            out,
            "  {}, line {}{column}: {} ('{}'), {}",
            reject.file,
            reject.line,
            reject.message,
            reject.value,
            reject.code.as_str()
        )?;
    }
    more(rejects.len(), out)
}
