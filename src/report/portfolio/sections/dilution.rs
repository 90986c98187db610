use portfolio::{ClientDilution, DebtorDilutionRow, MonthDilution};
use words::{Facts, say, say_with};

use super::super::super::chart::{Across, Chart, Line, LineChart, Measure, Unit};
use super::super::sheet::{Cell, Section, Table, days, field, share, total};
use super::{code, month};
use app::PortfolioReport;

/// Credits over sales, by client, month and debtor.
pub(super) fn section(report: &PortfolioReport) -> Section {
    Section {
        key: "dilution",
        title: say("portfolio_dilution.title"),
        notes: vec![say("portfolio_dilution.note_rate"), say("portfolio_dilution.note_lag")],
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
        total("on_the_way", "In the pipeline", |r| r.on_the_way.map_or(Cell::None, Cell::Amount)),
        field("volatility", "Volatility", |r| share(r.volatility)),
        field("spike", "Highest month", |r| share(r.spike)),
        field("trend", "Last 3 months less the 9 before", |r| share(r.trend)),
    ];
    let title = say("portfolio_dilution.table_clients");
    Table::of("clients", title, &report.dilution.clients, fields)
}

fn months(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("date", "Month-end", |r: &MonthDilution| r.date.into()),
        field("currency", "Currency", |r| code(r.credits)),
        field("credits", "Credits", |r| r.credits.into()),
        field("sales_before", "Sales of the month before", |r| r.sales_before.into()),
        field("ratio", "Ratio", |r| share(r.ratio)),
    ];
    let title = say("portfolio_dilution.table_months");
    Table::of("months", title, &report.dilution.months, fields)
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
    let title = say("portfolio_dilution.table_debtors");
    Table::of("debtors", title, &report.dilution.debtors, fields)
}

fn charts(rows: &[MonthDilution]) -> Vec<Chart> {
    rows.chunk_by(|a, b| a.currency == b.currency)
        .map(|rows| {
            let labels = rows.iter().map(|row| month(row.date)).collect();
            let ratios = rows.iter().map(|row| row.ratio.map(|ratio| 100.0 * ratio));
            let currency = Facts::new().with("currency", rows[0].currency);
            let measure = say("portfolio_dilution.chart_measure");
            Chart::Lines(LineChart {
                title: say_with("portfolio_dilution.chart_title", &currency),
                across: Across::labels(say("portfolio_dilution.chart_across"), labels),
                measure: Measure::new(measure, Unit::Percent),
                lines: vec![Line::over_labels(say("portfolio_dilution.chart_ratio"), ratios)],
                band: None,
            })
        })
        .collect()
}
