use portfolio::Turnover;

use super::super::super::chart::{Across, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, days, field, share};
use super::{code, month, named};
use app::PortfolioReport;

/// How fast receivables turn into cash.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let turnover = &report.turnover;
    Section {
        key: "turnover",
        title: "Turnover",
        notes: vec![
            "DSO: open invoices / sales of the last 90 days x 90. Count-back: whole months of sales are taken off, \
             newest first. True: sum of age x open / sales of its month, invoice by invoice. Best possible: DSO of \
             what is not past due; average days delinquent is the difference."
                .to_owned(),
            "Collection effectiveness: (opening + sales - closing) / (opening + sales - closing not past due), over \
             the last month. Turnover: sales of 12 months / mean of opening and closing. Days late: of what was \
             collected in the month, weighted by face; negative is early; what was mostly credited is not in it. DSO \
             and turnover are not told where the ledger does not reach back far enough."
                .to_owned(),
        ],
        charts: charts(&turnover.trend),
        tables: vec![
            table("now", "As of now", &turnover.now),
            table("trend", "At the last 13 ends of months", &turnover.trend),
        ],
    }
}

fn table(key: &'static str, title: &str, rows: &[Turnover]) -> Table {
    let fields = vec![
        field("client", "Client", |r: &Turnover| named(&r.client)),
        field("currency", "Currency", |r| code(r.open)),
        field("date", "End of", |r| r.date.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("sales_90", "Sales of 90 days", |r| r.sales_90.into()),
        field("dso", "DSO, days", |r| days(r.dso)),
        field("countback_dso", "Count-back DSO, days", |r| days(r.countback)),
        field("true_dso", "True DSO, days", |r| days(Some(r.true_dso))),
        field("best_possible_dso", "Best possible DSO, days", |r| days(r.best_possible)),
        field("average_days_delinquent", "Average days delinquent", |r| days(r.delinquent)),
        field("collection_effectiveness", "Collection effectiveness", |r| share(r.effectiveness)),
        field("turnover", "Turnover, a year", |r| {
            r.turnover.map_or(Cell::None, |turnover| Cell::Number(turnover, 2))
        }),
        field("days_late", "Days late", |r| days(r.days_late)),
    ];
    Table::of(key, title, rows, fields)
}

fn charts(rows: &[Turnover]) -> Vec<Chart> {
    rows.chunk_by(|a, b| a.currency == b.currency)
        .map(|rows| {
            let line = |name: &str, of: fn(&Turnover) -> Option<f64>| {
                Line::over_labels(name, rows.iter().map(of))
            };
            let labels = rows.iter().map(|row| month(row.date)).collect();
            Chart::Lines(LineChart {
                title: format!("Days sales outstanding, {}", rows[0].currency),
                across: Across::labels("End of month", labels),
                measure: Measure::new("Time", Unit::Days),
                lines: vec![
                    line("DSO", |row| row.dso),
                    line("Count-back", |row| row.countback),
                    line("Best possible", |row| row.best_possible),
                    line("Days late", |row| row.days_late),
                ],
                band: None,
            })
        })
        .collect()
}
