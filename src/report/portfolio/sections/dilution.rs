use portfolio::{ClientDilution, DebtorDilutionRow, MonthDilution};

use super::super::super::chart::{Across, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, days, field, share, total};
use super::{code, month};
use app::PortfolioReport;

/// Credits.
pub(super) fn section(report: &PortfolioReport) -> Section {
    Section {
        key: "dilution",
        title: "Dilution",
        notes: vec![
            "Non-cash credits over sales of the last 12 months, up to a basis point; write-offs are credit loss and \
             stand beside. Monthly ratios hold credits of a month against the sales of the month before."
                .to_owned(),
            "Credit lag: days from issue to first credit, weighted by amount. On the way: credits of a day x lag, at \
             most 90 days."
                .to_owned(),
        ],
        charts: charts(&report.dilution.months),
        tables: vec![clients(report), months(report), debtors(report)],
    }
}

fn clients(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("client", "Client", |r: &ClientDilution| Cell::from(&r.client)),
        field("currency", "Currency", |r| code(r.sales)),
        total("sales", "Sales", |r| r.sales.into()),
        total("credits", "Credits", |r| r.credits.into()),
        field("rate", "Rate", |r| r.rate.into()),
        total("on_invoices", "On invoices", |r| r.on_invoices.into()),
        total("on_disputes", "On disputed invoices", |r| r.on_disputes.into()),
        total("unapplied", "Unapplied", |r| r.unapplied.into()),
        total("write_offs", "Write-offs", |r| r.write_offs.into()),
        field("lag_days", "Lag, days", |r| days(r.lag_days)),
        total("on_the_way", "On the way", |r| r.on_the_way.map_or(Cell::None, Cell::Amount)),
        field("volatility", "Volatility", |r| share(r.volatility)),
        field("spike", "Highest month", |r| share(r.spike)),
        field("trend", "Last 3 months less 9 before", |r| share(r.trend)),
    ];
    let title = "Dilution of each client, last 12 months";
    Table::of("clients", title, &report.dilution.clients, fields)
}

fn months(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("date", "End of", |r: &MonthDilution| r.date.into()),
        field("currency", "Currency", |r| code(r.credits)),
        field("credits", "Credits", |r| r.credits.into()),
        field("sales_before", "Sales of the month before", |r| r.sales_before.into()),
        field("ratio", "Ratio", |r| share(r.ratio)),
    ];
    Table::of("months", "Dilution by month", &report.dilution.months, fields)
}

fn debtors(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("client", "Client", |r: &DebtorDilutionRow| Cell::from(&r.client)),
        field("debtor_name", "Debtor", |r| Cell::from(&r.debtor)),
        field("currency", "Currency", |r| code(r.sales)),
        field("sales", "Sales", |r| r.sales.into()),
        field("credits", "Credits", |r| r.credits.into()),
        field("rate", "Rate", |r| Cell::Share(r.rate)),
    ];
    let title = "Debtors with most credits, on invoices of the last 12 months";
    Table::of("debtors", title, &report.dilution.debtors, fields)
}

fn charts(rows: &[MonthDilution]) -> Vec<Chart> {
    rows.chunk_by(|a, b| a.currency == b.currency)
        .map(|rows| {
            let labels = rows.iter().map(|row| month(row.date)).collect();
            let ratios = rows.iter().map(|row| row.ratio.map(|ratio| 100.0 * ratio));
            Chart::Lines(LineChart {
                title: format!("Dilution ratio by month, {}", rows[0].currency),
                across: Across::labels("End of month", labels),
                measure: Measure::new("Credits over sales of the month before", Unit::Percent),
                lines: vec![Line::over_labels("Ratio", ratios)],
                band: None,
            })
        })
        .collect()
}
