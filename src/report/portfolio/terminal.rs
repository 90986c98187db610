use std::fmt::Write;

use basics::counted;

use app::PortfolioReport;

/// Returns the summary for a terminal: what is open by currency, overadvances, notes and failures.
pub fn summary(report: &PortfolioReport) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _ = written(report, &mut out);
    out
}

fn written(report: &PortfolioReport, out: &mut String) -> std::fmt::Result {
    let mut clients: Vec<&str> = report.books.iter().map(|book| book.client.as_str()).collect();
    clients.dedup();
    let clients = counted(clients.len(), "client", "clients");
    writeln!(out, "Portfolio as of {}: {clients}", report.as_of)?;
    for row in report.ageing.by_due_date.iter().filter(|row| row.client.is_empty()) {
        // The first bucket is what is not past due.
        let past_due: i128 = row.buckets[1..].iter().map(|b| i128::from(b.minor())).sum();
        let share = 100.0 * past_due as f64 / (row.open.minor() as f64).max(1.0);
        let invoices = report.books.iter().filter(|book| book.currency == row.currency);
        let invoices: usize = invoices.map(|book| book.invoices.len()).sum();
        writeln!(
            out,
            "  {}: {} open in {}, {share:.1} % of it past due",
            row.currency,
            row.open.grouped(),
            counted(invoices, "invoice", "invoices")
        )?;
    }
    for row in report.turnover.now.iter().filter(|row| row.client.is_empty()) {
        let Some(dso) = row.dso else { continue };
        writeln!(out, "  {}: DSO {dso:.1} days", row.currency)?;
    }
    let over = report.books.iter().filter(|book| book.certificate.base.excess.minor() < 0);
    for book in over {
        let over = book.certificate.base.excess;
        let over = over.grouped();
        writeln!(out, "  Overadvanced: {} by {}", book.client, over.trim_start_matches('-'))?;
    }
    for warning in &report.warnings {
        writeln!(out, "  Note: {warning}")?;
    }
    for failure in &report.failures {
        writeln!(out, "  Not read: {}: {}", failure.client, failure.reason)?;
    }
    Ok(())
}
