use std::collections::BTreeMap;

use basics::{Currency, Money};
use portfolio::{Aged, AgedThen};
use words::{Fact, Facts, say, say_with};

use super::super::super::ReportError;
use super::super::super::chart::{Across, Chart, ColumnChart, Measure, Unit};
use super::super::sheet::{Cell, Column, Section, Table, column, summed};
use super::{code, month, named};
use app::PortfolioReport;

/// Open balance by days past due and by days since issue.
pub(super) fn section(report: &PortfolioReport) -> Result<Section, ReportError> {
    let ageing = &report.ageing;
    let mut notes = vec![say("portfolio_ageing.note_buckets"), checks(report)];
    let mut tables = vec![
        aged(
            "by_due_date",
            say("portfolio_ageing.table_due_date"),
            &ageing.past_due,
            &ageing.by_due_date,
        ),
        aged(
            "by_invoice_date",
            say("portfolio_ageing.table_invoice_date"),
            &ageing.ages,
            &ageing.by_invoice_date,
        ),
        trend(&ageing.past_due, &ageing.trend),
    ];
    if let Some((note, table)) = converted(report)? {
        notes.push(note);
        // Next to the table whose totals it adds up.
        tables.insert(1, table);
    }
    Ok(Section {
        key: "ageing",
        title: say("portfolio_ageing.title"),
        notes,
        charts: charts(&ageing.past_due, &ageing.trend),
        tables,
    })
}

/// The note on totals of four sections that must agree: they are computed apart, so that a
/// difference shows a fault of the report itself.
fn checks(report: &PortfolioReport) -> String {
    let totals = report.ageing.by_due_date.iter().filter(|row| row.client.is_empty());
    let mut agree = true;
    for total in totals {
        let own = || report.books.iter().filter(|book| book.currency == total.currency);
        let base: i128 = own().map(|book| i128::from(book.certificate.gross.minor())).sum();
        let shares: i128 = report
            .concentration
            .summary
            .iter()
            .filter(|s| s.client.is_empty() && s.currency == total.currency && s.by == "debtor")
            .map(|s| i128::from(s.open.minor()))
            .sum();
        let rolled: i128 =
            own().map(|book| i128::from(book.certificate.roll_forward.closing.minor())).sum();
        let open = i128::from(total.open.minor());
        // Without open invoices there is nothing to be concentrated.
        agree &= [base, rolled].iter().all(|&sum| sum == open) && (shares == open || open == 0);
    }
    let agree = Fact::Variant(if agree { "yes" } else { "no" });
    say_with("portfolio_ageing.note_checked", &Facts::new().with("agree", agree))
}

fn aged(key: &'static str, title: String, names: &[String], rows: &[Aged]) -> Table {
    let mut columns = vec![column("client", "Client"), column("currency", "Currency")];
    columns.extend(bucket_columns(names));
    columns.extend([
        column("open", "Open balance"),
        column("unapplied", "Unapplied credits"),
        column("net", "Net"),
    ]);
    let row = |row: &Aged| {
        let mut cells = vec![named(&row.client), code(row.open)];
        cells.extend(row.buckets.iter().map(|&bucket| Cell::Amount(bucket)));
        cells.extend([row.open, row.unapplied, row.net].map(Cell::Amount));
        cells
    };
    Table { key, title, columns, rows: rows.iter().map(row).collect() }
}

fn bucket_columns(names: &[String]) -> impl Iterator<Item = Column> + '_ {
    names.iter().enumerate().map(|(at, name)| column(&format!("bucket_{at}"), name))
}

fn trend(names: &[String], rows: &[AgedThen]) -> Table {
    let mut columns = vec![column("date", "Month-end"), column("currency", "Currency")];
    columns.extend(bucket_columns(names));
    columns.push(column("open", "Open balance"));
    let row = |row: &AgedThen| {
        let mut cells = vec![Cell::Day(row.date), code(row.open)];
        cells.extend(row.buckets.iter().map(|&bucket| Cell::Amount(bucket)));
        cells.push(Cell::Amount(row.open));
        cells
    };
    Table {
        key: "trend",
        title: say("portfolio_ageing.table_trend"),
        columns,
        rows: rows.iter().map(row).collect(),
    }
}

fn charts(names: &[String], rows: &[AgedThen]) -> Vec<Chart> {
    let mut by_currency: BTreeMap<Currency, Vec<&AgedThen>> = BTreeMap::new();
    rows.iter().for_each(|row| by_currency.entry(row.currency).or_default().push(row));
    let chart = |(currency, rows): (Currency, Vec<&AgedThen>)| {
        let part = |(at, name): (usize, &String)| {
            (name.clone(), rows.iter().map(|row| row.buckets[at].to_f64()).collect())
        };
        let of = Facts::new().with("currency", currency);
        let measure = say("portfolio_ageing.chart_measure");
        Chart::Columns(ColumnChart {
            title: say_with("portfolio_ageing.chart_title", &of),
            across: Across::labels(
                say("portfolio_ageing.chart_across"),
                rows.iter().map(|row| month(row.date)).collect(),
            ),
            measure: Measure::new(measure, Unit::Amount(currency)),
            parts: names.iter().enumerate().map(part).collect(),
        })
    };
    by_currency.into_iter().map(chart).collect()
}

/// The totals of all currencies at the portfolio's rates; `None` without rates.
fn converted(report: &PortfolioReport) -> Result<Option<(String, Table)>, ReportError> {
    let Some(rates) = &report.rates else { return Ok(None) };
    let totals = || report.ageing.by_due_date.iter().filter(|row| row.client.is_empty());
    let sums = |of: fn(&Aged) -> Money| totals().map(|row| (row.currency, of(row))).collect();
    let converted = rates
        .convert(&sums(|row| row.open), &sums(|row| row.net), report.as_of)
        .map_err(|error| ReportError::Text(error.to_string()))?;
    let used: Vec<String> = converted
        .rates
        .iter()
        .map(|rate| {
            let facts = Facts::new()
                .with("from", rate.from)
                .with("rate", rate.rate)
                .with("to", rate.to)
                .with("date", rate.date);
            say_with("portfolio_ageing.rate", &facts)
        })
        .collect();
    let used = Facts::new().with("rates", used.join(", "));
    let note = say_with("portfolio_ageing.note_converted", &used);
    let columns =
        vec![column("currency", "Currency"), summed("open", "Open balance"), summed("net", "Net")];
    let row = vec![
        Cell::Text(converted.currency.code().to_owned()),
        Cell::Amount(converted.open_balance),
        Cell::Amount(converted.net_balance),
    ];
    let title = say("portfolio_ageing.table_converted");
    Ok(Some((note, Table { key: "converted", title, columns, rows: vec![row] })))
}
