use portfolio::{ConcentrationOf, DebtorShareAcross, LimitUse};

use super::super::super::chart::{BarChart, Chart, Measure, Unit};
use super::super::super::html::percent;
use super::super::sheet::{Cell, Section, Table, field};
use super::{bar, code, named};
use app::PortfolioReport;

/// Bars of the chart.
const BARS: usize = 15;

/// Who owes the portfolio.
pub(super) fn section(report: &PortfolioReport) -> Section {
    let shares = &report.concentration;
    let fields = vec![
        field("client", "Client", |r: &ConcentrationOf| named(&r.client)),
        field("currency", "Currency", |r| r.currency.code().into()),
        field("by", "By", |r| r.by.into()),
        field("number", "Number", |r| r.number.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("top_10_share", "Largest ten", |r| Cell::Share(r.top_10)),
        field("hhi", "Herfindahl index", |r| Cell::Number(r.hhi, 4)),
        field("effective_number", "Effective number", |r| Cell::Number(r.effective_number, 1)),
    ];
    let summary = Table::of("summary", "How concentrated", &shares.summary, fields);
    Section {
        key: "concentration",
        title: "Concentration",
        notes: vec![
            format!("{} Shares are of what is open in a currency.", report.match_rule),
            "Herfindahl index: sum of squared shares; its inverse is the number of equal debtors that would be as \
             concentrated."
                .to_owned(),
        ],
        charts: charts(&shares.debtors),
        tables: vec![
            summary,
            largest("debtors", "Largest debtors across clients", &shares.debtors),
            largest("groups", "Largest groups across clients", &shares.groups),
            limits(report),
        ],
    }
}

fn largest(key: &'static str, title: &str, rows: &[DebtorShareAcross]) -> Table {
    let fields = vec![
        field("name", "Name", |r: &DebtorShareAcross| Cell::from(&r.name)),
        field("identity", "Identity", |r| Cell::from(&r.identity)),
        field("currency", "Currency", |r| code(r.open)),
        field("clients", "Clients", |r| r.clients.into()),
        field("invoices", "Invoices", |r| r.invoices.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("share", "Share", |r| Cell::Share(r.share)),
        field("eligible", "Eligible", |r| r.eligible.into()),
    ];
    Table::of(key, title, rows, fields)
}

fn limits(report: &PortfolioReport) -> Table {
    let fields = vec![
        field("client", "Client", |r: &LimitUse| Cell::from(&r.client)),
        field("debtor_id", "Debtor", |r| Cell::from(&r.debtor)),
        field("debtor_name", "Name", |r| Cell::from(&r.name)),
        field("currency", "Currency", |r| code(r.limit)),
        field("limit", "Limit", |r| r.limit.into()),
        field("open", "Open balance", |r| r.open.into()),
        field("used", "Used", |r| Cell::Share(r.used)),
        field("excess", "Above it", |r| r.excess.into()),
    ];
    let title = "Use of debtor limits, the most used first";
    Table::of("limits", title, &report.concentration.limits, fields)
}

fn charts(rows: &[DebtorShareAcross]) -> Vec<Chart> {
    rows.chunk_by(|a, b| a.currency == b.currency)
        .filter(|rows| rows.len() > 1)
        .map(|rows| {
            let first = &rows[..rows.len().min(BARS)];
            let currency = rows[0].currency;
            let bars = first.iter().map(|row| {
                let share = 100.0 * row.share;
                bar(&row.name, share, percent(share, 1))
            });
            Chart::Bars(BarChart {
                title: format!("Largest debtors, share of what is open in {currency}"),
                measure: Measure::new("Share of the open balance", Unit::Percent),
                bars: bars.collect(),
            })
        })
        .collect()
}
